"""Projects, their concepts and cuts, the steps of their set-up, and the people Slack told us of."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, LargeBinary, false, text
from sqlmodel import Field, SQLModel

from bot.storage.tables.columns import Json, document, moment, notes_of_ours

_NOT_LEFT = text("state <> 'left'")


class ProjectRow(SQLModel, table=True):
    """One Slack channel bound to one Clarifai app."""

    __tablename__ = "project"
    __table_args__ = (
        Index("project_channel", "team_id", "channel_id", unique=True, postgresql_where=_NOT_LEFT),
        Index("project_app", "user_id", "app_id", unique=True, postgresql_where=_NOT_LEFT),
    )

    id: str = Field(primary_key=True)
    team_id: str
    channel_id: str
    state: str
    set_up_by: str
    user_id: str
    app_id: str
    sealed_key: bytes | None = Field(default=None, nullable=True, sa_type=LargeBinary)
    coin_secret: bytes = Field(sa_type=LargeBinary)  # sealed
    graph: str = ""
    model_id: str = ""
    model_version: str = ""
    zone: str = "UTC"
    digest_at: dt.time
    digest_zone: str = "UTC"
    digest_channel: str = ""
    digest_on: bool = True
    revision: int = 1
    applied_revision: int = 0
    live_since: dt.datetime | None = moment(optional=True)
    seen_until: dt.datetime | None = moment(optional=True)
    swept_at: dt.datetime | None = moment(optional=True)
    previous_workflow: str | None = None
    found: Json = document()
    customs: Json = notes_of_ours()  # `bot.domain.customs`
    older_pending: int = 0
    take_older: bool = False
    created_at: dt.datetime = moment()


class ConceptRow(SQLModel, table=True):
    """One concept of a project, with its links as people typed them."""

    __tablename__ = "concept"

    project_id: str = Field(primary_key=True, foreign_key="project.id")
    id: str = Field(primary_key=True)
    name: str
    position: int
    relations: Json = document(list)
    removed: bool = Field(default=False, sa_column_kwargs={"server_default": false()})  # its old labels stay


class RevisionRow(SQLModel, table=True):
    """One change of thresholds: who asked, in which words, and whether the workflow runs it."""

    __tablename__ = "revision"

    project_id: str = Field(primary_key=True, foreign_key="project.id")
    number: int = Field(primary_key=True)
    asked_by: str
    asked_at: dt.datetime = moment()
    words: str = ""
    undoes: int | None = None
    state: str = "wanted"  # wanted, applied, failed
    about: str = Field(default="cuts", sa_column_kwargs={"server_default": "cuts"})  # cuts, concepts
    mapper_version: str = Field(default="", sa_column_kwargs={"server_default": ""})  # that the workflow ran with it
    attempts: int = 0
    not_before: dt.datetime | None = moment(optional=True)
    problem: str = ""


class CutRow(SQLModel, table=True):
    """The two cuts of one concept in one revision."""

    __tablename__ = "cut"

    project_id: str = Field(primary_key=True, foreign_key="project.id")
    number: int = Field(primary_key=True)
    concept_id: str = Field(primary_key=True)
    accept: float
    floor: float
    before_off: float | None = None
    target: float = Field(default=0.95, sa_column_kwargs={"server_default": "0.95"})
    checks: float = Field(default=0.05, sa_column_kwargs={"server_default": "0.05"})


class StepRow(SQLModel, table=True):
    """One step of a set-up: done once, by whoever gets there."""

    __tablename__ = "step"

    project_id: str = Field(primary_key=True, foreign_key="project.id")
    position: int = Field(primary_key=True)
    name: str
    state: str = "waiting"  # waiting, done, failed
    result: Json = document()
    attempts: int = 0
    not_before: dt.datetime | None = moment(optional=True)
    problem: str = ""


class PersonRow(SQLModel, table=True):
    """What Slack said of somebody, and when."""

    __tablename__ = "person"

    team_id: str = Field(primary_key=True)
    user_id: str = Field(primary_key=True)
    name: str = ""
    zone: str = ""
    is_admin: bool = False
    is_guest: bool = False
    asked_at: dt.datetime = moment()
