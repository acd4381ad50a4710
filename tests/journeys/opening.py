"""Opens the lab of the journeys: both stand-ins, an empty database, a bot between them."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet
from slack_bolt.adapter.wsgi import SlackRequestHandler

from bot.app.database import Database
from bot.app.health import BotHealth
from bot.app.parts import Parts
from bot.clarifai import ClarifaiAccount, Patience
from bot.sandbox.clarifai import ClarifaiSandbox, Switches
from bot.sandbox.recognition import PlantedModel
from bot.sandbox.slack import SlackSandbox
from bot.settings import Settings
from bot.slack.manifest import manifest
from bot.storage.engine import make_engine
from bot.web import Server, edge
from tests.journeys.lab import Lab, LabClock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import Engine

    from bot.usecases.crashing import Reached

CONCEPTS = ("people", "man", "adult", "woman", "car", "truck", "vehicle", "dog", "puppy", "cat", "traffic light")
HASTE = Patience(total_s=3.0, first_pause_s=0.01, longest_pause_s=0.05, cold_pause_s=0.01)


@contextmanager
def open_lab(
    database_url: str,
    *,
    engine: Engine | None = None,
    switches: Switches | None = None,
    reached: Reached | None = None,
    settings: Mapping[str, Any] | None = None,
    patience: Patience = HASTE,
    known_urls: Mapping[str, Path] | None = None,
    slack_manifest: Mapping[str, Any] | None = None,
) -> Iterator[Lab]:
    """Open a lab on an empty database; `known_urls` are the addresses that the sandbox Clarifai can fetch."""
    with ExitStack() as stack:
        clock, model = LabClock(), PlantedModel(CONCEPTS)
        slack = SlackSandbox(manifest=slack_manifest or manifest(), rate_limits=False)
        clarifai = stack.enter_context(
            ClarifaiSandbox(model, rate_limit=None, switches=switches or Switches(), clock=clock, known_urls=known_urls)
        )
        stack.enter_context(slack)
        chosen = Settings(
            _env_file=None,  # type: ignore[call-arg]
            **{
                "slack_bot_token": slack.bot_token,
                "slack_signing_secret": slack.signing_secret,
                "slack_api_url": slack.api_url,
                "clarifai_pat": "demo-key",
                "clarifai_user_id": "demo",
                "clarifai_app_id": "team",
                "clarifai_api_base": clarifai.base,
                "bot_keys": Fernet.generate_key().decode(),
                "database_url": database_url,
                "port": 0,
                "bot_probes": False,  # else one picture in fifty asks more than its test expects
                **(settings or {}),
            },
        )
        database = Database(database_url, engine or make_engine(database_url))
        if engine is None:
            stack.callback(database.close)
        account = ClarifaiAccount(clarifai.base, patience=patience, requests_per_s=1000)
        parts = Parts.assemble(chosen, database, clock=clock, pace_s=0.0, reached=reached, clarifai=account)
        stack.callback(parts.close)
        web = edge(
            SlackRequestHandler(parts.app),
            signing_secret=slack.signing_secret,
            health=BotHealth(parts),
            metrics=parts.metrics.render,
        )
        server = Server(web, "127.0.0.1", 0, 8)
        server.start()
        stack.callback(server.stop)
        address = f"http://127.0.0.1:{server.port}/slack/events"
        slack.deliver_to(address)
        yield Lab(slack, clarifai, model, parts, clock, address=address)
