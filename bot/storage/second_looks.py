"""Second looks, on PostgreSQL: which reviews get one, when it is moot, what its message says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from bot.domain.projects import ProjectState
from bot.domain.reviews import Verdict
from bot.domain.second_looks import LookState
from bot.domain.views import SecondLookView
from bot.storage.engine import by_itself
from bot.usecases.telling import Standing

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy import Connection, RowMapping

    from bot.domain.projects import Project
    from bot.usecases.posting import Claim

# The review `r` has its first verdict still, and that is a rejection.
STANDS = "r.state in ('decided', 'settled') and r.verdict = 'reject' and r.revision = 1"

# The verdict of the review `r` is that of the second look `s`.
CHANGED_AT_A_SECOND_LOOK = (
    "s.review_id = r.id and s.verdict = 'approve' and (s.decided_by, s.decided_at) = (r.decided_by, r.decided_at)"
)

# The post `c` of a second look has an open one behind it.
ASKS_AGAIN = """
exists (select 1 from second_look s where s.project_id = c.project_id and s.state = 'open'
        and cast(s.id as text) = c.subject)"""

# Which input a card or a second look shows.
INPUT_OF = """
(case :kind when 'second_look' then (select s.input_id from second_look s where s.project_id = :project
 and cast(s.id as text) = :subject) else :subject end)"""

_WANTED = f"""
review r join ledger l on l.id = r.ledger_id and l.ended_at is null
where r.project_id = p.id and l.project_id = p.id and p.state = 'live' and r.lane = 'calibration' and {STANDS}
  and not exists (select 1 from second_look s where s.review_id = r.id)
"""

# Those whose message is gone ask nobody any more and take nobody's place.
_OPEN = """
select count(*) from second_look s join post c on c.project_id = s.project_id and c.kind = 'second_look'
  and c.subject = cast(s.id as text) and c.state in ('due', 'posting', 'posted')
where s.project_id = p.id and s.state = 'open'
"""

_PROJECTS = text(f"""
select p.id from project p where exists (select 1 from second_look s where s.project_id = p.id and s.state = 'open')
  or exists (select 1 from {_WANTED})
""")

_CLOSE_MOOT = text(f"""
with moot as (
    update second_look s set state = 'closed' from review r, project p
    where s.project_id = :project and s.state = 'open' and r.id = s.review_id and p.id = s.project_id
      and (p.state = 'left' or not ({STANDS}))
    returning s.project_id, s.id
), drawn as (
    update post c set wanted = c.wanted + 1, draw_after = null,
        state = case c.state when 'due' then 'spared' else c.state end
    from moot where c.project_id = moot.project_id and c.kind = 'second_look' and c.subject = cast(moot.id as text)
)
select count(*) from moot
""")

_DOOR = text("select pg_advisory_xact_lock(hashtextextended('second looks ' || cast(:project as text), 0))")

# The reviews are locked: an *Undo* at this moment is waited for, or finds the second look there.
_ASK = text(f"""
with wanted as (
    select r.id, r.input_id, r.concept_id, r.decided_by, p.id as project_id, p.team_id, p.channel_id
    from project p cross join {_WANTED} and p.id = :project
    order by r.id limit (select greatest(:most - ({_OPEN}), 0) from project p where p.id = :project) for update of r
), added as (
    insert into second_look (project_id, review_id, input_id, concept_id, first_by, state, decided_by, doubted_by,
                             created_at)
    select project_id, id, input_id, concept_id, decided_by, 'open', '', '', :now from wanted
    on conflict do nothing returning id, review_id
), posted as (
    insert into post (project_id, team_id, channel_id, kind, subject, thread_ts, rank, state, attempt, ts, wanted,
                      shown, own_upload, attempts, body, problem, created_at)
    select w.project_id, w.team_id, w.channel_id, 'second_look', cast(a.id as text), '', 3, 'due', '', '', 1, 0, false,
           0, '{{}}', '', :now
    from added a join wanted w on w.id = a.review_id order by a.id
)
select count(*) from added
""")

_VIEW = text("""
select s.id, c.name as concept, i.name, coalesce(u.name, '') as uploaded_by, i.file_id, s.state, s.verdict, s.first_by,
       s.decided_by, s.decided_at, s.doubted_by, p.state as project_state, a.closed_reason, r.state as review_state,
       (r.decided_by, r.decided_at) is not distinct from (s.decided_by, s.decided_at) as stands
from second_look s join review r on r.id = s.review_id join project p on p.id = s.project_id
join annotation a on a.project_id = r.project_id and a.id = r.annotation_id
join concept c on c.project_id = s.project_id and c.id = s.concept_id
join input i on i.project_id = s.project_id and i.id = s.input_id
left join person u on u.team_id = p.team_id and u.user_id = i.uploaded_by
where s.id = :id
""")


class SqlSecondLooks:
    """Implements `usecases.looking_again.SecondLookStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def projects(self) -> list[str]:
        """Ids of the projects in which something is asked, or is to be."""
        with by_itself(self._engine) as connection:
            return list(connection.execute(_PROJECTS).scalars())

    def close_moot(self, project: Project) -> int:
        with by_itself(self._engine) as connection:
            return int(connection.execute(_CLOSE_MOOT, {"project": project.id}).scalar_one())

    def ask(self, project: Project, *, most: int, now: dt.datetime) -> int:
        values = {"project": project.id, "most": most, "now": now}
        with self._engine.begin() as connection:
            connection.execute(_DOOR, {"project": project.id})
            return int(connection.execute(_ASK, values).scalar_one())


def second_look_of(connection: Connection, claim: Claim) -> SecondLookView | None:
    """Read what the message of a second look says; None when there is none."""
    row = _look(connection, int(claim.subject))
    if row is None:
        return None
    state = LookState(row["state"])
    over = state is LookState.DECIDED
    return SecondLookView(
        id=row["id"],
        concept=row["concept"],
        name=row["name"],
        uploaded_by=row["uploaded_by"],
        file_id=row["file_id"],
        state=state,
        verdict=Verdict(row["verdict"]) if row["verdict"] else None,
        first_by=row["first_by"] if over else "",
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
        doubted_by=row["doubted_by"],
        afterwards=_what_became(row),
    )


def standing_of(connection: Connection, look_id: int) -> Standing | None:
    """Say how a second look stands, for somebody whose answer did not count."""
    row = _look(connection, look_id)
    if row is None:
        return None
    became = _what_became(row)
    return Standing(row["concept"], row["verdict"] or "", row["decided_by"], row["decided_at"], row["state"], became)


def _look(connection: Connection, look_id: int) -> RowMapping | None:
    return connection.execute(_VIEW, {"id": look_id}).mappings().first()


def _what_became(row: RowMapping) -> str:
    """Say why a second look closed, or what became of the label that it changed; empty where neither is so."""
    decided = row["state"] == LookState.DECIDED.value
    if row["state"] == LookState.OPEN.value or (decided and (row["verdict"] != Verdict.APPROVE.value or row["stands"])):
        return ""
    if row["review_state"] == "closed":
        return str(row["closed_reason"])
    if row["project_state"] == ProjectState.LEFT.value:
        return "this channel was disconnected from Clarifai"
    return "the answer was taken back" if decided else "the first answer was taken back"
