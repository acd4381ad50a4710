"""A picture is in one part of the data, for ever."""

from __future__ import annotations

from collections import Counter

from bot.domain.exports import Split, split_of
from bot.domain.uploads import input_id


def test_the_parts_are_eighty_ten_ten_in_a_hundred() -> None:
    counted = Counter(split_of(input_id(str(n).encode())) for n in range(20_000))
    assert abs(counted[Split.TRAIN] - 16_000) < 300
    assert abs(counted[Split.VALIDATION] - 2_000) < 200
    assert abs(counted[Split.TEST] - 2_000) < 200


def test_a_picture_stays_where_it_was_in_earlier_versions() -> None:
    """Changing this would move pictures between what was trained on and what is tested with."""
    found = "".join(split_of(f"in{n}").value[0] for n in range(24))
    assert found == "tttttvtttttvtttttvtttttt"
