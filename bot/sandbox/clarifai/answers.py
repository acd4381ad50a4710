"""How the platform says yes and no: failures are ordinary replies whose status carries a code."""

from collections.abc import Sequence
from typing import Literal, NoReturn

from clarifai_grpc.grpc.api.status import status_code_pb2 as codes
from clarifai_grpc.grpc.api.status.status_pb2 import Status

Code = int  # a StatusCode of the proto
NAMES: dict[int, str] = {number: name for name, number in codes.StatusCode.items()}

DESCRIPTIONS: dict[int, str] = {
    codes.SUCCESS: "Ok",
    codes.MIXED_STATUS: "Mixed Success",
    codes.FAILURE: "Failure",
    codes.CONN_THROTTLED: "Making too many requests",
    codes.CONN_INSUFFICIENT_SCOPES: "Insufficient scopes",
    codes.CONN_KEY_INVALID: "Invalid API key or Invalid API key/application pair",
    codes.CONN_DOES_NOT_EXIST: "Resource does not exist",
    codes.CONN_INVALID_REQUEST: "Invalid request",
    codes.CONCEPTS_INVALID_REQUEST: "Invalid request",
    codes.DATABASE_DUPLICATE_KEY: "Object has a duplicate ID",
    codes.INPUT_SUCCESS: "Download complete",
    codes.INPUT_PENDING: "Download pending",
    codes.INPUT_IN_PROGRESS: "Download in progress",
    codes.INPUT_FAILED: "Download failed",
    codes.INPUT_DUPLICATE: "Duplicate URL",
    codes.MODEL_TRAINED: "Model trained successfully",
    codes.MODEL_DOES_NOT_EXIST: "Model does not exist",
    codes.WORKFLOW_DUPLICATE: "Duplicate workflow",
    codes.WORKFLOW_INVALID_GRAPH: "Invalid workflow graph",
}


class Refusal(Exception):
    """The platform says no; becomes the status of the reply, or of one item of a bulk reply."""

    def __init__(self, code: Code, details: str = "") -> None:
        super().__init__(f"{code}: {details}")
        self.code = code
        self.details = details

    def status(self) -> Status:
        return status(self.code, self.details)


def status(code: Code, details: str = "") -> Status:
    described = DESCRIPTIONS.get(code) or NAMES.get(code, f"Status_{code}").replace("_", " ").capitalize()
    return Status(code=code, description=described, details=details)


def missing(what: str, identifier: str) -> NoReturn:
    raise Refusal(codes.CONN_DOES_NOT_EXIST, f"{what} '{identifier}' does not exist")


def invalid(details: str) -> NoReturn:
    raise Refusal(codes.CONN_INVALID_REQUEST, details)


def duplicate(what: str, identifier: str, code: str) -> NoReturn:
    raise Refusal(int(code), f"duplicate {what} id '{identifier}'")


def overall(refused: Sequence[bool], all_failed: Literal["FAILURE", "MIXED"]) -> Status:
    """The status over a bulk call, given which of its items were refused."""
    if not any(refused):
        return status(codes.SUCCESS)
    if all(refused) and all_failed == "FAILURE":
        return status(codes.FAILURE)
    return status(codes.MIXED_STATUS)
