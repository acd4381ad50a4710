"""A Chromium before the sandbox's page; where there is none, these tests say so and are skipped."""

import io
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from bot.sandbox.slack import SlackSandbox
from tests.browser.robot import MANIFEST, Robot

ARTIFACTS = Path(__file__).parents[2] / ".artifacts"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TIMEOUT_MS = 10_000

OpenPage = Callable[..., Page]
Keep = Callable[[Page, str], None]
HOLDS = [
    {"input": "in01", "concept": "people", "value": 0.97, "status": "SUCCESS"},
    {"input": "in01", "concept": "man", "value": 0.36, "status": "PENDING"},
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands in this folder; the hook is handed the tests of the whole run."""
    missing = (
        None if _chromium() else pytest.mark.skip(reason="no Chromium found: install chromium to run the browser tests")
    )
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if missing:
                item.add_marker(missing)


def _chromium() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session", autouse=True)
def _asks_only_what_is_expected() -> Iterator[None]:
    """Else one picture in fifty asks more than its test expects."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("BOT_PROBES", "0")
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser process for all tests; it keeps nothing, and each test has a context of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=list(QUIET), chromium_sandbox=False)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("samples")
    paths = [folder / f"sample{number:02}.png" for number in range(12)]
    for shade, path in enumerate(paths):
        Image.new("L", (60, 40), 20 * shade).save(path)
    return [(path.name, path) for path in paths]


@pytest.fixture
def slack(samples: list[tuple[str, Path]]) -> Iterator[SlackSandbox]:
    """A workspace of its own for each test, without the pacing that would only make tests slow."""
    with SlackSandbox(manifest=MANIFEST, data=None, rate_limits=False, samples=samples, holds=lambda: HOLDS) as sandbox:
        yield sandbox


@pytest.fixture
def robot(slack: SlackSandbox) -> Iterator[Robot]:
    """An app the workspace delivers to."""
    with Robot(slack) as connected:
        yield connected


class QuietPage:
    """A page in a context of its own that ends well only if no script on it failed."""

    def __init__(self, chromium: Browser, url: str, **window: object) -> None:
        description: dict[str, Any] = {"viewport": {"width": 1280, "height": 860}, **window}
        self._errors: list[str] = []
        self._context = chromium.new_context(**description)
        self._page = self._context.new_page()
        self._page.set_default_timeout(TIMEOUT_MS)
        self._page.on("pageerror", lambda error: self._errors.append(str(error)))
        self._page.goto(url)
        self._page.locator("body[data-connected=true]").wait_for()

    def __enter__(self) -> Page:
        return self._page

    def __exit__(self, *_error: object) -> None:
        self._context.close()
        assert self._errors == []


@pytest.fixture
def open_page(chromium: Browser, slack: SlackSandbox) -> Iterator[OpenPage]:
    """Open the page as a member (``as_member="omar"``); other arguments describe the browser's window."""
    with ExitStack() as pages:

        def opened(as_member: str = "dana", place: str = "labels", **window: object) -> Page:
            return pages.enter_context(QuietPage(chromium, f"{slack.url}/#{as_member}/{place}", **window))

        yield opened


@pytest.fixture
def keep() -> Callable[[Page, str], None]:
    """Keep a screenshot of the page beside those of earlier runs, under a git-ignored folder."""

    def shot(page: Page, name: str) -> None:
        ARTIFACTS.mkdir(exist_ok=True)
        page.screenshot(path=ARTIFACTS / f"{name}.png", animations="disabled")

    return shot


@pytest.fixture(scope="session")
def photograph() -> bytes:
    """A real, small PNG."""
    made = io.BytesIO()
    Image.linear_gradient("L").resize((320, 200)).save(made, "PNG")
    return made.getvalue()
