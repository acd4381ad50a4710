"""What people do with the bot, each act repeated until it took effect, whatever happens to the process meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.app.outside import DANA, DEADLINE_S, LABELS, OMAR

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.app.outside import Outside


def seen(outside: Outside, kind: str, words: str, within_s: float = DEADLINE_S) -> dict[str, Any]:
    """Wait until a message of this kind shows these words."""

    def found() -> dict[str, Any] | None:
        return next((m for m in outside.messages(kind) if words in str(m["blocks"])), None)

    return outside.slack.wait(found, within_s, f"a {kind} that says {words!r}")


def set_up(outside: Outside, what: str = "people") -> dict[str, Any]:
    """Set the channel up; returns the checklist with its *Go live*."""
    answer = outside.slack.slash(DANA, LABELS, "/annotate", f"setup {what}")
    assert answer.status == "ok", answer
    return seen(outside, "checklist", "Go live")


def go_live(outside: Outside) -> None:
    """Press *Go live* once the checklist offers it."""
    checklist = seen(outside, "checklist", "Go live")
    press(outside, checklist, "Go live", by=DANA)
    seen(outside, "checklist", "This channel is live")


def upload(outside: Outside, name: str = "photo.png", **values: float) -> str:
    return outside.slack.upload(OMAR, LABELS, [(name, outside.picture(**values))])


def press(outside: Outside, message: dict[str, Any], label: str, by: str = OMAR) -> None:
    answer = outside.slack.press(by, LABELS, message["ts"], label)
    assert answer.ok, f"{answer}\n{outside.processes[-1].said[-4000:]}"


def press_until(outside: Outside, message: dict[str, Any], label: str, done: Callable[[], object]) -> None:
    """Press as somebody does who sees "that did not work": again, after a look at whether it did."""
    while not done():
        outside.slack.press(OMAR, LABELS, message["ts"], label)
