"""The stand-ins alone, for those who bring their own bot or their own client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.app.demo import slack_ready
from bot.app.serving import listen_for_signals, say_ready, wait_for_signal
from bot.settings import SettingsError
from bot.slack.manifest import manifest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bot.sandbox.clarifai import ClarifaiSandbox


def serve_clarifai(
    *,
    port: int,
    tls_port: int | None,
    cert_dir: Path | None,
    data: Path | None,
    accounts: Sequence[str],
    apps: Sequence[str],
    faults: Sequence[str],
    unknowns: Sequence[str],
) -> None:
    """Serve the stand-in Clarifai until a signal; apps are made for the first account.

    Raises:
        SettingsError: one of the `faults` or `unknowns` is none.
    """
    from bot.sandbox.clarifai import ClarifaiSandbox, NoSuchFault, Refusal, switched  # noqa: PLC0415 - the sandbox is an optional extra
    from bot.sandbox.example_images import example_images  # noqa: PLC0415 - the sandbox is an optional extra
    from bot.sandbox.recognition import GeneralModel  # noqa: PLC0415 - the sandbox is an optional extra

    known = _accounts(accounts) or {"demo": "demo-key"}
    try:
        switches = switched(unknowns)
    except ValueError as wrong:
        raise SettingsError(f"--unknown: {wrong}") from wrong
    model = GeneralModel()
    try:
        with ClarifaiSandbox(
            model,
            data=data,
            accounts=known,
            apps=apps,
            port=port,
            tls_port=tls_port,
            cert_dir=cert_dir,
            known_urls=example_images(),
            switches=switches,
        ) as clarifai:
            for fault in faults:
                clarifai.order(fault)
            asked = listen_for_signals()
            say_ready({"clarifai": _ready(clarifai, known, apps, with_tls=tls_port is not None)})
            wait_for_signal(asked)
    except (NoSuchFault, Refusal) as wrong:
        raise SettingsError(f"--fault: {wrong}") from wrong
    finally:
        model.close()


def _ready(
    clarifai: ClarifaiSandbox, accounts: Mapping[str, str], apps: Sequence[str], *, with_tls: bool
) -> dict[str, str]:
    user_id, key = next(iter(accounts.items()))
    ready = {"base": clarifai.base, "user_id": user_id, "pat": key, "faults": clarifai.control}
    if with_tls:
        ready |= {"tls_base": clarifai.tls_base, "cert": str(clarifai.cert)}
    return {**ready, "app_id": apps[0]} if apps else ready


def serve_slack(*, port: int, data: Path | None) -> None:
    """Serve the stand-in workspace until a signal."""
    from bot.sandbox.slack import SlackSandbox  # noqa: PLC0415 - the sandbox is an optional extra

    with SlackSandbox(manifest=manifest(), data=data, port=port) as slack:
        asked = listen_for_signals()
        say_ready({"page": slack.url, "slack": slack_ready(slack)})
        wait_for_signal(asked)


def _accounts(given: Sequence[str]) -> dict[str, str]:
    pairs = [entry.partition(":") for entry in given]
    if not all(user and key for user, _, key in pairs):
        raise SettingsError("--account must look like USER:KEY, for example --account demo:demo-key")
    return {user: key for user, _, key in pairs}
