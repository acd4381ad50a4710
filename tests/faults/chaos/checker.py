"""Reads the history of a run and says what was lost and what was doubled. It shares no code with the bot.

    python -m tests.faults.chaos.checker history.jsonl

What it holds against the history: every picture is an input with one card (or an answer that it needs none) and one
answer; what Clarifai holds is explained by the presses in some order that fits their times; no write says what nobody
pressed; no message stands twice; no decision is recorded twice; the thresholds are those asked for last; nothing is
left to do and nobody died by themselves.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.faults.chaos.linear import Op, Question, TooMany, explains

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Line = dict[str, Any]
OFF = 2.0  # a cut above any value
HTTP_OK = 200
FLOOR = 0.2  # of every concept in these runs: below it nothing is asked


@dataclass
class Report:
    """What a run came to. `lost` and `doubled` and `wrong` are sentences, one for each case."""

    counts: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.wrong)

    def __str__(self) -> str:
        counted = ", ".join(f"{count} {what}" for what, count in self.counts.items())
        ends = f"{len(self.lost)} lost, {len(self.doubled)} doubled, {len(self.wrong)} otherwise wrong"
        told = [f"  {kind}: {one}" for kind in ("lost", "doubled", "wrong") for one in getattr(self, kind)]
        return "\n".join([f"{counted}; {ends}", *told])


def check(lines: Iterable[Line]) -> Report:
    """Check a whole history."""
    by_what: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_what[line["what"]].append(line)
    report = Report()
    _count(by_what, report)
    _check_rest(by_what, report)
    _check_messages(by_what["stands"], report)
    _check_uploads(by_what, report)
    _check_decisions(by_what, report)
    _check_annotations(by_what, report)
    _check_writes(by_what, report)
    _check_cuts(by_what, report)
    return report


def _count(by_what: Mapping[str, Sequence[Line]], report: Report) -> None:
    clicks = Counter(line["state"] for line in by_what["click"])
    patches = Counter(line["state"] for line in by_what["patch"])
    report.counts.update(
        {
            "clicks": clicks["ok"] + clicks["unknown"],
            "of them unanswered": clicks["unknown"],
            "uploads": len(by_what["upload"]),
            "pictures": sum(len(line["pictures"]) for line in by_what["upload"]),
            "messages": len(by_what["stands"]),
            "patches": patches["ok"],
            "threshold changes": sum(bool(line.get("saved")) for line in by_what["cut"]),
            "kills": len(by_what["kill"]),
            "pauses": len(by_what["pause"]),
            "ends": len(by_what["ended"]),
            "failures of services": len(by_what["weather"]),
        }
    )


def _check_rest(by_what: Mapping[str, Sequence[Line]], report: Report) -> None:
    if not by_what["rest"]:
        report.wrong.append("the run did not come to its end")
    for line in by_what["rest"]:
        if line["left"]:
            report.wrong.append(f"left to do in the end: {line['left']}")
    for line in by_what["died"]:
        report.wrong.append(f"{line['process']} died by itself ({line['status']}): {line['said'][-300:]}")
    for line in by_what["ended"]:
        if line["status"]:
            report.wrong.append(f"{line['process']} was asked to end and ended with {line['status']}")


def _check_messages(stands: Sequence[Line], report: Report) -> None:
    marks = Counter((line["channel"], line["mark"]) for line in stands)
    for (channel, mark), count in marks.items():
        if not mark:
            report.wrong.append(f"{count} messages in {channel} carry no mark")
        elif count > 1:
            report.doubled.append(f"{mark} stands {count} times in {channel}")


def _check_uploads(by_what: Mapping[str, Sequence[Line]], report: Report) -> None:
    inputs = {(line["channel"], line["input"]) for line in by_what["input"]}
    cards = {(line["channel"], line["subject"]) for line in by_what["stands"] if line.get("kind") == "annotate_card"}
    answered = {line["thread"] for line in by_what["stands"] if line.get("kind") == "annotate_upload"}
    spared = {line["input"] for line in by_what["click"] if line["state"] == "invoke"}
    taken = {line["ts"] for line in by_what["delivered"] if line["status"] == HTTP_OK}
    for upload in by_what["upload"]:
        if upload["ts"] not in taken:
            report.counts["uploads that Slack gave up delivering"] += 1
            continue
        if upload["ts"] not in answered:
            report.lost.append(f"the upload {upload['ts']} was never answered")
        for picture in upload["pictures"]:
            place = (upload["channel"], picture["input"])
            if place not in inputs:
                report.lost.append(f"the picture {picture['input']} never reached Clarifai")
            elif _asks(picture["values"]) and place not in cards and picture["input"] not in spared:
                report.lost.append(f"the picture {picture['input']} has no card")


def _asks(values: Mapping[str, float]) -> bool:
    """Whether people have to see a picture: at first whatever passes the floor is theirs to review or to check."""
    return any(value >= FLOOR for value in values.values())


def _ops(by_what: Mapping[str, Sequence[Line]]) -> dict[str, list[Op]]:
    """The presses of each card, by input."""
    ends = {line["id"]: line for line in by_what["click"] if line["state"] in {"ok", "unknown"}}
    found: dict[str, list[Op]] = defaultdict(list)
    for line in by_what["click"]:
        if line["state"] == "invoke":
            end = ends.get(line["id"])
            if end is not None and end.get("error") == "no_such_button":
                continue
            ended = end["at"] if end is not None and end["state"] == "ok" else math.inf
            found[line["input"]].append(Op(line["at"], ended, line["by"], line["act"], tuple(line["reviews"])))
    return found


def _check_decisions(by_what: Mapping[str, Sequence[Line]], report: Report) -> None:
    """No question has two verdicts in one revision, and none was recorded more often than somebody pressed it."""
    final = Counter((d["review_id"], d["revision"], d["verdict"] == "undo") for d in by_what["decision"] if d["final"])
    for (review, revision, undone), count in final.items():
        if count > 1:
            what = "undos" if undone else "verdicts"
            report.doubled.append(f"review {review} has {count} {what} in revision {revision}")
    of_input = {line["id"]: line["input_id"] for line in by_what["review"]}
    asked = Counter(
        (review, op.by, op.act)
        for input_id, ops in _ops(by_what).items()
        for op in ops
        for review in (op.reviews or [n for n, i in of_input.items() if i == input_id])
    )
    recorded = Counter((d["review_id"], d["decided_by"], d["verdict"]) for d in by_what["decision"])
    for key, count in recorded.items():
        if count > asked[key]:
            report.doubled.append(f"{key} was pressed {asked[key]} times and recorded {count} times")


def _check_annotations(by_what: Mapping[str, Sequence[Line]], report: Report) -> None:
    """What Clarifai holds of each picture is what its presses lead to, in an order that fits their times."""
    made: dict[str, list[Line]] = defaultdict(list)
    for line in by_what["annotated"]:
        made[line["input"]].append(line)
    holds = {line["annotation"]: line for line in by_what["holds"]}
    asked: dict[str, dict[str, int]] = defaultdict(dict)  # by annotation: concept -> review
    for review in by_what["review"]:
        if review["state"] != "unchecked":
            asked[review["annotation_id"]][review["concept_id"]] = review["id"]
    ops = _ops(by_what)
    for input_id, written in made.items():
        for one in written:
            pending = one["concepts"] if one["status"] == "ANNOTATION_PENDING" else ()
            for concept in set(pending) - asked[one["annotation"]].keys():
                report.lost.append(f"{concept} of {input_id} waits in Clarifai and nobody was asked")
        if any(one["annotation"] not in holds for one in written):
            report.lost.append(f"an annotation of {input_id} is gone")
        else:
            _check_picture(
                ops[input_id], [(o, holds[o["annotation"]], asked[o["annotation"]]) for o in written], report
            )


def _check_picture(ops: Sequence[Op], annotations: Sequence[tuple[Line, Line, dict[str, int]]], report: Report) -> None:
    """Check one picture: its annotations as they were made, as they stand, and the review of each concept."""

    def stands(card: Mapping[int, Question]) -> bool:
        return all(
            _same(_expected(o, {c: card[n] for c, n in asked.items()}), there) for o, there, asked in annotations
        )

    reviews = [n for _, _, asked in annotations for n in asked.values()]
    try:
        if not explains(ops, reviews, stands):
            shown = [(there["status"], there["concepts"]) for _, there, _ in annotations]
            report.lost.append(f"no order of {ops} leads to {shown} of {annotations[0][0]['input']}")
    except TooMany as many:
        report.wrong.append(f"{annotations[0][0]['input']} cannot be judged: {many}")


def _expected(made: Line, questions: Mapping[str, Question]) -> tuple[str, dict[str, float]]:
    """Status and values of an annotation when its questions stand like this ("What a verdict writes")."""
    before = (made["status"], made["concepts"])
    verdicts = {concept: question.verdict for concept, question in questions.items()}
    if "" in verdicts.values():
        return before
    if made["status"] == "ANNOTATION_PENDING":
        if not {"approve", "reject"} & set(verdicts.values()):
            return before
        kept = {c: v for c, v in made["concepts"].items() if verdicts.get(c) != "unsure"}
        values = {c: {"approve": 1.0, "reject": 0.0}.get(verdicts.get(c, ""), v) for c, v in kept.items()}
        accepted = "approve" in verdicts.values()
        return ("ANNOTATION_SUCCESS" if accepted else "ANNOTATION_REVIEW_DENIED", values)
    values = {c: 0.0 if verdicts.get(c) == "reject" else v for c, v in made["concepts"].items()}
    return ("ANNOTATION_SUCCESS" if any(values.values()) else "ANNOTATION_REVIEW_DENIED", values)


def _same(expected: tuple[str, dict[str, float]], holds: Line) -> bool:
    status, values = expected
    there = holds["concepts"]
    return bool(
        status == holds["status"]
        and values.keys() == there.keys()
        and all(abs(values[c] - there[c]) < 1e-4 for c in values)
    )


def _check_writes(by_what: Mapping[str, Sequence[Line]], report: Report) -> None:
    """Each write says who decided what: somebody pressed it before. The same count of decisions is written alike."""
    pressed: dict[tuple[str, str, str], float] = {}
    concepts = {line["id"]: line["concept_id"] for line in by_what["review"]}
    for input_id, ops in _ops(by_what).items():
        for op in ops:
            for review in op.reviews:
                key = (f"{input_id} {concepts.get(review, '?')}", op.by, op.act)
                pressed[key] = min(op.began, pressed.get(key, math.inf))
    alike: dict[tuple[str, float], Line] = {}
    for patch in (line for line in by_what["patch"] if line["state"] == "invoke"):
        for one in patch["annotations"]:
            for said in one["info"].get("decisions", []):
                key = (f"{one['input']} {said['concept']}", said["decided_by"], said["verdict"])
                if pressed.get(key, math.inf) > patch["at"]:
                    report.wrong.append(f"a write says what nobody had pressed: {key}")
            before = alike.setdefault((one["annotation"], one["info"].get("write", 0)), one)
            if (before["status"], before["concepts"]) != (one["status"], one["concepts"]):
                report.doubled.append(f"{one['annotation']} was written in two ways for one count of decisions")


def _check_cuts(by_what: Mapping[str, Sequence[Line]], report: Report) -> None:
    """Each threshold is what was asked last (unanswered: at any time), or off where the channel was told so."""
    asked = {line["id"]: line for line in by_what["cut"] if line["state"] == "invoke"}
    may: dict[tuple[str, str], set[float]] = defaultdict(lambda: {0.95})
    for line in by_what["cut"]:
        if line["state"] == "invoke":
            continue
        change = asked[line["id"]]
        place = (change["channel"], change["concept"])
        if line["state"] == "unknown":
            may[place].add(change["accept"])
        elif line["saved"] or "already" in line.get("said", ""):  # an earlier delivery of the line may have saved it
            unknown = {
                asked[other["id"]]["accept"]
                for other in by_what["cut"]
                if other["state"] == "unknown"
                and (asked[other["id"]]["channel"], asked[other["id"]]["concept"]) == place
            }
            may[place] = {change["accept"]} | unknown
    for line in by_what["stands"]:
        concept, switched_off, _ = line.get("text", "").partition(" is switched off: ")
        if switched_off:
            may[line["channel"], concept].add(OFF)
    for line in by_what["cuts"]:
        for concept, accept in line["accept"].items():
            if not any(abs(accept - one) < 1e-6 for one in may[line["channel"], concept]):
                report.lost.append(
                    f"{concept} in {line['channel']} is at {accept}, not {may[line['channel'], concept]}"
                )


def read(path: Path) -> list[Line]:
    """Read a history."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    checked = check(read(Path(sys.argv[1])))
    sys.stdout.write(f"{checked}\n")
    sys.exit(not checked.is_clean)
