"""A project is founded, goes live, pauses, resumes. Everything here is one commit; the passes do the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.domain.blueprint import WORKFLOW_ID
from bot.domain.errors import Refused
from bot.domain.projects import ProjectState

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from bot.domain.concepts import Concept, SetUpRequest
    from bot.domain.projects import Project
    from bot.domain.roles import Person
    from bot.usecases.ports import Clock


@dataclass(frozen=True)
class Account:
    """The Clarifai account and app that projects use unless they bring their own."""

    user_id: str
    app_id: str
    key: str = ""  # typed in for one project; "" for the configured one


class ProjectStore(Protocol):
    """Projects, as far as people direct them. Each method is one transaction."""

    def in_channel(self, team_id: str, channel_id: str) -> Project | None: ...

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
        """Make the project with its concepts, cuts, steps and checklist.

        The first project takes the account's app; a further channel gets an app of its own. Two calls at once make one
        project: the second gets the first one's.
        """

    def ask_again(self, project: Project, request: SetUpRequest, person: Person, *, now: dt.datetime) -> None:
        """Take a set-up that has not finished up again, with the concepts of `request`."""

    def concepts(self, project_id: str) -> Sequence[Concept]:
        """The concepts that are labelled now, in order."""

    def change_concepts(
        self,
        project: Project,
        added: Sequence[Concept],
        removed: Sequence[str],
        lines: Sequence[str],
        *,
        by: str,
        now: dt.datetime,
    ) -> bool:
        """Label more or fewer concepts from now on, told as `lines`; False when the project changed meanwhile."""

    def add_live_steps(self, project: Project) -> None:
        """Have the saga make the workflow the app's default."""

    def add_leaving_steps(self, project: Project, line: str, *, by: str, now: dt.datetime) -> None:
        """Take nothing in any more, announce `line`, and have the saga give the app its old default back."""

    def set_state(self, project: Project, state: ProjectState, line: str, *, by: str, now: dt.datetime) -> bool:
        """Change the state from the one `project` was read with, and announce `line`; False when it had changed."""

    def bring_older(self, project: Project) -> None:
        """Let the pending annotations from before *Go live* become reviews with the next sweep."""

    def set_digest(self, project: Project, *, on: bool, at: dt.time | None, zone: str, channel: str) -> None: ...


def start_set_up(
    store: ProjectStore,
    clock: Clock,
    account: Account | None,
    request: SetUpRequest,
    person: Person,
    channel_id: str,
    *,
    team_id: str,
) -> str:
    """Found the channel's project, or take its unfinished set-up up again; return what to tell the person.

    Raises:
        Refused: no account is configured, or the project is set up already.
    """
    if account is None:
        raise Refused(
            "No Clarifai account is configured. Set CLARIFAI_PAT, CLARIFAI_USER_ID and CLARIFAI_APP_ID where the bot "
            "runs, and start it again."
        )
    project = store.in_channel(team_id, channel_id)
    if project is None:
        project = store.found(request, account, person, team_id, channel_id, now=clock())
        names = ", ".join(c.name for c in request.concepts)
        return f"Setting this channel up to label: {names}. The checklist in the channel shows how far it is."
    if project.state is not ProjectState.SETTING_UP:
        raise Refused("This channel is set up already. `concepts` shows and changes what it labels.")
    store.ask_again(project, request, person, now=clock())
    return "The set-up of this channel goes on. The checklist in the channel shows how far it is."


def go_live(store: ProjectStore, clock: Clock, project: Project, person: Person) -> str:
    """Make the workflow the app's default, so that every added image is annotated."""
    if project.state is ProjectState.SETTING_UP:
        raise Refused("The set-up is not finished yet. The checklist in the channel says what it waits for.")
    if project.state is ProjectState.LIVE:
        return "This channel is live already: drop images into it."
    if project.state is ProjectState.PAUSED:
        return resume(store, clock, project, person)
    store.add_live_steps(project)
    return "Going live. The checklist in the channel says when it is."


def pause(store: ProjectStore, clock: Clock, project: Project, person: Person) -> str:
    """Take nothing in and post no cards; decisions are still saved and written."""
    if project.state is not ProjectState.LIVE:
        raise Refused(f"There is nothing to pause: this channel is {project.state.value}.")
    line = "Paused: new images are kept for later and no new cards come. Decisions are still saved and written."
    store.set_state(project, ProjectState.PAUSED, line, by=person.id, now=clock())
    return "Paused. `resume` goes on where it was."


def resume(store: ProjectStore, clock: Clock, project: Project, person: Person) -> str:
    """Go on after a pause; images that were kept are taken in the order they came."""
    if project.state is not ProjectState.PAUSED:
        raise Refused(f"There is nothing to resume: this channel is {project.state.value}.")
    line = "Live again: images kept during the pause are labelled now, in the order they came."
    store.set_state(project, ProjectState.LIVE, line, by=person.id, now=clock())
    return "Live again."


def leave(store: ProjectStore, clock: Clock, project: Project, person: Person) -> str:
    """Unbind the channel: nothing is taken in, what was decided is still written, the old default comes back."""
    if project.state is ProjectState.SETTING_UP:
        gone = "The set-up of this channel was given up."
        store.set_state(project, ProjectState.LEFT, gone, by=person.id, now=clock())
        return f"{gone} What it made so far stays in the app, unused."
    line = "This channel is being disconnected from Clarifai. Cards that wait are closed; labels made so far stay."
    store.add_leaving_steps(project, line, by=person.id, now=clock())
    return f"Leaving: {_what_stays(project)} Come back with `setup`."


def what_leaving_does(project: Project) -> str:
    """Say what `leave` would do, for somebody who is to confirm it."""
    if project.state is ProjectState.SETTING_UP:
        return "Leaving gives the set-up of this channel up. What it made so far stays in the app, unused."
    return (
        "Leaving disconnects this channel from Clarifai: cards that wait are closed, answers given so far are still "
        f"written, and {_what_stays(project)}"
    )


def _what_stays(project: Project) -> str:
    old = project.previous_workflow
    back = f"gets its old default workflow back ({old})" if old else "gets no default workflow, as it had none"
    return f"the app {project.app_id} {back}. Its concepts, labels and the workflow {WORKFLOW_ID} stay there, unused."


def bring_older(store: ProjectStore, project: Project) -> str:
    """Bring in the annotations that waited in the app before this project went live."""
    if project.take_older or not project.older_pending:
        raise Refused("There is nothing older to bring in, or it was brought in already.")
    store.bring_older(project)
    return f"Bringing in up to {project.older_pending} older ones; cards come a few at a time."
