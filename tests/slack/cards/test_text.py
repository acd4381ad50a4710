from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.text import channel, link, mention, moment, mrkdwn, plain, with_mentions


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("<!channel>", "&lt;!channel&gt;"),
        ("a & b", "a &amp; b"),
        ("two\nlines\tand  blanks", "two lines and blanks"),
        ("gpj.\u202eexe", "gpj.exe"),
        ("", "unnamed"),
        ("\ud800 \ud800", "unnamed"),
        ("\u200b \ufeff", "unnamed"),
        ("\U0001f469\u200d\U0001f680", "\U0001f469\u200d\U0001f680"),
    ],
)
def test_text_is_put_on_one_line_and_escaped(typed: str, sent: str) -> None:
    assert mrkdwn(typed) == sent


@given(st.text(alphabet="&<>ab", max_size=50), st.integers(2, 40))
def test_a_cut_never_falls_within_an_entity(typed: str, limit: int) -> None:
    sent = mrkdwn(typed, limit)
    assert 1 <= len(sent) <= limit
    assert sent.count("&") == sent.count(";")


def test_plain_text_is_cut_with_a_sign() -> None:
    assert plain("abcdef", 4) == "abc\u2026"


def test_only_ids_become_mentions() -> None:
    assert mention("U0DANA001") == "<@U0DANA001>"
    assert mention("!channel") == "!channel"
    assert mention("U1><!channel") == "U1&gt;&lt;!channel"
    assert mention("") == "somebody"


def test_a_refusal_may_name_who_can_and_may_not_call_everybody() -> None:
    assert with_mentions(mrkdwn("Only <@U0DANA001> may. <!channel> <@everyone>")) == (
        "Only <@U0DANA001> may. &lt;!channel&gt; &lt;@everyone&gt;"
    )


def test_a_channel_is_named_by_its_id_only() -> None:
    assert channel("C0LABELS01") == "<#C0LABELS01>"
    assert channel("C1|x> <!channel") == "&lt;#C1|x&gt; &lt;!channel&gt;"


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "https://x y", "https://x|y", "https://x>y", "ftp://x"])
def test_only_clean_web_addresses_become_links(address: str) -> None:
    assert link(address, "words") == "words"


def test_an_ampersand_in_an_address_is_escaped() -> None:
    assert link("https://x.example/?a=1&b=2", "w") == "<https://x.example/?a=1&amp;b=2|w>"


def test_times_are_shown_in_each_readers_own_zone() -> None:
    at = dt.datetime(2026, 5, 3, 14, 3, tzinfo=dt.UTC)
    assert moment(at) == "<!date^1777816980^{date_short_pretty} {time}|03 May 2026 14:03 UTC>"
