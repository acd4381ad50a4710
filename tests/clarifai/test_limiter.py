from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.clarifai import ClarifaiAccount, Patience
from bot.clarifai.limiter import Limiter
from bot.domain.errors import PlatformUnavailable
from bot.sandbox.clarifai import ClarifaiSandbox
from bot.sandbox.recognition import PlantedModel


def test_turns_are_evenly_spaced() -> None:
    limiter, until = Limiter(10), time.monotonic() + 60
    waits = [limiter.reserve(until) for _ in range(30)]
    assert waits == pytest.approx([turn / 10 for turn in range(30)], abs=0.1)


def test_a_turn_that_comes_too_late_is_not_taken() -> None:
    limiter = Limiter(1)
    now = time.monotonic()
    assert limiter.reserve(now + 0.5) == 0.0
    assert limiter.reserve(now + 0.5) is None
    assert limiter.reserve(now + 5) == pytest.approx(1.0, abs=0.2)


def test_many_threads_never_run_into_clarifais_own_limit() -> None:
    with ClarifaiSandbox(PlantedModel(), apps=["team"]) as sandbox, ClarifaiAccount(sandbox.base) as account:
        platforms = [account.platform("demo", "team", "demo-key") for _ in range(4)]
        begun = time.monotonic()
        with ThreadPoolExecutor(8) as pool:
            owners = list(pool.map(lambda turn: platforms[turn % 4].prove_ownership(), range(25)))
        assert owners == ["demo"] * 25
        assert time.monotonic() - begun >= 2.0


def test_each_key_has_a_limit_of_its_own() -> None:
    accounts = {"ann": "ann-key", "ben": "ben-key"}
    with (
        ClarifaiSandbox(PlantedModel(), accounts=accounts, apps=["team"]) as sandbox,
        ClarifaiAccount(sandbox.base, patience=Patience(total_s=0.9), requests_per_s=1) as account,
    ):
        ann, ben = account.platform("ann", "team", "ann-key"), account.platform("ben", "team", "ben-key")
        assert (ann.prove_ownership(), ben.prove_ownership()) == ("ann", "ben")
        with pytest.raises(PlatformUnavailable, match="Too many requests"):
            ann.prove_ownership()
