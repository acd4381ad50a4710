"""What the gallery is made of: shelves of samples, and how each is shown."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.slack import saying
from bot.usecases.chat import Mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bot.domain.views import View
    from bot.usecases.chat import PostKind

AT = dt.datetime(2026, 5, 3, 7, 0, tzinfo=dt.UTC)
CHANNEL, DIRECT, THREAD, TS = "C0LABELS01", "D0OMAR0001", "1777791600.000100", "1777791601.000200"
DANA, OMAR = "U0DANA00001", "U0OMAR00001"


@dataclass(frozen=True)
class Call:
    """One call of Slack's Web API."""

    method: str
    args: dict[str, Any]


@dataclass(frozen=True)
class Shelf:
    """The samples of one kind by name, and the calls that show one of them."""

    kind: str
    samples: Mapping[str, object]
    calls: Callable[[Any], Iterator[Call]]


def stands_as(kind: PostKind, *, thread_ts: str = "") -> Callable[[View], Iterator[Call]]:
    """Show a view as a post that stands: posted once, and drawn anew when it changes."""

    def shown(view: View) -> Iterator[Call]:
        mark = Mark(kind, "sample")
        yield Call("chat.postMessage", saying.posted(CHANNEL, view, mark, thread_ts=thread_ts))
        yield Call("chat.update", saying.updated(CHANNEL, TS, view, mark))

    return shown
