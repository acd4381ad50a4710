"""Which form does what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.forms import FormKind
from bot.usecases.cutting_form import thresholds_form
from bot.usecases.reviewing import review_form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.usecases.commanding import Office
    from bot.usecases.forming import FormWork
    from bot.usecases.reviewing import SessionDesk


def form_works(office: Office, sessions: SessionDesk) -> Mapping[FormKind, FormWork]:
    """Tie each form to what it works with; listeners and jobs have an office each."""
    return {FormKind.THRESHOLDS: thresholds_form(office), FormKind.REVIEW: review_form(sessions)}
