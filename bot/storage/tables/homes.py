"""The Home tab of everybody who ever opened it, and who belongs to which channel."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from bot.storage.tables.columns import Json, document, moment


class HomeRow(SQLModel, table=True):
    """One person's Home tab. `wanted` counts the reasons to draw it anew, `shown` is the count it shows."""

    __tablename__ = "home"
    __table_args__ = (Index("home_behind", "draw_after", postgresql_where=text("shown < wanted")),)

    team_id: str = Field(primary_key=True)
    user_id: str = Field(primary_key=True)
    wanted: int = 1
    shown: int = 0
    draw_after: dt.datetime = moment()
    not_before: dt.datetime | None = moment(optional=True)
    said: Json = document(list)  # what became of the last press there, while it needs words


class MembershipRow(SQLModel, table=True):
    """The members of a channel, as Slack last said."""

    __tablename__ = "membership"

    team_id: str = Field(primary_key=True)
    channel_id: str = Field(primary_key=True)
    members: Json = document(list)
    asked_at: dt.datetime = moment()
