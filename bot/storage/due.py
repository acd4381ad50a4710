"""Which projects a pass may be due for: one small, indexed question per pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from bot.storage.engine import by_itself
from bot.storage.weighing import HAS_NEWS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

# Each completes "select the ids of the projects p that are not left and ..."; all are constants.
_WORKING = "p.state in ('live', 'paused')"
# Files of a channel that the bot was removed from cannot be seen: they wait for it to come back.
_AT_HOME = "not exists (select 1 from trouble t where t.project_id = p.id and t.kind = 'channel')"
_QUESTIONS: Mapping[str, str] = {
    "set_up": "(p.state = 'setting up' or exists (select 1 from step s where s.project_id = p.id "
    "and (s.state = 'waiting' or s.name = 'restore' or (p.state = 'ready' and s.name in ('remember', 'default')))))",
    "cuts": "p.revision > p.applied_revision and p.state <> 'setting up'",
    "uploads": f"{_AT_HOME} and exists (select 1 from picture i where i.project_id = p.id and (i.state = 'new' "
    "or (i.state = 'kept' and (p.state = 'live' or (p.state = 'ready' and i.expected is null)))))",
    "lists": "exists (select 1 from address_list l where l.project_id = p.id and l.state in ('new', 'read') "
    "and (l.state = 'new' or p.state = 'live' or not exists (select 1 from address a "
    "where a.project_id = p.id and a.list_id = l.id and a.state = 'new')))",
    "probe": "p.state = 'live' and exists (select 1 from probe b where b.project_id = p.id and b.state = 'waiting')",
    "discover": _WORKING,
    "pictures": f"{_WORKING} and exists (select 1 from review r where r.project_id = p.id and r.state = 'queued')",
    "settle": f"{_WORKING} and exists (select 1 from annotation a where a.project_id = p.id "
    "and a.settled < a.dirty and a.given_up < a.dirty and not a.closed)",
    "weigh": f"{_WORKING} and {HAS_NEWS}",
}


class Due:
    """Lists project ids; `looks(name)` is a function the clock calls at each tick."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def looks(self, name: str) -> Callable[[], list[str]]:
        question = text(f"select p.id from project p where p.state <> 'left' and {_QUESTIONS[name]}")

        def look() -> list[str]:
            with by_itself(self._engine) as connection:
                return list(connection.execute(question).scalars())

        return look

    def forget_seen(self, *, before: dt.datetime) -> int:
        """Delete the keys of deliveries that Slack will not repeat any more, and leases that ended long ago."""
        with self._engine.begin() as connection:
            connection.execute(text("delete from lease where until < :before"), {"before": before})
            return connection.execute(text("delete from processed where at < :before"), {"before": before}).rowcount
