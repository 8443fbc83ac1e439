"""The table of what the command line says is whole: four languages, one set of facts, no row that nobody says."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter

import pytest

from gbalang.cli import words
from gbalang.cli.words import WORDS
from gbalang.testing.found import KINDS
from gbalang.testing.mutations import SLUGS
from runtime.witnesses.settings import all_axes

COMPOSED = (
    "position_", "ballot_", "instrument_", "mutation_", "verdict_", "prove_reason_", "check_", "simulated_", "axis_",
    "finding_",
)  # fmt: skip
"""Rows that are named by a prefix and a fact at hand."""


def _facts(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _said() -> set[str]:
    """Return every string of the command line's modules but the table itself."""
    folder = Path(words.__file__).parent
    said: set[str] = set()
    for path in folder.rglob("*.py"):
        if path.name != "words.py":
            tree = ast.parse(path.read_text("utf-8"))
            constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
            said.update(value for value in constants if isinstance(value, str))
    return said


@pytest.mark.parametrize("key", WORDS)
def test_a_row_has_four_texts_with_the_same_facts(key: str) -> None:
    row = WORDS[key]
    assert len(row) == 4
    assert all(text.strip() for text in row)
    assert len({frozenset(_facts(text)) for text in row}) == 1


def test_every_row_is_said() -> None:
    said = _said()
    composed = tuple(prefix for prefix in COMPOSED if prefix in said)
    assert composed == COMPOSED
    assert not [key for key in WORDS if key not in said and not key.startswith(composed)]


def test_every_axis_has_a_row() -> None:
    named = {f"axis_{axis.name}" for axis in all_axes(())} | {"axis_city", "axis_further"}
    assert named == {key for key in WORDS if key.startswith("axis_")}


def test_every_kind_of_change_has_a_row() -> None:
    assert {"mutation_" + slug for slug in SLUGS} == {key for key in WORDS if key.startswith("mutation_")}


def test_every_kind_of_finding_has_a_row_and_a_remedy() -> None:
    named = {f"{prefix}{kind}" for kind in KINDS for prefix in ("finding_", "finding_do_")}
    assert named == {key for key in WORDS if key.startswith("finding_")}
