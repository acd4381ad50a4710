"""Switches for everything that goes wrong between an app and Slack."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.sandbox.slack.wire import Json

UNAVAILABLE = 503


@dataclass
class CallFault:
    """One fault of a Web API method for its next `times` calls; `method` ``*`` means any, `channel` None likewise."""

    method: str
    times: int
    channel: str | None = None
    error: str | None = None
    retry_after_s: int | None = None
    lose_answer: bool = False
    status: int | None = None

    def meets(self, method: str, args: Json) -> bool:
        return (
            self.times > 0
            and self.method in {"*", method}
            and (self.channel is None or self.channel == args.get("channel"))
        )


@dataclass
class Faults:
    """The switches; each counts down and is off again by itself, but for `outage` and `latency_s`, which stay.

    `latency_s` seconds pass before each Web API call is served and before each delivery is sent. During an `outage`
    every call is answered by a bare 503 and no delivery arrives.
    """

    close_sockets: Callable[[], None]
    refresh_sockets: Callable[[], None]
    latency_s: float = 0.0
    outage: bool = False
    _calls: list[CallFault] = field(default_factory=list)
    _gates: dict[str, threading.Event] = field(default_factory=dict)
    _duplicates: int = 0
    _drops: int = 0

    def fail(self, method: str, error: str, times: int = 1, *, channel: str | None = None) -> None:
        """Answer ``{"ok": false, "error": error}`` and do nothing."""
        self._calls.append(CallFault(method, times, channel, error=error))

    def limit(self, method: str, retry_after_s: int = 1, times: int = 1, *, channel: str | None = None) -> None:
        """Answer 429 with Retry-After."""
        self._calls.append(CallFault(method, times, channel, retry_after_s=retry_after_s))

    def break_down(self, method: str = "*", status: int = 503, times: int = 1) -> None:
        """Answer a bare HTTP error, as a proxy in front of Slack does."""
        self._calls.append(CallFault(method, times, status=status))

    def lose_answer(self, method: str, times: int = 1, *, channel: str | None = None) -> None:
        """Do what is asked, then close the connection instead of answering."""
        self._calls.append(CallFault(method, times, channel, lose_answer=True))

    def clear(self) -> None:
        self._calls.clear()
        self.latency_s, self.outage = 0.0, False
        self._duplicates = self._drops = 0
        for gate in self._gates.values():
            gate.set()
        self._gates.clear()

    @contextmanager
    def hold(self, method: str) -> Iterator[threading.Event]:
        """Let calls of `method` wait until the block ends or its event is set."""
        gate = self._gates[method] = threading.Event()
        try:
            yield gate
        finally:
            gate.set()
            self._gates.pop(method, None)

    def duplicate_deliveries(self, times: int = 1) -> None:
        """Deliver the next events twice, with the same `event_id`."""
        self._duplicates += times

    def drop_deliveries(self, times: int = 1) -> None:
        """Lose the next deliveries on the way; the sender finds them unanswered."""
        self._drops += times

    @property
    def left(self) -> Json:
        """What is still to come, for people to look at: faults of calls, deliveries to double and to lose."""
        calls = sum(fault.times for fault in self._calls)
        return {"calls": calls, "duplicates": self._duplicates, "drops": self._drops}

    def take_call(self, method: str, args: Json) -> CallFault | None:
        if self.outage:
            return CallFault("*", 1, status=UNAVAILABLE)
        for fault in self._calls:
            if fault.meets(method, args):
                fault.times -= 1
                return fault
        return None

    def gate(self, method: str) -> threading.Event | None:
        return self._gates.get(method)

    def take_drop(self) -> bool:
        taken = self._drops > 0
        self._drops -= taken
        return taken or self.outage

    def take_duplicate(self) -> bool:
        taken = self._duplicates > 0
        self._duplicates -= taken
        return taken
