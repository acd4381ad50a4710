"""Faults on demand, and a record of what was asked: how a test makes the platform misbehave and counts requests."""

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import grpc
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes
from google.protobuf.message import Message

from bot.sandbox.clarifai.answers import Refusal

REMEMBERED: Final = 2000  # requests
LATER_PAGE: Final = "any page but the first"
LARGEST_REMEMBERED: Final = 64 * 1024  # bytes; larger ones (images) are remembered by name only


class TransportFault(Exception):
    """The call is to end with a gRPC code instead of a reply."""

    def __init__(self, code: grpc.StatusCode) -> None:
        super().__init__(code.name)
        self.code = code


class Calls:
    """How often each RPC came in, and the latest requests themselves."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.received: deque[tuple[str, Message | None]] = deque(maxlen=REMEMBERED)

    def __getitem__(self, rpc: str) -> int:
        return self.counts[rpc]

    def note(self, rpc: str, request: Message) -> None:
        self.counts[rpc] += 1
        self.received.append((rpc, request if request.ByteSize() <= LARGEST_REMEMBERED else None))

    def clear(self) -> None:
        self.counts.clear()
        self.received.clear()


@dataclass
class _Planted:
    rpc: str
    code: grpc.StatusCode | int
    times: int
    item: str = ""


@dataclass
class Faults:
    calls: Calls = field(default_factory=Calls)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _outages: int = 0
    _before: list[_Planted] = field(default_factory=list)
    _after: list[_Planted] = field(default_factory=list)
    _items: list[_Planted] = field(default_factory=list)
    _delays: dict[str, threading.Event] = field(default_factory=dict)
    _stopped: threading.Event = field(default_factory=threading.Event)
    _down: bool = False
    _slow_s: dict[str, float] = field(default_factory=dict)
    _expired: set[str] = field(default_factory=set)

    def go_down(self) -> None:
        """Be away, as in `outage`, until `clear`."""
        self._down = True

    def slow(self, seconds: float, rpc: str = "") -> None:
        """Answer every call, or those of one RPC, so many seconds later, until `clear`."""
        self._slow_s[rpc] = seconds

    def expire(self, user: str) -> None:
        """Know the key of this user no more, until `clear`."""
        self._expired.add(user)

    def is_expired(self, user: str) -> bool:
        return user in self._expired

    def shift_pages(self, by: int, times: int = 1) -> None:
        """Start the next later pages of lists and searches `by` rows further on.

        That is what a reader sees where something before the page went away (1) or was put in (-1) meanwhile.
        """
        self._plant(self._before, _Planted(LATER_PAGE, by, times))

    def take_shift(self) -> int:
        taken = self._take(self._before, LATER_PAGE)
        return taken if isinstance(taken, int) else 0

    @contextmanager
    def outage(self) -> Iterator[None]:
        """Every call ends UNAVAILABLE and nothing is changed."""
        self._outages += 1
        try:
            yield
        finally:
            self._outages -= 1

    def fail_next(self, rpc: str, code: grpc.StatusCode | int, times: int = 1) -> None:
        """The next calls fail before anything happens: with a gRPC code, or with a status code in the reply.

        The official channel tries UNAVAILABLE five times unseen: plant that five times to be noticed.
        """
        self._plant(self._before, _Planted(rpc, code, times))

    def apply_then_fail(
        self, rpc: str, times: int = 1, code: grpc.StatusCode = grpc.StatusCode.DEADLINE_EXCEEDED
    ) -> None:
        """The next calls do their work, but the client is told that they failed."""
        self._plant(self._after, _Planted(rpc, code, times))

    def delay(self, rpc: str, until: threading.Event) -> None:
        """Calls of this RPC wait for the event before anything happens."""
        self._delays[rpc] = until

    def item_failure(self, rpc: str, item: str, code: int, times: int = 1) -> None:
        """One item of the next bulk calls is refused with this status code."""
        self._plant(self._items, _Planted(rpc, code, times, item))

    def clear(self) -> None:
        """Take back everything that was planted and not yet used."""
        with self._lock:
            for planted in (self._before, self._after, self._items):
                planted.clear()
            self._delays.clear()
            self._slow_s.clear()
            self._expired.clear()
            self._down = False

    def server_runs(self, running: bool) -> None:
        """Delayed calls are let go when the server stops."""
        if running:
            self._stopped.clear()
        else:
            self._stopped.set()

    def before(self, rpc: str, request: Message) -> None:
        """Note the call, wait and fail as planted."""
        with self._lock:
            self.calls.note(rpc, request)
        until = self._delays.get(rpc)
        while until is not None and not until.wait(0.05) and not self._stopped.is_set():
            pass
        self._stopped.wait(self._slow_s.get(rpc, self._slow_s.get("", 0.0)))
        if self._outages or self._down:
            raise TransportFault(grpc.StatusCode.UNAVAILABLE)
        self._raise(self._take(self._before, rpc))

    def after(self, rpc: str) -> None:
        self._raise(self._take(self._after, rpc))

    def item_checker(self, rpc: str) -> Callable[[str], None]:
        """What a bulk handler calls with each item's id before it touches the item."""
        return lambda item: self._raise(self._take(self._items, rpc, item))

    def _plant(self, planted: list[_Planted], fault: _Planted) -> None:
        with self._lock:
            planted.append(fault)

    def _take(self, planted: list[_Planted], rpc: str, item: str = "") -> grpc.StatusCode | int | None:
        with self._lock:
            for fault in planted:
                if fault.rpc == rpc and fault.item == item:
                    fault.times -= 1
                    if fault.times <= 0:
                        planted.remove(fault)
                    return fault.code
        return None

    @staticmethod
    def _raise(code: grpc.StatusCode | int | None) -> None:
        if isinstance(code, grpc.StatusCode):
            raise TransportFault(code)
        if code is not None:
            throttled = code == codes.CONN_THROTTLED
            raise Refusal(code, "exceeded limit of 15 requests per second" if throttled else "planted fault")
