"""Samples of the Home tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.projects import ProjectState
from bot.domain.reviews import Verdict
from bot.domain.views import AnsweredView, HomeView, QueueView
from bot.slack.cards import home
from bot.slack.gallery import cards
from bot.slack.gallery.shelf import AT, CHANNEL, OMAR, Call, Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MOST = 30  # more queues and answers than there is room for
_QUEUES = tuple(
    QueueView(f"C0LABELS{place:02}", state, 40 * place, 20 * place, AT) for place, state in enumerate(ProjectState)
)
_ANSWERED = tuple(
    AnsweredView(CHANNEL, f"in{place:030}", f"cat {place}.png", (("people", verdict),), AT)
    for place, verdict in enumerate(Verdict)
)

_SAMPLES: Mapping[str, HomeView] = {
    "nothing yet": HomeView(),
    "nothing waits": HomeView((QueueView(CHANNEL, ProjectState.LIVE, 0, 0),), answered=_ANSWERED),
    **{f"next is {name}": HomeView(_QUEUES, CHANNEL, card, _ANSWERED) for name, card in cards.NEXT.items()},
    "after a press": HomeView(_QUEUES, CHANNEL, cards.NEXT["one question"], said=("cat.png: people approved.",)),
    "for a guest": HomeView(said=("Guests may look but not decide.",), may_decide=False),
    "many queues": HomeView(tuple(QueueView(f"C0MANY{n:04}", ProjectState.LIVE, n, n, AT) for n in range(_MOST))),
}


def _shown(view: HomeView) -> Iterator[Call]:
    yield Call("views.publish", {"user_id": OMAR, "view": home(view)})


SHELF = Shelf("home", _SAMPLES, _shown)
