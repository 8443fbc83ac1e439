"""Applying rules of an instrument on the machine, with values as a drafter writes them."""

from __future__ import annotations

import functools

from gbalang import bundled
from gbalang.check.typed import CalendarYear
from gbalang.isa.program import FunctionKind
from gbalang.isa.types import Date
from gbalang.literals import format_value, parse_value
from gbalang.pipeline import compile_bundle
from gbalang.source import SourceBundle, SourceFile
from gbalang.vm.host import Done, Faulted
from gbalang.vm.machine import run_rule
from gbalang.vm.memory_host import MemoryHost

DAY = "2026-06-30"


@functools.cache
def calendars() -> tuple[CalendarYear, ...]:
    """Return the calendars of the standard library."""
    found = []
    for name in bundled.list_standard_library():
        if name.startswith("calendars/"):
            typed = compile_bundle(SourceBundle(SourceFile(name, bundled.read_standard_library(name)))).typed
            assert isinstance(typed, CalendarYear)
            found.append(typed)
    return tuple(found)


def host() -> MemoryHost:
    """Return an empty ledger with those calendars."""
    ledger = MemoryHost()
    for year in calendars():
        ledger.load_calendar(year.calendar, year.year, year.days)
    return ledger


class Instrument:
    """A compiled instrument whose rules can be applied."""

    def __init__(self, path: str, text: str) -> None:
        modules = (("splits", SourceFile("stdlib/splits.gba", bundled.read_standard_library("splits"))),)
        result = compile_bundle(SourceBundle(SourceFile(path, text), modules))
        assert result.compiled is not None, result.diagnostics
        self._verified = result.compiled.verified

    @classmethod
    @functools.cache
    def bundled(cls, name: str) -> Instrument:
        """Return an instrument of contracts/."""
        return cls(f"contracts/{name}/contract.gba", bundled.read_contract_file(name).decode("utf-8"))

    def apply(self, rule: str, *arguments: str, day: str = DAY) -> str:
        """Return what a rule gives on a day, or "fault:NAME"."""
        program = self._verified.program
        index = next(
            place
            for place, each in enumerate(program.functions)
            if each.name == rule and each.kind is FunctionKind.RULE
        )
        function = program.functions[index]
        values = tuple(
            parse_value(field.type, text, program)
            for field, text in zip(function.parameters, arguments, strict=True)
        )
        at_day = parse_value(Date(), day, program) if function.dated else None
        assert at_day is None or isinstance(at_day, int)
        outcome = run_rule(self._verified, index, values, at_day, host())
        if isinstance(outcome, Faulted):
            return f"fault:{outcome.fault.name.lower()}"
        assert isinstance(outcome, Done)
        assert outcome.result is not None
        assert function.result is not None
        return format_value(function.result, outcome.result, program)
