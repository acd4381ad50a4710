"""Everything that can go wrong, as one small tree.

BotError
├── Refused              a person asked for something we will not do; the message says why and what to do next
│   ├── NotAllowed       somebody else may; the message names who
│   └── NotAPhotograph   a file that cannot become an Input
├── PlatformError        Clarifai
│   ├── PlatformUnavailable   later; the same call may go through
│   └── PlatformRefused       never like this; ask somebody
│       ├── WrongKey          the key is unknown, expired or not the owner's
│       ├── NotFound          the thing is not there (any more)
│       └── AlreadyExists     a thing of this id stands already
├── ChatError            Slack
│   ├── ChatUnavailable       later; the same call may go through
│   ├── ChatInDoubt           the call was sent and nobody knows whether it arrived
│   └── ChatRefused           never like this
└── StoreUnavailable     our own database cannot be asked
"""

from __future__ import annotations


class BotError(Exception):
    """What the bot raises on purpose."""


class Refused(BotError):
    """A person asked for something we will not do; the message is shown to them as it stands."""


class NotAllowed(Refused):
    """The person may not do this; the message names who can."""


class NotAPhotograph(Refused):
    """A file that cannot become an Input; the message completes "<name> ..." (is empty, is larger than 20 MB)."""


class PlatformError(BotError):
    """Clarifai did not do what was asked."""


class PlatformUnavailable(PlatformError):
    """Clarifai cannot be reached or is busy: keep the work and try again after `retry_after_s` seconds."""

    def __init__(self, message: str, *, retry_after_s: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class PlatformRefused(PlatformError):
    """Clarifai will not do this however often it is asked; `code` is Clarifai's status code, 0 when there is none."""

    def __init__(self, message: str, *, code: int = 0) -> None:
        super().__init__(message)
        self.code = code


class WrongKey(PlatformRefused):
    """The access key is unknown, expired, or belongs to somebody other than the app's owner."""


class NotFound(PlatformRefused):
    """What was asked for is not there, or no longer."""


class AlreadyExists(PlatformRefused):
    """A thing of this id stands already."""


class ChatError(BotError):
    """Slack did not do what was asked."""


class ChatUnavailable(ChatError):
    """Slack cannot be reached or asks to wait `retry_after_s` seconds; nothing was done."""

    def __init__(self, message: str, *, retry_after_s: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class ChatInDoubt(ChatError):
    """The call was sent and its answer was lost: it may or may not have been done."""


class ChatRefused(ChatError):
    """Slack will not do this; `error` is Slack's name for the reason."""

    def __init__(self, error: str, message: str | None = None) -> None:
        super().__init__(message or error)
        self.error = error


class StoreUnavailable(BotError):
    """Our own database cannot be asked; the message says why."""
