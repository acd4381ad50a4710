"""Short words for the columns of a migration, so that a table fits on a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

if TYPE_CHECKING:
    from collections.abc import Callable


def table(name: str, *columns: sa.Column[Any], key: tuple[str, ...], of_project: bool = True) -> None:
    """Create a table with its primary key; its rows belong to a project unless said otherwise."""
    owner = [sa.ForeignKeyConstraint(["project_id"], ["project.id"])] if of_project else []
    op.create_table(name, *columns, *owner, sa.PrimaryKeyConstraint(*key))


def serial() -> sa.Column[int]:
    """Return the column `id` that PostgreSQL counts up."""
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _of(kind: sa.types.TypeEngine[Any]) -> Callable[..., list[sa.Column[Any]]]:
    def columns(*names: str, empty: bool = False) -> list[sa.Column[Any]]:
        return [sa.Column(name, kind, nullable=empty) for name in names]

    return columns


texts = _of(sa.String())
counts = _of(sa.Integer())
ids = _of(sa.BigInteger())
flags = _of(sa.Boolean())
values = _of(sa.Float())
documents = _of(JSONB(none_as_null=True))
secrets = _of(sa.LargeBinary())
moments = _of(sa.DateTime(timezone=True))
dates = _of(sa.Date())
times = _of(sa.Time())
