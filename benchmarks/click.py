"""A stored click of the real bot against a bare Bolt app that does one ORM insert-and-commit, in the same run."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from benchmarks.apart import Apart
from benchmarks.load import CHANNEL, TEAM, Burst, Outcome, fire, loader
from benchmarks.servers import bare_server, bot_server, port_of
from benchmarks.table import Row, middle
from bot.storage.engine import make_engine
from bot.storage.migrate import migrate

if TYPE_CHECKING:
    from bot.storage.embedded import EmbeddedPostgres

CLICKS = {1: 300, 10: 1000, 50: 1200}  # in one burst, by number of clients
WARM_UP = 300
PROJECT = "bench"
REPEATS, QUICK_REPEATS = 9, 3

_PLANT = """
set local statement_timeout = 0;
insert into project (id, team_id, channel_id, state, set_up_by, user_id, app_id, coin_secret, digest_at, graph,
    model_id, model_version, zone, digest_zone, digest_channel, digest_on, revision, applied_revision, older_pending,
    take_older, created_at)
values (:project, :team, :channel, 'live', 'U0', 'demo', 'bench', :coin, '09:00', '', '', '', 'UTC', 'UTC', '',
    true, 1, 1, 0, false, now());
insert into input (project_id, id, source, name, uploaded_by, permalink, url, file_id, picture, created_at)
select :project, 'in' || n, 'upload', 'photo.jpg', 'U0', '', '', '', 'none', now() from generate_series(1, :n) n;
insert into annotation (project_id, id, input_id, status, snapshot, modified_at, revision, seen_at, dirty, settled,
    closed, closed_reason, attempts, problem)
select :project, 'an' || n, 'in' || n, 'pending',
    '{"status": "pending", "concepts": [{"id": "people", "value": 0.5, "name": "people"}], "region": null}',
    now(), 1, now(), 0, 0, false, '', 0, '' from generate_series(1, :n) n;
insert into review (project_id, annotation_id, input_id, concept_id, kind, value, probability, state, revision,
    decided_by, doubted_by, thresholds, created_at)
select :project, 'an' || n, 'in' || n, 'people', 'pending', 0.5, 1, 'posted', 1, '', '', 1, now()
from generate_series(1, :n) n order by n;
insert into post (project_id, team_id, channel_id, kind, subject, thread_ts, rank, state, attempt, ts, wanted, shown,
    own_upload, attempts, body, problem, created_at)
select :project, :team, :channel, 'card', 'in' || n, '', 1, 'posted', '', '1700000000.' || n, 1, 1, true, 0,
    '{}', '', now() from generate_series(1, :n) n
"""


def plant(engine: Engine, count: int, *, coin: bytes = b"not looked at by a click") -> None:
    """Fill a fresh database with one live project and `count` cards of one open review each; their ids count from 1."""
    values = {"project": PROJECT, "team": TEAM, "channel": CHANNEL, "n": count, "coin": coin}
    with engine.begin() as connection:
        for statement in _PLANT.split(";"):
            connection.execute(text(statement), values)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))  # as autovacuum leaves a table that grew slowly


def stored_clicks(server: EmbeddedPostgres, *, quick: bool) -> list[Row]:
    """Click at both, turn and turn about, and compare the medians."""
    repeats = QUICK_REPEATS if quick else REPEATS
    total = WARM_UP + repeats * sum(CLICKS.values())
    bot_url, bare_url = server.create_database("clicks_bot"), server.create_database("clicks_bare")
    engine = make_engine(bot_url, connections=1)
    migrate(engine)
    plant(engine, total)
    with Apart(loader) as load, Apart(bare_server, bare_url) as bare, Apart(bot_server, bot_url) as bot:
        ports = {"bare": bare.do(port_of), "bot": bot.do(port_of)}
        taken = _interleaved(load, ports, repeats)
    with engine.connect() as connection:
        stored = connection.execute(text("select count(*) from decision")).scalar()
    engine.dispose()
    assert stored == total, f"{stored} of {total} clicks were stored"
    return [row for clients in CLICKS for row in _rows(clients, taken["bot", clients], taken["bare", clients])]


def _interleaved(load: Apart[None], ports: dict[str, int], repeats: int) -> dict[tuple[str, int], list[Outcome]]:
    taken: dict[tuple[str, int], list[Outcome]] = {(name, clients): [] for name in ports for clients in CLICKS}
    first = 1
    for port in ports.values():
        load.do(fire, Burst(port, first, WARM_UP, 10))
    first += WARM_UP
    for repeat in range(repeats):
        for clients, count in CLICKS.items():
            for name in sorted(ports, reverse=bool(repeat % 2)):  # neither is always the first
                taken[name, clients].append(load.do(fire, Burst(ports[name], first, count, clients)))
            first += count
    return taken


def _rows(clients: int, bot: list[Outcome], bare: list[Outcome]) -> list[Row]:
    people = f"{clients} client{'s' if clients > 1 else ''}"
    rate = [o.per_second for o in bot], [o.per_second for o in bare]
    rows = [Row(f"stored click, {people}: clicks/s", middle(rate[0], 0), middle(rate[1], 0), _ratio(*rate), ">= 0.80")]
    for share, target in ((0.5, ""), (0.99, "<= 1.30" if clients > 1 else "")):
        took = [o.percentile(share) * 1000 for o in bot], [o.percentile(share) * 1000 for o in bare]
        name = f"stored click, {people}: p{share * 100:.0f} ms"
        rows.append(Row(name, middle(took[0], 1), middle(took[1], 1), _ratio(*took), target))
    return rows


def _ratio(ours: list[float], theirs: list[float]) -> str:
    """Write the ratio of the medians, and between which values the ratios of the single repeats lie."""
    single = [one / other for one, other in zip(ours, theirs, strict=True)]
    return f"{statistics.median(ours) / statistics.median(theirs):.2f} ({min(single):.2f}-{max(single):.2f})"
