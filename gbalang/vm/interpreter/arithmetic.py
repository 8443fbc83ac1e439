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


def sum_of_ratios(left: Quotient, right: Quotient) -> Quotient:
    """Return p + q, or stop."""
    return ratio(left[0] * right[1] + right[0] * left[1], left[1] * right[1])


def difference_of_ratios(left: Quotient, right: Quotient) -> Quotient:
    """Return p − q, or stop."""
    return ratio(left[0] * right[1] - right[0] * left[1], left[1] * right[1])


def product_of_ratios(left: Quotient, right: Quotient) -> Quotient:
    """Return p × q, or stop."""
    return ratio(left[0] * right[0], left[1] * right[1])


def quotient_of_ratios(left: Quotient, right: Quotient) -> Quotient:
    """Return p ÷ q, or stop."""
    if right[0] == 0:
        fault(Fault.DIVISION_BY_ZERO)
    return ratio(left[0] * right[1], left[1] * right[0])


def negative_of_ratio(value: Quotient) -> Quotient:
    """Return −p."""
    return -value[0], value[1]


def compared(left: Quotient, right: Quotient) -> int:
    """Return −1, 0 or 1 as p is below, equal to or above q."""
    ours, theirs = left[0] * right[1], right[0] * left[1]
    return (ours > theirs) - (ours < theirs)


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
    frame.stack.append(sum_of_ratios(*frame.take(2)))


def ratio_subtract(frame: Frame, _: None) -> None:
    frame.stack.append(difference_of_ratios(*frame.take(2)))


def ratio_multiply(frame: Frame, _: None) -> None:
    frame.stack.append(product_of_ratios(*frame.take(2)))


def ratio_divide(frame: Frame, _: None) -> None:
    frame.stack.append(quotient_of_ratios(*frame.take(2)))


def ratio_negate(frame: Frame, _: None) -> None:
    frame.stack[-1] = negative_of_ratio(frame.stack[-1])


def ratio_round(frame: Frame, mode: Rounding) -> None:
    frame.stack[-1] = rounded(frame.stack[-1], mode)


def ratio_compare(frame: Frame, _: None) -> None:
    frame.stack.append(compared(*frame.take(2)))


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
