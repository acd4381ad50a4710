"""Puts the parts of the stand-in together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox.slack.acts.parts import Stage
from bot.sandbox.slack.answering import Answering
from bot.sandbox.slack.archive import Archive
from bot.sandbox.slack.controls import BotControls, Controls
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.file_routes import FileRoutes
from bot.sandbox.slack.http_delivery import HttpDoor
from bot.sandbox.slack.installed import install
from bot.sandbox.slack.journal import Journal
from bot.sandbox.slack.pace import Pace
from bot.sandbox.slack.page_api import PageApi, Sample
from bot.sandbox.slack.page_controls import control_routes
from bot.sandbox.slack.page_stream import PageStream
from bot.sandbox.slack.server import LARGEST_REQUEST, ServerThread, guard_outage, guard_page, page_files
from bot.sandbox.slack.socket_mode import SocketHub
from bot.sandbox.slack.web_api import WebApi
from bot.sandbox.slack.workspace import Clock, Workspace
from bot.sandbox.slack.world import World

PAGE = Path(__file__).parent / "page"


@dataclass(frozen=True)
class Parts:
    """Everything but the server."""

    archive: Archive
    world: World
    journal: Journal
    faults: Faults
    pace: Pace
    sockets: SocketHub
    door: HttpDoor
    delivery: Delivery
    controls: Controls

    @property
    def stage(self) -> Stage:
        return Stage(self.world, self.delivery)


def assemble(
    manifest: Mapping[str, Any],
    data: Path | None,
    clock: Clock,
    *,
    rate_limits: bool,
    on_sockets: Callable[[str], None],
    bot: BotControls | None,
) -> Parts:
    """Make the parts; `on_sockets` is told ``close`` or ``refresh`` when a fault switch asks for it."""
    archive = Archive(data)
    app = install(manifest, archive)
    workspace = Workspace(archive, app, clock)
    journal = Journal(workspace)
    faults = Faults(lambda: on_sockets("close"), lambda: on_sockets("refresh"))
    sockets = SocketHub(lambda: workspace.announce({"type": "delivery"}))
    door = HttpDoor(app.signing_secret)
    delivery = Delivery(workspace, sockets, door, faults, journal)
    pace = Pace(on=rate_limits)
    controls = Controls(workspace, faults, pace, sockets, delivery, bot)
    return Parts(archive, World.over(workspace), journal, faults, pace, sockets, door, delivery, controls)


def application(
    parts: Parts, stream: PageStream, samples: Sequence[Sample], holds: Callable[[], Any] | None
) -> web.Application:
    """The routes of one port."""
    api = WebApi(parts.world, parts.sockets, parts.journal, parts.faults, parts.pace)
    answering = Answering(parts.world, parts.journal)
    files = FileRoutes(parts.world)
    page = PageApi(parts.stage, parts.journal, stream, samples, holds)
    guards = [guard_page, guard_outage(lambda: parts.faults.outage)]
    app = web.Application(middlewares=guards, client_max_size=LARGEST_REQUEST)
    app.add_routes(
        [
            web.post("/api/{method}", api.serve),
            web.get("/api/{method}", api.serve),
            web.get("/link/", parts.sockets.serve),
            web.post("/{kind:commands|actions|app}/{team}/{key}", answering.serve),
            web.get("/files-pri/{key}/{name}", files.download),
            web.get("/files-pri/{key}/download/{name}", files.download),
            web.get("/files-tmb/{key}/{size}/{name}", files.thumbnail),
            web.post("/upload/v1/{key}", files.take),
            web.get("/page/file/{key}", files.show),
            web.get("/archives/{channel}/{message}", files.permalink),
            web.get("/files/{user}/{key}", files.file_permalink),
            *page_files(PAGE),
            *page.routes(),
            *control_routes(parts.controls),
        ]
    )
    return app


def serve(parts: Parts, server: ServerThread, samples: Sequence[Sample], holds: Callable[[], Any] | None) -> PageStream:
    """Begin to answer."""
    parts.world.workspace.base_url = f"http://127.0.0.1:{server.port}"
    stream = PageStream(parts.world, server.loop)

    async def begin() -> None:
        await parts.door.open()
        await parts.delivery.resume()

    server.start(application(parts, stream, samples, holds), begin)
    return stream
