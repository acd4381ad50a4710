"""Every command and every form at twenty clients, until Slack has its 200, on a project of 100,000 annotations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from benchmarks.apart import Apart
from benchmarks.click import PROJECT, plant
from benchmarks.load import CHANNEL, PERSON, TEAM, Outcome, interaction, loader, send
from benchmarks.servers import bot_server, port_of
from benchmarks.services import Services, addresses, services, triggers
from benchmarks.table import Row
from bot.storage.engine import make_engine
from bot.storage.migrate import migrate
from bot.storage.secrets import Sealer
from bot.usecases.commanding import ANNOTATE, NO_PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.storage.embedded import EmbeddedPostgres

ANNOTATIONS, QUICK_ANNOTATIONS = 100_000, 10_000
CLIENTS = 20
SENT, QUICK_SENT = 400, 100  # of each kind
AT_ONCE = 50  # forms opened before new triggers are given out: those of Slack live 3 s
GOAL_MS = 300

OPENS_A_FORM = ("/annotate setup", "/annotate review", "/annotate-thresholds form")
LINES = (
    "/annotate",
    "/annotate help",
    "/annotate stauts",
    "/annotate setup people man cat",
    "/annotate try",
    "/annotate try https://example.com/photo.jpg",
    "/annotate live",
    "/annotate pause",
    "/annotate resume",
    "/annotate bring-older",
    "/annotate status",
    "/annotate concepts",
    "/annotate concepts add car",
    "/annotate list",
    "/annotate list pending people",
    "/annotate search people",
    "/annotate history",
    "/annotate history page 40",
    "/annotate history photo in4000.jpg",
    "/annotate history <@U0BENCH0001>",
    "/annotate digest",
    "/annotate digest 09:00 Europe/Berlin",
    "/annotate digest off",
    "/annotate export csv",
    "/annotate take",
    "/annotate thresholds",
    "/annotate-thresholds",
    "/annotate-thresholds people 0.3{n}",
    "/annotate-thresholds people 0.2..0.9{n}",
    "/annotate-thresholds people off",
    "/annotate-thresholds people on",
    "/annotate-thresholds all off",
    "/annotate-thresholds undo",
    "/annotate-thresholds history",
    "/annotate-thresholds people target 95%",
    "/annotate-thresholds preview people 0.8",
)
LAST_LINES = ("/annotate concepts remove man", "/annotate leave", "/annotate leave yes")

_PLANTED = (
    "set local statement_timeout = 0",
    """insert into concept (project_id, id, name, position, relations)
       select :project, c, c, n, '[]' from unnest(array['people', 'man', 'dog']) with ordinality as t (c, n)""",
    """insert into revision (project_id, number, asked_by, asked_at, words, state, attempts, problem)
       values (:project, 1, :person, now(), '', 'applied', 0, '')""",
    """insert into cut (project_id, number, concept_id, accept, floor)
       select :project, 1, c, 0.95, 0.2 from unnest(array['people', 'man', 'dog']) c""",
    """insert into person (team_id, user_id, name, zone, is_admin, is_guest, asked_at)
       values (:team, :person, 'dana', 'Europe/Berlin', true, false, now() + interval '1 hour')""",
    "update input set name = 'photo ' || id || '.jpg', created_at = now() - substr(id, 3)::int * interval '1 minute'",
    """update review set state = 'settled', verdict = 'approve', decided_by = :person,
       decided_at = now() - id * interval '1 minute'
       where id % 2 = 0""",
    """insert into decision (project_id, review_id, revision, verdict, final, decided_by, decided_at)
       select project_id, id, 1, verdict, true, decided_by, decided_at from review where verdict is not null""",
    """insert into vocabulary (name, read_at) select 'word ' || n, now() from generate_series(1, 9000) n""",
    """insert into form (id, kind, team_id, channel_id, user_id, about, state, attempts, created_at)
       select kind || n, kind, :team, case kind when 'setup' then 'C0FORM' || n else :channel end, :person,
              case kind when 'review' then jsonb_build_object('step', 1, 'input', 'in' || (2 * n + 1)) else '{}' end,
              'shown', 0, now()
       from generate_series(0, :forms) n, unnest(array['setup', 'thresholds', 'review']) kind""",
)


@dataclass(frozen=True)
class Kind:
    """Something that is sent many times: its name in the table, and its n-th request, given a trigger."""

    name: str
    form: Callable[[int, str], dict[str, str]]
    opens: bool = False


def commanding(server: EmbeddedPostgres, *, quick: bool) -> list[Row]:
    """Send each kind of command and form by itself and say how long its answers took."""
    url, key, sent = server.create_database("commands"), Sealer.new_key(), QUICK_SENT if quick else SENT
    engine = make_engine(url, connections=1)
    migrate(engine)
    _plant(engine, key, QUICK_ANNOTATIONS if quick else ANNOTATIONS, sent)
    engine.dispose()
    with Apart(services) as slack, Apart(loader) as load:
        reach = slack.do(addresses)
        with Apart(bot_server, url, key, reach.slack_bot_token, reach.slack_api_url) as bot:
            port, kinds = bot.do(port_of), list(_kinds())
            return [_measured(kind, slack, load, port, sent) for kind in kinds]


def _plant(engine: Engine, key: str, count: int, forms: int) -> None:
    plant(engine, count, coin=Sealer([key]).seal(f"{TEAM}|coin|", "coin"))
    values = {"project": PROJECT, "team": TEAM, "channel": CHANNEL, "person": PERSON, "forms": forms}
    with engine.begin() as connection:
        for statement in _PLANTED:
            connection.execute(text(statement), values)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))


def _measured(kind: Kind, slack: Apart[Services], load: Apart[None], port: int, sent: int) -> Row:
    took: list[float] = []
    for first in range(0, sent, AT_ONCE if kind.opens else sent):
        count = min(AT_ONCE, sent - first) if kind.opens else sent
        keys = slack.do(triggers, count) if kind.opens else [""] * count
        forms = [kind.form(first + n, trigger) for n, trigger in enumerate(keys)]
        burst = load.do(send, port, forms, CLIENTS)
        took += burst.latencies
        assert NO_PROJECT not in burst.said, kind
    outcome = Outcome(sum(took), took)
    p50, p99 = (outcome.percentile(share) * 1000 for share in (0.5, 0.99))
    return Row(f"{kind.name}: p50, p99 ms", f"{p50:.0f}, {p99:.0f}", target=f"p99 < {GOAL_MS}")


def _kinds() -> Iterator[Kind]:
    yield from (_line(line) for line in LINES)
    yield Kind("/annotate setup people man, each in a new channel", _fresh)
    yield from (_line(line, opens=True) for line in OPENS_A_FORM)
    yield Kind("set-up form: a row more", lambda n, _: _pressed(f"setup{n}", "field:add-row"))
    yield Kind("set-up form: a word suggested", lambda n, _: _suggested(f"setup{n}", "field:object-0", f"word {n}"))
    yield Kind("set-up form sent with a mistake", lambda n, _: _sent(f"setup{n}", {**_row("people"), "accept-0": "2"}))
    yield Kind("set-up form sent", lambda n, _: _sent(f"setup{n}", _row(f"word {n + 1}")))
    yield Kind("thresholds form sent", lambda n, _: _sent(f"thresholds{n}", _cuts(0.7 + n % 29 / 100)))
    yield Kind("thresholds form confirmed", lambda n, _: _sent(f"thresholds{n}", {}))
    yield Kind("review session: answered, the next picture shown", lambda n, _: _sent(f"review{n}", _answer(2 * n + 1)))
    yield Kind("review session closed", lambda n, _: _modal("view_closed", f"review{n}", {}))
    yield from (_line(line) for line in LAST_LINES)


def _line(line: str, *, opens: bool = False) -> Kind:
    command, _, typed = line.partition(" ")
    name = line.replace("{n}", "…")
    return Kind(name, lambda n, trigger: _typed(command, typed.format(n=n % 89 + 10), CHANNEL, trigger), opens)


def _fresh(n: int, trigger: str) -> dict[str, str]:
    return _typed(ANNOTATE, "setup people man", f"C0FRESH{n:04d}", trigger)


def _typed(command: str, typed: str, channel: str, trigger: str) -> dict[str, str]:
    return {
        "token": "bench",
        "team_id": TEAM,
        "team_domain": "bench",
        "channel_id": channel,
        "channel_name": "labels",
        "user_id": PERSON,
        "user_name": "dana",
        "command": command,
        "text": typed,
        "api_app_id": "A0BENCH0001",
        "is_enterprise_install": "false",
        "response_url": "https://hooks.slack.example/commands/1",
        "trigger_id": trigger,
    }


def _modal(kind: str, form_id: str, values: dict[str, object], **more: object) -> dict[str, str]:
    view = {"type": "modal", "callback_id": "form", "private_metadata": form_id, "state": {"values": values}}
    who = {"user": {"id": PERSON, "username": "dana", "team_id": TEAM}, "team": {"id": TEAM, "domain": "bench"}}
    return interaction({"type": kind, **who, "api_app_id": "A0BENCH0001", "view": view, **more})


def _sent(form_id: str, values: dict[str, str]) -> dict[str, str]:
    filled: dict[str, object] = {name: {f"field:{name}": _filled(value)} for name, value in values.items()}
    return _modal("view_submission", form_id, filled)


def _filled(value: str) -> dict[str, object]:
    if value in {"approve", "synonym"}:
        return {"type": "radio_buttons", "selected_option": {"value": value}}
    return {"type": "plain_text_input", "value": value}


def _pressed(form_id: str, action_id: str) -> dict[str, str]:
    action = {"type": "button", "action_id": action_id, "block_id": "more", "value": "", "action_ts": "1700000000.1"}
    return _modal("block_actions", form_id, {}, actions=[action], container={"type": "view"})


def _suggested(form_id: str, action_id: str, typed: str) -> dict[str, str]:
    return _modal("block_suggestion", form_id, {}, action_id=action_id, block_id="object-0", value=typed)


def _row(name: str) -> dict[str, str]:
    empty = {f"{what}-{place}": value for place in range(4) for what, value in (("accept", "0.95"), ("floor", "0.2"))}
    return {**empty, "name-0": name}


def _cuts(accept: float) -> dict[str, str]:
    both = (("accept", accept), ("floor", 0.3))
    return {f"{what}-{place}": f"{value:.2f}" for place in range(3) for what, value in both}


def _answer(review: int) -> dict[str, str]:
    return {f"answer-1-{review}": "approve"}
