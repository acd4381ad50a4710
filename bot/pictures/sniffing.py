"""What a file is, by its first bytes; its name and its declared type are not asked."""

from __future__ import annotations

from typing import Literal

from bot.domain.errors import NotAPhotograph, UnreadFormat

Format = Literal["JPEG", "PNG", "WEBP", "GIF"]

NO_PHOTOGRAPH = "is not a photograph"
_WEB_PAGE = "is a web page, not a picture"
_VIDEO = "is a video, not a photograph"
_MARKUP_WINDOW = 1024  # bytes in which a page or a drawing has shown itself

_OTHER_KINDS = (
    (b"%PDF-", "is a PDF document, not a photograph"),
    (b"PK\x03\x04", "is an archive, not a photograph"),
    (b"\x1aE\xdf\xa3", _VIDEO),
)
_UNREAD = ((b"BM", "a BMP"), (b"II*\x00", "a TIFF"), (b"MM\x00*", "a TIFF"))  # pictures all the same
_STILL_BRANDS = {
    b"avif": "an AVIF",
    b"avis": "an AVIF",
    b"heic": "a HEIC",
    b"heim": "a HEIC",
    b"heis": "a HEIC",
    b"heix": "a HEIC",
    b"hevc": "a HEIC",
    b"mif1": "a HEIC",
    b"msf1": "a HEIC",
}


def format_of(data: bytes) -> Format:
    """Say in which of the four formats `data` begins.

    Raises:
        UnreadFormat: it is a picture of another format.
        NotAPhotograph: it begins as none; the reason names what it looks like.
    """
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WEBP"
    unread = _unread(data)
    if unread:
        raise UnreadFormat(f"is {unread} picture")
    raise NotAPhotograph(_what_else(data))


def _unread(data: bytes) -> str:
    if data[4:8] == b"ftyp":
        return _STILL_BRANDS.get(data[8:12], "")
    return next((name for beginning, name in _UNREAD if data.startswith(beginning)), "")


def _what_else(data: bytes) -> str:
    if not data:
        return "is empty"
    if data[4:8] == b"ftyp":
        return _VIDEO
    for beginning, sentence in _OTHER_KINDS:
        if data.startswith(beginning):
            return sentence
    return _WEB_PAGE if _is_web_page(data) else NO_PHOTOGRAPH


def _is_web_page(data: bytes) -> bool:
    """Tell HTML from other text. A drawing (SVG) is markup too, but no web page."""
    beginning = data[:_MARKUP_WINDOW].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not beginning.startswith(b"<") or b"<svg" in beginning:
        return False
    return any(mark in beginning for mark in (b"<!doctype html", b"<html", b"<head", b"<body", b"<script"))
