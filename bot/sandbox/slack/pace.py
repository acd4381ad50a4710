"""Rate limits: so many calls per minute and method, and about one message per second and channel."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

BURST = 4
"""Messages a channel takes at once before it asks for one per second. Slack says "short bursts"; the number is ours."""


@dataclass
class _Bucket:
    """Tokens that come back at `per_s`; `left` is as of `at`, in monotonic seconds."""

    size: float
    per_s: float
    left: float
    at: float

    def take(self, now: float) -> float:
        """Take one token; return 0, or the seconds until there is one."""
        self.left = min(self.size, self.left + (now - self.at) * self.per_s)
        self.at = now
        if self.left >= 1:
            self.left -= 1
            return 0.0
        return (1 - self.left) / self.per_s


@dataclass
class Pace:
    """All buckets; `on` switches them."""

    on: bool = True
    now: Callable[[], float] = time.monotonic
    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def _wait(self, key: str, size: float, per_s: float) -> float:
        now = self.now()
        bucket = self._buckets.setdefault(key, _Bucket(size, per_s, size, now))
        return bucket.take(now)

    def retry_after_s(self, method: str, per_minute: int | None, channel: str | None) -> int:
        """Whole seconds to wait before this call would be taken; 0 when it is taken now."""
        if not self.on:
            return 0
        wait = 0.0 if per_minute is None else self._wait(method, per_minute, per_minute / 60)
        if not wait and channel is not None and method == "chat.postMessage":
            wait = self._wait(f"{method} {channel}", BURST, 1.0)
        return math.ceil(wait)
