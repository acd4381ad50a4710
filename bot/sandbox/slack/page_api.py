"""The local page's own API: what a member sees and does. Its contract stands in the routes below."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox.slack.acts import commands, modal_acts, posting, pressing, reacting
from bot.sandbox.slack.acts.parts import PressAnswer, Stage
from bot.sandbox.slack.acts.pressing import Wanted
from bot.sandbox.slack.journal import Journal
from bot.sandbox.slack.page_forms import conversation_form, mark_read, state_form
from bot.sandbox.slack.page_speech import RefusedError, spoken, with_body
from bot.sandbox.slack.page_stream import PageStream
from bot.sandbox.slack.people import FULL_MEMBERS
from bot.sandbox.slack.wire import ApiError, Json

Sample = tuple[str, Path]


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
            "invite": self._invite,
            "remove": self._remove,
            "delete": self._delete,
            "react": self._react,
        }
        return [
            *(web.get(f"/page/api/{name}", spoken(handler)) for name, handler in gets.items()),
            *(web.post(f"/page/api/{name}", spoken(with_body(handler))) for name, handler in posts.items()),
            web.post("/page/api/upload", spoken(self._upload)),
            web.post("/page/api/files", spoken(self._give_files)),
        ]

    async def _state(self, request: web.Request) -> web.StreamResponse:
        with self.stage.world.workspace.changed:
            member = self.stage.member(request.query.get("user") or FULL_MEMBERS[0].id)
            about: Json = {"samples": len(self.samples), "delivery": self.stage.delivery.way}
            state = state_form(self.stage.world, member)
            about["now"] = self.stage.world.workspace.clock().timestamp()
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
        files = await _uploaded(request)
        text = (await request.post()).get("text", "")
        place = request.query
        ts = await posting.upload(
            self.stage,
            place.get("user", ""),
            place.get("channel", ""),
            files,
            text if isinstance(text, str) else "",
            place.get("thread_ts") or None,
        )
        return web.json_response({"ok": True, "ts": ts})

    async def _give_files(self, request: web.Request) -> web.StreamResponse:
        files = await _uploaded(request)
        with self.stage.world.workspace.changed:
            member = self.stage.member(request.query.get("user", ""))
            shelf = self.stage.world.files
            given = [shelf.wire_form(shelf.add(member.id, name, content, for_app=True)) for name, content in files]
        return web.json_response({"files": given})

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
        view_id, everything = str(body.get("view_id", "")), body.get("all") is True
        return _ended(await modal_acts.close(self.stage, _user(body), view_id, all_of_them=everything))

    async def _press_in_view(self, body: Json) -> Json:
        values, view_id = body.get("values") or {}, str(body.get("view_id", ""))
        return _ended(await pressing.press_in_view(self.stage, _user(body), view_id, _wanted(body), values))

    async def _open_home(self, body: Json) -> Json:
        await posting.open_home(self.stage, _user(body), "messages" if body.get("tab") == "messages" else "home")
        return {}

    async def _shortcut(self, body: Json) -> Json:
        callback_id = str(body.get("callback_id", ""))
        answer = await commands.shortcut(self.stage, _user(body), callback_id, body.get("channel"), body.get("ts"))
        return _ended(answer)

    async def _invite(self, body: Json) -> Json:
        user, channel = _place(body)
        await posting.join(self.stage, channel, user)
        return {}

    async def _remove(self, body: Json) -> Json:
        await posting.kick(self.stage, _place(body)[1])
        return {}

    async def _delete(self, body: Json) -> Json:
        """Delete a message, or only its files; a member their own, an admin any."""
        workspace = self.stage.world.workspace
        with workspace.changed:
            member, channel = self.stage.member(_user(body)), workspace.channel(_place(body)[1])
            message = self.stage.world.messages.get(channel.id, str(body.get("ts", "")))
            if member.id != message["user"] and not member.is_admin:
                raise ApiError("cant_delete_message")
        if not body.get("files"):
            await posting.delete_message(self.stage, channel.id, message["ts"])
            return {}
        for file in message.get("files", []):
            await posting.delete_file(self.stage, file["id"])
        return {}

    async def _react(self, body: Json) -> Json:
        await reacting.react(self.stage, *_place(body), str(body.get("ts", "")), str(body.get("name", "")))
        return {}

    async def _options(self, body: Json) -> Json:
        return {"options": await pressing.suggestions(self.stage, _user(body), body, _wanted(body))}


async def _uploaded(request: web.Request) -> list[tuple[str, bytes]]:
    """Names and bytes of the files in a form."""
    try:
        form = await request.post()
    except ValueError as error:
        raise RefusedError("The page sent a form that cannot be read.") from error
    parts = [part for part in form.getall("file", []) if isinstance(part, web.FileField)]
    if not parts:
        raise RefusedError("There was no file in the upload.")
    return [(part.filename, part.file.read()) for part in parts]


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
