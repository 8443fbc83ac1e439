"""What a container can hold, asked of a program before it is written: what a drafter's text exceeds is named.

The container refuses the same by the shapes of its parts; here each bound has the word by which a drafter knows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gbalang.emit.assembly import BeyondLimit
from gbalang.isa import program as p
from gbalang.isa.container import INDEX_MAX
from gbalang.limits import (
    LOCALS_MAX,
    NAMED_PARTS_MAX,
    PROGRAM_NAME_CHARACTERS_MAX,
    PROGRAM_TEXT_CHARACTERS_MAX,
    TABLE_ROWS_MAX,
)
from gbalang.source import Span

TABLES: dict[str, str] = {
    "articles": "articles",
    "enumerations": "enumerations",
    "records": "records",
    "registers": "registers",
    "roles": "roles",
    "parameters": "parameters",
    "refusals": "refusals",
    "events": "events",
    "conditions": "conditions",
    "notes": "recorded reasons",
    "marks": "rules and exceptions",
    "calendars": "sets of calendars",
    "types": "types",
    "constants": "fixed values",
    "functions": "rules, exceptions, acts and queries",
}
"""The tables of a program with what their rows are called."""


def expect_function(function: p.Function, span: Span) -> None:
    """Raise BeyondLimit when the parts of a function are too many for a container."""
    _expect("local values", len(function.locals), LOCALS_MAX, span)
    _expect("parameters", len(function.parameters), NAMED_PARTS_MAX, span)
    _expect("permissions", len(function.permissions), NAMED_PARTS_MAX, span)
    _expect("characters of a name", len(function.name), PROGRAM_NAME_CHARACTERS_MAX, span)


def expect_program(program: p.Program) -> None:
    """Raise BeyondLimit when a table or a text of a program is too large for a container."""
    _expect("versions", program.version, INDEX_MAX)
    for table, what in TABLES.items():
        _expect(what, len(getattr(program, table)), TABLE_ROWS_MAX)
    for parameter in program.parameters:
        _expect("dated values", len(parameter.values), TABLE_ROWS_MAX)
    for what, count in _parts(program):
        _expect(what, count, NAMED_PARTS_MAX)
    for name in _names(program):
        _expect("characters of a name", len(name), PROGRAM_NAME_CHARACTERS_MAX)
    for text in _texts(program):
        _expect("characters", len(text), PROGRAM_TEXT_CHARACTERS_MAX)


def _expect(what: str, size: int, limit: int, span: Span | None = None) -> None:
    if size > limit:
        raise BeyondLimit(what, size, limit, span)


def _parts(program: p.Program) -> Iterator[tuple[str, int]]:
    yield "legal bases", len(program.bases)
    for article in program.articles:
        yield "legal bases", len(article.bases)
    for enumeration in program.enumerations:
        yield "members", len(enumeration.members)
    for fields in _fields(program):
        yield "fields", len(fields)
    for register in program.registers:
        yield "keys", len(register.keys)


def _names(program: p.Program) -> Iterator[str]:
    """Names of functions are looked at with their functions."""
    yield program.name
    for article in program.articles:
        yield article.label
    for table in (
        program.enumerations, program.records, program.registers, program.roles, program.parameters, program.refusals,
        program.events, program.marks,
    ):
        for row in table:
            yield row.name
    for enumeration in program.enumerations:
        yield from enumeration.members
    for fields in _fields(program):
        for part in fields:
            yield part.name


def _fields(program: p.Program) -> list[tuple[p.Field, ...]]:
    return [*[record.fields for record in program.records], *[event.fields for event in program.events]]


def _texts(program: p.Program) -> Iterator[str]:
    yield from _untagged(program.titles)
    yield from program.bases
    for article in program.articles:
        yield from _untagged((*article.headings, *article.texts))
        yield from (*article.bases, article.text_only)
    for refusal in program.refusals:
        yield from _untagged(refusal.texts)
    yield from [condition.text for condition in program.conditions]
    yield from [note.text for note in program.notes]


def _untagged(texts: Iterable[p.TaggedText]) -> Iterator[str]:
    return (text for _, text in texts)
