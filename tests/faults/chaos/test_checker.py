"""The judge of the chaos runs finds what it is there to find, and nothing where nothing is wrong."""

from __future__ import annotations

import ast
import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.chaos.checker import check
from tests.faults.chaos.linear import Op, Question, TooMany, explains

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HERE = Path(__file__).parent
OMAR, MIA = "U0OMAR", "U0MIA"
Line = dict[str, Any]


def good() -> list[Line]:
    """One picture, of which Omar approved one concept and Mia rejected the other; both were written once."""
    held = {"annotation": "a1", "input": "in1"}
    before = {**held, "status": "ANNOTATION_PENDING", "concepts": {"people": 0.5, "man": 0.4}}
    after = {**held, "status": "ANNOTATION_SUCCESS", "concepts": {"people": 1.0, "man": 0.0}}
    said = [
        {"concept": "people", "verdict": "approve", "decided_by": OMAR},
        {"concept": "man", "verdict": "reject", "decided_by": MIA},
    ]
    picture, write = {"input": "in1", "values": {"man": 0.5}}, {**after, "info": {"write": 2, "decisions": said}}
    return [
        {"what": "upload", "at": 1.0, "channel": "C1", "ts": "1.1", "pictures": [picture]},
        {"what": "delivered", "at": 1.1, "ts": "1.1", "event": "message", "status": 200},
        {"what": "annotated", "at": 2.0, **before},
        *_click(1, 3.0, OMAR, "approve", [11]),
        *_click(2, 4.0, MIA, "reject", [12]),
        *_click(3, 5.0, OMAR, "reject", [11]),
        {"what": "patch", "at": 6.0, "state": "invoke", "id": 4, "annotations": [write]},
        {"what": "patch", "at": 6.1, "state": "ok", "id": 4},
        *_cut(5, 7.0, 0.9),
        {"what": "rest", "at": 9.0, "left": {}},
        _message("annotate_upload", "u1", thread="1.1"),
        _message("annotate_card", "in1"),
        {"what": "cuts", "at": 9.1, "channel": "C1", "accept": {"people": 0.9, "man": 0.95}},
        {"what": "input", "at": 9.1, "channel": "C1", "input": "in1"},
        {"what": "holds", "at": 9.1, **after},
        *_decided(11, "people", "approve", OMAR),
        *_decided(12, "man", "reject", MIA),
        {"what": "ended", "at": 9.2, "process": "web 1", "status": 0},
    ]


def _decided(review: int, concept: str, verdict: str, by: str) -> list[Line]:
    asked = {"id": review, "annotation_id": "a1", "input_id": "in1", "concept_id": concept, "state": "settled"}
    answered = {"review_id": review, "revision": 1, "verdict": verdict, "final": True, "decided_by": by}
    return [{"what": "review", "at": 9.1, **asked}, {"what": "decision", "at": 9.1, **answered}]


def _click(number: int, at: float, by: str, act: str, reviews: list[int]) -> list[Line]:
    begun = {"what": "click", "at": at, "state": "invoke", "id": number, "by": by, "act": act, "reviews": reviews}
    return [{**begun, "input": "in1"}, {"what": "click", "at": at + 0.1, "state": "ok", "id": number, "error": None}]


def _cut(number: int, at: float, accept: float) -> list[Line]:
    asked = {"what": "cut", "at": at, "state": "invoke", "id": number, "channel": "C1", "concept": "people"}
    return [{**asked, "accept": accept}, {"what": "cut", "at": at + 0.1, "state": "ok", "id": number, "saved": True}]


def _message(kind: str, subject: str, thread: str = "") -> Line:
    mark = {"mark": f"{kind} {subject}", "kind": kind, "subject": subject}
    return {"what": "stands", "at": 9.1, "channel": "C1", "ts": "2.1", "thread": thread, **mark}


def first(lines: list[Line], what: str, **fields: object) -> Line:
    return next(one for one in lines if one["what"] == what and all(one.get(k) == v for k, v in fields.items()))


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    report = check(good())
    assert report.is_clean, str(report)
    assert report.counts["clicks"] == 3


def _drop(what: str, **fields: object) -> Callable[[list[Line]], object]:
    return lambda lines: lines.remove(first(lines, what, **fields))


def _change(what: str, name: str, value: object, **fields: object) -> Callable[[list[Line]], object]:
    return lambda lines: first(lines, what, **fields).update({name: value})


def _again(what: str, **fields: object) -> Callable[[list[Line]], object]:
    return lambda lines: lines.append(copy.deepcopy(first(lines, what, **fields)))


def _written_otherwise(lines: list[Line]) -> None:
    other = copy.deepcopy(first(lines, "patch", state="invoke"))
    other["annotations"][0]["concepts"]["man"] = 1.0
    lines.append(other)


LOST = {
    "a verdict": _change("holds", "concepts", {"people": 0.5, "man": 0.4}),
    "a status": _change("holds", "status", "ANNOTATION_PENDING"),
    "the second verdict won": _change("holds", "concepts", {"people": 0.0, "man": 0.0}),
    "an annotation": _drop("holds"),
    "an input": _drop("input"),
    "the answer to an upload": _drop("stands", kind="annotate_upload"),
    "a question": _drop("review", concept_id="man"),
    "a threshold": _change("cuts", "accept", {"people": 0.95}),
    "a threshold, off without a word": _change("cuts", "accept", {"people": 0.9, "man": 2.0}),
}
DOUBLED = {
    "a card": _again("stands", kind="annotate_card"),
    "a verdict": _again("decision", verdict="approve"),
    "two ways to write one count": _written_otherwise,
}
WRONG = {
    "something is left": _change("rest", "left", {"posts": 1}),
    "no end": _drop("rest"),
    "a bad end": _change("ended", "status", -9),
    "a message without a mark": _change("stands", "mark", "", kind="annotate_card"),
    "a write before the press": _change("patch", "at", 3.5, state="invoke"),
    "a death": lambda lines: lines.append({"what": "died", "at": 5, "process": "web 1", "status": 1, "said": "oh"}),
}


@pytest.mark.parametrize("spoil", LOST.values(), ids=LOST)
def test_what_was_lost_is_found(spoil: Callable[[list[Line]], object]) -> None:
    lines = good()
    spoil(lines)
    assert check(lines).lost


@pytest.mark.parametrize("spoil", DOUBLED.values(), ids=DOUBLED)
def test_what_was_doubled_is_found(spoil: Callable[[list[Line]], object]) -> None:
    lines = good()
    spoil(lines)
    assert check(lines).doubled


@pytest.mark.parametrize("spoil", WRONG.values(), ids=WRONG)
def test_what_else_is_wrong_is_found(spoil: Callable[[list[Line]], object]) -> None:
    lines = good()
    spoil(lines)
    assert check(lines).wrong


def test_a_picture_without_a_card_that_nobody_could_answer_is_lost() -> None:
    lines = [line for line in good() if line["what"] not in {"click", "decision", "patch"}]
    _drop("stands", kind="annotate_card")(lines)
    assert any("no card" in one for one in check(lines).lost)


def test_a_concept_may_be_off_where_the_channel_was_told_of_its_checks() -> None:
    lines = good()
    _change("cuts", "accept", {"people": 0.9, "man": 2.0})(lines)
    told = _message("annotate_announcement", "thresholds 3")
    lines.append({**told, "text": "man is switched off: too many of its automatic labels are wrong."})
    assert check(lines).is_clean


def test_a_threshold_line_whose_earlier_delivery_was_saved_counts() -> None:
    lines = good()
    asked, answered = _cut(6, 8.0, 0.8)
    said = "people is at accept 0.80 already. Nothing was changed."
    lines += [asked, {**answered, "saved": False, "said": said}]
    assert check(lines).lost
    _change("cuts", "accept", {"people": 0.8, "man": 0.95})(lines)
    assert check(lines).is_clean


def test_an_upload_that_slack_never_delivered_is_not_the_bots_loss() -> None:
    lines = [line for line in good() if line["what"] in {"upload", "delivered", "rest"}]
    assert check(lines).lost
    _change("delivered", "status", 500)(lines)
    report = check(lines)
    assert report.is_clean
    assert report.counts["uploads that Slack gave up delivering"] == 1


# -- orders of presses ---------------------------------------------------------------------------------------------

FOREVER = float("inf")


def _ends_as(verdict: str) -> Callable[[Mapping[int, Question]], bool]:
    return lambda card: card[1].verdict == verdict


@pytest.mark.parametrize(
    ("presses", "possible"),
    [
        ([(0, 1, OMAR, "approve"), (2, 3, MIA, "reject")], {"approve"}),
        ([(0, 2, OMAR, "approve"), (1, 3, MIA, "reject")], {"approve", "reject"}),
        ([(0, FOREVER, OMAR, "approve"), (2, 3, MIA, "reject")], {"approve", "reject"}),
        ([(2, FOREVER, OMAR, "approve"), (0, 1, MIA, "reject")], {"reject"}),
        ([(0, FOREVER, OMAR, "approve")], {"approve", ""}),
        ([(0, 1, OMAR, "approve"), (2, 3, OMAR, "undo")], {""}),
        ([(0, 1, OMAR, "approve"), (2, 3, MIA, "undo")], {"approve"}),
        ([(0, 1, OMAR, "approve"), (2, FOREVER, OMAR, "undo"), (4, 5, MIA, "reject")], {"approve", "reject", ""}),
        ([(0, 1, OMAR, "unsure"), (2, 3, OMAR, "unsure")], {""}),
        ([(0, 1, OMAR, "unsure"), (2, 3, MIA, "unsure")], {"unsure"}),
        ([(0, 1, OMAR, "unsure"), (2, 3, MIA, "reject")], {"reject"}),
    ],
)
def test_only_orders_that_fit_the_times_explain_what_stands(
    presses: list[tuple[float, float, str, str]], possible: set[str]
) -> None:
    ops = [Op(began, ended, by, act, () if act == "undo" else (1,)) for began, ended, by, act in presses]
    ends = ("", "approve", "reject", "unsure")
    assert {end for end in ends if explains(ops, [1], _ends_as(end))} == possible


def test_a_press_on_one_question_leaves_the_other_alone() -> None:
    ops = [Op(0, 1, OMAR, "approve", (1,))]
    assert explains(ops, [1, 2], lambda card: card[1].by == OMAR and card[2] == Question())
    assert not explains(ops, [1, 2], lambda card: bool(card[2].verdict))


def test_too_many_orders_are_said_to_be_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.faults.chaos.linear.MOST_TRIED", 50)
    ops = [Op(0, 9, f"U{n}", "unsure" if n % 2 else "undo", (1, 2)) for n in range(12)]
    with pytest.raises(TooMany):
        explains(ops, [1, 2], lambda _: False)


def test_the_judge_shares_no_code_with_the_bot() -> None:
    for name in ("checker.py", "linear.py"):
        tree = ast.parse((HERE / name).read_text(encoding="utf-8"))
        imported = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
        imported += [alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names]
        assert {m for m in imported if m.partition(".")[0] in {"bot", "tests"}} <= {"tests.faults.chaos.linear"}
