"""What each way of failing means to us: one table over gRPC's codes and Clarifai's status codes.

Clarifai mostly answers gRPC-OK with a failure in ``status.code``; gRPC's own codes mean that the transport failed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

import grpc
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode as Code

from bot.domain.errors import AlreadyExists, NotFound, PlatformError, PlatformRefused, PlatformUnavailable, WrongKey

if TYPE_CHECKING:
    from clarifai_grpc.grpc.api.status.status_pb2 import Status


class Repeat(Enum):
    """When the same request may be sent again at once."""

    ALWAYS = "refused before anything was done"
    IF_REPEATABLE = "may have been done: only where doing it twice is harmless"
    NEVER = "the answer will not change soon"


@dataclass(frozen=True)
class Reaction:
    """The error a code becomes, whether to repeat, and how long to wait at least (0 = our own back-off)."""

    error: type[PlatformError]
    repeat: Repeat = Repeat.NEVER
    wait_s: float = 0.0


THROTTLE_S: Final = 15.0  # Clarifai's advice after 11005; its own tests wait as long for a cold model
CLOSED_S: Final = 900.0  # hourly limit and maintenance end in hours; asking four times an hour is enough

BUSY = Reaction(PlatformUnavailable, Repeat.ALWAYS)
DOUBTFUL = Reaction(PlatformUnavailable, Repeat.IF_REPEATABLE)
THROTTLED = Reaction(PlatformUnavailable, Repeat.NEVER, THROTTLE_S)
COLD = Reaction(PlatformUnavailable, Repeat.ALWAYS, THROTTLE_S)
CLOSED = Reaction(PlatformUnavailable, Repeat.NEVER, CLOSED_S)
EXISTS = Reaction(AlreadyExists)
KEY = Reaction(WrongKey)
GONE = Reaction(NotFound)
REFUSED = Reaction(PlatformRefused)

_ROWS: Final[dict[Reaction, tuple[int | grpc.StatusCode, ...]]] = {
    BUSY: (
        Code.TRY_AGAIN,
        Code.RPC_REQUEST_QUEUE_FULL,
        Code.MODEL_BUSY_PLEASE_RETRY,
        Code.DATABASE_FAIL_TO_GET_CONNECTIONS,
        Code.DATABASE_TOO_MANY_CLIENTS,
        Code.INTERNAL_REDIS_UNAVAILABLE,
        Code.INTERNAL_RESOURCE_EXHAUSTED,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
    ),
    DOUBTFUL: (
        Code.RPC_SERVER_UNAVAILABLE,
        Code.RPC_REQUEST_TIMEOUT,
        Code.DATABASE_STATEMENT_TIMEOUT,
        Code.DATABASE_DEADLOCK_DETECTED,
        *range(Code.QUEUE_CONN_ERROR, Code.QUEUE_SUBSCRIPTION_ERROR + 1),
        Code.INTERNAL_SERVER_ISSUE,
        Code.INTERNAL_FETCHING_ISSUE,
        Code.INTERNAL_DATABASE_ISSUE,
        Code.INTERNAL_CONTEXT_CANCELED,
        Code.INTERNAL_UNEXPECTED_TIMEOUT,
        Code.INTERNAL_UNCATEGORIZED,
        Code.ANNOTATION_FAILED,  # says that it went wrong and not why; what is refused for good has codes of its own
        Code.ANNOTATION_MODIFY_FAILED,
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.ABORTED,
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.CANCELLED,
        grpc.StatusCode.UNKNOWN,
    ),
    THROTTLED: (Code.CONN_THROTTLED,),
    COLD: (Code.MODEL_DEPLOYING, Code.MODEL_QUEUED_FOR_DEPLOYMENT, Code.MODEL_LOADING),
    CLOSED: (
        Code.CONN_EXCEED_HOURLY_LIMIT,
        Code.REQUEST_DISABLED_FOR_MAINTENANCE,
        Code.INPUT_WRITES_DISABLED_FOR_MAINTENANCE,
    ),
    EXISTS: (
        Code.DATABASE_DUPLICATE_KEY,
        Code.WORKFLOW_DUPLICATE,
        Code.INPUT_DUPLICATE,
        grpc.StatusCode.ALREADY_EXISTS,
    ),
    KEY: (
        Code.CONN_TOKEN_INVALID,
        Code.CONN_CREDENTIALS_INVALID,
        Code.CONN_INSUFFICIENT_SCOPES,
        Code.CONN_KEY_INVALID,
        Code.CONN_KEY_NOT_FOUND,
        Code.CONN_AUTH_METHOD_DISABLED,
        grpc.StatusCode.UNAUTHENTICATED,
        grpc.StatusCode.PERMISSION_DENIED,
    ),
    GONE: (
        Code.CONN_DOES_NOT_EXIST,
        Code.MODEL_DOES_NOT_EXIST,
        Code.WORKFLOW_DOES_NOT_EXIST,
        Code.INPUT_DOES_NOT_EXIST,
        grpc.StatusCode.NOT_FOUND,
    ),
}
REACTIONS: Final = {code: reaction for reaction, codes in _ROWS.items() for code in codes}


def reaction_to_status(status: Status) -> Reaction:
    """Look a failed status up; a code the table does not name is permanent.

    40003 serves for invalid concepts and for duplicates alike, and only its text tells which
    (reference: the official test of concepts).
    """
    if status.code == Code.CONCEPTS_INVALID_REQUEST and "duplicate" in f"{status.description} {status.details}".lower():
        return EXISTS
    return REACTIONS.get(status.code, REFUSED)


def reaction_to_transport(code: grpc.StatusCode, details: str) -> Reaction:
    """Look a gRPC failure up; a message over the size limit will not shrink by sending it again."""
    if code is grpc.StatusCode.RESOURCE_EXHAUSTED and "larger than max" in details.lower():
        return REFUSED
    return REACTIONS.get(code, REFUSED)


def error_for(reaction: Reaction, message: str, code: int) -> PlatformError:
    """Make the error that `reaction` names; `code` is Clarifai's, 0 when the transport failed."""
    if issubclass(reaction.error, PlatformRefused):
        return reaction.error(message, code=code)
    return PlatformUnavailable(message, retry_after_s=reaction.wait_s)
