"""The table of blocks: the shape of each, and on which surfaces it may stand."""

from bot.sandbox.slack.blockkit import elements
from bot.sandbox.slack.blockkit.rich_text import RICH_TEXT
from bot.sandbox.slack.blockkit.shapes import (
    ByType,
    Check,
    Shape,
    boolean,
    choice,
    later,
    many,
    number,
    string,
    text_object,
    whole,
)

MESSAGE, MODAL, HOME = "message", "modal", "home"
EVERYWHERE = frozenset({MESSAGE, MODAL, HOME})
MOST_BLOCKS = {MESSAGE: 50, MODAL: 100, HOME: 100}
MARKDOWN_PER_MESSAGE = 12_000
CHARTS_PER_MESSAGE = 2

_ID: dict[str, Check] = {"block_id": string(255)}
_TITLED = text_object(150)
_RICH = ByType({"rich_text": RICH_TEXT})
_PICTURE = ByType({"image": elements.IMAGE})
_CELL = ByType(
    {
        "raw_text": Shape(required={"text": string(3000, least=0)}),
        "raw_number": Shape(required={"value": number}, optional={"text": string(3000)}),
        "rich_text": RICH_TEXT,
    }
)
_TASK = Shape(
    required={
        "task_id": string(255),
        "title": string(256),
        "status": choice("pending", "in_progress", "complete", "error"),
    },
    optional={
        **_ID,
        "details": _RICH,
        "output": _RICH,
        "sources": many(
            ByType(
                {"url": Shape(required={"url": string(3000), "text": string(150)}, optional={"icon_url": string(3000)})}
            ),
            20,
        ),
    },
)
_CARD = Shape(
    optional={
        **_ID,
        "hero_image": _PICTURE,
        "icon": _PICTURE,
        "title": _TITLED,
        "subtitle": _TITLED,
        "body": text_object(200),
        "actions": many(ByType({"button": elements.BUTTON}), 3),
    },
)
_LABEL = string(20)
_SERIES = many(
    Shape(
        required={
            "name": _LABEL,
            "data": many(Shape(required={"label": _LABEL, "value": number}), 20),
        },
    ),
    12,
)
_AXES = Shape(
    required={"categories": many(_LABEL, 20)},
    optional={"x_label": string(50), "y_label": string(50)},
)
_XY = Shape(required={"series": _SERIES, "axis_config": _AXES})
_CHART = ByType(
    {
        "line": _XY,
        "bar": _XY,
        "area": _XY,
        "pie": Shape(required={"segments": many(Shape(required={"label": _LABEL, "value": number}), 12)}),
    }
)

SHAPES: dict[str, Shape] = {
    "section": Shape(
        optional={
            **_ID,
            "text": text_object(3000),
            "fields": many(text_object(2000), 10),
            "accessory": elements.BESIDE_SECTION,
            "expand": boolean,
        },
    ),
    "header": Shape(required={"text": text_object(150, plain_only=True)}, optional={**_ID, "level": whole(1, 4)}),
    "divider": Shape(optional=_ID),
    "image": Shape(
        required={"alt_text": string(2000)},
        optional={**_ID, **elements.PICTURE, "title": text_object(2000, plain_only=True)},
        exactly_one=(("image_url", "slack_file"),),
    ),
    "context": Shape(required={"elements": many(elements.IN_CONTEXT, 10)}, optional=_ID),
    "actions": Shape(required={"elements": many(elements.IN_ACTIONS, 25)}, optional=_ID),
    "input": Shape(
        required={"label": text_object(2000, plain_only=True), "element": elements.IN_INPUT},
        optional={
            **_ID,
            "hint": text_object(2000, plain_only=True),
            "optional": boolean,
            "dispatch_action": boolean,
        },
    ),
    "rich_text": RICH_TEXT,
    "file": Shape(required={"external_id": string(255), "source": choice("remote")}, optional=_ID),
    "video": Shape(
        required={
            "alt_text": string(2000),
            "title": text_object(200, plain_only=True),
            "thumbnail_url": elements.URL,
            "video_url": elements.URL,
        },
        optional={
            **_ID,
            "author_name": string(50),
            "description": text_object(200, plain_only=True),
            "provider_icon_url": elements.URL,
            "provider_name": string(75),
            "title_url": elements.URL,
        },
    ),
    "markdown": Shape(required={"text": string(MARKDOWN_PER_MESSAGE)}, optional=_ID),
    "table": Shape(
        required={"rows": many(many(_CELL, 20), 100)},
        optional={
            **_ID,
            "column_settings": many(
                Shape(optional={"align": choice("left", "center", "right"), "is_wrapped": boolean}), 20
            ),
        },
    ),
    "context_actions": Shape(required={"elements": many(elements.IN_CONTEXT_ACTIONS, 5)}, optional=_ID),
    "task_card": _TASK,
    "plan": Shape(required={"title": string(256)}, optional={**_ID, "tasks": many(ByType({"task_card": _TASK}), 50)}),
    "alert": Shape(
        required={"text": text_object(3000)},
        optional={**_ID, "level": choice("default", "info", "warning", "error", "success")},
    ),
    "card": _CARD,
    "carousel": Shape(required={"elements": many(ByType({"card": _CARD}), 10)}, optional=_ID),
    "container": Shape(
        required={"child_blocks": many(later(lambda: ByType(SHAPES)), 10)},
        optional={
            **_ID,
            "title": text_object(150, plain_only=True),
            "rich_text_title": _RICH,
            "subtitle": _TITLED,
            "width": choice("narrow", "standard", "wide", "full"),
            "icon": _PICTURE,
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "has_header_divider": boolean,
        },
    ),
    "data_table": Shape(
        required={"caption": string(255), "rows": many(many(_CELL, 20), 201)},
        optional={**_ID, "page_size": whole(1, 100), "row_header_column_index": whole(0, 19)},
    ),
    "data_visualization": Shape(required={"title": string(50), "chart": _CHART}, optional=_ID),
}

SURFACES: dict[str, frozenset[str]] = {
    **dict.fromkeys(SHAPES, EVERYWHERE),
    "file": frozenset({MESSAGE}),
    "markdown": frozenset({MESSAGE}),
    "context_actions": frozenset({MESSAGE}),
    "task_card": frozenset({MESSAGE}),
    "plan": frozenset({MESSAGE}),
    "alert": frozenset({MODAL}),
    "table": frozenset({MESSAGE, HOME}),
    "carousel": frozenset({MESSAGE, HOME}),
    "container": frozenset({MESSAGE, HOME}),
    "data_table": frozenset({MESSAGE, HOME}),
    "data_visualization": frozenset({MESSAGE, HOME}),
}

ONE_OF_KEYS: dict[str, tuple[str, ...]] = {
    "section": ("text", "fields"),
    "card": ("hero_image", "title", "actions", "body"),
    "container": ("title", "rich_text_title"),
}
"""Blocks of which at least one of some keys must be there."""

ELEMENT_SURFACES: dict[str, frozenset[str]] = {
    "datetimepicker": frozenset({MESSAGE, MODAL}),
    "file_input": frozenset({MODAL}),
    "workflow_button": frozenset({MESSAGE}),
}
"""Elements that do not stand everywhere; all others do."""

_VIEW: dict[str, Check] = {
    "blocks": lambda _value, _at: iter(()),
    "private_metadata": string(3000, least=0),
    "callback_id": string(255, least=0),
    "external_id": string(255, least=0),
}
VIEWS = ByType(
    {
        MODAL: Shape(
            required={"title": text_object(24, plain_only=True), "blocks": _VIEW["blocks"]},
            optional={
                **_VIEW,
                "submit": text_object(24, plain_only=True),
                "close": text_object(24, plain_only=True),
                "clear_on_close": boolean,
                "notify_on_close": boolean,
                "submit_disabled": boolean,
            },
        ),
        HOME: Shape(required={"blocks": _VIEW["blocks"]}, optional=_VIEW),
    }
)
