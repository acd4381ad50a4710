"""A crowd: 25 threads that press on each review at the same moment; says what each was answered, as JSON."""

import datetime as dt
import json
import sys
import threading

from bot.domain.reviews import Verdict
from bot.storage.ballot import SqlBallot
from bot.storage.engine import make_engine
from bot.usecases.deciding import Press

CROWD = 25


def press_all(url: str, name: str, reviews: list[str]) -> list[tuple[str, str, str]]:
    ballot = SqlBallot(engine := make_engine(url, connections=CROWD))
    start, answers = threading.Barrier(CROWD + 1), []

    def person(number: int) -> None:
        who, verdict = f"{name}{number}", (Verdict.APPROVE, Verdict.REJECT)[number % 2]
        start.wait()
        for review in reviews:
            now = dt.datetime.now(dt.UTC)
            press = Press(f"{who} {review}", "T1", "C1", who)
            answers.append((who, review, ballot.decide(press, [int(review)], verdict, at=now, draw_after=now).value))

    threads = [threading.Thread(target=person, args=(n,)) for n in range(CROWD)]
    for thread in threads:
        thread.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    start.wait()
    for thread in threads:
        thread.join()
    engine.dispose()
    return answers


if __name__ == "__main__":
    sys.stdout.write(json.dumps(press_all(sys.argv[1], sys.argv[2], sys.argv[3:])))
