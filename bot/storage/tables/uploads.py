"""Messages with images, and each image on its way to becoming an input."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, false, text
from sqlmodel import Field, SQLModel

from bot.storage.tables.columns import Json, document, moment, number, reference


class UploadRow(SQLModel, table=True):
    """One message with images in a project's channel."""

    __tablename__ = "upload"
    __table_args__ = (
        Index("upload_message", "project_id", "channel_id", "message_ts", unique=True),
        Index("upload_unchecked", "project_id", "id", postgresql_where=text("checked is null")),
        Index("upload_check_refused", "checked_at", postgresql_where=text("checked = 'refused'")),
    )

    id: int = number()
    project_id: str = Field(foreign_key="project.id")
    channel_id: str
    message_ts: str
    uploaded_by: str
    taken_at: dt.datetime = moment()
    checked: str | None = (
        None  # the check-mark on a settled message: added, refused (Slack was asked), left (it was not)
    )
    checked_at: dt.datetime | None = moment(optional=True)


class PictureRow(SQLModel, table=True):
    """One image of an upload."""

    __tablename__ = "picture"
    __table_args__ = (
        Index("picture_file", "upload_id", "file_id", unique=True),
        Index("picture_waiting", "project_id", "id", postgresql_where=text("state in ('new', 'kept')")),
        Index("picture_sent", "project_id", "id", postgresql_where=text("state = 'sent'")),
        Index("picture_input", "project_id", "input_id"),
        Index("picture_given_up", "project_id", postgresql_where=text("given_up")),
    )

    id: int = number()
    upload_id: int = reference()
    project_id: str = Field(foreign_key="project.id")
    file_id: str
    name: str
    state: str = "new"  # new, kept, sent, ready, skipped
    reason: str = ""
    input_id: str = ""
    sha256: str = ""
    seen_before: bool = False
    expected: Json = document()
    attempts: int = 0
    not_before: dt.datetime | None = moment(optional=True)
    given_up: bool = Field(default=False, sa_column_kwargs={"server_default": false()})  # skipped by us: may come again
