"""What somebody at the sandbox's page waits for: a click, a long channel; and what the stand-in answers in a second."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playwright.sync_api import Page, Response, sync_playwright

from benchmarks.apart import Apart
from benchmarks.table import Row
from bot.app.demo import Demo, running_demo
from bot.sandbox.slack import SlackSandbox
from bot.slack.manifest import manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.storage.embedded import EmbeddedPostgres

CLICKS, QUICK_CLICKS = 40, 10
MESSAGES, OPENINGS, CALLS, CONNECTIONS = 2000, 5, 2000, 4
CHANNEL = "C0LABELS01"
PICTURE = "coins.png"
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PATIENCE_MS = 60_000

_CLICK = """([picture, label, wanted]) => new Promise((resolve) => {
  const card = () => [...document.querySelectorAll("article")].find((one) =>
    one.querySelector(`button[aria-label^="Enlarge ${picture}, uploaded by"]`));
  const button = [...card().querySelectorAll("button")].find((one) => one.textContent === label);
  const began = performance.now();
  const look = () => {
    if (!card()?.textContent.includes(wanted)) return;
    watch.disconnect();
    requestAnimationFrame(() => resolve(performance.now() - began));
  };
  const watch = new MutationObserver(look);
  watch.observe(document.querySelector("#messages"), { childList: true, subtree: true, characterData: true });
  button.click();
})"""

_WATCH_OPENING = """window.opened = new Promise((resolve) => addEventListener("DOMContentLoaded", () => {
  const watch = new MutationObserver(() => {
    if (!document.body.textContent.includes("message 1999")) return;
    watch.disconnect();
    requestAnimationFrame(() => resolve(performance.now()));
  });
  watch.observe(document.body, { childList: true, subtree: true });
}));"""


def at_the_page(_server: EmbeddedPostgres, *, quick: bool) -> list[Row]:
    """Click at the whole system, open a long channel, and call the Web API as fast as it answers."""
    chromium = next((path for name in _CHROMIUM if (path := shutil.which(name))), None)
    if chromium is None:
        return [Row("the page", "not measured: no Chromium found")]
    folder = Path(tempfile.mkdtemp(prefix="annotate-bench-page-"))
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, chromium_sandbox=False)
            with Apart(running_bot, folder) as bot:
                clicks = _clicked(browser.new_page(), bot.do(unlimited), QUICK_CLICKS if quick else CLICKS)
            with Apart(long_channel) as slack:
                address, token = slack.do(addresses)
                rows = [*clicks, *_opened(browser.new_page(), address), *_called(address, token)]
            browser.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return rows


@contextmanager
def running_bot(folder: Path) -> Iterator[Demo]:
    """Everything `make demo` starts, with the real model."""
    with running_demo(folder) as demo:
        yield demo


def unlimited(demo: Demo) -> str:
    """Lift Slack's 50 updates a minute, which would be measured otherwise; return the page's address."""
    demo.slack.tune(rate_limits=False)
    return demo.slack.url


@contextmanager
def long_channel() -> Iterator[SlackSandbox]:
    """A workspace whose channel has 2,000 messages; each tenth has a thread."""
    with SlackSandbox(manifest=manifest(), rate_limits=False) as slack:
        for number in range(MESSAGES):
            ts = slack.say("omar", CHANNEL, f"message {number} with *some* <https://example.com|words>")
            if number % 10 == 0:
                slack.say("mia", CHANNEL, "a reply", thread_ts=ts)
        yield slack


def addresses(slack: SlackSandbox) -> tuple[str, str]:
    return slack.url, slack.bot_token


def _clicked(page: Page, address: str, count: int) -> list[Row]:
    page.set_default_timeout(_PATIENCE_MS)
    page.goto(f"{address}/#dana/labels")
    page.get_by_role("button", name="Set up (people, man, adult)").click()
    page.get_by_role("button", name="Go live").click()
    page.get_by_text(re.compile("is live", re.IGNORECASE)).first.wait_for()
    page.get_by_role("button", name="Use 12 sample photographs").click()
    began = time.perf_counter()
    page.get_by_role("button", name=re.compile("^Approve")).first.wait_for()
    first_card_s = time.perf_counter() - began
    page.get_by_role("button", name=f"Reject all on {PICTURE}").wait_for()
    took: dict[str, list[float]] = {"Reject all": [], "Undo": []}
    for _ in range(count):
        took["Reject all"].append(page.evaluate(_CLICK, [PICTURE, "Reject all", "rejected by @dana"]))
        took["Undo"].append(page.evaluate(_CLICK, [PICTURE, "Undo", "Which of these fit"]))
    page.close()
    rows = [_percentiles(f"click on {label} -> card rewritten on the page", ms) for label, ms in took.items()]
    return [
        *rows,
        Row("12 photographs uploaded -> first card on the page: seconds", f"{first_card_s:.1f}", "", "", "< 5"),
    ]


def _percentiles(what: str, took_ms: list[float]) -> Row:
    p95 = statistics.quantiles(took_ms, n=20)[-1]
    return Row(f"{what}: p50, p95 ms", f"{statistics.median(took_ms):.0f}, {p95:.0f}", "", "", "p50 < 250")


def _opened(page: Page, address: str) -> list[Row]:
    page.add_init_script(_WATCH_OPENING)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright wants a function
    took = [_opening_ms(page, address)]
    files = [len(one.body()) for one in answers if "/page/api/" not in one.url]
    took += [_opening_ms(page, address) for _ in range(OPENINGS - 1)]
    middle = f"{statistics.median(took):.0f} ({min(took):.0f}-{max(took):.0f})"
    return [
        Row(f"a channel of {MESSAGES:,} messages opens: ms", middle, "", "", "< 1000"),
        Row(
            f"weight of the page in {len(files)} files, not compressed: kB", f"{sum(files) / 1000:.0f}", "", "", "< 300"
        ),
    ]


def _opening_ms(page: Page, address: str) -> float:
    page.goto("about:blank")
    page.goto(f"{address}/#dana/labels")
    return float(page.evaluate("window.opened"))


def _called(address: str, token: str) -> list[Row]:
    rows = []
    for method, body in (("auth.test", {}), ("chat.postMessage", {"channel": CHANNEL, "text": "hello"})):
        calls = partial(_calls, address, token, method, body)
        began = time.perf_counter()
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            list(pool.map(calls, [CALLS // CONNECTIONS] * CONNECTIONS))
        per_second = CALLS / (time.perf_counter() - began)
        rows.append(Row(f"{method} over {CONNECTIONS} connections: calls/s", f"{per_second:.0f}"))
    return rows


def _calls(address: str, token: str, method: str, body: dict[str, str], count: int) -> None:
    """One connection's share of the calls, one after the other."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    for _ in range(count):
        connection.request("POST", f"/api/{method}", json.dumps(body), headers)
        assert json.loads(connection.getresponse().read())["ok"]
    connection.close()
