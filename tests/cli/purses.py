"""A small instrument that breaks its own promises, for the tests of failures that are kept."""

from __future__ import annotations

from pathlib import Path

PURSES = """contract purses version 1
  basis "none, for a test"
  parties all cities
  effective 2026-01-01

article 1 "The fee"
  parameter fee: Money CNY = 5 CNY from 2026-01-01, 6 CNY from 2027-01-01

  property "The fee is five" for any spent: Int from 1 to 3 holds fee = 5 CNY
  property "Little is spent" for any spent: Int from 1 to 300 holds spent < 200

article 2 "Purses"
  role payer is any person
  refusal twice en "There is a purse."
  record Purse
    holder: Person
    amount: Int from 0 to 1_000
    note: Text(10 max characters)
  register purses: Purse by holder

  act put(amount: Int from 0 to 1_000, note: Text(10 max characters)) by payer
    require not purses has (actor) else refuse twice
    enter Purse(holder: actor, amount: amount, note: note) in purses

  invariant at_most_500 holds every purse in entries of purses satisfies purse.amount <= 500
"""
MENDED = (
    ("fee = 5 CNY", "fee <= 6 CNY"), ("holds spent < 200", "holds spent <= 300"), ("amount <= 500", "amount <= 1_000"),
)  # fmt: skip
"""The promises made true."""

SMALL = ("--cases", "60", "--histories", "4", "--no-apart")


def write(folder: Path, *changes: tuple[str, str]) -> str:
    """Write the instrument with some of its text changed; return its path."""
    text = PURSES
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path = folder / "purses.gba"
    path.write_text(text, "utf-8")
    return str(path)
