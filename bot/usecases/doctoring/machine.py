"""This machine: its variables, its disk, its clock."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from bot.usecases.doctoring.finding import Finding, fine, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LEAST_FREE = 1_000_000_000  # bytes; the embedded database with its log, and the pictures in hand
MOST_SKEW = dt.timedelta(seconds=60)  # signatures fail from 5 minutes on; a clock that is off drifts on

CURES: Mapping[str, str] = {
    "SLACK_BOT_TOKEN": "Install the Slack app (OAuth & Permissions) and set SLACK_BOT_TOKEN to its bot token.",
    "SLACK_APP_TOKEN": "Set SLACK_APP_TOKEN to an app-level token with connections:write, or SLACK_SIGNING_SECRET to "
    "the signing secret of Basic Information for HTTP.",
    "CLARIFAI_PAT": "Set CLARIFAI_PAT to a personal access token of the app's owner (Clarifai: Settings, Security).",
    "CLARIFAI_USER_ID": "Set CLARIFAI_USER_ID to the id of the account that owns the app.",
    "CLARIFAI_APP_ID": "Set CLARIFAI_APP_ID to the id of the app; it is made at set-up if it does not exist.",
    "BOT_KEYS": "Make a key with: openssl rand -base64 32 | tr '+/' '-_' and set BOT_KEYS to it. Keep it: what is "
    "sealed with it opens with nothing else.",
}


def variables(missing: tuple[str, ...]) -> Iterator[Finding]:
    """Judge which variables are there; `missing` names those that are not."""
    for name in missing:
        yield wrong("settings", f"{name} is missing.", CURES[name])
    if not missing:
        yield fine("settings", "every variable that is needed is set")


def disk(folder: str, free: int) -> Finding:
    """Judge the free space of the disk that holds the data folder, in bytes."""
    said = f"{free / 1e9:.1f} GB free for {folder}"
    if free >= LEAST_FREE:
        return fine("disk", said)
    return wrong("disk", said, "Free at least 1 GB on that disk, or name a folder on another one with BOT_DATA_DIR.")


def clock(whose: str, skew: dt.timedelta) -> Finding:
    """Judge how far another clock ("database", "slack") is ahead of this machine's."""
    name = f"{whose} clock"
    said = f"it is {abs(skew.total_seconds()):.0f} s {'ahead of' if skew > dt.timedelta(0) else 'behind'} ours"
    if abs(skew) <= MOST_SKEW:
        return fine(name, said)
    return wrong(
        name,
        said,
        "Have this machine's clock (and the database's) set by network time. From 5 minutes on, Slack's signed "
        "requests are refused, and digests come at the wrong time.",
    )
