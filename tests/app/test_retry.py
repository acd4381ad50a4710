"""`annotate-bot retry` as somebody types it: what was given up is due again, and it says what that was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from tests.storage.planting import plant

if TYPE_CHECKING:
    from tests.app.outside import Outside


def retry(outside: Outside, **env: str) -> tuple[int, list[str]]:
    process = outside.start("retry", **env)
    status = process.process.wait(60)
    return status, (process.printed() or process.said).splitlines()


def test_it_says_what_it_takes_up_again(outside: Outside, engine: Engine) -> None:
    plant(engine, cards=2)
    with engine.begin() as connection:
        connection.execute(text("update annotation set dirty = 1, given_up = 1, problem = 'refused', seen_at = now()"))
        connection.execute(text("update post set state = 'gone', problem = 'msg_too_long', created_at = now()"))
        [cards] = connection.execute(text("select count(*) from post where kind = 'card'")).scalars()
    status, lines = retry(outside)
    assert status == 0
    assert lines[:2] == [f"card: msg_too_long ({cards})", "decision: refused (2)"]
    assert lines[2].startswith(f"Taken up again: 2 decisions, {cards} messages.")
    with engine.begin() as connection:
        assert connection.execute(text("select distinct state, problem from post")).all() == [("due", "")]
        assert connection.execute(text("select distinct given_up from annotation")).all() == [(0,)]
    assert retry(outside) == (0, ["Nothing was given up."])


def test_without_a_database_it_makes_none(outside: Outside) -> None:
    folder = outside.folder / "nowhere"
    status, lines = retry(outside, DATABASE_URL="", BOT_DATA_DIR=str(folder))
    assert status == 2
    assert lines[-1].startswith(f"annotate-bot: There is no database in {folder}")
    assert not folder.exists()
