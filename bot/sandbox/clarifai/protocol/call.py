"""Who asks, about whose app, and what a handler may check about it."""

from collections.abc import Callable
from dataclasses import dataclass

from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

from bot.sandbox.clarifai.answers import Refusal
from bot.sandbox.clarifai.naming import MAIN, Scope
from bot.sandbox.clarifai.platform import Platform
from bot.sandbox.clarifai.state.paging import Page


@dataclass(frozen=True)
class Call:
    caller: str
    scope: Scope
    check_item: Callable[[str], None]
    take_shift: Callable[[], int]

    @property
    def is_owner(self) -> bool:
        return self.caller == self.scope.user

    def shifted(self, page: Page) -> Page:
        """The page as it is where a fault has rows before it come or go."""
        return Page(page.limit, max(0, page.offset + self.take_shift())) if page.offset else page

    def require_owner(self, doing: str) -> None:
        if not self.is_owner:
            raise Refusal(codes.CONN_INSUFFICIENT_SCOPES, f"only the owner may {doing}")


class Area:
    """A part of the API: it answers the RPCs that it has a method for, named in snake case."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def app_scope(self, call: Call) -> Scope:
        """The app a request is about.

        Raises:
            Refusal: it does not exist.
        """
        if call.scope != MAIN:
            self.platform.app(call.scope)
        return call.scope

    def own_app(self, call: Call) -> Scope:
        """As `app_scope`, for changes: the public app takes none."""
        if call.scope == MAIN:
            raise Refusal(codes.CONN_INSUFFICIENT_SCOPES, "clarifai/main cannot be changed")
        return self.app_scope(call)
