"""Searches over annotations and inputs; a hit carries both, so that a page of a queue costs one call."""

from collections.abc import Sequence

from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api.resources_pb2 import Annotation, Hit, Input, Search

from bot.sandbox.clarifai.answers import invalid
from bot.sandbox.clarifai.naming import Scope
from bot.sandbox.clarifai.platform import Platform
from bot.sandbox.clarifai.protocol.call import Area, Call
from bot.sandbox.clarifai.protocol.inputs import Inputs
from bot.sandbox.clarifai.state.conditions import Condition, all_of, filtered
from bot.sandbox.clarifai.state.paging import Page, page_of


class Searches(Area):
    def __init__(self, platform: Platform, inputs: Inputs) -> None:
        super().__init__(platform)
        self._inputs = inputs

    def post_annotations_searches(
        self, call: Call, request: api.PostAnnotationsSearchesRequest
    ) -> api.MultiSearchResponse:
        """Every annotation that all filters hold for, oldest first."""
        page = call.shifted(page_of(request.pagination.page, request.pagination.per_page))
        scope, wanted = self.app_scope(call), all_of([filtered(part) for part in _only(request.searches).query.filters])
        found = self.platform.annotations.page(scope, wanted, page)
        return api.MultiSearchResponse(hits=self._hits(scope, found))

    def post_inputs_searches(self, call: Call, request: api.PostInputsSearchesRequest) -> api.MultiSearchResponse:
        """Every input that, filter by filter, has an annotation for which it holds."""
        page = call.shifted(page_of(request.pagination.page, request.pagination.per_page))
        scope, filters = self.app_scope(call), _only(request.searches).query.filters
        found = self.platform.inputs.matching(scope, [filtered(part) for part in filters], page)
        return api.MultiSearchResponse(
            hits=[
                Hit(score=1.0, input=self._inputs.shown(scope, one), annotation=self._whole(scope, one))
                for one in found
            ]
        )

    def _whole(self, scope: Scope, found: Input) -> Annotation:
        """The annotation of the whole input that every input has."""
        wanted = Condition("a.input_level = 1 AND a.input_id = ?", (found.id,))
        return self.platform.annotations.page(scope, wanted, Page(1, 0))[0]

    def _hits(self, scope: Scope, found: list[Annotation]) -> list[Hit]:
        """The annotations with their inputs, read together."""
        ids = sorted({annotation.input_id for annotation in found})
        inputs: dict[str, Input] = {}
        for start in range(0, len(ids), 500):
            for one in self.platform.inputs.page(scope, Page(-1, 0), ids=ids[start : start + 500]):
                inputs[one.id] = self._inputs.shown(scope, one)
        return [
            Hit(
                score=1.0,
                input=inputs[annotation.input_id],
                annotation=annotation,
                user_id=scope.user,
                app_id=scope.app,
            )
            for annotation in found
        ]


def _only(searches: Sequence[Search]) -> Search:
    if len(searches) != 1:
        invalid(f"a request carries one search, not {len(searches)}")
    if searches[0].query.ranks or searches[0].query.ands:
        invalid("ranked searches are not built, filters are")
    return searches[0]
