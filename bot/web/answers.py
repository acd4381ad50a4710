"""Short answers in plain text or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from http import HTTPStatus
    from wsgiref.types import StartResponse

TEXT = "text/plain; charset=utf-8"


def answer(
    start_response: StartResponse, status: HTTPStatus, body: bytes | None = None, *, content_type: str = TEXT
) -> Iterable[bytes]:
    """Answer with `body`, by default the status in words."""
    content = f"{status.phrase}\n".encode() if body is None else body
    headers = [
        ("Content-Type", content_type),
        ("Content-Length", str(len(content))),
        ("X-Content-Type-Options", "nosniff"),
    ]
    start_response(f"{status.value} {status.phrase}", headers)
    return [content]
