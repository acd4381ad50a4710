"""`export`: the labels as a file in the channel, with a data card, and nothing of what people are being asked."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from bot.usecases.crashing import Checkpoint

if TYPE_CHECKING:
    from tests.journeys.lab import Lab

OPEN = ("label", "source", "model_value", "lane", "sampling_probability", "decided_by", "decided_at")


def shared(lab: Lab) -> list[dict[str, Any]]:
    """The messages of the bot that carry files."""
    return [m for m in lab.messages() if m.get("files") and m.get("bot_id")]


def exported(lab: Lab, form: str = "jsonl", by: str = "") -> tuple[str, str]:
    """Ask for an export; returns the file and its data card as anybody in the channel downloads them."""
    before = len(shared(lab))
    said = lab.say(f"export {form}", by)
    assert "follow" in said
    lab.settle_down()
    [message] = shared(lab)[before:]
    files = [lab.parts.chat.file(file["id"]) for file in message["files"]]
    file, card = (lab.parts.chat.download(one, limit=10_000_000).decode() for one in files)
    return file, card


def lines(lab: Lab, by: str = "") -> dict[tuple[str, str], dict[str, Any]]:
    """The lines by (file name, concept)."""
    file, _ = exported(lab, by=by)
    read = [json.loads(line) for line in file.splitlines()]
    by_key = {(line["file_name"], line["concept"]): line for line in read}
    assert len(by_key) == len(read)
    return by_key


def test_each_answer_becomes_a_line_that_says_where_it_comes_from(lab: Lab) -> None:
    lab.set_up("people man")
    lab.press(lab.card_of(name="ask.png", people=0.5, man=0.4), "Approve people")
    lab.press(lab.cards()[-1], "Reject man")
    lab.press(lab.card_of(name="check.png", people=0.98), "Reject")
    lab.settle_down()
    found = lines(lab)
    asked = found["ask.png", "people"]
    assert (asked["label"], asked["source"], asked["model_value"], asked["lane"]) == (1, "human", 0.5, "calibration")
    assert asked["decided_by"] == lab.omar
    assert asked["decided_at"].startswith("2026-05-04T10:")
    assert asked["permalink"].startswith(lab.workspace.url)
    assert asked["input_id"] == f"in{asked['sha256'][:30]}"
    assert (asked["threshold_revision"], asked["sampling_probability"]) == (1, 1.0)
    assert asked["model_version"] == "aa7f35c01e0642fda5cf400f543e7c40"
    [(mapper,)] = lab.rows("select result ->> 'version' from step where name = 'mapper'")
    assert asked["mapper_version"] == mapper
    assert (found["ask.png", "man"]["label"], found["ask.png", "man"]["source"]) == (0, "human")
    checked = found["check.png", "people"]
    assert (checked["label"], checked["source"], checked["lane"]) == (0, "check", "calibration")
    assert ("check.png", "man") not in found


def test_nothing_of_an_open_review_is_given_away(lab: Lab) -> None:
    lab.set_up("people man")
    lab.card_of(name="sure.png", people=0.98)
    lab.card_of(name="unsure.png", people=0.5)
    file, card = exported(lab)
    sure, unsure = (json.loads(line) for line in sorted(file.splitlines(), key=lambda line: "unsure" in line))
    assert {name: sure[name] for name in OPEN} == dict.fromkeys(OPEN)
    differing = {name for name in sure if sure[name] != unsure[name]}
    assert differing <= {"sha256", "permalink", "input_id", "file_name", "split"}
    assert "0.98" not in file
    assert "2 wait for people" in card


def test_parked_is_null_and_undo_opens_again(lab: Lab) -> None:
    lab.set_up("people")
    card = lab.card_of(name="cat.png", people=0.5)
    lab.press(card, "Not sure", by=lab.omar)
    lab.press(card, "Not sure", by=lab.mia)
    lab.settle_down()
    parked = lines(lab)["cat.png", "people"]
    assert (parked["label"], parked["model_value"], parked["decided_by"]) == (None, 0.5, lab.mia)
    lab.press(card, "Undo", by=lab.mia)
    lab.settle_down()
    lab.clock.advance(minutes=2)
    again = lines(lab)["cat.png", "people"]
    assert {name: again[name] for name in OPEN} == dict.fromkeys(OPEN)


def test_automatic_labels_that_nobody_checked_say_so(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(name="sure.png", people=0.98)
    lab.sql("update review set state = 'unchecked', probability = 0.2")
    line = lines(lab)["sure.png", "people"]
    assert (line["label"], line["source"], line["sampling_probability"]) == (1, "auto", 0.2)
    assert round(line["model_value"], 4) == 0.98
    assert line["decided_by"] is None


def test_what_was_changed_in_clarifai_is_null(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(name="cat.png", people=0.5)
    lab.sql("update annotation set closed = true, closed_reason = 'it was deleted in Clarifai'")
    lab.sql("update review set state = 'closed'")
    line = lines(lab)["cat.png", "people"]
    assert (line["label"], line["source"]) == (None, None)


def test_hostile_names_stay_text_in_a_spreadsheet_and_in_the_message(lab: Lab) -> None:
    lab.set_up("people")
    for name in ("=cmd()|'/C calc'!A0.png", "<!channel>.png", "+1\n2.png"):
        lab.press(lab.card_of(name=name, people=0.5), "Approve")
    lab.settle_down()
    file, _ = exported(lab, "csv")
    names = [row["file_name"] for row in csv.DictReader(io.StringIO(file, newline=""))]
    assert sorted(names) == sorted(["'=cmd()|'/C calc'!A0.png", "<!channel>.png", "'+1 2.png"])
    [message] = shared(lab)
    assert message["text"].startswith(f"<@{lab.dana}> asked for this: the labels of this channel as CSV, 3 lines")
    assert "<!channel>" not in message["text"]


def test_coco_has_a_box_per_label_and_names_what_is_not_there(lab: Lab) -> None:
    lab.set_up("people man")
    lab.press(lab.card_of(name="a.png", people=0.5, man=0.4), "Approve people")
    lab.press(lab.cards()[-1], "Reject man")
    lab.card_of(name="b.png", people=0.5)
    region = '{"region": {"top": 0.1, "left": 0.2, "bottom": 0.5, "right": 0.6, "raw": ""}}'
    lab.press(lab.card_of(name="c.png", man=0.6), "Approve")
    lab.settle_down()
    lab.sql(
        "update annotation set snapshot = snapshot || cast(:region as jsonb) "
        "where input_id = (select id from input where name = 'c.png')",
        region=region,
    )
    coco = json.loads(exported(lab, "coco")[0])
    ids = {c["name"]: c["id"] for c in coco["categories"]}
    images = {i["file_name"]: i for i in coco["images"]}
    assert images["a.png"]["neg_category_ids"] == [ids["man"]]
    assert images["b.png"]["unknown_category_ids"] == [ids["people"]]
    boxes = {(a["image_id"], a["category_id"]): a for a in coco["annotations"]}
    assert set(boxes) == {(images["a.png"]["id"], ids["people"]), (images["c.png"]["id"], ids["man"])}
    assert boxes[images["a.png"]["id"], ids["people"]]["bbox"] == [0.0, 0.0, 1.0, 1.0]
    assert boxes[images["c.png"]["id"], ids["man"]]["bbox"] == [0.2, 0.1, 0.4, 0.4]


def test_the_card_says_how_right_the_automatic_labels_were(lab: Lab) -> None:
    lab.set_up("people man")
    for name, verdict in (("1.png", "Approve"), ("2.png", "Approve"), ("3.png", "Approve"), ("4.png", "Reject")):
        lab.press(lab.card_of(name=name, people=0.98), verdict)
    lab.say("people 0.9", command="/annotate-thresholds")
    lab.settle_down()
    _, card = exported(lab)
    assert "| people | 4 | 1 | 75.0% |" in card
    assert "| man | 0 | 0 | unknown |" in card
    assert "1 person gave 3 approvals, 1 rejections and 0 *not sure*, and took 0 back" in card
    assert "| people | 0.90 | 0.20 |" in card
    assert "* 2, 2026-05-04 10:" in card
    assert "absent, not negative" in card
    assert lab.omar not in card


def test_only_full_members_may_ask_and_bad_forms_are_named(lab: Lab) -> None:
    assert "not set up" in lab.say("export jsonl")
    lab.set_up("people")
    assert "Say in which form" in lab.say("export")
    assert "Did you mean jsonl?" in lab.say("export json")
    assert "no form of an export" in lab.say("export jsonl please")
    assert "One moment" in lab.say("export jsonl", by=lab.gus)
    lab.settle_down()
    assert "Guests may not export labels" in lab.whispers(lab.gus)[-1]
    assert not shared(lab)


def test_nothing_to_export_is_told_and_no_file_comes(lab: Lab) -> None:
    lab.set_up("people")
    lab.say("export csv")
    lab.settle_down()
    assert "nothing to export yet" in lab.whispers(lab.dana)[-1]
    assert not shared(lab)


def test_the_same_wish_within_a_minute_is_one_file(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(people=0.5)
    lab.say("export jsonl")
    lab.say("export jsonl")
    lab.settle_down()
    lab.say("export jsonl")
    lab.settle_down()
    assert len(shared(lab)) == 1
    lab.clock.advance(minutes=2)
    lab.say("export jsonl")
    lab.settle_down()
    assert len(shared(lab)) == 2


class Killed(BaseException):
    """As if the process had been killed."""


def test_a_crash_after_sharing_shares_nothing_twice(lab: Lab) -> None:
    def kill(checkpoint: Checkpoint) -> None:
        if checkpoint is Checkpoint.EXPORT_SHARED:
            raise Killed

    lab.set_up("people")
    lab.card_of(people=0.5)
    lab.restart(kill)
    lab.say("export jsonl")
    with pytest.raises(Killed):
        lab.run("export_labels")
    lab.restart()
    lab.clock.advance(minutes=1)
    lab.settle_down()
    assert len(shared(lab)) == 1
    assert lab.rows("select state from export") == [("done",)]


@pytest.mark.parametrize("call", ["files.getUploadURLExternal", "files.completeUploadExternal"])
@pytest.mark.parametrize("ill", ["break_down", "lose_answer", "limit"])
def test_whatever_slack_answers_there_is_one_file_in_the_end(lab: Lab, call: str, ill: str) -> None:
    lab.set_up("people")
    lab.card_of(people=0.5)
    getattr(lab.workspace.faults, ill)(call)
    lab.say("export jsonl")
    lab.run("export_labels")
    lab.clock.advance(minutes=5)
    lab.settle_down()
    assert len(shared(lab)) == 1
    assert lab.rows("select state from export") == [("done",)]


def test_a_file_that_is_too_large_is_refused_with_what_to_do(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.usecases.exporting.sharing.LARGEST_SHARED", 100)
    lab.set_up("people")
    lab.card_of(people=0.5)
    lab.say("export jsonl")
    lab.settle_down()
    assert f"annotate-bot export jsonl --channel {lab.channel}" in lab.whispers(lab.dana)[-1]
    assert not shared(lab)
