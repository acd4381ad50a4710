"""All the stand-in remembers in one place, and the look-ups that cross its shelves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from clarifai_grpc.grpc.api.resources_pb2 import (
    App,
    Concept,
    ConceptRelation,
    KnowledgeGraph,
    Model,
    ModelVersion,
    Workflow,
    WorkflowVersion,
)
from google.protobuf.timestamp_pb2 import Timestamp

from bot.sandbox.clarifai.answers import missing
from bot.sandbox.clarifai.catalogue import Catalogue
from bot.sandbox.clarifai.naming import MAIN, Scope
from bot.sandbox.clarifai.state.annotations import Annotations
from bot.sandbox.clarifai.state.database import Database
from bot.sandbox.clarifai.state.inputs import Inputs
from bot.sandbox.clarifai.state.shelf import Shelf
from bot.sandbox.clarifai.switches import Switches


@dataclass
class Platform:
    database: Database
    catalogue: Catalogue
    accounts: Mapping[str, str]
    switches: Switches
    clock: Callable[[], datetime]
    known_urls: Mapping[str, Path] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.apps = Shelf(self.database, App)
        self.concepts = Shelf(self.database, Concept)
        self.relations = Shelf(self.database, ConceptRelation)
        self.graphs = Shelf(self.database, KnowledgeGraph)
        self.models = Shelf(self.database, Model)
        self.model_versions = Shelf(self.database, ModelVersion)
        self.workflows = Shelf(self.database, Workflow)
        self.workflow_versions = Shelf(self.database, WorkflowVersion)
        self.inputs = Inputs(self.database)
        self.annotations = Annotations(self.database)
        self._latest = self.annotations.last_modified()

    def now(self) -> Timestamp:
        """The time, always later than the last one given, so that every change shows in `modified_at`."""
        with self.database.transaction():
            self._latest = max(self.clock().astimezone(UTC), self._latest + timedelta(microseconds=1))
            stamp = Timestamp()
            stamp.FromDatetime(self._latest)
            return stamp

    def add_app(self, user: str, identifier: str, wanted: App | None = None) -> App | None:
        """Make an app; None when the account has one of that id."""
        made = App()
        if wanted is not None:
            made.CopyFrom(wanted)
        now = self.now()
        made.MergeFrom(App(id=identifier, user_id=user, name=made.name or identifier, created_at=now, modified_at=now))
        made.default_language = made.default_language or "en"
        return made if self.apps.add(Scope(user, ""), identifier, made) else None

    def app(self, scope: Scope) -> App:
        return self.apps.get(Scope(scope.user, ""), scope.app) or missing("app", scope.app)

    def keep_app(self, app: App) -> None:
        self.apps.replace(Scope(app.user_id, ""), app.id, app)

    def remove_app(self, app: App) -> None:
        """Remove an app and all that is in it."""
        scope = (app.user_id, app.id)
        with self.database.transaction():
            self.database.run("DELETE FROM inputs WHERE user = ? AND app = ?", scope)
            self.database.run("DELETE FROM shelf WHERE user = ? AND app = ?", scope)
            self.apps.remove(Scope(app.user_id, ""), app.id)

    def concept(self, scope: Scope, identifier: str) -> Concept | None:
        """A concept of the app or, failing that, a public one."""
        return self.concepts.get(scope, identifier) or self.catalogue.concepts.get(identifier)

    def model(self, scope: Scope, identifier: str, version_id: str = "") -> Model | None:
        """A model at one version (the newest for none): the app's own first, then a public one."""
        own = None if scope == MAIN else self.models.get(scope, identifier)
        if own is None:
            public = self.catalogue.models.get(identifier)
            if public is None or (version_id and version_id != public.model.model_version.id):
                return None
            return public.model
        version = (
            self.model_versions.get(scope, version_id, identifier)
            if version_id
            else self.model_versions.latest(scope, identifier)
        )
        if version is None:
            return None if version_id else own  # a model outlives its versions
        own.model_version.CopyFrom(version)
        own.output_info.CopyFrom(version.output_info)
        return own

    def workflow(self, scope: Scope, identifier: str, version_id: str = "") -> Workflow | None:
        """A workflow of the app at one version, the newest for none."""
        found = self.workflows.get(scope, identifier)
        if found is None:
            return None
        version = (
            self.workflow_versions.get(scope, version_id, identifier)
            if version_id
            else self.workflow_versions.latest(scope, identifier)
        )
        if version is None:
            return None
        found.version.CopyFrom(version)
        del found.nodes[:]
        found.nodes.extend(version.nodes)
        return found

    def default_workflow(self, scope: Scope) -> Workflow | None:
        """The workflow that runs on every added input, at the version that runs."""
        default = self.app(scope).default_workflow
        if not default.id:
            return None
        pinned = default.version.id if self.switches.default_workflow == "stays" else ""
        return self.workflow(scope, default.id, pinned) or self.catalogue.workflows.get(default.id)
