"""The search for a case that no rule decides, or that exceptions decide twice."""

from __future__ import annotations

from gbalang.ast.keywords import LANGUAGES
from gbalang.ast.parser import parse
from gbalang.ast.printer import print_document
from gbalang.diagnostics.model import Diagnostic
from gbalang.source import SourceFile
from tests.unit.drafting.texts import HEAD, codes, findings

GAP = """article 1 "The gap"
  rule r(a: Int from 0 to 1_000) gives Int when a * a <> 289
    give a
"""
PAIR = """article 1 "Two"
  enum Class: small, large
  rule fee(class: Class, age: Int from 0 to 150) gives Money CNY
    give 10 CNY
  exception senior to fee when age >= 65
    give 0 CNY
  exception small_ones to fee when class = small
    give 5 CNY
"""


def only(text: str, head: str = HEAD) -> Diagnostic:
    (found,) = [each for each in findings(text, head) if each.code in {"E0404", "E0405"}]
    return found


def test_a_small_range_is_tried_in_every_value() -> None:
    """17 · 17 = 289, and the text does not name 17."""
    assert only(GAP).fact("example") == 'example "…" r(17) = 17'


def test_what_is_found_can_be_pasted() -> None:
    for text in (GAP, PAIR):
        assert "E0107" not in codes(text + "  " + only(text).fact("example") + "\n")


def test_the_example_shows_what_the_general_rule_gives() -> None:
    assert only(PAIR).fact("example") == 'example "…" fee(small, 65) = 10.00 CNY'


def test_a_day_that_matters_is_named() -> None:
    text = PAIR.replace("give 10 CNY", "give base").replace(
        "  enum", "  parameter base: Money CNY = 10 CNY from 2026-01-01\n  enum"
    )
    assert only(text).fact("example") == 'example "…" on 2026-01-01 fee(small, 65) = 10.00 CNY'


def test_the_example_is_in_the_language_of_the_file() -> None:
    document = parse(SourceFile("sample.gba", HEAD + PAIR)).document
    assert document is not None
    for language in LANGUAGES:
        printed = print_document(document, language)
        example = only(printed, "").fact("example")
        assert parse(SourceFile("sample.gba", f"{printed}  {example}\n")).document is not None, example
