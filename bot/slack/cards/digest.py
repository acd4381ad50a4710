"""The digest: what was labelled, how right it was and what it cost, read in ten seconds. It names no people."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from bot.domain.curves import percent
from bot.domain.digests import in_words
from bot.domain.projects import ProjectState
from bot.domain.thresholds import shown
from bot.slack.cards.message import Message, actions, paragraphs, section
from bot.slack.cards.note import buttons_of
from bot.slack.text import channel, moment, mrkdwn

if TYPE_CHECKING:
    import datetime as dt

    from bot.domain.digests import DigestFigures, Proven, Worst
    from bot.domain.views import DigestView

MOST_NAMED = 20  # concepts


def digest(view: DigestView) -> Message:
    """Draw a digest; one that somebody asked for has no local date and says since when it counts."""
    figures = view.figures
    title = f"Digest of {_day(view.local_date)}" if view.local_date else "Digest so far"
    lines = [
        f"Uploaded: {_count(figures.uploaded, 'image')}",
        f"Labelled automatically: {_count(figures.labelled, 'label')}",
        f"Reviewed: {figures.approved} approved, {figures.rejected} rejected, {figures.not_sure} not sure",
        _waiting(figures),
        *_alarms(figures),
        *_accuracy(figures),
        *_cost(figures),
        *_proofs(figures),
        *_agreement(figures),
    ]
    about = f" of {channel(view.about_channel)}" if view.about_channel else ""
    blocks = [section(f"*{title}*{about}\n{_period(view)}"), *paragraphs(lines)]
    if view.offers:
        blocks.append(actions(buttons_of(view.offers)))
    remarks = _remarks(view)
    if remarks:
        blocks.append(section("\n".join(remarks)))
    text = f"{title}: {lines[0].lower()}, {lines[1].lower()}, {_count(figures.waiting, 'question')} waiting"
    return Message(text, blocks)


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _day(date: dt.date) -> str:
    return f"{date.day} {date:%B}"


def _period(view: DigestView) -> str:
    return f"From {moment(view.since)} to {moment(view.until)}"


def _waiting(figures: DigestFigures) -> str:
    oldest = f", the oldest since {moment(figures.oldest_waiting)}" if figures.oldest_waiting else ""
    parked = f"; {_count(figures.parked, 'question')} set aside because nobody was sure" if figures.parked else ""
    return f"Waiting for people: {_count(figures.waiting, 'question')}{oldest if figures.waiting else ''}{parked}"


def _accuracy(figures: DigestFigures) -> list[str]:
    """Name the concept that did worst among the checked automatic labels: "man: 1 of 5 was wrong".

    Where another one has the worst number among those with enough checks, it is named as well.
    """
    if not figures.checked:
        return []
    worst = figures.worst
    if not worst or not worst.wrong:
        return [f"Checked automatic labels: {figures.checked}, none was wrong"]
    said = [f"Checked automatic labels: {figures.checked}. Worst is {_wrong(worst)}"]
    doubtful = figures.doubtful
    return said if doubtful is None or doubtful.name == worst.name else [*said, f"Also bad is {_wrong(doubtful)}"]


def _wrong(one: Worst) -> str:
    return f"{mrkdwn(one.name, 64)}: {one.wrong} of {one.checked} {'was' if one.wrong == 1 else 'were'} wrong"


def _alarms(figures: DigestFigures) -> list[str]:
    names = ", ".join(mrkdwn(name, 64) for name in figures.alarms[:MOST_NAMED])
    return [f"Switched off because checks went bad: {names}"] if names else []


def _cost(figures: DigestFigures) -> list[str]:
    """Say how much work was left: "1 in 3 of the model's suggestions still needed a person (33%, ...)"."""
    share = figures.share_for_people
    if share is None:
        return []
    counted = "checks not counted" if figures.for_people is None else "checks included"
    how_many = in_words(share).capitalize()
    return [f"{how_many} of the model's suggestions still needed a person ({percent(share)}, {counted})"]


def _proofs(figures: DigestFigures) -> list[str]:
    lines = [_proof(one) for one in figures.proven[:MOST_NAMED]]
    more = len(figures.proven) - len(lines)
    return [*lines, f"\u2026 and {more} more concepts"] if more else lines


def _proof(one: Proven) -> str:
    name = mrkdwn(one.name, 64)
    if one.is_off:
        return f"{name}: off, nothing is accepted automatically"
    if one.at_least is not None:
        return f"{name}: proven, at least {floor(100 * one.at_least)}% right (95% sure)"
    if one.recommended is not None:
        return f"{name}: not proven where it is now; {shown(one.recommended)} is: `/annotate-thresholds`"
    if not one.checks:
        return f"{name}: not proven, no checks yet"
    if one.needed is None:
        return f"{name}: not proven after {_count(one.checks, 'check')}, too much is wrong"
    return f"{name}: not proven yet, {one.checks:,} of about {one.needed:,} checks"


def _agreement(figures: DigestFigures) -> list[str]:
    """Say how often a second person agreed; of few answers only the numbers tell."""
    looks = figures.second_looks
    if looks is None or not looks.answered:
        return []
    said = f"Second looks so far: {looks.confirmed} of {looks.answered} agreed with the first answer"
    clear = looks.confirmed + looks.overturned
    if not clear:
        return [said]
    share = percent(looks.confirmed / clear)
    return [f"{said}; of {_count(clear, 'rejection')} with a clear second answer {share} were confirmed"]


def _remarks(view: DigestView) -> list[str]:
    said = []
    if view.state is ProjectState.PAUSED:
        said.append("This channel is paused: no images are taken in and no cards are posted.")
    if view.late:
        said.append("This digest comes late.")
    if view.missed:
        days = ", ".join(_day(d) for d in view.missed[:10])
        more = f" and {len(view.missed) - 10} more days" if len(view.missed) > 10 else ""  # noqa: PLR2004 - ten days are readable
        said.append(f"There was no digest on {days}{more}.")
    return said
