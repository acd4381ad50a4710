"""Lists of addresses of pictures: CSV files dropped into a channel, and each of their lines."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, false, text
from sqlmodel import Field, SQLModel

from bot.storage.tables.columns import Json, document, moment, number, reference


class AddressListRow(SQLModel, table=True):
    """One CSV file of one message."""

    __tablename__ = "address_list"
    __table_args__ = (
        Index("address_list_file", "project_id", "message_ts", "file_id", unique=True),
        Index("address_list_working", "project_id", "id", postgresql_where=text("state in ('new', 'read')")),
    )

    id: int = number()
    project_id: str = Field(foreign_key="project.id")
    channel_id: str
    message_ts: str
    thread_ts: str
    file_id: str
    name: str
    uploaded_by: str
    state: str = "new"  # new, read, done, refused
    reason: str = ""  # why the whole file was refused
    reasons_file: str = ""  # the Slack file with a reason per line, from before it is shared
    given_up: bool = Field(default=False, sa_column_kwargs={"server_default": false()})  # refused by us: may come again
    attempts: int = 0
    not_before: dt.datetime | None = moment(optional=True)
    taken_at: dt.datetime = moment()


class AddressRow(SQLModel, table=True):
    """One line of a list."""

    __tablename__ = "address"
    __table_args__ = (
        Index("address_waiting", "project_id", "list_id", "line", postgresql_where=text("state = 'new'")),
        Index("address_sent", "project_id", "looked_at", postgresql_where=text("state = 'sent'")),
        Index("address_input", "project_id", "input_id"),
    )

    list_id: int = reference(primary_key=True)
    line: int = Field(primary_key=True)
    project_id: str = Field(foreign_key="project.id")
    url: str
    input_id: str
    about: Json = document()  # the further columns of the line, by name
    state: str = "new"  # new, sent, ready, known, refused
    reason: str = ""
    sent_at: dt.datetime | None = moment(optional=True)
    looked_at: dt.datetime | None = moment(optional=True)
