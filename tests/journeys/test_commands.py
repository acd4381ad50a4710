"""`/annotate`: help that lists what works, hints for typing errors, `status`, `try`."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from tests.journeys.holdings import holdings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.journeys.lab import Lab


@contextmanager
def served(image: bytes) -> Iterator[str]:
    """Serve one image on this machine; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path.partition("?")[0] == "/photo.png" else 404)
            self.send_header("Content-Length", str(len(image)))
            self.end_headers()
            self.wfile.write(image)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/photo.png"
        finally:
            server.shutdown()
            thread.join()


def test_bare_and_help_show_examples_of_what_works(lab: Lab) -> None:
    for text in ("", "help", "  HELP "):
        said = lab.say(text)
        assert "/annotate setup people man adult" in said
        assert "/annotate-thresholds people 0.9" in said
    assert "/annotate-thresholds" in lab.say("help", command="/annotate-thresholds")


def test_every_example_of_the_help_is_understood(lab: Lab) -> None:
    lab.set_up("people man adult")
    for text in (
        "status",
        "live",
        "pause",
        "resume",
        "digest",
        "digest off",
        "try",
        "thresholds",
        "thresholds people 0.9",
    ):
        said = lab.say(text)
        assert "There is no" not in said, text
        assert "Did you mean" not in said, text


def test_a_typing_error_gets_a_hint_and_changes_nothing(lab: Lab) -> None:
    lab.set_up("people", live=False)
    assert "Did you mean `/annotate status`?" in lab.say("stauts")
    assert "Did you mean `/annotate live`?" in lab.say("liev")
    said = lab.say("<!channel> wipe everything")
    assert "There is no" in said
    assert "<!channel>" not in said
    assert "ready" in lab.say("status")


def test_without_a_project_each_command_says_how_to_begin(lab: Lab) -> None:
    for text in ("status", "live", "pause", "resume", "digest", "try", "thresholds", "thresholds people 0.9"):
        assert "This channel is not set up. Try: /annotate setup" in lab.say(text), text
    assert lab.messages() == []


def test_what_makes_no_sense_in_a_set_up_is_refused_at_once(lab: Lab) -> None:
    for text, reason in {
        "setup people>": "linked with nothing",
        "setup >people": "A name is missing",
        'setup "traffic light': "opened and not closed",
        "setup all": "word of the commands",
        "setup undo=people": "word of the commands",
        f"setup {'x' * 80}": "has at most",
    }.items():
        assert reason in lab.say(text), text
    lab.settle_down()
    assert lab.messages() == []
    assert lab.whispers(lab.dana) == [w for w in lab.whispers(lab.dana) if "One moment" not in w]


def test_status_says_how_everything_stands(lab: Lab) -> None:
    lab.set_up("people man")
    lab.card_of(people=0.5, man=0.6)
    said = lab.say("status", by=lab.omar)
    assert "This channel is live" in said
    assert "Clarifai app team of demo" in said
    assert "Set-up: 15 of 15 steps done." in said
    assert "people: accept 0.95, floor 0.20" in said
    assert "Queue: 2 waiting, 0 decided" in said
    assert "Newest annotation seen: <!date^1777888" in said  # in each reader's zone
    assert "|04 May 2026 10:" in said
    assert "the oldest waits since <!date^1777888" in said
    assert "Digest: daily at 09:00 Europe/Berlin" in said
    assert f"<@{lab.dana}> and workspace admins" in said
    assert "0.5" not in said.replace("0.95", "")  # no value of an open review anywhere
    assert "0.6" not in said


def test_status_of_a_stopped_set_up_says_where_and_why(lab: Lab) -> None:
    lab.set_up("peoples", live=False)
    said = lab.say("status")
    assert "stopped at: Find the model's concepts" in said
    assert "knows no concept “peoples”" in said


def test_try_an_address_says_what_would_happen_and_writes_nothing(lab: Lab) -> None:
    lab.set_up("people man adult")
    image = lab.picture()
    lab.model.plant(image, {"people": 0.97, "man": 0.5, "adult": 0.1})
    lab.clarifai.faults.calls.clear()
    with served(image) as address:
        assert "One moment" in lab.say(f"try {address}?size=1&way=2")
        lab.settle_down()
    said = lab.whispers(lab.dana)[-1]
    assert "Nothing was written" in said
    assert "people 0.97: labelled" in said
    assert "man 0.50: to review" in said
    assert "adult 0.10: discarded" in said
    assert lab.held() == []
    assert lab.cards() == []
    with holdings(lab) as app:
        assert list(app.ask("ListInputs", per_page=10).inputs) == []


def test_try_of_what_cannot_be_fetched_or_is_no_address_says_so(lab: Lab) -> None:
    lab.set_up("people")
    assert "Give the address of an image" in lab.say("try photo.jpg")
    assert "Give the address of an image" in lab.say("try file:///etc/passwd")
    with served(b"") as address:
        lab.say(f"try {address}.missing")
        lab.settle_down()
        assert "Clarifai" in lab.whispers(lab.dana)[-1]
    assert lab.held() == []


def test_try_during_an_outage_is_answered_when_it_ends(lab: Lab) -> None:
    lab.set_up("people")
    image = lab.picture()
    lab.model.plant(image, {"people": 0.97})
    with served(image) as address:
        with lab.clarifai.faults.outage():
            lab.say(f"try {address}")
            lab.run("finish_commands", "tell")
            assert "labelled" not in lab.whispers(lab.dana)[-1]
        lab.clock.advance(seconds=30)
        lab.settle_down()
    assert "people 0.97: labelled" in lab.whispers(lab.dana)[-1]


def test_bare_try_shows_the_dry_runs_of_what_waits_for_going_live(lab: Lab) -> None:
    lab.set_up("people", live=False)
    assert "Drop an image" in lab.say("try")
    lab.upload(("a.png", lab.picture(people=0.97)), ("<b>.png", lab.picture(people=0.5)))
    lab.settle_down()
    [message] = lab.messages("checklist")
    lab.press(message, "Try it", by=lab.mia)
    lab.settle_down()
    said = lab.whispers(lab.mia)[-1]
    assert "a.png: people 0.97: labelled" in said
    assert "&lt;b&gt;.png: people 0.50: to review" in said
    assert lab.held() == []


def test_during_a_pause_bare_try_has_no_empty_lines(lab: Lab) -> None:
    lab.set_up("people")
    lab.say("pause")
    lab.upload(("a.png", lab.picture(people=0.97)))
    lab.settle_down()
    assert "a.png" not in lab.say("try")
