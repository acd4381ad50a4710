"""The page's ear: server-sent events for one member."""

import asyncio
import json
from dataclasses import dataclass, field

from aiohttp import web

from bot.sandbox.slack.page_forms import change_form
from bot.sandbox.slack.people import Member
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.world import World

HEARTBEAT_S = 15.0
MOST_WAITING = 2000


@dataclass(eq=False)
class _Ear:
    """One open page; `lines` is what it has not been told yet. None ends it."""

    member: Member
    lines: asyncio.Queue[str | None] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))


class PageStream:
    """Tells every open page what its member may know."""

    def __init__(self, world: World, loop: asyncio.AbstractEventLoop) -> None:
        self._world = world
        self._loop = loop
        self._ears: set[_Ear] = set()
        world.workspace.listeners.append(self._announced)

    def _announced(self, change: Json) -> None:
        told = [ear for ear in self._ears if change.get("user") in {None, ear.member.id}]
        if not told or self._loop.is_closed():
            return
        form = change_form(self._world, change)
        if form is not None:
            line = json.dumps(form)
            self._loop.call_soon_threadsafe(self._tell, told, line)

    def _tell(self, told: list[_Ear], line: str | None) -> None:
        for ear in told:
            if ear.lines.full():  # a page that does not listen any more; it reads everything anew when it comes back
                self._ears.discard(ear)
                continue
            ear.lines.put_nowait(line)

    async def serve(self, request: web.Request, member: Member) -> web.StreamResponse:
        """Send events until the page goes or the server stops."""
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await answer.prepare(request)
        ear = _Ear(member)
        self._ears.add(ear)
        try:
            await answer.write(b": hello\n\n")
            while ear in self._ears:
                line = await _next_line(ear)
                if line is None:
                    break
                await answer.write(line)
        except (ConnectionResetError, asyncio.CancelledError):
            pass
        finally:
            self._ears.discard(ear)
        return answer

    def end(self) -> None:
        """Let every page go, so that the server can stop at once."""
        self._world.workspace.listeners.remove(self._announced)
        for ear in tuple(self._ears):
            self._ears.discard(ear)
            while not ear.lines.empty():
                ear.lines.get_nowait()
            ear.lines.put_nowait(None)


async def _next_line(ear: _Ear) -> bytes | None:
    try:
        line = await asyncio.wait_for(ear.lines.get(), HEARTBEAT_S)
    except TimeoutError:
        return b": still here\n\n"
    return None if line is None else f"data: {line}\n\n".encode()
