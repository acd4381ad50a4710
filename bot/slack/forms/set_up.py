"""The form of a set-up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.thresholds import DEFAULT_ACCEPT, DEFAULT_FLOOR
from bot.slack.cards.message import actions, button, section
from bot.slack.forms.fields import choice, field, line, number, suggested
from bot.slack.text import mrkdwn

if TYPE_CHECKING:
    from bot.domain.forms import SetUpForm
    from bot.slack.cards.message import Block

_LINKS = [
    ("synonym", "is the same as"),
    ("hypernym", "is a parent of (vehicle > car)"),
    ("hyponym", "is a kind of (puppy < dog)"),
]


def set_up_blocks(view: SetUpForm) -> list[Block]:
    """Draw a group of fields per concept, and what only few need; the account first where none is configured."""
    blocks = [] if view.default else _account(view)
    for place in range(view.rows):
        blocks += _concept(place)
    more = [button("Add a concept", "field:add-row")] if view.may_add else []
    if not view.advanced:
        more.append(button("Advanced", "field:advanced"))
    if more:
        blocks.append(actions(more))
    if view.advanced:
        blocks += [*(_account(view) if view.default else []), *_advanced()]
    return blocks


def _account(view: SetUpForm) -> list[Block]:
    default = f"Leave it empty to use {view.default}. " if view.default else ""
    hint = f"{default}It must be the app owner's. Slack sees what is typed here; the bot keeps it sealed."
    key = line(longest=200, placeholder="Personal access token")
    drawn = [
        field("key", "Clarifai key", key, hint=hint, optional=bool(view.default), live=True),
        field("app", "App of this key's owner", line(longest=48), optional=True),
    ]
    return [drawn[0], section(mrkdwn(view.key_said, 500)), drawn[1]] if view.key_said else drawn


def _concept(place: int) -> list[Block]:
    first = place == 0
    name = line(longest=64, placeholder="people" if first else "")
    return [
        section(f"*Concept {place + 1}*"),
        field(f"name-{place}", "Name", name, optional=True),
        field(f"predicate-{place}", "It", choice(_LINKS, "synonym"), optional=True),
        field(f"object-{place}", "The model's concept", suggested("Type to search the model's words"), optional=True),
        field(f"accept-{place}", "Labelled from", number(DEFAULT_ACCEPT)),
        field(f"floor-{place}", "Brought to people from", number(DEFAULT_FLOOR)),
    ]


def _advanced() -> list[Block]:
    return [
        field("model", "Model, and its version", line(longest=100, placeholder="my-model@version"), optional=True),
        field("graph", "Knowledge graph", line(longest=48), hint="Follow only the links of this graph.", optional=True),
    ]
