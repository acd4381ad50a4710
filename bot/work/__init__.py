"""When and where passes run: the clock, the queue, the worker, and the wake-up after a commit."""

from bot.work.clock import WorkClock
from bot.work.passes import LONGEST_PASS_S, Pass, Passes, Work
from bot.work.queue import Queue
from bot.work.waking import Waker
from bot.work.worker import Worker, WorkerTimes

__all__ = ["LONGEST_PASS_S", "Pass", "Passes", "Queue", "Waker", "Work", "WorkClock", "Worker", "WorkerTimes"]
