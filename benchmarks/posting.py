"""Messages go out to many channels at once, at the pace Slack allows each of them."""

from __future__ import annotations

import datetime as dt
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from benchmarks.apart import Apart
from benchmarks.services import Services, add_channels, addresses, services
from benchmarks.table import Row, middle
from bot.slack.client import SlackChat
from bot.storage.engine import make_engine
from bot.storage.migrate import migrate
from bot.storage.posts import PACE_S, SqlPosts
from bot.usecases.posting import Desk, post_due

if TYPE_CHECKING:
    from bot.storage.embedded import EmbeddedPostgres

CHANNELS, MESSAGES_EACH, QUICK_MESSAGES_EACH = 20, 30, 5
WORKERS = 3  # that post at once; threads, since they wait for Slack most of the time
_GIVE_UP_S = 120.0

# Announcements: of cards no more than five may wait in a channel.
_PLANT = """
insert into project (id, team_id, channel_id, state, set_up_by, user_id, app_id, coin_secret, digest_at, graph,
    model_id, model_version, zone, digest_zone, digest_channel, digest_on, revision, applied_revision, older_pending,
    take_older, created_at)
values (:channel, 'T0', :channel, 'live', 'U0', 'demo', :channel, 'x', '09:00', '', '', '', 'UTC', 'UTC', '',
    true, 1, 1, 0, false, now());
insert into pace (channel_id, next_post_at) values (:channel, now());
insert into post (project_id, team_id, channel_id, kind, subject, thread_ts, rank, state, attempt, ts, wanted, shown,
    own_upload, attempts, body, problem, created_at)
select :channel, 'T0', :channel, 'announcement', n::text, '', 1, 'due', '', '', 1, 0, true, 0,
    '{"lines": ["Something changed."], "by": "", "undo_thresholds": 0}', '', now()
from generate_series(1, :n) n
"""


def posting(server: EmbeddedPostgres, *, quick: bool) -> list[Row]:
    """Post 30 messages (quick: 5) to each of 20 channels of a Slack that refuses what comes too fast."""
    each = QUICK_MESSAGES_EACH if quick else MESSAGES_EACH
    engine = make_engine(server.create_database("posting"))
    migrate(engine)
    with Apart(services) as there:
        channels = there.do(add_channels, CHANNELS)
        _plant(engine, channels, each)
        there.do(limit)
        _post(engine, there, CHANNELS * each)
        rates, refusals = there.do(paces, channels), there.do(refused)
    engine.dispose()
    what = f"{each} messages in each of {CHANNELS} channels, {WORKERS} workers"
    mean = sum(rates) / len(rates)
    return [
        Row(f"{what}: posts/s and channel", middle(rates, 3), "1 is Slack's limit", f"{mean:.3f}", ">= 0.95"),
        Row(f"{what}: refused by Slack", f"{refusals}", target="0"),
    ]


def limit(there: Services) -> None:
    there.slack.tune(rate_limits=True)


def paces(there: Services, channels: list[str]) -> list[float]:
    """Say for each channel how many messages a second it got, from the first to the last, by Slack's own times."""
    found = []
    for channel in channels:
        at = [float(message["ts"]) for message in there.slack.messages(channel)]
        found.append((len(at) - 1) / (max(at) - min(at)))
    return found


def refused(there: Services) -> int:
    return sum(call.response.get("error") == "ratelimited" for call in there.slack.calls)


def _plant(engine: Engine, channels: list[str], each: int) -> None:
    with engine.begin() as connection:
        for channel in channels:
            for statement in _PLANT.split(";"):
                connection.execute(text(statement), {"channel": channel, "n": each})


def _post(engine: Engine, there: Apart[Services], count: int) -> None:
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
    with ThreadPoolExecutor(WORKERS) as workers:
        posted = sum(workers.map(lambda _: post_due(desk, for_s=_GIVE_UP_S), range(WORKERS)))
    assert posted == count, f"{posted} of {count} messages were posted"
