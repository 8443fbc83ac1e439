"""One number repeats a run, and our Hypothesis settings are in force even where Hypothesis would choose its own."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.database import DirectoryBasedExampleDatabase
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.seeding import seed_test


def draws_of(root_seed: int, name: str) -> list[int]:
    drawn = []

    @settings(max_examples=20, database=None)
    @given(st.integers(0, 2**64))
    def draw(number: int) -> None:
        drawn.append(number)

    seed_test(draw, root_seed, name)
    draw()
    return drawn


def test_draws_follow_the_root_seed_and_the_name() -> None:
    first = draws_of(1, "tests/a.py::test_a")
    assert first == draws_of(1, "tests/a.py::test_a")
    assert first != draws_of(2, "tests/a.py::test_a")
    assert first != draws_of(1, "tests/a.py::test_b")


def test_the_draws_of_a_state_machine_follow_the_root_seed() -> None:
    assert machine_draws(1) == machine_draws(1) != machine_draws(2)


def machine_draws(root_seed: int) -> list[int]:
    drawn = []

    class Machine(RuleBasedStateMachine):
        @rule(number=st.integers(0, 2**64))
        def draw(self, number: int) -> None:
            drawn.append(number)

    test_case = Machine.TestCase
    test_case.settings = settings(max_examples=3, database=None)
    seed_test(test_case.runTest, root_seed, "tests/a.py::TestMachine")
    test_case().runTest()
    return drawn


@given(st.integers())
def test_the_profile_is_ours(number: int) -> None:
    del number
    ours = settings.default
    assert ours is not None
    assert ours.deadline is None
    assert not ours.derandomize
    assert ours.print_blob
    assert isinstance(ours.database, DirectoryBasedExampleDatabase)


def test_a_seeded_test_keeps_its_memory_of_failures() -> None:
    seeded = getattr(test_the_profile_is_ours, "_hypothesis_internal_use_settings", None)
    if seeded is None:
        pytest.fail("Hypothesis no longer keeps a test's settings where tests/seeding.py restores them")
    assert isinstance(seeded.database, DirectoryBasedExampleDatabase)
    assert getattr(test_the_profile_is_ours, "_hypothesis_internal_use_seed", None) is not None
