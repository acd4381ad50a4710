"""What the bot says: posts that stand once, notes to one person, digests, and what was heard already."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, false, text
from sqlmodel import Field, SQLModel

from bot.storage.tables.columns import Json, document, moment, number

_REFUSED = text("state in ('gone', 'posted') AND problem NOT IN ('', 'nothing to say')")


class PostRow(SQLModel, table=True):
    """One message that stands once: a card, an upload's answer, a checklist, a digest, an announcement.

    `wanted` counts the changes of what it tells of, `shown` is the count that the message shows.
    """

    __tablename__ = "post"
    __table_args__ = (
        Index("post_subject", "project_id", "channel_id", "kind", "subject", unique=True),
        Index("post_due", "channel_id", "rank", "id", postgresql_where=text("state = 'due'")),
        Index("post_posting", "intent_at", postgresql_where=text("state = 'posting'")),
        Index("post_behind", "draw_after", postgresql_where=text("state = 'posted' AND shown < wanted")),
        Index("post_project", "project_id", "kind", "subject"),
        Index("post_given_up", "project_id", postgresql_where=_REFUSED),
    )

    id: int = number()
    project_id: str = Field(foreign_key="project.id")
    team_id: str
    channel_id: str
    kind: str  # card, upload, checklist, digest, announcement
    subject: str
    thread_ts: str = ""
    rank: int = 0  # lower is posted first
    state: str = "due"  # due, posting, posted, gone, unknown, spared (answered before anybody tried to post it)
    attempt: str = ""  # the token of the attempt that may record
    intent_at: dt.datetime | None = moment(optional=True)
    ts: str = ""
    wanted: int = 1
    shown: int = 0
    draw_after: dt.datetime | None = moment(optional=True)
    drawn_at: dt.datetime | None = moment(optional=True)
    not_before: dt.datetime | None = moment(optional=True)
    own_upload: bool = True  # of a card: the input was uploaded in the channel
    attempts: int = 0
    body: Json = document(dict)
    problem: str = ""
    created_at: dt.datetime = moment()


class PaceRow(SQLModel, table=True):
    """When the next message may be posted in a channel; shared by all workers."""

    __tablename__ = "pace"

    channel_id: str = Field(primary_key=True)
    next_post_at: dt.datetime = moment()
    card_last: bool = Field(default=False, sa_column_kwargs={"server_default": false()})  # a card went last


class NoteRow(SQLModel, table=True):
    """Something to tell one person privately."""

    __tablename__ = "note"
    __table_args__ = (
        Index("note_due", "id", postgresql_where=text("state = 'due'")),
        Index("note_failed", "id", postgresql_where=text("state = 'failed'")),
    )

    id: int = number()
    team_id: str
    channel_id: str
    user_id: str
    thread_ts: str = ""
    body: Json = document(dict)
    state: str = "due"  # due, told, failed
    attempts: int = 0
    not_before: dt.datetime | None = moment(optional=True)
    created_at: dt.datetime = moment()


class CommandRow(SQLModel, table=True):
    """A command line that a job finishes: its author's standing must be asked, or its answer needs Clarifai."""

    __tablename__ = "command"
    __table_args__ = (Index("command_waiting", "id", postgresql_where=text("state = 'waiting'")),)

    id: int = number()
    team_id: str
    channel_id: str
    user_id: str
    command: str
    text: str
    thread_ts: str = ""
    state: str = "waiting"  # waiting, done, failed
    attempts: int = 0
    not_before: dt.datetime | None = moment(optional=True)
    created_at: dt.datetime = moment()


class ProcessedRow(SQLModel, table=True):
    """What Slack delivered already: an event, a press."""

    __tablename__ = "processed"
    __table_args__ = (Index("processed_at", "at"),)

    key: str = Field(primary_key=True)
    at: dt.datetime = moment()


class DigestRow(SQLModel, table=True):
    """One scheduled digest: exactly one row per project and local date."""

    __tablename__ = "digest"

    project_id: str = Field(primary_key=True, foreign_key="project.id")
    local_date: dt.date = Field(primary_key=True)
    since: dt.datetime = moment()
    until: dt.datetime = moment()
    late: bool = False
    silent: bool = False
    figures: Json = document()


class QueueSchemaRow(SQLModel, table=True):
    """The newest migration file of the queue's package that this database has."""

    __tablename__ = "queue_schema"

    version: str = Field(primary_key=True)
