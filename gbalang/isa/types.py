"""The types of the machine. The checker uses the same ones, so a typed tree says exactly what the program will hold.

Values are plain immutable Python objects, and which one is meant is decided by the type alone:

    Truth        bool
    Number       int: the mantissa, value = mantissa / 10**scale
    Ratio        (numerator, denominator): ints in lowest terms, denominator > 0
    Text         str
    Date         int: days since 1970-01-01
    Time         int: seconds since 1970-01-01T00:00Z
    Reference    str: "Guangzhou" for a city, "Guangzhou/holder" for a person, organisation or department
    Enumeration  int: position of the member
    Record       tuple of the fields' values, in declared order
    List, Set    tuple of items; a set's items are distinct and in the order of their canonical encoding
    Option       () for none, (value,) for a present value
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Truth:
    """true or false."""


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number with `scale` decimal places.

    `unit` is "" for a plain number, "%" for a percentage (15 % is 0.15; it only changes how it is shown) or an ISO
    4217 code for money. `low` and `high` bound the mantissa of a declared slot; they are None for the type of an
    expression.
    """

    scale: int
    unit: str = ""
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Ratio:
    """An exact quotient that has not been rounded. `unit` as in Number, never "%"."""

    unit: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Unicode text of at most `limit` characters (code points)."""

    limit: int


@dataclass(frozen=True, slots=True)
class Date:
    """A calendar day."""


@dataclass(frozen=True, slots=True)
class Time:
    """A moment, to the second."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A party: kind is "city", "department", "organisation", "person" or "actor" (any of them)."""

    kind: str


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A member of the program's enumeration with that index."""

    index: int


@dataclass(frozen=True, slots=True)
class Record:
    """A value of the program's record with that index."""

    index: int


@dataclass(frozen=True, slots=True)
class List:
    """At most `limit` items, in the order they were put."""

    item: Type
    limit: int


@dataclass(frozen=True, slots=True)
class Set:
    """At most `limit` distinct items."""

    item: Type
    limit: int


@dataclass(frozen=True, slots=True)
class Option:
    """A value or none."""

    item: Type


Type: TypeAlias = (
    Truth | Number | Ratio | Text | Date | Time | Reference | Enumeration | Record | List | Set | Option
)

Value: TypeAlias = "bool | int | str | tuple[Value, ...]"
