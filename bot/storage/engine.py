"""The connection pool, one per process."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, make_url

STATEMENT_TIMEOUT_MS = 15_000
LOCK_TIMEOUT_MS = 2_000  # a click behind a locked row gets "try again" before Slack's 3 s are over


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
    options: dict[str, Any] = {
        "application_name": name,
        "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS} -c timezone=UTC",
        "connect_timeout": 5,
    }
    return create_engine(
        psycopg_url(url),
        pool_size=connections,
        max_overflow=0,
        pool_pre_ping=True,
        pool_recycle=1800,
        pool_timeout=5,
        connect_args=options,
    )
