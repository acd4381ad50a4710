"""Rules that look at more than one key: first values that must be among the options, limits that must not cross."""

from collections.abc import Callable, Iterator
from typing import Any

from bot.sandbox.slack.blockkit.shapes import Problem

Json = dict[str, Any]
Rule = Callable[[Json, str], Iterator[Problem]]


def every_block(blocks: object, at: str) -> Iterator[tuple[str, Json]]:
    """The blocks with their places, those inside containers and carousels too."""
    for place, block in enumerate(blocks if isinstance(blocks, list) else []):
        if isinstance(block, dict):
            yield f"{at}/{place}", block
            yield from every_block(block.get("child_blocks"), f"{at}/{place}/child_blocks")
            if block.get("type") == "carousel":
                yield from every_block(block.get("elements"), f"{at}/{place}/elements")


def interactive(block: Json, at: str) -> Iterator[tuple[str, Json]]:
    """The elements of a block with their places."""
    single = [("accessory", block.get("accessory")), ("element", block.get("element"))]
    several = [
        (f"{key}/{place}", part)
        for key in ("elements", "actions")
        if isinstance(block.get(key), list) and block.get("type") != "carousel"
        for place, part in enumerate(block[key])
    ]
    for place, part in (*single, *several):
        if isinstance(part, dict):
            yield f"{at}/{place}", part


def _options(element: Json) -> list[object]:
    groups = element.get("option_groups")
    inside = [group.get("options") for group in groups if isinstance(group, dict)] if isinstance(groups, list) else []
    lists = [element.get("options"), *inside]
    return [option for one in lists if isinstance(one, list) for option in one]


def first_among_options(element: Json, at: str) -> Iterator[Problem]:
    """A first choice must be one of the choices, as a whole."""
    if "options" not in element and "option_groups" not in element:
        return
    known = _options(element)
    if "initial_option" in element and element["initial_option"] not in known:
        yield Problem(f"{at}/initial_option", "must be one of the options")
    several = element.get("initial_options")
    if isinstance(several, list) and not all(option in known for option in several):
        yield Problem(f"{at}/initial_options", "must be among the options")


def limits_in_order(element: Json, at: str) -> Iterator[Problem]:
    """The least must not exceed the most, and a first value must lie between them."""
    least, most = _number(element.get("min_value")), _number(element.get("max_value"))
    first = _number(element.get("initial_value")) if element.get("type") == "number_input" else None
    if least is not None and most is not None and least > most:
        yield Problem(f"{at}/min_value", "must be less than or equal to max_value")
    if first is not None and ((least is not None and first < least) or (most is not None and first > most)):
        yield Problem(f"{at}/initial_value", "must be between min_value and max_value")
    shortest, longest = element.get("min_length"), element.get("max_length")
    if isinstance(shortest, int) and isinstance(longest, int) and shortest > longest:
        yield Problem(f"{at}/min_length", "must be less than or equal to max_length")


def numbers_are_numbers(element: Json, at: str) -> Iterator[Problem]:
    """The texts of a number input must be read as numbers; whole ones where no decimals are allowed."""
    if element.get("type") != "number_input":
        return
    for key in ("initial_value", "min_value", "max_value"):
        text = element.get(key)
        if not isinstance(text, str):
            continue
        number = _number(text)
        if number is None or (element.get("is_decimal_allowed") is False and not number.is_integer()):
            yield Problem(f"{at}/{key}", "must be a valid number")


def _number(text: object) -> float | None:
    try:
        number = float(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return number if number is not None and abs(number) < float("inf") else None


RULES: tuple[Rule, ...] = (first_among_options, limits_in_order, numbers_are_numbers)
"""Each is asked about every element."""
