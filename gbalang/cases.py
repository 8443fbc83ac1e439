"""Looking for a case in which exceptions contradict each other, or in which no rule decides.

Not a proof that there is none: the search tries every member of an enumeration, both truths, and around every number
and date that the instrument names, in a fixed order and up to a fixed number of cases, so that the same text always
gets the same answer. One budget of machine cost bounds the search of an instrument; a rule that uses up its part of it
before its cases are tried draws a warning. What is found is real, because the machine itself has run it; it is reported
with the call to paste as an example.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from itertools import islice, product
from typing import assert_never

from gbalang.ast.nodes import Language
from gbalang.ast.parser import parse
from gbalang.ast.printer import print_document, print_name
from gbalang.check import typed as t
from gbalang.diagnostics.model import Diagnostic, Label
from gbalang.emit.assembly import BeyondLimit
from gbalang.emit.emitter import CannotEmit, emit
from gbalang.isa.civil import DATE_MAX, DATE_MIN, OFFSET_S, SECONDS_OF_DAY
from gbalang.isa.program import FunctionKind, Program
from gbalang.isa.types import (
    Date,
    Enumeration,
    List,
    Number,
    Option,
    Ratio,
    Record,
    Reference,
    Set,
    Text,
    Time,
    Truth,
    Type,
    Value,
)
from gbalang.isa.values import CITIES, number_range
from gbalang.isa.verify import VerifiedProgram, verify
from gbalang.limits import SEARCH_COST_MAX
from gbalang.literals import format_value
from gbalang.source import SourceFile
from gbalang.vm.faults import Fault
from gbalang.vm.host import Done, Faulted, Outcome
from gbalang.vm.machine import run_rule
from gbalang.vm.memory_host import MemoryHost

CASES_MAX = 600
"""Cases tried for one rule that could have very many."""
ALL_CASES_MAX = 6_000
"""A rule that could have no more cases than these, days included, is tried in all of them."""
VALUES_OF_A_PART_MAX = 24
"""Values tried for one parameter, or for one field of a record."""
CASE_COST = 100
"""What beginning a case is reckoned at beside what the machine does, each value handed over being one unit more."""


HOLDERS: tuple[Value, ...] = ("Guangzhou/a", "HongKong/b")
BLANK = "____"
"""Stands where the drafter writes what must come out."""
_REFERENCES: dict[str, tuple[Value, ...]] = {"city": CITIES, "actor": (*CITIES, *HOLDERS)}


@dataclass(frozen=True, slots=True)
class _Probe:
    """A rule with, for each exception under it, a function that says whether its `when` holds.

    `general`: a function that gives what the rule itself says, exceptions and its own `when` aside.
    """

    rule: t.Rule
    index: int
    general: int
    whens: dict[t.RuleException, int]


@dataclass(slots=True)
class _Budget:
    """What may be spent on trying cases, in the units of the instruction table. `part`: what is left for the rule that
    is tried, `whole`: for the instrument; `tried`: cases of the rule.
    """

    part: int
    whole: int
    tried: int = 0

    def allows(self, cost_max: int) -> bool:
        """Whether a rule of that worst case may be tried once more: what it calls may be asked a second time."""
        return self.part > 0 and 2 * cost_max + CASE_COST <= self.whole

    def run(self, verified: VerifiedProgram, index: int, arguments: tuple[Value, ...], day: int | None) -> Outcome:
        """Try a case and pay for it: what the machine reckons, and what it takes to begin."""
        outcome = run_rule(verified, index, arguments, day, MemoryHost())
        cost = outcome.cost + CASE_COST + sum(map(_parts, arguments))
        self.part -= cost
        self.whole -= cost
        return outcome


def _parts(value: Value) -> int:
    return sum(map(_parts, value)) + 1 if isinstance(value, tuple) else 1


def find_cases(
    contract: t.Contract, language: Language = "en", cost_max: int = SEARCH_COST_MAX
) -> tuple[Diagnostic, ...]:
    """Return a finding for each rule that some case leaves contradictory (E0404) or undecided (E0405).

    Each shows an example to paste, in the words of the file's language. Each rule may spend an equal part of what those
    before it have left; one that is stopped by it is named (E0414).
    """
    wanted = [rule for rule in contract.rules if rule.exceptions or rule.guard is not None]
    own = [rule for rule in wanted if "." not in rule.name]
    if not own:
        return ()
    probes, verified = _with_probes(contract, own)
    if verified is None:
        return tuple([_not_all_tried(contract, rule, 0) for rule in own])
    pool = _Pool.of(verified.program)
    found = []
    budget = _Budget(0, cost_max)
    for done, probe in enumerate(probes):
        budget.part, budget.tried = budget.whole // (len(probes) - done), 0
        diagnostic = _search(contract, probe, verified, pool, budget, language)
        if diagnostic is not None:
            found.append(diagnostic)
    return tuple(found)


def _with_probes(contract: t.Contract, rules: list[t.Rule]) -> tuple[list[_Probe], VerifiedProgram | None]:
    """Compile the instrument once more, each `when` as a rule of its own. None if it has grown beyond the limits."""
    extra: list[t.Rule] = []
    probes: list[tuple[t.Rule, str, dict[t.RuleException, str]]] = []
    for rule in rules:
        general = f"general {len(extra)}"
        extra.append(replace(rule, name=general, guard=None, exceptions=()))
        names: dict[t.RuleException, str] = {}
        for exception in _all_exceptions(rule.exceptions):
            name = f"when {len(extra)}"
            names[exception] = name
            extra.append(replace(
                rule, name=name, result=Truth(), locals=exception.locals, guard=None,
                body=t.Body((), exception.when), exceptions=(),
            ))  # fmt: skip
        probes.append((rule, general, names))
    try:
        program = emit(replace(contract, rules=contract.rules + tuple(extra))).program
    except (BeyondLimit, CannotEmit):
        return [], None
    verified = verify(program)
    if not isinstance(verified, VerifiedProgram):
        return [], None
    places = {
        function.name: place for place, function in enumerate(program.functions) if function.kind is FunctionKind.RULE
    }
    made = [
        _Probe(rule, places[rule.name], places[general], {key: places[name] for key, name in names.items()})
        for rule, general, names in probes
    ]
    return made, verified


def _all_exceptions(exceptions: tuple[t.RuleException, ...]) -> Iterator[t.RuleException]:
    for exception in exceptions:
        yield exception
        yield from _all_exceptions(exception.exceptions)


def _search(
    contract: t.Contract, probe: _Probe, verified: VerifiedProgram, pool: _Pool, budget: _Budget, language: Language,
) -> Diagnostic | None:
    program, rule = verified.program, probe.rule
    days: list[int | None] = list(pool.days_from(contract.effective)) if rule.dated else [None]
    most = ALL_CASES_MAX // len(days)
    for arguments in _cases(pool, program, tuple(field.type for field in rule.parameters), most):
        for day in days:
            if not budget.allows(program.functions[probe.index].cost_max):
                return _not_all_tried(contract, rule, budget.tried)
            outcome = budget.run(verified, probe.index, arguments, day)
            budget.tried += 1
            if not isinstance(outcome, Faulted) or outcome.fault not in {Fault.CONFLICTING_EXCEPTIONS, Fault.UNDECIDED}:
                continue
            label = contract.articles[rule.article].label
            if outcome.fault is Fault.UNDECIDED and outcome.function == probe.index:
                example = _as_example(probe, arguments, day, verified, language)
                facts = (("rule", rule.name), ("example", example))
                return Diagnostic("E0405", rule.span, facts, (), label)
            pair = _contradicting(probe, rule.exceptions, verified, arguments, day, budget)
            if outcome.fault is Fault.CONFLICTING_EXCEPTIONS and pair is not None:
                first, second = pair
                example = _as_example(probe, arguments, day, verified, language)
                names = (("rule", rule.name), ("first", first.name), ("second", second.name), ("example", example))
                labels = (Label(first.span, "first"), Label(second.span, "second"))
                return Diagnostic("E0404", rule.span, names, labels, label)
    return None


def _not_all_tried(contract: t.Contract, rule: t.Rule, tried: int) -> Diagnostic:
    facts = (("rule", rule.name), ("tried", str(tried)))
    return Diagnostic("E0414", rule.span, facts, (), contract.articles[rule.article].label)


def _contradicting(
    probe: _Probe, siblings: tuple[t.RuleException, ...], verified: VerifiedProgram, arguments: tuple[Value, ...],
    day: int | None, budget: _Budget,
) -> tuple[t.RuleException, t.RuleException] | None:  # fmt: skip
    """Return the first two exceptions that both hold and of which neither prevails."""
    holding = []
    for place, exception in enumerate(siblings):
        outcome = budget.run(verified, probe.whens[exception], arguments, day)
        if isinstance(outcome, Done) and outcome.result is True:
            holding.append(place)
    beaten = {other for place in holding for other in siblings[place].over}
    left = [siblings[place] for place in holding if place not in beaten]
    if len(left) > 1:
        return left[0], left[1]
    return _contradicting(probe, left[0].exceptions, verified, arguments, day, budget) if left else None


def _as_example(
    probe: _Probe, arguments: tuple[Value, ...], day: int | None, verified: VerifiedProgram, language: Language
) -> str:
    """Return the case as an example to paste, with what the general rule gives, or a blank to fill in."""
    rule, program = probe.rule, verified.program
    shown = ", ".join(
        format_value(field.type, value, program) for field, value in zip(rule.parameters, arguments, strict=True)
    )
    on = "" if day is None else f" on {format_value(Date(), day, program)}"
    outcome = run_rule(verified, probe.general, arguments, day, MemoryHost())
    given = BLANK
    if isinstance(outcome, Done) and outcome.result is not None:
        given = format_value(rule.result, outcome.result, program)
    written = f'example "…"{on} {print_name(rule.name, "en")}({shown}) = {given}'
    document = parse(SourceFile("", f"contract a version 1 article 1 {written}")).document
    if document is None or language == "en":
        return written
    return " ".join(print_document(document, language).partition(" 1\n")[2].partition("1\n")[2].split())


# ---------------------------------------------------------------- what is tried


@dataclass(frozen=True, slots=True)
class _Pool:
    """What the instrument names: numbers as (mantissa, scale), days, moments, texts."""

    numbers: tuple[tuple[int, int], ...]
    days: tuple[int, ...]
    starts: tuple[int, ...]
    times: tuple[int, ...]
    texts: tuple[str, ...]
    memo: dict[Type, list[Value]] = dataclass_field(default_factory=dict, compare=False)
    """What is tried for each type, gathered once: records share the values of the records within them."""

    @classmethod
    def of(cls, program: Program) -> _Pool:
        """Gather the constants of the code and the values of the parameters."""
        named: list[tuple[Type, Value]] = list(program.constants)
        for parameter in program.parameters:
            named += [(parameter.type, value) for _, value in parameter.values]
        numbers = {
            (value, type_.scale): None
            for type_, value in named
            if isinstance(type_, Number) and isinstance(value, int)
        }
        days = {value: None for type_, value in named if isinstance(type_, Date) and isinstance(value, int)}
        times = {value: None for type_, value in named if isinstance(type_, Time) and isinstance(value, int)}
        texts = {value: None for type_, value in named if isinstance(type_, Text) and isinstance(value, str)}
        starts = {day: None for parameter in program.parameters for day, _ in parameter.values}
        return cls(tuple(numbers), tuple(days), tuple(sorted(starts)), tuple(times), tuple(texts))

    def days_from(self, effective: int) -> tuple[int, ...]:
        """Return the days on which a dated rule is tried: when the instrument begins, and when anything changes."""
        later = [day for day in (*self.starts, *self.days) if day > effective]
        return tuple(dict.fromkeys([effective or max(self.starts, default=0), *later]))[:VALUES_OF_A_PART_MAX]

    def values(self, type_: Type, program: Program) -> list[Value]:
        """Return the values that are tried for a type, the most telling first."""
        if type_ not in self.memo:
            self.memo[type_] = self._gathered(type_, program)
        return self.memo[type_]

    def _gathered(self, type_: Type, program: Program) -> list[Value]:
        match type_:
            case Truth():
                return [False, True]
            case Number():
                return self._numbers(type_)
            case Ratio():
                return [(0, 1), (1, 2)]
            case Text(limit=limit):
                named: list[Value] = [text for text in self.texts if 0 < len(text) <= limit]
                return ["", "x", *named][:VALUES_OF_A_PART_MAX]
            case Date():
                near = [day + step for day in (*self.days, *self.starts) for step in (0, -1, 1)]
                return _distinct([day for day in near if DATE_MIN <= day <= DATE_MAX] or [0])
            case Time():
                near = [moment + step for moment in self.times for step in (0, -1, 1)]
                near += [day * SECONDS_OF_DAY - OFFSET_S for day in (*self.days, *self.starts)]
                return _distinct(near or [0])
            case Reference(kind=kind):
                return [*_REFERENCES.get(kind, HOLDERS)]
            case Enumeration(index=index):
                return list(range(len(program.enumerations[index].members)))
            case Record(index=index):
                types = tuple(field.type for field in program.records[index].fields)
                return [*islice(_cases(self, program, types, CASES_MAX), VALUES_OF_A_PART_MAX)]
            case List(item=item) | Set(item=item) | Option(item=item):
                present: list[Value] = [(value,) for value in self.values(item, program)]
                return [(), *present[: VALUES_OF_A_PART_MAX - 1]]
            case _:
                assert_never(type_)

    def _numbers(self, type_: Number) -> list[Value]:
        low, high = number_range(type_)
        near = [0, 1]
        for mantissa, scale in self.numbers:
            if scale <= type_.scale:
                exact = mantissa * 10 ** (type_.scale - scale)
                near += [exact, exact - 1, exact + 1]
            elif mantissa % 10 ** (scale - type_.scale) == 0:
                exact = mantissa // 10 ** (scale - type_.scale)
                near += [exact, exact - 1, exact + 1]
        fitting = [value for value in [*near, low, high] if low <= value <= high]
        return _distinct(fitting or [low])


def _distinct(values: Sequence[Value]) -> list[Value]:
    return [*dict.fromkeys(values)][:VALUES_OF_A_PART_MAX]


def _all_values(type_: Type, program: Program) -> Sequence[Value]:
    """Return every value of a type that has few; none of a type that has many."""
    match type_:
        case Truth():
            return (False, True)
        case Enumeration(index=index):
            return range(len(program.enumerations[index].members))
        case Number():
            low, high = number_range(type_)
            return range(low, high + 1) if high - low < ALL_CASES_MAX else ()
        case Reference(kind="city"):
            return CITIES
        case _:
            return ()


def _cases(pool: _Pool, program: Program, types: tuple[Type, ...], most: int) -> Iterator[tuple[Value, ...]]:
    """Yield combinations: all of them when they are few, otherwise a spread that meets every value several times."""
    every = [_all_values(type_, program) for type_ in types]
    count = 1
    for sized in every:
        count *= len(sized)
    if 0 < count <= most:
        yield from product(*every)
        return
    choices = [pool.values(type_, program) for type_ in types]
    total = 1
    for values in choices:
        total *= len(values)
    if total <= CASES_MAX:
        yield from product(*choices)
        return
    for number in range(CASES_MAX):
        # Steps that share no factor with the lengths walk through every value, and pairs of them keep changing.
        yield tuple(
            values[(number * (2 * place + 1) + number // len(values) * place) % len(values)]
            for place, values in enumerate(choices)
        )


