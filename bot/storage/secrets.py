"""Secrets at rest: sealed with the keys of BOT_KEYS, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.domain.errors import BotError

if TYPE_CHECKING:
    from collections.abc import Sequence


_TYPED = "|typed into a form|"


class CannotUnseal(BotError):
    """A stored secret was sealed with a key that is not in BOT_KEYS, or for something else."""


class Sealer:
    """Seals and opens short secrets. `what` names tenant and kind ("T1|clarifai-key|") and is sealed along.

    A secret that was copied into another row does not open there.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    @staticmethod
    def new_key() -> str:
        """Make a key: 44 characters, url-safe base64."""
        return Fernet.generate_key().decode()

    def seal(self, what: str, secret: str) -> bytes:
        return self._fernet.encrypt((what + secret).encode())

    def seal_text(self, secret: str) -> str:
        """Seal what somebody typed into a form, as text."""
        return self.seal(_TYPED, secret).decode()

    def open_text(self, sealed: str) -> str:
        return self.open(_TYPED, sealed.encode())

    def open(self, what: str, sealed: bytes) -> str:
        """Return the secret.

        Raises:
            CannotUnseal: none of the keys fits, or it was sealed as something else.
        """
        try:
            plain = self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise CannotUnseal(
                "A stored secret cannot be opened with the keys in BOT_KEYS. Put the key it was sealed with back "
                "into BOT_KEYS, behind the newest one."
            ) from None
        if not plain.startswith(what):
            raise CannotUnseal(f"A stored secret was not sealed as {what!r}.")
        return plain.removeprefix(what)
