"""The general model's words as they were last read, so that a listener can suggest them, on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from bot.storage.engine import by_itself

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_FRESH = text("select exists (select 1 from vocabulary where read_at > clock_timestamp() - interval '7 days')")

_KEEP = text("""
insert into vocabulary (name, read_at) values (:name, clock_timestamp())
on conflict (name) do update set read_at = excluded.read_at
""")

_FORGET = text("delete from vocabulary where read_at <= clock_timestamp() - interval '7 days'")

_LACKS = text("""
select exists (select 1 from vocabulary) and not exists (select 1 from vocabulary where lower(name) = :name)
""")

_BEGINNING = text("""
select name from vocabulary where lower(name) like :first or lower(name) like :word
order by lower(name) not like :first, length(name), name limit :limit
""")


class SqlVocabulary:
    """Implements `usecases.setting_up_form.Words`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def is_fresh(self) -> bool:
        with by_itself(self._engine) as connection:
            return bool(connection.execute(_FRESH).scalar())

    def keep(self, names: Iterable[Sequence[str]]) -> None:
        for page in names:  # each page is read from Clarifai outside of any transaction
            if page:
                with self._engine.begin() as connection:
                    connection.execute(_KEEP, [{"name": name} for name in sorted(set(page))])
        with by_itself(self._engine) as connection:
            connection.execute(_FORGET)

    def lacks(self, name: str) -> bool:
        with by_itself(self._engine) as connection:
            return bool(connection.execute(_LACKS, {"name": name.lower()}).scalar())

    def beginning(self, typed: str, *, limit: int) -> Sequence[str]:
        literal = typed.strip().lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        asked = {"first": f"{literal}%", "word": f"% {literal}%", "limit": limit}
        with by_itself(self._engine) as connection:
            return list(connection.execute(_BEGINNING, asked).scalars())
