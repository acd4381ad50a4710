"""How the bot is, for whoever watches it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.errors import ChatError
from bot.storage.dead_letters import dead_letters
from bot.storage.migrate import at_head

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.app.parts import Parts

_FACTS = text("""
select (select count(*) from project where state <> 'left') as projects,
       (select count(*) from review where state in ('queued', 'posted')) as waiting,
       (select count(*) from annotation where settled < dirty and not closed) as unwritten,
       (select extract(epoch from now() - min(r.decided_at)) from annotation a
        join review r on r.project_id = a.project_id and r.annotation_id = a.id
        where a.settled < a.dirty and not a.closed and r.state = 'decided') as oldest_unwritten_s,
       (select min(problem) from annotation where problem <> '' and settled < dirty and not closed) as clarifai
""")

_REFUSES_WRITES = text("select current_setting('transaction_read_only') = 'on'")


class BotHealth:
    """Implements `web.Health`: ready when the database is at head and Slack has taken the token."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def ready(self) -> tuple[bool, Mapping[str, Any]]:
        database, facts = self._database()
        slack = self._slack()
        answer = {"database": database, "slack": slack, **facts}
        return database == "at head" and slack == "token accepted", answer

    def _database(self) -> tuple[str, dict[str, Any]]:
        engine = self._parts.database.engine
        try:
            if not at_head(engine):
                return "not at head: run annotate-bot migrate", {}
            with engine.begin() as connection:
                if connection.execute(_REFUSES_WRITES).scalar():
                    return "refuses writes", {}
                row = connection.execute(_FACTS).mappings().one()
                given_up = dict(dead_letters(connection, now=self._parts.clock()))
        except SQLAlchemyError as error:
            return f"away: {type(error).__name__}", {}
        oldest = row["oldest_unwritten_s"]
        facts = {
            **row,
            "dead_letters": given_up,
            "oldest_unwritten_s": None if oldest is None else round(float(oldest), 1),
        }
        self._parts.metrics.queue_length.labels(state="waiting").set(row["waiting"])
        self._parts.metrics.queue_length.labels(state="unwritten").set(row["unwritten"])
        self._count(given_up)
        return "at head", facts

    def _count(self, given_up: Mapping[str, int]) -> None:
        letters = self._parts.metrics.dead_letters
        letters.clear()
        for what, many in given_up.items():
            letters.labels(state=what.partition(":")[0]).inc(many)

    def _slack(self) -> str:
        try:
            self._parts.chat.identity()
        except ChatError as error:
            return f"token not accepted: {error}"
        return "token accepted"
