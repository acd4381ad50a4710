"""Inputs whose cards wait for a picture, on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from bot.storage.engine import by_itself
from bot.usecases.picturing import Unshown

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNSHOWN = text("""
select i.id, i.name, i.url, coalesce(p.file_id, '') as original, min(a.seen_at) as since,
       array_agg(a.snapshot -> 'region') filter (where jsonb_typeof(a.snapshot -> 'region') = 'object') as regions
from input i
join annotation a on a.project_id = i.project_id and a.input_id = i.id and not a.closed
left join lateral (
    select file_id from picture p where p.project_id = i.project_id and p.input_id = i.id limit 1) p on true
where i.project_id = :p and i.picture = 'asked' and exists (
    select 1 from review r where r.project_id = i.project_id and r.input_id = i.id and r.state in ('queued', 'posted'))
group by i.id, i.name, i.url, p.file_id order by min(a.seen_at) limit :limit
""")


_CARD_BEHIND = text("""
update post set wanted = wanted + 1, draw_after = null
where project_id = :p and kind = 'card' and subject = :i and state = 'posted'
""")


class SqlPictures:
    """Implements `usecases.picturing.PictureStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def unshown(self, project_id: str, *, limit: int) -> Sequence[Unshown]:
        with by_itself(self._engine) as connection:
            rows = connection.execute(_UNSHOWN, {"p": project_id, "limit": limit}).mappings().all()
        return [
            Unshown(
                input_id=row["id"],
                name=row["name"],
                original_file=row["original"],
                url=row["url"],
                waiting_since=row["since"],
                boxes=tuple((r["top"], r["left"], r["bottom"], r["right"]) for r in row["regions"] or ()),
            )
            for row in rows
        ]

    def shown(self, project_id: str, input_id: str, file_id: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                text(
                    "update input set picture = :picture, file_id = coalesce(nullif(cast(:file as text), ''), file_id) "
                    "where project_id = :p and id = :i and picture = 'asked'"
                ),
                {"p": project_id, "i": input_id, "file": file_id, "picture": "shown" if file_id else "none"},
            )
            connection.execute(_CARD_BEHIND, {"p": project_id, "i": input_id})
