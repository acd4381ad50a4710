"""The kinds of columns our tables are made of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, DateTime, Identity, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

Json = Any


def moment(*, optional: bool = False) -> Any:  # noqa: ANN401 - sqlmodel's Field is typed so
    """Return a time as aware UTC."""
    kind: Any = DateTime(timezone=True)
    return Field(default=None, nullable=True, sa_type=kind) if optional else Field(nullable=False, sa_type=kind)


def document(default: Any = None) -> Any:  # noqa: ANN401 - sqlmodel's Field is typed so
    """Return a JSON document; `default` is a factory, and without one the column may be null."""
    kind: Any = JSONB(none_as_null=True)
    if default is None:
        return Field(default=None, nullable=True, sa_type=kind)
    return Field(default_factory=default, nullable=False, sa_type=kind)


def notes_of_ours() -> Any:  # noqa: ANN401 - sqlmodel's Field is typed so
    """Return a JSON object that rows have from the start, empty until something is noted."""
    kind: Any = JSONB(none_as_null=True)
    empty = {"server_default": text("'{}'::jsonb")}
    return Field(default_factory=dict, nullable=False, sa_type=kind, sa_column_kwargs=empty)


def number() -> Any:  # noqa: ANN401 - sqlmodel's Field is typed so
    """Return a primary key that the database counts up."""
    big: Any = BigInteger()
    return Field(default=None, primary_key=True, sa_type=big, sa_column_args=[Identity()])


def reference(*, optional: bool = False, primary_key: bool = False) -> Any:  # noqa: ANN401 - sqlmodel's Field is typed so
    """Return a column that holds such a key of another row."""
    big: Any = BigInteger()
    if primary_key:
        return Field(primary_key=True, sa_type=big, sa_column_kwargs={"autoincrement": False})
    return Field(default=None, nullable=True, sa_type=big) if optional else Field(nullable=False, sa_type=big)
