"""Thumbnails as Slack offers them, and what an app gets of them."""

import base64
import io
import urllib.error
import urllib.request

import pytest
from PIL import Image
from slack_sdk import WebClient

from bot.sandbox.slack import SlackSandbox
from bot.sandbox.slack.thumbnails import NoPictureError, drawn, offered

HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ACJpbG9jAAAAAERAAAEAAQAAAAABoQABAAAAAAAAABgAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRt"
    "AAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMA"
    "AAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5j"
    "bHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBp"
    "eGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAACBtZGF0AAAAFCgBrwQY+Mpx1//zIR+fgLhh0hHn"
)
"""64 x 48 pixels of one red."""


def made(kind: str, size: tuple[int, int] = (1600, 900), mode: str = "RGB") -> bytes:
    picture = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(picture, kind)
    return picture.getvalue()


def fetched(address: str, token: str | None) -> tuple[str, bytes]:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:  # noqa: S310 - loopback
        return answer.headers.get_content_type(), answer.read()


def test_sizes_below_the_picture_are_offered() -> None:
    sizes = [size for size, *_ in offered(900, 450, browsers_show_it=True)]
    assert sizes == [64, 80, 160, 360, 480, 720, 800]
    assert offered(900, 450, browsers_show_it=True)[3] == (360, 360, 180)
    assert offered(100, 50, browsers_show_it=True)[-1] == (360, 100, 50)


@pytest.mark.parametrize(
    ("name", "content", "filetype"),
    [
        ("scan.tiff", made("TIFF"), "tiff"),
        ("scan.bmp", made("BMP", (40, 30)), "bmp"),
        ("phone.heic", HEIC, "heic"),
    ],
)
def test_what_no_browser_shows_has_a_large_thumbnail(
    slack: SlackSandbox, client: WebClient, name: str, content: bytes, filetype: str
) -> None:
    slack.upload("dana", "labels", [(name, content)])
    file_id = slack.messages("labels")[0]["files"][0]["id"]
    file = client.files_info(file=file_id)["file"]
    assert (file["filetype"], file["mimetype"]) == (filetype, f"image/{filetype}")
    kind, picture = fetched(file["thumb_1024"], slack.bot_token)
    assert kind == "image/png"
    with Image.open(io.BytesIO(picture)) as shown:
        assert shown.size == (file["thumb_1024_w"], file["thumb_1024_h"])
        assert max(shown.size) <= 1024


def test_a_thumbnail_is_as_private_as_its_picture(slack: SlackSandbox, client: WebClient) -> None:
    slack.upload("dana", "labels", [("a.png", made("PNG"))])
    file = client.files_info(file=slack.messages("labels")[0]["files"][0]["id"])["file"]
    assert fetched(file["thumb_360"], slack.bot_token)[0] == "image/png"
    assert fetched(file["thumb_360"], None)[0] == "text/html"
    with pytest.raises(urllib.error.HTTPError, match="404") as refused:
        fetched(file["thumb_360"].replace("/360/", "/361/"), slack.bot_token)
    refused.value.close()


def test_what_is_no_picture_has_none(slack: SlackSandbox, client: WebClient) -> None:
    slack.upload("dana", "labels", [("a.heic", b"not a picture"), ("notes.txt", b"words")])
    for sent in slack.messages("labels")[0]["files"]:
        file = client.files_info(file=sent["id"])["file"]
        assert [key for key in file if key.startswith("thumb_")] == []


def test_a_picture_that_breaks_off_has_a_thumbnail_that_is_not_found(slack: SlackSandbox, client: WebClient) -> None:
    slack.upload("dana", "labels", [("cut.bmp", made("BMP")[:2000])])
    file = client.files_info(file=slack.messages("labels")[0]["files"][0]["id"])["file"]
    with pytest.raises(urllib.error.HTTPError, match="404") as refused:
        fetched(file["thumb_1024"], slack.bot_token)
    refused.value.close()


@pytest.mark.parametrize("content", [b"", b"GIF89a", made("TIFF")[:400], HEIC[:200], b"\x00" * 50])
def test_broken_bytes_are_no_picture(content: bytes) -> None:
    with pytest.raises(NoPictureError):
        drawn(content, 360)


def test_a_turned_picture_stands_upright() -> None:
    turned = io.BytesIO()
    picture = Image.new("RGB", (200, 100))
    exif = picture.getexif()
    exif[0x0112] = 6
    picture.save(turned, "JPEG", exif=exif)
    with Image.open(io.BytesIO(drawn(turned.getvalue(), 360))) as upright:
        assert upright.size == (100, 200)
