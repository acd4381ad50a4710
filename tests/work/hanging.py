"""A worker process with one pass that never ends; says so, and waits to be killed."""

import sys
import threading

from bot.work import Pass, Queue, Work, Worker, WorkerTimes


def hang(key: str) -> int:
    sys.stdout.write(f"inside {key}\n")
    sys.stdout.flush()
    threading.Event().wait()
    return 0


if __name__ == "__main__":
    queue = Queue(sys.argv[1])
    queue.open()
    Worker(sys.argv[1], queue, {Pass.SETTLE: Work(hang)}, times=WorkerTimes.noticing_within(0.5)).start()
    threading.Event().wait()
