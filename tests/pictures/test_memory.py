"""How much a worker needs for the largest pictures that are taken; each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.pictures.files import encoded

STATUS = Path("/proc/self/status")
# VmHWM starts anew with the program; ru_maxrss would include what the test process had when it started this one.
MEASURE = f"""
import re, sys
from bot.domain.errors import NotAPhotograph
from bot.pictures import Pictures
data = sys.stdin.buffer.read()
try:
    print(Pictures().prepare(data).width, end=" ")
except NotAPhotograph:
    print(0, end=" ")
print(int(re.search(r"VmHWM:\\s+(\\d+)", open("{STATUS}").read())[1]) // 1024)
"""
pytestmark = pytest.mark.skipif(not STATUS.exists(), reason="only Linux says how much memory a process had at most")


def measured(data: bytes) -> tuple[int, int]:
    """Return the width of the prepared picture (0: refused) and the most memory the process had, in MB."""
    command = [sys.executable, "-c", MEASURE]
    finished = subprocess.run(command, input=data, capture_output=True, check=True, timeout=60)
    width, megabytes = finished.stdout.split()
    return int(width), int(megabytes)


@pytest.mark.parametrize(("mode", "kind"), [("RGB", "JPEG"), ("RGBA", "PNG")])
def test_the_largest_picture_needs_less_than_a_gigabyte(mode: str, kind: str) -> None:
    colours = np.random.default_rng(3).integers(0, 255, (7, 7, len(mode)), dtype=np.uint8)
    largest = Image.fromarray(colours).resize((7_100, 7_000), Image.Resampling.NEAREST)
    width, megabytes = measured(encoded(largest, kind))
    assert width == 7_100
    assert megabytes < 800


def test_a_picture_that_declares_too_much_costs_nothing() -> None:
    bomb = bytearray(encoded(Image.new("RGB", (8, 8)), "WEBP", lossless=True))
    size_at = bomb.index(b"VP8L") + 9  # two fields of 14 bits: width and height, each less one
    others = int.from_bytes(bomb[size_at : size_at + 4], "little") >> 28 << 28
    bomb[size_at : size_at + 4] = (others | 16_382 << 14 | 16_382).to_bytes(4, "little")
    width, megabytes = measured(bytes(bomb))
    assert width == 0
    assert megabytes < 150
