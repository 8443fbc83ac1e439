"""The compiler still makes of the standard library what was read and kept; and in small, what it makes of a rule."""

from __future__ import annotations

import pytest

from tests.limits.judging import HEAD
from tests.unit.emit.listings import GOLDEN, listing, listings


@pytest.mark.parametrize("name", ["charter.listing", "splits.listing"])
def test_the_listing_is_the_kept_one(name: str) -> None:
    """Write it anew with: python -m tests.unit.emit.listings"""
    assert listings()[name] == (GOLDEN / name).read_text("utf-8")


def test_the_kept_listings_are_all_of_them() -> None:
    assert {path.name for path in GOLDEN.glob("*.listing")} == set(listings())


def test_one_text_gives_one_listing_in_any_layout() -> None:
    rule = "  rule r(x: Int from 0 to 9) gives Int\n    give x + 1\n"
    other = "rule r(x:Int from 0 to 9)gives Int give x+1 # a remark\n"
    assert listing("a.gba", HEAD + rule) == listing("b.gba", HEAD + other)


def instructions(body: str) -> list[str]:
    """Return the names of the instructions of the last function."""
    lines = listing("a.gba", HEAD + body).rstrip("\n").split("\n")
    start = max(place for place, line in enumerate(lines) if line == "")
    return [line.split()[1] for line in lines[start + 1 :] if line.split()[0].isdecimal()]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("  rule r(x: Int from 0 to 9) gives Int\n    give x + 1\n", ["mark", "local_get", "constant", "add", "check"]),
        ("  rule r(x: Int from 0 to 9) gives Int\n    give -x\n", ["mark", "local_get", "negate", "check"]),
        ("  rule r(x: Int from 0 to 9) gives Bool\n    give x < 1\n", ["mark", "local_get", "constant", "less"]),
        ("  rule r(x: Bool) gives Bool\n    give not x\n", ["mark", "local_get", "not"]),
        ("  rule r(x: Date) gives Date\n    give 1 days after x\n", ["mark", "local_get", "constant", "add_days"]),
    ],
)
def test_a_rule_becomes_the_instructions_of_its_operators(body: str, expected: list[str]) -> None:
    """A rule leaves its mark, and what arithmetic gives is checked against the range of the result's type."""
    assert instructions(body) == expected
