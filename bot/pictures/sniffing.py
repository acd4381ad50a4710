"""What a file is, by its first bytes; its name and its declared type are not asked."""

from __future__ import annotations

from typing import Literal

from bot.domain.errors import NotAPhotograph

Format = Literal["JPEG", "PNG", "WEBP", "GIF"]

NO_PHOTOGRAPH = "is not a photograph"
_WEB_PAGE = "is a web page, not a picture"
_VIDEO = "is a video, not a photograph"
_MARKUP_WINDOW = 1024  # bytes in which a page or a drawing has shown itself

_OTHER_KINDS = (
    (b"%PDF-", "is a PDF document, not a photograph"),
    (b"PK\x03\x04", "is an archive, not a photograph"),
    (b"BM", "is a BMP picture; JPEG, PNG, WEBP and GIF are taken"),
    (b"II*\x00", "is a TIFF picture; JPEG, PNG, WEBP and GIF are taken"),
    (b"MM\x00*", "is a TIFF picture; JPEG, PNG, WEBP and GIF are taken"),
    (b"\x1aE\xdf\xa3", _VIDEO),
)
_STILL_BRANDS = {
    b"avif": "AVIF",
    b"avis": "AVIF",
    b"heic": "HEIC",
    b"heim": "HEIC",
    b"heis": "HEIC",
    b"heix": "HEIC",
    b"hevc": "HEIC",
    b"mif1": "HEIC",
    b"msf1": "HEIC",
}


def format_of(data: bytes) -> Format:
    """Say in which of the four formats `data` begins.

    Raises:
        NotAPhotograph: it begins in none of them; the reason names what it looks like.
    """
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WEBP"
    raise NotAPhotograph(_what_else(data))


def _what_else(data: bytes) -> str:
    if not data:
        return "is empty"
    if data[4:8] == b"ftyp":
        return _in_a_media_container(data[8:12])
    for beginning, sentence in _OTHER_KINDS:
        if data.startswith(beginning):
            return sentence
    return _WEB_PAGE if _is_web_page(data) else NO_PHOTOGRAPH


def _in_a_media_container(brand: bytes) -> str:
    still = _STILL_BRANDS.get(brand)
    return f"is a {still} picture; JPEG, PNG, WEBP and GIF are taken" if still else _VIDEO


def _is_web_page(data: bytes) -> bool:
    """Tell HTML from other text. A drawing (SVG) is markup too, but no web page."""
    beginning = data[:_MARKUP_WINDOW].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not beginning.startswith(b"<") or b"<svg" in beginning:
        return False
    return any(mark in beginning for mark in (b"<!doctype html", b"<html", b"<head", b"<body", b"<script"))
