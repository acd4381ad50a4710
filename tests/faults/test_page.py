"""The page of faults says what the tests prove, and each fault has one."""

from __future__ import annotations

from tests.faults.catalogue import FAULTS
from tests.faults.page import PAGE, page, proofs


def test_each_fault_has_a_proof_and_each_proof_a_fault() -> None:
    assert sorted(proofs()) == sorted(FAULTS)


def test_the_page_is_the_one_that_the_tests_make() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: make faults-page"
