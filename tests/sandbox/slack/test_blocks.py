"""A corpus of good and bad Block Kit, judged as Slack judges it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.slack.blockkit import message_problems, view_problems

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def marked(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def button(text: str = "Go", **more: Any) -> Json:  # noqa: ANN401 - any key
    return {"type": "button", "text": plain(text), **more}


def options(count: int) -> list[Json]:
    return [{"text": plain(f"o{n}"), "value": str(n)} for n in range(count)]


def actions(*elements: Json, **more: Any) -> Json:  # noqa: ANN401 - any key
    return {"type": "actions", "elements": list(elements), **more}


def select(kind: str = "static_select", **more: Any) -> Json:  # noqa: ANN401 - any key
    return {"type": kind, "action_id": "s", **more}


CONFIRM = {"title": plain("Sure?"), "text": marked("really"), "confirm": plain("Yes"), "deny": plain("No")}
IMAGE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"}

GOOD: list[list[Json]] = [
    [],
    [{"type": "divider"}],
    [{"type": "section", "text": marked("x" * 3000)}],
    [{"type": "section", "fields": [plain("y" * 2000)] * 10}],
    [{"type": "section", "text": marked("x"), "accessory": {"type": "overflow", "options": options(5)}}],
    [{"type": "header", "text": plain("h" * 150)}],
    [{"type": "context", "elements": [marked("c"), IMAGE]}],
    [actions(*[button(action_id=f"a{n}") for n in range(25)])],
    [actions(button("x" * 75, value="v" * 2000, style="primary", confirm=CONFIRM, accessibility_label="l" * 75))],
    [actions(select(options=options(100)), {"type": "datepicker", "action_id": "d", "initial_date": "2026-11-22"})],
    [{**IMAGE, "title": plain("t")}],
    [{"type": "image", "slack_file": {"id": "F0READY0001"}, "alt_text": "a"}],
    [{"type": "markdown", "text": "m" * 12_000}],
    [{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}] * 20] * 100}],
    [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "a"}]}]}],
    [{"type": "data_table", "caption": "c", "rows": [[{"type": "raw_text", "text": "a"}]]}],
    [{"type": "divider"}] * 50,
]

BAD: list[tuple[list[Json], str]] = [
    ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    ([{"type": "section"}], "missing required field: text or fields [json-pointer:/blocks/0]"),
    ([{"type": "section", "text": marked("")}], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ([{"type": "section", "text": marked("x" * 3001)}], "must be less than 3001"),
    ([{"type": "section", "fields": [plain("y" * 2001)]}], "must be less than 2001"),
    ([{"type": "section", "text": marked("x"), "colour": "red"}], "unexpected field: colour [json-pointer:/blocks/0]"),
    ([{"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}], "unexpected field: emoji"),
    ([{"type": "header", "text": marked("h")}], "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"),
    ([{"type": "header", "text": plain("h" * 151)}], "must be less than 151"),
    ([{"type": "context", "elements": [marked("c")] * 11}], "no more than 10 items allowed"),
    ([actions(*[button(action_id=f"a{n}") for n in range(26)])], "no more than 25 items allowed"),
    ([actions()], "no fewer than 1 items allowed"),
    ([actions(button("x" * 76))], "must be less than 76"),
    ([actions(button(value="v" * 2001))], "must be less than 2001"),
    ([actions(button(style="default"))], "must be one of: primary, danger"),
    ([actions(button(accessibility_label="l" * 76))], "must be less than 76"),
    ([actions(button(confirm={**CONFIRM, "type": "confirm"}))], "unexpected field: type"),
    ([actions(button(action_id="a"), button(action_id="a"))], "`action_id` already exists: a"),
    ([{"type": "divider", "block_id": "b"}] * 2, "`block_id` already exists: b [json-pointer:/blocks/1/block_id]"),
    ([actions(select(options=options(101)))], "no more than 100 items allowed"),
    ([actions(select(options=[]))], "no fewer than 1 items allowed"),
    ([actions(select())], "must provide exactly one of: options, option_groups"),
    ([actions(select(options=[{**options(1)[0], "type": "option"}]))], "unexpected field: type"),
    ([actions({"type": "overflow", "options": options(6)})], "no more than 5 items allowed"),
    ([actions({"type": "plain_text_input", "action_id": "x"})], "unsupported type: plain_text_input"),
    ([actions(IMAGE)], "unsupported type: image"),
    ([{"type": "image", "alt_text": "a"}], "must provide exactly one of: image_url, slack_file"),
    ([{**IMAGE, "slack_file": {"id": "F0READY0001"}}], "must provide exactly one of: image_url, slack_file"),
    ([{"type": "image", "image_url": "https://example.com/a.png"}], "missing required field: alt_text"),
    ([{**IMAGE, "alt_text": ""}], "must be more than 0 characters"),
    ([{"type": "image", "alt_text": "a", "slack_file": {"id": "F1"}}], "failed to match pattern"),
    ([{"type": "image", "alt_text": "a", "slack_file": {"id": "F0READY0001", "url": "u"}}], "must provide exactly one"),
    ([{"type": "image", "alt_text": "a", "slack_file": {"id": "F0ABSENT001"}}], "invalid slack file"),
    ([{"type": "markdown", "text": "m" * 7000}] * 2, "less than 12001 characters in total"),
    ([{"type": "alert", "text": plain("x")}], "unsupported type: alert [json-pointer:/blocks/0/type]"),
    ([{"type": "nonsense"}], "unsupported type: nonsense"),
    ([{"text": plain("x")}], "missing required field: type"),
    ([{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}] * 21]}], "no more than 20 items allowed"),
    ([{"type": "data_visualization", "title": "t", "chart": {"type": "pie", "segments": []}}], "no fewer than 1"),
]


def judged(blocks: object) -> list[str]:
    return message_problems(blocks, lambda file_id: file_id == "F0READY0001")


@pytest.mark.parametrize("blocks", GOOD)
def test_good_blocks_pass(blocks: list[Json]) -> None:
    assert judged(blocks) == []


@pytest.mark.parametrize(("blocks", "problem"), BAD)
def test_bad_blocks_are_named(blocks: list[Json], problem: str) -> None:
    assert any(found.startswith(problem) or problem in found for found in judged(blocks)), judged(blocks)


INPUT = {"type": "input", "block_id": "i", "label": plain("Accept"), "element": select("plain_text_input")}
MODAL = {"type": "modal", "title": plain("t"), "submit": plain("Save"), "blocks": [INPUT]}

BAD_VIEWS: list[tuple[Json, str]] = [
    ({**MODAL, "title": plain("t" * 25)}, "must be less than 25 characters [json-pointer:/view/title/text]"),
    ({**MODAL, "private_metadata": "m" * 3001}, "must be less than 3001"),
    ({**MODAL, "callback_id": "c" * 256}, "must be less than 256"),
    ({**MODAL, "blocks": [{"type": "divider"}] * 101}, "no more than 100 items allowed [json-pointer:/view/blocks]"),
    ({key: MODAL[key] for key in ("type", "title", "blocks")}, "missing required field: submit"),
    ({**MODAL, "blocks": [{"type": "markdown", "text": "m"}]}, "unsupported type: markdown"),
    ({**MODAL, "hash": "x"}, "unexpected field: hash"),
    ({"type": "home", "blocks": [], "title": plain("t")}, "unexpected field: title"),
    ({"type": "dialog", "blocks": []}, "unsupported type: dialog"),
    ({"type": "modal", "blocks": []}, "missing required field: title"),
    ({**MODAL, "blocks": [{**INPUT, "element": button()}]}, "unsupported type: button"),
]


def test_good_views_pass() -> None:
    assert view_problems(MODAL, lambda _id: True) == []
    assert view_problems({"type": "home", "blocks": [{"type": "divider"}] * 100}, lambda _id: True) == []
    assert view_problems({**MODAL, "blocks": [INPUT, {"type": "alert", "text": plain("x")}]}, lambda _id: True) == []


@pytest.mark.parametrize(("view", "problem"), BAD_VIEWS)
def test_bad_views_are_named(view: Json, problem: str) -> None:
    found = view_problems(view, lambda _id: True)
    assert any(problem in one for one in found), found


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["type", "text", "elements", "element", "accessory", "options", "slack_file", "id", "blocks"]
            )
            | st.text(max_size=4),
            inner
            | st.sampled_from(["section", "actions", "image", "button", "input", "modal", "carousel", "container"]),
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(json_values)
def test_the_judge_survives_any_json(value: object) -> None:
    assert isinstance(judged(value), list)
    assert isinstance(view_problems(value, lambda _id: True), list)
