"""Elements: buttons, selects, inputs, pictures. Each number is a limit of Slack's, in characters or items."""

import re
from collections.abc import Iterator

from bot.sandbox.slack.blockkit.rich_text import RICH_TEXT
from bot.sandbox.slack.blockkit.shapes import (
    ByType,
    Check,
    Problem,
    Shape,
    boolean,
    choice,
    many,
    number,
    string,
    text_object,
    whole,
)

ID = string(255)
URL = string(3000, pattern=r"[a-zA-Z][a-zA-Z0-9+.-]*:\S+")
plain = text_object

CONFIRM = Shape(
    required={
        "title": plain(100, plain_only=True),
        "text": plain(300),
        "confirm": plain(30, plain_only=True),
        "deny": plain(30, plain_only=True),
    },
    optional={"style": choice("primary", "danger")},
)


def option(*, text: Check, url: bool = False) -> Shape:
    """One choice of a menu; only an overflow menu's may carry a link."""
    optional: dict[str, Check] = {"description": plain(75)}
    if url:
        optional["url"] = URL
    return Shape(required={"text": text, "value": string(150)}, optional=optional)


MENU_OPTION = option(text=plain(75, plain_only=True))
BOX_OPTION = option(text=plain(75))
OPTIONS = many(MENU_OPTION, 100)
_GROUP = Shape(required={"label": plain(75, plain_only=True), "options": OPTIONS})
GROUPS = many(_GROUP, 100)

_HEAD: dict[str, Check] = {"action_id": ID}
_FOCUS: dict[str, Check] = {**_HEAD, "focus_on_load": boolean}
_PROMPT: dict[str, Check] = {**_FOCUS, "placeholder": plain(150, plain_only=True)}
_ASKED: dict[str, Check] = {**_PROMPT, "confirm": CONFIRM}
_SEVERAL: dict[str, Check] = {**_ASKED, "max_selected_items": whole(1, 1000)}
_DISPATCH: Check = Shape(
    optional={"trigger_actions_on": many(choice("on_enter_pressed", "on_character_entered"), 2)},
)
_FILTER: Check = Shape(
    optional={
        "include": many(choice("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
_ONE_LIST = (("options", "option_groups"),)

SLACK_FILE = Shape(
    optional={"id": string(255, pattern="F[A-Z0-9]{8,}"), "url": URL},
    exactly_one=(("id", "url"),),
)
_UNREACHABLE = re.compile(
    r"https?://(?:localhost|127\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|\[(?:::1|f[cd]))",
    re.IGNORECASE,
)


def public_url(value: object, at: str) -> Iterator[Problem]:
    """The address of a picture; Slack fetches it itself, so it must not be inside somebody's own network."""
    yield from URL(value, at)
    if isinstance(value, str) and _UNREACHABLE.match(value):
        yield Problem(at, "downloading image failed")


PICTURE: dict[str, Check] = {"image_url": public_url, "slack_file": SLACK_FILE}

BUTTON = Shape(
    required={"text": plain(75, plain_only=True)},
    optional={
        **_HEAD,
        "url": URL,
        "value": string(2000),
        "style": choice("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)
IMAGE = Shape(
    required={"alt_text": string(2000)},
    optional={**PICTURE, "image_width": number, "image_height": number, "image_bytes": number},
    exactly_one=(("image_url", "slack_file"),),
)
OVERFLOW = Shape(
    required={"options": many(option(text=plain(75, plain_only=True), url=True), 5, least=2)},
    optional={**_HEAD, "confirm": CONFIRM},
)

_SELECTS: dict[str, Shape] = {
    "static_select": Shape(
        optional={**_ASKED, "options": OPTIONS, "option_groups": GROUPS, "initial_option": MENU_OPTION},
        exactly_one=_ONE_LIST,
    ),
    "external_select": Shape(optional={**_ASKED, "initial_option": MENU_OPTION, "min_query_length": whole(0, 100)}),
    "users_select": Shape(optional={**_ASKED, "initial_user": ID}),
    "conversations_select": Shape(
        optional={
            **_ASKED,
            "initial_conversation": ID,
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": _FILTER,
        },
    ),
    "channels_select": Shape(optional={**_ASKED, "initial_channel": ID, "response_url_enabled": boolean}),
    "multi_static_select": Shape(
        optional={**_SEVERAL, "options": OPTIONS, "option_groups": GROUPS, "initial_options": OPTIONS},
        exactly_one=_ONE_LIST,
    ),
    "multi_external_select": Shape(
        optional={**_SEVERAL, "initial_options": OPTIONS, "min_query_length": whole(0, 100)},
    ),
    "multi_users_select": Shape(optional={**_SEVERAL, "initial_users": many(ID, 100)}),
    "multi_conversations_select": Shape(
        optional={
            **_SEVERAL,
            "initial_conversations": many(ID, 100),
            "default_to_current_conversation": boolean,
            "filter": _FILTER,
        },
    ),
    "multi_channels_select": Shape(optional={**_SEVERAL, "initial_channels": many(ID, 100)}),
}
_PICKERS: dict[str, Shape] = {
    "datepicker": Shape(optional={**_ASKED, "initial_date": string(10, pattern=r"\d{4}-\d{2}-\d{2}")}),
    "timepicker": Shape(
        optional={**_ASKED, "initial_time": string(5, pattern=r"\d{2}:\d{2}"), "timezone": string(100)},
    ),
    "datetimepicker": Shape(optional={**_FOCUS, "confirm": CONFIRM, "initial_date_time": number}),
    "checkboxes": Shape(
        required={"options": many(BOX_OPTION, 10)},
        optional={**_FOCUS, "confirm": CONFIRM, "initial_options": many(BOX_OPTION, 10)},
    ),
    "radio_buttons": Shape(
        required={"options": many(BOX_OPTION, 10)},
        optional={**_FOCUS, "confirm": CONFIRM, "initial_option": BOX_OPTION},
    ),
}
_TYPED: dict[str, Shape] = {
    "plain_text_input": Shape(
        optional={
            **_PROMPT,
            "initial_value": string(3000, least=0),
            "multiline": boolean,
            "min_length": whole(0, 3000),
            "max_length": whole(1, 3000),
            "dispatch_action_config": _DISPATCH,
        },
    ),
    "email_text_input": Shape(optional={**_PROMPT, "initial_value": string(3000), "dispatch_action_config": _DISPATCH}),
    "url_text_input": Shape(optional={**_PROMPT, "initial_value": string(3000), "dispatch_action_config": _DISPATCH}),
    "number_input": Shape(
        required={"is_decimal_allowed": boolean},
        optional={
            **_PROMPT,
            "initial_value": string(100),
            "min_value": string(100),
            "max_value": string(100),
            "dispatch_action_config": _DISPATCH,
        },
    ),
    "rich_text_input": Shape(
        optional={**_PROMPT, "initial_value": ByType({"rich_text": RICH_TEXT}), "dispatch_action_config": _DISPATCH},
    ),
    "file_input": Shape(optional={**_HEAD, "filetypes": many(string(20), 100), "max_files": whole(1, 10)}),
}
_FEEDBACK = Shape(
    required={"text": plain(75, plain_only=True), "value": string(2000)},
    optional={"accessibility_label": string(75)},
)

SUGGESTED = Shape(
    optional={"options": many(MENU_OPTION, 100, least=0), "option_groups": many(_GROUP, 100, least=0)},
    exactly_one=_ONE_LIST,
)
"""What an app answers to an external select."""

IN_CONTEXT = ByType(
    {
        "image": IMAGE,
        "plain_text": Shape(required={"text": string(3000)}, optional={"emoji": boolean}),
        "mrkdwn": Shape(required={"text": string(3000)}, optional={"verbatim": boolean}),
    }
)
IN_ACTIONS = ByType({"button": BUTTON, "overflow": OVERFLOW, **_SELECTS, **_PICKERS})
BESIDE_SECTION = ByType({"button": BUTTON, "image": IMAGE, "overflow": OVERFLOW, **_SELECTS, **_PICKERS})
IN_INPUT = ByType({**_SELECTS, **_PICKERS, **_TYPED})
IN_CONTEXT_ACTIONS = ByType(
    {
        "feedback_buttons": Shape(
            required={"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, optional=_HEAD
        ),
        "icon_button": Shape(
            required={"icon": choice("trash"), "text": plain(75, plain_only=True)},
            optional={
                **_HEAD,
                "value": string(2000),
                "confirm": CONFIRM,
                "accessibility_label": string(75),
                "visible_to_user_ids": many(ID, 100),
            },
        ),
    }
)
