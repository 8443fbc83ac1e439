"""A program: an instrument compiled, as one frozen value.

Everything in it has meaning and is covered by the digest that the cities vote on, except the line map, which travels
in a section of its own. Indexes refer to the tuples of this same value. Texts are tagged with a language code
("en", "zh-Hant", "zh-Hans", "pt") or "" when the drafter gave none.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

from gbalang.isa.types import Type, Value

TaggedText: TypeAlias = tuple[str, str]
"""(language tag or "", text)."""


class FunctionKind(IntEnum):
    """What a function is. The numbers are part of the container format and are never reused."""

    RULE = 1
    EXCEPTION = 2
    ACT = 3
    QUERY = 4
    INVARIANT = 5


class CalendarMode(IntEnum):
    """Whether a day counts when any, or only when all, of the named calendars work."""

    ANY = 1
    ALL = 2


class Rounding(IntEnum):
    """Rounding modes of `round`. Numbers are frozen."""

    HALF_UP = 1
    HALF_DOWN = 2
    HALF_EVEN = 3
    UP = 4
    DOWN = 5
    CEILING = 6
    FLOOR = 7


class MonthEnd(IntEnum):
    """What happens when a month has no such day. Numbers are frozen."""

    EXACT = 1
    UP = 2
    DOWN = 3


@dataclass(frozen=True, slots=True)
class Instruction:
    """An opcode number with its operands (non-negative ints)."""

    opcode: int
    operands: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """An article with its legal text. `text_only` is the reason why nothing in it runs, or "" when it runs."""

    label: str
    headings: tuple[TaggedText, ...]
    bases: tuple[str, ...]
    texts: tuple[TaggedText, ...]
    text_only: str


@dataclass(frozen=True, slots=True)
class Field:
    """A named, typed place: of a record, an event, or a list of parameters."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Enumeration:
    """An enumeration; its members' positions are their values."""

    name: str
    members: tuple[str, ...]
    article: int


@dataclass(frozen=True, slots=True)
class Record:
    """A record type."""

    name: str
    fields: tuple[Field, ...]
    article: int


@dataclass(frozen=True, slots=True)
class Register:
    """A persistent collection of records, keyed by some of their fields, in the order of the key."""

    name: str
    record: int
    keys: tuple[int, ...]
    article: int


@dataclass(frozen=True, slots=True)
class Role:
    """Who may act. `kinds` are holder kinds in the order city, department, organisation, person.

    `open`: the kind suffices; otherwise the actor's certificate must carry the role's name.
    """

    name: str
    open: bool
    kinds: tuple[str, ...]
    article: int


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value with its dates, ascending: (first day, value). `register` is set for a parameter that each city may set
    for itself: the register (keys: city, from) that holds the cities' own values; its record is (city, from, value).
    """

    name: str
    type: Type
    values: tuple[tuple[int, Value], ...]
    register: int | None
    article: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A ground of refusal from the closed list, with its article."""

    name: str
    texts: tuple[TaggedText, ...]
    article: int


@dataclass(frozen=True, slots=True)
class Event:
    """An announcement."""

    name: str
    fields: tuple[Field, ...]
    article: int


@dataclass(frozen=True, slots=True)
class Condition:
    """A `require`: its text in neutral (English) form, the refusal it leads to, its article."""

    text: str
    refusal: int
    article: int


@dataclass(frozen=True, slots=True)
class Note:
    """A fact that explanations show: what was weighed, in neutral (English) form, and its type."""

    text: str
    type: Type


@dataclass(frozen=True, slots=True)
class Mark:
    """A rule or exception that fired."""

    name: str
    article: int


@dataclass(frozen=True, slots=True)
class CalendarSet:
    """Calendars by identifier, sorted, and how they combine."""

    mode: CalendarMode
    calendars: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Permission:
    """One alternative after `by`. role None is anyone (queries only).

    `city_parameter`: index of the act's City parameter the actor's city must equal; `city`: a named city; at most one
    of the two.
    """

    role: int | None
    city_parameter: int | None = None
    city: str | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """A rule, exception, act, query or invariant.

    `parameters` are the declared ones. `locals` are the types of all local slots; the first ones are the parameters,
    and when `dated`, the slot after the parameters holds the day (a Date) at which dated parameters are read: for a
    dated function the caller passes it as a last, hidden argument. Acts, queries and invariants are never dated: they
    read parameters at `today` (invariants at the day they are checked).
    `result` is None for acts. `reads`, `writes`, `announces` are sorted indexes and are verified against the code,
    calls included. `cost_max` is the worst case, verified.
    """

    name: str
    kind: FunctionKind
    article: int
    parameters: tuple[Field, ...]
    locals: tuple[Type, ...]
    dated: bool
    result: Type | None
    permissions: tuple[Permission, ...]
    reads: tuple[int, ...]
    writes: tuple[int, ...]
    announces: tuple[int, ...]
    cost_max: int
    code: tuple[Instruction, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """The whole instrument."""

    format: int
    name: str
    version: int
    titles: tuple[TaggedText, ...]
    bases: tuple[str, ...]
    parties: tuple[str, ...]
    prevailing: tuple[str, ...]
    effective: int
    expires: int | None
    review: int | None
    articles: tuple[Article, ...]
    enumerations: tuple[Enumeration, ...]
    records: tuple[Record, ...]
    registers: tuple[Register, ...]
    roles: tuple[Role, ...]
    parameters: tuple[Parameter, ...]
    refusals: tuple[Refusal, ...]
    events: tuple[Event, ...]
    conditions: tuple[Condition, ...]
    notes: tuple[Note, ...]
    marks: tuple[Mark, ...]
    calendars: tuple[CalendarSet, ...]
    types: tuple[Type, ...]
    constants: tuple[tuple[Type, Value], ...]
    functions: tuple[Function, ...]


@dataclass(frozen=True, slots=True)
class LineMap:
    """Where instructions come from: for each function, (instruction index, path index, line) ascending.

    Outside the digest: two layouts of the same instrument are the same program.
    """

    paths: tuple[str, ...]
    entries: tuple[tuple[tuple[int, int, int], ...], ...]


PROGRAM_FORMAT = 1
