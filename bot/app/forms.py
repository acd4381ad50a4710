"""Which form does what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.forms import FormKind
from bot.usecases.cutting_form import thresholds_form
from bot.usecases.setting_up_form import SetUpDesk, set_up_form

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.clarifai import ClarifaiAccount
    from bot.settings import Settings
    from bot.usecases.commanding import Office
    from bot.usecases.forming import FormWork
    from bot.usecases.setting_up_form import Safe, Words

ME = "me"  # Clarifai's alias of a key's owner


class ClarifaiRegistry:
    """Implements `usecases.setting_up_form.Registry`."""

    def __init__(self, clarifai: ClarifaiAccount, settings: Settings) -> None:
        self._clarifai = clarifai
        self._settings = settings

    def owner_of(self, key: str) -> str:
        return self._clarifai.platform(ME, "", key).prove_ownership()

    def vocabulary(self, key: str) -> Iterator[Sequence[str]]:
        return self._clarifai.platform(ME, "", key or self._settings.clarifai_pat).words()


def form_works(office: Office, registry: ClarifaiRegistry, words: Words, safe: Safe) -> Mapping[FormKind, FormWork]:
    """Tie each form to what it works with; listeners and jobs have an office each."""
    return {
        FormKind.SET_UP: set_up_form(office, SetUpDesk(registry, words, safe)),
        FormKind.THRESHOLDS: thresholds_form(office),
    }
