"""What travels: JSON objects and the refusals of the Web API."""

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """A refusal as Slack words it: HTTP 200 with ``{"ok": false, "error": code}``.

    `problems` become ``errors`` and ``response_metadata.messages``, as `invalid_blocks` shows them.
    """

    def __init__(self, code: str, *, problems: Sequence[str] = (), **extra: Any) -> None:  # noqa: ANN401 - any JSON
        super().__init__(code)
        self.code = code
        self.problems = tuple(problems)
        self.extra = extra

    def body(self) -> Json:
        """The JSON body of the refusal."""
        body: Json = {"ok": False, "error": self.code, **self.extra}
        if self.problems:
            body["errors"] = list(self.problems)
            body["response_metadata"] = {"messages": [f"[ERROR] {problem}" for problem in self.problems]}
        return body
