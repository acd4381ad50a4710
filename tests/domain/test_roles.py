"""Who may do what: the whole table, and refusals that name who can."""

from __future__ import annotations

import pytest

from bot.domain.errors import NotAllowed
from bot.domain.roles import Action, Person, StandingUnknown, may

HOME = "T0HOME0001"
MEMBER = Person("U0MEMBER01", HOME, standing_known=True)
ADMIN = Person("U0ADMIN001", HOME, is_admin=True, standing_known=True)
FOUNDER = Person("U0FOUNDER1", HOME, standing_known=True)
STRANGER = Person("U0NEW00001", HOME)  # nobody has asked Slack about them yet
GUEST = Person("U0GUEST001", HOME, is_guest=True, standing_known=True)
FOREIGN = Person("U0OTHER001", "T0OTHER001")
FOREIGN_ADMIN = Person("U0OTHER002", "T0OTHER001", is_admin=True, standing_known=True)


def outcome(person: Person, action: Action) -> str:
    try:
        may(person, action, team_id=HOME, set_up_by=FOUNDER.id)
    except NotAllowed:
        return "no"
    except StandingUnknown:
        return "ask"
    return "yes"


@pytest.mark.parametrize(
    ("person", "set_up", "change", "decide", "upload", "look"),
    [
        (MEMBER, "yes", "no", "yes", "yes", "yes"),
        (ADMIN, "yes", "yes", "yes", "yes", "yes"),
        (FOUNDER, "yes", "yes", "yes", "yes", "yes"),
        (STRANGER, "ask", "ask", "yes", "yes", "yes"),
        (GUEST, "no", "no", "no", "no", "yes"),
        (FOREIGN, "no", "no", "no", "no", "no"),
        (FOREIGN_ADMIN, "no", "no", "no", "no", "no"),
    ],
)
def test_the_table(person: Person, set_up: str, change: str, decide: str, upload: str, look: str) -> None:
    actions = [Action.SET_UP, Action.CHANGE, Action.DECIDE, Action.UPLOAD, Action.LOOK]
    assert [outcome(person, action) for action in actions] == [set_up, change, decide, upload, look]


def test_who_set_up_is_known_without_asking_slack() -> None:
    may(Person(FOUNDER.id, HOME), Action.CHANGE, team_id=HOME, set_up_by=FOUNDER.id)


def test_somebody_who_set_up_and_became_a_guest_may_no_longer_change() -> None:
    with pytest.raises(NotAllowed):
        may(Person(FOUNDER.id, HOME, is_guest=True), Action.CHANGE, team_id=HOME, set_up_by=FOUNDER.id)


@pytest.mark.parametrize(
    ("person", "action", "who"),
    [
        (MEMBER, Action.CHANGE, f"<@{FOUNDER.id}>, who set this channel up, or a workspace admin"),
        (GUEST, Action.DECIDE, "full member"),
        (FOREIGN, Action.UPLOAD, "members of this workspace"),
    ],
)
def test_a_refusal_names_who_can(person: Person, action: Action, who: str) -> None:
    with pytest.raises(NotAllowed, match=who):
        may(person, action, team_id=HOME, set_up_by=FOUNDER.id)
