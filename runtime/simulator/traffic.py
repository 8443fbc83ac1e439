"""Acts drawn from the interface of an instrument: valid and not, by whoever has power and whoever has none. Pure.

Bugs live where acts meet one another's entries and at what the instrument itself names. So half of the values are
constants of the instrument or their neighbours, and most acts go on with a case: with what earlier acts gave for
parameters of the same name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from gbalang.isa.civil import civil_from_days, day_of_time
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
from gbalang.isa.verify import VerifiedProgram
from gbalang.vm.host import Context, Done
from gbalang.vm.machine import permitted, run_act
from gbalang.vm.memory_host import MemoryHost
from runtime.certificates import KIND_NAMES, HolderKind
from runtime.records import CalendarRecord
from runtime.simulator.chance import Stream

ITEMS_MAX = 4
WORDS = ("", "a", "b", "reasons", "由人工覆核", "ç", "x" * 40)
HARMS = ("replay", "cut", "flip", "gap", "argument", "forged")
OVERSIZED = "oversized"
HARM_PERCENT = 12
OVERSIZED_PER_THOUSAND = 1
"""More than a megabyte each, so that a few must do."""

TRIES_MAX = 6
BLIND_PERCENT = 12
"""How often an act that would be refused is sent after all, at each try."""

CASE_PERCENT = 80
KNOWN_PERCENT = 90
CASES_MAX = 40
"""Cases that acts go on with: the latest ones."""

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


@dataclass(frozen=True, slots=True)
class Case:
    """What some acts were about: who began it, and what they gave for each parameter, by its name and type."""

    actor: str
    values: dict[tuple[str, str], Value]


@dataclass(slots=True)
class Pool:
    """What acts are drawn from. `cases`: what earlier acts of the same scenario were about."""

    program: Program
    holders: tuple[Holder, ...]
    day: int
    numbers: tuple[tuple[int, int], ...] = ()
    days: tuple[int, ...] = ()
    cases: list[Case] = field(default_factory=list)

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

    def holder(self, reference: str) -> Holder | None:
        """Return a holder by its reference."""
        return next((holder for holder in self.holders if holder.reference == reference), None)


class Rehearsal:
    """The instrument on a ledger of its own, on which a draw tries whether an act would be carried out.

    Few acts drawn blindly get through the conditions of a real instrument, and states that nobody reaches test nothing.
    So of a few acts the first that would be carried out is sent, mostly.
    """

    def __init__(self, verified: VerifiedProgram, calendars: tuple[CalendarRecord, ...]) -> None:
        self.verified = verified
        self._host = MemoryHost()
        for calendar in calendars:
            self._host.load_calendar(calendar.calendar, calendar.year, tuple(calendar.days))

    def try_act(self, act: int, values: tuple[Value, ...], who: Holder, now_s: int) -> bool:
        """Carry an act out if it can be; whether it was."""
        function = self.verified.program.functions[act]
        kind = KIND_NAMES[who.kind]
        context = Context(who.reference, kind, who.city, tuple(sorted(who.roles)), now_s, day_of_time(now_s))
        self._host.begin()
        if not permitted(self.verified.program, function, context, values):
            return False
        done = isinstance(run_act(self.verified, act, values, context, self._host), Done)
        if not done:
            self._host.rollback()
        return done


def draw_act(pool: Pool, rehearsal: Rehearsal, now_s: int, stream: Stream) -> Sent | None:
    """Draw an act of the instrument; None when it has none."""
    acts = [
        place for place, function in enumerate(pool.program.functions) if function.kind is FunctionKind.ACT
    ]
    if not acts:
        return None
    for _ in range(TRIES_MAX):
        case = stream.one_of(pool.cases[-CASES_MAX:]) if pool.cases and stream.happens(CASE_PERCENT) else Case("", {})
        act = stream.one_of(acts)
        function = pool.program.functions[act]
        values = tuple([_place(pool, case, each.name, each.type, stream) for each in function.parameters])
        who = _actor(pool, case, function, values, stream)
        if rehearsal.try_act(act, values, who, now_s):
            names = [(each.name, repr(each.type)) for each in function.parameters]
            known = {**case.values, **dict(zip(names, values, strict=True))}
            pool.cases.append(Case(case.actor or who.reference, known))
            break
        if stream.happens(BLIND_PERCENT):
            break
    return _sent(pool, function, values, who, stream)


def _sent(pool: Pool, act: Function, values: tuple[Value, ...], who: Holder, stream: Stream) -> Sent:
    encoded = tuple(
        [encode_value(each.type, value, pool.program) for each, value in zip(act.parameters, values, strict=True)]
    )
    harm = stream.one_of(HARMS) if stream.happens(HARM_PERCENT) else ""
    if stream.below(1_000) < OVERSIZED_PER_THOUSAND:
        harm = OVERSIZED
    if harm == "argument" and encoded:
        place = stream.below(len(encoded))
        encoded = (*encoded[:place], bytes([stream.below(256)]) + encoded[place][:4], *encoded[place + 1 :])
    return Sent(who.reference, act.name, encoded, harm, stream.below(1 << 30))


def _place(pool: Pool, case: Case, name: str, type_: Type, stream: Stream) -> Value:
    """Draw a value for a parameter: mostly that of the case which the act goes on with."""
    known = case.values.get((name, repr(type_)))
    if known is not None and stream.happens(KNOWN_PERCENT):
        return known
    about = pool.holder(case.actor)
    if isinstance(type_, Reference) and about is not None and stream.happens(KNOWN_PERCENT):
        if type_.kind == "city":
            return about.city
        if type_.kind in ("actor", KIND_NAMES[about.kind]):
            return about.reference
    return draw_value(pool, type_, stream)


def _actor(pool: Pool, case: Case, act: Function, values: tuple[Value, ...], stream: Stream) -> Holder:
    if not stream.happens(POWER_PERCENT):
        return stream.one_of(pool.holders)
    able = [holder for holder in pool.holders if _may(pool.program, act, values, holder)]
    about = pool.holder(case.actor)
    if about is not None and stream.happens(KNOWN_PERCENT):
        # Whoever began a case goes on with it, and the offices of the same city decide it.
        able = [about] if about in able else [holder for holder in able if holder.city == about.city] or able
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
    unit: int = 10**type_.scale
    year = civil_from_days(pool.day)[0]
    if type_.scale == 0 and type_.low is not None and low <= year <= high and stream.happens(70):
        return min(max(year + 1 - stream.below(4), low), high)
    if choice < 4 and pool.numbers:
        mantissa, scale = stream.one_of(pool.numbers)
        divisor: int = 10**scale
        value = mantissa * unit // divisor + stream.below(3) - 1
    elif choice < 7:
        value = (low if type_.low is not None else 0) + stream.below(4) * unit
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
    return stream.one_of(fitting) if fitting else pool.holders[0].city + "/nobody"
