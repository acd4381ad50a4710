"""What was called and what was delivered: for tests, for the page's inspector, never with a token in it."""

import json
from collections import Counter, deque
from dataclasses import dataclass
from typing import NamedTuple

from bot.sandbox.slack.tickets import masked
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.workspace import Workspace

KEPT_CALLS = 5000
KEPT_LINES = 200
LONGEST_EXCERPT = 1500
"""Characters of JSON."""


class ApiCall(NamedTuple):
    """One call of the Web API with what was answered."""

    method: str
    args: Json
    response: Json


@dataclass(frozen=True)
class Line:
    """One line of the inspector; `took_ms` in milliseconds."""

    kind: str
    name: str
    ok: bool
    error: str | None
    took_ms: float
    sent: str
    answered: str


class Journal:
    """Bounded memory of calls and deliveries."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.calls: deque[ApiCall] = deque(maxlen=KEPT_CALLS)
        self.counts: Counter[str] = Counter()
        self.lines: deque[Json] = deque(maxlen=KEPT_LINES)

    def called(self, call: ApiCall, took_ms: float) -> None:
        self.calls.append(ApiCall(call.method, masked(call.args), call.response))
        self.counts[call.method] += 1
        ok = bool(call.response.get("ok", True))
        error = str(call.response.get("error", "")) or None
        self._write(Line("api", call.method, ok, error, took_ms, _short(call.args), _short(call.response)))

    def delivered(self, name: str, payload: Json, error: str | None, took_ms: float) -> None:
        self._write(Line("delivery", name, error is None, error, took_ms, _short(payload), ""))

    def _write(self, line: Line) -> None:
        entry: Json = {
            "at": self._workspace.clock().isoformat(),
            "kind": line.kind,
            "name": line.name,
            "ok": line.ok,
            "ms": round(line.took_ms, 1),
            "sent": line.sent,
        }
        if line.answered:
            entry["answered"] = line.answered
        if line.error is not None:
            entry["error"] = line.error
        self.lines.append(entry)
        self._workspace.announce({"type": "log", "entry": entry})


def _short(document: Json) -> str:
    text = json.dumps(masked(document), ensure_ascii=False)
    return text if len(text) <= LONGEST_EXCERPT else f"{text[:LONGEST_EXCERPT]}…"
