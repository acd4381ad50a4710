"""The connection pool, one per process."""

from __future__ import annotations

import select
import time
from typing import TYPE_CHECKING, Any, cast

from psycopg import Error
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import InvalidatePoolError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from psycopg import Connection as Wire
    from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
    from sqlalchemy.pool import ConnectionPoolEntry

STATEMENT_TIMEOUT_MS = 15_000
LOCK_TIMEOUT_MS = 2_000  # a click behind a locked row gets "try again" before Slack's 3 s are over
GIVES_UP = "-c idle_in_transaction_session_timeout=10000"  # ms; who is paused in a transaction holds nobody up
ASK_AFTER_S = 10.0  # unused for longer, a connection is asked whether it lives
_POOL: Mapping[str, Any] = {
    "pool_use_lifo": True,  # what a connection knows of the tables and statements stays warm
    "max_overflow": 0,
    "pool_recycle": 1800,
    "pool_timeout": 5,
}


def psycopg_url(url: str) -> str:
    """Name the driver in an address that leaves it open (postgres://, postgresql://)."""
    parsed = make_url(url)
    if parsed.drivername in {"postgres", "postgresql"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed.render_as_string(hide_password=False)


def libpq_dsn(url: str) -> str:
    """Write the same address for libpq, which knows no drivers; what it opens gives its locks up in time as well."""
    plain = f"postgresql:{url.partition(':')[2]}"
    asked = conninfo_to_dict(plain).get("options", "")
    return make_conninfo(plain, options=f"{asked} {GIVES_UP}".strip())


def make_engine(url: str, *, connections: int = 24, name: str = "annotate-bot") -> Engine:
    """Open a pool of at most `connections`; dead ones are noticed before use.

    The pool is at least the web server's threads plus the worker's, since listeners run inline in the former.
    """
    return _opened(url, connections, _connecting(name))


def make_click_engine(url: str, *, connections: int = 24) -> Engine:
    """Open the pool of the clicks: one statement each, committed by itself, planned once for each connection.

    Planning the click's statement takes longer than running it. Its parameters are keys, so that the plan for any of
    them is the plan for all. And a pass that holds connections never makes a click wait for one.
    """
    options = _connecting("annotate-bot clicks")
    options["options"] += " -c plan_cache_mode=force_generic_plan"
    options["prepare_threshold"] = 0  # prepared at the first execution
    return _opened(url, connections, options, isolation_level="AUTOCOMMIT")


def by_itself(engine: Engine) -> Connection:
    """Open a connection, in a `with`, for one statement that is committed by itself.

    One round trip instead of the three of a transaction.
    """
    return engine.connect().execution_options(isolation_level="AUTOCOMMIT")


def _connecting(name: str) -> dict[str, Any]:
    return {
        "application_name": name,
        "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS} -c timezone=UTC "
        + GIVES_UP,
        "connect_timeout": 5,
    }


def _opened(url: str, connections: int, connecting: Mapping[str, Any], **more: Any) -> Engine:  # noqa: ANN401
    engine = create_engine(psycopg_url(url), pool_size=connections, connect_args=connecting, **_POOL, **more)
    event.listen(engine, "checkin", _used)
    event.listen(engine, "checkout", _alive(engine.dialect))
    return engine


def _used(_wire: Wire | None, record: ConnectionPoolEntry) -> None:
    record.info["used"] = time.monotonic()


def _alive(dialect: Dialect) -> Callable[..., None]:
    """Ask a connection whether it lives only where that is in doubt; asking each time doubles the round trips.

    A server that ends says so, or its system does: the socket can be read while nothing was asked. What says nothing
    (a cable that was pulled) is in doubt after a while.
    """

    def alive(wire: Wire, record: ConnectionPoolEntry, _proxy: object) -> None:
        used = record.info.get("used")  # never: it was opened just now
        if used is None or not (_unread(wire) or time.monotonic() - used > ASK_AFTER_S):
            return
        if wire.closed:
            raise InvalidatePoolError
        try:
            dialect.do_ping(cast("DBAPIConnection", wire))
        except Error as error:
            if wire.closed:
                raise InvalidatePoolError from error
            raise

    return alive


def _unread(wire: Wire) -> bool:
    """Say whether something came that nobody asked for, or the connection is known to be over."""
    if wire.closed:
        return True
    poll = select.poll()
    poll.register(wire.fileno(), select.POLLIN)
    return bool(poll.poll(0))
