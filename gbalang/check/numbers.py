"""Numbers: exact arithmetic with a static scale, quotients as exact ratios, rounding to a stated unit.

`+` and `-` take the larger number of places, `*` adds them, `/` gives an exact ratio that must be rounded before it
is kept. Money of two currencies never mixes. (language.md, L06.)
"""

from __future__ import annotations

from typing import Literal

from gbalang.ast import nodes as n
from gbalang.check import expressions as e
from gbalang.check import typed as t
from gbalang.check.fit import plain_number, to_ratio, unify
from gbalang.check.kinds import INTEGER, TRUTH, currency_of, is_ordered, joined, loose
from gbalang.check.mistakes import mistake
from gbalang.check.world import Scope
from gbalang.isa import program as p
from gbalang.isa.types import Number, Ratio
from gbalang.limits import SCALE_MAX

_MODES: dict[n.RoundingMode, p.Rounding] = {
    "half up": p.Rounding.HALF_UP,
    "half down": p.Rounding.HALF_DOWN,
    "half even": p.Rounding.HALF_EVEN,
    "up": p.Rounding.UP,
    "down": p.Rounding.DOWN,
    "ceiling": p.Rounding.CEILING,
    "floor": p.Rounding.FLOOR,
}


def literal(written: n.NumberLiteral | n.PercentLiteral | n.MoneyLiteral) -> t.Constant:
    """Return a number as written, with the places it was written with."""
    match written:
        case n.NumberLiteral():
            return t.Constant(written.digits, Number(written.places))
        case n.PercentLiteral():
            return t.Constant(written.digits, Number(written.places + 2, "%"))
        case n.MoneyLiteral():
            return t.Constant(written.digits, Number(written.places, written.currency))


def negate(scope: Scope, operand: n.Expression) -> t.Expression:
    """Return minus a number."""
    value = number(scope, operand, "-")
    if isinstance(value, t.Constant) and isinstance(value.value, int):
        return t.Constant(-value.value, value.type)
    return t.Negate(value, loose(value.type))


def number(scope: Scope, written: n.Expression, operator: str) -> t.Expression:
    """Return an operand of arithmetic. Raises Mistake (E0309) when it is no number."""
    value = e.infer(scope, written)
    if not isinstance(value.type, Number | Ratio):
        raise mistake("E0309", written.span, operator=operator, type=scope.world.show(value.type))
    return value


def arithmetic(scope: Scope, written: n.Binary) -> t.Expression:
    """Return a sum, difference, product or quotient."""
    left, right = number(scope, written.left, written.operator), number(scope, written.right, written.operator)
    match written.operator:
        case "+":
            return _add(scope, "add", left, right, written)
        case "-":
            return _add(scope, "subtract", left, right, written)
        case "*":
            return _multiply(scope, left, right, written)
        case _:
            return _divide(scope, left, right, written)


def _unit(value: t.Expression) -> str:
    assert isinstance(value.type, Number | Ratio)
    return value.type.unit


def _add(
    scope: Scope, operator: Literal["add", "subtract"], left: t.Expression, right: t.Expression, written: n.Binary
) -> t.Expression:
    first, second = unify(scope.world, left, right, written.span)
    if isinstance(first.type, Ratio):
        return t.RatioArithmetic(operator, first, second, first.type)
    return t.Arithmetic(operator, first, second, loose(joined(first.type, second.type)))


def _multiply(scope: Scope, left: t.Expression, right: t.Expression, written: n.Binary) -> t.Expression:
    units = [currency_of(_unit(value)) for value in (left, right)]
    if all(units):
        shown = {"left": scope.world.show(left.type), "right": scope.world.show(right.type)}
        raise mistake("E0308", written.span, **shown)
    unit = units[0] or units[1]
    if isinstance(left.type, Number) and isinstance(right.type, Number):
        scale = left.type.scale + right.type.scale
        if scale > SCALE_MAX:
            raise mistake("E0225", written.span, what="places", count=scale, limit=SCALE_MAX)
        return t.Arithmetic("multiply", left, right, Number(scale, unit))
    return t.RatioArithmetic("multiply", to_ratio(left), to_ratio(right), Ratio(unit))


def _divide(scope: Scope, left: t.Expression, right: t.Expression, written: n.Binary) -> t.Expression:
    if isinstance(right, t.Constant) and right.value == 0:
        raise mistake("E0322", written.span)
    above, below = currency_of(_unit(left)), currency_of(_unit(right))
    if below and above != below:
        code = "E0302" if above else "E0306"
        raise mistake(code, written.span, left=scope.world.show(left.type), right=scope.world.show(right.type))
    unit = "" if below else above
    return t.RatioArithmetic("divide", to_ratio(left), to_ratio(right), Ratio(unit))


def rounded(scope: Scope, written: n.Round) -> t.Expression:
    """Return a number rounded to a whole count of the unit."""
    value = number(scope, written.value, "round")
    unit = e.infer(scope, written.unit)
    if not isinstance(unit, t.Constant) or not isinstance(unit.type, Number) or not isinstance(unit.value, int):
        raise mistake("E0323", written.unit.span, what="round")
    if unit.value <= 0:
        raise mistake("E0312", written.unit.span, unit=plain_number(unit.value, unit.type.scale))
    if currency_of(_unit(value)) != currency_of(unit.type.unit):
        code = "E0302" if currency_of(_unit(value)) and currency_of(unit.type.unit) else "E0306"
        shown = {"left": scope.world.show(value.type), "right": scope.world.show(unit.type)}
        raise mistake(code, written.span, **shown)
    if isinstance(value.type, Number) and value.type.scale <= unit.type.scale and unit.value == 1:
        scope.world.findings.add("E0313", written.span)
    quotient = t.RatioArithmetic("divide", to_ratio(value), to_ratio(unit), Ratio())
    count = t.RoundRatio(_MODES[written.mode], quotient, INTEGER)
    return t.Arithmetic("multiply", count, unit, Number(unit.type.scale, unit.type.unit))


def extreme(scope: Scope, written: n.Extreme) -> t.Expression:
    """Return the least or the greatest of several values: the first of those that are equal."""
    values = [e.infer(scope, written.values[0])]
    values += [e.infer(scope, other, values[0].type) for other in written.values[1:]]
    # Twice: a later value may have more places than an earlier one, and all must take the form of the finest.
    for _ in range(2):
        for place, other in enumerate(written.values[1:], 1):
            values[0], values[place] = unify(scope.world, values[0], values[place], other.span)
    if not is_ordered(values[0].type):
        raise mistake("E0307", written.span, type=scope.world.show(values[0].type))
    return _fold(scope, written.which, values)


def _fold(scope: Scope, which: str, values: list[t.Expression]) -> t.Expression:
    """Best := v₁; for each further v: best := best if it is as good, else v."""
    type_ = loose(values[0].type)
    slots = [scope.slot(type_) for _ in range(2 * len(values) - 1)]
    best = slots[0]
    bindings = [(best, values[0])]
    for place, value in enumerate(values[1:]):
        own, next_best = slots[2 * place + 1], slots[2 * place + 2]
        bindings.append((own, value))
        old, new = scope.local(best), scope.local(own)
        first, second = (old, new) if which == "least" else (new, old)
        keeps = t.Compare("less_or_equal", first, second, e.is_ratio(old), TRUTH)
        bindings.append((next_best, t.IfElse(keeps, old, new, type_)))
        best = next_best
    result: t.Expression = scope.local(best)
    for slot, value in reversed(bindings):
        result = t.Bind(slot, value, result, type_)
    return result
