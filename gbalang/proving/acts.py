"""Invariants and required conditions: one act from any state within bounds.

The state has at most so many entries in each register as the bound says; every invariant holds of it, on some day not
after that of the act; whoever may act acts, with any arguments, on any day on which the instrument applies. An
invariant is proved for an act when it holds after the act wherever the act is carried out. A state of a counterexample
satisfies the invariants, but whether acts lead to it is not asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gbalang.isa.civil import DATE_MAX, OFFSET_S, SECONDS_OF_DAY
from gbalang.isa.program import Function, Permission, Program
from gbalang.isa.types import Record, Reference, Value
from gbalang.isa.values import CITIES, encode_key
from gbalang.proving import terms as s
from gbalang.proving.execute import execute
from gbalang.proving.paths import Entry, Run, World, key_of, key_types
from gbalang.proving.terms import Answer, Effort, Logic, Model
from gbalang.proving.values import Party, Reason, Symbolic, Unsupported, Values, same
from gbalang.proving.verdicts import Case, Question, Verdict, fails, is_done, not_established, plainer, settle
from gbalang.testing.trial import Trial
from gbalang.vm.faults import Fault
from gbalang.vm.host import ConditionFailed, Context, Done, Faulted, Outcome, Refused
from gbalang.vm.machine import permitted, run_act, run_invariant
from gbalang.vm.memory_host import MemoryHost

OFFICE_OPENS_S = 9 * 3_600
ORDINARY_DAYS = 2 * 365
"""A counterexample lies within so many days of the commencement, where that is possible."""


# ---------------------------------------------------------------- before anything is registered


def prove_beginning(trial: Trial, invariant: int, bound: int, effort: Effort) -> Verdict:
    """Ask whether an invariant holds on every day before anything is registered."""
    values = Values(trial.program, Logic(), bound)
    today = _day(trial.program, values.logic, "today")
    registers: dict[int, tuple[Entry, ...]] = dict.fromkeys(range(len(trial.program.registers)), ())
    try:
        run, result = _invariant(trial, values, invariant, registers, today)
    except Unsupported as unsupported:
        return not_established(unsupported.reason)
    except RecursionError:
        return not_established(Reason.NESTED)

    def replay(model: Model) -> Case | None:
        outcome = run_invariant(trial.verified, invariant, model.number(today), trial.host())
        context = Context("", "", "", (), 0, model.number(today))
        return None if _holds(outcome) else Case((), context=context, fault=_fault(outcome))

    return settle(trial, Question(values, (run,), (fails(run, result),), (), replay), effort)


def _invariant(
    trial: Trial, values: Values, invariant: int, registers: dict[int, tuple[Entry, ...]], day: s.Number
) -> tuple[Run, Symbolic]:
    run = Run(trial.verified, values, World(alive=True, registers=dict(registers)), None, 0, day, execute)
    return run, execute(run, invariant, [])


def _day(program: Program, logic: Logic, name: str) -> s.Number:
    last = DATE_MAX if program.expires is None else program.expires
    return logic.number(name, program.effective, max(last, program.effective))


# ---------------------------------------------------------------- an act


@dataclass(frozen=True, slots=True)
class _Start:
    """Whence an act starts: the entries, who acts when with which arguments; which invariants are known to hold."""

    values: Values
    registers: dict[int, tuple[Entry, ...]]
    arguments: tuple[Symbolic, ...]
    actor: Party
    earlier: s.Number
    today: s.Number
    now: s.Number
    assumed: tuple[int, ...]
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class ActVerdicts:
    """What was found out about an act: for each invariant asked, and for each condition that it requires.

    `limbs`: (condition, verdict): a counterexample is a case that is refused for it; proved, that there is none.
    """

    invariants: tuple[tuple[int, Verdict], ...]
    limbs: tuple[tuple[int, Verdict], ...]


def prove_act(trial: Trial, act: int, invariants: tuple[int, ...], bound: int, effort: Effort) -> ActVerdicts:
    """Ask of an act whether these invariants survive it, and of its conditions whether they ever refuse."""
    try:
        start = _start(trial, act, bound)
        run = Run(
            trial.verified, start.values, World(alive=True, registers=dict(start.registers)), start.actor, start.now,
            start.today, execute,
        )  # fmt: skip
        execute(run, act, list(start.arguments))
    except Unsupported as unsupported:
        return _nothing(invariants, unsupported.reason)
    except RecursionError:
        return _nothing(invariants, Reason.NESTED)
    done = is_done(run)
    start.values.suppose_lengths()
    if invariants and start.values.logic.ask((done,), effort)[0] is Answer.IMPOSSIBLE:
        return ActVerdicts(_nothing(invariants, Reason.NEVER_DONE).invariants, _limbs(trial, act, start, run, effort))
    verdicts = tuple([(each, _survives(trial, act, each, (start, run), effort)) for each in invariants])
    return ActVerdicts(verdicts, _limbs(trial, act, start, run, effort))


def _nothing(invariants: tuple[int, ...], reason: Reason) -> ActVerdicts:
    return ActVerdicts(tuple([(each, not_established(reason)) for each in invariants]), ())


def _survives(trial: Trial, act: int, invariant: int, begun: tuple[_Start, Run], effort: Effort) -> Verdict:
    start, run = begun
    if invariant not in start.assumed:
        return not_established(Reason.INVARIANT)
    try:
        after, result = _invariant(trial, start.values, invariant, run.world.registers, start.today)
    except Unsupported as unsupported:
        return not_established(unsupported.reason)
    except RecursionError:
        return not_established(Reason.NESTED)

    def replay(model: Model) -> Case | None:
        return _replay_act(trial, act, invariant, start, model)

    claims = (is_done(run), fails(after, result))
    question = Question(start.values, (*start.runs, run, after), claims, _wishes(trial, start), replay)
    return settle(trial, question, effort)


def _limbs(trial: Trial, act: int, start: _Start, run: Run, effort: Effort) -> tuple[tuple[int, Verdict], ...]:
    found = []
    for condition in dict.fromkeys(condition for condition, _, _ in run.required):
        refused = s.either(*[
            s.both(asked, s.negation(holds)) for each, asked, holds in run.required if each == condition
        ])  # fmt: skip

        def replay(model: Model, condition: int = condition) -> Case | None:
            return _replay_refusal(trial, act, condition, start, model)

        question = Question(start.values, (*start.runs, run), (refused,), _wishes(trial, start), replay)
        found.append((condition, settle(trial, question, effort)))
    return tuple(found)


# ---------------------------------------------------------------- where an act starts


def _start(trial: Trial, act: int, bound: int) -> _Start:
    program, logic = trial.program, Logic()
    values = Values(program, logic, bound)
    function = program.functions[act]
    registers = {place: _entries(values, place) for place in range(len(program.registers))}
    today = _day(program, logic, "today")
    earlier = _day(program, logic, "earlier")
    logic.suppose(s.at_least(today, earlier))
    second = logic.number("second", 0, SECONDS_OF_DAY - 1)
    now = s.add(s.subtract(s.multiply(today, SECONDS_OF_DAY), OFFSET_S), second)
    arguments = tuple([values.unknown(field.type, field.name) for field in function.parameters])
    actor = values.unknown(Reference("actor"), "actor")
    logic.suppose(s.either(*[_may(program, each, actor, arguments) for each in function.permissions]))
    assumed, runs = [], []
    for invariant in trial.invariants:
        try:
            run, result = _invariant(trial, values, invariant, registers, earlier)
        except Unsupported:  # what cannot be supposed makes the question harder, never the answer wrong
            continue
        logic.suppose(s.negation(fails(run, result)))
        assumed.append(invariant)
        runs.append(run)
    return _Start(values, registers, arguments, actor, earlier, today, now, tuple(assumed), tuple(runs))


def _entries(values: Values, register: int) -> tuple[Entry, ...]:
    """As many entries as the bound allows, each there or not, no two of those that are there under one key."""
    program, logic = values.program, values.logic
    declared = program.registers[register]
    found: list[Entry] = []
    for place in range(values.bound):
        name = f"{declared.name}[{place}]"
        entry = Entry(logic.truth(name + "?"), values.unknown(Record(declared.record), name))
        for other in found:
            keys = same(
                tuple(key_of(program, register, entry.value)), tuple(key_of(program, register, other.value))
            )
            logic.suppose(s.either(s.negation(entry.there), s.negation(other.there), s.negation(keys)))
        if found:  # entries stand in the first places: the same states, each once
            logic.suppose(s.either(s.negation(entry.there), found[-1].there))
        found.append(entry)
    return tuple(found)


def _may(program: Program, permission: Permission, actor: Party, arguments: tuple[Symbolic, ...]) -> s.Truth:
    """Whether a permission can cover the actor, whose kind and roles are whatever it asks for."""
    if permission.role is None:
        return True
    kinds = program.roles[permission.role].kinds
    is_city = s.same_number(actor.holder, 0)
    as_city = "city" in kinds
    as_holder = any(kind != "city" for kind in kinds)
    parties = s.either(*[s.same_number(actor.city, CITIES.index(city)) for city in program.parties])
    claims = [parties, s.either(s.both(is_city, as_city), s.both(s.negation(is_city), as_holder))]
    if permission.city is not None:
        claims.append(s.same_number(actor.city, CITIES.index(permission.city)))
    if permission.city_parameter is not None:
        claims.append(same(arguments[permission.city_parameter], Party(actor.city, 0)))
    return s.both(*claims)


def _wishes(trial: Trial, start: _Start) -> tuple[s.Truth, ...]:
    """Few entries, a day soon after commencement, small numbers."""
    places = [entry for entries in start.registers.values() for entry in reversed(entries)]
    soon = s.at_least(trial.program.effective + ORDINARY_DAYS, start.today)
    opened = s.same_number(start.now, s.add(s.multiply(start.today, SECONDS_OF_DAY), OFFICE_OPENS_S - OFFSET_S))
    return (*[s.negation(entry.there) for entry in places], soon, opened, *plainer(start.arguments))


# ---------------------------------------------------------------- on the real machine


def _replay_act(trial: Trial, act: int, invariant: int, start: _Start, model: Model) -> Case | None:
    host, case = _stage(trial, act, start, model)
    if case is None or case.context is None:
        return None
    outcome = run_act(trial.verified, act, case.arguments, case.context, host)
    if not isinstance(outcome, Done):
        return None
    after = run_invariant(trial.verified, invariant, case.context.today, host)
    return None if _holds(after) else replace(case, fault=_fault(after))


def _replay_refusal(trial: Trial, act: int, condition: int, start: _Start, model: Model) -> Case | None:
    host, case = _stage(trial, act, start, model)
    if case is None or case.context is None:
        return None
    outcome = run_act(trial.verified, act, case.arguments, case.context, host)
    refused = isinstance(outcome, Refused) and outcome.reasons[-1:] == (ConditionFailed(condition),)
    return case if refused else None


def _stage(trial: Trial, act: int, start: _Start, model: Model) -> tuple[MemoryHost, Case | None]:
    """A ledger with the entries of a model, and the deed; None unless all that was supposed is so on the machine."""
    program, values, host = trial.program, start.values, trial.host()
    function = program.functions[act]
    entries = []
    for register, places in start.registers.items():
        record = Record(program.registers[register].record)
        for place in places:
            if model.truth(place.there):
                value = values.read(record, place.value, model)
                if not isinstance(value, tuple) or not trial.verified.codecs.test(record)(value):
                    return host, None
                key = encode_key(key_types(program, register), key_of(program, register, value))
                host.write(register, key, trial.verified.codecs.encode(record, value))
                entries.append((register, value))
    pairs = zip(function.parameters, start.arguments, strict=True)
    arguments = tuple([values.read(field.type, each, model) for field, each in pairs])
    context = _context(program, function, start, model, arguments)
    earlier = model.number(start.earlier)
    if context is None or len(host.contents()) != len(entries):
        return host, None
    if not all(_holds(run_invariant(trial.verified, each, earlier, host)) for each in start.assumed):
        return host, None
    host.begin()
    return host, Case(arguments, tuple(entries), context)


def _context(
    program: Program, function: Function, start: _Start, model: Model, arguments: tuple[Value, ...]
) -> Context | None:
    """Who acts, of a kind and with a role that an alternative after `by` asks for."""
    actor = start.values.read(Reference("actor"), start.actor, model)
    assert isinstance(actor, str)
    city, slash, _ = actor.partition("/")
    for permission in function.permissions:
        role = None if permission.role is None else program.roles[permission.role]
        kinds = ("department",) if role is None else role.kinds
        for kind in kinds:
            if (kind == "city") == bool(slash):
                continue
            roles = () if role is None or role.open else (role.name,)
            context = Context(actor, kind, city, roles, model.number(start.now), model.number(start.today))
            if permitted(program, function, context, arguments):
                return context
    return None


def _holds(outcome: Outcome) -> bool:
    return isinstance(outcome, Done) and outcome.result is True


def _fault(outcome: Outcome) -> Fault | None:
    return outcome.fault if isinstance(outcome, Faulted) else None
