"""Check the documents: links, commands, names of variables, numbering. Part of `make check`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import typer

from bot.cli import app
from bot.settings import Settings

TOP = Path(__file__).parents[1]
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")
FENCE = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
INTERNAL = {"crash_at"}  # for tests only


def main() -> int:
    """Print every fault and return how many there are."""
    pages = sorted([*TOP.glob("*.md"), *TOP.glob("docs/**/*.md"), *TOP.glob("benchmarks/*.md")])
    faults = [f"{page.relative_to(TOP)}: {fault}" for page in pages for fault in _faults(page)]
    faults += _decisions() + _variables()
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    sys.stdout.write(f"docs: {len(pages)} pages, {len(faults)} faults\n")
    return len(faults)


def _faults(page: Path) -> list[str]:
    text = page.read_text("utf-8")
    return [*_broken_links(page, text), *_unknown_commands(text), *_index_hosts(text)]


def _broken_links(page: Path, text: str) -> list[str]:
    faults = []
    for path, anchor in LINK.findall(text):
        target = (page.parent / path).resolve() if path else page
        if not target.exists():
            faults.append(f"links to {path}, which does not exist")
        elif anchor and anchor not in _anchors(target.read_text("utf-8")):
            faults.append(f"links to {path}#{anchor}, which has no such heading")
    return faults


def _anchors(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def _unknown_commands(text: str) -> list[str]:
    verbs, targets = _verbs(), set(re.findall(r"^([a-z]+):", (TOP / "Makefile").read_text(), re.MULTILINE))
    faults = []
    for block in FENCE.findall(text):
        faults += [f"names the verb {v}, which does not exist" for v in _used(r"annotate-bot", block) if v not in verbs]
        faults += [f"names make {t}, which does not exist" for t in _used(r"make", block) if t not in targets]
    return faults


def _used(program: str, block: str) -> list[str]:
    return re.findall(rf"^(?:[\w=]+ )*(?:web: |worker: |release: )?{program} ([a-z]\S*)", block, re.MULTILINE)


def _verbs() -> set[str]:
    command = typer.main.get_command(app)
    return set(getattr(command, "commands", {}))


def _index_hosts(text: str) -> list[str]:
    found = re.findall(r"\b(?:pypi\W+org|python[h]osted|registry\W+npm\w*|deb\W+debian)\b", text)
    return [f"names the index host {host}" for host in found]


def _decisions() -> list[str]:
    names = sorted(p.name for p in (TOP / "docs" / "decisions").glob("*.md"))
    numbers = [int(name[:4]) for name in names]
    return [] if numbers == list(range(1, len(names) + 1)) else [f"docs/decisions: numbered {numbers}"]


def _variables() -> list[str]:
    readme = (TOP / "README.md").read_text("utf-8") + (TOP / "docs" / "operations.md").read_text("utf-8")
    names = [name.upper() for name in Settings.model_fields if name not in INTERNAL]
    return [f"README.md, docs/operations.md: {name} is not mentioned" for name in names if name not in readme]


if __name__ == "__main__":
    sys.exit(min(main(), 1))
