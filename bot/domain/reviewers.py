"""What is shown of the people who answer, to those who run a project and to nobody else. It ranks nobody."""

from __future__ import annotations

from dataclasses import dataclass

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86400
_FINE_TO = 2  # units; from twice a unit on it is shown in that one


@dataclass(frozen=True)
class Reviewer:
    """One person's answers.

    `answers` counts final verdicts, those that were taken back later included. `median_s` is from the moment the
    question stood in front of people to the first answer; None where that is not known of any. Of their rejections,
    `looked_at` were seen by another person with a clear answer, who rejected `confirmed` of them too.
    """

    user_id: str
    name: str  # "" where nobody has asked Slack
    answers: int
    median_s: float | None = None
    looked_at: int = 0
    confirmed: int = 0

    def told(self) -> str:
        who = self.name or f"<@{self.user_id}>"
        answers = f"{self.answers:,} answer{'' if self.answers == 1 else 's'}"
        took = "time not known" if self.median_s is None else f"median {shown_duration(self.median_s)}"
        return f"{who}: {answers}, {took}, {self._agreement()}"

    def _agreement(self) -> str:
        if not self.looked_at:
            return "no rejection looked at a second time"
        rejections = "rejection" if self.looked_at == 1 else "rejections"
        return f"{self.confirmed} of {self.looked_at} {rejections} confirmed at a second look"


def shown_duration(seconds: float) -> str:
    """Write a duration for people, in one unit: 90 s, 5 min, 3 h, 4 days."""
    for unit_s, word in ((_DAY_S, "days"), (_HOUR_S, "h"), (_MINUTE_S, "min")):
        if seconds >= _FINE_TO * unit_s:
            return f"{round(seconds / unit_s)} {word}"
    return f"{max(round(seconds), 1)} s"


def alphabetical(reviewers: list[Reviewer]) -> list[Reviewer]:
    """Put people in the order of their names, whatever the case; those without a name come last."""
    return sorted(reviewers, key=lambda one: (not one.name, one.name.casefold(), one.user_id))
