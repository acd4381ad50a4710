"""Text that nobody should be able to use against a message, put into every place of a view."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

V = TypeVar("V")

HOSTILE: Mapping[str, str] = {
    "commands of Slack": "<!channel> *x* <http://evil|ok> <@U0DANA00001> &lt;!here&gt;",
    "right to left": "gpj.\u202eexe \u05e9\u05dc\u05d5\u05dd \u2066x",
    "zero width": "pe\u200bople\u200d\ufeff",
    "zero width alone": "\u200b\u2060\ufeff",
    "four bytes": "\U0001f469\U0001f3fd\u200d\U0001f680 \U0001d54f",
    "very long": "a<b>&" * 700,  # 3,500 characters, above every limit of Slack's on a text
    "newlines": "> one\n> two\r\n\u2028three\x00",
    "half a character": "\ud800",
    "nothing": "",
    "blanks": " \t\u00a0 ",
}
# Made by us and never shown: what a button carries. A concept's name within it is at most 64 characters.
OUR_OWN = frozenset(
    {
        ("CardView", "input_id"),
        ("AnsweredView", "channel_id"),
        ("AnsweredView", "input_id"),
        ("HomeView", "next_in"),
        ("QueueView", "channel_id"),
        ("Offer", "text"),
        ("Offer", "command"),
    }
)


def poisoned(view: V, text: str) -> V:
    """Return `view` with `text` in place of every string, however deep; states, numbers and times stay."""
    made: V = _poisoned(view, text)
    return made


def _poisoned(value: Any, text: str) -> Any:  # noqa: ANN401 - whatever stands in a view
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return text
    if isinstance(value, tuple):
        return tuple(_poisoned(one, text) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        foreign = [f.name for f in fields(value) if (type(value).__name__, f.name) not in OUR_OWN]
        return replace(value, **{name: _poisoned(getattr(value, name), text) for name in foreign})
    return value
