"""A CSV of addresses dropped into the channel: good lines go on, and each other line has its reason."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from google.protobuf.json_format import MessageToDict
from PIL import Image

from bot.usecases.crashing import Checkpoint
from tests.journeys.opening import open_lab

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.journeys.lab import Lab

SITE = "https://photos.example.com"


@pytest.fixture
def web(tmp_path: Path) -> dict[str, Path]:
    """Pictures that the sandbox Clarifai can fetch, by address."""
    found = {}
    for n in range(6):
        path = tmp_path / f"{n}.png"
        Image.new("RGB", (32, 24), (n * 40, 90, 160)).save(path)
        found[f"{SITE}/{n}.png"] = path
    return found


@pytest.fixture
def lab(database_url: str, web: dict[str, Path]) -> Iterator[Lab]:
    with open_lab(database_url, known_urls=web) as opened:
        for n, path in enumerate(web.values()):
            opened.model.plant(path.read_bytes(), {"people": (0.5, 0.97, 0.1)[n % 3]})
        yield opened


def drop(lab: Lab, text: str | bytes, name: str = "photos.csv", by: str = "") -> str:
    data = text if isinstance(text, bytes) else text.encode()
    ts = lab.upload((name, data), by=by)
    lab.settle_down()
    return ts


def answer(lab: Lab, ts: str) -> dict[str, object]:
    """The one answer in words in the thread; files stand beside it."""
    [found] = [r for r in lab.workspace.replies(lab.channel, ts) if r.get("bot_id") and not r.get("files")]
    return found


def reasons(lab: Lab, ts: str) -> list[list[str]]:
    """The lines of the one file with reasons in the thread, without its header."""
    files = [f for r in lab.workspace.replies(lab.channel, ts) if r.get("bot_id") for f in r.get("files", [])]
    assert len(files) <= 1, files
    if not files:
        return []
    assert files[0]["name"] == "photos-reasons.csv"
    data = lab.parts.chat.download(lab.parts.chat.file(files[0]["id"]), limit=10**8)
    header, *lines = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    assert header == ["line", "url", "reason"]
    return lines


def test_good_lines_become_inputs_and_cards_and_are_counted_in_one_answer(lab: Lab) -> None:
    lab.set_up()
    ts = drop(lab, f"url\n{SITE}/0.png\n{SITE}/1.png\n{SITE}/2.png\n")
    said = "photos.csv, 3 lines: 1 labelled, 1 to review, 1 with none of your concepts."
    assert answer(lab, ts)["text"] == said
    assert reasons(lab, ts) == []
    assert len(lab.inputs()) == 3
    [question] = [c for c in lab.cards() if "needs review" in c["text"] and "0.png" in c["text"]]
    lab.press(question, "Approve")
    lab.settle_down()
    assert ("ANNOTATION_SUCCESS", {"people": 1.0}) in lab.held()


def test_the_bot_hands_addresses_on_and_fetches_none_itself(lab: Lab) -> None:
    lab.set_up()
    drop(lab, f"url\n{SITE}/0.png\n")
    [sent] = lab.inputs()
    assert sent.data.image.url == f"{SITE}/0.png"


def test_further_columns_become_metadata(lab: Lab) -> None:
    lab.set_up()
    ts = drop(lab, f"\ufeffcamera;URL;note\r\nleft;{SITE}/0.png;a, b\r\n;{SITE}/1.png;\r\n", by=lab.mia)
    first, second = (MessageToDict(i.data.metadata) for i in lab.inputs())
    assert (first["camera"], first["note"]) == ("left", "a, b")
    assert first["slack_permalink"].endswith(f"/archives/{lab.channel}/p{ts.replace('.', '')}")
    usual = {"slack_permalink": first["slack_permalink"], "uploaded_by": lab.mia, "channel": lab.channel}
    assert second == {**usual, "file_name": "1.png"}


def test_every_line_that_cannot_go_on_has_its_reason_in_one_file(lab: Lab) -> None:
    lab.set_up()
    text = (
        f"url,note\n{SITE}/0.png,\n{SITE}/0.png#again,\nhttp://10.0.0.7/a.png,\nftp://a.example.com/b.png,\n"
        f'"=HYPERLINK(""http://a.example.com"")",\n-1+1,\n,x\nhttps://dead.example.com/gone.png,\n{SITE}/1.png,a,b\n'
    )
    ts = drop(lab, text)
    shown = answer(lab, ts)
    assert shown["text"] == "photos.csv, 9 lines: 1 to review, 8 skipped."
    assert "Line 3 has the address of line 2" in str(shown["blocks"])
    assert "stands in the file" in str(shown["blocks"])
    told = reasons(lab, ts)
    assert [line for line, _, _ in told] == ["3", "4", "5", "6", "7", "8", "9", "10"]
    by_line = {line: (url, why) for line, url, why in told}
    assert "private address" in by_line["4"][1]
    assert "http://" in by_line["5"][1]
    assert by_line["6"][0].startswith("'=HYPERLINK")
    assert by_line["7"][0] == "'-1+1"
    assert by_line["8"] == ("", "has no address")
    assert by_line["9"][1].startswith("could not be taken in by Clarifai: INPUT_CONNECTION_FAILED")
    assert by_line["10"][1] == "has more columns than the header"
    assert len(lab.inputs()) == 2


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"address\nhttps://a.example.com/1.png\n", "it has no column called url"),
        (b"url\n", "it has no lines below its header"),
        ("url\nhttps://a.example.com/1.png\n".encode("utf-16"), "it is not UTF-8 text"),
        (b"url\n" + b"https://a.example.com/1.png\n" * 50_001, "it has more than 50,000 lines: split it"),
    ],
)
def test_a_file_that_cannot_be_used_says_why_and_changes_nothing(lab: Lab, data: bytes, why: str) -> None:
    lab.set_up()
    ts = drop(lab, data)
    assert str(answer(lab, ts)["text"]).startswith(f"photos.csv was not taken in: {why}")
    assert lab.rows("select count(*) from address") == [(0,)]


def test_known_addresses_are_not_handed_on_again(lab: Lab) -> None:
    lab.set_up()
    drop(lab, f"url\n{SITE}/0.png\n")
    ts = drop(lab, f"url\n{SITE}/0.png\n{SITE}/1.png\n", by=lab.mia)
    assert answer(lab, ts)["text"] == "photos.csv, 2 lines: 1 labelled, 1 known already."
    assert reasons(lab, ts) == [["2", f"{SITE}/0.png", "was handed on before, on 4 May"]]
    assert len(lab.inputs()) == 2


def test_before_go_live_and_during_a_pause_lines_are_kept(lab: Lab) -> None:
    lab.set_up(live=False)
    ts = drop(lab, f"url\n{SITE}/0.png\nhttp://10.0.0.1/\n")
    assert answer(lab, ts)["text"] == "photos.csv, 2 lines: 1 kept for later, 1 skipped."
    assert "not live yet" in str(answer(lab, ts)["blocks"])
    assert lab.inputs() == []
    assert reasons(lab, ts) == []
    lab.say("live")
    lab.settle_down()
    assert answer(lab, ts)["text"] == "photos.csv, 2 lines: 1 to review, 1 skipped."
    assert [line for line, _, _ in reasons(lab, ts)] == ["3"]
    lab.say("pause")
    lab.settle_down()
    kept = drop(lab, f"url\n{SITE}/1.png\n")
    assert answer(lab, kept)["text"] == "photos.csv, 1 line: 1 kept for later."
    lab.say("resume")
    lab.settle_down()
    assert answer(lab, kept)["text"] == "photos.csv, 1 line: 1 labelled."


def test_while_clarifai_is_away_lines_wait_and_none_is_lost(lab: Lab) -> None:
    lab.set_up()
    with lab.clarifai.faults.outage():
        ts = lab.upload(("photos.csv", f"url\n{SITE}/0.png\n{SITE}/1.png\n".encode()))
        lab.run("take_lists", "post_cards", "redraw_cards")
        assert answer(lab, ts)["text"] == "photos.csv, 2 lines: 2 being looked at."
    lab.clock.advance(minutes=1)
    lab.settle_down()
    assert answer(lab, ts)["text"] == "photos.csv, 2 lines: 1 labelled, 1 to review."


@pytest.mark.parametrize("at", [Checkpoint.INPUT_ADDED, Checkpoint.INPUT_RECORDED, Checkpoint.REASONS_SHARED])
def test_killed_at_any_point_each_line_goes_on_once_and_the_file_stands_once(lab: Lab, at: Checkpoint) -> None:
    lab.set_up()

    def reached(now: Checkpoint) -> None:
        if now is at:
            raise KeyboardInterrupt

    lab.restart(reached)
    ts = lab.upload(("photos.csv", f"url\n{SITE}/0.png\n{SITE}/1.png\nhttp://10.0.0.1/\n".encode()))
    with pytest.raises(KeyboardInterrupt):
        lab.settle_down()
    lab.restart()
    lab.clock.advance(minutes=1)
    lab.settle_down()
    assert answer(lab, ts)["text"] == "photos.csv, 3 lines: 1 labelled, 1 to review, 1 skipped."
    assert len(reasons(lab, ts)) == 1
    assert len(lab.inputs()) == 2


@pytest.mark.parametrize("call", ["files.completeUploadExternal", "files.getUploadURLExternal"])
def test_the_file_stands_once_though_slacks_answer_was_lost(lab: Lab, call: str) -> None:
    lab.set_up()
    lab.workspace.faults.lose_answer(call)
    ts = drop(lab, "url\nhttp://10.0.0.1/\n")
    lab.clock.advance(minutes=1)
    lab.settle_down()
    assert len(reasons(lab, ts)) == 1
    assert "stands in the file" in str(answer(lab, ts)["blocks"])


def test_images_and_a_list_in_one_message_have_an_answer_each(lab: Lab) -> None:
    lab.set_up()
    ts = lab.upload(("a.png", lab.picture(people=0.97)), ("Photos.CSV", f"url\n{SITE}/0.png\n".encode()))
    lab.settle_down()
    said = sorted(str(r["text"]) for r in lab.workspace.replies(lab.channel, ts))
    assert said == ["1 image: 1 labelled.", "Photos.CSV, 1 line: 1 to review."]


def test_a_list_from_before_the_project_is_taken_in_by_the_shortcut(lab: Lab) -> None:
    ts = lab.upload(("photos.csv", f"url\n{SITE}/0.png\n".encode()))
    lab.set_up()
    assert lab.workspace.shortcut(lab.omar, "annotate-images", lab.channel, ts).ok
    lab.settle_down()
    assert answer(lab, ts)["text"] == "photos.csv, 1 line: 1 to review."
    assert lab.workspace.shortcut(lab.omar, "annotate-images", lab.channel, ts).ok
    lab.settle_down()
    assert "taken in before" in lab.whispers(lab.omar)[-1]


def test_a_list_delivered_three_times_is_one_list(lab: Lab) -> None:
    lab.set_up()
    lab.workspace.faults.duplicate_deliveries(times=3)
    ts = drop(lab, f"url\n{SITE}/0.png\n")
    assert answer(lab, ts)["text"] == "photos.csv, 1 line: 1 to review."
    assert len(lab.inputs()) == 1
