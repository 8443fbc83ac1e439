"""Fitting values to places: scales made to agree, ranges tested when they run, losses refused.

Nothing is lost silently (language.md: numbers are exact). A value with more places than its place allows, an exact
ratio, another currency: each is a mistake with its own remedy.
"""

from __future__ import annotations

from dataclasses import replace

from gbalang.check import typed as t
from gbalang.check.kinds import currency_of, included, joined, loose, same_form
from gbalang.check.mistakes import Mistake, mistake
from gbalang.check.world import World
from gbalang.diagnostics.model import Label
from gbalang.isa.types import List, Number, Option, Ratio, Reference, Set, Text, Type
from gbalang.isa.values import number_range
from gbalang.source import Span


def fit(
    world: World, value: t.Expression, wanted: Type, span: Span, *, checked: bool = True, label: Label | None = None
) -> t.Expression:
    """Return the value as one of the wanted type. Raises Mistake.

    `checked`: a range that may be left is tested when it runs (not needed where the instruction tests by itself).
    `label`: the place that asks for that type.
    """
    shaped = _shape(world, value, wanted, span, label)
    if isinstance(shaped, t.Constant):
        _check_constant(world, shaped, wanted, span, label)
        return replace(shaped, type=_constant_type(shaped, wanted))
    if included(shaped.type, wanted):
        return shaped
    return t.Checked(shaped, wanted) if checked else shaped


def _labels(label: Label | None) -> tuple[Label, ...]:
    return () if label is None else (label,)


def _shape(world: World, value: t.Expression, wanted: Type, span: Span, label: Label | None) -> t.Expression:
    """Return the value with the wanted form: scale, kind; ranges and lengths aside."""
    match value:
        case t.IfElse():
            then = _shape(world, value.then, wanted, span, label)
            otherwise = _shape(world, value.otherwise, wanted, span, label)
            return t.IfElse(value.condition, then, otherwise, joined(loose_if_number(then), loose_if_number(otherwise)))
        case t.Bind():
            body = _shape(world, value.body, wanted, span, label)
            return replace(value, body=body, type=body.type)
        case t.MakeSome() if isinstance(wanted, Option):
            inner = _shape(world, value.value, wanted.item, span, label)
            if isinstance(inner, t.Constant):
                _check_constant(world, inner, wanted.item, span, label)
            return t.MakeSome(inner, Option(inner.type))
        case t.MakeNone() if isinstance(wanted, Option):
            return t.MakeNone(Option(loose(wanted.item)))
        case t.MakeList() if isinstance(wanted, List | Set) and type(wanted) is type(value.type):
            items = tuple(_shape(world, item, wanted.item, span, label) for item in value.items)
            return t.MakeList(items, replace(wanted, item=loose(wanted.item), limit=max(1, len(items))))
        case _:
            return _shape_plain(world, value, wanted, span, label)


def loose_if_number(value: t.Expression) -> Type:
    """Return the type that two branches join to: ranges of the one need not hold for the other."""
    return loose(value.type)


def _shape_plain(world: World, value: t.Expression, wanted: Type, span: Span, label: Label | None) -> t.Expression:
    actual = value.type
    if isinstance(wanted, Number):
        if isinstance(actual, Number):
            return _scale(world, value, actual, wanted, span, label)
        if isinstance(actual, Ratio) and actual.unit == currency_of(wanted.unit):
            raise mistake("E0304", span, *_labels(label), wanted=world.show(wanted), smallest=_smallest(wanted))
    if isinstance(wanted, Ratio) and isinstance(actual, Number):
        return to_ratio(value)
    if same_form(actual, wanted):
        return value
    raise misfit(world, actual, wanted, span, label)


def misfit(world: World, actual: Type, wanted: Type, span: Span, label: Label | None = None) -> Mistake:
    """Return the mistake that a value is of another type than its place."""
    found, asked = world.show(actual), world.show(wanted)
    if isinstance(actual, Option) and not isinstance(wanted, Option) and same_form(actual.item, wanted):
        return mistake("E0317", span, *_labels(label), type=found)
    units = [currency_of(type_.unit) for type_ in (actual, wanted) if isinstance(type_, Number | Ratio)]
    if len(units) == 2 and units[0] != units[1] and all(units):  # both are amounts of money
        return mistake("E0331", span, *_labels(label), wanted=units[1], found=units[0])
    return mistake("E0301", span, *_labels(label), wanted=asked, found=found)


def _scale(
    world: World, value: t.Expression, actual: Number, wanted: Number, span: Span, label: Label | None
) -> t.Expression:
    if currency_of(actual.unit) != currency_of(wanted.unit):
        raise misfit(world, actual, wanted, span, label)
    if actual.scale <= wanted.scale:
        return rescale(value, wanted.scale, wanted.unit)
    if isinstance(value, t.Constant) and isinstance(value.value, int):
        quotient, remainder = divmod(value.value, 10 ** (actual.scale - wanted.scale))
        if remainder == 0:
            return t.Constant(quotient, Number(wanted.scale, wanted.unit))
        text = plain_number(value.value, actual.scale)
        if wanted.unit:
            raise mistake("E0328", span, *_labels(label), text=text, places=wanted.scale)
    raise mistake(
        "E0303", span, *_labels(label), found_places=actual.scale, wanted_places=wanted.scale,
        smallest=_smallest(wanted),
    )  # fmt: skip


def _smallest(type_: Number) -> str:
    """Return the smallest step of a number, as a drafter writes it after `round half up (…) to`."""
    return plain_number(1, type_.scale) + (f" {type_.unit}" if currency_of(type_.unit) else "")


def rescale(value: t.Expression, scale: int, unit: str | None = None) -> t.Expression:
    """Return the number with that many places, which are no fewer than it has."""
    actual = value.type
    assert isinstance(actual, Number)
    places = scale - actual.scale
    kept = actual.unit if unit is None else unit
    if isinstance(value, t.Constant) and isinstance(value.value, int):
        return t.Constant(value.value * 10**places, Number(scale, kept))
    if places == 0:
        return value
    bounds = (None, None)
    if actual.low is not None and actual.high is not None:
        bounds = (actual.low * 10**places, actual.high * 10**places)
    return t.Rescale(value, places, Number(scale, kept, *bounds))


def to_ratio(value: t.Expression) -> t.Expression:
    """Return a number as an exact ratio; a ratio as it is."""
    if isinstance(value.type, Number):
        return t.ToRatio(value, value.type.scale, Ratio(currency_of(value.type.unit)))
    return value


def unify(world: World, left: t.Expression, right: t.Expression, span: Span) -> tuple[t.Expression, t.Expression]:
    """Return both values in the form they can be compared or chosen between. Raises Mistake (E0306, E0302)."""
    first, second = left.type, right.type
    match first, second:
        case Number(), Number() if currency_of(first.unit) == currency_of(second.unit):
            scale = max(first.scale, second.scale)
            return rescale(left, scale), rescale(right, scale)
        case (Ratio() | Number(), Ratio() | Number()):
            if currency_of(first.unit) == currency_of(second.unit):
                return to_ratio(left), to_ratio(right)
            code = "E0302" if currency_of(first.unit) and currency_of(second.unit) else "E0306"
            raise mistake(code, span, left=world.show(first), right=world.show(second))
        case _ if same_form(first, second):
            return left, right
        case _:
            return _unify_parts(world, left, right, span)


def _unify_parts(
    world: World, left: t.Expression, right: t.Expression, span: Span
) -> tuple[t.Expression, t.Expression]:
    """Literals take the form of the other side: a list's items, the value in a `some`, a `none`."""
    for here, there in ((left, right), (right, left)):
        try:
            fitted = _shape(world, here, loose(there.type), span, None)
        except Mistake:
            continue
        return (fitted, right) if here is left else (left, fitted)
    raise mistake("E0306", span, left=world.show(left.type), right=world.show(right.type))


def plain_number(mantissa: int, scale: int) -> str:
    """Return a number with its decimal point, as a drafter writes it."""
    sign, digits = ("-" if mantissa < 0 else ""), str(abs(mantissa)).rjust(scale + 1, "0")
    whole, fraction = (digits[:-scale], digits[-scale:]) if scale else (digits, "")
    return f"{sign}{whole}" + (f".{fraction}" if fraction else "")


def _constant_type(value: t.Constant, wanted: Type) -> Type:
    return loose(wanted) if isinstance(wanted, Number | Text | Reference) else value.type


def _check_constant(world: World, value: t.Constant, wanted: Type, span: Span, label: Label | None) -> None:
    match wanted, value.value:
        case Number(), int(mantissa):
            low, high = number_range(wanted)
            if not low <= mantissa <= high:
                facts = {"value": mantissa, "low": low, "high": high}
                shown = {name: plain_number(bound, wanted.scale) for name, bound in facts.items()}
                raise mistake("E0310", span, *_labels(label), **shown)
        case Text(limit=limit), str(text):
            if len(text) > limit:
                raise mistake("E0321", span, *_labels(label), count=len(text), limit=limit)
        case Reference(), str() if not included(value.type, wanted):
            raise misfit(world, value.type, wanted, span, label)
        case _:
            pass
