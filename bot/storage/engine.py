"""The connection pool, one per process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, make_url

if TYPE_CHECKING:
    from collections.abc import Mapping

STATEMENT_TIMEOUT_MS = 15_000
LOCK_TIMEOUT_MS = 2_000  # a click behind a locked row gets "try again" before Slack's 3 s are over
_POOL: Mapping[str, Any] = {
    "pool_use_lifo": True,  # what a connection knows of the tables and statements stays warm
    "max_overflow": 0,
    "pool_pre_ping": True,
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
    """Write the same address for libpq, which knows no drivers."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def make_engine(url: str, *, connections: int = 24, name: str = "annotate-bot") -> Engine:
    """Open a pool of at most `connections`; stale ones are noticed before use.

    The pool is at least the web server's threads plus the worker's, since listeners run inline in the former.
    """
    return create_engine(psycopg_url(url), pool_size=connections, connect_args=_connecting(name), **_POOL)


def make_click_engine(url: str, *, connections: int = 24) -> Engine:
    """Open the pool of the clicks: one statement each, committed by itself, planned once for each connection.

    Planning the click's statement takes longer than running it. Its parameters are keys, so that the plan for any of
    them is the plan for all. And a pass that holds connections never makes a click wait for one.
    """
    options = _connecting("annotate-bot clicks")
    options["options"] += " -c plan_cache_mode=force_generic_plan"
    options["prepare_threshold"] = 0  # prepared at the first execution
    return create_engine(
        psycopg_url(url), pool_size=connections, connect_args=options, isolation_level="AUTOCOMMIT", **_POOL
    )


def by_itself(engine: Engine) -> Connection:
    """Open a connection, in a `with`, for one statement that is committed by itself.

    Two round trips (is the connection alive, the statement) instead of the four of a transaction.
    """
    return engine.connect().execution_options(isolation_level="AUTOCOMMIT")


def _connecting(name: str) -> dict[str, Any]:
    return {
        "application_name": name,
        "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS} -c timezone=UTC",
        "connect_timeout": 5,
    }
