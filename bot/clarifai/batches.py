"""Many items in few requests, each item with an outcome of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.errors import PlatformError, PlatformRefused, PlatformUnavailable, WrongKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TypeVar

    T = TypeVar("T")
    R = TypeVar("R")

MOST_SPLITS = 32  # finds two bad items of 128; more of them are a fault of the request, not of an item


def deliver(
    batches: Iterable[Sequence[T]],
    send: Callable[[Sequence[T]], Sequence[R]],
    failed: Callable[[T, PlatformError], R],
    *,
    most_splits: int = MOST_SPLITS,
) -> list[R]:
    """Send batch after batch; the results keep the order of the items.

    A batch that is refused as a whole is halved until the item that is meant stands alone, so that one bad item
    holds nobody else up. Once Clarifai is away or the key is wrong nothing more is sent, and the rest gets that error.
    Because of the halving, `send` must be harmless to repeat.
    """
    results: list[R] = []
    stopped: PlatformError | None = None
    for batch in batches:
        waiting, splits = [batch], 0
        while waiting:
            part = waiting.pop()
            if stopped:
                results += [failed(item, stopped) for item in part]
                continue
            try:
                results += send(part)
            except (PlatformUnavailable, WrongKey) as error:
                stopped = error
                waiting.append(part)
            except PlatformRefused as error:
                if len(part) == 1 or splits >= most_splits:
                    results += [failed(item, error) for item in part]
                    continue
                splits += 1
                middle = len(part) // 2
                waiting += [part[middle:], part[:middle]]
    return results


def cut(items: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    """Cut `items` into runs of at most `size`, in order."""
    return (items[start : start + size] for start in range(0, len(items), size))
