"""An instrument made ready for trial: its examples and properties compiled as rules beside its own, and what an example
of acts says of the registers as invariants beside its own.

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
from gbalang.isa.types import Reference
from gbalang.isa.verify import VerifiedProgram, verify
from gbalang.limits import COST_MAX
from gbalang.vm.memory_host import MemoryHost

EXAMPLE, LEFT, RIGHT, WHERE, HOLDS = "example", "left", "right", "where", "holds"
ARGUMENT, STANDING = "argument", "standing"


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
        """The names of the functions that are trials and not the instrument's."""
        return frozenset(self.program.functions[index].name for index in self.functions.values())

    @property
    def invariants(self) -> tuple[int, ...]:
        """The invariants of the instrument itself, in the order declared."""
        own = frozenset(self.functions.values())
        functions = enumerate(self.program.functions)
        return tuple(
            [place for place, each in functions if each.kind is FunctionKind.INVARIANT and place not in own]
        )

    def host(self) -> MemoryHost:
        """Return an empty ledger with the calendars of the standard library."""
        host = MemoryHost()
        for calendar in self.calendars:
            host.load_calendar(calendar.calendar, calendar.year, calendar.days)
        return host


def prepare(contract: t.Contract, calendars: tuple[t.CalendarYear, ...]) -> Trial:
    """Compile an instrument with its trials. Raises TrialsTooLarge."""
    rules, procedures = _trials_of(contract), _standings_of(contract)
    try:
        program = emit(
            replace(
                contract, rules=contract.rules + tuple(rules.values()),
                procedures=contract.procedures + tuple(procedures.values()),
            )
        ).program
    except (BeyondLimit, CannotEmit) as beyond:
        raise TrialsTooLarge(str(beyond)) from None
    verified = verify(program)
    if not isinstance(verified, VerifiedProgram):
        if verified.reason is VerificationRule.COST_MUST_BE_WITHIN_LIMIT:
            raise TrialsTooLarge(f"{verified.detail} > {COST_MAX}")
        raise InternalError(f"the trials of {contract.name} do not verify: {verified}")
    kinds = (FunctionKind.RULE, FunctionKind.INVARIANT)
    places = {function.name: place for place, function in enumerate(program.functions) if function.kind in kinds}
    names = {key: rule.name for key, rule in rules.items()} | {key: each.name for key, each in procedures.items()}
    return Trial(contract, verified, {key: places[name] for key, name in names.items()}, calendars)


def _trials_of(contract: t.Contract) -> dict[tuple[str, int], t.Rule]:
    """Return what examples and properties reckon, each as a rule."""
    rules: dict[tuple[str, int], t.Rule] = {}

    def add(what: str, position: int, source: t.Example | t.Property, value: t.Expression | None) -> None:
        if value is not None:
            rules[what, position] = _rule_of(f"{what} {position}", source, value)

    for position, example in enumerate(contract.examples):
        add(EXAMPLE, position, example, example.condition)
        if example.left is not None and example.right is not None:
            add(LEFT, position, example, example.left)
            add(RIGHT, position, example, example.right)
    for position, stated in enumerate(contract.properties):
        add(HOLDS, position, stated, stated.condition)
        add(WHERE, position, stated, stated.where)
    for position, course in enumerate(contract.courses):
        for place, step in enumerate(course.steps):
            if isinstance(step, t.Deed):
                rules |= _arguments_of(course, position, step, place)
    return rules


def _arguments_of(course: t.Course, position: int, deed: t.Deed, place: int) -> dict[tuple[str, int], t.Rule]:
    """Return the arguments of a deed that must be reckoned, each as a rule."""
    keys = [(argument_key(place, number), value) for number, value in enumerate(deed.arguments)]
    return {
        (key, position): _argument_of(f"{key} {position}", course, deed, value)
        for key, value in keys
        if not isinstance(value, t.Constant)
    }


def _standings_of(contract: t.Contract) -> dict[tuple[str, int], t.Procedure]:
    """Return what examples of acts say of the registers, each as an invariant."""
    return {
        (standing_key(place), position): _standing_of(f"{standing_key(place)} {position}", course, step)
        for position, course in enumerate(contract.courses)
        for place, step in enumerate(course.steps)
        if isinstance(step, t.Standing)
    }


def argument_key(step: int, argument: int) -> str:
    """Return under what an argument of a deed is found among the trial's functions, beside the example's position."""
    return f"{ARGUMENT} {step} {argument}"


def standing_key(step: int) -> str:
    """Return under what a condition of an example of acts is found, beside the example's position."""
    return f"{STANDING} {step}"


def _rule_of(name: str, source: t.Example | t.Property, value: t.Expression) -> t.Rule:
    variables, dated = (source.variables, source.dated) if isinstance(source, t.Property) else ((), False)
    return t.Rule(
        name, source.article, variables, value.type, dated=dated, locals=source.locals, guard=None,
        body=t.Body((), value), exceptions=(), span=source.span,
    )  # fmt: skip


def _argument_of(name: str, course: t.Course, deed: t.Deed, value: t.Expression) -> t.Rule:
    return t.Rule(
        name, course.article, (), value.type, dated=False, locals=deed.locals, guard=None,
        body=t.Body(_cast_of(course), value), exceptions=(), span=deed.span,
    )  # fmt: skip


def _standing_of(name: str, course: t.Course, standing: t.Standing) -> t.Procedure:
    return t.Procedure(
        name, FunctionKind.INVARIANT, course.article, (), (), standing.locals,
        t.Body(_cast_of(course), standing.condition), standing.condition.type, standing.span,
    )  # fmt: skip


def _cast_of(course: t.Course) -> tuple[t.SetLocal, ...]:
    """The names of those who take part, put in the first slots."""
    return tuple(
        t.SetLocal(slot, t.Constant(holder.reference, Reference(holder.kind)), course.span)
        for slot, holder in enumerate(course.cast)
    )


def standard_calendar_names() -> tuple[str, ...]:
    """Return the names of the calendars in the standard library."""
    return tuple(name for name in bundled.list_standard_library() if name.startswith("calendars/"))


