"""The Web API over HTTP: tokens, bodies, scopes, limits and faults, then the method itself."""

import asyncio
import copy
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bot.sandbox.slack.bodies import LARGEST_BODY, bounded
from bot.sandbox.slack.faults import CallFault, Faults
from bot.sandbox.slack.journal import ApiCall, Journal
from bot.sandbox.slack.methods import METHODS, Call, Method
from bot.sandbox.slack.pace import Pace
from bot.sandbox.slack.socket_mode import SocketHub
from bot.sandbox.slack.wire import ApiError, Json
from bot.sandbox.slack.world import World

TOO_MANY = 429
_GATE_PATIENCE_S = 60.0


@dataclass(frozen=True)
class WebApi:
    """Answers ``/api/{method}``."""

    world: World
    sockets: SocketHub
    journal: Journal
    faults: Faults
    pace: Pace

    async def serve(self, request: web.Request) -> web.StreamResponse:
        started = time.perf_counter()
        name = request.match_info["method"]
        args: Json = {}
        status, headers, answer = 200, self._headers(), {}
        fault: CallFault | None = None
        try:
            args = await _arguments(request)
            await self._gate(name)
            fault = self.faults.take_call(name, args)
            answer = self._answer(name, args, _token(request, args), fault)
        except _HeldUpError as held:
            status, headers["Retry-After"] = TOO_MANY, str(held.seconds)
            answer = ApiError("ratelimited").body()
        except ApiError as error:
            answer = error.body()
        self.journal.called(ApiCall(name, args, answer), (time.perf_counter() - started) * 1000)
        if fault is not None and fault.status is not None:
            return web.Response(status=fault.status, text="upstream trouble")
        if fault is not None and fault.lose_answer and request.transport is not None:
            request.transport.abort()
        return web.json_response(answer, status=status, headers=headers)

    def _headers(self) -> dict[str, str]:
        scopes = self.world.workspace.app.scopes
        return {} if scopes is None else {"x-oauth-scopes": ",".join(sorted(scopes))}

    async def _gate(self, name: str) -> None:
        if self.faults.latency_s:
            await asyncio.sleep(self.faults.latency_s)
        gate = self.faults.gate(name)
        if gate is not None:
            await asyncio.get_running_loop().run_in_executor(None, gate.wait, _GATE_PATIENCE_S)

    def _answer(self, name: str, args: Json, token: str | None, fault: CallFault | None) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise ApiError("unknown_method", req_method=name)
        self._authorize(method, token)
        channel = str(args["channel"]) if args.get("channel") else None
        if fault is not None and fault.retry_after_s is not None:
            raise _HeldUpError(fault.retry_after_s)
        if wait := self.pace.retry_after_s(name, method.per_minute, channel):
            raise _HeldUpError(wait)
        if fault is not None and fault.status is not None:
            return {"ok": False, "error": f"http_{fault.status}"}
        if fault is not None and fault.error is not None:
            raise ApiError(fault.error)
        with self.world.workspace.changed:
            result = method.run(Call(self.world, self.sockets, args))
            return copy.deepcopy({"ok": True, **result})

    def _authorize(self, method: Method, token: str | None) -> None:
        app = self.world.workspace.app
        if not token:
            raise ApiError("not_authed")
        if token not in {app.bot_token, app.app_token}:
            raise ApiError("invalid_auth")
        if token == app.bot_token and self.world.workspace.revoked:
            raise ApiError("token_revoked")
        if token != (app.app_token if method.app_token else app.bot_token):
            raise ApiError("not_allowed_token_type")
        if not app.may(method.scope):
            raise ApiError("missing_scope", needed=method.scope, provided=",".join(sorted(app.scopes or ())))


class _HeldUpError(Exception):
    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def _token(request: web.Request, args: Json) -> str | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else args.get("token")


async def _arguments(request: web.Request) -> Json:
    """The arguments of a call: from the address, and from a JSON, form or multipart body.

    An empty body with a JSON content type is fine: the SDK sends one for `auth.test`.

    Raises:
        ApiError: invalid_json, json_not_object, invalid_form_data, request_too_large.
    """
    args: Json = dict(request.query)
    if request.content_type == "multipart/form-data":
        return args | await _multipart(request)
    body = await bounded(request)
    if not body.strip():
        return args
    if request.content_type == "application/json":
        return args | _json_object(body)
    try:
        return args | dict(parse_qsl(body.decode(), keep_blank_values=True))
    except UnicodeDecodeError as error:
        raise ApiError("invalid_form_data") from error


async def _multipart(request: web.Request) -> Json:
    if (request.content_length or LARGEST_BODY) >= LARGEST_BODY:
        await request.release()
        raise ApiError("request_too_large")
    try:
        return {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    except ValueError as error:
        raise ApiError("invalid_form_data") from error


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ApiError("invalid_json") from error
    if not isinstance(parsed, dict):
        raise ApiError("json_not_object")
    return {key: value for key, value in parsed.items() if value is not None}
