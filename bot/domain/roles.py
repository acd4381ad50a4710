"""Who may do what, in one function."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.errors import NotAllowed


class Action(StrEnum):
    """What people do, as far as it is not open to everybody."""

    SET_UP = "set this channel up"
    CHANGE = "change this project"
    DECIDE = "decide"
    UPLOAD = "add images"
    LOOK = "look"
    EXPORT = "export labels"


@dataclass(frozen=True)
class Person:
    """Somebody in Slack; `standing_known` is false until Slack was asked about them."""

    id: str
    team_id: str
    is_admin: bool = False
    is_guest: bool = False
    standing_known: bool = False
    name: str = ""
    zone: str = ""


class StandingUnknown(Exception):
    """Whether the person may depends on what Slack says of them, and nobody has asked yet."""


def may(person: Person, action: Action, *, team_id: str, set_up_by: str = "") -> None:
    """Return if `person` may do `action` in a project of `team_id` that `set_up_by` set up ("" while there is none).

    Any full member may set up a channel without a project; then only the person who did and workspace admins may change
    it. Any full member may decide and upload, and export once Slack has said that they are one. People of another team
    and guests the bot knows of may look only at what Slack shows them.

    Raises:
        NotAllowed: with who may instead.
        StandingUnknown: Slack must be asked about the person first.
    """
    if person.team_id != team_id:
        raise NotAllowed(f"Only members of this workspace may {action}.")
    if person.is_guest and action is not Action.LOOK:
        raise NotAllowed(f"Guests may not {action}. Ask a full member of this workspace.")
    if action in {Action.DECIDE, Action.UPLOAD, Action.LOOK}:
        return
    if action is Action.CHANGE and person.id == set_up_by:
        return
    if not person.standing_known:
        raise StandingUnknown
    if action is Action.CHANGE and not person.is_admin:
        raise NotAllowed(f"Only <@{set_up_by}>, who set this channel up, or a workspace admin may {action}.")
