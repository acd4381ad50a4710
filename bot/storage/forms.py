"""Forms that somebody has open, on PostgreSQL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, text

from bot.domain.forms import FormKind, OpenForm
from bot.storage.engine import by_itself
from bot.storage.outbox import add_note

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from sqlalchemy import RowMapping

    from bot.domain.views import NoteView

_OPEN = text("""
insert into form (id, kind, team_id, channel_id, user_id, about, state, attempts, created_at)
values (:id, :kind, :team, :channel, :user, cast(:about as jsonb), 'opened', 0, :now)
on conflict do nothing
""")

_CLAIM = text("""
update form set attempts = attempts + 1, not_before = cast(:now as timestamptz) + interval '10 s' where id = (
    select id from form where state = :state and (not_before is null or not_before <= :now)
    order by created_at limit 1 for update skip locked
) returning *
""")


class SqlForms:
    """Implements `usecases.forming.FormStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(self, form: OpenForm, *, now: dt.datetime) -> None:
        row = {
            "id": form.id,
            "kind": form.kind.value,
            "team": form.team_id,
            "channel": form.channel_id,
            "user": form.user_id,
            "about": json.dumps(dict(form.about)),
            "now": now,
        }
        with by_itself(self._engine) as connection:
            connection.execute(_OPEN, row)

    def find(self, form_id: str) -> OpenForm | None:
        with by_itself(self._engine) as connection:
            row = connection.execute(text("select * from form where id = :id"), {"id": form_id}).mappings().first()
            return _form(row) if row else None

    def refill(self, form: OpenForm, about: Mapping[str, Any]) -> None:
        self._set(form, "state = 'opened', about = cast(:about as jsonb), attempts = 0, not_before = null", about)

    def hold(self, form: OpenForm, about: Mapping[str, Any]) -> None:
        self._set(form, "about = cast(:about as jsonb)", about)

    def went_on(self, form: OpenForm, about: Mapping[str, Any]) -> None:
        self._set(form, "state = 'shown', about = cast(:about as jsonb)", about)

    def submitted(self, form: OpenForm, about: Mapping[str, Any]) -> bool:
        return self._set(
            form, "state = 'submitted', about = cast(:about as jsonb), attempts = 0, not_before = null", about
        )

    def shown(self, form: OpenForm) -> None:
        with by_itself(self._engine) as connection:
            shown = text("update form set state = 'shown', not_before = null where id = :id and state = 'opened'")
            connection.execute(shown, {"id": form.id})

    def claim(self, state: str, *, now: dt.datetime) -> tuple[OpenForm, int] | None:
        with by_itself(self._engine) as connection:
            row = connection.execute(_CLAIM, {"state": state, "now": now}).mappings().first()
            return (_form(row), row["attempts"]) if row else None

    def finished(self, form: OpenForm, answer: NoteView, *, now: dt.datetime) -> None:
        with self._engine.begin() as connection:
            ended = text("update form set state = 'done' where id = :id and state <> 'done' returning id")
            if connection.execute(ended, {"id": form.id}).first() is None:
                return
            add_note(
                connection,
                team_id=form.team_id,
                channel_id=form.channel_id,
                user_id=form.user_id,
                note=answer,
                now=now,
            )

    def _set(self, form: OpenForm, what: str, about: Mapping[str, Any]) -> bool:
        with by_itself(self._engine) as connection:
            change = text(f"update form set {what} where id = :id and state in ('opened', 'shown') returning id")
            return connection.execute(change, {"id": form.id, "about": json.dumps(dict(about))}).first() is not None


def _form(row: RowMapping) -> OpenForm:
    return OpenForm(
        row["id"], FormKind(row["kind"]), row["team_id"], row["channel_id"], row["user_id"], row["about"] or {}
    )
