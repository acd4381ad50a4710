"""Cards go out to many channels at once, at the pace Slack allows each of them."""

from __future__ import annotations

import datetime as dt
import threading
import time
from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from benchmarks.apart import Apart
from benchmarks.services import Services, add_channels, addresses, services
from benchmarks.table import Row
from bot.slack.client import SlackChat
from bot.storage.engine import make_engine
from bot.storage.migrate import migrate
from bot.storage.posts import PACE_S, SqlPosts
from bot.usecases.posting import Desk, post_due

if TYPE_CHECKING:
    from bot.storage.embedded import EmbeddedPostgres

CHANNELS, CARDS_EACH = 20, 3
_GIVE_UP_S = 120.0

_PLANT = """
insert into project (id, team_id, channel_id, state, set_up_by, user_id, app_id, coin_secret, digest_at, graph,
    model_id, model_version, zone, digest_zone, digest_channel, digest_on, revision, applied_revision, older_pending,
    take_older, created_at)
values (:channel, 'T0', :channel, 'live', 'U0', 'demo', :channel, 'x', '09:00', '', '', '', 'UTC', 'UTC', '',
    true, 1, 1, 0, false, now());
insert into concept (project_id, id, name, position, relations) values (:channel, 'people', 'people', 0, '[]');
insert into pace (channel_id, next_post_at) values (:channel, now());
insert into input (project_id, id, source, name, uploaded_by, permalink, url, file_id, picture, created_at)
select :channel, 'in' || n, 'upload', 'photo.jpg', 'U0', '', '', '', 'none', now() from generate_series(1, :n) n;
insert into annotation (project_id, id, input_id, status, snapshot, modified_at, revision, seen_at, dirty, settled,
    closed, closed_reason, attempts, problem)
select :channel, 'an' || n, 'in' || n, 'pending',
    '{"status": "pending", "concepts": [{"id": "people", "value": 0.5, "name": "people"}], "region": null}',
    now(), 1, now(), 0, 0, false, '', 0, '' from generate_series(1, :n) n;
insert into review (project_id, annotation_id, input_id, concept_id, kind, value, probability, state, revision,
    decided_by, doubted_by, thresholds, created_at)
select :channel, 'an' || n, 'in' || n, 'people', 'pending', 0.5, 1, 'queued', 1, '', '', 1, now()
from generate_series(1, :n) n;
insert into post (project_id, team_id, channel_id, kind, subject, thread_ts, rank, state, attempt, ts, wanted, shown,
    own_upload, attempts, body, problem, created_at)
select :channel, 'T0', :channel, 'card', 'in' || n, '', 1, 'due', '', '', 1, 0, true, 0, '{}', '', now()
from generate_series(1, :n) n
"""


def posting(server: EmbeddedPostgres, *, quick: bool) -> list[Row]:
    """Post three cards to each of 20 channels; Slack itself would take the last of them after two seconds."""
    channels = CHANNELS // 4 if quick else CHANNELS
    engine = make_engine(server.create_database("posting"))
    migrate(engine)
    with Apart(services) as there:
        _plant(engine, there.do(add_channels, channels))
        seconds = _posted(engine, there, channels * CARDS_EACH)
    engine.dispose()
    least = CARDS_EACH - 1
    return [
        Row(
            f"{channels * CARDS_EACH} cards over {channels} channels, every {PACE_S} s each: seconds",
            f"{seconds:.1f}",
            f"{least} s at Slack's one a second",
            f"{seconds / least:.2f}",
        )
    ]


def _plant(engine: Engine, channels: list[str]) -> None:
    with engine.begin() as connection:
        for channel in channels:
            for statement in _PLANT.split(";"):
                connection.execute(text(statement), {"channel": channel, "n": CARDS_EACH})


def _posted(engine: Engine, there: Apart[Services], count: int) -> float:
    reach = there.do(addresses)
    chat = SlackChat(reach.slack_bot_token, time.sleep, api_url=reach.slack_api_url)
    desk = Desk(
        SqlPosts(engine, pace_s=PACE_S),
        chat,
        clock=lambda: dt.datetime.now(dt.UTC),
        monotonic=time.monotonic,
        nap=threading.Event().wait,
        reached=lambda _: None,
    )
    started = time.perf_counter()
    posted = post_due(desk, for_s=_GIVE_UP_S)
    seconds = time.perf_counter() - started
    assert posted == count, f"{posted} of {count} cards were posted"
    return seconds
