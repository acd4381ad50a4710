"""What a post says now, read from the tables in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, text

from bot.domain.addresses import LineOutcome
from bot.domain.projects import ProjectState
from bot.domain.reviews import ReviewKind, ReviewState, Verdict
from bot.domain.thresholds import ConceptThreshold
from bot.domain.uploads import Outcome, PictureOutcome, outcome_of
from bot.domain.views import (
    AnnouncementView,
    CardReview,
    CardView,
    ChecklistStep,
    ChecklistView,
    KnownAgain,
    ListView,
    Offer,
    StepState,
    UploadView,
    View,
    WaitingView,
)
from bot.storage.digests import scheduled_digest
from bot.storage.second_looks import CHANGED_AT_A_SECOND_LOOK, second_look_of
from bot.usecases.chat import PostKind
from bot.usecases.steps import TITLES, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection, RowMapping

    from bot.usecases.posting import Claim

_CARD = text(f"""
select r.*, c.name as concept, coalesce(t.accept, 0) as accept, a.closed_reason, a.problem as write_problem,
       coalesce(s.first_by, '') as first_by
from review r left join second_look s on {CHANGED_AT_A_SECOND_LOOK}
join annotation a on a.project_id = r.project_id and a.id = r.annotation_id
join concept c on c.project_id = r.project_id and c.id = r.concept_id
left join cut t on t.project_id = r.project_id and t.concept_id = r.concept_id
  and t.number = coalesce(r.applied, r.thresholds)
where r.project_id = :project and r.input_id = :subject
  and (r.state <> 'unchecked' or r.applied is not null) order by c.position, r.id
""")

_INPUT = text("""
select i.*, coalesce(u.name, '') as uploader from input i
join project p on p.id = i.project_id
left join person u on u.team_id = p.team_id and u.user_id = i.uploaded_by
where i.project_id = :project and i.id = :subject
""")

_UPLOAD = text("""
select p.*, x.has_pending, x.has_accepted, x.open_reviews, x.open_checks, x.labels
from picture p left join lateral (
    select bool_or(r.kind = 'pending') as has_pending, bool_or(r.kind = 'check') as has_accepted,
           count(*) filter (where r.state in ('queued', 'posted')) as open_reviews,
           count(*) filter (where r.state in ('queued', 'posted') and r.kind <> 'pending') as open_checks,
           array_agg(c.name order by c.position)
               filter (where r.kind = 'check' and coalesce(r.verdict, '') <> 'reject') as labels
    from review r join concept c on c.project_id = r.project_id and c.id = r.concept_id
    where r.project_id = p.project_id and r.input_id = p.input_id and p.input_id <> ''
) x on true
where p.upload_id = :upload order by p.id
""")

_LIST = text("select name, state, reason, reasons_file from address_list where id = :id")

_LINES = text("""
select case a.state when 'new' then case p.state when 'live' then 'working' else 'kept' end when 'sent' then 'working'
            when 'known' then 'known' when 'refused' then 'skipped'
            else case when x.has_pending then 'to_review' when x.has_accepted then 'labelled' else 'none' end
       end as outcome, count(*) as lines
from address a join project p on p.id = a.project_id left join (
    select r.input_id, bool_or(r.kind = 'pending') as has_pending, bool_or(r.kind = 'check') as has_accepted
    from review r where r.project_id = :project and r.input_id in (
        select input_id from address where list_id = :list and state = 'ready') group by r.input_id
) x on x.input_id = a.input_id
where a.list_id = :list group by 1
""")

_FIRST_REASONS = text("""
select line, reason from address where list_id = :list and state = 'refused' order by line limit 3
""")

_KNOWN = text("""
select distinct on (c.position) c.name, r.verdict = 'approve' as approved, r.decided_by from review r
join concept c on c.project_id = r.project_id and c.id = r.concept_id
where r.project_id = :project and r.input_id = :input and r.verdict in ('approve', 'reject')
order by c.position, r.decided_at desc
""")

_SEEN_ON = text("""
select cast(min(u.taken_at) at time zone pr.zone as date) from picture p
join upload u on u.id = p.upload_id join project pr on pr.id = p.project_id
where p.project_id = :project and p.input_id = :input group by pr.zone
""")

_CUTS = text("""
select c.name, t.concept_id, t.accept, t.floor, t.before_off from cut t
join concept c on c.project_id = t.project_id and c.id = t.concept_id
where t.project_id = :project and t.number = :number order by c.position
""")


class Drawing:
    """Reads the view of a post; None when it has nothing to say."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._views: Mapping[PostKind, Callable[[Connection, Claim], View | None]] = {
            PostKind.CARD: lambda connection, claim: card_of(connection, claim.project_id, claim.subject),
            PostKind.SECOND_LOOK: second_look_of,
            PostKind.UPLOAD: _upload,
            PostKind.LIST: _list,
            PostKind.CHECKLIST: _checklist,
            PostKind.DIGEST: lambda connection, claim: scheduled_digest(connection, claim.project_id, claim.subject),
            PostKind.WAITING: _waiting,
            PostKind.ANNOUNCEMENT: _announcement,
        }

    def view(self, claim: Claim) -> View | None:
        with self._engine.begin() as connection:
            return self._views[claim.kind](connection, claim)


def _rows(connection: Connection, statement: Any, **values: object) -> list[RowMapping]:  # noqa: ANN401 - a statement
    return list(connection.execute(statement, values).mappings())


def card_of(connection: Connection, project_id: str, input_id: str) -> CardView | None:
    """Read one picture with everything that is or was asked about it; None when nothing ever was."""
    reviews = _rows(connection, _CARD, project=project_id, subject=input_id)
    inputs = _rows(connection, _INPUT, project=project_id, subject=input_id)
    if not reviews or not inputs:
        return None
    shown = inputs[0]
    reasons = {r["closed_reason"] for r in reviews if r["state"] == ReviewState.CLOSED.value and r["closed_reason"]}
    problems = {r["write_problem"] for r in reviews if r["state"] == ReviewState.DECIDED.value and r["write_problem"]}
    return CardView(
        input_id=input_id,
        name=shown["name"],
        uploaded_by=shown["uploader"],
        permalink=shown["permalink"],
        file_id=shown["file_id"],
        reviews=tuple(_card_review(r) for r in reviews),
        closed_reason="; ".join(sorted(reasons)),
        write_problem="; ".join(sorted(problems)),
    )


def _card_review(row: RowMapping) -> CardReview:
    return CardReview(
        id=row["id"],
        concept=row["concept"],
        kind=ReviewKind(row["kind"]),
        state=ReviewState(row["state"]),
        value=row["value"],
        accept=row["accept"],
        verdict=Verdict(row["verdict"]) if row["verdict"] else None,
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
        doubted_by=row["doubted_by"],
        first_by=row["first_by"],
    )


def _upload(connection: Connection, claim: Claim) -> UploadView | None:
    pictures = _rows(connection, _UPLOAD, upload=int(claim.subject))
    if not pictures:
        return None
    state = connection.execute(text("select state from project where id = :id"), {"id": claim.project_id}).scalar_one()
    known = tuple(_known_again(connection, claim.project_id, p) for p in pictures if p["seen_before"])
    return UploadView(tuple(_picture(p) for p in pictures), ProjectState(state), known)


def _list(connection: Connection, claim: Claim) -> ListView | None:
    about = {"project": claim.project_id, "list": int(claim.subject)}
    found = connection.execute(_LIST, {"id": int(claim.subject)}).first()
    if found is None:
        return None
    state = connection.execute(text("select state from project where id = :id"), {"id": claim.project_id}).scalar_one()
    counts = connection.execute(_LINES, about).all()
    reasons = connection.execute(_FIRST_REASONS, about).all()
    return ListView(
        name=found.name,
        project_state=ProjectState(state),
        counts={LineOutcome[row.outcome.upper()]: row.lines for row in counts},
        refused=found.reason,
        first_reasons=tuple((row.line, row.reason) for row in reasons),
        has_file=found.state == "done" and bool(found.reasons_file),
    )


def _picture(row: RowMapping) -> PictureOutcome:
    if row["state"] in {"new", "sent"}:
        return PictureOutcome(row["name"], Outcome.WORKING)
    if row["state"] == "kept":
        return PictureOutcome(row["name"], Outcome.KEPT, expected=tuple(row["expected"] or ()))
    if row["state"] == "skipped":
        return PictureOutcome(row["name"], Outcome.SKIPPED, reason=row["reason"])
    outcome = outcome_of(has_pending=bool(row["has_pending"]), has_accepted=bool(row["has_accepted"]))
    names_may_show = outcome is Outcome.LABELLED and not row["open_checks"]
    labels = tuple(row["labels"] or ()) if names_may_show else ()
    return PictureOutcome(
        row["name"], outcome, labels, reviewed=outcome is not Outcome.NONE and not row["open_reviews"]
    )


def _known_again(connection: Connection, project_id: str, picture: RowMapping) -> KnownAgain:
    about = {"project": project_id, "input": picture["input_id"]}
    found = _rows(connection, _KNOWN, **about)
    verdicts = tuple((r["name"], r["approved"], r["decided_by"]) for r in found)
    return KnownAgain(picture["name"], connection.execute(_SEEN_ON, about).scalar_one(), verdicts)


def _checklist(connection: Connection, claim: Claim) -> ChecklistView:
    [project] = _rows(connection, text("select * from project where id = :id"), id=claim.project_id)
    steps = _rows(connection, text("select * from step where project_id = :id order by position"), id=claim.project_id)
    cuts = _rows(connection, _CUTS, project=claim.project_id, number=project["revision"])
    found = next((s["result"]["said"] for s in steps if s["name"] == Step.READ.value and s["result"]), "")
    stopped = any(s["state"] == StepState.FAILED for s in steps)
    working = next((s["position"] for s in steps if s["state"] == "waiting" and not stopped), None)
    return ChecklistView(
        state=ProjectState(project["state"]),
        set_up_by=project["set_up_by"],
        steps=tuple(_step(s, working) for s in steps),
        cuts=tuple(
            (c["name"], ConceptThreshold(c["concept_id"], c["accept"], c["floor"], c["before_off"])) for c in cuts
        ),
        found=found,
        older_pending=0 if project["take_older"] else project["older_pending"],
    )


def _step(row: RowMapping, working: int | None) -> ChecklistStep:
    state = StepState(row["state"])
    if state is StepState.WAITING and row["position"] == working:
        state = StepState.WORKING
    detail = row["problem"] or (row["result"] or {}).get("said", "")
    if state is StepState.WORKING and row["problem"]:
        detail = f"waiting for Clarifai: {row['problem']}"
    return ChecklistStep(TITLES[Step(row["name"])], state, detail)


def _announcement(connection: Connection, claim: Claim) -> AnnouncementView:
    body = connection.execute(text("select body from post where id = :id"), {"id": claim.id}).scalar_one()
    examples = tuple((name, address) for name, address in body.get("examples", ()))
    offers = tuple(Offer(**offer) for offer in body.get("offers", ()))
    by, undo = body.get("by", ""), body.get("undo_thresholds", 0)
    return AnnouncementView(tuple(body["lines"]), by, undo, examples, offers)


def _waiting(connection: Connection, claim: Claim) -> WaitingView | None:
    body = connection.execute(text("select body from post where id = :id"), {"id": claim.id}).scalar_one()
    return WaitingView(body["cards"]) if body["cards"] or claim.ts else None
