"""Reading what was sent, and not more of it than makes sense."""

from aiohttp import web

from bot.sandbox.slack.wire import ApiError

LARGEST_BODY = 4_000_000
"""Bytes; far above any call an app may make with success."""
_CHUNK = 65_536


async def bounded(request: web.Request) -> bytes:
    """The body. A body that is too large is read to its end, so that its sender hears the answer, and thrown away.

    Raises:
        ApiError: request_too_large.
    """
    body = bytearray()
    async for chunk in request.content.iter_chunked(_CHUNK):
        if len(body) < LARGEST_BODY:
            body += chunk
    if len(body) >= LARGEST_BODY:
        raise ApiError("request_too_large")
    return bytes(body)
