"""Names and what they stand for. Each file is a module with names of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal, TypeAlias

from gbalang.ast import nodes as n
from gbalang.check.mistakes import Findings, Mistake, mistake
from gbalang.diagnostics.model import Label
from gbalang.source import Span

SymbolKind: TypeAlias = Literal[
    "enumeration", "record", "role", "parameter", "local parameter", "table", "refusal", "event", "register", "rule",
    "exception", "act", "query", "invariant", "module",
]

SPACE_OF_KIND: dict[SymbolKind, str] = {
    "enumeration": "values", "record": "values", "parameter": "values", "local parameter": "values",
    "table": "values", "register": "values", "rule": "values", "exception": "values", "module": "values",
    "role": "roles", "refusal": "refusals", "event": "events", "act": "doors", "query": "doors",
    "invariant": "invariants",
}  # fmt: skip
"""Where a name must be unique: a refusal and an event may share one, since no place could mean either."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A declared name. `index` is its row in the table of its kind."""

    kind: SymbolKind
    name: str
    span: Span
    index: int


@dataclass(frozen=True, slots=True)
class Enumerator:
    """A member of an enumeration, by its place in it."""

    enumeration: int
    position: int
    span: Span


@dataclass(slots=True)
class Module:
    """One file: what it declares and what it imports. `prefix` comes before its names in the program."""

    key: str
    document: n.Instrument
    prefix: str
    spaces: dict[str, dict[str, Symbol]] = field(default_factory=dict)
    enumerators: dict[str, list[Enumerator]] = field(default_factory=dict)
    imports: dict[str, Module] = field(default_factory=dict)

    def qualified(self, name: str) -> str:
        """Return the name as the program holds it."""
        return self.prefix + name

    def declare(self, findings: Findings, kind: SymbolKind, name: n.Name, index: int) -> None:
        """Give a name its meaning; a name that has one already keeps it, and the second place is reported."""
        space = self.spaces.setdefault(SPACE_OF_KIND[kind], {})
        before = space.get(name.text)
        if before is not None:
            findings.add("E0202", name.span, Label(before.span, "first"), name=name.text)
            return
        space[name.text] = Symbol(kind, name.text, name.span, index)

    def find(self, name: str, space: str = "values") -> Symbol | None:
        """Return what a name stands for in a space of names."""
        return self.spaces.get(space, {}).get(name)

    def names(self, space: str = "values") -> list[str]:
        """Return the names of a space, in the order declared."""
        return list(self.spaces.get(space, {}))


def undefined(name: n.Name, kind: str, module: Module, space: str, others: Iterable[str] = ()) -> Mistake:
    """Return the mistake that a name stands for nothing, with the nearest one that does."""
    known = [*module.names(space), *others]
    close = nearest(name.text, known)
    found = module.find(close, space)
    labels = () if found is None else (Label(found.span, "nearest"),)
    return mistake("E0201", name.span, *labels, name=name.text, kind=kind, nearest=close)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name most like this one, or "" when none is near."""
    close = get_close_matches(name, list(known), 1, 0.6)
    return close[0] if close else ""
