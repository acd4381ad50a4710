"""The round: every check once, in the order in which one failure explains the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.errors import PlatformUnavailable, StoreUnavailable
from bot.usecases.doctoring import chat as slack
from bot.usecases.doctoring import machine, platform, store

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from bot.usecases.doctoring.finding import Finding
    from bot.usecases.doctoring.ports import ChatCheckUp, PlatformCheckUp, ProjectPlace, StoreCheckUp
    from bot.usecases.ports import Clock


@dataclass(frozen=True)
class Surroundings:
    """What there is to examine. None stands for what cannot be asked, because a variable is missing."""

    missing: tuple[str, ...]  # variables
    folder: str  # of the data
    free: Callable[[], int]  # bytes
    clock: Clock
    store: Callable[[], AbstractContextManager[StoreCheckUp | None]]  # None: our own database is not made yet
    default_app: tuple[str, str] | None  # (user id, app id) of Clarifai
    platform_of: Callable[[ProjectPlace | None], PlatformCheckUp | None]  # of a project, or the default one
    chat: ChatCheckUp | None
    over_socket: bool
    needed_scopes: frozenset[str]
    optional_scopes: frozenset[str]


def examine(around: Surroundings) -> list[Finding]:
    """Make every check and return what each found; a part that is away fails its checks and no others.

    Nothing is written anywhere: each question is a read, or a call that can only be refused.
    """
    stored, places = _store(around)
    return [
        *machine.variables(around.missing),
        machine.disk(around.folder, around.free()),
        *stored,
        *_platforms(around, places),
        *_slack(around, places),
    ]


def _store(around: Surroundings) -> tuple[list[Finding], Sequence[ProjectPlace]]:
    """Examine the database; return the projects it knows as well, since the other checks go by them."""
    found: list[Finding] = []
    try:
        with around.store() as database:
            if database is None:
                return [store.not_made(around.folder)], ()
            asked = around.clock()
            server = database.server()
            skew = server.now - _middle(asked, around.clock())
            found += [store.server(server), machine.clock("database", skew)]
            found.append(store.schema(*database.schema()))
            if not found[-1].ok:
                return found, ()  # other revisions have other tables
            found += store.queue(database.waiting(), around.clock())
            if "BOT_KEYS" not in around.missing:
                found.append(store.secrets(database.sealed_shut()))
            return found, database.places()
    except StoreUnavailable as away:
        return [*found, store.unreachable(str(away))], ()


def _platforms(around: Surroundings, places: Sequence[ProjectPlace]) -> Iterator[Finding]:
    """Examine each app once; when Clarifai is away, that is said once."""
    try:
        for (_, app_id), homes in _apps(around, places).items():
            reached = around.platform_of(homes[0] if homes else None)
            if reached is not None:
                models = [home.model for home in homes if home.model]
                yield from platform.app(reached, app_id, models, must_stand=any(home.is_made for home in homes))
    except PlatformUnavailable as away:
        yield platform.away(away)


def _apps(around: Surroundings, places: Iterable[ProjectPlace]) -> dict[tuple[str, str], list[ProjectPlace]]:
    """Gather the projects of each app; the default app comes first, also without a project."""
    gathered: dict[tuple[str, str], list[ProjectPlace]] = {around.default_app: []} if around.default_app else {}
    for place in places:
        gathered.setdefault((place.user_id, place.app_id), []).append(place)
    return gathered


def _slack(around: Surroundings, places: Sequence[ProjectPlace]) -> Iterator[Finding]:
    if around.chat is None:
        return
    asked = around.clock()
    token, introduced = slack.token(around.chat)
    yield token
    if introduced is None:
        return
    if introduced.now is not None:
        yield machine.clock("slack", introduced.now - _middle(asked, around.clock()))
    yield slack.scopes(introduced.scopes, around.needed_scopes, around.optional_scopes)
    yield from slack.calls(around.chat, over_socket=around.over_socket)
    yield from slack.channels(around.chat, introduced.team_id, places)


def _middle(asked: dt.datetime, answered: dt.datetime) -> dt.datetime:
    """The moment at which an answer was made, as well as it can be known."""
    return asked + (answered - asked) / 2
