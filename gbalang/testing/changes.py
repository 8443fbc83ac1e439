"""What an act changed in the registers, entry by entry, and what stands in an entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from gbalang.isa.program import Program
from gbalang.isa.types import List, Option, Record, Reference, Set, Type, Value
from gbalang.testing.guided import Entry, Guide
from gbalang.testing.running import Deed
from gbalang.testing.shrink import Ask
from gbalang.vm.memory_host import MemoryHost

Shown = TypeVar("Shown")
Judge: TypeAlias = Callable[[Deed, tuple[Entry, ...], tuple[Entry, ...]], Shown | None]
"""What a deed shows, told by what stood in the registers before and after; None if nothing."""


@dataclass(frozen=True, slots=True)
class Change:
    """An entry that an act entered, amended or removed. Of `before` and `after`, one may be None."""

    before: Entry | None
    after: Entry | None

    @property
    def entry(self) -> Entry:
        """The entry as it stands afterwards, or as it stood if it was removed."""
        found = self.after if self.after is not None else self.before
        assert found is not None
        return found

    @property
    def versions(self) -> tuple[Entry, ...]:
        """The entry before and after, as far as there is one."""
        return tuple([each for each in (self.before, self.after) if each is not None])


def changes(program: Program, before: tuple[Entry, ...], after: tuple[Entry, ...]) -> tuple[Change, ...]:
    """Return what differs between two states of the registers."""
    old, new = ({(each.register, key_of(program, each)): each for each in state} for state in (before, after))
    return tuple(
        [Change(old.get(key), new.get(key)) for key in {**old, **new} if old.get(key) != new.get(key)]
    )


def key_of(program: Program, entry: Entry) -> tuple[Value, ...]:
    """Return the values of an entry's key."""
    return tuple([entry.values[place] for place in program.registers[entry.register].keys])


class Contents:
    """What stands in entries, looked up once for each."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._held: dict[Entry, tuple[tuple[Type, Value], ...]] = {}
        self._named: dict[Entry, tuple[str, ...]] = {}

    def of(self, entry: Entry) -> tuple[tuple[Type, Value], ...]:
        """Return the single values of an entry with their types."""
        found = self._held.get(entry)
        if found is None:
            type_ = Record(self.program.registers[entry.register].record)
            found = self._held[entry] = tuple(self._leaves(type_, entry.values))
        return found

    def values(self, entry: Entry) -> frozenset[Value]:
        """Return the single values of an entry."""
        return frozenset([value for _, value in self.of(entry)])

    def names(self, entry: Entry, actor: str) -> bool:
        """Whether an entry names somebody."""
        return actor in self._references(entry)

    def holders(self, entry: Entry) -> frozenset[str]:
        """Return the persons, organisations and departments that an entry names."""
        return frozenset([each for each in self._references(entry) if "/" in each])

    def cities(self, entry: Entry) -> frozenset[str]:
        """Return the cities of an entry: those it names; if it names none, those of its holders."""
        named = self._references(entry)
        cities = frozenset([each for each in named if "/" not in each])
        return cities or frozenset([each.partition("/")[0] for each in named])

    def _references(self, entry: Entry) -> tuple[str, ...]:
        found = self._named.get(entry)
        if found is None:
            found = tuple([str(value) for type_, value in self.of(entry) if isinstance(type_, Reference)])
            self._named[entry] = found
        return found

    def _leaves(self, type_: Type, value: Any) -> Iterator[tuple[Type, Value]]:
        match type_:
            case Record(index=index):
                for field, part in zip(self.program.records[index].fields, value, strict=True):
                    yield from self._leaves(field.type, part)
            case List(item=item) | Set(item=item) | Option(item=item):
                for part in value:
                    yield from self._leaves(item, part)
            case _:
                yield type_, value


def asking(guide: Guide, judge: Judge[Shown]) -> Callable[[], Ask[Shown]]:
    """Return what is asked in each replay of a history: the judge, of each deed."""

    def begin() -> Ask[Shown]:
        before: tuple[Entry, ...] = ()

        def ask(host: MemoryHost, deed: Deed) -> Shown | None:
            nonlocal before
            after = guide.entries(host)
            shown = judge(deed, before, after)
            before = after
            return shown

        return ask

    return begin
