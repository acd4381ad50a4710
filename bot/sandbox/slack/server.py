"""One port for everything: the routes, the guard of the page, and the thread they live in."""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

T = TypeVar("T")
HOST = "127.0.0.1"
LARGEST_REQUEST = 160_000_000
"""Bytes; members may try to upload more than any app takes."""
_LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
_POLICY = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY"}


@web.middleware
async def guard_page(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Keep foreign web pages out: they can neither rename this host (DNS) nor send the page's own header."""
    if request.path == "/" or request.path.startswith("/page/"):
        name = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
        if name not in _LOCAL_NAMES:
            return web.json_response({"error": "This page answers on this computer only."}, status=403)
        if request.method != "GET" and request.headers.get("X-Sandbox") != "1":
            return web.json_response({"error": "Only the sandbox's own page may do this."}, status=403)
    return await handler(request)


def guard_outage(is_out: Callable[[], bool]) -> Middleware:
    """During an outage nothing but this page answers; Web API calls are refused where they are logged."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if is_out() and not request.path.startswith(("/page/", "/api/")) and request.path != "/":
            return web.Response(status=503, text="upstream trouble")
        return await handler(request)

    return guard


def page_files(folder: Path) -> list[web.RouteDef]:
    """The page itself and its scripts and styles."""

    async def index(_request: web.Request) -> web.StreamResponse:
        return _page_file(folder / "index.html")

    async def static(request: web.Request) -> web.StreamResponse:
        wanted = folder / request.match_info["name"]
        if wanted.parent != folder or not wanted.is_file():
            raise web.HTTPNotFound
        return _page_file(wanted)

    return [web.get("/", index), web.get("/page/static/{name}", static)]


def _page_file(path: Path) -> web.StreamResponse:
    return web.FileResponse(path, headers={"Cache-Control": "no-cache", **_POLICY})


class ServerThread:
    """An event loop in a thread of its own, with one web server in it."""

    def __init__(self, port: int) -> None:
        self._listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._listening.bind((HOST, port))
        except OSError:
            self._listening.close()
            raise
        self.port: int = self._listening.getsockname()[1]
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._live, name="sandbox-slack", daemon=True)
        self._runner: web.AppRunner | None = None

    def _live(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def start(self, app: web.Application, before: Callable[[], Awaitable[None]]) -> None:
        self._thread.start()

        async def serve() -> None:
            await before()
            self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0, handle_signals=False)
            await self._runner.setup()
            await web.SockSite(self._runner, self._listening, backlog=512).start()

        self.run(serve())

    def run(self, work: Coroutine[Any, Any, T], timeout_s: float | None = 60.0) -> T:
        """Do something in the loop and wait for it here. Never call this from the loop itself."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout_s)

    def stop(self, after: Callable[[], Awaitable[None]]) -> None:
        async def end() -> None:
            await after()
            if self._runner is not None:
                await self._runner.cleanup()
            await self.loop.shutdown_default_executor()

        self.run(end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()
        self._listening.close()
