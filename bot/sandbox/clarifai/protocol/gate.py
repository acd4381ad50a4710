"""The door of the API: keys, rate limit, planted faults; failures become ordinary replies with a status."""

import logging
import re
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NoReturn
from uuid import uuid4

import grpc
from clarifai_grpc.grpc.api import service_pb2
from clarifai_grpc.grpc.api.service_pb2_grpc import V2Servicer
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes
from google.protobuf.message_factory import GetMessageClass

from bot.sandbox.clarifai.answers import Refusal, status
from bot.sandbox.clarifai.faults import Faults, TransportFault
from bot.sandbox.clarifai.naming import Scope
from bot.sandbox.clarifai.protocol.call import Area, Call

log = logging.getLogger(__name__)

# Requests and replies of 273 generated RPCs have no common type but "a message with these fields".
Handler = Callable[[Call, Any], Any]
METHODS: Final = service_pb2.DESCRIPTOR.services_by_name["V2"].methods_by_name


class RateLimit:
    """So many requests per user in any one second."""

    def __init__(self, per_second: int | None) -> None:
        self._limit = per_second
        self._lock = threading.Lock()
        self._recent: defaultdict[str, deque[float]] = defaultdict(deque)

    def take(self, user: str) -> None:
        if self._limit is None:
            return
        now = time.monotonic()
        with self._lock:
            recent = self._recent[user]
            while recent and recent[0] <= now - 1:
                recent.popleft()
            if len(recent) >= self._limit:
                raise Refusal(codes.CONN_THROTTLED, f"exceeded limit of {self._limit} requests per second")
            recent.append(now)


class Gate(V2Servicer):
    """The whole service: what no area answers is UNIMPLEMENTED."""

    def __init__(self, areas: Iterable[Area], accounts: Mapping[str, str], faults: Faults, limit: RateLimit) -> None:
        self._users = {key: user for user, key in accounts.items()}
        self._faults = faults
        self._limit = limit
        listed = list(areas)
        for rpc in METHODS:
            handlers = [getattr(area, _snake(rpc)) for area in listed if hasattr(area, _snake(rpc))]
            setattr(self, rpc, self._guarded(rpc, handlers[0]) if handlers else _not_built)

    def _guarded(self, rpc: str, handler: Handler) -> Callable[[Any, grpc.ServicerContext], Any]:
        reply_type = GetMessageClass(METHODS[rpc].output_type)

        def answer(request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ANN401 - see Handler
            try:
                self._faults.before(rpc, request)
                reply = handler(self._call(rpc, request, context), request)
                self._faults.after(rpc)
            except Refusal as refusal:
                reply = reply_type(status=refusal.status())
            except TransportFault as fault:
                context.abort(fault.code, "planted fault")
            except Exception:  # the last resort of this server: whatever is asked, never a stack trace
                log.exception("clarifai sandbox: %s failed", rpc)
                reply = reply_type(status=status(codes.INTERNAL_SERVER_ISSUE, "see the log of the sandbox"))
            if not reply.status.code:
                reply.status.CopyFrom(status(codes.SUCCESS))
            reply.status.req_id = uuid4().hex
            return reply

        return answer

    def _call(self, rpc: str, request: Any, context: grpc.ServicerContext) -> Call:  # noqa: ANN401 - see Handler
        caller = self._users.get(_key(context.invocation_metadata()))
        if caller is None or self._faults.is_expired(caller):
            raise Refusal(codes.CONN_KEY_INVALID)
        self._limit.take(caller)
        asked = request.user_app_id
        user = caller if asked.user_id in {"", "me"} else asked.user_id
        return Call(caller, Scope(user, asked.app_id), self._faults.item_checker(rpc), self._faults.take_shift)


def _not_built(_: object, context: grpc.ServicerContext) -> NoReturn:
    """As the generated base class answers, but without a stack trace in the log."""
    context.abort(grpc.StatusCode.UNIMPLEMENTED, "Method not implemented!")


def _key(metadata: Sequence[tuple[str, str | bytes]]) -> str:
    """The key of `authorization: Key <key>`, without which nobody is known."""
    given = dict(metadata).get("authorization", "")
    scheme, _, key = (given.decode() if isinstance(given, bytes) else given).partition(" ")
    return key if scheme == "Key" else ""


def _snake(rpc: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", rpc).lower()
