"""Which picture of a project is in front of whom in a review session."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from bot.storage.tables.columns import moment


class LeaseRow(SQLModel, table=True):
    """One picture held for one person: other people's sessions pass over it until `until`; cards do not mind."""

    __tablename__ = "lease"
    __table_args__ = (Index("lease_age", "until"),)

    project_id: str = Field(primary_key=True, foreign_key="project.id")
    input_id: str = Field(primary_key=True)
    held_by: str
    until: dt.datetime = moment()
