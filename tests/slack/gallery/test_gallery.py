"""The gallery is complete, and Slack would take all of it."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View as SdkView

import bot.domain
from bot.domain import forms, views
from bot.sandbox.slack.blockkit import message_problems, view_problems
from bot.slack import gallery
from bot.slack.gallery.hostile import HOSTILE, OUR_OWN, poisoned
from bot.usecases.chat import PostKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.slack.gallery.shelf import Call

PROJECT = Path(__file__).parents[3]
CALLS = list(gallery.calls())
# Sequences of Slack's that may stand in what is drawn: people and channels by id, dates, links with words.
OURS = re.compile(r"<@[UW][A-Z0-9]{2,}>|<#[CG][A-Z0-9]{2,}>|<!date\^\d+\^[^<>|]+\|[^<>]+>|<https?://[^\s<>|]+\|[^<>]+>")


def parts(value: object) -> Iterator[object]:
    """Everything a view is made of, itself included."""
    yield value
    if isinstance(value, tuple):
        for one in value:
            yield from parts(one)
    elif isinstance(value, Mapping):
        yield from parts((*value, *value.values()))
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from parts(getattr(value, field.name))


def kinds_of_the_domain() -> dict[str, type]:
    """Every class of `bot.domain` by its name."""
    modules = [importlib.import_module(f"bot.domain.{m.name}") for m in pkgutil.iter_modules(bot.domain.__path__)]
    return {name: kind for module in modules for name, kind in vars(module).items() if isinstance(kind, type)}


MET = [part for _name, view in gallery.samples() for part in parts(view)]
SHOWN = {
    **{name: kind for name, kind in vars(views).items() if is_dataclass(kind) and kind.__module__ == views.__name__},
    **{kind.__name__: kind for kind in get_args(forms.FormView)},
}


@pytest.mark.parametrize("name", SHOWN)
def test_every_view_has_a_sample(name: str) -> None:
    assert any(type(part) is SHOWN[name] for part in MET)


@pytest.mark.parametrize("name", SHOWN)
def test_every_state_of_a_view_has_a_sample(name: str) -> None:
    known = kinds_of_the_domain()
    for field in fields(SHOWN[name]):
        for word in re.findall(r"\w+", str(field.type)):
            kind = known.get(word)
            if kind is not None and issubclass(kind, Enum):
                assert set(kind) <= {p for p in MET if type(p) is kind}, f"{name}.{field.name}"


def test_every_kind_of_post_is_shown() -> None:
    marked = {call.args["metadata"]["event_payload"]["kind"] for call in CALLS if "metadata" in call.args}
    assert marked == {kind.value for kind in PostKind}


def test_every_sample_stands_in_every_hostile_variant_too() -> None:
    names = [name for name, _view in gallery.samples()]
    assert len(set(names)) == len(names)
    for shelf in gallery.SHELVES:
        for name in shelf.samples:
            assert {f"{shelf.kind}: {name}, {ill}" for ill in HOSTILE} <= set(names)


def test_poison_reaches_every_text_and_no_state() -> None:
    for shelf in gallery.SHELVES:
        for view in shelf.samples.values():
            texts = {p for p in parts(poisoned(view, "poison")) if isinstance(p, str) and not isinstance(p, Enum)}
            ours = {getattr(p, name) for p in parts(view) for kind, name in OUR_OWN if type(p).__name__ == kind}
            assert texts <= {"poison", *ours}
            states = [p for p in parts(view) if isinstance(p, Enum)]
            assert [p for p in parts(poisoned(view, "poison")) if isinstance(p, Enum)] == states


def by_method() -> dict[str, list[Call]]:
    sorted_out = defaultdict(list)
    for call in CALLS:
        sorted_out[call.method].append(call)
    return sorted_out


def seen_of(call: Call) -> tuple[list[dict[str, Any]], list[str]]:
    """The blocks of a call, and what the judge says of them."""
    view = call.args.get("view")
    if view is not None:
        return view["blocks"], view_problems(view, lambda _: True, surface=view["type"])
    return call.args["blocks"], message_problems(call.args["blocks"], lambda _: True)


@pytest.mark.parametrize("method", by_method())
def test_the_judge_takes_all_of_it(method: str) -> None:
    for call in by_method()[method]:
        _blocks, problems = seen_of(call)
        assert problems == [], call


@pytest.mark.parametrize("method", by_method())
def test_slacks_own_models_take_what_they_know(method: str) -> None:
    for call in by_method()[method]:
        blocks, _problems = seen_of(call)
        for known in filter(None, map(Block.parse, blocks)):
            known.validate_json()
        if "view" in call.args:
            SdkView(**call.args["view"]).validate_json()


def texts(value: object) -> Iterator[str]:
    """Every mrkdwn text in the arguments of a call, its top-level text included."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def test_foreign_text_never_speaks() -> None:
    for call in CALLS:
        for text in filter(None, (call.args.get("text"), *texts(call.args))):
            assert not re.search(r"[<>]", OURS.sub("", text)), text
            assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x00]", text)


def test_a_message_is_never_without_words() -> None:
    for call in CALLS:
        if call.method.startswith("chat."):
            assert call.args["text"].strip(), call


def test_the_command_writes_each_call_as_a_line(tmp_path: Path) -> None:
    file = tmp_path / "calls.jsonl"
    command = [sys.executable, "-m", "bot", "cards", "--dump", str(file)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=180, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    written = [json.loads(line) for line in file.read_bytes().splitlines()]
    assert written == [{"method": call.method, "args": call.args} for call in CALLS]
    assert str(len(written)) in done.stdout


def test_a_file_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "cards", "--dump", str(tmp_path)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert line == f"annotate-bot: --dump {tmp_path} cannot be written: Is a directory"
