"""Posts are claimed: never twice, at each channel's pace, by the database's clock."""

from __future__ import annotations

import datetime as dt
import threading
import time
from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from bot.domain.views import NoteView
from bot.storage.engine import by_itself, make_engine
from bot.storage.notes import SqlLines, SqlNotes
from bot.storage.outbox import add_note, add_post
from bot.storage.posts import SqlPosts
from bot.usecases.chat import PostKind
from bot.usecases.commanding import Line
from tests.storage.planting import CHANNEL, NOW, PROJECT, TEAM, plant
from tests.usecases.projects import live_project

if TYPE_CHECKING:
    from bot.usecases.posting import Claim
    from tests.databases import Databases


def test_two_stores_never_claim_the_same_post(engine: Engine, database_url: str) -> None:
    for channel in range(4):
        plant(engine, cards=5, project=f"p{channel}", channel=f"C{channel}", state="due")
    other = make_engine(database_url)
    claims: list[Claim] = []

    def claim_all(store: SqlPosts) -> None:
        empty = 0
        while empty < 20:  # somebody else may hold the row that this one asks for
            claim = store.claim_due(now=NOW)
            empty = 0 if claim else empty + 1
            claims.extend([claim] if claim else [])

    stores = [SqlPosts(e, pace_s=0.0) for e in (engine, other) for _ in range(4)]
    threads = [threading.Thread(target=claim_all, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.dispose()
    assert len({c.id for c in claims}) == len(claims) == 20
    assert len({c.attempt for c in claims}) == 20


def test_the_pace_of_a_channel_is_kept_by_the_databases_clock(engine: Engine) -> None:
    plant(engine, cards=3, project="p1", channel="C1", state="due")
    plant(engine, cards=1, project="p2", channel="C2", state="due")
    store = SqlPosts(engine, pace_s=0.5)
    a_day_off = NOW + dt.timedelta(days=1)  # the bot's own clock does not matter to the pace
    first, second = store.claim_due(now=NOW), store.claim_due(now=a_day_off)
    assert first
    assert second
    assert {first.channel_id, second.channel_id} == {"C1", "C2"}
    assert store.claim_due(now=a_day_off) is None
    wait = store.next_due_in_s(now=NOW)
    assert wait is not None
    assert 0 < wait <= 0.5
    threading.Event().wait(wait)
    started = time.monotonic()
    assert store.claim_due(now=NOW)
    assert time.monotonic() - started < 5
    assert store.claim_due(now=NOW) is None


def test_no_more_than_five_cards_wait_in_a_channel(engine: Engine) -> None:
    plant(engine, cards=8, state="due")
    store = SqlPosts(engine, pace_s=0.0)
    assert sum(store.claim_due(now=NOW) is not None for _ in range(8)) == 5
    assert store.next_due_in_s(now=NOW) is None
    with engine.begin() as connection:
        waiting = "(select subject from post where state = 'posting' limit 1)"
        connection.execute(text(f"update review set state = 'decided' where input_id = {waiting}"))  # noqa: S608 - ours
    assert store.claim_due(now=NOW) is not None
    assert store.claim_due(now=NOW) is None


def test_a_post_that_cannot_go_yet_does_not_use_up_the_pace(engine: Engine) -> None:
    plant(engine, cards=1, state="due")
    with engine.begin() as connection:
        connection.execute(text("update input set picture = 'asked'"))
    assert SqlPosts(engine).claim_due(now=NOW) is None
    with engine.begin() as connection:
        connection.execute(text("update input set picture = 'shown'"))
    assert SqlPosts(engine).claim_due(now=NOW) is not None


def test_a_card_that_has_waited_takes_turns_with_the_answers(engine: Engine) -> None:
    plant(engine, cards=3, state="due")
    answers_due(engine, 5)
    store, waited = SqlPosts(engine, pace_s=0.0), NOW + dt.timedelta(seconds=10)
    in_order = [store.claim_due(now=at) for at in (NOW, NOW, *[waited] * 6)]
    assert [claim.kind.value for claim in in_order if claim] == [
        "upload", "upload", "card", "upload", "card", "upload", "card", "upload"
    ]  # fmt: skip


def test_answers_do_not_wait_for_cards_that_may_not_be_posted(engine: Engine) -> None:
    plant(engine, cards=9, state="due")
    answers_due(engine, 3)
    store, waited = SqlPosts(engine, pace_s=0.0), NOW + dt.timedelta(seconds=10)
    claims = [store.claim_due(now=waited) for _ in range(9)]
    kinds = [claim.kind.value for claim in claims if claim]
    assert (kinds.count("card"), kinds.count("upload"), kinds[:2]) == (5, 3, ["card", "upload"])


def answers_due(engine: Engine, many: int) -> None:
    """So many uploads are to be answered in the channel."""
    project = live_project(id=PROJECT, channel_id=CHANNEL)
    with engine.begin() as connection:
        for n in range(many):
            add_post(connection, project, PostKind.UPLOAD, str(n), now=NOW, rank=-1)


def test_at_night_answers_do_not_wait_for_a_look_at_each_card(databases: Databases) -> None:
    many = 5000
    with databases.made() as night:
        plant(night.engine, cards=many, state="due")
        with by_itself(night.engine) as connection:
            connection.execute(text("update post set own_upload = false"))
            connection.execute(text("vacuum analyze"))
        answers_due(night.engine, 1)
        store = SqlPosts(night.engine, pace_s=0.0, hours=(dt.time(0), dt.time(1)))
        read = rows_read(night.engine)
        claim = store.claim_due(now=NOW + dt.timedelta(seconds=10))
        assert claim
        assert claim.kind is PostKind.UPLOAD
        assert rows_read(night.engine) - read < many / 10


def rows_read(engine: Engine) -> int:
    """Rows of projects and inputs fetched so far, by whatever way: those of each card that is looked at."""
    fetched = """select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) from pg_stat_user_tables
                 where relname in ('project', 'input')"""
    with by_itself(engine) as connection:
        connection.execute(text("select pg_stat_force_next_flush()"))
    with by_itself(engine) as connection:
        return int(connection.execute(text(fetched)).scalar_one())


def test_a_claim_takes_no_more_than_it_returns_whatever_the_statistics_say(databases: Databases) -> None:
    """Of a table said to have one row PostgreSQL may ask a subquery anew for each row, and one that locks takes on."""
    with databases.made() as small:
        lines, notes = SqlLines(small.engine), SqlNotes(small.engine)
        for many in (1, 9):
            for n in range(many):
                lines.defer(Line(TEAM, CHANNEL, "U1", "/annotate", f"digest {n}"), now=NOW)
                with small.engine.begin() as connection:
                    note = NoteView((str(n),))
                    add_note(connection, team_id=TEAM, channel_id=CHANNEL, user_id="U1", note=note, now=NOW)
            if many == 1:
                with by_itself(small.engine) as connection:
                    connection.execute(text("vacuum full analyze command, note"))
        claimed = [lines.claim_line(now=NOW) for _ in range(10)]
        assert len({line[0] for line in claimed if line}) == 10
        assert [len(notes.claim_notes(now=NOW, limit=4)) for _ in range(3)] == [4, 4, 2]
