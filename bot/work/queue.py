"""The queue as seen by those who put work into it. A job carries a pass and a key, nothing else.

Losing a job costs a tick, doubling one costs nothing: what is to be done stands in the tables.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

if TYPE_CHECKING:
    from bot.work.passes import Pass

log = logging.getLogger(__name__)

TASK = "pass"
_AWAY_S = 4.0  # how long a job waits for a connection; clock and waker, each in such a wait, end one after the other


class Queue:
    """Defers passes on connections of its own; at most one job per pass and key waits at a time."""

    def __init__(self, dsn: str) -> None:
        self._app = App(connector=SyncPsycopgConnector(conninfo=dsn, min_size=1, max_size=2, timeout=_AWAY_S))

    def open(self) -> None:
        self._app.open()

    def close(self) -> None:
        self._app.close()

    def defer(self, work: Pass, key: str, *, in_s: float = 0.0) -> None:
        """Have `work` run for `key` soon, or after `in_s` seconds; never more than one such job waits.

        `queueing_lock` and never `retry`: together they can leave a job running for ever (reference, reliability, 2).
        """
        name = f"{work.value}:{key}"
        # A job for later must not stand before one for now: not by a shared queueing lock, so the delay is part of it,
        # and not by a shared lock, which goes by priority first.
        waiting = f"{name}+{in_s:g}" if in_s else name
        configured = self._app.configure_task(
            TASK,
            lock=name,
            queueing_lock=waiting,
            priority=-1 if in_s else 0,
            schedule_in={"milliseconds": round(in_s * 1000)} if in_s else None,
        )
        try:
            configured.defer(work=work.value, key=key)
        except AlreadyEnqueued:
            log.debug("queue: %s waits already", waiting)
        except ConnectorException as away:
            log.warning("queue: %s could not be deferred, the clock will: %s", waiting, away)
