"""`annotate-bot recommend` as a script calls it: what is proven, what is needed, or one line on what is wrong."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, text

from bot import cli
from bot.app import serving
from bot.domain.thresholds import freeze_grid
from tests.storage.planting import NOW, plant

if TYPE_CHECKING:
    from collections.abc import Callable

    Said = tuple[int, str, str]
    Recommend = Callable[..., Said]

CHECKS = 300
_LEDGER = """
insert into ledger (project_id, concept_id, model_version, mapper_version, started_at, why_ended, grid, target,
                    certified, figures, weighed)
values ('p1', 'people', 'm', 'm', :now, '', cast(:grid as jsonb), 0.95, '[]', '{}', 0)
"""
_EVIDENCE = (
    "insert into concept (project_id, id, name, position, relations) values ('p1', 'people', 'People', 0, '[]')",
    """insert into revision (project_id, number, asked_by, asked_at, words, state, attempts, problem)
       values ('p1', 1, '', now(), '', 'applied', 0, '')""",
    "insert into cut (project_id, number, concept_id, accept, floor) values ('p1', 1, 'people', 0.95, 0.2)",
    """update review set ledger_id = (select id from ledger), lane = 'calibration', state = 'settled',
       verdict = 'approve', decided_by = 'U1', decided_at = now(),
       value = cast(cast(0.5 + 0.49 * id / 300 as real) as float8)""",
    """insert into decision (project_id, review_id, revision, verdict, final, decided_by, decided_at)
       select project_id, id, 1, verdict, true, 'U1', now() from review""",
)


@pytest.fixture
def recommend(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Recommend:
    """Runs the verb over a project whose 300 predictions were all approved."""
    plant(engine, cards=CHECKS)
    grid = freeze_grid([0.5 + 0.49 * n / CHECKS for n in range(1, CHECKS + 1)], decimals=4)
    with engine.begin() as connection:
        connection.execute(text(_LEDGER), {"now": NOW, "grid": json.dumps(grid)})
        for statement in _EVIDENCE:
            connection.execute(text(statement))
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setattr(serving, "interrupt_while_starting", lambda: None)  # the tests keep their own signals

    def run(*words: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["annotate-bot", "recommend", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(str(ended.value.code or 0)), said.out, said.err

    return run


def test_it_says_what_is_proven_in_words_and_in_json(recommend: Recommend) -> None:
    status, out, _ = recommend()
    assert status == 0
    assert out.startswith("People: now 0.95 (not proven), you asked for 95% right. From 0.50")
    assert "% right (95% sure), from 300 checks, 0 rejected. It accepts 100% of the predictions." in out
    status, out, _ = recommend("C1", "--json")
    [one] = json.loads(out)
    assert (one["concept_id"], one["target"], one["accept"], one["is_proven"]) == ("people", 0.95, 0.95, False)
    assert (one["checks"], one["rejected"], one["needed"]) == (300, 0, 0)
    assert one["recommended"] == pytest.approx(0.5016, abs=1e-4)
    assert one["at_least"] > 0.95


def test_for_another_target_it_says_how_many_checks_are_missing(recommend: Recommend) -> None:
    _, out, _ = recommend("--concept", "people", "--target", "99%")
    assert "you asked for 99% right. Not enough proof yet: 240 of about 493 checks." in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("C9",), "No project of --channel C9. There are: --channel C1 (p1)."),
        (
            ("--concept", "peple"),
            "Nothing is known of “peple”. Did you mean People? Concepts with predictions:",
        ),
        (("--target", "1"), "1 is no target: it lies between 0 and 1, for example 0.95."),
        (("--target", "most"), "“most” is not a number."),
    ],
)
def test_what_is_wrong_is_one_line_with_status_2(recommend: Recommend, words: tuple[str, ...], said: str) -> None:
    status, out, err = recommend(*words)
    assert (status, out) == (2, "")
    assert f"annotate-bot: {said}" in err
