"""A check-mark on a message once all its images are settled, where the app may react at all."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from bot.domain.errors import ChatError, ChatRefused
from bot.usecases.crashing import Checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.usecases.chat import Chat
    from bot.usecases.crashing import Reached
    from bot.usecases.ports import Clock

log = logging.getLogger(__name__)

CHECK_MARK = "white_check_mark"
ASK_AGAIN_AFTER = dt.timedelta(days=1)  # whether the app may react now; somebody may have granted it
NOT_GRANTED = frozenset({"missing_scope", "not_allowed_token_type", "no_permission"})


class CheckMark(StrEnum):
    """How it went with the check-mark of one message."""

    ADDED = "added"
    REFUSED = "refused"  # the app may not react
    LEFT = "left"  # it was not tried, or this message takes none


@dataclass(frozen=True)
class Settled:
    """A message that waits for nobody; `taken` says whether any of its files became an input."""

    id: int
    channel_id: str
    message_ts: str
    taken: bool


class CheckStore(Protocol):
    """Messages with images, as far as their check-mark goes."""

    def settled(self, *, limit: int) -> Sequence[Settled]:
        """Messages without a mark all of whose files came to an end and ask nobody anything any more."""

    def refused_since(self, moment: dt.datetime) -> bool:
        """Say whether Slack said that the app may not react, at or after `moment`."""

    def checked(self, message: Settled, mark: CheckMark, *, now: dt.datetime) -> None: ...


def check_off(
    store: CheckStore,
    chat: Chat,
    clock: Clock,
    reached: Reached,
    *,
    go_on: Callable[[], bool] = lambda: True,
    limit: int = 50,
) -> int:
    """Put a check-mark on each message that is settled, once; return how many messages are done with.

    A crash costs reacting again, which Slack takes for what it is. Without the scope nothing is asked for a day.
    """
    done = 0
    for message in store.settled(limit=limit):
        if not go_on():
            break
        now = clock()
        if not message.taken or store.refused_since(now - ASK_AGAIN_AFTER):
            mark = CheckMark.LEFT
        else:
            try:
                mark = _react(chat, message)
            except ChatError as away:
                log.info("check off: message %s waits: %s", message.id, away)
                break
            reached(Checkpoint.REACTED)
        store.checked(message, mark, now=now)
        done += 1
    return done


def _react(chat: Chat, message: Settled) -> CheckMark:
    try:
        chat.react(message.channel_id, message.message_ts, CHECK_MARK)
    except ChatRefused as refused:
        log.info("check off: message %s takes no check-mark: %s", message.id, refused)
        return CheckMark.REFUSED if refused.error in NOT_GRANTED else CheckMark.LEFT
    return CheckMark.ADDED
