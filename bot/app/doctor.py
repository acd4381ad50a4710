"""The doctor's round over what this machine is set up with, told in lines or as one JSON document."""

from __future__ import annotations

import json
import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import make_url

from bot.app.database import Database
from bot.app.parts import utc_now
from bot.clarifai import REQUESTS_PER_S, ClarifaiAccount, Patience
from bot.domain.errors import StoreUnavailable
from bot.settings import SettingsError, read_settings
from bot.slack.examining import SlackCheckUp, wanted_scopes
from bot.storage.embedded import EmbeddedPostgres, EmbeddedPostgresError
from bot.storage.examining import SqlCheckUp
from bot.storage.projects import SqlProjects
from bot.storage.secrets import CannotUnseal, Sealer
from bot.usecases.doctoring import Finding, Surroundings, examine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.clarifai import ClarifaiPlatform
    from bot.settings import Settings
    from bot.usecases.doctoring.ports import ProjectPlace, StoreCheckUp

PATIENCE = Patience(total_s=5.0, attempts=2)  # somebody sits and waits
SHORTEST_SECRET = 6  # characters; anything shorter would be blotted out of ordinary words


def doctor(*, as_json: bool, requests_per_s: int = REQUESTS_PER_S) -> tuple[str, bool]:
    """Return what there is to say and whether all is well. No secret of the settings is ever in it.

    `requests_per_s` holds for Clarifai, which is asked about 30 times for each app.
    """
    try:
        settings = read_settings()
    except SettingsError as error:
        cure = "Correct it in the environment or in .env; docs/operations.md lists every variable."
        found, secrets = [Finding("settings", ok=False, said=str(error), cure=cure)], []
    else:
        found, secrets = _findings(settings, requests_per_s), _secrets(settings)
    well = all(finding.ok for finding in found)
    said = json.dumps({"ok": well, "findings": [asdict(f) for f in found]}, indent=2) if as_json else _lines(found)
    for secret in secrets:
        said = said.replace(secret, "\u2026")
    return said, well


def _findings(settings: Settings, requests_per_s: int) -> list[Finding]:
    needed, optional = wanted_scopes()
    base, trusted = settings.clarifai_api_base, settings.clarifai_root_certificates_path
    with ExitStack() as stack:
        clarifai = stack.enter_context(ClarifaiAccount(base, trusted, patience=PATIENCE, requests_per_s=requests_per_s))
        database = _Opened(settings)
        stack.callback(database.close)
        token = settings.slack_bot_token
        around = Surroundings(
            missing=_missing(settings),
            folder=str(settings.bot_data_dir),
            free=lambda: shutil.disk_usage(_nearest(settings.bot_data_dir)).free,
            clock=utc_now,
            store=database.check_up,
            default_app=_default_app(settings),
            platform_of=_platforms(settings, clarifai, database),
            chat=SlackCheckUp(token, settings.slack_app_token, settings.slack_api_url) if token else None,
            over_socket=bool(settings.slack_app_token),
            needed_scopes=needed,
            optional_scopes=optional,
        )
        return examine(around)


class _Opened:
    """The database for the time of the round: opened when it is asked about, and never made."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._database: Database | None = None
        self.sealer = Sealer(settings.keys) if settings.keys else None

    @contextmanager
    def check_up(self) -> Iterator[StoreCheckUp | None]:
        settings = self._settings
        if not settings.database_url and not EmbeddedPostgres(settings.bot_data_dir).is_made:
            yield None
            return
        try:
            self._database = Database.open(settings, name="annotate-bot doctor")
        except (SettingsError, EmbeddedPostgresError) as away:
            raise StoreUnavailable(str(away).removeprefix("DATABASE_URL cannot be reached: ")) from None
        yield SqlCheckUp(self._database.engine, self.sealer)

    def own_key(self, place: ProjectPlace) -> str | None:
        """The project's own key; None when it cannot be opened, which another check says."""
        if self._database is None or self.sealer is None:
            return None
        try:
            return SqlProjects(self._database.engine, self.sealer).sealed_key(place.id)
        except CannotUnseal:
            return None

    def close(self) -> None:
        if self._database:
            self._database.close()


def _platforms(
    settings: Settings, clarifai: ClarifaiAccount, database: _Opened
) -> Callable[[ProjectPlace | None], ClarifaiPlatform | None]:
    def platform_of(place: ProjectPlace | None) -> ClarifaiPlatform | None:
        key = database.own_key(place) if place and place.has_own_key else settings.clarifai_pat
        user_id = place.user_id if place else settings.clarifai_user_id
        app_id = place.app_id if place else settings.clarifai_app_id
        return clarifai.platform(user_id, app_id, key) if key else None

    return platform_of


def _default_app(settings: Settings) -> tuple[str, str] | None:
    names = settings.clarifai_user_id, settings.clarifai_app_id
    return names if all(names) and settings.clarifai_pat else None


def _missing(settings: Settings) -> tuple[str, ...]:
    """Name the variables without which `run` refuses to start or a channel cannot be set up."""
    needed = ("SLACK_BOT_TOKEN", "CLARIFAI_PAT", "CLARIFAI_USER_ID", "CLARIFAI_APP_ID", "BOT_KEYS")
    absent = [name for name in needed if not getattr(settings, name.lower())]
    unheard = not (settings.slack_app_token or settings.slack_signing_secret)
    return (*absent, "SLACK_APP_TOKEN") if unheard else tuple(absent)


def _nearest(folder: Path) -> Path:
    """The folder itself or, before the first start, the nearest one above it that exists."""
    return next(place for place in (folder, *folder.absolute().parents) if place.exists())


def _secrets(settings: Settings) -> list[str]:
    password = make_url(settings.database_url).password if settings.database_url else ""
    known = [
        settings.slack_bot_token,
        settings.slack_app_token,
        settings.slack_signing_secret,
        settings.slack_client_secret,
        settings.clarifai_pat,
        *settings.keys,
        str(password or ""),
    ]
    return sorted((secret for secret in known if len(secret) >= SHORTEST_SECRET), key=len, reverse=True)


def _lines(found: list[Finding]) -> str:
    """Write a line per finding, its cure below it, and the outcome last."""
    width = max(len(finding.name) for finding in found)
    lines = []
    for finding in found:
        lines.append(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.name:<{width}}  {finding.said}")
        if finding.cure:
            lines.append(f"      {'':<{width}}  What to do: {finding.cure}")
    failed = sum(not finding.ok for finding in found)
    lines.append("All is well." if not failed else f"{failed} of {len(found)} checks failed.")
    return "\n".join(lines)
