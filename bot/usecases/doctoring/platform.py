"""Clarifai: the key, its owner, the app, the calls it may make, and the models the workflow is pinned to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.blueprint import GENERAL_CLUSTER, GENERAL_CONCEPT, GENERAL_EMBED
from bot.domain.concepts import ModelRef
from bot.domain.errors import NotFound, PlatformRefused, PlatformUnavailable, WrongKey
from bot.usecases.doctoring.finding import Finding, counted, fine, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.usecases.doctoring.ports import PlatformCheckUp

GENERAL = {ModelRef(n.model_id, n.version): n.id for n in (GENERAL_EMBED, GENERAL_CONCEPT, GENERAL_CLUSTER)}
NEW_KEY = (
    "Make a personal access token as the owner of the app (Clarifai: Settings, Security), put it into CLARIFAI_PAT, "
    "and restart."
)
OTHER_MODEL = (
    "Choose a model that is there and set the channel up again with it, for example: "
    "/annotate setup people model=<id>@<version>. Labels made so far stay."
)


def app(platform: PlatformCheckUp, app_id: str, models: Sequence[ModelRef], *, must_stand: bool) -> Iterator[Finding]:
    """Judge one app; what cannot be asked any more after a failure is left out.

    `models` take General's place in its projects. An app that no project has been set up in may still be missing.

    Raises:
        PlatformUnavailable: Clarifai is away, and the next app need not be asked about either.
    """
    try:
        owner = platform.prove_ownership()
    except WrongKey as refused:
        yield wrong("clarifai key", f"{app_id}: {refused}", NEW_KEY)
        return
    yield fine("clarifai key", f"{app_id}: the key belongs to {owner}, who owns it")
    yield _stands(platform, app_id, must_stand=must_stand)
    yield _allowed(platform, app_id)
    for model in dict.fromkeys([*GENERAL, *models]):
        yield _pinned(platform, model)


def away(why: PlatformUnavailable) -> Finding:
    return wrong(
        "clarifai",
        str(why),
        "See that this machine reaches CLARIFAI_API_BASE, by default https://api.clarifai.com, port 443 (proxy, "
        "firewall), and look at Clarifai's status page. Decisions are kept until it is back.",
    )


def _stands(platform: PlatformCheckUp, app_id: str, *, must_stand: bool) -> Finding:
    try:
        facts = platform.read_app()
    except PlatformRefused as refused:
        return wrong("clarifai app", f"{app_id} cannot be read: {refused}", NEW_KEY)
    if facts is not None:
        default = facts.default_workflow or "none"
        held = f"{counted(facts.inputs, 'input')}, {counted(facts.pending, 'pending annotation')}"
        return fine("clarifai app", f"{app_id}: {held}, default workflow {default}")
    if not must_stand:
        return fine("clarifai app", f"{app_id} does not exist yet; `/annotate setup` makes it")
    return wrong(
        "clarifai app",
        f"{app_id} is gone, and a channel is set up with it.",
        "See that CLARIFAI_USER_ID and CLARIFAI_APP_ID name the app the channel was set up with. If it was deleted, "
        "its labels are gone too: set the channel up again with another app.",
    )


def _allowed(platform: PlatformCheckUp, app_id: str) -> Finding:
    refused = platform.refused_calls()
    if not refused:
        return fine("clarifai calls", f"{app_id}: no call of the bot's is refused to this key")
    return wrong(
        "clarifai calls",
        f"{app_id}: this key may not {', '.join(refused)}",
        "Give the key all scopes, or make a personal access token of the app's owner, which has them; an app's own key "
        "is not enough.",
    )


def _pinned(platform: PlatformCheckUp, model: ModelRef) -> Finding:
    """Judge a pinned version: it must be there, and a newer one is named so that somebody can decide."""
    name = GENERAL.get(model, model.id)
    try:
        newest = platform.resolve_model(ModelRef(model.id)).version
        if newest != model.version:
            platform.resolve_model(model)
    except NotFound as gone:
        return wrong("clarifai models", f"{name} is not there as the workflow uses it: {gone}", OTHER_MODEL)
    except PlatformRefused as refused:
        return wrong("clarifai models", f"{name} cannot be read: {refused}", NEW_KEY)
    newer = "" if newest == model.version else f"; there is a newer one, {newest}, which is not used"
    return fine("clarifai models", f"{name} ({model.id}) is there in version {model.version}{newer}")
