from __future__ import annotations

from bot.web import Metrics


def test_two_bots_in_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.posts.labels("posted").inc(3)
    assert b'bot_posts_total{outcome="posted"} 3.0' in one.render()
    assert b"bot_posts_total{" not in other.render()


def test_what_waits_is_published_with_its_age() -> None:
    metrics = Metrics()
    metrics.queue_length.labels("decided").set(2)
    metrics.queue_age.labels("decided").set(7.5)
    metrics.dead_letters.labels("settle").set(1)
    published = metrics.render().decode()
    assert 'bot_queue_length{state="decided"} 2.0' in published
    assert 'bot_queue_age_seconds{state="decided"} 7.5' in published
    assert 'bot_dead_letters{state="settle"} 1.0' in published


def test_a_click_within_slacks_three_seconds_is_counted_in_a_bucket() -> None:
    metrics = Metrics()
    metrics.click_seconds.observe(2.9)
    assert b'bot_click_seconds_bucket{le="3.0"} 1.0' in metrics.render()
