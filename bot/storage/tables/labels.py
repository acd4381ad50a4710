"""Inputs, annotations, reviews and decisions: the river's banks."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from bot.storage.tables.columns import Json, document, moment, number, reference


class InputRow(SQLModel, table=True):
    """One image that Clarifai holds, and the file that shows it in Slack."""

    __tablename__ = "input"
    __table_args__ = (Index("input_name", "project_id", text("lower(name)")),)

    project_id: str = Field(primary_key=True, foreign_key="project.id")
    id: str = Field(primary_key=True)
    source: str = "upload"  # upload, elsewhere
    name: str = ""
    uploaded_by: str = ""
    permalink: str = ""
    url: str = ""
    file_id: str = ""  # the Slack file a card can show; empty when there is none yet
    probed: bool | None = None  # the coin that also reads it below the floor; null: never thrown
    picture: str = "asked"  # asked, shown, none: whether a card's picture is still to be made
    created_at: dt.datetime = moment()


class AnnotationRow(SQLModel, table=True):
    """One annotation of our writers, as it was read (`snapshot`) and as we last wrote it (`stands`)."""

    __tablename__ = "annotation"
    __table_args__ = (
        Index("annotation_unsettled", "project_id", "id", postgresql_where=text("settled < dirty AND NOT closed")),
        Index("annotation_input", "project_id", "input_id"),
    )

    project_id: str = Field(primary_key=True, foreign_key="project.id")
    id: str = Field(primary_key=True)
    input_id: str
    status: str
    snapshot: Json = document(dict)
    stands: Json = document()  # null: as in the snapshot
    modified_at: dt.datetime = moment()
    revision: int  # of the thresholds in force when it was first seen
    seen_at: dt.datetime = moment()
    dirty: int = 0  # counts decisions and undos
    settled: int = 0  # the count that was last carried over
    closed: bool = False
    closed_reason: str = ""
    given_up: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # the count Clarifai refuses for good
    attempts: int = 0
    not_before: dt.datetime | None = moment(optional=True)
    problem: str = ""


class ReviewRow(SQLModel, table=True):
    """One suggestion waiting for people."""

    __tablename__ = "review"
    __table_args__ = (
        Index("review_suggestion", "project_id", "annotation_id", "concept_id", unique=True),
        Index("review_input", "project_id", "input_id"),
        Index("review_open", "project_id", "lane", "id", postgresql_where=text("state in ('queued', 'posted')")),
        Index("review_decided", "project_id", "decided_at", postgresql_where=text("decided_at is not null")),
        Index("review_unwritten", "project_id", postgresql_where=text("state = 'decided'")),
        Index("review_concept", "project_id", "concept_id"),
        Index(
            "review_rejected",
            "project_id",
            "id",
            postgresql_where=text("verdict = 'reject' and lane = 'calibration' and revision = 1"),
        ),
        Index("review_ledger", "ledger_id", "id", postgresql_where=text("ledger_id is not null")),
    )

    id: int = number()
    project_id: str = Field(foreign_key="project.id")
    annotation_id: str
    input_id: str
    concept_id: str
    kind: str
    value: float
    probability: float  # with which the coin drew it for the calibration lane
    smallest: float = Field(default=1.0, sa_column_kwargs={"server_default": "1"})  # that any score had at that moment
    coin: float | None = None  # in [0, 1): drawn where it fell below the probability
    lane: str = Field(default="work", sa_column_kwargs={"server_default": "work"})  # calibration, work
    ledger_id: int | None = reference(optional=True)  # null: never evidence
    state: str = "queued"
    revision: int = 1
    verdict: str | None = None
    decided_by: str = ""
    decided_at: dt.datetime | None = moment(optional=True)
    doubted_by: str = ""
    thresholds: int  # revision of the thresholds it was seen under
    applied: int | None = None  # the later revision whose cut accepted it, once somebody had it applied
    created_at: dt.datetime = moment()


class DecisionRow(SQLModel, table=True):
    """Append-only: who answered what, when; an *Undo* is a row of its own."""

    __tablename__ = "decision"
    __table_args__ = (
        Index("decision_review", "review_id"),
        Index("decision_day", "project_id", "decided_at"),
        Index("decision_person", "project_id", "decided_by", "decided_at"),
    )

    id: int = number()
    project_id: str = Field(foreign_key="project.id")
    review_id: int = reference()
    revision: int
    verdict: str  # approve, reject, unsure, undo
    final: bool
    decided_by: str
    decided_at: dt.datetime = moment()
