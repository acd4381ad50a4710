"""Which messages are settled and have no check-mark yet, on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from bot.storage.engine import by_itself
from bot.usecases.checking_off import Settled

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from bot.usecases.checking_off import CheckMark

_SETTLED = text("""
select u.id, u.channel_id, u.message_ts, x.taken
from upload u join project p on p.id = u.project_id and p.state in ('live', 'paused') join lateral (
    select bool_or(i.state = 'ready') as taken, bool_or(i.state in ('new', 'kept', 'sent')) as waits
    from picture i where i.upload_id = u.id) x on not x.waits
where u.checked is null
  and not exists (select 1 from picture i join review r on r.project_id = i.project_id and r.input_id = i.input_id
                  where i.upload_id = u.id and r.state in ('queued', 'posted', 'decided'))
order by u.project_id, u.id limit :limit
""")

_REFUSED = text("select exists (select 1 from upload where checked = 'refused' and checked_at >= :moment)")

_CHECKED = text("update upload set checked = :mark, checked_at = :now where id = :id and checked is null")


class SqlChecks:
    """Implements `usecases.checking_off.CheckStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def settled(self, *, limit: int) -> Sequence[Settled]:
        with by_itself(self._engine) as connection:
            return [Settled(**row) for row in connection.execute(_SETTLED, {"limit": limit}).mappings()]

    def refused_since(self, moment: dt.datetime) -> bool:
        with by_itself(self._engine) as connection:
            return bool(connection.execute(_REFUSED, {"moment": moment}).scalar())

    def checked(self, message: Settled, mark: CheckMark, *, now: dt.datetime) -> None:
        with by_itself(self._engine) as connection:
            connection.execute(_CHECKED, {"id": message.id, "mark": mark.value, "now": now})
