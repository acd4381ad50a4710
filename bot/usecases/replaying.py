"""What a threshold would have done to a project's own past, and what is proven there. Nothing is changed by looking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.domain.checks import SHARE_AFTER, cost_of_checks
from bot.domain.thresholds import exact, narrow, share_shown, shown
from bot.domain.views import NoteView, Offer, ShownPicture
from bot.usecases.own_mistakes import COMMAND
from bot.usecases.proving import NOT_PROVEN, SURE, band_said, rounded

if TYPE_CHECKING:
    import datetime as dt

    from bot.domain.thresholds import Band, ConceptThreshold

WARNING = "\u26a0"
TRY_ANOTHER, KEEP = "=try-another", "=keep"  # lines of buttons; no concept has such a name


@dataclass(frozen=True)
class Example:
    """A picture whose value lies next to a cut; nothing is asked about it. `verdict` is "" where nobody looked."""

    name: str
    file_id: str
    value: float
    verdict: str


@dataclass(frozen=True)
class Replay:
    """One concept's predictions of the model and mapper in force, under another cut.

    Attributes:
        predictions: all there are; what the floor dropped is not among them.
        accepted: of these at or above the new accept; `accepted_now`: at or above the one in force.
        reviewed: of these from the new floor up to the new accept.
        moved_a_week: how many a week lie between both accepts.
        probed: pictures that were read in full; `discarded` of them lie below the new floor.
        band: what the checks show at or above the new accept.
        is_proven: exactly the new accept was tested and found to keep the target.
    """

    predictions: int
    accepted: int
    accepted_now: int
    reviewed: int
    moved_a_week: float
    probed: int
    discarded: int
    band: Band
    is_proven: bool
    examples: tuple[Example, ...] = ()


class Replays(Protocol):
    """The project's own past."""

    def replay(
        self, project_id: str, old: ConceptThreshold, new: ConceptThreshold, *, now: dt.datetime
    ) -> Replay | None:
        """Put `new` in the place of `old`; None as long as there is no prediction."""

    def accepted_a_day(self, project_id: str, cut: ConceptThreshold, *, now: dt.datetime) -> float:
        """How many predictions of the last seven days reach the accept cut, a day."""


def preview(name: str, old: ConceptThreshold, new: ConceptThreshold, replay: Replay | None) -> NoteView:
    """Say what `new` would have done, and offer to use it."""
    if replay is None:
        return NoteView((f"There are no predictions of {name} yet that {shown(new.accept)} could be tried on.",))
    lines = (
        f"{name} at {rounded(new.accept)} (now {rounded(old.accept)}), on {replay.predictions:,} predictions so far:",
        f"accepted: {_of(replay.accepted, replay)}, now {_of(replay.accepted_now, replay)}",
        f"brought to people: {_of(replay.reviewed, replay)}",
        _discarded(new, replay),
        saved(old, new, replay),
        proven_there(new, replay),
        *(("The pictures nearest to it:",) if replay.examples else ()),
    )
    return NoteView(lines, tuple(_shown(example) for example in replay.examples), _offers(name, old, new, replay))


def _of(count: int, replay: Replay) -> str:
    return f"{count:,} ({share_shown(round(count / replay.predictions, 3))})"


def _discarded(new: ConceptThreshold, replay: Replay) -> str:
    below = f"discarded (below {shown(new.floor)})"
    if not replay.probed:
        return f"{below}: unknown, no picture was read in full yet"
    share = share_shown(round(replay.discarded / replay.probed, 3))
    pictures = "picture that was" if replay.probed == 1 else f"{replay.probed:,} pictures that were"
    return f"{below}: {replay.discarded:,} of the {pictures} read in full ({share})"


def saved(old: ConceptThreshold, new: ConceptThreshold, replay: Replay) -> str:
    """Say how many reviews a week it saves or costs, once the first 300 are answered; checks go on either way."""
    checked = new.checks if replay.is_proven else max(SHARE_AFTER, new.checks)
    moved = round(replay.moved_a_week * (1 - checked))
    if not moved or narrow(old.accept) == narrow(new.accept):
        return "reviews a week: as many as now"
    return f"reviews a week: about {moved:,} {'fewer' if new.accept < old.accept else 'more'} than now"


def proven_there(new: ConceptThreshold, replay: Replay) -> str:
    """Say what the checks show at or above the new accept."""
    if replay.is_proven:
        return f"proven: at least {share_shown(new.target)} right ({SURE}); {band_said(replay.band)}"
    return f"{WARNING} allowed, but {NOT_PROVEN} to be {share_shown(new.target)} right: {band_said(replay.band)}"


def _shown(example: Example) -> ShownPicture:
    said = {"approve": "approved", "reject": "rejected", "unsure": "set aside"}.get(example.verdict, "nobody looked")
    line = f"{example.name}: the model said {shown(round(example.value, 4))}; {said}"
    return ShownPicture(example.name, (line,), example.file_id)


def _offers(name: str, old: ConceptThreshold, new: ConceptThreshold, replay: Replay) -> tuple[Offer, ...]:
    another = Offer("Try another", f"{TRY_ANOTHER} {name}", COMMAND)
    if (new.accept, new.floor) == (old.accept, old.floor):
        return (another,)
    floor = f"{exact(new.floor)}.." if new.floor != old.floor else ""
    use = Offer("Use it", f"{name} {floor}{exact(new.accept)}", COMMAND, "" if replay.is_proven else _ask(name, new))
    return (use, another, Offer(f"Keep {rounded(old.accept)}", f"{KEEP} {name}", COMMAND))


def _ask(name: str, new: ConceptThreshold) -> str:
    return (
        f"{name} at {rounded(new.accept)} is {NOT_PROVEN} to be {share_shown(new.target)} right. Its labels would be "
        "accepted all the same, and the channel is told that it was you."
    )


def cost_said(cut: ConceptThreshold, name: str, accepted_a_day: float) -> str:
    """Say what the share of checks costs once the threshold is proven, and how long a drift would go unnoticed."""
    cost = cost_of_checks(cut.checks, accepted_a_day, cut.target)
    a_week = round(cost.clicks_a_week)
    clicks = f"{name}: {share_shown(cut.checks)} of the automatic labels, once proven: about {a_week:,} "
    clicks += f"click{'' if a_week == 1 else 's'} a week at this pace."
    jump = f"four times as many errors as {share_shown(round(1 - cut.target, 9))}"
    if cost.unnoticed_checks is None:
        return f"{clicks} A jump to {jump} might never be noticed."
    if cost.unnoticed_days is None:
        return f"{clicks} A jump to {jump} would be noticed after about {cost.unnoticed_checks:,} checks."
    days = f"{cost.unnoticed_days:,} day{'' if cost.unnoticed_days == 1 else 's'}"
    return f"{clicks} A jump to {jump} would go unnoticed for about {days} ({cost.unnoticed_checks:,} checks)."
