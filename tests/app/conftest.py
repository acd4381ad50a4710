from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from bot.app.doctor import doctor
from bot.clarifai import ClarifaiAccount
from bot.storage.engine import make_engine
from bot.storage.secrets import Sealer
from tests.app.doctoring import Found, change
from tests.app.outside import APP_ID, LABELS, Outside, open_outside
from tests.storage.planting import plant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def outside(database_url: str) -> Iterator[Outside]:
    """Both stand-ins, and an empty database for the processes that are started."""
    with open_outside() as opened:
        opened.env["DATABASE_URL"] = database_url
        yield opened


@pytest.fixture
def at_work(outside: Outside) -> Outside:
    """A bot that has a live project in one channel: its app stands, its secrets are sealed."""
    with ClarifaiAccount(outside.clarifai.base) as account:
        account.platform("demo", APP_ID, "demo-key").create_app()
    engine = make_engine(outside.env["DATABASE_URL"])
    plant(engine, project=APP_ID, channel=LABELS)
    engine.dispose()
    team = outside.slack.team_id
    coin = Sealer([outside.env["BOT_KEYS"]]).seal(f"{team}|coin|", "heads")
    change(outside, "update project set team_id = %s, coin_secret = %s", team, coin)
    return outside


@pytest.fixture
def examined(at_work: Outside, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Found]]:
    """Return what examines the surroundings, with some variables changed, and gives the findings that failed."""

    def examine(**changed: str) -> list[Found]:
        monkeypatch.chdir(at_work.folder)
        for name in os.environ:
            if name.startswith(("SLACK_", "CLARIFAI_", "BOT_", "DATABASE_")):
                monkeypatch.delenv(name)
        for name, value in {**at_work.env, **changed}.items():
            monkeypatch.setenv(name, value)
        said, well = doctor(as_json=True, requests_per_s=1000)
        document = json.loads(said)
        failed = [finding for finding in document["findings"] if not finding["ok"]]
        assert (document["ok"], well) == (not failed, not failed)
        assert all(finding["cure"].endswith(".") for finding in failed)
        assert not any(finding["cure"] for finding in document["findings"] if finding["ok"])
        return failed

    return examine
