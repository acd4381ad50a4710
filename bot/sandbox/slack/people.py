"""Who and what the workspace holds from its first second: members, channels and the fixed ids."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.sandbox.slack.wire import Json

TEAM_ID = "T0SANDBOX1"
TEAM_NAME = "Sandbox"
TEAM_DOMAIN = "sandbox"
APP_ID = "A0ANNOTATE1"
BOT_ID = "B0ANNOTATE1"
BOT_USER_ID = "U0ANNOTATE1"


@dataclass(frozen=True)
class Member:
    """A person of the workspace; `name` is the handle, `is_restricted` a guest."""

    id: str
    name: str
    real_name: str
    tz: str
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    is_bot: bool = False

    def page_form(self) -> Json:
        """The member as the local page shows it."""
        return {
            "id": self.id,
            "name": self.name,
            "real_name": self.real_name,
            "tz": self.tz,
            "is_admin": self.is_admin,
        }

    def wire_form(self, at: datetime) -> Json:
        """The member as `users.info` answers it; `tz_offset` in seconds, as it is at `at`."""
        zone = at.astimezone(ZoneInfo(self.tz))
        offset = zone.utcoffset()
        return {
            "id": self.id,
            "team_id": TEAM_ID,
            "name": self.name,
            "deleted": False,
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": zone.tzname() or self.tz,
            "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
            "profile": {
                "real_name": self.real_name,
                "real_name_normalized": self.real_name,
                "display_name": self.name,
                "display_name_normalized": self.name,
                "team": TEAM_ID,
            },
            "is_admin": self.is_admin,
            "is_owner": self.is_owner,
            "is_primary_owner": self.is_owner,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": int(at.timestamp()),
        }


MEMBERS = (
    Member("U0DANA00001", "dana", "Dana Keller", "Europe/Berlin", is_admin=True, is_owner=True),
    Member("U0OMAR00001", "omar", "Omar Farias", "America/Sao_Paulo"),
    Member("U0MIA000001", "mia", "Mia Gurung", "Asia/Kathmandu"),
    Member("U0GUS000001", "gus", "Gus Visitor", "Europe/Berlin", is_restricted=True),
)
FULL_MEMBERS = tuple(member for member in MEMBERS if not member.is_restricted)


@dataclass(frozen=True)
class Group:
    """A user group; people write it ``@handle``."""

    id: str
    handle: str
    name: str
    users: tuple[str, ...]


GROUPS = (Group("S0REVIEWERS", "reviewers", "Reviewers", (MEMBERS[0].id, MEMBERS[1].id)),)


@dataclass(frozen=True)
class FirstChannel:
    """A channel the workspace is born with."""

    id: str
    name: str
    with_bot: bool


FIRST_CHANNELS = (
    FirstChannel("C0LABELS01", "labels", with_bot=True),
    FirstChannel("C0GENERAL1", "general", with_bot=False),
    FirstChannel("C0SECOND01", "second", with_bot=False),
)
