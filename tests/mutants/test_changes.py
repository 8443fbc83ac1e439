"""What is changed in our own code, and what is left alone."""

from __future__ import annotations

import ast

import pytest

from tests.bugs.trees import ROOT
from tests.mutants.changes import changes_of
from tests.mutants.run import GROUPS, drawn, mutants_of


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("ok = a < b", "ok = (a <= b)"),
        ("ok = a is None", "ok = (a is not None)"),
        ("n = a + b", "n = (a - b)"),
        ("ok = a and b", "ok = (a or b)"),
        ("ok = not a", "ok = (a)"),
        ("n = 41", "n = 42"),
        ("ok = True", "ok = False"),
        ("journal.drop()", "pass"),
        ("名 = 「前」 if x == 1 else y".replace("「前」", "'é'"), "名 = 'é' if (x != 1) else y"),
    ],
)
def test_a_change(line: str, after: str) -> None:
    assert after in [change.made_in(line) for change in changes_of(line)]


@pytest.mark.parametrize(
    "text", ['"""A docstring of 1."""', "a: int", "def f(a: Literal[1]) -> None: ...", "raise", "x = f'{1 + 2}'"]
)
def test_what_decides_nothing_is_left_alone(text: str) -> None:
    assert [change.after for change in changes_of(text)] in ([], ["pass"])


@pytest.mark.parametrize("group", GROUPS)
def test_every_change_of_our_code_can_be_read(group: str) -> None:
    found = mutants_of(group)
    assert len(found) > 150
    for mutant in drawn(group, 40, 7):
        ast.parse(mutant.change.made_in((ROOT / mutant.path).read_text("utf-8")))


def test_the_same_seed_draws_the_same() -> None:
    assert drawn("state", 10, 3) == drawn("state", 10, 3) != drawn("state", 10, 4)
    assert len(set(drawn("state", 10, 3))) == 10
