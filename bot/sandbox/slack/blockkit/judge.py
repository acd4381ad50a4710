"""The judge: reads the table over blocks and views, and adds the rules that look at more than one block."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from bot.sandbox.slack.blockkit.blocks import (
    CHARTS_PER_MESSAGE,
    ELEMENT_SURFACES,
    HOME,
    MARKDOWN_PER_MESSAGE,
    MESSAGE,
    MODAL,
    MOST_BLOCKS,
    ONE_OF_KEYS,
    SHAPES,
    SURFACES,
    VIEWS,
)
from bot.sandbox.slack.blockkit.elements import SUGGESTED
from bot.sandbox.slack.blockkit.relations import RULES, every_block, interactive
from bot.sandbox.slack.blockkit.shapes import ByType, Problem, many

Json = dict[str, Any]
Showable = Callable[[str], bool]
_BLOCK = ByType(SHAPES)


def message_problems(blocks: object, showable: Showable) -> list[str]:
    """What Slack refuses about the blocks of a message; `showable` says whether a file may stand in a picture."""
    return [problem.shown() for problem in _problems(blocks, MESSAGE, "/blocks", showable)]


def view_problems(view: object, showable: Showable, *, surface: str | None = None) -> list[str]:
    """What Slack refuses about a modal or a Home tab; `surface` is the one it is meant for."""
    found = list(VIEWS(view, "/view"))
    if not found and isinstance(view, dict):
        if surface is not None and view["type"] != surface:
            found.append(Problem("/view/type", f"must be a valid enum value: {surface}"))
        found += _problems(view["blocks"], view["type"], "/view/blocks", showable)
        found += _submit_problems(view)
    return [problem.shown() for problem in found]


def suggestion_problems(answer: object) -> list[str]:
    """What Slack refuses about an app's answer to an external select."""
    return [problem.shown() for problem in SUGGESTED(answer, "")]


def _problems(blocks: object, surface: str, at: str, showable: Showable) -> Iterator[Problem]:
    yield from many(_BLOCK, MOST_BLOCKS[surface], least=0)(blocks, at)
    if not isinstance(blocks, list):
        return
    known = list(every_block(blocks, at))
    yield from _repeated(known, "block_id")
    yield from _total_problems(blocks, at)
    yield from _focus_problems(known)
    for place, block in known:
        yield from _surface_problems(block, surface, place)
        yield from _section_problems(block, place)
        yield from _repeated(list(interactive(block, place)), "action_id")
        yield from _element_problems(block, surface, place)
    yield from _file_problems(blocks, at, showable)


def _element_problems(block: Json, surface: str, at: str) -> Iterator[Problem]:
    for place, element in interactive(block, at):
        kind = element.get("type")
        if isinstance(kind, str) and surface not in ELEMENT_SURFACES.get(kind, {surface}):
            yield Problem(f"{place}/type", f"unsupported type: {kind}")
        for rule in RULES:
            yield from rule(element, place)


def _focus_problems(known: list[tuple[str, Json]]) -> Iterator[Problem]:
    asking = [at for place, block in known for at, part in interactive(block, place) if part.get("focus_on_load")]
    if len(asking) > 1:
        yield Problem(asking[1], "only one element may have focus_on_load")


def _surface_problems(block: Json, surface: str, at: str) -> Iterator[Problem]:
    kind = block.get("type")
    if isinstance(kind, str) and surface not in SURFACES.get(kind, {surface}):
        yield Problem(f"{at}/type", f"unsupported type: {kind}")


def _section_problems(block: Json, at: str) -> Iterator[Problem]:
    for kind, keys in ONE_OF_KEYS.items():
        if block.get("type") == kind and not block.keys() & set(keys):
            yield Problem(at, f"missing required field: {' or '.join(keys)}")


def _repeated(placed: list[tuple[str, Json]], key: str) -> Iterator[Problem]:
    values = [(at, value) for at, part in placed if isinstance(value := part.get(key), str)]
    counts = Counter(value for _at, value in values)
    for value, count in counts.items():
        if count > 1:
            last = [at for at, other in values if other == value][-1]
            yield Problem(f"{last}/{key}", f"`{key}` already exists: {value}")


def _total_problems(blocks: list[object], at: str) -> Iterator[Problem]:
    of_kind = Counter(str(block.get("type")) for block in blocks if isinstance(block, dict))
    if of_kind["data_visualization"] > CHARTS_PER_MESSAGE:
        yield Problem(at, f"no more than {CHARTS_PER_MESSAGE} data_visualization blocks allowed")
    if of_kind["table"] > 1:
        yield Problem(at, "only_one_table_allowed")
    texts = [b["text"] for b in blocks if isinstance(b, dict) and b.get("type") == "markdown" and "text" in b]
    if sum(len(text) for text in texts if isinstance(text, str)) > MARKDOWN_PER_MESSAGE:
        yield Problem(at, f"markdown text must be less than {MARKDOWN_PER_MESSAGE + 1} characters in total")


def _file_problems(part: object, at: str, showable: Showable) -> Iterator[Problem]:
    """Pictures that refer to a file must refer to one that is processed, drawable and visible to the app."""
    if isinstance(part, list):
        for place, inner in enumerate(part):
            yield from _file_problems(inner, f"{at}/{place}", showable)
    elif isinstance(part, dict):
        picture = part.get("slack_file")
        if isinstance(picture, dict) and not _names_showable(picture, showable):
            yield Problem(f"{at}/slack_file", "invalid slack file")
        for key, inner in part.items():
            if key != "slack_file":
                yield from _file_problems(inner, f"{at}/{key}", showable)


def _names_showable(picture: Json, showable: Showable) -> bool:
    named = picture.get("id") or picture.get("url")
    return isinstance(named, str) and showable(named)


def _submit_problems(view: Json) -> Iterator[Problem]:
    blocks = view["blocks"] if isinstance(view["blocks"], list) else []
    asks = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
    if view["type"] == MODAL and asks and not view.get("submit"):
        yield Problem("/view", "missing required field: submit")


__all__ = ["HOME", "MODAL", "message_problems", "suggestion_problems", "view_problems"]
