"""One request to Clarifai: its turn, its deadline, its repeats, its line in the log."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import grpc
from clarifai_grpc.grpc.api.resources_pb2 import UserAppIDSet
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode as Code
from clarifai_grpc.grpc.api.status.status_pb2 import Status

from bot.clarifai.reactions import Repeat, error_for, reaction_to_status, reaction_to_transport
from bot.domain.errors import AlreadyExists, NotFound, PlatformError, PlatformUnavailable, WrongKey

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event
    from typing import TypeVar

    from clarifai_grpc.grpc.api.service_pb2_grpc import V2Stub

    from bot.clarifai.limiter import Limiter
    from bot.clarifai.patience import Patience
    from bot.clarifai.reactions import Reaction
    from bot.clarifai.rpcs import A, Q, Reply, Rpc

    T = TypeVar("T")

log = logging.getLogger(__name__)

DONE = frozenset({Code.SUCCESS, Code.ACCEPTED})
PARTLY = frozenset({Code.MIXED_STATUS, Code.FAILURE})
EXPECTED = frozenset({NotFound, AlreadyExists})  # whoever gets or creates meets these every day


@dataclass(frozen=True)
class Line:
    """What the calls of one key share; `single` is the stub whose channel never repeats by itself."""

    repeating: V2Stub
    single: V2Stub
    limiter: Limiter
    patience: Patience
    closing: Event


@dataclass(frozen=True)
class _Trouble:
    reaction: Reaction
    error: PlatformError


class Calls:
    """Sends requests for one app with one key; every failure comes out as a PlatformError."""

    def __init__(self, line: Line, user_id: str, app_id: str, key: str) -> None:
        self._line = line
        self._key = key
        self.user_id = user_id
        self.app_id = app_id
        self.scope = UserAppIDSet(user_id=user_id, app_id=app_id)

    @property
    def key(self) -> str:
        """The access key, once it is known to be one that can be sent.

        Raises:
            WrongKey: it holds characters no key has; gRPC would answer with an error that quotes it.
        """
        if not self._key or not self._key.isascii() or not self._key.isprintable() or " " in self._key:
            raise WrongKey("The access key has characters that no Clarifai key has. Copy it again.")
        return self._key

    def send(
        self, rpc: Rpc[Q, A], request: Q, *, judged_by: Callable[[A], Status] | None = None, longer_s: float = 0.0
    ) -> A:
        """Send `request` and return the answer; repeat with back-off where that is harmless.

        Args:
            rpc: the method, with its deadline.
            request: the message, with its user_app_id.
            judged_by: picks the status that decides instead of the one over all: `per_item`, or an item's own.
            longer_s: seconds added to the patience, for a request that carries much.

        Raises:
            PlatformError: as `bot.clarifai.reactions` maps it.
        """
        patience = self._line.patience
        give_up = time.monotonic() + patience.total_s + rpc.longer_s + longer_s
        for attempt in range(patience.attempts):
            outcome = self._attempt(rpc, request, give_up, judged_by or _overall)
            if not isinstance(outcome, _Trouble):
                return outcome
            pause_s = patience.pause_s(attempt, outcome.reaction.wait_s)
            last = attempt + 1 == patience.attempts or time.monotonic() + pause_s >= give_up
            if last or not _may_repeat(rpc, outcome.reaction) or self._line.closing.wait(pause_s):
                raise outcome.error
        raise AssertionError("the loop returns or raises")  # pragma: no cover

    def converge(self, step: Callable[[], T]) -> T:
        """Run a get-or-create step again after a lost answer, or when somebody else was quicker.

        The step looks first, so that it finds what was made after all and makes only what is missing.

        Raises:
            PlatformError: what the step raised; the two above only after the patience of one call is used up.
        """
        patience = self._line.patience
        give_up = time.monotonic() + patience.total_s
        for attempt in range(patience.attempts - 1):
            try:
                return step()
            except (PlatformUnavailable, AlreadyExists) as error:
                pause_s = patience.pause_s(attempt, 0.0)
                later = isinstance(error, PlatformUnavailable) and error.retry_after_s
                if later or time.monotonic() + pause_s >= give_up or self._line.closing.wait(pause_s):
                    raise
        return step()

    def error_of(self, rpc_name: str, status: Status) -> PlatformError:
        """Make the error for a failed status, of a whole answer or of one item in it."""
        return self._trouble(rpc_name, status).error

    def _attempt(self, rpc: Rpc[Q, A], request: Q, give_up: float, judged_by: Callable[[A], Status]) -> A | _Trouble:
        metadata = (("authorization", f"Key {self.key}"), ("x-clarifai-request-id-prefix", "annotate-bot"))
        self._wait_for_turn(rpc, give_up)
        stub = self._line.repeating if rpc.repeatable else self._line.single
        timeout_s = max(0.001, min(rpc.deadline_s, give_up - time.monotonic()))
        try:
            reply: A = getattr(stub, rpc.name)(request, metadata=metadata, timeout=timeout_s)
        except grpc.RpcError as failure:
            return self._broken(rpc.name, failure)
        except ValueError:
            # gRPC's word for a channel that was closed meanwhile
            raise PlatformUnavailable("The connection to Clarifai was closed.") from None
        status = judged_by(reply)
        if status.code in DONE:
            log.debug("clarifai: %s done, req_id %s", rpc.name, reply.status.req_id)
            return reply
        return self._trouble(rpc.name, status)

    def _wait_for_turn(self, rpc: Rpc[Q, A], give_up: float) -> None:
        wait_s = self._line.limiter.reserve(give_up)
        if wait_s is None:
            raise PlatformUnavailable(f"Too many requests wait before {rpc.name}.", retry_after_s=1.0)
        if self._line.closing.wait(wait_s) if wait_s else self._line.closing.is_set():
            raise PlatformUnavailable("The connection to Clarifai was closed.")

    def _broken(self, rpc_name: str, failure: grpc.RpcError) -> _Trouble:
        code, details = failure.code(), self._without_key(failure.details() or "")
        log.warning("clarifai: %s failed in transport, %s %s", rpc_name, code.name, details)
        reaction = reaction_to_transport(code, details)
        message = f"Clarifai could not be asked ({rpc_name}: {code.name} {details})."
        return _Trouble(reaction, error_for(reaction, message, 0))

    def _trouble(self, rpc_name: str, status: Status) -> _Trouble:
        details = self._without_key(" ".join(part for part in (status.description, status.details) if part))
        reaction = reaction_to_status(status)
        level = logging.INFO if reaction.error in EXPECTED else logging.WARNING
        log.log(level, "clarifai: %s answered %d, req_id %s, %s", rpc_name, status.code, status.req_id, details)
        message = f"Clarifai answered {rpc_name} with {status.code}: {details}"
        return _Trouble(reaction, error_for(reaction, message, status.code))

    def _without_key(self, text: str) -> str:
        return text.replace(self._key, "…")


def per_item(reply: Reply) -> Status:
    """Let an answer pass in which items failed, since each of them has a status of its own."""
    return Status(code=Code.SUCCESS) if reply.status.code in PARTLY else reply.status


def _overall(reply: Reply) -> Status:
    return reply.status


def _may_repeat(rpc: Rpc[Q, A], reaction: Reaction) -> bool:
    if reaction.repeat is Repeat.IF_REPEATABLE:
        return rpc.repeatable
    return reaction.repeat is Repeat.ALWAYS
