"""Numbers, ratios, comparison and truth. Everything is exact; what does not fit NUMBER_BITS_MAX bits is a fault."""

from __future__ import annotations

from math import gcd
from typing import TypeAlias, assert_never

from gbalang.isa.program import Rounding
from gbalang.limits import NUMBER_BITS_MAX
from gbalang.vm.faults import Fault
from gbalang.vm.interpreter.frame import Entry, Frame, Place, fault, first_operand, nothing

Quotient: TypeAlias = tuple[int, int]
_BOUND = 1 << NUMBER_BITS_MAX


def held(value: int) -> int:
    """Return the number if the machine can hold it."""
    if not -_BOUND < value < _BOUND:
        fault(Fault.OVERFLOW)
    return value


def ratio(numerator: int, denominator: int) -> Quotient:
    """Return the ratio in lowest terms, its sign on the numerator, if the machine can hold it."""
    common = gcd(numerator, denominator)
    if denominator < 0:
        common = -common
    return held(numerator // common), held(denominator // common)


def rounded(value: Quotient, mode: Rounding) -> int:
    """Return the integer to which a mode rounds a ratio."""
    numerator, denominator = value
    below, rest = divmod(numerator, denominator)
    if rest == 0:
        return below
    outward, inward = (below + 1, below) if numerator > 0 else (below, below + 1)
    match mode:
        case Rounding.FLOOR:
            return below
        case Rounding.CEILING:
            return below + 1
        case Rounding.UP:
            return outward
        case Rounding.DOWN:
            return inward
        case Rounding.HALF_UP | Rounding.HALF_DOWN | Rounding.HALF_EVEN:
            if 2 * rest != denominator:
                return below if 2 * rest < denominator else below + 1
            if mode is Rounding.HALF_EVEN:
                return below + below % 2
            return outward if mode is Rounding.HALF_UP else inward
        case _:
            assert_never(mode)


# ---------------------------------------------------------------- numbers


def add(frame: Frame, _: None) -> None:
    right = frame.stack.pop()
    frame.stack[-1] = held(frame.stack[-1] + right)


def subtract(frame: Frame, _: None) -> None:
    right = frame.stack.pop()
    frame.stack[-1] = held(frame.stack[-1] - right)


def multiply(frame: Frame, _: None) -> None:
    right = frame.stack.pop()
    frame.stack[-1] = held(frame.stack[-1] * right)


def negate(frame: Frame, _: None) -> None:
    frame.stack[-1] = -frame.stack[-1]


def rescale(frame: Frame, power: int) -> None:
    frame.stack[-1] = held(frame.stack[-1] * power)


# ---------------------------------------------------------------- ratios


def to_ratio(frame: Frame, power: int) -> None:
    frame.stack[-1] = ratio(frame.stack[-1], power)


def ratio_add(frame: Frame, _: None) -> None:
    (a, b), (c, d) = frame.take(2)
    frame.stack.append(ratio(a * d + c * b, b * d))


def ratio_subtract(frame: Frame, _: None) -> None:
    (a, b), (c, d) = frame.take(2)
    frame.stack.append(ratio(a * d - c * b, b * d))


def ratio_multiply(frame: Frame, _: None) -> None:
    (a, b), (c, d) = frame.take(2)
    frame.stack.append(ratio(a * c, b * d))


def ratio_divide(frame: Frame, _: None) -> None:
    (a, b), (c, d) = frame.take(2)
    if c == 0:
        fault(Fault.DIVISION_BY_ZERO)
    frame.stack.append(ratio(a * d, b * c))


def ratio_negate(frame: Frame, _: None) -> None:
    numerator, denominator = frame.stack.pop()
    frame.stack.append((-numerator, denominator))


def ratio_round(frame: Frame, mode: Rounding) -> None:
    frame.stack[-1] = rounded(frame.stack[-1], mode)


def ratio_compare(frame: Frame, _: None) -> None:
    (a, b), (c, d) = frame.take(2)
    left, right = a * d, c * b
    frame.stack.append((left > right) - (left < right))


# ---------------------------------------------------------------- comparison and truth


def equal(frame: Frame, _: None) -> None:
    right = frame.stack.pop()
    frame.stack[-1] = frame.stack[-1] == right


def less(frame: Frame, _: None) -> None:
    right = frame.stack.pop()
    frame.stack[-1] = frame.stack[-1] < right


def less_or_equal(frame: Frame, _: None) -> None:
    right = frame.stack.pop()
    frame.stack[-1] = frame.stack[-1] <= right


def negation(frame: Frame, _: None) -> None:
    frame.stack[-1] = not frame.stack[-1]


def power_of_ten(place: Place) -> int:
    """Prepare a scale."""
    power: int = 10**place.operand
    return power


def rounding_mode(place: Place) -> Rounding:
    """Prepare a rounding mode."""
    return Rounding(first_operand(place))


HANDLERS: dict[str, Entry] = {
    "add": (add, nothing),
    "subtract": (subtract, nothing),
    "multiply": (multiply, nothing),
    "negate": (negate, nothing),
    "rescale": (rescale, power_of_ten),
    "to_ratio": (to_ratio, power_of_ten),
    "ratio_add": (ratio_add, nothing),
    "ratio_subtract": (ratio_subtract, nothing),
    "ratio_multiply": (ratio_multiply, nothing),
    "ratio_divide": (ratio_divide, nothing),
    "ratio_negate": (ratio_negate, nothing),
    "ratio_round": (ratio_round, rounding_mode),
    "ratio_compare": (ratio_compare, nothing),
    "equal": (equal, nothing),
    "less": (less, nothing),
    "less_or_equal": (less_or_equal, nothing),
    "not": (negation, nothing),
}
