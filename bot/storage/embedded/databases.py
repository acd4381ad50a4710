"""Databases inside the server; `dsn` always leads to another one than the one it is about."""

import psycopg
from psycopg import sql


def ensure_database(dsn: str, name: str) -> None:
    """Create the database where it is absent; only inside the door."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def create_database(dsn: str, name: str, template: str) -> None:
    """Create a database as a copy of another one, to which nobody may be connected."""
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(statement)


def drop_database(dsn: str, name: str) -> None:
    """Remove a database if it is there, ending the connections to it."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
