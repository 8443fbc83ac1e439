"""Deeds that have a chance: drawn from what stands in the registers, who has acted, and what the instrument names.

Acts of a real instrument ask for the key of an entry that stands, in the status before this one, of the actor's own
city, on a day that lies right. Nothing drawn blindly gets there. So most values are taken from entries in view: by the
name of its fields first, then by their type; the rest are numbers, days and periods that the instrument names, and
their neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from gbalang.isa.civil import (
    DATE_MAX,
    DATE_MIN,
    OFFSET_S,
    SECONDS_OF_DAY,
    TIME_MAX,
    TIME_MIN,
    YEAR_MIN,
    civil_from_days,
)
from gbalang.isa.program import Field, Function, FunctionKind, Program
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
from gbalang.isa.values import Codecs, number_range
from gbalang.testing.draw import Source
from gbalang.testing.running import Deed
from gbalang.testing.strategies import ITEMS_MAX, Pool
from gbalang.vm.host import Context
from gbalang.vm.memory_host import MemoryHost

CITIES_MAX = 2
"""Cities in which things happen, beside those that the instrument names: few, so that acts meet others' entries."""
HOLDERS: dict[str, tuple[str, ...]] = {"person": ("a", "b"), "organisation": ("firm",), "department": ("office",)}
OFFICE_OPENS_S = 9 * 3_600
PERIOD_DAYS_MAX = 1_000
LOOKS_MAX = 3
"""Entries looked at for a value of a type, before a fresh one is drawn."""
WORDS = ("", "x", "abc")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that stands in a register."""

    register: int
    values: tuple[Value, ...]


class Guide:
    """Draws deeds for an instrument."""

    def __init__(self, program: Program, codecs: Codecs, source: Source) -> None:
        self.program = program
        self._codecs = codecs
        self._source = source
        self._decoded: dict[tuple[int, bytes], Entry] = {}
        self._alike: dict[tuple[int, Type], tuple[int, ...]] = {}
        self._pool = Pool.of(program)
        named: list[object] = [value for type_, value in program.constants if type_ == Reference("city")]
        named += [each.city for function in program.functions for each in function.permissions]
        self.cities = tuple(
            dict.fromkeys(
                [*program.parties[:CITIES_MAX], *[str(city) for city in named if city in program.parties]]
            )
        )
        self._periods = tuple(
            dict.fromkeys(
                value for value, scale in self._pool.numbers if scale == 0 and 0 < value <= PERIOD_DAYS_MAX
            )
        )
        self._texts = tuple(
            dict.fromkeys([*WORDS, *[str(value) for type_, value in program.constants if isinstance(type_, Text)]])
        )

    # ------------------------------------------------------------ the ledger as it stands

    def entries(self, host: MemoryHost) -> tuple[Entry, ...]:
        """Return what stands in the registers."""
        return tuple([self._entry(register, data) for register, _, data in host.contents()])

    def _entry(self, register: int, data: bytes) -> Entry:
        found = self._decoded.get((register, data))
        if found is None:
            values = self._codecs.decode(Record(self.program.registers[register].record), data)
            found = self._decoded[register, data] = Entry(register, values)
        return found

    def fields_of(self, entry: Entry) -> tuple[Field, ...]:
        """Return the fields of an entry."""
        return self.program.records[self.program.registers[entry.register].record].fields

    def conforms(self, type_: Type, value: object) -> bool:
        """Whether a value is one of the type."""
        return self._codecs.test(type_)(value)

    def places_alike(self, register: int, type_: Type) -> tuple[int, ...]:
        """Return the places of a register's fields whose values may be of a type."""
        found = self._alike.get((register, type_))
        if found is None:
            fields = self.program.records[self.program.registers[register].record].fields
            found = tuple(place for place, field in enumerate(fields) if _alike(field.type, type_))
            self._alike[register, type_] = found
        return found

    # ------------------------------------------------------------ deeds

    def first_day(self) -> int:
        """Return the day on which a history begins: commencement, sometimes a later day that is named."""
        later = [day for day in self._pool.days if day > self.program.effective]
        if later and self._source.once_in(4):
            return min(self._source.choose(later) + self._source.between(-1, 1), DATE_MAX)
        return self.program.effective

    def later(self, entries: tuple[Entry, ...], day: int) -> int:
        """Return a day after this one, preferably one that an entry or the instrument names."""
        view = () if not entries else (self._source.choose(entries),)
        return min(max(self._ahead(view, day), day + 1), DATE_MAX)

    def deed(self, act: int, entries: tuple[Entry, ...], day: int) -> Deed:
        """Return a deed that may be carried out on that day or after it."""
        function = self.program.functions[act]
        view = self._view(function, entries)
        drawing = _Drawing(self, self._source, view, entries, self._day(view, day))
        actor = self._actor(function, drawing)
        drawing.actor = actor.actor
        arguments = [drawing.argument(field) for field in function.parameters]
        for permission in function.permissions:
            place = permission.city_parameter
            if place is not None and not self._source.once_in(12):
                arguments[place] = actor.actor_city
        return Deed(act, actor, tuple(arguments))

    def arguments(self, function: Function, day: int) -> tuple[Value, ...]:
        """Return arguments for a rule, out of nothing but its types and what the instrument names."""
        drawing = _Drawing(self, self._source, (), (), day)
        return tuple([drawing.argument(field) for field in function.parameters])

    def _view(self, function: Function, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        """Return an entry of most registers that an act reads, preferably such as belong together."""
        view: list[Entry] = []
        values: set[Value] = set()
        for register in self._in_any_order(function.reads):
            near = [entry for entry in entries if entry.register == register]
            if not near or self._source.once_in(5):
                continue
            alike = [sum(value in values for value in self._telling(entry)) for entry in near]
            best = [entry for entry, count in zip(near, alike, strict=True) if count == max(alike)]
            view.append(self._source.choose(near if self._source.once_in(4) else best))
            values.update(self._telling(view[-1]))
        return tuple(view)

    def _in_any_order(self, registers: tuple[int, ...]) -> list[int]:
        left, found = list(registers), []
        while left:
            found.append(left.pop(self._source.below(len(left))))
        return found

    def _telling(self, entry: Entry) -> list[Value]:
        """Return the values of an entry by which entries belong together: those of its key, and holders."""
        keys = self.program.registers[entry.register].keys
        return [
            value
            for place, (field, value) in enumerate(zip(self.fields_of(entry), entry.values, strict=True))
            if place in keys or isinstance(field.type, Reference)
        ]

    def vary(self, best: Deed, entries: tuple[Entry, ...], day: int) -> Deed:
        """Return a deed that differs from one in a part or two. An actor's city and the argument for it go together."""
        other = self.deed(best.act, entries, day)
        parts = len(best.arguments) + 2
        changed = {self._source.below(parts), self._source.below(parts)}
        held, fresh = best.context, other.context
        cities = {each.city_parameter for each in self.program.functions[best.act].permissions}
        changed |= {place for place in cities if place is not None and parts - 2 in changed}
        arguments = tuple(
            new if place in changed else old
            for place, (old, new) in enumerate(zip(best.arguments, other.arguments, strict=True))
        )
        who = fresh if parts - 2 in changed else held
        when = fresh if parts - 1 in changed else held
        return Deed(best.act, on_day(who, when.today), arguments)

    def changed(self, entry: Entry, entries: tuple[Entry, ...], day: int) -> Entry:
        """Return an entry with another value in one of its fields."""
        place = self._source.below(len(entry.values))
        drawing = _Drawing(self, self._source, (self._source.choose(entries),), entries, day)
        value = drawing.value(self.fields_of(entry)[place].type)
        return Entry(entry.register, (*entry.values[:place], value, *entry.values[place + 1 :]))

    def _day(self, view: tuple[Entry, ...], day: int) -> int:
        """Mostly the same day or one soon after; sometimes a day that an entry or the instrument names."""
        source = self._source
        if not source.once_in(3):
            return min(day + (0 if source.once_in(2) else source.between(0, 3)), DATE_MAX)
        return self._ahead(view, day)

    def _ahead(self, view: tuple[Entry, ...], day: int) -> int:
        source = self._source
        ahead = [each + step for entry in view for each in self._days_in(entry) for step in (0, 1)]
        ahead += [each for each in self._pool.days if each > day]
        ahead += [day + period + step for period in self._periods for step in (0, 1)]
        fitting = [each for each in ahead if day <= each <= min(day + PERIOD_DAYS_MAX, DATE_MAX)]
        if fitting:
            return min(source.choose(fitting), source.choose(fitting))
        return min(day + source.between(0, 60), DATE_MAX)

    def _days_in(self, entry: Entry) -> list[int]:
        pairs = zip(self.fields_of(entry), entry.values, strict=True)
        return [value for field, value in pairs if field.type == Date() and isinstance(value, int)]

    def _actor(self, function: Function, drawing: _Drawing) -> Context:
        """Mostly whoever may act, sometimes anybody."""
        source = self._source
        chances = [each for each in function.permissions if each.role is not None]
        if not chances or source.once_in(24):
            kind = source.choose(("person", "organisation", "department"))
            return self._context(source.choose(self.cities), kind, (), drawing)
        permission = source.choose(chances)
        assert permission.role is not None
        role = self.program.roles[permission.role]
        kind = source.choose(role.kinds)
        if permission.city is None and permission.city_parameter is None and not source.once_in(3):
            named = [each for each in drawing.references() if kind_of(each) == kind]
            if named:
                actor = source.choose(named)
                return on_day(
                    Context(actor, kind, actor.partition("/")[0], (role.name,), TIME_MIN, 0), drawing.today
                )
        city = permission.city if permission.city is not None else drawing.city()
        return self._context(city, kind, (role.name,), drawing)

    def _context(self, city: str, kind: str, roles: tuple[str, ...], drawing: _Drawing) -> Context:
        actor = city
        if kind != "city":
            named = [each for each in drawing.references() if kind_of(each) == kind and each.startswith(f"{city}/")]
            fresh = f"{city}/{self._source.choose(HOLDERS[kind])}"
            actor = self._source.choose(named) if named and not self._source.once_in(3) else fresh
        return on_day(Context(actor, kind, city, roles, TIME_MIN, 0), drawing.today)

    # ------------------------------------------------------------ values of a type

    def fresh(self, type_: Type, drawing: _Drawing) -> Value:  # one answer for each type
        """Return a conforming value of any type."""
        source = self._source
        match type_:
            case Truth():
                return source.once_in(2)
            case Number():
                return self._number(type_, drawing)
            case Ratio():
                return (source.choose((0, 1, -1)), 1)
            case Text(limit=limit):
                return source.choose([text for text in self._texts if len(text) <= limit])
            case Date():
                return self._date(drawing)
            case Time():
                moment = self._date(drawing) * SECONDS_OF_DAY - OFFSET_S + source.choose((0, OFFICE_OPENS_S))
                return min(max(moment, TIME_MIN), TIME_MAX)
            case Reference(kind=kind):
                return self._reference(kind, drawing)
            case Enumeration(index=index):
                return source.below(len(self.program.enumerations[index].members))
            case Record(index=index):
                return tuple([drawing.argument(field) for field in self.program.records[index].fields])
            case List(item=item, limit=limit):
                return tuple([drawing.value(item) for _ in range(drawing.length(limit))])
            case Set(item=item, limit=limit):
                items = {self._codecs.encode(item, value): value for value in drawing.items(item, limit)}
                return tuple([items[key] for key in sorted(items)])
            case Option(item=item):
                return () if source.once_in(3) else (drawing.value(item),)
            case _:
                assert_never(type_)

    def _number(self, type_: Number, drawing: _Drawing) -> int:
        low, high = number_range(type_)
        source = self._source
        year = civil_from_days(drawing.today)[0]
        if YEAR_MIN <= low <= year <= high and not source.once_in(3):
            return min(max(year + source.between(-1, 1), low), high)
        match source.below(6):
            case 0:
                drawn = source.between(0, 3) * (10**type_.scale if source.once_in(2) else 1)
            case 1:
                drawn = (year + source.between(-1, 1)) * 10**type_.scale
            case 2 if self._pool.numbers:
                mantissa, scale = source.choose(self._pool.numbers)
                drawn = mantissa * 10**type_.scale // 10**scale + source.between(-1, 1)
            case 3:
                drawn = source.choose((low, high))
            case 4:
                width = source.between(1, max(1, (high - low).bit_length()))
                drawn = max(low, 0) + source.below(1 << width)
            case _:
                drawn = source.between(low, high)
        return drawn if low <= drawn <= high else source.between(low, high)

    def _date(self, drawing: _Drawing) -> int:
        source = self._source
        match source.below(4):
            case 0 if self._pool.days:
                drawn = source.choose(self._pool.days) + source.between(-1, 1)
            case 1 if self._periods:
                drawn = drawing.today + source.choose(self._periods) * source.choose((-1, 1)) + source.between(-1, 1)
            case 2:
                drawn = drawing.today + source.between(-400, 400)
            case _:
                drawn = drawing.today + source.between(-3, 30)
        return min(max(drawn, DATE_MIN), DATE_MAX)

    def _reference(self, kind: str, drawing: _Drawing) -> str:
        source = self._source
        if kind == "city":
            return drawing.city()
        if kind == "actor":
            return drawing.actor or source.choose(self.cities)
        if drawing.actor and kind_of(drawing.actor) == kind and source.once_in(2):
            return drawing.actor
        return f"{drawing.city()}/{source.choose(HOLDERS[kind])}"

    def acts(self) -> list[int]:
        """Return the indexes of the acts."""
        return self._of_kind(FunctionKind.ACT)

    def queries(self) -> list[int]:
        """Return the indexes of the queries."""
        return self._of_kind(FunctionKind.QUERY)

    def _of_kind(self, kind: FunctionKind) -> list[int]:
        return [place for place, function in enumerate(self.program.functions) if function.kind is kind]


class _Drawing:
    """One deed while it is drawn: the entries in view, the day, the actor once known; its lists are often as long."""

    def __init__(
        self, guide: Guide, source: Source, view: Sequence[Entry], entries: Sequence[Entry], today: int
    ) -> None:
        self.today = today
        self.actor = ""
        self._guide = guide
        self._source = source
        self._view = view
        self._entries = entries
        self._length = source.choose((0, 1, 1, 2, 3))

    def argument(self, field: Field) -> Value:
        """Return a value for a named place: of a field of that name in an entry in view, if there is one."""
        if not self._source.once_in(6):
            named = [
                value
                for entry in self._view
                for own, value in zip(self._guide.fields_of(entry), entry.values, strict=True)
                if own.name == field.name and fits(self._guide, field.type, value)
            ]
            if named:
                return self._source.choose(named)
        return self.value(field.type)

    def value(self, type_: Type) -> Value:
        """Return a value of a type: of an entry in view, of any entry, or a fresh one."""
        if self._source.once_in(2):
            like = self._like(type_, self._view if self._view and self._source.once_in(2) else self._entries)
            if like is not None:
                return like
        return self._guide.fresh(type_, self)

    def _like(self, type_: Type, entries: Sequence[Entry]) -> Value | None:
        for _ in range(LOOKS_MAX if entries else 0):
            entry = self._source.choose(entries)
            places = self._guide.places_alike(entry.register, type_)
            if places:
                value = entry.values[self._source.choose(places)]
                if fits(self._guide, type_, value):
                    return value
        return None

    def references(self) -> list[str]:
        """Return the holders whom the entries name: those in view, or all."""
        entries = self._view or self._entries
        return [
            value
            for entry in entries
            for field, value in zip(self._guide.fields_of(entry), entry.values, strict=True)
            if isinstance(field.type, Reference) and isinstance(value, str) and "/" in value
        ]

    def city(self) -> str:
        """Return a city: of the actor, of an entry in view, or one of the few in which things happen."""
        if self.actor and not self._source.once_in(3):
            return self.actor.partition("/")[0]
        if not self._source.once_in(4):
            named = [
                str(value).partition("/")[0]
                for entry in self._view
                for field, value in zip(self._guide.fields_of(entry), entry.values, strict=True)
                if isinstance(field.type, Reference)
            ]
            if named:
                return self._source.choose(named)
        return self._source.choose(self._guide.cities)

    def length(self, limit: int) -> int:
        """Return how many items a list has."""
        return min(limit, self._length if not self._source.once_in(4) else self._source.between(0, ITEMS_MAX))

    def items(self, type_: Type, limit: int) -> list[Value]:
        """Return items for a set."""
        return [self.value(type_) for _ in range(self.length(limit))]


def fits(guide: Guide, type_: Type, value: Any) -> bool:
    """Whether a value that stands somewhere may stand in a place of that type."""
    if isinstance(type_, Reference) and type_.kind not in {"city", "actor"}:
        return isinstance(value, str) and kind_of(value) == type_.kind
    return guide.conforms(type_, value)


def _alike(held: Type, wanted: Type) -> bool:
    match held, wanted:
        case Number(), Number():
            return (held.scale, held.unit) == (wanted.scale, wanted.unit)
        case Enumeration() | Record(), _:
            return held == wanted
        case _:
            return type(held) is type(wanted)


def kind_of(reference: str) -> str:
    """Return what kind of holder a reference of ours is."""
    _, slash, holder = reference.partition("/")
    return next((kind for kind, names in HOLDERS.items() if holder in names), "actor") if slash else "city"


def on_day(context: Context, day: int) -> Context:
    """Return the same actor on a day, when the offices open."""
    now = day * SECONDS_OF_DAY + OFFICE_OPENS_S - OFFSET_S
    return Context(context.actor, context.actor_kind, context.actor_city, context.roles, now, day)
