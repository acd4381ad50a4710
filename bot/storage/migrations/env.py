"""Alembic's entry: our tables only; the queue's are its own."""

from __future__ import annotations

from typing import Any

from alembic import context

from bot.storage.tables import metadata


def is_ours(_object: Any, name: str | None, kind: str, *_: Any) -> bool:  # noqa: ANN401 - Alembic hands in anything
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, include_object=is_ours, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
