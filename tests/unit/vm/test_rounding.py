"""The rounding modes: the table of examples printed in the documentation of java.math.RoundingMode (JDK 17),

which has the same seven modes over the same ten inputs, and exactness where a float would err.
"""

from __future__ import annotations

import pytest

from gbalang.isa.program import Rounding
from gbalang.vm.compiled.operations import ROUNDED
from gbalang.vm.interpreter.arithmetic import ratio, rounded

INPUTS = ("5.5", "2.5", "1.6", "1.1", "1.0", "-1.0", "-1.1", "-1.6", "-2.5", "-5.5")
TABLE = {
    Rounding.UP: (6, 3, 2, 2, 1, -1, -2, -2, -3, -6),
    Rounding.DOWN: (5, 2, 1, 1, 1, -1, -1, -1, -2, -5),
    Rounding.CEILING: (6, 3, 2, 2, 1, -1, -1, -1, -2, -5),
    Rounding.FLOOR: (5, 2, 1, 1, 1, -1, -2, -2, -3, -6),
    Rounding.HALF_UP: (6, 3, 2, 1, 1, -1, -1, -2, -3, -6),
    Rounding.HALF_DOWN: (5, 2, 2, 1, 1, -1, -1, -2, -2, -5),
    Rounding.HALF_EVEN: (6, 2, 2, 1, 1, -1, -1, -2, -2, -6),
}


@pytest.mark.parametrize("mode", Rounding)
def test_the_published_table(mode: Rounding) -> None:
    found = tuple(rounded((int(text.replace(".", "")), 10), mode) for text in INPUTS)
    assert found == TABLE[mode]


@pytest.mark.parametrize(
    ("mode", "expected"), [(Rounding.HALF_UP, 10**40 + 1), (Rounding.HALF_DOWN, 10**40), (Rounding.HALF_EVEN, 10**40)]
)
def test_a_half_is_told_from_what_is_near_it_at_forty_digits(mode: Rounding, expected: int) -> None:
    half = 2 * 10**40 + 1
    assert rounded((half, 2), mode) == expected
    assert rounded((half * 10**30 - 1, 2 * 10**30), mode) == 10**40
    assert rounded((half * 10**30 + 1, 2 * 10**30), mode) == 10**40 + 1


@pytest.mark.parametrize("mode", Rounding)
def test_the_compiled_engine_rounds_the_same_in_any_terms(mode: Rounding) -> None:
    for numerator in range(-40, 41):
        for denominator in range(1, 13):
            expected = rounded(ratio(numerator, denominator), mode)
            assert eval(ROUNDED[mode].format(n=f"({numerator})", d=denominator)) == expected
