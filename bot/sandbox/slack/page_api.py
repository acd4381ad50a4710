"""The local page's own API: what a member sees and does. Its contract stands in the routes below."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox.slack.acts import commands, modal_acts, posting, pressing
from bot.sandbox.slack.acts.parts import PressAnswer, Stage
from bot.sandbox.slack.acts.pressing import Wanted
from bot.sandbox.slack.journal import Journal
from bot.sandbox.slack.page_forms import conversation_form, mark_read, state_form
from bot.sandbox.slack.page_stream import PageStream
from bot.sandbox.slack.people import FULL_MEMBERS
from bot.sandbox.slack.wire import ApiError, Json

Sample = tuple[str, Path]
SENTENCES = {
    "user_not_found": "Nobody here has this name.",
    "channel_not_found": "There is no such channel.",
    "message_not_found": "This message is gone.",
    "thread_not_found": "This thread is gone.",
    "is_archived": "This channel is archived.",
    "no_such_button": "This button is not there any more; the message has changed.",
    "ambiguous_button": "More than one button fits.",
    "no_such_option": "This choice is not there any more.",
    "not_found": "This dialog is closed already.",
    "unknown_shortcut": "The app offers no such shortcut.",
    "operation_timeout": "The app did not answer within 3 seconds.",
    "dispatch_failed": "The app is not connected.",
}


class RefusedError(Exception):
    """A plain sentence for the person at the page."""


@dataclass(frozen=True)
class PageApi:
    """Handlers of ``/page/api``; `holds` says what Clarifai holds now."""

    stage: Stage
    journal: Journal
    stream: PageStream
    samples: Sequence[Sample]
    holds: Callable[[], Any] | None

    def routes(self) -> list[web.RouteDef]:
        gets = {"state": self._state, "messages": self._messages, "events": self._events, "log": self._log}
        gets |= {"holds": self._holds, "home": self._home}
        posts: Mapping[str, Callable[[Json], Awaitable[Json]]] = {
            "samples": self._post_samples,
            "slash": self._slash,
            "press": self._press,
            "say": self._say,
            "view/submit": self._submit,
            "view/close": self._close,
            "view/press": self._press_in_view,
            "home/open": self._open_home,
            "shortcut": self._shortcut,
            "options": self._options,
        }
        return [
            *(web.get(f"/page/api/{name}", _spoken(handler)) for name, handler in gets.items()),
            *(web.post(f"/page/api/{name}", _spoken(_with_body(handler))) for name, handler in posts.items()),
            web.post("/page/api/upload", _spoken(self._upload)),
        ]

    async def _state(self, request: web.Request) -> web.StreamResponse:
        with self.stage.world.workspace.changed:
            member = self.stage.member(request.query.get("user") or FULL_MEMBERS[0].id)
            about = {"samples": len(self.samples), "delivery": self.stage.delivery.way}
            state = state_form(self.stage.world, member)
            return web.json_response({**state, **about, "connected": self.stage.delivery.connected})

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        with self.stage.world.workspace.changed:
            member = self.stage.member(request.query.get("user", ""))
            channel = self.stage.world.workspace.channel(request.query.get("channel", ""))
            mark_read(self.stage.world, member, channel)
            return web.json_response(conversation_form(self.stage.world, member, channel))

    async def _events(self, request: web.Request) -> web.StreamResponse:
        return await self.stream.serve(request, self.stage.member(request.query.get("user", "")))

    async def _log(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response({"log": list(self.journal.lines)})

    async def _holds(self, _request: web.Request) -> web.StreamResponse:
        if self.holds is None:
            raise RefusedError("No Clarifai stand-in runs beside this workspace.")
        answer = await asyncio.get_running_loop().run_in_executor(None, self.holds)
        return web.json_response(answer)

    async def _home(self, request: web.Request) -> web.StreamResponse:
        with self.stage.world.workspace.changed:
            member = self.stage.member(request.query.get("user", ""))
            return web.json_response({"view": self.stage.world.views.homes.get(member.id)})

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        files = [
            (part.filename, part.file.read()) for part in form.getall("file", []) if isinstance(part, web.FileField)
        ]
        if not files:
            raise RefusedError("There was no file in the upload.")
        text = form.get("text", "")
        place = request.query
        ts = await posting.upload(
            self.stage,
            place.get("user", ""),
            place.get("channel", ""),
            files,
            text if isinstance(text, str) else "",
            None,
        )
        return web.json_response({"ok": True, "ts": ts})

    async def _post_samples(self, body: Json) -> Json:
        if not self.samples:
            raise RefusedError("There are no sample photographs here.")
        files = [(name, path.read_bytes()) for name, path in self.samples]
        return {"ts": await posting.upload(self.stage, *_place(body), files, "", None)}

    async def _slash(self, body: Json) -> Json:
        command, _, text = str(body.get("text", "")).strip().partition(" ")
        answer = await commands.slash(self.stage, *_place(body), command, text.strip())
        return {"status": answer.status, "text": answer.text}

    async def _press(self, body: Json) -> Json:
        wanted = _wanted(body)
        return _ended(await pressing.press(self.stage, *_place(body), str(body.get("ts", "")), wanted))

    async def _say(self, body: Json) -> Json:
        text = str(body.get("text", ""))
        if not text.strip():
            raise RefusedError("There is nothing to send.")
        return {"ts": await posting.say(self.stage, *_place(body), text, body.get("thread_ts") or None)}

    async def _submit(self, body: Json) -> Json:
        answer = await modal_acts.submit(
            self.stage, _user(body), str(body.get("view_id", "")), body.get("values") or {}
        )
        return {"ok": answer.ok, "errors": answer.errors, "error": answer.error}

    async def _close(self, body: Json) -> Json:
        return _ended(await modal_acts.close(self.stage, _user(body), str(body.get("view_id", ""))))

    async def _press_in_view(self, body: Json) -> Json:
        values, view_id = body.get("values") or {}, str(body.get("view_id", ""))
        return _ended(await pressing.press_in_view(self.stage, _user(body), view_id, _wanted(body), values))

    async def _open_home(self, body: Json) -> Json:
        await posting.open_home(self.stage, _user(body))
        return {}

    async def _shortcut(self, body: Json) -> Json:
        callback_id = str(body.get("callback_id", ""))
        answer = await commands.shortcut(self.stage, _user(body), callback_id, body.get("channel"), body.get("ts"))
        return _ended(answer)

    async def _options(self, body: Json) -> Json:
        return {"options": await pressing.suggestions(self.stage, _user(body), body, _wanted(body))}


def _user(body: Json) -> str:
    return str(body.get("user", ""))


def _place(body: Json) -> tuple[str, str]:
    return _user(body), str(body.get("channel", ""))


def _wanted(body: Json) -> Wanted:
    """What a page presses: the element's ids, and its whole state where the page knows it."""
    chosen = body.get("action") or body.get("value")
    return Wanted(action_id=str(body.get("action_id")), block_id=str(body.get("block_id")), value=chosen)


def _ended(answer: PressAnswer) -> Json:
    """A click that came to nothing has been told by a toast already."""
    return {"ok": answer.ok, "reason": answer.error}


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _with_body(handler: Callable[[Json], Awaitable[Json]]) -> Handler:
    async def read(request: web.Request) -> web.StreamResponse:
        try:
            body = json.loads(await request.read())
        except ValueError as error:
            raise RefusedError("The page sent something that is not JSON.") from error
        if not isinstance(body, dict):
            raise RefusedError("The page sent something that is not an object.")
        return web.json_response({"ok": True, **await handler(body)})

    return read


def _spoken(handler: Handler) -> Handler:
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
