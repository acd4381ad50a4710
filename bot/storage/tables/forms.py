"""Forms that somebody has open."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from bot.storage.tables.columns import Json, document, moment


class VocabularyRow(SQLModel, table=True):
    """One word of the general model, for suggestions while somebody types."""

    __tablename__ = "vocabulary"

    name: str = Field(primary_key=True)
    read_at: dt.datetime = moment()


class FormRow(SQLModel, table=True):
    """One form in front of one person; its id is also Slack's external_id, so that it is found after a restart."""

    __tablename__ = "form"
    __table_args__ = (
        Index("form_waiting", "state", "created_at", postgresql_where=text("state in ('opened', 'submitted')")),
        Index("form_age", "created_at"),
    )

    id: str = Field(primary_key=True)
    kind: str
    team_id: str
    channel_id: str
    user_id: str
    about: Json = document(dict)
    state: str = "opened"  # opened, shown, submitted, done
    attempts: int = 0
    not_before: dt.datetime | None = moment(optional=True)
    created_at: dt.datetime = moment()
