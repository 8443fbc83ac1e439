"""What types have in common: how they are shown, when one includes another, what two of them join to."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from gbalang.isa.types import (
    Date,
    Enumeration,
    List,
    Number,
    Option,
    Ratio,
    Record,
    Reference,
    Set,
    Text,
    Time,
    Truth,
    Type,
)
from gbalang.isa.values import number_range

if TYPE_CHECKING:
    from gbalang.isa.values import Definitions

TRUTH, DATE, TIME, INTEGER = Truth(), Date(), Time(), Number(0)
ACTOR, CITY = Reference("actor"), Reference("city")
PERCENT_PLACES = 6
ORDINARY_BOUND = 10**18
"""A number without a stated range lies between minus and plus this: room for any sum, far from the machine's end."""

_REFERENCE_NAMES = {
    "actor": "Actor",
    "city": "City",
    "person": "Person",
    "organisation": "Organisation",
    "department": "Department",
}


def currency_of(unit: str) -> str:
    """Return the currency of a number's unit, "" for plain numbers and percentages."""
    return "" if unit == "%" else unit


def show(type_: Type, program: Definitions) -> str:
    """Return a type as a drafter writes it, ranges left out; quotients are an "exact ratio"."""
    match type_:
        case Truth():
            return "Bool"
        case Number():
            return _show_number(type_)
        case Ratio(unit=unit):
            return f"exact ratio {unit}".rstrip()
        case Text():
            return "Text"
        case Date():
            return "Date"
        case Time():
            return "Time"
        case Reference(kind=kind):
            return _REFERENCE_NAMES[kind]
        case Enumeration(index=index):
            return program.enumerations[index].name
        case Record(index=index):
            return program.records[index].name
        case List(item=item):
            return f"list of {show(item, program)}"
        case Set(item=item):
            return f"set of {show(item, program)}"
        case Option(item=item):
            return f"optional {show(item, program)}"
        case _:
            assert_never(type_)


def _show_number(type_: Number) -> str:
    if type_.unit == "%":
        return "Percent"
    if type_.unit:
        return f"Money {type_.unit}"
    return "Int" if type_.scale == 0 else f"Decimal({type_.scale} places)"


def loose(type_: Type) -> Type:
    """Return the type without the ranges of its numbers: what an expression is of, rather than a declared place."""
    match type_:
        case Number(scale=scale, unit=unit):
            return Number(scale, unit)
        case List(item=item, limit=limit):
            return List(loose(item), limit)
        case Set(item=item, limit=limit):
            return Set(loose(item), limit)
        case Option(item=item):
            return Option(loose(item))
        case _:
            return type_


def same_form(actual: Type, wanted: Type) -> bool:
    """Whether values of both are held and meant alike, ranges and lengths aside: scale and currency agree too."""
    match actual, wanted:
        case Number(), Number():
            return actual.scale == wanted.scale and currency_of(actual.unit) == currency_of(wanted.unit)
        case Ratio(), Ratio():
            return actual.unit == wanted.unit
        case Reference(), Reference():
            return actual.kind == wanted.kind or "actor" in (actual.kind, wanted.kind)
        case (List(item=item), List(item=other)) | (Set(item=item), Set(item=other)):
            return same_form(item, other)
        case Option(item=item), Option(item=other):
            return same_form(item, other)
        case (Enumeration(index=index), Enumeration(index=place)) | (Record(index=index), Record(index=place)):
            return index == place
        case _:
            return type(actual) is type(wanted)


def included(actual: Type, wanted: Type) -> bool:
    """Whether every value of the one conforms to the other, which has the same form."""
    match actual, wanted:
        case Number(), Number():
            low, high = number_range(actual)
            least, greatest = number_range(wanted)
            return least <= low and high <= greatest
        case Text(), Text():
            return actual.limit <= wanted.limit
        case Reference(), Reference():
            return wanted.kind in ("actor", actual.kind)
        case (List(item=item, limit=limit), List(item=other, limit=most)) | (
            Set(item=item, limit=limit),
            Set(item=other, limit=most),
        ):
            return limit <= most and included(item, other)
        case Option(), Option():
            return included(actual.item, wanted.item)
        case _:
            return True


def joined(left: Type, right: Type) -> Type:
    """Return the least type that holds the values of both, which have the same form."""
    match left, right:
        case Number(), Number():
            return Number(left.scale, left.unit if left.unit == right.unit else currency_of(left.unit))
        case Text(), Text():
            return Text(max(left.limit, right.limit))
        case Reference(), Reference():
            return left if left.kind == right.kind else ACTOR
        case List(), List():
            return List(joined(left.item, right.item), max(left.limit, right.limit))
        case Set(), Set():
            return Set(joined(left.item, right.item), max(left.limit, right.limit))
        case Option(), Option():
            return Option(joined(left.item, right.item))
        case _:
            return left


def is_ordered(type_: Type) -> bool:
    """Whether values of the type come before and after one another."""
    return isinstance(type_, Number | Ratio | Date | Time)
