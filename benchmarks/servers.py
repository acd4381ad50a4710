"""The two web processes that are clicked at: the real bot's, and a bare Bolt app that only inserts a row."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy import Engine, create_engine
from sqlmodel import Field, Session, SQLModel

from benchmarks.load import SECRET
from bot.app.database import Database
from bot.app.serving import WEB_THREADS, serving
from bot.settings import Settings
from bot.storage.engine import make_engine, psycopg_url
from bot.web import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slack_bolt import Ack

TOKEN = "xoxb-bench"
NOWHERE = "http://127.0.0.1:9/api/"


class BareDecision(SQLModel, table=True):
    """What the bare app stores of a click."""

    id: int | None = Field(default=None, primary_key=True)
    review_id: int = Field(index=True)
    verdict: str
    decided_by: str
    decided_at: dt.datetime


@contextmanager
def bot_server(url: str, key: str = "", token: str = TOKEN, api_url: str = NOWHERE) -> Iterator[int]:
    """Serve the real bot as `annotate-bot web` does; yields the port. Only what opens a form needs a Slack."""
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        slack_bot_token=token,
        slack_signing_secret=SECRET,
        slack_api_url=api_url,
        clarifai_pat="bench-key",
        clarifai_user_id="demo",
        clarifai_app_id="bench",
        bot_keys=key or Fernet.generate_key().decode(),
        database_url=url,
        port=0,
    )
    database = Database(url, make_engine(url))
    try:
        with serving(settings, database, web=True, worker=False) as running:
            yield int(running.ready["http"].rpartition(":")[2])
    finally:
        database.close()


@contextmanager
def bare_server(url: str) -> Iterator[int]:
    """Serve a Bolt app whose listener inserts one row by the ORM, commits and acknowledges; yields the port."""
    engine = create_engine(psycopg_url(url), pool_size=WEB_THREADS)
    SQLModel.metadata.create_all(engine, tables=[SQLModel.metadata.tables[str(BareDecision.__tablename__)]])
    with Server(SlackRequestHandler(_bare_app(engine)), "127.0.0.1", 0, WEB_THREADS) as server:
        yield server.port
    engine.dispose()


def port_of(port: int) -> int:
    return port


def _bare_app(engine: Engine) -> App:
    app = App(
        signing_secret=SECRET,
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id=None, bot_token=TOKEN),
        process_before_response=True,
    )

    @app.action(re.compile("^decide:"))
    def pressed(ack: Ack, action: dict[str, Any], body: dict[str, Any]) -> None:
        with Session(engine) as session:
            session.add(
                BareDecision(
                    review_id=int(action["value"]),
                    verdict=action["action_id"].split(":")[1],
                    decided_by=body["user"]["id"],
                    decided_at=dt.datetime.now(dt.UTC),
                )
            )
            session.commit()
        ack()

    return app
