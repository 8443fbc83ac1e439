"""Verdicts: how the solver's answer becomes one, and every counterexample carried out on the real machine before it is
believed.

What a calendar says is unknown to the solver. Where a counterexample fails only for that, the solver is told what the
calendars of the standard library say of the days in question, and is asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from gbalang.isa.program import CalendarSet
from gbalang.isa.types import Value
from gbalang.proving import terms as s
from gbalang.proving.paths import Run, WorkingDays
from gbalang.proving.terms import Answer, Effort, Model
from gbalang.proving.values import Reason, Symbolic, Values
from gbalang.testing.trial import Trial
from gbalang.vm.faults import Fault
from gbalang.vm.host import Context, Host
from gbalang.vm.interpreter.dates import working_days_after, working_days_from, works
from gbalang.vm.interpreter.frame import StoppedByFault

REFINEMENTS_MAX = 12
"""How often a counterexample that does not replay is put right with what the calendars say, and asked again."""
PLAIN_MAX = 1_000
"""A number of a counterexample is from 0 to this, where that is possible."""


class Status(Enum):
    """What is known of a claim."""

    PROVED = "proved"
    COUNTEREXAMPLE = "counterexample"
    NOT_ESTABLISHED = "not_established"


@dataclass(frozen=True, slots=True)
class Case:
    """Values that break a claim, carried out on the real machine.

    Of a property: its variables, and the day if one matters. Of an act: the entries before it, who acts and when, its
    arguments. `fault`: why the claim could not even be reckoned, if so.
    """

    arguments: tuple[Value, ...]
    entries: tuple[tuple[int, tuple[Value, ...]], ...] = ()
    context: Context | None = None
    day: int | None = None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found out about a claim. `reason`: why nothing was established, if so.

    `calendars`: the verdict rests on what the calendars of the standard library say.
    """

    status: Status
    reason: Reason | None = None
    case: Case | None = None
    calendars: bool = False


_REASONS = {
    Answer.TIME: Reason.TIME,
    Answer.RESOURCES: Reason.RESOURCES,
    Answer.UNKNOWN: Reason.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Question:
    """What the solver is asked: whether these claims are possible together. `wishes` make a case plainer.

    `replay` carries a case out on the machine and returns it if it is what it seemed.
    """

    values: Values
    runs: tuple[Run, ...]
    claims: tuple[s.Truth, ...]
    wishes: tuple[s.Truth, ...]
    replay: Callable[[Model], Case | None]


def not_established(reason: Reason) -> Verdict:
    """Return that nothing was established, and why."""
    return Verdict(Status.NOT_ESTABLISHED, reason)


def settle(trial: Trial, question: Question, effort: Effort) -> Verdict:
    """Return the verdict: proved if the claims are impossible, a counterexample if they come true on the machine."""
    logic = question.values.logic
    logic.mark()
    question.values.suppose_lengths()
    told: set[tuple[str, int, tuple[int, ...]]] = set()
    try:
        for _ in range(REFINEMENTS_MAX):
            answer, model = logic.ask(question.claims, effort, question.wishes)
            if answer is Answer.IMPOSSIBLE:
                return Verdict(Status.PROVED, calendars=bool(told))
            if model is None:
                return not_established(_REASONS[answer])
            case = question.replay(model)
            if case is not None:
                return Verdict(Status.COUNTEREXAMPLE, case=case)
            if not tell_calendars(trial.host(), question.values, question.runs, model, told):
                break
        return not_established(Reason.NOT_REPLAYED)
    finally:
        logic.forget()


def is_done(run: Run) -> s.Truth:
    """Whether a run comes to its end."""
    return s.negation(s.either(*[stop.when for stop in run.stops]))


def fails(run: Run, result: Symbolic) -> s.Truth:
    """Whether a run that should give true does not: it stops, or gives false."""
    return True if result is None else s.either(s.negation(is_done(run)), s.negation(result))


def plainer(numbers: Sequence[Symbolic]) -> tuple[s.Truth, ...]:
    """Return wishes for plain values: small numbers."""
    return tuple([s.within(each, 0, PLAIN_MAX) for each in numbers if isinstance(each, s.Whole)])


# ---------------------------------------------------------------- calendars


def tell_calendars(
    host: Host, values: Values, runs: Sequence[Run], model: Model, told: set[tuple[str, int, tuple[int, ...]]]
) -> bool:
    """Tell the solver what a ledger's calendars say of the days of a model; whether it did not know that yet."""
    news = False
    for asked in [each for run in runs for each in run.working_days if model.truth(each.asked)]:
        arguments = tuple([model.number(each) for each in asked.arguments])
        key = (asked.instruction, asked.calendars, arguments)
        if key in told:
            continue
        told.add(key)
        news = True
        real = _real_answer(host, values.program.calendars[asked.calendars], asked.instruction, arguments)
        values.logic.suppose(s.either(_differs(asked, arguments), _agrees(asked, real)))
    return news


def _differs(asked: WorkingDays, arguments: tuple[int, ...]) -> s.Truth:
    pairs = zip(asked.arguments, arguments, strict=True)
    return s.either(*[s.negation(s.same_number(one, other)) for one, other in pairs])


def _agrees(asked: WorkingDays, real: int | bool | None) -> s.Truth:
    if real is None:
        return asked.missing
    same = s.same_truth(asked.result, real) if isinstance(real, bool) else s.same_number(asked.result, real)
    return s.both(s.negation(asked.missing), same)


def _real_answer(host: Host, calendars: CalendarSet, instruction: str, arguments: tuple[int, ...]) -> int | bool | None:
    try:
        match instruction:
            case "add_working_days":
                return working_days_after(host, calendars, *arguments)
            case "working_days_between":
                return working_days_from(host, calendars, *arguments)
            case _:
                return works(host, calendars, *arguments)
    except StoppedByFault:
        return None
