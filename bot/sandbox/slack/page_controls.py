"""The panel of the local page that moves the world around the app."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.sandbox.slack.controls import Controls
from bot.sandbox.slack.page_speech import spoken, with_body
from bot.sandbox.slack.wire import Json


def control_routes(controls: Controls) -> list[web.RouteDef]:
    """One address to look, one for each thing that can be moved; every answer is the panel's new state."""

    async def look(_request: web.Request) -> web.StreamResponse:
        return web.json_response(controls.shown())

    def moving(move: Callable[[Json], Awaitable[None]]) -> Callable[[Json], Awaitable[Json]]:
        async def moved(wish: Json) -> Json:
            await move(wish)
            return controls.shown()

        return moved

    moves = {"fault": controls.fault, "advance": controls.advance, "switch": controls.switch}
    return [
        web.get("/page/api/controls", spoken(look)),
        *(web.post(f"/page/api/controls/{name}", spoken(with_body(moving(move)))) for name, move in moves.items()),
    ]
