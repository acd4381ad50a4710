"""At arrival a coin decides what is evidence: for what the model is sure of and what it is not alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.domain.checks import coin
from bot.storage.projects import SqlProjects
from bot.storage.secrets import Sealer

if TYPE_CHECKING:
    from tests.journeys.lab import Lab

OF_A_REVIEW = "select r.lane, r.probability, r.smallest, r.coin, r.state, r.kind, r.ledger_id from review r"


class Arrived(NamedTuple):
    lane: str
    probability: float
    smallest: float
    coin: float
    state: str
    kind: str
    ledger_id: int


def only_review(lab: Lab) -> Arrived:
    [row] = lab.rows(f"{OF_A_REVIEW} order by id desc limit 1")
    return Arrived(*row)


def as_if_reviewed(lab: Lab, many: int = 300) -> None:
    """As if so many predictions of every open ledger had been answered before."""
    lab.sql(
        """insert into annotation (project_id, id, input_id, status, snapshot, modified_at, revision, seen_at, dirty,
               settled, closed, closed_reason, attempts, problem)
           select id, 'before', 'before', 'success', '{"status": "success", "concepts": [], "region": null}', now(), 1,
               now(), 0, 0, true, 'planted', 0, '' from project"""
    )
    lab.sql(
        """insert into review (project_id, annotation_id, input_id, concept_id, kind, value, probability, state,
               revision, verdict, decided_by, decided_at, doubted_by, thresholds, created_at, lane, ledger_id)
           select l.project_id, 'before' || n, 'before', l.concept_id, 'check', 0.97, 1, 'settled', 1, 'approve', 'U1',
               now(), '', 1, now(), 'calibration', l.id from ledger l, generate_series(1, :many) n
           where l.ended_at is null""",
        many=many,
    )


def test_at_first_everything_is_evidence_whatever_the_model_thinks_of_it(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(people=0.5)
    asked = only_review(lab)
    assert (asked.lane, asked.probability, asked.smallest, asked.kind) == ("calibration", 1.0, 1.0, "pending")
    lab.card_of(people=0.99)
    checked = only_review(lab)
    assert (checked.lane, checked.probability, checked.kind) == ("calibration", 1.0, "check")
    assert checked.ledger_id == asked.ledger_id


def test_after_three_hundred_the_coin_draws_a_fifth_and_the_rest_is_labelled_or_asked_all_the_same(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(people=0.5)
    as_if_reviewed(lab)
    lanes = set()
    for n in range(12):
        lab.upload((f"{n}.png", lab.picture(people=0.99 if n % 2 else 0.5)))
    lab.settle_down()
    for row in (Arrived(*r) for r in lab.rows(f"{OF_A_REVIEW} where r.probability < 1")):
        drawn = row.coin < 0.2
        lanes.add(row.lane)
        assert (row.probability, row.smallest) == (0.2, 0.2)
        assert row.lane == ("calibration" if drawn else "work")
        assert row.state == ("unchecked" if row.kind == "check" and not drawn else row.state)
        assert row.kind == "check" or row.state in {"queued", "posted"}
    assert "work" in lanes


def test_the_coin_is_that_of_input_and_concept_with_the_projects_own_secret(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(people=0.5)
    [(project_id,)] = lab.rows("select id from project")
    [(input_id,)] = lab.rows("select input_id from review")
    projects = SqlProjects(lab.parts.database.engine, Sealer(lab.parts.settings.keys))
    secret = projects.project(project_id).coin_secret
    assert only_review(lab).coin == coin(secret, input_id, "people")


def test_another_mapper_starts_another_ledger_and_the_channel_is_told(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(people=0.5)
    first = only_review(lab).ledger_id
    lab.sql("update step set result = jsonb_set(result, '{version}', '\"another\"') where name = 'mapper'")
    lab.card_of(people=0.6)
    assert only_review(lab).ledger_id != first
    assert lab.rows("select why_ended from ledger where id = :id", id=first) == [("version",)]
    assert any("Checks start afresh" in m["text"] for m in lab.messages())


def test_a_mapper_that_comes_back_and_goes_again_is_told_of_each_time(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(people=0.5)
    [(first,)] = lab.rows("select result ->> 'version' from step where name = 'mapper'")
    for version in ("another", first, "another"):
        change = "update step set result = jsonb_set(result, '{version}', to_jsonb(cast(:v as text)))"
        lab.sql(f"{change} where name = 'mapper'", v=version)
        lab.card_of(people=0.6)
    assert sum("Checks start afresh" in m["text"] for m in lab.messages()) == 3


def test_a_ledger_without_a_review_ends_in_silence(lab: Lab) -> None:
    lab.set_up("people man")
    lab.card_of(people=0.5)
    lab.say("concepts remove man")
    lab.settle_down()
    lab.card_of(people=0.6)
    assert lab.rows("select why_ended from ledger where concept_id = 'man'") == [("removed",)]
    assert not any("Checks start afresh" in m["text"] for m in lab.messages())
