"""Which form does what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.forms import FormKind
from bot.usecases.cutting_form import thresholds_form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.usecases.commanding import Office
    from bot.usecases.forming import FormWork


def form_works(office: Office) -> Mapping[FormKind, FormWork]:
    """Tie each form to what it works with; listeners and jobs have an office each."""
    return {FormKind.THRESHOLDS: thresholds_form(office)}
