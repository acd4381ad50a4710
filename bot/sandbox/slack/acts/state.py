"""The state of elements: what they hold at first, what people put in, and what a press carries of it."""

from typing import Any

from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.world import elements_of, every_block

STATE_KEY: dict[str, tuple[str, str, Any]] = {
    "static_select": ("selected_option", "initial_option", None),
    "external_select": ("selected_option", "initial_option", None),
    "radio_buttons": ("selected_option", "initial_option", None),
    "users_select": ("selected_user", "initial_user", None),
    "conversations_select": ("selected_conversation", "initial_conversation", None),
    "channels_select": ("selected_channel", "initial_channel", None),
    "multi_static_select": ("selected_options", "initial_options", []),
    "multi_external_select": ("selected_options", "initial_options", []),
    "multi_users_select": ("selected_users", "initial_users", []),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", []),
    "multi_channels_select": ("selected_channels", "initial_channels", []),
    "checkboxes": ("selected_options", "initial_options", []),
    "datepicker": ("selected_date", "initial_date", None),
    "timepicker": ("selected_time", "initial_time", None),
    "datetimepicker": ("selected_date_time", "initial_date_time", None),
    "plain_text_input": ("value", "initial_value", None),
    "email_text_input": ("value", "initial_value", None),
    "url_text_input": ("value", "initial_value", None),
    "number_input": ("value", "initial_value", None),
    "file_input": ("files", "initial_files", []),
    "rich_text_input": ("rich_text_value", "initial_value", None),
}
"""Per element type: its key in the state, the key of its first value, and what stands for nothing."""


def held(element: Json, given: Any) -> Json:  # noqa: ANN401 - a page may send any JSON
    """The state of an element: as given (a whole state, or only the value), else as it was at first."""
    key, first, nothing = STATE_KEY[element["type"]]
    if isinstance(given, dict) and key in given:
        return {"type": element["type"], key: given[key]}
    if given is None:
        return {"type": element["type"], key: element.get(first, nothing)}
    return {"type": element["type"], key: _chosen(element, key, given)}


def _chosen(element: Json, key: str, given: Any) -> Any:  # noqa: ANN401 - the same
    if key == "selected_option":
        return option_of(element, given)
    if key == "selected_options":
        return [option for one in given if (option := option_of(element, one)) is not None]
    return given


def options_of(element: Json) -> list[Json]:
    groups = [group["options"] for group in element.get("option_groups", [])]
    return [*element.get("options", []), *(option for group in groups for option in group)]


def option_of(element: Json, value: object) -> Json | None:
    """The option with this value; options of an external select are not known here and come whole."""
    if isinstance(value, dict):
        return value
    return next((option for option in options_of(element) if option["value"] == value), None)


def values_of(blocks: list[Json], given: Json) -> Json:
    """``state.values`` of a message or view: by block and action."""
    values: Json = {}
    for block in every_block(blocks):
        for element in elements_of(block):
            if element.get("type") in STATE_KEY:
                said = given.get(block["block_id"], {}).get(element["action_id"])
                values.setdefault(block["block_id"], {})[element["action_id"]] = held(element, said)
    return values


def missing_answers(blocks: list[Json], values: Json) -> dict[str, str]:
    """What Slack itself objects to before it asks the app: required fields left empty, texts of a wrong length."""
    wrong: dict[str, str] = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        key = STATE_KEY[element["type"]][0]
        value = values[block["block_id"]][element["action_id"]][key]
        if value in (None, "", []):
            if not block.get("optional"):
                wrong[block["block_id"]] = "Please complete this required field."
        elif element["type"] == "number_input":
            if said := _number_wrong(element, str(value)):
                wrong[block["block_id"]] = said
        elif isinstance(value, str) and not _fits(element, value):
            wrong[block["block_id"]] = _length_words(element)
    return wrong


def _fits(element: Json, text: str) -> bool:
    return bool(element.get("min_length", 0) <= len(text) <= element.get("max_length", 3000))


def _length_words(element: Json) -> str:
    return f"Must be {element.get('min_length', 0)} to {element.get('max_length', 3000)} characters long."


def _number_wrong(element: Json, text: str) -> str | None:
    try:
        number = float(text)
    except ValueError:
        return "Must be a number."
    if not element["is_decimal_allowed"] and not number.is_integer():
        return "Must be a whole number."
    least, most = float(element.get("min_value", "-inf")), float(element.get("max_value", "inf"))
    return None if least <= number <= most else f"Must be between {least:g} and {most:g}."
