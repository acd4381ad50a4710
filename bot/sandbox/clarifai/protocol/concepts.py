"""Concepts, the relations between them and the graphs these belong to."""

from collections.abc import Iterable

from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api.resources_pb2 import Concept
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

from bot.sandbox.clarifai.answers import Refusal, invalid, missing
from bot.sandbox.clarifai.naming import MAIN, Scope, checked_id
from bot.sandbox.clarifai.protocol.call import Area, Call
from bot.sandbox.clarifai.state.paging import page_of


class Concepts(Area):
    def post_concepts(self, call: Call, request: api.PostConceptsRequest) -> api.MultiConceptResponse:
        scope = self.own_app(call)
        if not request.concepts:
            invalid("no concepts")
        with self.platform.database.transaction():
            made = [self._made(scope, wanted) for wanted in request.concepts]
        return api.MultiConceptResponse(concepts=made)

    def get_concept(self, call: Call, request: api.GetConceptRequest) -> api.SingleConceptResponse:
        scope = self.app_scope(call)
        found = self.platform.concept(scope, request.concept_id) or missing("concept", request.concept_id)
        return api.SingleConceptResponse(concept=found)

    def list_concepts(self, call: Call, request: api.ListConceptsRequest) -> api.MultiConceptResponse:
        scope = self.app_scope(call)
        page = page_of(request.page, request.per_page)
        if scope == MAIN or request.id:
            known = self._public() if scope == MAIN else self.platform.concepts.all(scope)
            found = [concept for concept in known if request.id.lower() in concept.id.lower()]
            return api.MultiConceptResponse(concepts=found[page.offset : page.offset + page.limit])
        return api.MultiConceptResponse(concepts=self.platform.concepts.all(scope, page=page))

    def patch_concepts(self, call: Call, request: api.PatchConceptsRequest) -> api.MultiConceptResponse:
        scope = self.own_app(call)
        if request.action != "overwrite":
            invalid(f"action '{request.action}' is not overwrite")
        with self.platform.database.transaction():
            changed = [self._renamed(scope, wanted) for wanted in request.concepts]
        return api.MultiConceptResponse(concepts=changed)

    def post_concepts_searches(self, call: Call, request: api.PostConceptsSearchesRequest) -> api.MultiConceptResponse:
        """The app's concepts, then those of a source; without an app or a source, the public ones.

        Proto and official tests contradict each other about a search without a source: the tests name no app either
        and rely on a public hit, the proto speaks of app concepts. Both hold here.
        """
        query, page = request.concept_query, page_of(request.pagination.page, request.pagination.per_page)
        scope = self.app_scope(call) if call.scope.app else MAIN
        candidates: list[Concept] = []
        if scope != MAIN and not query.ignore_app_concepts:
            candidates += self.platform.concepts.all(scope)
        if query.model.id:
            candidates += self._of_model(scope, query.model.id, query.model.model_version.id)
        elif query.workflow.id or query.workflow_id or scope == MAIN:
            candidates += self._public()
        found = by_name(candidates, query.name)
        return api.MultiConceptResponse(concepts=found[page.offset : page.offset + page.limit])

    def _of_model(self, scope: Scope, identifier: str, version_id: str) -> list[Concept]:
        model = self.platform.model(scope, identifier, version_id)
        if model is None:
            raise Refusal(codes.MODEL_DOES_NOT_EXIST, f"model '{identifier}' does not exist")
        public = self.platform.catalogue.models.get(identifier)
        return list(public.concepts.values() if public else model.output_info.data.concepts)

    def _public(self) -> list[Concept]:
        return list(self.platform.catalogue.concepts.values())

    def _made(self, scope: Scope, wanted: Concept) -> Concept:
        made = Concept()
        made.CopyFrom(wanted)
        identifier = checked_id("concept", wanted.id)
        made.MergeFrom(Concept(id=identifier, name=wanted.name or identifier, app_id=scope.app, user_id=scope.user))
        made.value = 1.0  # what comes back when none was given
        made.language = made.language or "en"
        made.created_at.CopyFrom(self.platform.now())
        if not self.platform.concepts.add(scope, identifier, made):
            raise Refusal(codes.CONCEPTS_INVALID_REQUEST, f"duplicate concept id '{identifier}'")
        return made

    def _renamed(self, scope: Scope, wanted: Concept) -> Concept:
        found = self.platform.concepts.get(scope, wanted.id) or missing("concept", wanted.id)
        found.name = wanted.name or found.name
        self.platform.concepts.replace(scope, wanted.id, found)
        return found


def by_name(concepts: Iterable[Concept], wanted: str) -> list[Concept]:
    """Those whose name holds what is wanted, nearest first: the name itself, its beginning, a word's, any part."""
    needle = wanted.strip().strip("*").lower()
    ranked = []
    for place, concept in enumerate(concepts):
        name = concept.name.lower()
        if needle in name:
            rank = (name != needle, not name.startswith(needle), f" {needle}" not in f" {name}", len(name), place)
            ranked.append((rank, concept))
    return [concept for _, concept in sorted(ranked, key=lambda pair: pair[0])]
