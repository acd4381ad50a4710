"""One of everything Block Kit has, for looking at and for counting."""

from typing import Any

Json = dict[str, Any]


def words(said: str) -> Json:
    return {"type": "plain_text", "text": said}


def option(said: str) -> Json:
    return {"text": words(said), "value": said}


def rich(said: str) -> Json:
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": said}]}],
    }


def asked(element: Json) -> Json:
    return {"type": "input", "label": words(element["type"]), "element": element, "optional": True}


BUTTON: Json = {"type": "button", "text": words("Press"), "action_id": "b"}
TWO = [option("one"), option("two")]
CELLS = [[{"type": "raw_text", "text": "Concept"}, {"type": "raw_text", "text": "Right"}]] * 2
TASK: Json = {"type": "task_card", "task_id": "t", "title": "Make the workflow", "status": "in_progress"}
CHART: Json = {
    "type": "bar",
    "series": [{"name": "people", "data": [{"label": "Mon", "value": 3}, {"label": "Tue", "value": -1}]}],
    "axis_config": {"categories": ["Mon", "Tue"]},
}
SEGMENTS = [{"label": "people", "value": 3}, {"label": "man", "value": 1}]


def message_blocks(file_id: str) -> list[Json]:
    """Every block a message takes; `file_id` is of a picture."""
    picture = {"type": "image", "slack_file": {"id": file_id}, "alt_text": "a picture"}
    small = {"type": "plain_text", "text": "beside"}
    feedback = {"positive_button": {"text": words("Good"), "value": "1"}}
    feedback |= {"negative_button": {"text": words("Bad"), "value": "0"}}
    return [
        {"type": "header", "text": words("Everything")},
        {"type": "section", "text": words("words"), "accessory": picture},
        {"type": "divider"},
        picture,
        {"type": "context", "elements": [picture, small]},
        {"type": "actions", "elements": [BUTTON, {"type": "overflow", "action_id": "o", "options": TWO}]},
        asked({"type": "plain_text_input", "action_id": "p"}),
        rich("rich"),
        {"type": "file", "external_id": "elsewhere", "source": "remote"},
        {
            "type": "video",
            "alt_text": "a film",
            "title": words("Film"),
            "thumbnail_url": "https://example.com/a.png",
            "video_url": "https://example.com/a",
        },
        {"type": "markdown", "text": "**bold**"},
        {"type": "table", "rows": CELLS},
        {
            "type": "context_actions",
            "elements": [
                {"type": "feedback_buttons", "action_id": "f", **feedback},
                {"type": "icon_button", "icon": "trash", "text": words("Delete")},
            ],
        },
        {"type": "plan", "title": "Set-up", "tasks": [TASK]},
        {**TASK, "task_id": "u"},
        {"type": "card", "title": words("Card"), "body": words("Body"), "actions": [BUTTON]},
        {"type": "carousel", "elements": [{"type": "card", "title": words("In a row")}]},
        {"type": "container", "title": words("Folded"), "is_collapsible": True, "child_blocks": [{"type": "divider"}]},
        {"type": "data_table", "caption": "Figures", "rows": CELLS},
        {"type": "data_visualization", "title": "Bars", "chart": CHART},
        {"type": "data_visualization", "title": "Parts", "chart": {"type": "pie", "segments": SEGMENTS}},
    ]


def modal(file_id: str) -> Json:
    """Every element an input takes, an alert, and a picture."""
    elements: list[Json] = [
        *({"type": kind} for kind in ("plain_text_input", "email_text_input", "url_text_input", "rich_text_input")),
        {"type": "number_input", "is_decimal_allowed": True, "min_value": "0", "max_value": "1"},
        *({"type": kind, "options": TWO} for kind in ("static_select", "multi_static_select")),
        *({"type": kind, "options": TWO} for kind in ("checkboxes", "radio_buttons")),
        *({"type": kind, "min_query_length": 1} for kind in ("external_select", "multi_external_select")),
        *(
            {"type": f"{many}{what}_select"}
            for many in ("", "multi_")
            for what in ("users", "channels", "conversations")
        ),
        *({"type": kind} for kind in ("datepicker", "timepicker", "datetimepicker", "file_input")),
    ]
    named = [asked({**element, "action_id": element["type"]}) for element in elements]
    alert = {"type": "alert", "level": "warning", "text": words("14 reviews would change.")}
    picture = {"type": "image", "slack_file": {"id": file_id}, "alt_text": "a picture"}
    return {
        "type": "modal",
        "callback_id": "setup",
        "title": words("Everything"),
        "submit": words("Save"),
        "private_metadata": "kept",
        "blocks": [alert, picture, *named],
    }
