"""What keeps projects from working right now."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Field, SQLModel

from bot.storage.tables.columns import moment


class TroubleRow(SQLModel, table=True):
    """One trouble of one project, as long as it lasts; told once when it begins and once when it ends."""

    __tablename__ = "trouble"

    project_id: str = Field(primary_key=True, foreign_key="project.id")
    kind: str = Field(primary_key=True)  # channel, key
    why: str = ""
    since: dt.datetime = moment()
