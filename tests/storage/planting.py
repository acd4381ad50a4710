"""A project with reviews that ask something, straight into the tables: the click needs no more."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Engine, text

TEAM, CHANNEL, PROJECT = "T1", "C1", "p1"
NOW = dt.datetime(2026, 5, 4, 10, tzinfo=dt.UTC)

_PROJECT = """
insert into project (id, team_id, channel_id, state, set_up_by, user_id, app_id, coin_secret, graph, model_id,
    model_version, zone, digest_at, digest_zone, digest_channel, digest_on, revision, applied_revision, older_pending,
    take_older, created_at)
values (:p, 'T1', :channel, 'live', 'U1', 'demo', :p, '', '', '', '', 'UTC', '09:00', 'UTC', '', true, 1, 1, 0, false,
    :now)
"""
_INPUTS = """
insert into input (project_id, id, source, name, uploaded_by, permalink, url, file_id, picture, created_at)
select :p, 'in' || n, 'upload', 'x.png', 'U1', '', '', 'F' || n, 'shown', :now from generate_series(1, :many) n
"""
_ANNOTATIONS = """
insert into annotation (project_id, id, input_id, status, snapshot, modified_at, revision, seen_at, dirty, settled,
    closed, closed_reason, attempts, problem)
select :p, 'a' || n, 'in' || n, 'pending', cast(:snapshot as jsonb), :now, 1, :now, 0, 0, false, '', 0, ''
from generate_series(1, :many) n
"""
_REVIEWS = """
insert into review (project_id, annotation_id, input_id, concept_id, kind, value, probability, state, revision,
    decided_by, doubted_by, thresholds, created_at)
select :p, 'a' || n, 'in' || n, c, 'pending', 0.5, 1, 'posted', 1, '', '', 1, :now
from generate_series(1, :many) n, unnest(cast(:concepts as text[])) c
"""
_CARDS = """
insert into post (project_id, team_id, channel_id, kind, subject, thread_ts, rank, state, attempt, ts, wanted, shown,
    own_upload, attempts, body, problem, created_at)
select :p, 'T1', :channel, 'card', 'in' || n, '', 1, :state, '', n::text, 1, 1, true, 0, '{}', '', :now
from generate_series(1, :many) n
"""
_PACE = "insert into pace (channel_id, next_post_at) values (:channel, clock_timestamp()) on conflict do nothing"


def plant(
    engine: Engine,
    *,
    cards: int = 1,
    concepts: tuple[str, ...] = ("people",),
    project: str = PROJECT,
    channel: str = CHANNEL,
    state: str = "posted",
) -> None:
    """Put so many cards there, each with one annotation and a review per concept."""
    values = {
        "p": project,
        "channel": channel,
        "now": NOW,
        "many": cards,
        "concepts": list(concepts),
        "state": state,
        "snapshot": '{"status": "pending", "concepts": [], "region": null}',
    }
    with engine.begin() as connection:
        for statement in (_PROJECT, _INPUTS, _ANNOTATIONS, _REVIEWS, _CARDS, _PACE):
            connection.execute(text(statement), values)
