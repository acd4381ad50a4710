"""Lists of addresses: which lines go on, and why the others do not."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.addresses import (
    MOST_LINES,
    clean_address,
    harmless,
    input_id_of_address,
    name_of_address,
    read_list,
)
from bot.domain.errors import Refused

GOOD = "https://photos.example.com/cat.jpg"


def refused(data: bytes) -> str:
    with pytest.raises(Refused) as why:
        list(read_list(data))
    return str(why.value)


@pytest.mark.parametrize(
    ("data", "about"),
    [
        (f"url\n{GOOD}\n", {}),
        (f"\ufeffurl\r\n{GOOD}\r\n", {}),
        (f"URL,camera\n{GOOD},left\n", {"camera": "left"}),
        (f"camera; Url \nleft;{GOOD}\n", {"camera": "left"}),
        (f'url,note\n{GOOD},"a, b"\n', {"note": "a, b"}),
        (f"url,note\n\n{GOOD}\n", {}),
    ],
)
def test_forms_that_are_read(data: str, about: dict[str, str]) -> None:
    [line] = read_list(data.encode())
    assert (line.url, line.about, line.reason) == (GOOD, about, "")


def test_lines_are_counted_as_a_spreadsheet_does() -> None:
    lines = list(read_list(f'url,note\n{GOOD},"two\nlines"\n\nhttp://10.0.0.1/,\n'.encode()))
    assert [(line.line, bool(line.reason)) for line in lines] == [(2, False), (4, True)]


def test_a_comma_stays_part_of_an_address_where_there_is_one_column() -> None:
    [line] = read_list(b"url\nhttps://photos.example.com/w_100,h_100/cat.jpg\n")
    assert line.url.endswith("/w_100,h_100/cat.jpg")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no column called url"),
        (b"address\nhttps://a.example.com/\n", "no column called url"),
        (b"url,url\n", "no column called url"),
        (b"https://a.example.com/1.jpg\n", "no column called url"),
        (b"url\n", "no lines below its header"),
        (b"url\n\n \n", "no lines below its header"),
        (b"url,sha256\nhttps://a.example.com/,1\n", "a name the bot itself uses"),
        (b"url,a,A\n", "two columns called a"),
        (("url," + ",".join(map(str, range(40)))).encode(), "more than 30 columns"),
        ("url\nhttps://a.example.com/\n".encode("utf-16"), "not UTF-8"),
        (b"url\nhttps://a.example.com/\xff\n", "not UTF-8"),
        (b"url,a\nhttps://a.example.com/," + b"x" * 200_000 + b"\n", "cannot be read as CSV"),
    ],
)
def test_a_file_nobody_can_use_says_why(data: bytes, why: str) -> None:
    assert why in refused(data)


def test_the_cap_is_said_and_nothing_more_is_read() -> None:
    lines = "".join(f"https://a.example.com/{n}.jpg\n" for n in range(MOST_LINES))
    assert sum(1 for _ in read_list(f"url\n{lines}".encode())) == MOST_LINES
    assert refused(f"url\n{lines}https://a.example.com/more.jpg\n".encode()) == (
        "has more than 50,000 lines: split it into several files"
    )


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("", "no address"),
        ("cat.jpg", "http:// or https://"),
        ("ftp://a.example.com/cat.jpg", "http:// or https://"),
        ("file:///etc/passwd", "http:// or https://"),
        ("javascript:alert(1)", "http:// or https://"),
        ('=HYPERLINK("https://a.example.com")', "http:// or https://"),
        ("https://a.example.com/a b.jpg", "http:// or https://"),
        ("https://", "http:// or https://"),
        ("https://[::1", "no address of the web"),
        ("https://a.example.com:port/", "no address of the web"),
        ("https://me:secret@a.example.com/", "name or password"),
        (f"https://a.example.com/{'x' * 2000}", "over 2,000 characters"),
        *[
            (f"http://{host}/cat.jpg", "private address")
            for host in (
                "localhost",
                "LOCALHOST.",
                "printer",
                "nas.local",
                "db.internal",
                "127.0.0.1",
                "127.1",
                "2130706433",
                "0x7f.0.0.1",
                "0177.0.0.1",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",  # noqa: S104 - refused, not bound
                "224.0.0.1",
                "[::1]",
                "[fe80::1]",
                "[fd00::1]",
                "[::ffff:10.0.0.1]",
                "[2002:7f00:1::]",
                "metadata.google.internal",
            )
        ],
    ],
)
def test_an_address_that_is_none_of_the_public_web_is_refused(given: str, why: str) -> None:
    with pytest.raises(Refused, match=why.replace("(", "\\(")):
        clean_address(given)


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("HTTPS://Photos.Example.COM/Cat.jpg#top", "https://photos.example.com/Cat.jpg"),
        ("http://8.8.8.8:8080/a?b=c", "http://8.8.8.8:8080/a?b=c"),
        ("https://[2001:4860:4860::8888]/a", "https://[2001:4860:4860::8888]/a"),
        ("https://photos.example.com", "https://photos.example.com/"),
    ],
)
def test_addresses_that_mean_the_same_are_the_same(given: str, clean: str) -> None:
    assert clean_address(given) == clean
    assert clean_address(clean) == clean


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (f"url,a\n{GOOD},1,2\n", "more columns than the header"),
        (f"url,a\n{GOOD},{'x' * 1001}\n", "over 1,000 characters"),
        (f"url,a\n{GOOD},\x00\n", "no text"),
        ("url,a\n,1\n", "no address"),
    ],
)
def test_one_bad_line_holds_no_other_up(data: str, why: str) -> None:
    bad, good = read_list((data + f"{GOOD},1\n").encode())
    assert why in bad.reason
    assert good.reason == ""


def test_an_id_is_that_of_the_project_and_the_address() -> None:
    first = input_id_of_address("p1", GOOD)
    assert first == input_id_of_address("p1", GOOD)
    assert first != input_id_of_address("p2", GOOD)
    assert first.startswith("in")
    assert len(first) == 32


def test_a_picture_is_named_by_its_address() -> None:
    assert name_of_address("https://a.example.com/b/cat%20one.jpg?x=1") == "cat one.jpg"
    assert name_of_address("https://a.example.com/") == "a.example.com"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless(f"x{cell}") == f"x{cell}"


@given(st.lists(st.lists(st.text(max_size=30), max_size=4), max_size=10))
def test_whatever_stands_in_a_file_is_read_or_refused(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["url", "a"], *rows])
    try:
        lines = list(read_list(out.getvalue().encode("utf-8", "replace")))
    except Refused:
        return
    assert all(line.reason or line.url.startswith("http") for line in lines)


@given(st.binary(max_size=200))
def test_whatever_bytes_a_file_has_it_is_read_or_refused(data: bytes) -> None:
    try:
        list(read_list(data))
    except Refused:
        return
