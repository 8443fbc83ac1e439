"""What the forms of docs/language.md mean: each is compiled as a drafter would write it, and run."""

from __future__ import annotations

import functools

import pytest

from gbalang.isa.program import FunctionKind
from gbalang.isa.types import Value
from gbalang.isa.verify import VerifiedProgram
from gbalang.vm.faults import Fault
from gbalang.vm.host import Done, Faulted
from gbalang.vm.machine import run_rule
from gbalang.vm.memory_host import MemoryHost
from runtime.calls import find_function
from runtime.programs import open_program
from tests.network.harness import compile_text
from tests.unit.isa.assembling import day

HEAD = """contract meaning version 1
  title en "Meaning"
  basis "an example of the tests"
  parties all cities
  effective 2026-01-01

article 1 "Rules"
"""
WAYS = ("half up", "half down", "half even", "up", "down", "ceiling", "floor")
TIES = {
    # 2.5, 3.5, -2.5 and 1.2, rounded to whole numbers: `half up` and `up` go away from zero, `down` towards it.
    "half up": (3, 4, -3, 1),
    "half down": (2, 3, -2, 1),
    "half even": (2, 4, -2, 1),
    "up": (3, 4, -3, 2),
    "down": (2, 3, -2, 1),
    "ceiling": (3, 4, -2, 2),
    "floor": (2, 3, -3, 1),
}
FORMS: tuple[tuple[str, str, Value | Fault], ...] = (
    ("Bool", "true and false", False),
    ("Bool", "true or false", True),
    ("Bool", "false or false", False),
    ("Bool", "not (1 < 2)", False),
    ("Bool", "2 <= 2", True),
    ("Bool", "2 < 2", False),
    ("Bool", "1.50 = 1.5", True),
    ("Bool", "1 / 3 < 1 / 2", True),
    ("Bool", "-1 / 3 < -1 / 2", False),
    ("Bool", "Macao in [Guangzhou, Macao]", True),
    ("Bool", "Macao not in [Guangzhou, Zhuhai]", True),
    ("Int", "7 - 10", -3),
    ("Int", "-(3 - 10)", 7),
    ("Decimal(2 places)", "1.5 + 0.25", 175),
    ("Decimal(2 places)", "1.5 * 0.5", 75),
    ("Money CNY", "200 CNY * 15%", 3_000),
    ("Money CNY", "round half up (1 CNY / 3) to 0.01 CNY", 33),
    ("Money CNY", "round up (150 CNY / 1) to 100 CNY", 20_000),
    ("Int", "least of (3, 1, 2)", 1),
    ("Int", "greatest of (3, 1, 2)", 3),
    ("Int", "item 2 of [30, 10, 20]", 10),
    ("Int", "item 4 of [30, 10, 20]", Fault.INDEX_OUT_OF_RANGE),
    ("Int", "length of [30, 10, 20]", 3),
    ("Int", "sum of n for each n in numbers from 1 to 4 at most 4", 10),
    ("Int", "count of n in numbers from 1 to 4 at most 4 where n > 2", 2),
    ("Bool", "every n in numbers from 1 to 4 at most 4 satisfies n < 4", False),
    ("Bool", "some n in numbers from 1 to 4 at most 4 satisfies n = 4", True),
    ("Int", "year of 2026-02-03", 2026),
    ("Int", "month of 2026-02-03", 2),
    ("Int", "day of 2026-02-03", 3),
    ("Date", "30 days after 2026-01-31", day("2026-03-02")),
    ("Date", "30 days before 2026-03-02", day("2026-01-31")),
    ("Date", "1 months rounding down after 2026-01-31", day("2026-02-28")),
    ("Date", "1 months rounding up after 2026-01-31", day("2026-03-01")),
    ("Int", "days from 2026-02-27 to 2026-03-01", 2),
    ("Int", "if 1 < 2 then 7 else 8", 7),
    ("Int", "count(149)", 149),
    ("Int", "count(150)", Fault.OUT_OF_RANGE),
)


@functools.cache
def compiled() -> VerifiedProgram:
    """Return an instrument with a rule for each form, and one for each way of rounding."""
    rules = [f"  rule f{place}() gives {type_}\n    give {form}\n" for place, (type_, form, _) in enumerate(FORMS)]
    ways = [
        f"  rule r{place}(x: Decimal(1 places)) gives Int\n    give round {way} (x) to 1\n"
        for place, way in enumerate(WAYS)
    ]
    count = "  rule count(x: Int) gives Int from 0 to 149\n    give x\n"
    return open_program(compile_text("meaning.gba", HEAD + "".join([*rules, *ways, count])))


def value_of(rule: str, *arguments: Value) -> Value | Fault | None:
    verified = compiled()
    index = find_function(verified.program, rule, FunctionKind.RULE)
    assert index is not None
    dated = day("2026-01-01") if verified.program.functions[index].dated else None
    outcome = run_rule(verified, index, arguments, dated, MemoryHost())
    if isinstance(outcome, Faulted):
        return outcome.fault
    assert isinstance(outcome, Done)
    return outcome.result


@pytest.mark.parametrize("place", range(len(FORMS)), ids=[form for _, form, _ in FORMS])
def test_a_form_means_what_the_language_says(place: int) -> None:
    expected = FORMS[place][2]
    found = value_of(f"f{place}")
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize("place", range(len(WAYS)), ids=WAYS)
def test_a_way_of_rounding_is_the_one_that_is_named(place: int) -> None:
    assert tuple(value_of(f"r{place}", tenths) for tenths in (25, 35, -25, 12)) == TIES[WAYS[place]]
