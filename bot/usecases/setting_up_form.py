"""The set-up form: account, concepts with their links and cuts, and what only few need behind *Advanced*."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.domain.concepts import (
    Concept,
    ConceptRelation,
    Predicate,
    SetUpRequest,
    checked_name,
    concept_id,
    read_model,
)
from bot.domain.errors import PlatformRefused, Refused
from bot.domain.forms import Accepted, FieldErrors, SetUpForm
from bot.domain.projects import ProjectState
from bot.domain.roles import Action, may
from bot.domain.thresholds import ConceptThreshold, read_number, with_cuts
from bot.usecases import directing
from bot.usecases.commanding import said
from bot.usecases.directing import Account
from bot.usecases.forming import FormWork

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from bot.domain.forms import FormValues, OpenForm, Submission
    from bot.domain.roles import Person
    from bot.usecases.commanding import Answer, Office

FIRST_ROWS, MOST_ROWS = 3, 12  # concepts the form has room for; more are typed


class Registry(Protocol):
    """Clarifai before there is a project. Only jobs ask it."""

    def owner_of(self, key: str) -> str:
        """Name the user whose key this is; raises WrongKey."""

    def vocabulary(self, key: str) -> Iterable[Sequence[str]]:
        """The names of the general model's concepts, page by page; `key` is "" for the configured one."""


class Words(Protocol):
    """The general model's vocabulary as it was last read."""

    def is_fresh(self) -> bool: ...

    def keep(self, names: Iterable[Sequence[str]]) -> None: ...

    def lacks(self, name: str) -> bool:
        """Say whether the model is known not to have a concept of this name; False while nothing was read."""

    def beginning(self, typed: str, *, limit: int) -> Sequence[str]:
        """Names of which a word begins with what was typed, the shortest first."""


class Safe(Protocol):
    """Seals what must not stand in a table as it is."""

    def seal_text(self, secret: str) -> str: ...

    def open_text(self, sealed: str) -> str: ...


@dataclass(frozen=True)
class SetUpDesk:
    """What the form works with besides the office."""

    registry: Registry
    words: Words
    safe: Safe


def set_up_form(office: Office, desk: SetUpDesk) -> FormWork:
    """Tie the form to what it works with."""
    return FormWork(
        fill=lambda form, person: _fill(office, desk, form, person),
        submit=lambda form, values: _submit(office, desk, form, values),
        finish=lambda form, person: _finish(office, desk, form, person),
        touch=lambda form, field, values: _touch(desk, form, field, values),
        suggest=lambda _form, _field, typed: desk.words.beginning(typed, limit=100),
    )


def _touch(desk: SetUpDesk, form: OpenForm, field: str, values: FormValues) -> Mapping[str, Any]:
    about = dict(form.about)
    if field == "add-row":
        about["rows"] = min(about.get("rows", FIRST_ROWS) + 1, MOST_ROWS)
    if field == "advanced":
        about["advanced"] = True
    if field == "key":
        typed = str(values.get("key", "")).strip()
        about["key"] = desk.safe.seal_text(typed) if typed else ""
    return about


def _fill(office: Office, desk: SetUpDesk, form: OpenForm, person: Person) -> SetUpForm:
    _check(office, form, person)
    key = desk.safe.open_text(form.about["key"]) if form.about.get("key") else ""
    key_said = _key_said(desk, key) if key else ""
    if not desk.words.is_fresh() and (office.account or (key and key_said.startswith("This key belongs"))):
        desk.words.keep(desk.registry.vocabulary(key))
    default = f"{office.account.app_id} of {office.account.user_id}" if office.account else ""
    rows = form.about.get("rows", FIRST_ROWS)
    return SetUpForm(rows, default, key_said, may_add=rows < MOST_ROWS, advanced=bool(form.about.get("advanced")))


def _check(office: Office, form: OpenForm, person: Person) -> None:
    project = office.projects.in_channel(form.team_id, form.channel_id)
    action = Action.CHANGE if project else Action.SET_UP
    may(person, action, team_id=form.team_id, set_up_by=project.set_up_by if project else "")
    if project and project.state is not ProjectState.SETTING_UP:
        raise Refused("This channel is set up already. `concepts` shows and changes what it labels.")


def _key_said(desk: SetUpDesk, key: str) -> str:
    try:
        return f"This key belongs to {desk.registry.owner_of(key)}."
    except PlatformRefused as refused:
        return f"Clarifai does not take this key: {refused}"


def _submit(office: Office, desk: SetUpDesk, form: OpenForm, values: FormValues) -> Submission:
    rows = form.about.get("rows", FIRST_ROWS)
    errors: dict[str, str] = {}
    concepts = [row for place in range(rows) if (row := _row(values, place, errors))]
    if not concepts and not errors:
        errors["name-0"] = "Name at least one concept, for example: people"
    key = str(values.get("key", "")).strip()
    app = str(values.get("app", "")).strip()
    if not key and not office.account:
        errors["key"] = "No account is configured where the bot runs: a key is needed."
    if key and not app:
        errors["app"] = "Name the app of this key's owner; it is made if it does not exist."
    model = _model(values, errors)
    if not model and not errors:
        errors |= _unknown(desk, concepts)
    if errors:
        return FieldErrors(errors)
    wish = {"concepts": concepts, "model": model, "graph": str(values.get("graph", "")).strip(), "app": app}
    return Accepted({**form.about, **wish, "key": desk.safe.seal_text(key) if key else ""})


def _unknown(desk: SetUpDesk, concepts: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Object to names that the general model does not know, beside the field that takes the model's own."""
    return {
        f"object-{row['place']}": f"The model knows no concept “{row['object']}”. Choose the nearest of its own here."
        for row in concepts
        if desk.words.lacks(row["object"])
    }


def _model(values: FormValues, errors: dict[str, str]) -> str:
    written = str(values.get("model", "")).strip()
    try:
        read_model(written)
    except Refused as refused:
        errors["model"] = str(refused)
    return written


def _row(values: FormValues, place: int, errors: dict[str, str]) -> dict[str, Any] | None:
    """Read one row of the form; None when it was left empty. What is wrong is put beside its field."""
    name, link = (str(values.get(f"{field}-{place}", "")).strip() for field in ("name", "object"))
    if not name and not link:
        return None
    try:
        name = checked_name(f'"{name or link}"')
    except Refused as refused:
        errors[f"name-{place}"] = str(refused)
    cuts = ConceptThreshold("")
    try:
        cuts = with_cuts(cuts, read_number(str(values[f"accept-{place}"])), read_number(str(values[f"floor-{place}"])))
    except Refused as refused:
        errors[f"{'floor' if str(refused).startswith('The floor') else 'accept'}-{place}"] = str(refused)
    predicate = str(values.get(f"predicate-{place}") or Predicate.SYNONYM.value)
    return {
        "place": place,
        "name": name,
        "object": link or name,
        "predicate": predicate,
        "accept": cuts.accept,
        "floor": cuts.floor,
    }


def _finish(office: Office, desk: SetUpDesk, form: OpenForm, person: Person) -> Answer:
    _check(office, form, person)
    account = office.account
    if form.about.get("key"):
        key = desk.safe.open_text(form.about["key"])
        account = Account(desk.registry.owner_of(key), form.about["app"], key)
    request = _request(form.about)
    told = directing.start_set_up(
        office.projects, office.clock, account, request, person, form.channel_id, team_id=form.team_id
    )
    return said(told)


def _request(about: Mapping[str, Any]) -> SetUpRequest:
    """Put the rows together; rows of one name are one concept with several links, and its first row's cuts."""
    concepts: dict[str, Concept] = {}
    cuts: dict[str, ConceptThreshold] = {}
    for row in about["concepts"]:
        name = row["name"]
        known = concepts.get(name.casefold())
        taken = {c.id for c in concepts.values()}
        links = (*(known.relations if known else ()), ConceptRelation(row["object"], Predicate(row["predicate"])))
        made = Concept(known.id if known else concept_id(name, taken), name, tuple(dict.fromkeys(links)))
        concepts[name.casefold()] = made
        cuts.setdefault(made.id, ConceptThreshold(made.id, row["accept"], row["floor"]))
    return SetUpRequest(tuple(concepts.values()), about["graph"], read_model(about["model"]), tuple(cuts.values()))
