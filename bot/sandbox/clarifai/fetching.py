"""The bytes of an image that a request brings, from itself or from an address on this machine."""

import http.client
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from clarifai_grpc.grpc.api.resources_pb2 import Image

LARGEST_IMAGE: Final = 20_000_000  # bytes; Clarifai, "Supported formats"
PATIENCE_S: Final = 10.0
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


class Unfetchable(ValueError):
    """The image cannot be had; the text is what the input's status says."""


def image_bytes(image: Image, known_urls: Mapping[str, Path]) -> bytes:
    """The image's bytes: those sent along, a known example photograph, or what a loopback address answers.

    Raises:
        Unfetchable: another host, an error answer, or more than 20 MB.
    """
    if image.base64:
        return within_limit(image.base64)
    if image.url in known_urls:
        return known_urls[image.url].read_bytes()
    return within_limit(_fetched(image.url))


def _fetched(url: str) -> bytes:
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in LOOPBACK:
        raise Unfetchable(f"INPUT_CONNECTION_FAILED: '{url[:200]}' is not on this machine, and nothing else is fetched")
    connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=PATIENCE_S)
    try:
        connection.request("GET", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}")
        answer = connection.getresponse()
        if answer.status != http.client.OK:
            raise Unfetchable(f"INPUT_CONNECTION_FAILED: '{url[:200]}' answered {answer.status}")
        return answer.read(LARGEST_IMAGE + 1)
    except (OSError, http.client.HTTPException) as error:
        raise Unfetchable(f"INPUT_CONNECTION_FAILED: '{url[:200]}': {error}") from error
    finally:
        connection.close()


def within_limit(image: bytes) -> bytes:
    """The image itself, unless it is larger than the platform takes.

    Raises:
        Unfetchable: more than 20 MB.
    """
    if len(image) > LARGEST_IMAGE:
        raise Unfetchable(f"{len(image)} bytes are more than {LARGEST_IMAGE}")
    return image
