"""How the local page is spoken to: JSON objects in and out, refusals as plain sentences."""

import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.sandbox.slack.bodies import bounded
from bot.sandbox.slack.wire import ApiError, Json

SENTENCES = {
    "user_not_found": "Nobody here has this name.",
    "channel_not_found": "There is no such channel.",
    "message_not_found": "This message is gone.",
    "thread_not_found": "This thread is gone.",
    "cant_delete_message": "Only its author or an admin may delete a message.",
    "is_archived": "This channel is archived.",
    "no_such_button": "This button is not there any more; the message has changed.",
    "ambiguous_button": "More than one button fits.",
    "no_such_option": "This choice is not there any more.",
    "not_found": "This dialog is closed already.",
    "unknown_shortcut": "The app offers no such shortcut.",
    "operation_timeout": "The app did not answer within 3 seconds.",
    "dispatch_failed": "The app is not connected.",
    "request_too_large": "The page sent more than fits.",
}


class RefusedError(Exception):
    """A plain sentence for the person at the page."""


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def with_body(handler: Callable[[Json], Awaitable[Json]]) -> Handler:
    """Read the JSON object that was posted and hand it over; `ok` is added to the answer."""

    async def read(request: web.Request) -> web.StreamResponse:
        try:
            body = json.loads(await bounded(request))
        except (ValueError, RecursionError) as error:
            raise RefusedError("The page sent something that is not JSON.") from error
        if not isinstance(body, dict):
            raise RefusedError("The page sent something that is not an object.")
        return web.json_response({"ok": True, **await handler(body)})

    return read


def spoken(handler: Handler) -> Handler:
    """Turn refusals into plain sentences with a 4xx status."""

    async def speak(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except RefusedError as error:
            return web.json_response({"error": str(error)}, status=400)
        except ApiError as error:
            sentence = SENTENCES.get(error.code, f"Slack refuses this: {error.code}.")
            return web.json_response({"error": sentence}, status=400)

    return speak
