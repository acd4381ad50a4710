"""Pages: counted from 1, oldest first, at most 1,000 long, empty past the end."""

from dataclasses import dataclass
from typing import Final

from bot.sandbox.clarifai.answers import invalid

LONGEST_PAGE: Final = 1000
USUAL_PAGE: Final = 20


@dataclass(frozen=True)
class Page:
    limit: int
    offset: int


def page_of(page: int, per_page: int, usual: int = USUAL_PAGE) -> Page:
    if per_page > LONGEST_PAGE:
        invalid(f"per_page is at most {LONGEST_PAGE}, not {per_page}")
    limit = per_page or usual
    return Page(limit=limit, offset=(max(page, 1) - 1) * limit)


EVERYTHING: Final = Page(limit=-1, offset=0)
