"""A corpus of good and bad Block Kit, judged as Slack judges it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.slack.blockkit import message_problems, suggestion_problems, view_problems

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
    [actions(select(options=options(3), initial_option=options(3)[1]))],
    [actions(select("conversations_select", default_to_current_conversation=True))],
    [{"type": "container", "title": plain("t"), "child_blocks": [{"type": "divider"}]}],
    [{"type": "carousel", "elements": [{"type": "card", "title": marked("t"), "actions": [button()]}]}],
    [{"type": "context_actions", "elements": [{"type": "icon_button", "icon": "trash", "text": plain("Delete")}]}],
    [actions(button(url="mailto:team@example.com"))],
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
    ([actions({"type": "overflow", "options": options(1)})], "no fewer than 2 items allowed"),
    ([actions(select(options=options(2), initial_option=options(3)[2]))], "must be one of the options"),
    ([actions({"type": "checkboxes", "options": options(2), "initial_options": options(3)})], "must be among the"),
    ([actions(select(options=options(2), option_groups=[]))], "must provide exactly one of: options, option_groups"),
    ([actions(button(url="example.com"))], "failed to match pattern"),
    ([{**IMAGE, "image_url": "http://127.0.0.1:9/a.png"}], "downloading image failed"),
    ([{**IMAGE, "image_url": "http://192.168.0.7/a.png"}], "downloading image failed"),
    ([{"type": "section", "text": marked("x"), "accessory": {**IMAGE, "alt_text": ""}}], "must be more than 0"),
    ([{"type": "section", "fields": []}], "no fewer than 1 items allowed"),
    ([{"type": "section", "text": plain("x"), "fields": [plain("y")] * 11}], "no more than 10 items allowed"),
    ([actions(button(confirm={**CONFIRM, "title": plain("t" * 101)}))], "must be less than 101"),
    ([actions(button(confirm={**CONFIRM, "text": plain("t" * 301)}))], "must be less than 301"),
    ([actions(button(confirm={**CONFIRM, "deny": plain("t" * 31)}))], "must be less than 31"),
    ([actions(button(action_id="a" * 256))], "must be less than 256"),
    ([{"type": "divider", "block_id": "b" * 256}], "must be less than 256"),
    ([actions(select(options=[{"text": plain("o" * 76), "value": "v"}]))], "must be less than 76"),
    ([actions(select(options=[{"text": plain("o"), "value": "v" * 151}]))], "must be less than 151"),
    ([actions(select(options=[{"text": marked("o"), "value": "v"}]))], "unsupported type: mrkdwn"),
    ([actions(select(options=[{**options(1)[0], "url": "https://example.com"}]))], "unexpected field: url"),
    ([actions({"type": "checkboxes", "options": options(11)})], "no more than 10 items allowed"),
    ([{**IMAGE, "title": marked("t")}], "unsupported type: mrkdwn"),
    ([{"type": "input", "label": plain("l"), "element": {"type": "file_input"}}], "unsupported type: file_input"),
    ([{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]] * 101}], "no more than 100 items allowed"),
    ([{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}] * 2, "only_one_table_allowed"),
    ([{"type": "data_table", "rows": [[{"type": "raw_text", "text": "a"}]]}], "missing required field: caption"),
    (
        [{"type": "container", "title": plain("t"), "child_blocks": [{"type": "alert", "text": plain("x")}]}],
        "unsupported type: alert [json-pointer:/blocks/0/child_blocks/0/type]",
    ),
    (
        [
            {"type": "divider", "block_id": "b"},
            {"type": "container", "title": plain("t"), "child_blocks": [{"type": "divider", "block_id": "b"}]},
        ],
        "`block_id` already exists: b",
    ),
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


def asking(element: Json, block_id: str = "i") -> Json:
    return {"type": "input", "block_id": block_id, "label": plain("l"), "element": element}


def number(**more: Any) -> Json:  # noqa: ANN401 - any key
    return {"type": "number_input", "action_id": "n", "is_decimal_allowed": True, **more}


GOOD_INPUTS: list[Json] = [
    number(min_value="0", max_value="1", initial_value="0.95"),
    {"type": "file_input", "action_id": "f", "filetypes": ["csv"], "max_files": 1},
    {"type": "rich_text_input", "action_id": "r"},
    {"type": "timepicker", "action_id": "t", "initial_time": "09:00", "timezone": "Europe/Berlin"},
    {"type": "datetimepicker", "action_id": "d", "initial_date_time": 1_790_000_000},
    select("multi_external_select", min_query_length=1, max_selected_items=3),
    {"type": "checkboxes", "action_id": "c", "options": options(2), "initial_options": options(1)},
]


@pytest.mark.parametrize("element", GOOD_INPUTS)
def test_good_inputs_pass(element: Json) -> None:
    assert view_problems({**MODAL, "blocks": [asking(element)]}, lambda _id: True) == []


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
    ({**MODAL, "blocks": [INPUT, INPUT]}, "`block_id` already exists: i"),
    ({**MODAL, "blocks": [asking(number(min_value="2", max_value="1"))]}, "must be less than or equal to max_value"),
    ({**MODAL, "blocks": [asking(number(max_value="1", initial_value="2"))]}, "must be between min_value and max_"),
    ({**MODAL, "blocks": [asking(number(initial_value="much"))]}, "must be a valid number"),
    ({**MODAL, "blocks": [asking({"type": "number_input"})]}, "missing required field: is_decimal_allowed"),
    ({**MODAL, "blocks": [asking(select("plain_text_input", min_length=5, max_length=4))]}, "equal to max_length"),
    (
        {**MODAL, "blocks": [asking(select("plain_text_input", focus_on_load=True), i) for i in "ab"]},
        "only one element",
    ),
    ({**MODAL, "blocks": [{"type": "context_actions", "elements": [button()]}]}, "unsupported type: context_actions"),
    ({**MODAL, "submit": plain("s" * 25)}, "must be less than 25"),
    ({**MODAL, "close": marked("Close")}, "unsupported type: mrkdwn"),
    ({"type": "home", "blocks": [asking({"type": "file_input"})]}, "unsupported type: file_input"),
    ({"type": "home", "blocks": [{"type": "alert", "text": plain("x")}]}, "unsupported type: alert"),
]


def test_good_views_pass() -> None:
    assert view_problems(MODAL, lambda _id: True) == []
    assert view_problems({"type": "home", "blocks": [{"type": "divider"}] * 100}, lambda _id: True) == []
    assert view_problems({**MODAL, "blocks": [INPUT, {"type": "alert", "text": plain("x")}]}, lambda _id: True) == []


@pytest.mark.parametrize(("view", "problem"), BAD_VIEWS)
def test_bad_views_are_named(view: Json, problem: str) -> None:
    found = view_problems(view, lambda _id: True)
    assert any(problem in one for one in found), found


@pytest.mark.parametrize(
    ("answer", "fits"),
    [
        ({"options": []}, True),
        ({"options": options(100)}, True),
        ({"option_groups": [{"label": plain("g"), "options": options(2)}]}, True),
        ({"options": options(101)}, False),
        ({"options": [{"text": marked("x"), "value": "v"}]}, False),
        ({"options": options(1), "option_groups": []}, False),
        ({}, False),
    ],
)
def test_suggestions_are_judged(answer: Json, fits: bool) -> None:
    assert (suggestion_problems(answer) == []) is fits


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
