"""The pieces that deliveries to the app share."""

from typing import NamedTuple

from bot.sandbox.slack.delivery import Delivery, Outcome
from bot.sandbox.slack.people import APP_ID, TEAM_DOMAIN, TEAM_ID, Member
from bot.sandbox.slack.wire import ApiError, Json
from bot.sandbox.slack.world import World


class Stage(NamedTuple):
    """Where members act: the world, and the way to the app."""

    world: World
    delivery: Delivery

    def member(self, who: str) -> Member:
        return self.world.workspace.member(who)

    def interaction(self, kind: str, member: Member, trigger_id: str | None = None) -> Json:
        """The fields that every interactive payload begins with."""
        payload: Json = {
            "type": kind,
            "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
            "user": {"id": member.id, "username": member.name, "name": member.name, "team_id": TEAM_ID},
            "api_app_id": APP_ID,
            "token": self.world.workspace.app.verification_token,
            "enterprise": None,
            "is_enterprise_install": False,
        }
        if trigger_id is not None:
            payload["trigger_id"] = trigger_id
        return payload

    def toast(self, member: Member, text: str) -> None:
        """A short word of Slack itself to one member."""
        self.world.workspace.announce({"type": "toast", "user": member.id, "text": text})

    def complain(self, member: Member, what: str, outcome: Outcome) -> None:
        """Tell a member that the app did not answer, as Slack marks a click that failed."""
        self.toast(member, f"{what} did not work: the app did not answer ({outcome.error}).")


class PressAnswer(NamedTuple):
    """How a click ended: `ok` when the app acknowledged it, else why not."""

    ok: bool
    error: str | None = None


class SlashAnswer(NamedTuple):
    """What the member saw at once: the app's own words, nothing, or Slackbot's (`status` ``error``)."""

    status: str
    text: str
    blocks: list[Json] | None = None


class SubmitAnswer(NamedTuple):
    """How a submission ended; `errors` by block id."""

    ok: bool
    errors: dict[str, str]
    error: str | None = None


def ends(outcome: Outcome) -> PressAnswer:
    return PressAnswer(outcome.acked, outcome.error)


def require(found: Json | None, code: str) -> Json:
    """What was found.

    Raises:
        ApiError: `code`, when nothing was.
    """
    if found is None:
        raise ApiError(code)
    return found
