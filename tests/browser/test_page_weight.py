"""The page is light and small enough to read."""

from pathlib import Path

import bot.sandbox.slack as sandbox

PAGE = Path(sandbox.__file__).parent / "page"
HEAVIEST_BYTES = 200_000
LONGEST_LINES = 300


def test_everything_the_page_loads_is_lighter_than_200_kilobytes() -> None:
    assert sum(file.stat().st_size for file in PAGE.iterdir()) < HEAVIEST_BYTES


def test_no_module_of_the_page_is_longer_than_300_lines() -> None:
    long = {file.name for file in PAGE.glob("*.js") if len(file.read_text("utf-8").splitlines()) >= LONGEST_LINES}
    assert long == set()


def test_no_module_of_the_page_parses_text_as_markup() -> None:
    parsers = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser")
    guilty = {file.name for file in PAGE.glob("*.js") for parser in parsers if parser in file.read_text("utf-8")}
    assert guilty == set()
