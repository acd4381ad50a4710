"""Lists of addresses and their lines, on PostgreSQL."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, text

from bot.domain.addresses import name_of_address
from bot.storage.engine import by_itself
from bot.storage.outbox import add_post
from bot.storage.probes import draw_probes, probe_coin
from bot.usecases.chat import PostKind
from bot.usecases.ports import InputState
from bot.usecases.taking_lists import Address, WaitingList

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from bot.domain.projects import Project
    from bot.storage.probes import ProbeCoin
    from bot.usecases.ports import InputFacts
    from bot.usecases.taking_lists import ListLine

WRITTEN_AT_ONCE = 1000  # lines

_ADD = text("""
insert into address_list (project_id, channel_id, message_ts, thread_ts, file_id, name, uploaded_by, state, reason,
                          reasons_file, attempts, taken_at)
values (:project, :channel, :ts, :thread, :file, :name, :by, 'new', '', '', 0, :now)
on conflict do nothing returning id
""")

_WAITING_LIST = "id, file_id, name, channel_id, thread_ts, reasons_file, attempts"

_UNREAD = text(f"""
select {_WAITING_LIST} from address_list where project_id = :project and state = 'new'
  and (not_before is null or not_before <= :now) order by id
""")

_ADD_LINES = text("""
insert into address (list_id, line, project_id, url, input_id, about, state, reason)
select :list, line, :project, url, input_id, cast(about as jsonb), case when reason = '' then 'new' else 'refused' end,
       reason
from unnest(cast(:lines as int[]), cast(:urls as text[]), cast(:inputs as text[]), cast(:abouts as text[]),
            cast(:reasons as text[])) as given (line, url, input_id, about, reason)
""")

_UNSENT = text("""
select a.list_id, a.line, a.url, a.input_id, a.about, l.channel_id, l.message_ts, l.uploaded_by, l.attempts
from address a join address_list l on l.id = a.list_id
where a.project_id = :project and a.state = 'new' and l.state = 'read'
  and (l.not_before is null or l.not_before <= :now)
order by a.list_id, a.line limit :limit
""")

_KNOWN = text("""
update address a set state = 'known', reason = 'was handed on before, on ' || to_char(
    (select min(o.sent_at) from address o where o.project_id = a.project_id and o.input_id = a.input_id)
    at time zone p.zone, 'FMDD FMMonth')
from project p where p.id = a.project_id and a.project_id = :project and a.state = 'new' and a.input_id = any(:inputs)
  and exists (select 1 from address o where o.project_id = a.project_id and o.input_id = a.input_id
              and o.list_id <> a.list_id and o.state in ('sent', 'ready'))
returning a.list_id, a.line
""")

_INTEND = text("""
insert into input (project_id, id, source, name, uploaded_by, permalink, url, file_id, picture, probed, created_at)
select :project, id, 'upload', name, by, link, url, '', 'asked', probed, :now
from unnest(cast(:ids as text[]), cast(:names as text[]), cast(:bys as text[]), cast(:links as text[]),
            cast(:urls as text[]), cast(:probed as boolean[])) as given (id, name, by, link, url, probed)
on conflict (project_id, id) do nothing returning id
""")

_SENT = text("""
update address a set state = case when given.reason = '' then 'sent' else 'refused' end, reason = given.reason,
    sent_at = :now
from unnest(cast(:lists as bigint[]), cast(:lines as int[]), cast(:reasons as text[])) as given (list_id, line, reason)
where a.list_id = given.list_id and a.line = given.line and a.state = 'new'
""")

_IN_PROGRESS = text("""
update address set looked_at = :now where (list_id, line) in (
    select list_id, line from address where project_id = :project and state = 'sent'
    order by looked_at nulls first limit :limit)
returning input_id
""")

_FINISHED = text("""
update address a set state = given.state, reason = given.reason
from unnest(cast(:inputs as text[]), cast(:states as text[]), cast(:reasons as text[]))
    as given (input_id, state, reason)
where a.project_id = :project and a.input_id = given.input_id and a.state = 'sent'
returning a.list_id
""")

_ENDED = text(f"""
select {_WAITING_LIST} from address_list l where project_id = :project and state = 'read'
  and (not_before is null or not_before <= :now)
  and not exists (select 1 from address a where a.project_id = l.project_id and a.list_id = l.id and a.state = 'new')
  and not exists (select 1 from address a where a.project_id = l.project_id and a.list_id = l.id and a.state = 'sent'
                  and a.sent_at > :sent_before)
order by id
""")

_REASONS = text("""
select line, url, reason from address where list_id = :list and line > :above and reason <> ''
order by line limit :limit
""")

_BEHIND = text("""
update post set wanted = wanted + 1, draw_after = null
where project_id = :project and kind = 'list' and subject = any(:lists)
""")


class SqlLists:
    """Implements `usecases.taking_lists.ListStore` and `usecases.receiving.Tray`."""

    def __init__(self, engine: Engine, coin: ProbeCoin = probe_coin) -> None:
        self._engine = engine
        self._coin = coin

    def note(
        self, project: Project, *, ts: str, thread_ts: str, by: str, files: Sequence[tuple[str, str]], now: dt.datetime
    ) -> bool:
        thread = thread_ts or ts
        about = {"project": project.id, "channel": project.channel_id, "ts": ts, "thread": thread, "by": by, "now": now}
        added = False
        with self._engine.begin() as connection:
            for file, name in files:
                found = connection.execute(_ADD, {**about, "file": file, "name": name}).scalar()
                if found is not None:
                    add_post(connection, project, PostKind.LIST, str(found), now=now, thread_ts=thread, rank=-1)
                    added = True
        return added

    def unread(self, project_id: str, *, now: dt.datetime) -> Sequence[WaitingList]:
        return self._lists(_UNREAD, project=project_id, now=now)

    def read(self, project: Project, waiting: WaitingList, lines: Iterable[ListLine]) -> None:
        left = iter(lines)
        with self._engine.begin() as connection:
            locked = "select id from address_list where id = :id and state = 'new' for update"
            if connection.execute(text(locked), {"id": waiting.id}).first() is None:
                return  # another process read it
            while some := list(islice(left, WRITTEN_AT_ONCE)):
                connection.execute(_ADD_LINES, _columns(project, waiting, some))
            self._set(connection, waiting.id, "state = 'read', attempts = 0, not_before = null")
            _behind(connection, project.id, [waiting.id])

    def refused(self, waiting: WaitingList, reason: str) -> None:
        with self._engine.begin() as connection:
            project = self._set(connection, waiting.id, "state = 'refused', reason = :reason", reason=reason)
            _behind(connection, project, [waiting.id])

    def give_up(self, waiting: WaitingList, reason: str) -> None:
        with self._engine.begin() as connection:
            refused = "state = 'refused', reason = :reason, given_up = true"
            project = self._set(connection, waiting.id, refused, reason=reason)
            _behind(connection, project, [waiting.id])

    def later(self, list_id: int, *, not_before: dt.datetime) -> None:
        with self._engine.begin() as connection:
            self._set(connection, list_id, "attempts = attempts + 1, not_before = :at", at=not_before)

    def unsent(self, project_id: str, *, now: dt.datetime, limit: int) -> Sequence[Address]:
        with by_itself(self._engine) as connection:
            rows = connection.execute(_UNSENT, {"project": project_id, "now": now, "limit": limit}).mappings()
            return [Address(**row) for row in rows]

    def intend(
        self, project: Project, addresses: Sequence[Address], permalinks: Sequence[str], *, now: dt.datetime
    ) -> Sequence[Address]:
        inputs = [a.input_id for a in addresses]
        with self._engine.begin() as connection:
            known = connection.execute(_KNOWN, {"project": project.id, "inputs": inputs}).all()
            gone = {(row.list_id, row.line) for row in known}
            fresh = [
                (a, link) for a, link in zip(addresses, permalinks, strict=True) if (a.list_id, a.line) not in gone
            ]
            values = {
                "project": project.id,
                "ids": [a.input_id for a, _ in fresh],
                "names": [name_of_address(a.url) for a, _ in fresh],
                "bys": [a.uploaded_by for a, _ in fresh],
                "links": [link for _, link in fresh],
                "urls": [a.url for a, _ in fresh],
                "probed": [self._coin(project, a.input_id) for a, _ in fresh],
                "now": now,
            }
            draw_probes(connection, project, connection.execute(_INTEND, values).scalars().all(), now=now)
            _behind(connection, project.id, {list_id for list_id, _ in gone})
        return [a for a, _ in fresh]

    def sent(self, project: Project, done: Sequence[tuple[Address, str]], *, now: dt.datetime) -> None:
        values = {
            "lists": [a.list_id for a, _ in done],
            "lines": [a.line for a, _ in done],
            "reasons": [reason for _, reason in done],
            "now": now,
        }
        with self._engine.begin() as connection:
            connection.execute(_SENT, values)
            _behind(connection, project.id, {a.list_id for a, _ in done})

    def in_progress(self, project_id: str, *, now: dt.datetime, limit: int) -> Sequence[str]:
        with by_itself(self._engine) as connection:
            values = {"project": project_id, "now": now, "limit": limit}
            return connection.execute(_IN_PROGRESS, values).scalars().all()

    def finished(self, project: Project, facts: Sequence[InputFacts]) -> int:
        values = {
            "project": project.id,
            "inputs": [f.id for f in facts],
            "states": ["ready" if f.state is InputState.READY else "refused" for f in facts],
            "reasons": [_why_not(f) for f in facts],
        }
        with self._engine.begin() as connection:
            lists = list(connection.execute(_FINISHED, values).scalars())
            _behind(connection, project.id, set(lists))
        return len(lists)

    def ended(self, project_id: str, *, now: dt.datetime, sent_before: dt.datetime) -> Sequence[WaitingList]:
        return self._lists(_ENDED, project=project_id, now=now, sent_before=sent_before)

    def reasons(self, list_id: int) -> Iterator[tuple[int, str, str]]:
        above = 0
        while True:
            with by_itself(self._engine) as connection:
                values = {"list": list_id, "above": above, "limit": WRITTEN_AT_ONCE}
                page = connection.execute(_REASONS, values).all()
            if not page:
                return
            yield from ((row.line, row.url, row.reason) for row in page)
            above = page[-1].line

    def sharing(self, waiting: WaitingList, file_id: str, *, not_before: dt.datetime) -> None:
        with self._engine.begin() as connection:
            what = "reasons_file = :file, not_before = :at"
            self._set(connection, waiting.id, what, file=file_id, at=not_before)

    def done(self, waiting: WaitingList) -> None:
        with self._engine.begin() as connection:
            project = self._set(connection, waiting.id, "state = 'done', not_before = null")
            _behind(connection, project, [waiting.id])

    def _lists(self, question: Any, **values: object) -> Sequence[WaitingList]:  # noqa: ANN401 - a statement
        with by_itself(self._engine) as connection:
            return [WaitingList(**row) for row in connection.execute(question, values).mappings()]

    @staticmethod
    def _set(connection: Connection, list_id: int, what: str, **values: object) -> str:
        statement = text(f"update address_list set {what} where id = :id returning project_id")
        return str(connection.execute(statement, {"id": list_id, **values}).scalar_one())


def _columns(project: Project, waiting: WaitingList, lines: Sequence[ListLine]) -> dict[str, object]:
    return {
        "list": waiting.id,
        "project": project.id,
        "lines": [line.line for line in lines],
        "urls": [line.url for line in lines],
        "inputs": [line.input_id for line in lines],
        "abouts": [json.dumps(dict(line.about)) if line.about else None for line in lines],
        "reasons": [line.reason for line in lines],
    }


def _why_not(facts: InputFacts) -> str:
    if facts.state is InputState.READY:
        return ""
    if facts.state is InputState.GONE:
        return "was deleted in Clarifai"
    return f"could not be taken in by Clarifai: {facts.reason or 'it gave no reason'}"


def _behind(connection: Connection, project_id: str, lists: Iterable[int]) -> None:
    connection.execute(_BEHIND, {"project": project_id, "lists": [str(number) for number in lists]})
