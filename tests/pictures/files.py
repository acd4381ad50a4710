"""Files as people and strangers upload them, made in memory."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import numpy as np
from PIL import Image


def photograph(width: int = 160, height: int = 120) -> Image.Image:
    """Return colours that change smoothly, as in a photograph, with a bright red mark at the top left."""
    across, down = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    pixels = np.stack([80 + 120 * across, 60 + 150 * down, 200 - 90 * across * down], axis=-1).astype(np.uint8)
    pixels[: height // 6, : width // 6] = (250, 10, 10)
    return Image.fromarray(pixels)


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def decoded(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_that_declares(width: int, height: int, *, length: int = 152) -> bytes:
    """Return a PNG of `length` bytes whose header promises more pixels than it brings."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    beginning, end = b"\x89PNG\r\n\x1a\n" + header, png_chunk(b"IEND", b"")
    room = length - len(beginning) - len(end) - 12
    return beginning + png_chunk(b"IDAT", zlib.compress(b"")[:room].ljust(room, b"\0")) + end
