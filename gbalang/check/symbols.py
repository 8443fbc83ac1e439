"""Names and what they stand for. Each file is a module with names of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import chain, islice
from typing import Literal, TypeAlias

from gbalang.ast import nodes as n
from gbalang.check.mistakes import Findings, Mistake, mistake
from gbalang.diagnostics.model import Label
from gbalang.limits import NAMES_COMPARED_MAX, SUGGESTIONS_MAX
from gbalang.source import Span

LIKENESS_MIN = 0.6
"""How like a suggested name is, by the measure of difflib: twice the letters in common, of the letters of both."""

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
    suggestions: int = 0
    """Names for which the nearest one was looked for."""

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

    def nearest(self, name: str, known: Iterable[str]) -> str:
        """Return the known name most like one of this file, or "": also when the file has too many unknown ones."""
        if self.suggestions == SUGGESTIONS_MAX:
            return ""
        self.suggestions += 1
        return nearest(name, known)


def undefined(name: n.Name, kind: str, module: Module, space: str, others: Iterable[str] = ()) -> Mistake:
    """Return the mistake that a name stands for nothing, with the nearest one that does."""
    close = module.nearest(name.text, chain(module.spaces.get(space, {}), others))
    found = module.find(close, space)
    labels = () if found is None else (Label(found.span, "nearest"),)
    return mistake("E0201", name.span, *labels, name=name.text, kind=kind, nearest=close)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name most like this one, or "" when none is near."""
    # Names of a length that the likeness asked for excludes are not worth a comparison.
    possible = (each for each in known if 2 * min(len(each), len(name)) >= LIKENESS_MIN * (len(each) + len(name)))
    close = get_close_matches(name, islice(possible, NAMES_COMPARED_MAX), 1, LIKENESS_MIN)
    return close[0] if close else ""
