"""Everything a process is made of, put together once from the settings."""

from __future__ import annotations

import datetime as dt
import logging
import os
import signal
import threading
import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from slack_sdk import WebClient

from bot.app.desk import BotDesk
from bot.app.forms import ClarifaiRegistry, form_works
from bot.app.passes import Tools, make_passes
from bot.clarifai import ClarifaiAccount
from bot.pictures import Pictures, draw_curve
from bot.slack.client import SlackChat
from bot.slack.listening import make_app
from bot.storage.ballot import SqlBallot
from bot.storage.below import SqlBelowFloor
from bot.storage.cuts import SqlCuts
from bot.storage.digests import SqlDigests
from bot.storage.dossiers import SqlDossiers
from bot.storage.engine import make_click_engine
from bot.storage.exports import SqlExports
from bot.storage.forms import SqlForms
from bot.storage.founding import SqlFounding
from bot.storage.home import SqlHomes
from bot.storage.labelled import SqlLabelledData
from bot.storage.lists import SqlLists
from bot.storage.lookups import SqlLookups
from bot.storage.notes import SqlLines
from bot.storage.posts import PACE_S, SqlPosts
from bot.storage.probes import no_probes, probe_coin
from bot.storage.projects import SqlProjects
from bot.storage.proofs import SqlProofs
from bot.storage.secrets import Sealer
from bot.storage.sessions import SqlSessions
from bot.storage.troubles import SqlTroubles
from bot.storage.uploads import SqlUploads
from bot.storage.vocabulary import SqlVocabulary
from bot.usecases.commanding import Office
from bot.usecases.directing import Account
from bot.usecases.exporting.sharing import ExportDesk
from bot.usecases.forming import FormDesk
from bot.usecases.homing import HomeDesk
from bot.usecases.posting import Desk as PostDesk
from bot.usecases.receiving import Reception, take_thread
from bot.usecases.reviewing import SessionDesk
from bot.usecases.taking_uploads import Intake
from bot.web import Metrics
from bot.work import Queue, Waker

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import App
    from sqlalchemy import Engine

    from bot.app.database import Database
    from bot.clarifai import ClarifaiPlatform
    from bot.domain.projects import Project
    from bot.settings import Settings
    from bot.usecases.crashing import Checkpoint, Reached
    from bot.usecases.deciding import Answer
    from bot.work import Passes

log = logging.getLogger(__name__)


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass
class Parts:
    """One process' worth of bot. `stopping` ends every wait."""

    settings: Settings
    database: Database
    clock: Callable[[], dt.datetime]
    metrics: Metrics
    chat: SlackChat
    clarifai: ClarifaiAccount
    queue: Queue
    waker: Waker
    passes: Passes
    app: App
    stopping: threading.Event
    clicks: Engine

    @classmethod
    def assemble(
        cls,
        settings: Settings,
        database: Database,
        *,
        clock: Callable[[], dt.datetime] = utc_now,
        pace_s: float = PACE_S,
        reached: Reached | None = None,
        clarifai: ClarifaiAccount | None = None,
    ) -> Parts:
        """Put a process together; nothing is started and no network is touched."""
        engine, stopping = database.engine, threading.Event()
        reached = reached or crash_at(settings.crash_at)
        sealer = Sealer(settings.keys)
        chat = SlackChat(settings.slack_bot_token, _nap(stopping), api_url=settings.slack_api_url)
        clarifai = clarifai or ClarifaiAccount(settings.clarifai_api_base, settings.clarifai_root_certificates_path)
        probed = probe_coin if settings.bot_probes else no_probes
        projects, uploads = SqlProjects(engine, sealer), SqlUploads(engine, sealer, probed)
        platform_of = _platforms(clarifai, projects, settings)
        office = _office(engine, sealer, settings, clock)
        reception = Reception(office.projects, uploads, SqlLists(engine), clock)
        working = _working(office, platform_of, reception, chat)
        forms, homes = SqlForms(engine), SqlHomes(engine)
        posts = SqlPosts(engine, pace_s=pace_s, hours=settings.card_hours)
        metrics = Metrics()
        clicks = make_click_engine(database.url)
        ballot = SqlBallot(clicks)
        sessions = SessionDesk(office, SqlSessions(engine), ballot, _counter(metrics))
        asked = (sessions, ClarifaiRegistry(clarifai, settings), SqlVocabulary(engine), sealer)
        tools = Tools(
            engine=engine,
            projects=projects,
            platform_of=platform_of,
            office=working,
            forms=FormDesk(forms, form_works(working, *asked), office.lines, chat, clock),
            homes=HomeDesk(homes, office.lines, chat, clock),
            intake=Intake(uploads, chat, Pictures(), clock, reached, time.monotonic),
            posting=PostDesk(posts, chat, clock, time.monotonic, stopping.wait, reached),
            exports=_export_desk(engine, chat, projects, clock, reached),
            lists=SqlLists(engine, probed),
            troubles=SqlTroubles(engine),
            metrics=metrics,
            stopping=stopping,
        )
        passes = make_passes(tools)
        queue = Queue(database.dsn)
        waker = Waker(queue, passes)
        works = form_works(office, *asked)
        desk = BotDesk(engine, ballot, reception, office, forms, homes, works, waker.wake, reached, metrics)
        app = _bolt_app(settings, desk)
        return cls(settings, database, clock, metrics, chat, clarifai, queue, waker, passes, app, stopping, clicks)

    def close(self) -> None:
        """Give everything back but the database."""
        self.stopping.set()
        self.clarifai.close()
        self.clicks.dispose()


def crash_at(wanted: str) -> Reached:
    """Return what is called at each checkpoint: it kills the process at the wanted one (CRASH_AT).

    `wanted` is a checkpoint's name in lower case, with or without "after:": ``after:decision_stored``.
    """
    name = wanted.removeprefix("after:").upper()

    def reached(checkpoint: Checkpoint) -> None:
        if checkpoint.name == name:
            log.warning("crash: at %s, as CRASH_AT asks", checkpoint.value)
            os.kill(os.getpid(), signal.SIGKILL)

    return reached


def _counter(metrics: Metrics) -> Callable[[Answer], None]:
    def counted(answer: Answer) -> None:
        metrics.clicks.labels(outcome=answer.value).inc()

    return counted


def _nap(stopping: threading.Event) -> Callable[[float], None]:
    def nap(seconds: float) -> None:
        stopping.wait(seconds)

    return nap


def _office(engine: Engine, sealer: Sealer, settings: Settings, clock: Callable[[], dt.datetime]) -> Office:
    """Put together what listeners answer commands with: tables only, no network."""
    return Office(
        lines=SqlLines(engine),
        projects=SqlFounding(engine, sealer),
        cuts=SqlCuts(engine, sealer),
        digests=SqlDigests(engine, sealer),
        lookups=SqlLookups(engine, sealer),
        proofs=SqlProofs(engine),
        dossiers=SqlDossiers(engine),
        below=SqlBelowFloor(engine),
        exports=SqlExports(engine),
        account=_account(settings),
        clock=clock,
    )


def _working(
    office: Office, platform_of: Callable[[Project], ClarifaiPlatform], reception: Reception, chat: SlackChat
) -> Office:
    """Give jobs what listeners go without: the network."""
    return replace(
        office,
        platform_of=platform_of,
        take_thread=partial(take_thread, reception, chat),
        show_curve=lambda curve: chat.upload_picture(draw_curve(curve), "curve.png"),
    )


def _export_desk(
    engine: Engine, chat: SlackChat, projects: SqlProjects, clock: Callable[[], dt.datetime], reached: Reached
) -> ExportDesk:
    return ExportDesk(SqlExports(engine), SqlLabelledData(engine), chat.sharing, projects.alone, clock, reached)


def _bolt_app(settings: Settings, desk: BotDesk) -> App:
    client = WebClient(token=settings.slack_bot_token, base_url=settings.slack_api_url, timeout=3, retry_handlers=[])
    return make_app(client, settings.slack_signing_secret, desk)


def _account(settings: Settings) -> Account | None:
    if not (settings.clarifai_pat and settings.clarifai_user_id and settings.clarifai_app_id):
        return None
    return Account(settings.clarifai_user_id, settings.clarifai_app_id)


def _platforms(
    clarifai: ClarifaiAccount, projects: SqlProjects, settings: Settings
) -> Callable[[Project], ClarifaiPlatform]:
    def platform_of(project: Project) -> ClarifaiPlatform:
        key = projects.sealed_key(project.id) or settings.clarifai_pat
        return clarifai.platform(project.user_id, project.app_id, key)

    return platform_of
