"""Socket Mode: connections of the app, envelopes out, acknowledgements in."""

import asyncio
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

from aiohttp import WSMsgType, web

from bot.sandbox.slack.people import APP_ID
from bot.sandbox.slack.wire import ApiError, Json

MOST_CONNECTIONS = 10
CONNECTION_LIFE_S = 3600
DRAIN_S = 3.0


class ConnectionLostError(Exception):
    """The connection went away before the envelope was answered."""


@dataclass(eq=False)
class Connection:
    """One open socket and the envelopes it still owes an answer for."""

    socket: web.WebSocketResponse
    waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    retiring: bool = False

    def answered(self, text: str) -> None:
        try:
            answer = json.loads(text)
        except ValueError:
            return
        future = self.waiting.get(answer.get("envelope_id", "")) if isinstance(answer, dict) else None
        if future is not None and not future.done():
            future.set_result(answer)

    def lost(self) -> None:
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(ConnectionLostError())


class SocketHub:
    """All connections; each envelope goes to exactly one of them, in turn."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change = on_change
        self._tickets: set[str] = set()
        self._connections: list[Connection] = []
        self._turn = 0

    @property
    def connected(self) -> int:
        """How many connections take envelopes."""
        return len(self._taking())

    def _taking(self) -> list[Connection]:
        return [connection for connection in self._connections if not connection.retiring]

    def ticket(self) -> str:
        """A one-use ticket for the next connection."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Speak Socket Mode on one connection until it ends."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.json_response(ApiError("invalid_auth").body(), status=401)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(max_msg_size=4_000_000, timeout=1.0)
        await socket.prepare(request)
        connection = Connection(socket)
        if self.connected >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self._connections.append(connection)
        try:
            await socket.send_json(self._hello())
            self._on_change()
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    connection.answered(message.data)
        finally:
            connection.lost()
            self._connections.remove(connection)
            self._on_change()
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": self.connected,
            "connection_info": {"app_id": APP_ID},
            "debug_info": {"host": "sandbox", "approximate_connection_time": CONNECTION_LIFE_S},
        }

    async def send(self, envelope: Json, deadline_s: float) -> Json | None:
        """Hand an envelope to one connection and wait for its answer; None when it came without a payload.

        Raises:
            ConnectionLostError: nobody is connected, or the connection ended first.
            TimeoutError: no answer within `deadline_s` seconds.
        """
        taking = self._taking()
        if not taking:
            raise ConnectionLostError
        self._turn += 1
        connection = taking[self._turn % len(taking)]
        envelope_id = str(uuid4())
        future = connection.waiting[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            await connection.socket.send_json({"envelope_id": envelope_id, **envelope})
            answer = await asyncio.wait_for(future, deadline_s)
        except ConnectionResetError as error:
            raise ConnectionLostError from error
        finally:
            del connection.waiting[envelope_id]
        payload = answer.get("payload")
        return payload if isinstance(payload, dict) else None

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to make a new one, as Slack does every hour, and close the old one.

        What is under way may still be answered on the old one. It is closed from this side, at once if nothing is: a
        client that closes first may wait in vain for our end.
        """
        for connection in self._taking():
            connection.retiring = True
            notice = {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
            await connection.socket.send_json(notice)
            if connection.waiting:
                await asyncio.wait(connection.waiting.values(), timeout=DRAIN_S)
            await connection.socket.close()

    async def close(self) -> None:
        """End every connection without a word."""
        for connection in tuple(self._connections):
            connection.retiring = True
            connection.lost()
            await connection.socket.close()
