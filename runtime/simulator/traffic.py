"""Acts drawn from the interface of an instrument: valid and not, by whoever has power and whoever has none. Pure.

Bugs live where acts meet one another's entries and at what the instrument itself names. So half of the values are
constants of the instrument or their neighbours, and many are values that earlier acts of the same scenario used in a
place of the same name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from gbalang.isa.civil import civil_from_days
from gbalang.isa.program import Function, FunctionKind, Program
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
from gbalang.isa.values import Codecs, encode_value, number_range
from runtime.certificates import KIND_NAMES, HolderKind
from runtime.simulator.chance import Stream

ITEMS_MAX = 4
WORDS = ("", "a", "b", "reasons", "由人工覆核", "ç", "x" * 40)
HARMS = ("replay", "cut", "flip", "gap", "argument", "oversized", "forged")
HARM_PERCENT = 12
EARLIER_PERCENT = 75
ACTED_PERCENT = 60
POWER_PERCENT = 85
SECONDS_OF_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who can sign."""

    reference: str
    kind: HolderKind
    roles: tuple[str, ...]
    fingerprint: bytes
    label: str

    @property
    def city(self) -> str:
        """The city whose authority certified the holder."""
        return self.reference.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Sent:
    """An act on its way. `harm`: what becomes of its bytes, or ""; `place` says where."""

    who: str
    act: str
    arguments: tuple[bytes, ...]
    harm: str
    place: int


@dataclass(slots=True)
class Pool:
    """What values are drawn from. `earlier`: values by the name and type of the place in which acts used them."""

    program: Program
    holders: tuple[Holder, ...]
    day: int
    numbers: tuple[tuple[int, int], ...] = ()
    days: tuple[int, ...] = ()
    earlier: dict[tuple[str, str], list[Value]] = field(default_factory=dict)
    acted: dict[str, None] = field(default_factory=dict)
    """References of those who have acted: others mostly act about them."""

    def __post_init__(self) -> None:
        named: list[tuple[Type, Value]] = list(self.program.constants)
        days = [self.program.effective]
        for parameter in self.program.parameters:
            named += [(parameter.type, value) for _, value in parameter.values]
            days += [day for day, _ in parameter.values]
        numbers = [
            (value, type_.scale) for type_, value in named if isinstance(type_, Number) and isinstance(value, int)
        ]
        self.numbers = tuple(dict.fromkeys(numbers))
        self.days = tuple(dict.fromkeys(days))


def draw_act(pool: Pool, stream: Stream) -> Sent | None:
    """Draw an act of the instrument; None when it has none."""
    acts = [function for function in pool.program.functions if function.kind is FunctionKind.ACT]
    if not acts:
        return None
    act = stream.one_of(acts)
    values = tuple([_place(pool, each.name, each.type, stream) for each in act.parameters])
    encoded = tuple(
        [encode_value(each.type, value, pool.program) for each, value in zip(act.parameters, values, strict=True)]
    )
    harm = stream.one_of(HARMS) if stream.happens(HARM_PERCENT) else ""
    if harm == "argument" and encoded:
        place = stream.below(len(encoded))
        encoded = (*encoded[:place], bytes([stream.below(256)]) + encoded[place][:4], *encoded[place + 1 :])
    who = _actor(pool, act, values, stream)
    pool.acted[who.reference] = None
    return Sent(who.reference, act.name, encoded, harm, stream.below(1 << 30))


def _place(pool: Pool, name: str, type_: Type, stream: Stream) -> Value:
    if isinstance(type_, Reference):
        return draw_value(pool, type_, stream)
    earlier = pool.earlier.setdefault((name, repr(type_)), [])
    if earlier and stream.happens(EARLIER_PERCENT):
        return stream.one_of(earlier)
    value = draw_value(pool, type_, stream)
    earlier.append(value)
    return value


def _actor(pool: Pool, act: Function, values: tuple[Value, ...], stream: Stream) -> Holder:
    if not stream.happens(POWER_PERCENT):
        return stream.one_of(pool.holders)
    able = [holder for holder in pool.holders if _may(pool.program, act, values, holder)]
    return stream.one_of(able or pool.holders)


def _may(program: Program, act: Function, values: tuple[Value, ...], holder: Holder) -> bool:
    for permission in act.permissions:
        if permission.role is None:
            return True
        role = program.roles[permission.role]
        if KIND_NAMES[holder.kind] not in role.kinds or not (role.open or role.name in holder.roles):
            continue
        city = permission.city
        if permission.city_parameter is not None:
            city = str(values[permission.city_parameter])
        if city is None or city == holder.city:
            return True
    return False


def draw_value(pool: Pool, type_: Type, stream: Stream) -> Value:
    """Draw a conforming value of a type."""
    program = pool.program
    match type_:
        case Truth():
            return stream.happens(50)
        case Number():
            return _number(pool, type_, stream)
        case Ratio():
            return (stream.below(2_001) - 1_000, 1)
        case Text(limit=limit):
            return stream.one_of(WORDS)[:limit]
        case Date():
            return _day(pool, stream)
        case Time():
            return _day(pool, stream) * SECONDS_OF_DAY + stream.below(SECONDS_OF_DAY)
        case Reference(kind=kind):
            return _reference(pool, kind, stream)
        case Enumeration(index=index):
            return stream.below(len(program.enumerations[index].members))
        case Record(index=index):
            return tuple([draw_value(pool, each.type, stream) for each in program.records[index].fields])
        case List(item=item, limit=limit):
            return tuple([draw_value(pool, item, stream) for _ in range(stream.below(min(limit, ITEMS_MAX) + 1))])
        case Set(item=item, limit=limit):
            encode = Codecs(program).encode
            drawn = [draw_value(pool, item, stream) for _ in range(stream.below(min(limit, ITEMS_MAX) + 1))]
            return tuple(sorted(dict.fromkeys(drawn), key=lambda value: encode(item, value)))
        case Option(item=item):
            return (draw_value(pool, item, stream),) if stream.happens(60) else ()
        case _:
            assert_never(type_)


def _number(pool: Pool, type_: Number, stream: Stream) -> int:
    low, high = number_range(type_)
    choice = stream.below(10)
    year = civil_from_days(pool.day)[0]
    if type_.scale == 0 and type_.low is not None and low <= year <= high and stream.happens(70):
        return min(max(year + 1 - stream.below(4), low), high)
    if choice < 4 and pool.numbers:
        mantissa, scale = stream.one_of(pool.numbers)
        value = mantissa * 10**type_.scale // 10**scale + stream.below(3) - 1
    elif choice < 7:
        value = (low if type_.low is not None else 0) + stream.below(4) * 10**type_.scale
    elif choice < 9:
        value = low + stream.below(high - low + 1)
    else:
        value = stream.one_of((low, high))
    return min(max(value, low), high)


def _day(pool: Pool, stream: Stream) -> int:
    if stream.happens(30):
        return stream.one_of(pool.days) + stream.below(3) - 1
    return pool.day + stream.below(800) - 400


def _reference(pool: Pool, kind: str, stream: Stream) -> str:
    fitting = [holder.reference for holder in pool.holders if kind in ("actor", KIND_NAMES[holder.kind])]
    acted = [reference for reference in fitting if reference in pool.acted]
    if acted and stream.happens(ACTED_PERCENT):
        return stream.one_of(acted)
    return stream.one_of(fitting) if fitting else pool.holders[0].city + "/nobody"
