"""Projects as people direct them, on PostgreSQL."""

from __future__ import annotations

import secrets
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text
from sqlmodel import Session

from bot.domain.concepts import ModelRef
from bot.domain.digests import read_zone
from bot.domain.errors import Refused
from bot.domain.projects import Project, ProjectState
from bot.domain.thresholds import ConceptThreshold
from bot.storage.concepts import SqlConcepts, add_concepts
from bot.storage.cuts import add_revision
from bot.storage.engine import by_itself
from bot.storage.outbox import add_post, announce
from bot.storage.projects import mark_behind
from bot.storage.tables import ProjectRow
from bot.usecases.chat import PostKind
from bot.usecases.setting_up import door_of_set_up
from bot.usecases.steps import GOING_LIVE, LEAVING, SETTING_UP, Step

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from bot.domain.concepts import SetUpRequest
    from bot.domain.roles import Person
    from bot.usecases.directing import Account

_FOUND = text("""
insert into project (id, team_id, channel_id, state, set_up_by, user_id, app_id, sealed_key, coin_secret, graph,
    model_id, model_version, zone, digest_at, digest_zone, digest_channel, digest_on, revision, applied_revision,
    older_pending, take_older, created_at)
values (:id, :team, :channel, 'setting up', :by, :user, :app, :key, :coin, :graph, :model, :version, :zone, '09:00',
    :zone, '', true, 1, 0, 0, false, :now)
on conflict do nothing returning id
""")

_STEP = text("""
insert into step (project_id, position, name, state, attempts, problem)
values (:p, :position, :name, 'waiting', 0, '') on conflict do nothing
""")


_TRY_AGAIN = text("""
update step set state = 'waiting', not_before = null, problem = '' where project_id = :p and state = 'failed'
""")


class SqlFounding(SqlConcepts):
    """Implements `usecases.directing.ProjectStore`."""

    def found(
        self,
        request: SetUpRequest,
        account: Account,
        person: Person,
        team_id: str,
        channel_id: str,
        *,
        now: dt.datetime,
    ) -> Project:
        model = request.model
        values = {
            "id": uuid.uuid4().hex,
            "team": team_id,
            "channel": channel_id,
            "by": person.id,
            "user": account.user_id,
            "key": self._sealer.seal(f"{team_id}|clarifai-key|", account.key) if account.key else None,
            "coin": self._sealer.seal(f"{team_id}|coin|", secrets.token_hex(16)),
            "graph": request.graph,
            "model": model.id if model else "",
            "version": model.version if model else "",
            "zone": _known_zone(person.zone),
            "now": now,
        }
        apps = (account.app_id,) if account.key else (account.app_id, f"{account.app_id}-{channel_id.lower()}")
        for app in apps:
            with self._engine.begin() as connection:
                if connection.execute(_FOUND, {**values, "app": app}).first() is None:
                    continue  # the app belongs to another project, or the channel was set up this very moment
                self._furnish(connection, str(values["id"]), request, by=person.id, now=now)
                self._checklist(connection, str(values["id"]), now)
            break
        project = self.in_channel(team_id, channel_id)
        if project is None:
            raise Refused(f"No app is left for this channel: {apps[-1]} belongs to another one.")
        return project

    def _furnish(
        self, connection: Connection, project_id: str, request: SetUpRequest, *, by: str, now: dt.datetime
    ) -> None:
        add_concepts(connection, project_id, request.concepts)
        given = {cut.concept_id: cut for cut in request.cuts}
        cuts = [given.get(c.id, ConceptThreshold(c.id)) for c in request.concepts]
        add_revision(connection, project_id, 1, cuts, by=by, at=now, words="set-up", state="applied")
        _add_steps(connection, project_id, SETTING_UP)

    def _checklist(self, connection: Connection, project_id: str, now: dt.datetime) -> None:
        project = self._project(Session(connection).get_one(ProjectRow, project_id))
        add_post(connection, project, PostKind.CHECKLIST, project_id, now=now, rank=-2)

    def ask_again(self, project: Project, request: SetUpRequest, person: Person, *, now: dt.datetime) -> None:
        """Replace what was asked for; all steps are then done again and find what stands already."""
        with self._engine.begin() as connection:
            if not self._is_asked_for(project, request):
                _keep_saga_out(connection, project)
                for table in ("cut", "revision", "concept", "step"):
                    connection.execute(text(f"delete from {table} where project_id = :p"), {"p": project.id})
                model = request.model
                connection.execute(
                    text(
                        "update project set graph = :g, model_id = :m, model_version = :v, revision = 1 where id = :p"
                    ),
                    {
                        "p": project.id,
                        "g": request.graph,
                        "m": model.id if model else "",
                        "v": model.version if model else "",
                    },
                )
                self._furnish(connection, project.id, request, by=person.id, now=now)
            connection.execute(
                text(
                    "update step set state = 'waiting', not_before = null, problem = '' "
                    "where project_id = :p and state <> 'done'"
                ),
                {"p": project.id},
            )
            mark_behind(connection, project.id, "checklist")

    def _is_asked_for(self, project: Project, request: SetUpRequest) -> bool:
        model = request.model or ModelRef("")
        asked = (request.concepts, request.graph, model.id, model.version)
        return asked == (tuple(self.concepts(project.id)), project.graph, project.model_id, project.model_version)

    def add_live_steps(self, project: Project) -> None:
        with self._engine.begin() as connection:
            _add_steps(connection, project.id, GOING_LIVE)
            connection.execute(_TRY_AGAIN, {"p": project.id})
            mark_behind(connection, project.id, "checklist")

    def add_leaving_steps(self, project: Project, line: str, *, by: str, now: dt.datetime) -> None:
        with self._engine.begin() as connection:
            _add_steps(connection, project.id, LEAVING)
            connection.execute(_TRY_AGAIN, {"p": project.id})
            pause = text("update project set state = 'paused' where id = :p and state in ('live', 'ready')")
            connection.execute(pause, {"p": project.id})
            announce(connection, project, "leaving", [line], now=now, by=by)
            mark_behind(connection, project.id, "checklist")

    def set_state(self, project: Project, state: ProjectState, line: str, *, by: str, now: dt.datetime) -> bool:
        with self._engine.begin() as connection:
            changed = connection.execute(
                text("update project set state = :new where id = :p and state = :old returning id"),
                {"p": project.id, "new": state.value, "old": project.state.value},
            ).first()
            if changed is None:
                return False
            if state is ProjectState.LIVE:
                connection.execute(
                    text("update picture set state = 'new' where project_id = :p and state = 'kept'"), {"p": project.id}
                )
            announce(connection, project, f"{state.value} {now.isoformat()}", [line], now=now, by=by)
            mark_behind(connection, project.id, "checklist")
            mark_behind(connection, project.id, "upload")
            return True

    def bring_older(self, project: Project) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                text("update project set take_older = true, seen_until = null where id = :p"), {"p": project.id}
            )
            mark_behind(connection, project.id, "checklist")

    def set_digest(self, project: Project, *, on: bool, at: dt.time | None, zone: str, channel: str) -> None:
        with by_itself(self._engine) as connection:
            connection.execute(
                text(
                    "update project set digest_on = :on, digest_at = coalesce(:at, digest_at), "
                    "digest_zone = case when :zone = '' then digest_zone else :zone end, "
                    "digest_channel = case when :channel = '' then digest_channel else :channel end where id = :p"
                ),
                {"p": project.id, "on": on, "at": at, "zone": zone, "channel": channel},
            )


def _known_zone(said: str) -> str:
    """Take Slack's word for a time zone only if it is one: an unknown one would stop the digests of all projects."""
    try:
        return read_zone(said)
    except Refused:
        return "UTC"


def _keep_saga_out(connection: Connection, project: Project) -> None:
    """Hold the door of the set-up until the commit: a step that runs now must not be recorded as one of the new ones.

    Raises:
        Refused: a step runs at this moment.
    """
    door = {"what": door_of_set_up(project.id)}
    if not connection.execute(text("select pg_try_advisory_xact_lock(hashtextextended(:what, 0))"), door).scalar():
        raise Refused("The set-up is at work at this moment. Nothing was changed; try again in a few seconds.")


def _add_steps(connection: Connection, project_id: str, steps: Sequence[Step]) -> None:
    order = {step: position for position, step in enumerate(Step)}
    connection.execute(_STEP, [{"p": project_id, "position": order[step], "name": step.value} for step in steps])
