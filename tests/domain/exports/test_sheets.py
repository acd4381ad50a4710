"""JSON lines that nothing breaks, and CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.exports import COLUMNS, picture_of
from bot.domain.exports.sheets import cell, csv_head, csv_lines, json_line
from tests.domain.exports.facts import answered

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT)
def test_a_json_line_is_one_line_whatever_the_file_is_called(name: str) -> None:
    [pair] = picture_of([answered("approve", file_name=name)], "general").pairs
    written = json_line(pair.line)
    assert written.splitlines() == [written[:-1]]
    assert json.loads(written) == pair.line._asdict()


@given(TEXT)
def test_csv_has_one_row_a_line_and_the_same_columns(name: str) -> None:
    [pair] = picture_of([answered("reject", file_name=name)], "general").pairs
    text = csv_head() + csv_lines([pair.line, pair.line])
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    assert tuple(head) == COLUMNS
    assert [len(row) for row in rows] == [len(COLUMNS)] * 2
    assert len(text.splitlines()) == 3
    assert dict(zip(head, rows[0], strict=True))["label"] == "0"


@pytest.mark.parametrize(
    "words", ["=cmd()", "+1", "-1", "@SUM(A1)", "\t=1+1", "  =1", "\uff1d1", "\n=1", "%0A=1", "|x"]
)
def test_what_would_be_a_formula_stays_text(words: str) -> None:
    assert cell(words).startswith("'")


@pytest.mark.parametrize("words", ["cat.png", "", "a=b", "<!channel>", "людей.png"])
def test_other_text_stays_as_it_is(words: str) -> None:
    assert cell(words) == words
