"""Counterexamples as a drafter reads them: entries, a deed, the values of a case."""

from __future__ import annotations

from gbalang.check import typed as t
from gbalang.isa.program import Program
from gbalang.isa.types import Record
from gbalang.literals import format_value
from gbalang.proving.verdicts import Case
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
