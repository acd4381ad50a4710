"""Every command line that the documents show is understood by the bot, and none is a typing error of another."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.journeys.lab import Lab

TOP = Path(__file__).parents[2]
SHOWN = re.compile(r"`(/annotate(?:-thresholds)?(?: [^`]*)?)`")
LAST = ("leave", "pause")  # what ends or stops a channel is typed last


def lines() -> list[tuple[str, str]]:
    """Every (command, text) of the README and the pages, those that stop the channel at the end."""
    pages = [TOP / "README.md", *sorted((TOP / "docs").glob("*.md"))]
    found = {line for page in pages for line in SHOWN.findall(page.read_text("utf-8"))}
    typed = [tuple(line.partition(" ")[::2]) for line in sorted(found)]
    return sorted(((command, text) for command, text in typed), key=lambda line: line[1].startswith(LAST))


def test_the_documents_show_commands() -> None:
    assert len(lines()) > 10


def test_every_command_of_the_documents_is_understood(lab: Lab) -> None:
    lab.set_up("people man adult")
    for command, text in lines():
        said = html.unescape(lab.say(text, command=command))
        assert "There is no `" not in said, (command, text, said)
        assert "Did you mean" not in said, (command, text, said)
        assert "comes later" not in said, (command, text, said)
        for view in lab.workspace.open_views(lab.dana)[::-1]:
            lab.workspace.close_view(lab.dana, view["id"])
