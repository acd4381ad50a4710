"""What people's answers prove: ledgers, second looks, and what is read below the floor."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from bot.storage.tables.columns import Json, document, moment, number, reference


class LedgerRow(SQLModel, table=True):
    """The evidence about one concept, of one version of the model and of the mapper, since its start.

    What was made of it last (`certified` for `target`, `figures`) stands beside it, so that nobody counts twice.
    """

    __tablename__ = "ledger"
    __table_args__ = (
        Index("ledger_open", "project_id", "concept_id", unique=True, postgresql_where=text("ended_at is null")),
    )

    id: int = number()
    project_id: str = Field(foreign_key="project.id")
    concept_id: str
    model_version: str
    mapper_version: str
    started_at: dt.datetime = moment()
    ended_at: dt.datetime | None = moment(optional=True)
    why_ended: str = ""  # version, removed, alarm
    grid: Json = document()  # 20 thresholds, frozen from scores; null while there are too few
    target: float = 0.95  # that `certified` was proven for
    certified: Json = document(list)  # every threshold that was ever proven
    figures: Json = document(dict)  # `bot.domain.proofs`
    weighed: int = 0  # a mark of what its project had decided when the evidence was weighed last


class SecondLookRow(SQLModel, table=True):
    """A rejected calibration review that another person looks at, without seeing what the first one said."""

    __tablename__ = "second_look"
    __table_args__ = (
        Index("second_look_review", "review_id", unique=True),
        Index("second_look_open", "project_id", "id", postgresql_where=text("state = 'open'")),
        Index("second_look_input", "project_id", "input_id"),
    )

    id: int = number()
    project_id: str = Field(foreign_key="project.id")
    review_id: int = reference()
    input_id: str
    concept_id: str
    first_by: str
    state: str = "open"  # open, decided, closed (the first verdict was taken back, or its annotation is gone)
    verdict: str | None = None
    decided_by: str = ""
    decided_at: dt.datetime | None = moment(optional=True)
    doubted_by: str = ""
    created_at: dt.datetime = moment()


class ProbeRow(SQLModel, table=True):
    """An input whose coin fell: it is read with all its values, also those that the floor drops."""

    __tablename__ = "probe"
    __table_args__ = (Index("probe_waiting", "project_id", "input_id", postgresql_where=text("state = 'waiting'")),)

    project_id: str = Field(primary_key=True, foreign_key="project.id")
    input_id: str = Field(primary_key=True)
    thrown_at: dt.datetime = moment()
    state: str = "waiting"  # waiting, read, failed
    attempts: int = 0
    not_before: dt.datetime | None = moment(optional=True)
    problem: str = ""


class ProbedValueRow(SQLModel, table=True):
    """What the model said of a probed input about one concept."""

    __tablename__ = "probed_value"

    project_id: str = Field(primary_key=True, foreign_key="project.id")
    input_id: str = Field(primary_key=True)
    concept_id: str = Field(primary_key=True)
    value: float
    floor: float  # in force when it was read
    ledger_id: int = reference()
