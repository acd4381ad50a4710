"""Every figure the bot publishes, declared in one place."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

_CLICK_BUCKETS_S = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0)  # Slack gives up after 3 s


class Metrics:
    """The figures of one process, in a registry of their own, so that two bots in one process do not add up.

    Counters are this process's since its start. Gauges are facts about the database, set by whoever reads them last.
    """

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self.clicks = Counter("bot_clicks", "Verdicts pressed, by what became of them", ["outcome"], registry=registry)
        self.click_seconds = Histogram(
            "bot_click_seconds",
            "From the request to the committed decision",
            buckets=_CLICK_BUCKETS_S,
            registry=registry,
        )
        self.uploads = Counter("bot_uploads", "Files dropped into a channel", ["outcome"], registry=registry)
        self.posts = Counter("bot_posts", "Messages sent to Slack", ["outcome"], registry=registry)
        self.settles = Counter("bot_settles", "Annotations written to Clarifai", ["outcome"], registry=registry)
        self.passes = Counter("bot_passes", "Passes of the worker", ["name", "outcome"], registry=registry)
        self.queue_length = Gauge("bot_queue_length", "Rows that wait", ["state"], registry=registry)
        self.queue_age = Gauge(
            "bot_queue_age_seconds", "Age of the oldest row that waits", ["state"], registry=registry
        )
        self.dead_letters = Gauge(
            "bot_dead_letters", "Rows given up after their last attempt", ["state"], registry=registry
        )

    def render(self) -> bytes:
        """Return all figures as Prometheus text."""
        return generate_latest(self._registry)
