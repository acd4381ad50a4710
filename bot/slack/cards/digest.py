"""The digest: what was labelled, how right it was and what it cost, read in ten seconds. It names no people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.projects import ProjectState
from bot.slack.cards.message import Message, paragraphs, section
from bot.slack.text import channel, moment, mrkdwn

if TYPE_CHECKING:
    import datetime as dt

    from bot.domain.digests import DigestFigures
    from bot.domain.views import DigestView


def digest(view: DigestView) -> Message:
    """Draw a digest; one that somebody asked for has no local date and says since when it counts."""
    figures = view.figures
    title = f"Digest of {_day(view.local_date)}" if view.local_date else "Digest so far"
    lines = [
        f"Uploaded: {_count(figures.uploaded, 'image')}",
        f"Labelled automatically: {_count(figures.labelled, 'label')}",
        f"Reviewed: {figures.approved} approved, {figures.rejected} rejected, {figures.not_sure} not sure",
        _waiting(figures),
        *_accuracy(figures),
        *_cost(figures),
    ]
    about = f" of {channel(view.about_channel)}" if view.about_channel else ""
    blocks = [section(f"*{title}*{about}\n{_period(view)}"), *paragraphs(lines)]
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
    """Name the concept that did worst among the checked automatic labels: "man: 1 of 5 was wrong"."""
    if not figures.checked:
        return []
    worst = figures.worst
    if not worst or not worst.wrong:
        return [f"Checked automatic labels: {figures.checked}, none was wrong"]
    verb = "was" if worst.wrong == 1 else "were"
    of_worst = f"{mrkdwn(worst.name, 64)}: {worst.wrong} of {worst.checked} {verb} wrong"
    return [f"Checked automatic labels: {figures.checked}. Worst is {of_worst}"]


def _cost(figures: DigestFigures) -> list[str]:
    share = figures.share_for_people
    return [] if share is None else [f"Needed a person: {100 * share:.0f} % of the model's suggestions"]


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
