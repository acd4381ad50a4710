"""The verbs. No logic: each reads its options and hands over."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
import yaml

from bot.app import demo as demos
from bot.app import doctor as doctors
from bot.app import export as exports
from bot.app import recommend as recommendations
from bot.app import retry as retries
from bot.app import sandboxes, serving
from bot.app.dump import dump_calls
from bot.domain.errors import BotError
from bot.settings import Settings, SettingsError, default_data_dir, read_settings
from bot.slack.manifest import manifest as slack_manifest
from bot.storage.embedded import EmbeddedPostgresError
from bot.storage.migrate import migrate as bring_to_head

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Label images in Slack, with a model's help.")
sandbox = typer.Typer(no_args_is_help=True, help="The stand-ins of Clarifai and Slack, each alone.")
app.add_typer(sandbox, name="sandbox")

Data = Annotated[Path | None, typer.Option("--data", help="Folder that keeps everything.")]


def main() -> None:
    """Run a verb; what is wrong with the settings is one line and exit status 2."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick left out because the last one works is no news
    for noisy in ("procrastinate", "slack_bolt", "slack_bolt.App", "slack_sdk", "websocket", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    serving.interrupt_while_starting()
    try:
        app()
    except (SettingsError, BotError, EmbeddedPostgresError) as error:
        sys.stderr.write(f"annotate-bot: {error}\n")
        sys.exit(2)


def _settings() -> Settings:
    return read_settings()


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Of the page; the next free one when it is taken.")] = 8765,
    *,
    browser: Annotated[bool, typer.Option(help="Open the page.")] = True,
    data: Data = None,
    empty: Annotated[bool, typer.Option("--empty", help="Without the sample photographs.")] = False,
) -> None:
    """Run everything on this computer: PostgreSQL, a Clarifai, a Slack and the bot."""
    demos.demo(data or _data_dir(), port=port, browser=browser, samples=not empty)


@app.command()
def run() -> None:
    """Serve Slack and do the work, in one process."""
    serving.run(_settings(), web=True, worker=True)


@app.command()
def web() -> None:
    """Serve Slack only; needs DATABASE_URL and at least one worker beside it."""
    serving.run(_shared(), web=True, worker=False)


@app.command()
def worker() -> None:
    """Do the work only; needs DATABASE_URL."""
    serving.run(_shared(), web=False, worker=True)


@app.command()
def migrate() -> None:
    """Bring the database to head."""
    with serving.held_open(_settings(), name="migrate") as database:
        bring_to_head(database.engine)
    typer.echo("The database is at head.")


@app.command()
def manifest(http: Annotated[str | None, typer.Option(help="https://your.host, for HTTP.")] = None) -> None:
    """Print the Slack app's manifest, for Socket Mode or for HTTP."""
    typer.echo(yaml.safe_dump(slack_manifest(http), sort_keys=False, allow_unicode=True), nl=False)


@app.command()
def doctor(*, as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False) -> None:
    """Check database, Clarifai, Slack, clocks and disk; exit status 1, and what to do, when something is wrong."""
    logging.disable(logging.ERROR)  # what the parts complain of is what the findings tell
    said, well = doctors.doctor(as_json=as_json)
    typer.echo(said)
    raise typer.Exit(0 if well else 1)


@app.command()
def cards(dump: Annotated[Path, typer.Option(help="File for one JSON line per call.")]) -> None:
    """Write every message the bot can send, in every state, also with hostile text, as the calls of Slack's Web API."""
    typer.echo(f"Wrote {dump_calls(dump)} calls to {dump}.")


@app.command()
def export(
    form: Annotated[str, typer.Argument(help="jsonl, csv or coco.")] = "",
    *,
    channel: Annotated[
        str, typer.Option(help="Slack's id of the project's channel; not needed for the only one.")
    ] = "",
    project: Annotated[str, typer.Option(help="Or the project's own id, also of one that was left.")] = "",
    out: Annotated[Path, typer.Option(help="Folder for the file and its data card.")] = Path(),
) -> None:
    """Write the labelled data as a file, with its data card."""
    for line in exports.export(_settings(), form, channel=channel, project=project, out=out):
        typer.echo(line)


@app.command()
def recommend(
    channel: Annotated[
        str, typer.Argument(help="Slack's id of the project's channel; not needed for the only one.")
    ] = "",
    *,
    concept: Annotated[str, typer.Option(help="Of one concept only.")] = "",
    target: Annotated[str, typer.Option(help="Share that shall be right, such as 0.95; else each concept's own.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Say which threshold is proven to keep the target, or what is still needed. Changes nothing."""
    said = recommendations.recommend(_settings(), channel, concept=concept, target=target, as_json=as_json)
    for line in said:
        typer.echo(line)


@app.command()
def retry() -> None:
    """Take up again what was given up: decisions, images, lists, messages, private answers."""
    for line in retries.retry(_settings()):
        typer.echo(line)


@sandbox.command()
def clarifai(
    port: int = 18080,
    *,
    tls_port: int | None = None,
    cert_dir: Path | None = None,
    data: Data = None,
    account: Annotated[list[str] | None, typer.Option(help="USER:KEY, any number.")] = None,
    app_id: Annotated[list[str] | None, typer.Option("--app", help="Apps of the first account.")] = None,
    unknown: Annotated[list[str] | None, typer.Option(help="NAME=ANSWER, see docs/unconfirmed.md.")] = None,
    fault: Annotated[list[str] | None, typer.Option(help='Misbehave from the start, e.g. "latency 2".')] = None,
) -> None:
    """Serve a Clarifai on loopback."""
    sandboxes.serve_clarifai(
        port=port,
        tls_port=tls_port,
        cert_dir=cert_dir,
        data=data,
        accounts=account or [],
        apps=app_id or [],
        faults=fault or [],
        unknowns=unknown or [],
    )


@sandbox.command()
def slack(port: int = 9000, *, data: Data = None) -> None:
    """Serve a Slack workspace on loopback."""
    sandboxes.serve_slack(port=port, data=data)


def _comes_later(context: typer.Context) -> None:
    raise SettingsError(f"`{context.info_name}` comes later. `annotate-bot --help` shows what works.")


_ANYTHING = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
for _verb in ("backup", "restore", "verify-audit", "forget", "keys"):
    app.command(_verb, hidden=True, context_settings=_ANYTHING)(_comes_later)


def _shared() -> Settings:
    settings = _settings()
    if not settings.database_url:
        raise SettingsError("DATABASE_URL is missing: web and worker processes meet in one PostgreSQL")
    return settings


def _data_dir() -> Path:
    """The demo needs nothing but BOT_DATA_DIR of the environment; the other variables may be amiss."""
    return Path(os.environ.get("BOT_DATA_DIR") or default_data_dir())
