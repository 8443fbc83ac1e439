"""Counterexamples as a drafter reads them: entries, a deed, and an example to paste into the text."""

from __future__ import annotations

from gbalang.ast import nodes as n
from gbalang.ast.keywords import word
from gbalang.ast.parser import parse
from gbalang.ast.printer import print_expression
from gbalang.ast.walk import descend
from gbalang.check import typed as t
from gbalang.isa.program import Program
from gbalang.isa.types import Record
from gbalang.literals import format_value, show_date
from gbalang.proving.verdicts import Case
from gbalang.source import SourceFile
from gbalang.testing.histories import tell
from gbalang.testing.running import Deed


def tell_entries(program: Program, case: Case) -> tuple[str, ...]:
    """Return the entries before an act, each as a record of its register."""
    return tuple([
        f"{program.registers[register].name}: "
        + format_value(Record(program.registers[register].record), value, program)
        for register, value in case.entries
    ])


def tell_deed(program: Program, act: int, case: Case) -> str:
    """Return the act of a case: on that day that actor does that."""
    assert case.context is not None
    return tell(program, Deed(act, case.context, case.arguments))


def tell_variables(stated: t.Property, program: Program, case: Case) -> dict[str, str]:
    """Return the variables of a property with their values in a case."""
    pairs = zip(stated.variables, case.arguments, strict=True)
    return {field.name: format_value(field.type, value, program) for field, value in pairs}


def example_to_paste(
    document: n.Document, text: str, stated: t.Property, variables: dict[str, str], day: int | None
) -> str | None:
    """Return an example that says of these values what the property says of all, in the keyword language of its text;
    None where a value cannot be written there, or the property stands in another text.
    """
    declared = next((node for node in descend(document) if _declares(node, stated)), None)
    literals = {name: _literal(value, document.language) for name, value in variables.items()}
    if not isinstance(declared, n.PropertyDeclaration) or None in literals.values():
        return None
    condition = _source_of(text, declared, literals)
    title = f"{stated.title}: {', '.join(f'{name} = {value}' for name, value in variables.items())}"
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    on = "" if day is None else f" {word('ON', document.language)} {show_date(day)}"
    return f'  {word("EXAMPLE", document.language)} "{quoted}"{on}\n    {condition}'


def _declares(node: object, stated: t.Property) -> bool:
    return isinstance(node, n.PropertyDeclaration) and node.title == stated.title and node.span == stated.span


def _source_of(text: str, declared: n.PropertyDeclaration, literals: dict[str, str | None]) -> str:
    """The condition as it was written, the values in the places of the variables."""
    start = declared.condition.span.start
    condition = text[start : declared.condition.span.end]
    names = [node for node in descend(declared.condition) if isinstance(node, n.NameReference)]
    for node in sorted(names, key=lambda each: each.span.start, reverse=True):
        value = literals.get(node.name.text)
        if value is not None:
            condition = condition[: node.span.start - start] + value + condition[node.span.end - start :]
    return condition


def _literal(value: str, language: n.Language) -> str | None:
    """A value as it is written in a text of that language, if it can be."""
    source = SourceFile("case", f'contract case version 1\n\narticle 1\n  example "case"\n    {value} = {value}\n')
    document = parse(source).document
    found = next((node for node in descend(document) if isinstance(node, n.ExampleDeclaration)), None)
    if found is None or not isinstance(found.condition, n.Binary):
        return None
    shown = print_expression(found.condition.left, language)
    return f"({shown})" if shown.startswith("-") else shown
