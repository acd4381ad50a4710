"""What Slack and the wire say when something fails, translated in one place."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import traceback
import urllib.error
from contextlib import contextmanager
from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.domain.errors import ChatInDoubt, ChatRefused, ChatUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slack_sdk.web.slack_response import SlackResponse

T = TypeVar("T")


class Fate(Enum):
    """What became of a call that failed."""

    NOT_DONE = "not done"  # it never counted; later it may go through
    UNKNOWN = "unknown"  # sent, and the answer was lost or says nothing
    REFUSED = "refused"  # never like this


# The one table. Slack's own words first, then what the wire raises, the more special before the more general.
_BY_WORD = {
    "ratelimited": Fate.NOT_DONE,
    "rate_limited": Fate.NOT_DONE,
    "message_limit_exceeded": Fate.NOT_DONE,
    "request_timeout": Fate.NOT_DONE,  # "missing data": the request did not arrive whole
    "service_unavailable": Fate.NOT_DONE,
    "team_added_to_org": Fate.NOT_DONE,  # the workspace is being moved
    "internal_error": Fate.UNKNOWN,  # Slack: "some aspect of the operation may have succeeded"
    "fatal_error": Fate.UNKNOWN,
}
_BY_FAILURE: tuple[tuple[type[Exception], Fate], ...] = (
    (ConnectionRefusedError, Fate.NOT_DONE),
    (socket.gaierror, Fate.NOT_DONE),  # no such host
    (ssl.SSLError, Fate.NOT_DONE),
    (OSError, Fate.UNKNOWN),  # timeouts, resets
    (http.client.HTTPException, Fate.UNKNOWN),  # half an answer
    (SlackRequestError, Fate.UNKNOWN),
    (ValueError, Fate.UNKNOWN),  # an answer that is no text
)
FAILURES: tuple[type[Exception], ...] = tuple(kind for kind, _ in _BY_FAILURE)

_SLACKS_WORD = re.compile(r"[a-z0-9_]+(:[a-z0-9_]+)?")
_WAIT_S = 1.0  # Slack's limits are per second or minute; used where it does not say how long


@contextmanager
def told(call: str, *, repeatable: bool = True) -> Iterator[None]:
    """Run a call to Slack and raise ChatError only; `call` names it in the message.

    A call whose fate is unknown is *unavailable* when repeating it is harmless, else *in doubt*.
    """
    try:
        yield
    except SlackApiError as answer:
        _raise(call, *_judge(answer), repeatable=repeatable, cause=answer)
    except FAILURES as failure:
        # slack_sdk leaves the response in a circle of frames; without this its socket stays open until a collection.
        traceback.clear_frames(failure.__traceback__)
        cause = _innermost(failure)
        fate = next((f for kind, f in _BY_FAILURE if isinstance(cause, kind)), Fate.UNKNOWN)
        _raise(call, fate, type(cause).__name__, 0.0, repeatable=repeatable, cause=failure)


def _innermost(failure: BaseException) -> BaseException:
    """Unwrap what urllib wraps: its own error says less than the reason inside."""
    if isinstance(failure, urllib.error.HTTPError):
        failure.close()  # it holds the connection open
    reason = getattr(failure, "reason", None)
    return reason if isinstance(reason, BaseException) else failure


def answered(answer: SlackResponse, key: str, kind: type[T]) -> T:
    """Return one field of an answer.

    Raises:
        ValueError: it is missing or of another kind: only half of an answer arrived. `told` translates it.
    """
    value = answer.get(key)
    if not isinstance(value, kind) or not value:
        raise ValueError(f"the answer has no {key}")
    return value


def _judge(answer: SlackApiError) -> tuple[Fate, str, float]:
    """Return the fate, Slack's word or the HTTP status, and how many seconds to wait."""
    response: Any = answer.response
    status, data = response.status_code, response.data
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Fate.NOT_DONE, "ratelimited", _wait_s(response.headers)
    word = data.get("error", "") if isinstance(data, dict) else ""
    if not isinstance(word, str) or not _SLACKS_WORD.fullmatch(word):
        lost = status < HTTPStatus.BAD_REQUEST or status >= HTTPStatus.INTERNAL_SERVER_ERROR
        return Fate.UNKNOWN if lost else Fate.NOT_DONE, f"HTTP {status}", 0.0
    fate = _BY_WORD.get(word, Fate.REFUSED)
    return fate, word, _wait_s(response.headers) if fate is Fate.NOT_DONE else 0.0


def _wait_s(headers: dict[str, str]) -> float:
    said = next((v for k, v in headers.items() if k.lower() == "retry-after"), "")
    return float(said) if re.fullmatch(r"\d{1,6}(\.\d+)?", said) else _WAIT_S


def _raise(call: str, fate: Fate, word: str, wait_s: float, *, repeatable: bool, cause: BaseException) -> NoReturn:
    if fate is Fate.REFUSED:
        raise ChatRefused(word, f"Slack refuses {call}: {word}") from cause
    if fate is Fate.UNKNOWN and not repeatable:
        raise ChatInDoubt(f"nobody knows whether {call} was done: {word}") from cause
    raise ChatUnavailable(f"Slack did not do {call}: {word}", retry_after_s=wait_s) from cause
