"""The addresses an app answers at later: `response_url`."""

import json
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.slack.blockkit import message_problems
from bot.sandbox.slack.bodies import bounded
from bot.sandbox.slack.journal import ApiCall, Journal
from bot.sandbox.slack.tickets import ResponseAddress
from bot.sandbox.slack.wire import ApiError, Json
from bot.sandbox.slack.world import World, with_block_ids

GONE = 404
REFUSED = 400


@dataclass(frozen=True)
class Answering:
    """Takes posts to response addresses."""

    world: World
    journal: Journal

    async def serve(self, request: web.Request) -> web.StreamResponse:
        try:
            body = json.loads(await bounded(request))
        except (ApiError, ValueError, RecursionError):
            return web.Response(status=REFUSED, text="invalid_payload")
        if not isinstance(body, dict):
            return web.Response(status=REFUSED, text="invalid_payload")
        with self.world.workspace.changed:
            code = self._take(request.match_info["key"], body)
        self.journal.called(ApiCall("response_url", body, {"ok": True} if code is None else {"error": code}), 0.0)
        if code is None:
            return web.Response(text="ok")
        status = GONE if code in {"used_url", "expired_url"} else REFUSED
        return web.json_response({"ok": False, "error": code}, status=status)

    def _take(self, key: str, body: Json) -> str | None:
        try:
            address = self.world.tickets.answering(key)
            self._apply(address, body)
        except ApiError as error:
            return error.code
        return None

    def _apply(self, address: ResponseAddress, body: Json) -> None:
        if body.get("delete_original"):
            self._delete(address)
            return
        content = self._content(body)
        if body.get("replace_original") and address.message_ts is not None:
            self._replace(address, content)
            return
        message = self.world.by_bot(content)
        thread_ts = body.get("thread_ts") or address.thread_ts
        if thread_ts:
            message["thread_ts"] = thread_ts
        if body.get("response_type") == "in_channel":
            self.world.messages.post(address.channel_id, message)
        else:
            self.world.messages.add_note(address.channel_id, address.user_id, message)

    def _content(self, body: Json) -> Json:
        blocks = body.get("blocks")
        if blocks is not None:
            problems = message_problems(blocks, self.world.files.showable)
            if problems:
                raise ApiError("invalid_blocks", problems=problems)
        if not body.get("text") and not blocks:
            raise ApiError("no_text")
        return {"text": str(body.get("text") or ""), **({"blocks": blocks} if blocks else {})}

    def _note(self, address: ResponseAddress) -> Json:
        note = self.world.messages.note(address.user_id, str(address.message_ts))
        if note is None:
            raise ApiError("message_not_found")
        return note

    def _delete(self, address: ResponseAddress) -> None:
        if address.message_ts is None:
            raise ApiError("no_text")
        if address.is_note:
            self.world.messages.drop_note(self._note(address))
        else:
            self.world.messages.delete(address.channel_id, address.message_ts)

    def _replace(self, address: ResponseAddress, content: Json) -> None:
        changes: Json = {"text": content["text"], "blocks": None}
        if "blocks" in content:
            changes["blocks"] = with_block_ids(content["blocks"])
        if address.is_note:
            self.world.messages.change_note(self._note(address), {**changes, "blocks": changes["blocks"] or []})
        else:
            self.world.messages.change(address.channel_id, str(address.message_ts), changes)
