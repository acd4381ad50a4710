"""Notes for one person, and the command lines that jobs finish, on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from bot.domain.roles import Person
from bot.storage.ballot import SqlBallot
from bot.storage.engine import by_itself
from bot.storage.outbox import add_note
from bot.storage.second_looks import standing_of
from bot.usecases.commanding import Line
from bot.usecases.deciding import Answer, Press
from bot.usecases.telling import Note, Standing

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from bot.domain.views import NoteView

# Not "in (…)": that may be asked once for each row, and what locks and skips takes the next ones each time.
_CLAIM = text("""
update note set not_before = cast(:now as timestamptz) + interval '10 s' where id = any(array(
    select id from note where state = 'due' and (not_before is null or not_before <= :now)
    order by id limit :limit for update skip locked
)) returning id, team_id, channel_id, user_id, thread_ts, body, attempts
""")

_STANDING = text("""
select c.name as concept, coalesce(r.verdict, '') as verdict, r.decided_by, r.decided_at, r.state, a.closed_reason
from review r join concept c on c.project_id = r.project_id and c.id = r.concept_id
join annotation a on a.project_id = r.project_id and a.id = r.annotation_id
where r.id = any(:ids) order by c.position
""")

_STANDING_OF = text("""
select name, zone, is_admin, is_guest,
       cast(:since as timestamptz) is null or asked_at >= :since as standing_known
from person where team_id = :t and user_id = :u
""")

_PERSON = text("""
insert into person (team_id, user_id, name, zone, is_admin, is_guest, asked_at)
values (:team, :user, :name, :zone, :admin, :guest, :now)
on conflict (team_id, user_id) do update set name = excluded.name, zone = excluded.zone,
    is_admin = excluded.is_admin, is_guest = excluded.is_guest, asked_at = excluded.asked_at
""")

_LINE = text("""
insert into command (team_id, channel_id, user_id, command, text, thread_ts, state, attempts, created_at)
values (:team, :channel, :user, :command, :text, :thread_ts, 'waiting', 0, :now)
""")

_FRESH = text("insert into processed (key, at) values (:key, :at) on conflict do nothing returning key")

_CLAIM_LINE = text("""
update command set not_before = cast(:now as timestamptz) + interval '15 s', attempts = attempts + 1 where id = (
    select id from command where state = 'waiting' and (not_before is null or not_before <= :now)
    order by id limit 1 for update skip locked
) returning id, team_id, channel_id, user_id, command, text, thread_ts, attempts
""")


_OF_A_LINE = ("team_id", "channel_id", "user_id", "command", "text", "thread_ts")


class SqlNotes:
    """Implements `usecases.telling.NoteStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._ballot = SqlBallot(engine)
        self._people = SqlLines(engine)

    def claim_notes(self, *, now: dt.datetime, limit: int) -> Sequence[Note]:
        with by_itself(self._engine) as connection:
            rows = connection.execute(_CLAIM, {"now": now, "limit": limit}).mappings()
            return sorted((Note(**row) for row in rows), key=lambda n: n.id)

    def told(self, note: Note) -> None:
        self._set(note, "state = 'told'")

    def tell_later(self, note: Note, *, not_before: dt.datetime) -> None:
        self._set(note, "attempts = attempts + 1, not_before = :at", at=not_before)

    def not_told(self, note: Note) -> None:
        self._set(note, "state = 'failed'")

    def standing(self, review_ids: Sequence[int]) -> Sequence[Standing]:
        with by_itself(self._engine) as connection:
            return [Standing(**row) for row in connection.execute(_STANDING, {"ids": list(review_ids)}).mappings()]

    def second_look(self, look_id: int) -> Standing | None:
        with self._engine.begin() as connection:
            return standing_of(connection, look_id)

    def knows(self, note: Note) -> bool:
        return self._people.person(note.team_id, note.user_id).standing_known

    def learn(self, person: Person, *, now: dt.datetime) -> None:
        self._people.learn(person, now=now)

    def undo_again(self, note: Note, *, at: dt.datetime) -> bool:
        press = Press(f"note {note.id} again", note.team_id, note.channel_id, note.user_id)
        return self._ballot.undo(press, note.body["input"], at=at, since=at) is Answer.WON

    def _set(self, note: Note, what: str, **values: object) -> None:
        with by_itself(self._engine) as connection:
            connection.execute(text(f"update note set {what} where id = :id"), {"id": note.id, **values})


class SqlLines:
    """Implements `usecases.commanding.LineStore`: people's standing, and lines that a job finishes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def person(
        self, team_id: str, user_id: str, home_team_id: str = "", *, known_since: dt.datetime | None = None
    ) -> Person:
        with by_itself(self._engine) as connection:
            row = (
                connection.execute(
                    _STANDING_OF,
                    {"t": team_id, "u": user_id, "since": known_since},
                )
                .mappings()
                .first()
            )
        home = home_team_id or team_id
        if row is None:
            return Person(user_id, home)
        return Person(user_id, home, **row)

    def learn(self, person: Person, *, now: dt.datetime) -> None:
        values = {
            "team": person.team_id,
            "user": person.id,
            "name": person.name,
            "zone": person.zone,
            "admin": person.is_admin,
            "guest": person.is_guest,
            "now": now,
        }
        with by_itself(self._engine) as connection:
            connection.execute(_PERSON, values)

    def defer(self, line: Line, *, now: dt.datetime) -> None:
        with self._engine.begin() as connection:
            connection.execute(_LINE, _values(line, now))

    def defer_once(self, key: str, line: Line, *, now: dt.datetime) -> bool:
        with self._engine.begin() as connection:
            if connection.execute(_FRESH, {"key": key, "at": now}).first() is None:
                return False
            connection.execute(_LINE, _values(line, now))
            return True

    def claim_line(self, *, now: dt.datetime) -> tuple[int, int, Line] | None:
        with by_itself(self._engine) as connection:
            row = connection.execute(_CLAIM_LINE, {"now": now}).mappings().first()
        if row is None:
            return None
        line = Line(**{name: row[name] for name in _OF_A_LINE})
        return row["id"], row["attempts"], line

    def finish_line(self, line_id: int, line: Line, answer: NoteView, *, now: dt.datetime) -> None:
        with self._engine.begin() as connection:
            done = connection.execute(
                text("update command set state = 'done' where id = :id and state = 'waiting' returning id"),
                {"id": line_id},
            ).first()
            if done:
                add_note(
                    connection,
                    team_id=line.team_id,
                    channel_id=line.channel_id,
                    user_id=line.user_id,
                    note=answer,
                    now=now,
                    thread_ts=line.thread_ts,
                )


def _values(line: Line, now: dt.datetime) -> dict[str, object]:
    return {
        "team": line.team_id,
        "channel": line.channel_id,
        "user": line.user_id,
        "command": line.command,
        "text": line.text,
        "thread_ts": line.thread_ts,
        "now": now,
    }
