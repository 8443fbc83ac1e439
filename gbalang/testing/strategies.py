"""Values for Hypothesis: of any type of the machine, leaning towards what the instrument itself names.

Bugs in rules live at thresholds, dates of change and the ends of ranges, so half of what is drawn is a constant of the
instrument or its neighbour.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias, assert_never

from hypothesis import strategies as st

from gbalang.isa.civil import DATE_MAX, DATE_MIN, OFFSET_S, SECONDS_OF_DAY, TIME_MAX, TIME_MIN, days_from_civil
from gbalang.isa.program import Program
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
    Value,
)
from gbalang.isa.values import CITIES, Codecs, number_range
from gbalang.limits import TEXT_CHARACTERS_MAX

Strategy: TypeAlias = st.SearchStrategy[Value]

ITEMS_MAX = 6
"""Items of a list that is drawn: enough for every interaction of neighbours, few enough to read in a report."""
TEXT_DRAWN_MAX = 12
PARTS_DRAWN_MAX = 64
"""Single values of a record that are drawn one by one; the fields of a larger record share two values of each type."""
ORDINARY_DAYS = (days_from_civil(2019, 1, 1), days_from_civil(2030, 12, 31))


@dataclass(frozen=True, slots=True)
class Pool:
    """What an instrument names: numbers as (mantissa, scale), and days."""

    numbers: tuple[tuple[int, int], ...]
    days: tuple[int, ...]
    cities: tuple[str, ...] = CITIES
    holders: tuple[str, ...] = ("a", "b")
    memo: dict[Type, Strategy] = field(default_factory=dict, compare=False, repr=False)
    """The strategy of each type, made once: a record many times within others costs no more than one."""

    @classmethod
    def of(cls, program: Program, cities: tuple[str, ...] = CITIES) -> Pool:
        """Gather the constants of the code, the values of the parameters and the days from which they hold."""
        named: list[tuple[Type, Value]] = list(program.constants)
        days: list[int] = [program.effective] if program.effective else []
        for parameter in program.parameters:
            named += [(parameter.type, value) for _, value in parameter.values]
            days += [day for day, _ in parameter.values]
        numbers = [
            (value, type_.scale) for type_, value in named if isinstance(type_, Number) and isinstance(value, int)
        ]
        days += [value for type_, value in named if isinstance(type_, Date) and isinstance(value, int)]
        return cls(tuple(dict.fromkeys(numbers)), tuple(dict.fromkeys(days)), cities)


def values(type_: Type, program: Program, pool: Pool) -> Strategy:
    """Return a strategy for conforming values of a type."""
    if type_ not in pool.memo:
        pool.memo[type_] = _made(type_, program, pool)
    return pool.memo[type_]


def _made(type_: Type, program: Program, pool: Pool) -> Strategy:
    match type_:
        case Truth():
            return st.booleans()
        case Number():
            return _numbers(type_, pool)
        case Ratio():
            return st.fractions(-1_000, 1_000, max_denominator=1_000).map(lambda q: (q.numerator, q.denominator))
        case Text(limit=limit):
            most = min(limit, TEXT_DRAWN_MAX, TEXT_CHARACTERS_MAX)
            return st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=most)
        case Date():
            return _days(pool)
        case Time():
            return _times(pool)
        case Reference(kind=kind):
            return _references(kind, pool)
        case Enumeration(index=index):
            return st.integers(0, len(program.enumerations[index].members) - 1)
        case Record(index=index):
            types = [part.type for part in program.records[index].fields]
            if _parts(type_, program) > PARTS_DRAWN_MAX:
                return _large_record(types, program, pool)
            return st.tuples(*[values(part, program, pool) for part in types])
        case List(item=item, limit=limit):
            return st.lists(values(item, program, pool), max_size=min(limit, ITEMS_MAX)).map(tuple)
        case Set(item=item, limit=limit):
            encode = Codecs(program).encode
            drawn = st.lists(values(item, program, pool), max_size=min(limit, ITEMS_MAX))
            return drawn.map(
                lambda items: tuple(sorted(dict.fromkeys(items), key=lambda value: encode(item, value)))
            )
        case Option(item=item):
            return st.one_of(st.just(()), values(item, program, pool).map(lambda value: (value,)))
        case _:
            assert_never(type_)


def _parts(type_: Type, program: Program) -> int:
    """Return how many single values a drawn one holds; RECORD_PARTS_MAX bounds it, the items of lists aside."""
    while isinstance(type_, List | Set | Option):
        type_ = type_.item
    if not isinstance(type_, Record):
        return 1
    return sum(_parts(part.type, program) for part in program.records[type_.index].fields)


def _large_record(types: list[Type], program: Program, pool: Pool) -> Strategy:
    """Two values of each type and, for each field, which of the two: it costs little more than a small record."""
    places = {type_: place for place, type_ in enumerate(dict.fromkeys(types))}
    pairs = [st.tuples(values(type_, program, pool), values(type_, program, pool)) for type_ in places]

    def made(drawn: tuple[tuple[Value, Value], ...], choice: int) -> Value:
        return tuple([drawn[places[type_]][choice >> place & 1] for place, type_ in enumerate(types)])

    return st.builds(made, st.tuples(*pairs), st.integers(0, (1 << len(types)) - 1))


def _numbers(type_: Number, pool: Pool) -> Strategy:
    low, high = number_range(type_)
    named: list[int] = []
    for mantissa, scale in pool.numbers:
        exact, rest = divmod(mantissa * 10**type_.scale, 10**scale)
        named += [exact - 1, exact, exact + 1, exact + (1 if rest else 0)]
    fitting = sorted(dict.fromkeys(value for value in [*named, 0, 1, low, high] if low <= value <= high))
    drawn = st.integers(low, high)
    return st.one_of(st.sampled_from(fitting), drawn) if fitting else drawn


def _days(pool: Pool) -> Strategy:
    ordinary = st.integers(*ORDINARY_DAYS)
    near = [day + step for day in pool.days for step in (-1, 0, 1) if DATE_MIN <= day + step <= DATE_MAX]
    return st.one_of(st.sampled_from(near), ordinary) if near else ordinary


def _times(pool: Pool) -> Strategy:
    moments = st.integers(ORDINARY_DAYS[0] * SECONDS_OF_DAY, ORDINARY_DAYS[1] * SECONDS_OF_DAY)
    near = [day * SECONDS_OF_DAY - OFFSET_S + step for day in pool.days for step in (-1, 0)]
    fitting = [moment for moment in near if TIME_MIN <= moment <= TIME_MAX]
    return st.one_of(st.sampled_from(fitting), moments) if fitting else moments


def _references(kind: str, pool: Pool) -> Strategy:
    cities = st.sampled_from(pool.cities)
    if kind == "city":
        return cities
    holders = st.builds(lambda city, name: f"{city}/{name}", cities, st.sampled_from(pool.holders))
    return st.one_of(cities, holders) if kind == "actor" else holders
