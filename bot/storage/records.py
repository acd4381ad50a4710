"""Pictures as people look them up, and the record of who changed or decided what, on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import RowMapping, TextClause, text

from bot.domain.views import at
from bot.storage.engine import by_itself
from bot.storage.projects import SqlProjects
from bot.usecases.commanding import OpenPicture

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HISTORY_PAGE = 15  # lines

_OPEN = "r.project_id = i.project_id and r.input_id = i.id and r.state in ('queued', 'posted')"

_PICTURES = f"""
select i.id, i.name, i.file_id, array(
    select distinct on (c.position) c.name from review r
    join concept c on c.project_id = r.project_id and c.id = r.concept_id where {_OPEN} order by c.position) as asked
from input i where i.project_id = :p"""

_KNOWN = text(f"{_PICTURES} and i.id = any(:ids)")

_WAITING = f"exists (select 1 from review r where {_OPEN} and :concept in ('', r.concept_id))"

_WAITING_PICTURES = text(f"{_PICTURES} and {_WAITING} order by i.created_at, i.id limit :limit offset :offset")

_WAITING_COUNT = text(f"select count(*) from input i where i.project_id = :p and {_WAITING}")

# Each part: when, who, what was done; newest first, and no more than are shown, so that an index gives them.
_DECISIONS = """
select d.decided_at as at, d.decided_by as who,
       (case d.verdict when 'approve' then 'approved ' when 'reject' then 'rejected '
        when 'unsure' then 'not sure: ' else 'took back the verdict on ' end) || c.name || ' on ' || i.name as what
from decision d join review r on r.id = d.review_id
join concept c on c.project_id = r.project_id and c.id = r.concept_id
join input i on i.project_id = r.project_id and i.id = r.input_id
where d.project_id = :p {which} order by d.decided_at desc limit :most"""

_UPLOADS = """
select u.taken_at, u.uploaded_by, 'added ' || p.name from upload u join picture p on p.upload_id = u.id
where u.project_id = :p {which} order by u.id desc limit :most"""

_CHANGES = """
select v.asked_at, v.asked_by, 'thresholds: ' || replace(v.words, chr(10), '; ')
       || case v.state when 'failed' then ' (refused by Clarifai)' else '' end
from revision v where v.project_id = :p and v.words <> '' and :by in ('', v.asked_by)
union all
select o.created_at, coalesce(o.body ->> 'by', ''), o.body -> 'lines' ->> 0
from post o where o.project_id = :p and o.kind = 'announcement' and o.subject not like 'thresholds %'
  and :by in ('', coalesce(o.body ->> 'by', ''))"""

_TOLD = "select at, who, what from ({parts}) told order by at desc, what limit :limit offset :offset"


def _history(*, decisions: str = "", uploads: str = "", changes: bool = True) -> TextClause:
    parts = [f"({_DECISIONS.format(which=decisions)})", f"({_UPLOADS.format(which=uploads)})"]
    return text(_TOLD.format(parts=" union all ".join([*parts, _CHANGES] if changes else parts)))


_HISTORY = _history()
_HISTORY_BY = _history(decisions="and d.decided_by = :by", uploads="and u.uploaded_by = :by")
# An undone verdict stays in the record as one. What was skipped has a name, but is no input.
_HISTORY_ABOUT = _history(
    decisions="and (i.id = :about or lower(i.name) = lower(:about))",
    uploads="and (p.input_id = :about or lower(p.name) = lower(:about))",
    changes=False,
)


_CUT_HISTORY = text("""
select asked_at as at, asked_by as who, replace(words, chr(10), '; ')
       || case when undoes is not null then ' (undo)' else '' end
       || case state when 'failed' then ' (refused by Clarifai)' when 'wanted' then ' (not in force yet)' else '' end
       as what
from revision where project_id = :p and words <> '' order by number desc limit :limit offset :offset
""")


class SqlRecords(SqlProjects):
    """The part of `usecases.commanding.Lookups` that shows pictures and the record."""

    def waiting_count(self, project_id: str, concept_id: str) -> int:
        with by_itself(self._engine) as connection:
            return int(connection.execute(_WAITING_COUNT, {"p": project_id, "concept": concept_id}).scalar_one())

    def waiting_pictures(self, project_id: str, concept_id: str, *, offset: int, limit: int) -> Sequence[OpenPicture]:
        asked = {"p": project_id, "concept": concept_id, "offset": offset, "limit": limit}
        with by_itself(self._engine) as connection:
            return [_picture(row) for row in connection.execute(_WAITING_PICTURES, asked).mappings()]

    def known_pictures(self, project_id: str, input_ids: Sequence[str]) -> Mapping[str, OpenPicture]:
        with by_itself(self._engine) as connection:
            rows = connection.execute(_KNOWN, {"p": project_id, "ids": list(input_ids)}).mappings()
            return {row["id"]: _picture(row) for row in rows}

    def history(self, project_id: str, *, by: str, about: str, page: int) -> Sequence[str]:
        asked = {
            "p": project_id,
            "limit": HISTORY_PAGE,
            "offset": (page - 1) * HISTORY_PAGE,
            "most": page * HISTORY_PAGE,
        }
        question = _HISTORY_ABOUT if about else _HISTORY_BY if by else _HISTORY
        which = {"about": about} if about else {"by": by}
        with by_itself(self._engine) as connection:
            return [_told(row) for row in connection.execute(question, {**asked, **which}).mappings()]

    def cut_history(self, project_id: str, *, page: int) -> Sequence[str]:
        asked = {"p": project_id, "limit": HISTORY_PAGE, "offset": (page - 1) * HISTORY_PAGE}
        with by_itself(self._engine) as connection:
            return [_told(row) for row in connection.execute(_CUT_HISTORY, asked).mappings()]


def _picture(row: RowMapping) -> OpenPicture:
    return OpenPicture(row["id"], row["name"], row["file_id"], tuple(row["asked"]))


def _told(row: RowMapping) -> str:
    who = f"<@{row['who']}>" if row["who"] else "the bot"
    return f"{at(row['at'])} {who}: {row['what']}"
