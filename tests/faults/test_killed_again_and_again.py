"""One story in which the process is killed with -9 after every named checkpoint; nothing is lost or doubled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.usecases.crashing import Checkpoint
from tests.app.outside import DANA, LABELS, OMAR, wait_until
from tests.app.people import go_live, press, seen, upload
from tests.faults.counting import exactly_one_of_everything, rows, statuses

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.app.outside import Outside

CRASHES_WITHIN_S = 30.0
SETTING_UP = (Checkpoint.STEP_DONE_REMOTELY, Checkpoint.STEP_RECORDED)
TAKING_IN = (
    Checkpoint.PICTURE_DOWNLOADED,
    Checkpoint.INPUT_ADDED,
    Checkpoint.INPUT_RECORDED,
    Checkpoint.ANNOTATIONS_RECORDED,
    Checkpoint.POST_CLAIMED,
    Checkpoint.POST_SENT,
)
LISTING = (Checkpoint.REASONS_SHARED,)
PROBING = (Checkpoint.PROBE_READ, Checkpoint.PROBE_WRITTEN)
EXPORTING = (Checkpoint.EXPORT_SHARED,)
DECIDING = (Checkpoint.DECISION_STORED, Checkpoint.ANNOTATIONS_WRITTEN, Checkpoint.SETTLED, Checkpoint.REACTED)


DROPPED = "dropped.png"
DRAW = """
insert into probe (project_id, input_id, thrown_at, state, attempts, problem)
select project_id, id, now(), 'waiting', 0, '' from input where name = 'dropped.png' returning input_id
"""


@pytest.fixture(autouse=True)
def _dead_workers_are_noticed_soon(outside: Outside) -> None:
    outside.env["BOT_STALLED_S"] = "1"


def crash(outside: Outside, checkpoint: Checkpoint, act: Callable[[], object] = bool) -> None:
    """Start a process, do something, and wait until the process was killed at the checkpoint."""
    process = outside.run(CRASH_AT=f"after:{checkpoint.name.lower()}")
    act()
    wait_until(lambda: not process.running, f"a crash at {checkpoint.value}", CRASHES_WITHIN_S, lambda: process.said)
    assert process.killed, process.said


def answer_every_card(outside: Outside, cards: int) -> None:
    """Press *Approve* on whatever asks something, until so many cards stand there and none asks any more.

    What was rejected is looked at again: that question has its own card, and is for somebody else.
    """

    def asking() -> list[dict[str, Any]]:
        return [c for c in outside.messages("card") if "Approve" in str(c["blocks"])]

    def reviewed() -> bool:
        return len(outside.messages("card")) == cards and not asking()

    pressed: set[str] = set()
    while not reviewed():
        for card in asking():
            if card["ts"] not in pressed:
                press(outside, card, "Approve", by=DANA if "second pair of eyes" in str(card["blocks"]) else OMAR)
                pressed.add(card["ts"])
        outside.slack.wait(lambda: reviewed() or [c for c in asking() if c["ts"] not in pressed], 30, "the next card")


def drawn(outside: Outside, database_url: str) -> str:
    """Upload a picture that shows nothing above the floor, and let its coin fall."""
    ts = outside.slack.upload(OMAR, LABELS, [(DROPPED, outside.picture(people=0.1))])
    wait_until(lambda: rows(database_url, DRAW), "the input to be recorded")
    return ts


def drop_list(outside: Outside) -> str:
    """Drop a list of which no line can go on."""
    return outside.slack.upload(OMAR, LABELS, [("list.csv", b"url\nhttp://10.0.0.1/a.png\n")])


def shared_files(outside: Outside, ts: str) -> list[dict[str, Any]]:
    return [f for reply in outside.slack.replies(LABELS, ts) for f in reply.get("files", [])]


def test_every_checkpoint_is_in_the_story() -> None:
    assert {*SETTING_UP, *TAKING_IN, *LISTING, *PROBING, *EXPORTING, *DECIDING} == set(Checkpoint)


@pytest.mark.fault(2, 12, 13, 14)
def test_a_kill_after_every_checkpoint_loses_and_doubles_nothing(outside: Outside, database_url: str) -> None:
    crash(outside, SETTING_UP[0], lambda: outside.slack.slash("dana", LABELS, "/annotate", "setup people"))
    crash(outside, SETTING_UP[1])
    process = outside.run()
    go_live(outside)
    assert process.end() == 0

    uploads: list[str] = []
    for checkpoint in TAKING_IN:
        crash(outside, checkpoint, lambda: uploads.append(upload(outside, people=0.5)))
    lists: list[str] = []
    for checkpoint in LISTING:
        crash(outside, checkpoint, lambda: lists.append(drop_list(outside)))
    crash(outside, PROBING[0], lambda: uploads.append(drawn(outside, database_url)))
    crash(outside, PROBING[1])
    for checkpoint in EXPORTING:
        crash(outside, checkpoint, lambda: outside.slack.slash("dana", LABELS, "/annotate", "export csv"))
    process = outside.run()
    card = seen(outside, "card", "Approve")
    assert process.end() == 0

    crash(outside, DECIDING[0], lambda: outside.slack.press(OMAR, LABELS, card["ts"], "Reject"))
    for checkpoint in DECIDING[1:]:
        crash(outside, checkpoint)
    process = outside.run()
    answer_every_card(outside, len(uploads) + 1)
    wait_until(lambda: all(status != "ANNOTATION_PENDING" for status, _ in statuses(outside)), "all to be written")
    exactly_one_of_everything(outside, database_url, inputs=len(uploads))
    approved = ("ANNOTATION_SUCCESS", {"people": 1.0})
    assert sorted(statuses(outside)) == [approved] * len(uploads)
    assert process.end() == 0
    assert [len(shared_files(outside, ts)) for ts in lists] == [1]
    exports = [m for m in outside.slack.messages(LABELS) if "as CSV" in m["text"]]
    assert [len(m.get("files", [])) for m in exports] == [2]  # the labels and their data card
