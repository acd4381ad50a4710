"""Cuts as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refused
from bot.domain.thresholds import read_number


@pytest.mark.parametrize(
    "typed",
    [
        "0.9",
        ".9",
        "0,9",
        ",9",
        "90 %",
        "90%",
        "90\u00a0%",
        "90,0 %",
        " 0.9 ",
        "0.90",
        "“0.9”",
        "'0.9'",
        "\u2018.9\u2019",
        '"90%"',
    ],
)
def test_nine_tenths_in_every_form(typed: str) -> None:
    assert read_number(typed) == pytest.approx(0.9)


@pytest.mark.parametrize(("typed", "value"), [("0", 0.0), ("1", 1.0), ("1.", 1.0), ("100 %", 1.0), ("0.5 %", 0.005)])
def test_the_ends_are_taken(typed: str, value: float) -> None:
    assert read_number(typed) == pytest.approx(value)


@given(st.integers(0, 10_000))
def test_point_comma_and_percent_say_the_same(ten_thousandths: int) -> None:
    value = ten_thousandths / 10_000
    written = f"{value:.4f}"
    assert read_number(written) == read_number(written.replace(".", ",")) == value
    assert read_number(f"{value * 100:.2f} %") == pytest.approx(value)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("nan", "not a number"),
        ("NaN", "not a number"),
        ("inf", "not a number"),
        ("1e-1", "not a number"),
        ("0x1", "not a number"),
        ("high", "not a number"),
        ("", "not a number"),
        ("%", "not a number"),
        (".", "not a number"),
        ("0.9.1", "not a number"),
        ("0,9,1", "not a number"),
        ("0.9 0.8", "not a number"),
        ("-0.9", "negative"),
        ("-inf", "negative"),
        ("\u22120.9", "negative"),
        ("1.01", "above 1"),
        ("150 %", "above 1"),
        ("9" * 400, "above 1"),
    ],
)
def test_anything_else_is_refused_with_the_reason(typed: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        read_number(typed)


def test_a_forgotten_percent_sign_is_asked_about() -> None:
    with pytest.raises(Refused, match=r"Did you mean 90% \(0\.9\)\?"):
        read_number("90")


@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_cut_or_a_refusal(typed: str) -> None:
    try:
        value = read_number(typed)
    except Refused:
        return
    assert 0 <= value <= 1
