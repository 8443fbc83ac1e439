"""What is known while an instrument is checked: its modules, the tables that grow, and what has been used."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from gbalang.ast import nodes as n
from gbalang.ast.keywords import CALENDAR_BY_WORD, CALENDARS
from gbalang.check import typed as t
from gbalang.check.kinds import loose, show
from gbalang.check.mistakes import Findings, mistake
from gbalang.check.symbols import Module, nearest
from gbalang.isa import program as p
from gbalang.isa.types import Type, Value
from gbalang.isa.values import Sizes, encode_value
from gbalang.limits import NOTE_BYTES_MAX
from gbalang.source import Span


@dataclass(slots=True)
class RuleSignature:
    """What a caller needs to know of a rule. `dated` is known once its body was checked; callees come first."""

    name: str
    parameters: tuple[p.Field, ...]
    result: Type
    span: Span
    dated: bool = False
    checked: bool = False
    """False after a mistake in it: then callers stay silent about it."""


@dataclass(slots=True)
class World:
    """Everything that stands above single declarations. Tables are in the order of the program to come."""

    main: Module
    modules: list[Module]
    findings: Findings
    articles: list[p.Article] = field(default_factory=list)
    article_rows: dict[str, int] = field(default_factory=dict)
    """The row of each article by its label in the program."""
    enumerations: list[p.Enumeration] = field(default_factory=list)
    records: list[p.Record] = field(default_factory=list)
    record_spans: list[Span] = field(default_factory=list)
    field_spans: dict[tuple[int, str], Span] = field(default_factory=dict)
    """Where each field of a record is declared."""
    incomplete: dict[int, None] = field(default_factory=dict)
    """Records some of whose fields could not be understood: whoever misses one stays silent."""
    registers: list[p.Register] = field(default_factory=list)
    roles: list[p.Role] = field(default_factory=list)
    parameters: list[p.Parameter | None] = field(default_factory=list)
    parameter_types: list[Type | None] = field(default_factory=list)
    refusals: list[p.Refusal] = field(default_factory=list)
    events: list[p.Event] = field(default_factory=list)
    conditions: list[p.Condition] = field(default_factory=list)
    notes: list[p.Note] = field(default_factory=list)
    note_rows: dict[p.Note, int] = field(default_factory=dict)
    calendars: list[p.CalendarSet] = field(default_factory=list)
    signatures: list[RuleSignature | None] = field(default_factory=list)
    used: dict[tuple[str, int], None] = field(default_factory=dict)
    """(kind of symbol, index) of everything something refers to; "written" for registers an act writes."""

    def show(self, type_: Type) -> str:
        """Return a type as a drafter writes it."""
        return show(type_, _Definitions(tuple(self.records), tuple(self.enumerations)))

    def bytes_max(self, type_: Type) -> int:
        """Return the longest encoding of a value of the type."""
        return Sizes(_Definitions(tuple(self.records), tuple(self.enumerations))).bytes_max(type_)

    def encode(self, type_: Type, value: Value) -> bytes:
        """Return the canonical encoding of a value."""
        return encode_value(type_, value, _Definitions(tuple(self.records), tuple(self.enumerations)))

    def calendar_set(self, written: n.CalendarSet) -> int:
        """Return the row of a set of calendars, added if it is new; its order means nothing. Raises Mistake."""
        for name in written.calendars:
            expect_calendar(name)
        names = tuple(sorted({name.text: None for name in written.calendars}))
        mode = p.CalendarMode.ALL if written.mode == "all" and len(names) > 1 else p.CalendarMode.ANY
        row = p.CalendarSet(mode, names)
        if row not in self.calendars:
            self.calendars.append(row)
        return self.calendars.index(row)

    def note(self, text: str, value: t.Expression) -> t.Expression:
        """Return the value, recorded among the reasons when it may vary and is small enough to be recorded."""
        if isinstance(value, t.Constant) or self.bytes_max(value.type) > NOTE_BYTES_MAX:
            return value
        row = p.Note(text, loose(value.type))
        place = self.note_rows.setdefault(row, len(self.notes))
        if place == len(self.notes):
            self.notes.append(row)
        return t.WithNote(place, value, value.type)


@dataclass(frozen=True, slots=True)
class _Definitions:
    records: tuple[p.Record, ...]
    enumerations: tuple[p.Enumeration, ...]


def expect_calendar(name: n.Name) -> None:
    """Raise Mistake (E0214) when there is no such calendar."""
    if name.text not in CALENDARS:
        raise mistake("E0214", name.span, name=name.text, nearest=nearest(name.text, CALENDAR_BY_WORD))


Place: TypeAlias = Literal["rule", "act", "query", "invariant", "example", "standing", "property", "constant"]
"""What kind of thing an expression stands in."""

READS_LEDGER: tuple[Place, ...] = ("act", "query", "invariant", "standing")
KNOWS_ACTOR: tuple[Place, ...] = ("act", "query")


@dataclass(slots=True)
class Scope:
    """One function while it is checked: where it stands, its local slots, the names in sight.

    `day` is the day at which dated parameters are read there; reading it makes a rule dated.
    """

    world: World
    module: Module
    place: Place
    article: int
    day: t.Expression | None
    slots: list[Type] = field(default_factory=list)
    names: dict[str, tuple[int | None, Span]] = field(default_factory=dict)
    """Name to slot, or to None when the value could not be understood: whoever uses it stays silent."""
    dated: bool = False

    def slot(self, type_: Type) -> int:
        """Return a new local slot."""
        self.slots.append(type_)
        return len(self.slots) - 1

    def local(self, index: int) -> t.Local:
        """Return the value of a slot."""
        return t.Local(index, self.slots[index])

    def at_day(self) -> t.Expression | None:
        """Return the day at which parameters are read here, and remember that it matters."""
        self.dated = True
        return self.day
