"""An instrument made ready for trial: its examples and properties compiled as rules beside its own.

They run on the machine that will run the instrument, so a trial shows what the ledger would do, to the last digit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gbalang import bundled
from gbalang.check import typed as t
from gbalang.emit.assembly import BeyondLimit
from gbalang.emit.emitter import CannotEmit, emit
from gbalang.errors import InternalError
from gbalang.isa.program import FunctionKind, Program
from gbalang.isa.stack import VerificationRule
from gbalang.isa.verify import VerifiedProgram, verify
from gbalang.limits import COST_MAX
from gbalang.vm.memory_host import MemoryHost

EXAMPLE, LEFT, RIGHT, WHERE, HOLDS = "example", "left", "right", "where", "holds"


class TrialsTooLarge(Exception):  # noqa: N818  # the drafter's examples and properties are beyond a limit of the machine
    """The instrument is sound, but with its examples and properties beyond a limit. The text says of which and what."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A typed instrument with the program that holds its trials. `functions`: (what, position) to function index."""

    contract: t.Contract
    verified: VerifiedProgram
    functions: dict[tuple[str, int], int]
    calendars: tuple[t.CalendarYear, ...]

    @property
    def program(self) -> Program:
        """The program of the trial."""
        return self.verified.program

    @property
    def own_names(self) -> frozenset[str]:
        """The names of the rules that are trials and not the instrument's."""
        return frozenset(self.program.functions[index].name for index in self.functions.values())

    def host(self) -> MemoryHost:
        """Return an empty ledger with the calendars of the standard library."""
        host = MemoryHost()
        for calendar in self.calendars:
            host.load_calendar(calendar.calendar, calendar.year, calendar.days)
        return host


def prepare(contract: t.Contract, calendars: tuple[t.CalendarYear, ...]) -> Trial:
    """Compile an instrument with its trials. Raises TrialsTooLarge."""
    rules: list[t.Rule] = []
    names: dict[tuple[str, int], str] = {}

    def add(what: str, position: int, rule: t.Rule) -> None:
        names[what, position] = rule.name
        rules.append(rule)

    for position, example in enumerate(contract.examples):
        add(EXAMPLE, position, _rule_of(f"example {position}", example, example.condition))
        if example.left is not None and example.right is not None:
            add(LEFT, position, _rule_of(f"left {position}", example, example.left))
            add(RIGHT, position, _rule_of(f"right {position}", example, example.right))
    for position, stated in enumerate(contract.properties):
        add(HOLDS, position, _rule_of(f"holds {position}", stated, stated.condition))
        if stated.where is not None:
            add(WHERE, position, _rule_of(f"where {position}", stated, stated.where))
    try:
        program = emit(replace(contract, rules=contract.rules + tuple(rules))).program
    except (BeyondLimit, CannotEmit) as beyond:
        raise TrialsTooLarge(str(beyond)) from None
    verified = verify(program)
    if not isinstance(verified, VerifiedProgram):
        if verified.reason is VerificationRule.COST_MUST_BE_WITHIN_LIMIT:
            raise TrialsTooLarge(f"{verified.detail} > {COST_MAX}")
        raise InternalError(f"the trials of {contract.name} do not verify: {verified}")
    places = {
        function.name: place for place, function in enumerate(program.functions) if function.kind is FunctionKind.RULE
    }
    return Trial(contract, verified, {key: places[name] for key, name in names.items()}, calendars)


def _rule_of(name: str, source: t.Example | t.Property, value: t.Expression) -> t.Rule:
    variables, dated = (source.variables, source.dated) if isinstance(source, t.Property) else ((), False)
    return t.Rule(
        name, source.article, variables, value.type, dated=dated, locals=source.locals, guard=None,
        body=t.Body((), value), exceptions=(), span=source.span,
    )  # fmt: skip


def standard_calendar_names() -> tuple[str, ...]:
    """Return the names of the calendars in the standard library."""
    return tuple(name for name in bundled.list_standard_library() if name.startswith("calendars/"))


