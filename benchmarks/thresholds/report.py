"""Tables in Markdown."""

from __future__ import annotations


def percent(share: float, digits: int = 0) -> str:
    return f"{100 * share:.{digits}f} %"


class Table:
    """Rows of words under a heading; repeats of a row's first cells are left as they are, so that each can be read."""

    def __init__(self, *heading: str) -> None:
        self.rows: list[tuple[str, ...]] = [heading]

    def add(self, *cells: str) -> None:
        assert len(cells) == len(self.rows[0])
        self.rows.append(cells)

    def __str__(self) -> str:
        drawn = ["| " + " | ".join(row) + " |" for row in self.rows]
        return "\n".join([drawn[0], "|" + "---|" * len(self.rows[0]), *drawn[1:]])
