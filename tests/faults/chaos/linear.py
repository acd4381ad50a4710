"""Whether what people were answered about one card, in some order that fits the times, leads to what stands in the end.

The rule of a card is written down here once more, in the words of the product page: the first verdict on a question
wins; *Not sure* leaves it open until a second person is not sure either; *Undo* opens what its presser had decided.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MOST_TRIED = 500_000


@dataclass(frozen=True)
class Op:
    """One press: when it was begun and answered; `ended` is infinite when nobody knows whether it counted."""

    began: float
    ended: float
    by: str
    act: str  # approve, reject, unsure, undo
    reviews: tuple[int, ...] = ()

    @property
    def is_known(self) -> bool:
        return self.ended < math.inf


class Question(NamedTuple):
    """One review: its verdict and whose it is; who was not sure first."""

    verdict: str = ""
    by: str = ""
    doubted_by: str = ""


class TooMany(Exception):
    """The card was pressed too often at the same time to be judged."""


Card = tuple[tuple[int, Question], ...]


def pressed(card: Card, op: Op) -> Card:
    """The card after a press."""
    if op.act == "undo":
        return tuple((n, Question() if q.verdict and q.by == op.by else q) for n, q in card)
    return tuple((n, _answered(q, op) if n in op.reviews and not q.verdict else q) for n, q in card)


def _answered(question: Question, op: Op) -> Question:
    if op.act == "unsure" and question.doubted_by in {"", op.by}:
        return question._replace(doubted_by=op.by)
    return Question(op.act, op.by, question.doubted_by)


def explains(ops: Sequence[Op], reviews: Sequence[int], stands: Callable[[Mapping[int, Question]], bool]) -> bool:
    """Say whether some order of `ops` ends in a card that `stands`.

    A press that was answered lies between its beginning and its answer; one that was not may have counted at any time
    after it began, or never. (Wing and Gong's search, with what was tried remembered. Of unanswered presses that are
    alike the earliest is taken first, and none that would change nothing is taken.)

    Raises:
        TooMany: there are more orders than can be gone through.
    """
    known, alike = [op for op in ops if op.is_known], _alike(ops)
    begin = (frozenset(range(len(known))), (0,) * len(alike), tuple((n, Question()) for n in reviews))
    tried, todo = {begin}, [begin]
    while todo:
        left, used, card = todo.pop()
        if not left and stands(dict(card)):
            return True
        first_end = min((known[n].ended for n in left), default=math.inf)
        steps = [(left - {n}, used, pressed(card, known[n])) for n in left if known[n].began <= first_end]
        for place, same in enumerate(alike):
            if used[place] < len(same) and same[used[place]].began <= first_end:
                changed = pressed(card, same[used[place]])
                if changed != card:
                    more = tuple(count + (n == place) for n, count in enumerate(used))
                    steps.append((left, more, changed))
        fresh = [step for step in steps if step not in tried]
        tried.update(fresh)
        todo += fresh
        if len(tried) > MOST_TRIED:
            raise TooMany(f"{len(known)} answered presses and {len(ops) - len(known)} others")
    return False


def _alike(ops: Sequence[Op]) -> list[list[Op]]:
    """The presses without an answer, those that are alike together, the earliest first."""
    found: dict[tuple[object, ...], list[Op]] = {}
    for op in sorted((op for op in ops if not op.is_known), key=lambda op: op.began):
        found.setdefault((op.by, op.act, op.reviews), []).append(op)
    return list(found.values())
