"""The words the table of Block Kit is written in: texts, numbers, lists, and shapes with their keys."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Problem(NamedTuple):
    """Something Slack refuses, and the JSON pointer of the place, below the list of blocks."""

    pointer: str
    message: str

    def shown(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"


Check = Callable[[object, str], Iterator[Problem]]


@dataclass(frozen=True)
class Shape:
    """An object with these keys and no others; of each group in `exactly_one` one key must be there."""

    required: Mapping[str, Check] = field(default_factory=dict)
    optional: Mapping[str, Check] = field(default_factory=dict)
    exactly_one: tuple[tuple[str, ...], ...] = ()

    def __call__(self, value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(at, "must be an object")
            return
        for key in self.required:
            if key not in value:
                yield Problem(at, f"missing required field: {key}")
        for group in self.exactly_one:
            if sum(key in value for key in group) != 1:
                yield Problem(at, f"must provide exactly one of: {', '.join(group)}")
        for key, inner in value.items():
            check = self.required.get(key) or self.optional.get(key)
            if check is None:
                yield Problem(at, f"unexpected field: {key}")
            else:
                yield from check(inner, f"{at}/{key}")


@dataclass(frozen=True)
class ByType:
    """An object whose ``type`` says which shape it must have; `shapes` do not mention the type themselves."""

    shapes: Mapping[str, Shape]

    def __call__(self, value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(at, "must be an object")
        elif "type" not in value:
            yield Problem(at, "missing required field: type")
        elif not isinstance(value["type"], str) or value["type"] not in self.shapes:
            yield Problem(f"{at}/type", f"unsupported type: {value['type']}")
        else:
            rest = {key: inner for key, inner in value.items() if key != "type"}
            yield from self.shapes[value["type"]](rest, at)


def string(most: int, *, least: int = 1, pattern: str | None = None) -> Check:
    """A text of `least` to `most` characters."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(at, "must be a string")
            return
        yield from _length(value, least, most, at)
        if pattern is not None and re.fullmatch(pattern, value) is None:
            yield Problem(at, f"failed to match pattern: {pattern}")

    return check


def _length(text: str, least: int, most: int, at: str) -> Iterator[Problem]:
    if len(text) < least:
        yield Problem(at, f"must be more than {least - 1} characters")
    if len(text) > most:
        yield Problem(at, f"must be less than {most + 1} characters")


def text_object(most: int, *, plain_only: bool = False) -> Check:
    """A text object of 1 to `most` characters."""
    plain = Shape(required={"text": string(most)}, optional={"emoji": boolean})
    marked = Shape(required={"text": string(most)}, optional={"verbatim": boolean})
    return ByType({"plain_text": plain} if plain_only else {"plain_text": plain, "mrkdwn": marked})


def boolean(value: object, at: str) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield Problem(at, "must be a boolean")


def number(value: object, at: str) -> Iterator[Problem]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield Problem(at, "must be a number")


def whole(least: int, most: int) -> Check:
    """A whole number from `least` to `most`."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            yield Problem(at, f"must be an integer between {least} and {most}")

    return check


def choice(*values: str) -> Check:
    """One of `values`."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if value not in values:
            yield Problem(at, f"must be one of: {', '.join(values)}")

    return check


def many(check_one: Check, most: int, *, least: int = 1) -> Check:
    """A list of `least` to `most` things."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(at, "must be an array")
            return
        if len(value) > most:
            yield Problem(at, f"no more than {most} items allowed")
        if len(value) < least:
            yield Problem(at, f"no fewer than {least} items allowed")
        for place, inner in enumerate(value):
            yield from check_one(inner, f"{at}/{place}")

    return check


def later(check: Callable[[], Check]) -> Check:
    """A check that is looked up when it is needed, for shapes that hold themselves."""

    def look_up(value: object, at: str) -> Iterator[Problem]:
        yield from check()(value, at)

    return look_up
