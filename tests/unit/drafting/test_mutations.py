"""Changes of an instrument: every kind is made, each changes the text, and what checks the text decides who notices."""

from __future__ import annotations

from gbalang.ast import nodes as n
from gbalang.ast.parser import parse
from gbalang.ast.printer import print_document
from gbalang.check import typed as t
from gbalang.pipeline import compile_bundle
from gbalang.source import SourceBundle, SourceFile
from gbalang.testing.mutations import SLUGS, Mutation, evenly, mutations, notice

HEAD = """contract seniors version 1
  title en "Seniors"
  basis "An agreement"
  parties all cities
  effective 2026-01-01

article 1 "Discount"
"""
EVERY_KIND = (
    HEAD
    + """  role office is department
  role clerk is department
  record Case
    place: City
    number: Int from 0 to 100
    due: Date
  register cases: Case by place, number
  refusal too_young en "Too young."
  parameter rate: Percent = 15% from 2026-01-01
  rule discount(age: Int, fare: Money CNY) gives Money CNY
    give if age >= 65 and not (fare = 0 CNY)
        then round half up (fare * rate) to 0.01 CNY
        else 0 CNY + 0 CNY
  exception free to discount
    when age > 90
    give fare
  exception very_old to discount over free
    when age > 100
    give 0 CNY
  act open(place: City, number: Int from 0 to 100) by office of place
    require number > 0 else refuse too_young
    enter Case(place: place, number: number, due: 1 months rounding down after 5 working days of Macao after today)
      in cases
"""
)
THRESHOLD = (
    HEAD
    + """  rule discount(age: Int from 0 to 150) gives Bool
    give age >= 65
"""
)
AT_THE_EDGE = """  example "Sixty-five is enough"
    discount(65)
  example "Sixty-four is not"
    not discount(64)
"""


def tree(text: str) -> n.Instrument:
    document = parse(SourceFile("a.gba", text)).document
    assert isinstance(document, n.Instrument)
    return document


def fates(text: str, slug: str) -> list[str | None]:
    """Return who notices each change of a kind."""
    found: list[str | None] = []
    for mutation in mutations(tree(text)):
        if mutation.slug == slug:
            changed = print_document(mutation.document, "en")
            typed = compile_bundle(SourceBundle(SourceFile("a.gba", changed))).typed
            assert isinstance(typed, t.Contract)
            noticed = notice(typed, (), seed=1, cases=5, histories=1)
            found.append(None if noticed is None else noticed.name)
    return found


def test_every_kind_of_change_is_made_and_changes_the_text() -> None:
    document = tree(EVERY_KIND)
    before = print_document(document, "en")
    found = list(mutations(document))
    assert {mutation.slug for mutation in found} == set(SLUGS)
    texts = [print_document(mutation.document, "en") for mutation in found]
    assert before not in texts
    assert all(isinstance(mutation, Mutation) and mutation.article == "1" for mutation in found)


def test_a_changed_edge_is_noticed_by_an_example_at_the_edge_alone() -> None:
    assert fates(THRESHOLD, "comparison") == [None]
    assert fates(THRESHOLD + AT_THE_EDGE, "comparison") == ["Sixty-five is enough"]
    assert fates(THRESHOLD + AT_THE_EDGE, "constant") == ["Sixty-five is enough", "Sixty-four is not"]


def test_what_checks_the_text_is_left_alone() -> None:
    rule = "  rule one(x: Int) gives Int\n    give 1\n"
    example = '  example "One"\n    one(7) = 1\n'
    stated = '  property "Same"\n    for any x: Int\n    where x > 3\n    holds one(x) = 1\n'
    checks = HEAD + rule + example + stated
    assert [mutation.slug for mutation in mutations(tree(checks))] == ["constant", "constant"]


def test_few_of_many_are_spread_over_the_text() -> None:
    found = tuple(mutations(tree(EVERY_KIND)))
    assert evenly(found, len(found)) == found
    few = evenly(found, 4)
    assert len(few) == 4
    assert [found.index(each) for each in few] == [place * len(found) // 4 for place in range(4)]
