"""Members who upload, press, take back and change thresholds, each in a thread, and write down what they did."""

from __future__ import annotations

import hashlib
import random
import threading
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.app.outside import DANA, LABELS, MIA, OMAR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.app.outside import Outside
    from tests.faults.chaos.history import History

SECOND = "C0SECOND01"
CHANNELS = (LABELS, SECOND)
CONCEPTS = ("people", "man", "adult")
VALUES = (0.1, 0.25, 0.4, 0.55, 0.7, 0.86, 0.92, 0.97, 0.995)
CUTS = (0.8, 0.9, 0.95, 0.98)
MOST_WAITING = 7  # pictures in a channel without an answer; more would only wait for Slack's one post a second
MOST_PRESSES = 10  # of one card, after which nobody takes anything back
PRESSES_A_MEMBER = 2  # threads of each; people press at the same time


@dataclass(frozen=True)
class Button:
    """A button on a card as somebody sees it."""

    card: dict[str, Any]
    channel: str
    action_id: str
    block_id: str
    value: str

    @property
    def act(self) -> str:
        """approve, reject, unsure or undo."""
        return "undo" if self.action_id == "undo" else self.action_id.split(":")[1]

    @property
    def reviews(self) -> list[int]:
        return [] if self.act == "undo" else [int(one) for one in self.value.split(",")]


def buttons(card: dict[str, Any], channel: str) -> Iterator[Button]:
    for block in card.get("blocks") or []:
        for element in block.get("elements") or [] if block["type"] == "actions" else []:
            if element["action_id"] == "undo" or element["action_id"].startswith("decide:"):
                yield Button(card, channel, element["action_id"], block["block_id"], element["value"])


class Crowd:
    """Everybody."""

    def __init__(self, outside: Outside, history: History, *, seed: int) -> None:
        self._outside, self._history, self._seed = outside, history, seed
        self._going = threading.Event()
        self._door = threading.Lock()
        self._pressed: Counter[str] = Counter()
        self._uploaded = dict.fromkeys(CHANNELS, 0)
        self._threads = [
            threading.Thread(target=self._live, args=(by, self._luck(by, n)), daemon=True)
            for by in (OMAR, MIA)
            for n in range(PRESSES_A_MEMBER)
        ] + [threading.Thread(target=self._rule, args=(self._luck("rules"),), daemon=True)]

    def _luck(self, *who: object) -> random.Random:
        return random.Random(f"{self._seed} {who}")  # noqa: S311 - not for secrets

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Wait until everybody has finished what they were about."""
        self._going.set()
        for thread in self._threads:
            thread.join()

    def cards(self, channel: str) -> list[dict[str, Any]]:
        return self._outside.messages("card", channel)

    def press(self, by: str, button: Button) -> bool:
        """Press, and write down how it ended. Without an answer (False) nobody knows whether it counted."""
        subject = button.card["metadata"]["event_payload"]["subject"]
        number = self._history.invoke(
            "click",
            by=by,
            channel=button.channel,
            input=subject,
            act=button.act,
            reviews=button.reviews,
        )
        answer = self._outside.slack.press(
            by,
            button.channel,
            button.card["ts"],
            action_id=button.action_id,
            block_id=button.block_id,
            seen=button.card,
        )
        self._history.end("click", number, "ok" if answer.ok else "unknown", error=answer.error)
        self._pressed[subject] += 1
        return answer.ok

    def upload(self, by: str, channel: str, chance: random.Random) -> None:
        """Drop some pictures nobody has seen into a channel."""
        files, told = [], []
        for _ in range(chance.randint(1, 3)):
            values = {concept: chance.choice(VALUES) for concept in CONCEPTS if chance.random() < 2 / 3}
            with self._door:
                data = self._outside.picture(**values)
            input_id = f"in{hashlib.sha256(data).hexdigest()[:30]}"
            files.append((f"{input_id[:8]}.png", data))
            told.append({"input": input_id, "values": values})
        with self._door:
            self._uploaded[channel] += len(files)
        ts = self._outside.slack.upload(by, channel, files)
        self._history.note("upload", by=by, channel=channel, ts=ts, pictures=told)

    def _live(self, by: str, chance: random.Random) -> None:
        while not self._going.wait(chance.uniform(0.05, 0.5)):
            channel = chance.choice(CHANNELS)
            cards = self.cards(channel)
            choice = [list(buttons(card, channel)) for card in cards]
            asking = [b for b in choice if b and b[0].act != "undo"]
            if self._uploaded[channel] - len(cards) + len(asking) < MOST_WAITING and chance.random() < 1 / 2:
                self.upload(by, channel, chance)
                continue
            decided = [b[0] for b in choice if b and b[0].act == "undo" and self._may_go_on(b[0])][-6:]
            if decided and chance.random() < 1 / 4:
                answered = self.press(by, chance.choice(decided))
            else:
                answered = not asking or self.press(by, chance.choice(chance.choice(asking)))
            if not answered:
                self._going.wait(1.0)  # people look first

    def _may_go_on(self, button: Button) -> bool:
        """Whether a card is worth another round: many rounds of one card tell nothing new."""
        return self._pressed[button.card["metadata"]["event_payload"]["subject"]] < MOST_PRESSES

    def _rule(self, chance: random.Random) -> None:
        """The admin changes a threshold now and then, one after the other."""
        while not self._going.wait(chance.uniform(3, 12)):
            channel, concept, accept = chance.choice(CHANNELS), chance.choice(CONCEPTS), chance.choice(CUTS)
            number = self._history.invoke("cut", channel=channel, concept=concept, accept=accept)
            answer = self._outside.slack.slash(DANA, channel, "/annotate-thresholds", f"{concept} {accept}")
            state = "ok" if answer.status == "ok" else "unknown"
            self._history.end("cut", number, state, saved="Saved" in answer.text, said=answer.text)
