"""The environment, read once into a frozen Settings. Nothing below imports it."""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path
from typing import Any

import platformdirs
from cryptography.fernet import Fernet
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsError(Exception):
    """A missing or malformed variable, named in one clear line."""


def default_data_dir() -> Path:
    """The platform's data folder; /var/lib/annotate-bot as root."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/annotate-bot")
    return Path(platformdirs.user_data_dir("annotate-bot", appauthor=False))


class Settings(BaseSettings):
    """Every variable of `interface.md`. Tokens and keys are never judged by their form."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True)

    slack_bot_token: str = ""
    slack_app_token: str = ""
    slack_signing_secret: str = ""
    slack_client_id: str = ""
    slack_client_secret: str = ""
    slack_api_url: str = "https://slack.com/api/"
    clarifai_pat: str = ""
    clarifai_user_id: str = ""
    clarifai_app_id: str = ""
    clarifai_api_base: str = "https://api.clarifai.com"
    clarifai_root_certificates_path: Path | None = None
    database_url: str = ""
    bot_data_dir: Path = Field(default_factory=default_data_dir)
    bot_keys: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=3000, ge=0, le=65535)
    bot_card_hours: str = "08:00-20:00"
    bot_tick_s: float = Field(default=10.0, gt=0, le=3600)
    bot_stalled_s: float = Field(default=5.0, ge=0.5, le=3600)  # silence after which a worker's jobs are taken over
    bot_probes: bool = True  # whether a fiftieth of the inputs is also read below the floor
    crash_at: str = ""  # for tests: kill the process after a named point

    @field_validator("slack_api_url")
    @classmethod
    def _ends_with_slash(cls, value: str) -> str:
        if not re.match(r"https?://", value):
            raise ValueError("must begin with http:// or https://")
        return value if value.endswith("/") else f"{value}/"

    @field_validator("clarifai_api_base")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if not re.match(r"https?://", value):
            raise ValueError("must begin with https://, or with http:// for plaintext gRPC")
        return value

    @field_validator("clarifai_root_certificates_path")
    @classmethod
    def _is_a_file(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError("must name a file that can be read")
        return value

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, value: str) -> str:
        if value and not re.match(r"postgres(ql)?(\+psycopg)?://", value):
            raise ValueError("must begin with postgresql://")
        return value

    @field_validator("bot_keys")
    @classmethod
    def _are_fernet_keys(cls, value: str) -> str:
        for key in filter(None, value.split(",")):
            try:
                Fernet(key.strip())
            except ValueError:
                raise ValueError("must be comma-separated Fernet keys of 44 url-safe base64 characters") from None
        return value

    @field_validator("bot_card_hours")
    @classmethod
    def _are_hours(cls, value: str) -> str:
        if value != "always" and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", value):
            raise ValueError("must look like 08:00-20:00, or be the word always")
        return value

    @property
    def keys(self) -> list[str]:
        return [key.strip() for key in self.bot_keys.split(",") if key.strip()]

    @property
    def card_hours(self) -> tuple[dt.time, dt.time] | None:
        if self.bot_card_hours == "always":
            return None
        opens, closes = (dt.time.fromisoformat(part) for part in self.bot_card_hours.split("-"))
        return opens, closes


def read_settings(**given: Any) -> Settings:  # noqa: ANN401 - any field may be given
    """Read the environment and `.env`.

    Raises:
        SettingsError: one line that names the variable and what it should be.
    """
    try:
        settings = Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "the environment"
        raise SettingsError(f"{name} {first['msg'].removeprefix('Value error, ')}") from None
    if settings.slack_client_id and settings.slack_bot_token:
        raise SettingsError(
            "SLACK_CLIENT_ID cannot be combined with SLACK_BOT_TOKEN: one workspace or several, not both"
        )
    return settings


def require(settings: Settings, *names: str) -> None:
    """Check that variables are there.

    Raises:
        SettingsError: names the first that is missing.
    """
    for name in names:
        if not getattr(settings, name.lower()):
            raise SettingsError(f"{name} is missing: set it in the environment or in .env (see README, Connecting)")
