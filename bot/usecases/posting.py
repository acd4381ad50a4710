"""Posts stand once: claimed, posted, recorded; looked up when in doubt; drawn again when behind."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from bot.domain.errors import ChatInDoubt, ChatRefused, ChatUnavailable
from bot.domain.views import CardView, SecondLookView
from bot.usecases.chat import Mark, PostKind
from bot.usecases.crashing import Checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.domain.views import View
    from bot.usecases.chat import Chat
    from bot.usecases.crashing import Reached
    from bot.usecases.ports import Clock

log = logging.getLogger(__name__)

FRESH_S = 1.0  # a process that was paused longer than this between claim and send gives the claim back
IN_DOUBT_AFTER = dt.timedelta(seconds=4)  # more than FRESH_S and the deadline of a post together
REFUSED_FOR = dt.timedelta(minutes=5)  # until a channel that refuses us is tried again
# The whole workspace refuses us: nothing is wrong with the message.
NO_TOKEN = frozenset({"invalid_auth", "not_authed", "token_revoked", "token_expired", "missing_scope", "access_denied"})
NO_CHANNEL = NO_TOKEN | frozenset(
    {"channel_not_found", "not_in_channel", "is_archived", "restricted_action", "account_inactive"}
)


@dataclass(frozen=True)
class Claim:
    """One post that this process may post, or draw again, while `attempt` is the token in its row."""

    id: int
    project_id: str
    team_id: str
    channel_id: str
    kind: PostKind
    subject: str
    thread_ts: str
    attempt: str
    wanted: int
    ts: str
    intent_at: dt.datetime

    @property
    def mark(self) -> Mark:
        return Mark(self.kind, self.subject)


class PostStore(Protocol):
    """The posts, their pace, and what they tell of."""

    def claim_due(self, *, now: dt.datetime) -> Claim | None:
        """Claim the next post whose channel's pace allows it and move the pace on, in one statement."""

    def next_due_in_s(self, *, now: dt.datetime) -> float | None:
        """Seconds until a channel's pace allows its next post; None when nothing is due."""

    def count_waiting(self, *, now: dt.datetime) -> bool:
        """Make the line due, or drawn again, that says how many cards wait for their turn; False when it stands."""

    def claim_behind(self, *, now: dt.datetime) -> Claim | None:
        """Claim a posted message that shows less than is wanted; the claim lapses by itself after 10 s."""

    def next_behind_in_s(self, *, now: dt.datetime) -> float | None:
        """Seconds until the next message is to be drawn again; None when none is behind."""

    def in_doubt(self, *, older_than: dt.timedelta) -> Sequence[Claim]:
        """Claims whose process never recorded what became of them."""

    def view(self, claim: Claim) -> View | None:
        """What the post says now; None when it has nothing to say any more."""

    def record_posted(self, claim: Claim, ts: str, view: View) -> bool:
        """Record the message and open its reviews; False when the claim was no longer ours."""

    def record_drawn(self, claim: Claim, view: View) -> None:
        """Record that the message shows what was wanted when it was claimed, and open the reviews it shows."""

    def give_back(
        self, claim: Claim, *, not_before: dt.datetime | None = None, problem: str = "", pause_s: float = 0.0
    ) -> None:
        """Make the post due (or behind) again; with `pause_s` nothing is posted in its channel for so long."""

    def withdraw(self, claim: Claim, problem: str) -> None:
        """Stop trying: the post is gone."""

    def leave_as_it_is(self, claim: Claim, problem: str) -> None:
        """Do not draw this state of the message again: Slack will not take it. The next change is tried as ever."""

    def look_later(self, claim: Claim, problem: str, *, wait: dt.timedelta) -> None:
        """Whether the message stands cannot be found out now: it stays in doubt, and others have their turn."""

    def channel_refuses(self, claim: Claim, error: str, *, now: dt.datetime) -> None:
        """Slack does not let us post there: have the person who set up told, once."""

    def without_picture(self, claim: Claim) -> None:
        """Let the card stand without its picture from now on."""

    def deleted_by_somebody(self, claim: Claim) -> None:
        """Somebody deleted the message: post it once more if it still asks something, else let it go."""


@dataclass(frozen=True)
class Desk:
    """What the posting passes work with.

    `nap` waits at most so many seconds and says whether the process is about to end; nothing else waits.
    """

    store: PostStore
    chat: Chat
    clock: Clock
    monotonic: Callable[[], float]
    nap: Callable[[float], bool]
    reached: Reached


def post_due(desk: Desk, *, for_s: float) -> int:
    """Post what is due, at each channel's pace, for at most `for_s` seconds; return how many were posted.

    A crash after the claim costs one look-up; a crash after the post costs one as well. The one hole left is a process
    that is paused between its last look at the time and the send.
    """
    posted, started = 0, desk.monotonic()
    while desk.monotonic() - started < for_s:
        claimed_at = desk.monotonic()
        claim = desk.store.claim_due(now=desk.clock())
        if claim is None:
            if desk.store.count_waiting(now=desk.clock()):
                continue
            wait = desk.store.next_due_in_s(now=desk.clock())
            if wait is None or wait > for_s - (desk.monotonic() - started):
                break
            if desk.nap(max(wait, 0.01)):
                break
            continue
        desk.reached(Checkpoint.POST_CLAIMED)
        posted += _post(desk, claim, claimed_at)
    return posted


def _post(desk: Desk, claim: Claim, claimed_at: float) -> bool:
    view = desk.store.view(claim)
    if view is None:
        desk.store.withdraw(claim, "nothing to say")
        return False
    if desk.monotonic() - claimed_at > FRESH_S:
        desk.store.give_back(claim)
        return False
    try:
        ts = desk.chat.post(claim.channel_id, view, claim.mark, thread_ts=claim.thread_ts)
    except ChatInDoubt as doubt:
        log.warning("post: %s %s is in doubt and will be looked up: %s", claim.kind, claim.id, doubt)
        return False
    except ChatUnavailable as away:
        _later(desk, claim, str(away), away.retry_after_s, whole_channel=True)
        return False
    except ChatRefused as refused:
        _refused(desk, claim, refused, view)
        return False
    desk.reached(Checkpoint.POST_SENT)
    return desk.store.record_posted(claim, ts, view)


def _later(desk: Desk, claim: Claim, why: str, wait_s: float, *, whole_channel: bool) -> None:
    wait_s = max(wait_s, 1.0)
    not_before = desk.clock() + dt.timedelta(seconds=wait_s)
    desk.store.give_back(claim, not_before=not_before, problem=why, pause_s=wait_s if whole_channel else 0.0)


def _refused(desk: Desk, claim: Claim, refused: ChatRefused, view: View) -> None:
    if refused.error in NO_CHANNEL:
        if refused.error not in NO_TOKEN:
            desk.store.channel_refuses(claim, refused.error, now=desk.clock())
        _later(desk, claim, refused.error, REFUSED_FOR.total_seconds(), whole_channel=True)
    elif refused.error == "invalid_blocks" and _shows_a_picture(view):
        log.warning("post: Slack cannot show the picture of card %s; it goes without", claim.id)
        desk.store.without_picture(claim)
        desk.store.give_back(claim)
    else:
        log.error("post: Slack refused %s %s: %s", claim.kind, claim.id, refused)
        desk.store.withdraw(claim, refused.error)


def _shows_a_picture(view: View) -> bool:
    return isinstance(view, CardView | SecondLookView) and bool(view.file_id)


def recover_posts(desk: Desk, *, go_on: Callable[[], bool] = lambda: True) -> int:
    """Find out what became of posts whose process died or whose answer was lost; return how many were cleared up.

    Found by its metadata: adopted. Not found after the safety time: due again. Slack lets nobody look: asked again
    after a while, never posted again blindly. Stops once `go_on` says so.
    """
    cleared = 0
    for claim in desk.store.in_doubt(older_than=IN_DOUBT_AFTER):
        if not go_on():
            break
        try:
            ts = desk.chat.find(claim.channel_id, claim.mark, since=claim.intent_at, thread_ts=claim.thread_ts)
        except ChatRefused as refused:
            log.error("recover: Slack lets nobody look up %s %s: %s", claim.kind, claim.id, refused)  # noqa: TRY400 - not our fault, no trace
            desk.store.look_later(claim, refused.error, wait=REFUSED_FOR)
            continue
        except ChatUnavailable as away:
            log.warning("recover: cannot look up %s %s: %s", claim.kind, claim.id, away)
            continue
        view = desk.store.view(claim) if ts else None
        if ts and view:
            desk.store.record_posted(replace(claim, wanted=0), ts, view)  # it may show less by now: draw it again
        elif ts is None:
            desk.store.give_back(claim)
        cleared += 1
    return cleared


def redraw(desk: Desk, *, for_s: float) -> int:
    """Bring every message that is behind up to date; return how many were drawn, or found deleted.

    Drawing twice is harmless.
    """
    drawn, started = 0, desk.monotonic()
    while desk.monotonic() - started < for_s:
        claim = desk.store.claim_behind(now=desk.clock())
        if claim is None:
            wait = desk.store.next_behind_in_s(now=desk.clock())
            if wait is None or wait > min(2.0, for_s - (desk.monotonic() - started)):
                break
            if desk.nap(max(wait, 0.01)):
                break
            continue
        drawn += _draw(desk, claim)
    return drawn


def _draw(desk: Desk, claim: Claim) -> bool:
    view = desk.store.view(claim)
    if view is None:
        desk.store.withdraw(claim, "nothing to say")
        return False
    try:
        desk.chat.update(claim.channel_id, claim.ts, view, claim.mark)
    except ChatUnavailable as away:
        _later(desk, claim, str(away), away.retry_after_s, whole_channel=False)
        return False
    except ChatInDoubt as doubt:
        _later(desk, claim, str(doubt), 1.0, whole_channel=False)
        return False
    except ChatRefused as refused:
        if refused.error == "message_not_found":
            desk.store.deleted_by_somebody(claim)
            return True
        if refused.error == "invalid_blocks" and _shows_a_picture(view):
            desk.store.without_picture(claim)
            desk.store.give_back(claim)
        elif refused.error in NO_CHANNEL:
            desk.store.give_back(claim, not_before=desk.clock() + REFUSED_FOR, problem=refused.error)
        else:
            log.error("redraw: Slack refused %s %s: %s", claim.kind, claim.id, refused)  # noqa: TRY400 - not our fault, no trace
            desk.store.leave_as_it_is(claim, refused.error)
        return False
    desk.store.record_drawn(claim, view)
    return True
