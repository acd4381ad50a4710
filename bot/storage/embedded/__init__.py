"""PostgreSQL without an installation: the binaries of a wheel, a data folder, any number of processes."""

from bot.storage.embedded.errors import EmbeddedPostgresError
from bot.storage.embedded.server import EmbeddedPostgres

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError"]
