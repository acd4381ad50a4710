"""Relations between concepts and the knowledge graphs they belong to."""

from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api.resources_pb2 import Concept, ConceptRelation, KnowledgeGraph
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes
from clarifai_grpc.grpc.api.status.status_pb2 import BaseResponse

from bot.sandbox.clarifai.answers import Refusal, duplicate, invalid, missing
from bot.sandbox.clarifai.naming import MAIN, Scope, checked_id, fresh_id
from bot.sandbox.clarifai.protocol.call import Area, Call
from bot.sandbox.clarifai.state.paging import page_of

OPPOSITE = {"synonym": "synonym", "hypernym": "hyponym", "hyponym": "hypernym"}


class Relations(Area):
    def post_concept_relations(
        self, call: Call, request: api.PostConceptRelationsRequest
    ) -> api.MultiConceptRelationResponse:
        scope = self.own_app(call)
        if not request.concept_relations:
            invalid("no relations")
        with self.platform.database.transaction():
            subject = self._end(scope, Concept(id=request.concept_id))
            made = [self._made(scope, subject, wanted) for wanted in request.concept_relations]
        return api.MultiConceptRelationResponse(concept_relations=made)

    def list_concept_relations(
        self, call: Call, request: api.ListConceptRelationsRequest
    ) -> api.MultiConceptRelationResponse:
        """All stored relations, or those of one concept, the ones that name it as object turned round."""
        page = page_of(request.page, request.per_page)
        found = self.platform.relations.all(self.app_scope(call))
        if request.concept_id:
            found = [seen for edge in found for seen in _seen_from(request.concept_id, edge)]
        found = [
            edge
            for edge in found
            if request.predicate in {"", edge.predicate} and request.knowledge_graph_id in {"", edge.knowledge_graph_id}
        ]
        return api.MultiConceptRelationResponse(concept_relations=found[page.offset : page.offset + page.limit])

    def delete_concept_relations(self, call: Call, request: api.DeleteConceptRelationsRequest) -> BaseResponse:
        scope = self.own_app(call)
        with self.platform.database.transaction():
            for identifier in request.ids:
                edge = self.platform.relations.get(scope, identifier) or missing("relation", identifier)
                if request.concept_id not in {"", edge.subject_concept.id, edge.object_concept.id}:
                    missing("relation", identifier)
                self.platform.relations.remove(scope, identifier)
        return BaseResponse()

    def post_knowledge_graphs(
        self, call: Call, request: api.PostKnowledgeGraphsRequest
    ) -> api.MultiKnowledgeGraphResponse:
        scope = self.own_app(call)
        with self.platform.database.transaction():
            made = [self._made_graph(scope, wanted) for wanted in request.knowledge_graphs]
        return api.MultiKnowledgeGraphResponse(knowledge_graphs=made)

    def list_knowledge_graphs(self, call: Call, _: api.ListKnowledgeGraphsRequest) -> api.MultiKnowledgeGraphResponse:
        graphs = self.platform.graphs.all(self.app_scope(call))
        return api.MultiKnowledgeGraphResponse(knowledge_graphs=graphs)

    def _made(self, scope: Scope, subject: Concept, wanted: ConceptRelation) -> ConceptRelation:
        if wanted.predicate not in OPPOSITE:
            raise Refusal(codes.CONCEPTS_INVALID_REQUEST, f"predicate '{wanted.predicate}' is not one of {[*OPPOSITE]}")
        made = ConceptRelation(
            id=fresh_id(), subject_concept=subject, object_concept=self._end(scope, wanted.object_concept)
        )
        made.predicate, made.knowledge_graph_id = wanted.predicate, wanted.knowledge_graph_id
        if any(_same(edge, made) for edge in self.platform.relations.all(scope)):
            raise Refusal(codes.CONCEPTS_INVALID_REQUEST, f"duplicate relation of '{subject.id}'")
        self.platform.relations.add(scope, made.id, made)
        return made

    def _end(self, scope: Scope, named: Concept) -> Concept:
        """One end of a relation in full; `app_id` "main" alone is enough for a public concept."""
        public = named.app_id == MAIN.app and named.user_id in {"", MAIN.user}
        known = self.platform.catalogue.concepts.get(named.id) if public else self.platform.concept(scope, named.id)
        return known or missing("concept", named.id)

    def _made_graph(self, scope: Scope, wanted: KnowledgeGraph) -> KnowledgeGraph:
        made = KnowledgeGraph()
        made.CopyFrom(wanted)
        made.id = checked_id("knowledge graph", wanted.id)
        if not self.platform.graphs.add(scope, made.id, made):
            duplicate("knowledge graph", made.id, self.platform.switches.duplicate)
        return made


def _seen_from(concept_id: str, edge: ConceptRelation) -> list[ConceptRelation]:
    """The relation as one about this concept: as stored, turned round, or none."""
    if edge.subject_concept.id == concept_id:
        return [edge]
    if edge.object_concept.id != concept_id:
        return []
    turned = ConceptRelation()
    turned.CopyFrom(edge)
    turned.subject_concept.CopyFrom(edge.object_concept)
    turned.object_concept.CopyFrom(edge.subject_concept)
    turned.predicate = OPPOSITE[edge.predicate]
    return [turned]


def _same(one: ConceptRelation, other: ConceptRelation) -> bool:
    def facts(edge: ConceptRelation) -> tuple[str, ...]:
        return edge.subject_concept.id, edge.object_concept.id, edge.predicate, edge.knowledge_graph_id

    return facts(one) == facts(other)
