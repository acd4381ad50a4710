"""Exports that people asked for."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from bot.storage.tables.columns import Json, document, moment, number

_OPEN = text("state in ('waiting', 'sharing')")


class ExportRow(SQLModel, table=True):
    """One file of labels on its way into a channel; from `sharing` on it may stand there already."""

    __tablename__ = "export"
    __table_args__ = (
        Index("export_wish", "project_id", "channel_id", "thread_ts", "user_id", "form", "created_at"),
        Index(
            "export_once", "project_id", "channel_id", "thread_ts", "user_id", "form", unique=True,
            postgresql_where=_OPEN,
        ),
    )  # fmt: skip

    id: int = number()
    project_id: str = Field(foreign_key="project.id")
    team_id: str
    channel_id: str
    thread_ts: str = ""
    user_id: str
    form: str  # jsonl, csv, coco
    state: str = "waiting"  # waiting, sharing, done, failed
    file_ids: Json = document(list)  # Slack's, while sharing
    attempts: int = 0
    not_before: dt.datetime | None = moment(optional=True)
    created_at: dt.datetime = moment()
