"""Bytes of files: private download, thumbnails, an app's upload, and what the local page shows."""

import asyncio
from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.slack.files import IN_BROWSERS
from bot.sandbox.slack.people import TEAM_ID
from bot.sandbox.slack.thumbnails import FITTED, SQUARE, NoPictureError, drawn
from bot.sandbox.slack.wire import ApiError, Json
from bot.sandbox.slack.world import World

LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Sign in to Sandbox | Slack</title></head><body>Sign in</body></html>"
_GUARDED = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}


@dataclass(frozen=True)
class FileRoutes:
    """Serves and takes bytes."""

    world: World

    async def download(self, request: web.Request) -> web.StreamResponse:
        """A private file for the app's token; anybody else gets 200 and a login page, as at Slack."""
        record = self._asked_for(request)
        if isinstance(record, web.Response):
            return record
        return _as_file(record, self.world.files.content(record["id"]), inline=False)

    async def thumbnail(self, request: web.Request) -> web.StreamResponse:
        """A smaller drawing of a private picture, on the same terms as the picture."""
        record = self._asked_for(request)
        if isinstance(record, web.Response):
            return record
        return await self._drawn(record, request.match_info["size"])

    def _asked_for(self, request: web.Request) -> Json | web.Response:
        """The file the app asks for, or what it gets instead."""
        with self.world.workspace.changed:
            app = self.world.workspace.app
            known = request.headers.get("Authorization") == f"Bearer {app.bot_token}"
            if not known or self.world.workspace.revoked or not app.may("files:read"):
                return web.Response(text=LOGIN_PAGE, content_type="text/html")
            try:
                return self.world.files.seen_by_bot(request.match_info["key"].removeprefix(f"{TEAM_ID}-"))
            except ApiError:
                return web.Response(status=404, text="<html>File not found</html>", content_type="text/html")

    async def _drawn(self, record: Json, size: str) -> web.StreamResponse:
        content = self.world.files.content(record["id"]) or b""
        if size not in {str(known) for known in (*SQUARE, *FITTED)}:
            return web.Response(status=404, text="no such size")
        try:
            picture = await asyncio.get_running_loop().run_in_executor(None, drawn, content, int(size))
        except NoPictureError:
            return web.Response(status=404, text="not a picture")
        return web.Response(body=picture, content_type="image/png", headers=_GUARDED)

    async def take(self, request: web.Request) -> web.StreamResponse:
        """The bytes of an app's upload, raw whatever the content type says, or as a form with one file."""
        if request.content_type == "multipart/form-data":
            parts = [part.file.read() for part in (await request.post()).values() if isinstance(part, web.FileField)]
            content = b"".join(parts)
        else:
            content = await request.read()
        with self.world.workspace.changed:
            known = self.world.files.receive(request.match_info["key"], content)
        if not known:
            return web.Response(status=404, text="no such upload")
        return web.Response(text=f"OK - {len(content)}")

    async def permalink(self, request: web.Request) -> web.StreamResponse:
        """The address of a message leads to its channel on the page."""
        with self.world.workspace.changed:
            channel = self.world.workspace.channels.get(request.match_info["channel"])
        raise web.HTTPFound(f"/#/{quote(channel.name)}" if channel else "/")

    async def file_permalink(self, request: web.Request) -> web.StreamResponse:
        """The address of a file leads to the picture."""
        raise web.HTTPFound(f"/page/file/{quote(request.match_info['key'])}")

    async def show(self, request: web.Request) -> web.StreamResponse:
        """A file for the local page; with ``thumb`` a drawing of that size."""
        with self.world.workspace.changed:
            record = self.world.files.find(request.match_info["key"])
            if record is None or record["mode"] != "hosted":
                return web.json_response({"error": "This file is gone."}, status=404)
        if size := request.query.get("thumb"):
            return await self._drawn(record, size)
        return _as_file(record, self.world.files.content(record["id"]), inline=True)


def _as_file(record: Json, content: bytes | None, *, inline: bool) -> web.Response:
    """Pictures may be shown; anything else is only ever saved, so that a page in a file never runs here."""
    kind = record["mimetype"] if not inline or record["mimetype"] in IN_BROWSERS else "application/octet-stream"
    shown = inline and kind in IN_BROWSERS
    name = quote(record["name"], errors="replace")
    headers = {
        "Content-Type": kind,
        "Content-Disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{name}",
        **_GUARDED,
    }
    return web.Response(body=content or b"", headers=headers)
