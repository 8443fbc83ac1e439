"""Examples of acts: each is carried out on an empty ledger, deed by deed, and must go as it is written."""

from __future__ import annotations

from dataclasses import dataclass

from gbalang.ast.nodes import DeedEnd
from gbalang.check import typed as t
from gbalang.isa.program import FunctionKind
from gbalang.isa.types import Value
from gbalang.testing.guided import on_day
from gbalang.testing.running import Deed, Runner
from gbalang.testing.trial import argument_key, standing_key
from gbalang.vm.faults import Fault
from gbalang.vm.host import ConditionFailed, Context, Done, Faulted, Outcome, Refused
from gbalang.vm.memory_host import MemoryHost


@dataclass(frozen=True, slots=True)
class Departure:
    """Where an example of acts went otherwise than it is written, and how: `end` is None when what is said to stand in
    the registers does not, or when a fault came between, which `fault` tells.

    `before`: the steps that went as written; `step`: the one that did not. `refusal` and `condition` are those of the
    refusal that came.
    """

    before: tuple[str, ...]
    step: t.Deed | t.Standing
    end: DeedEnd | None = None
    refusal: int | None = None
    condition: int | None = None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class CourseResult:
    """How an example of acts went; `departure` is None when it went as it is written."""

    example: t.Course
    departure: Departure | None

    @property
    def holds(self) -> bool:
        """Whether everything went as it is written."""
        return self.departure is None

    @property
    def fault(self) -> Fault | None:
        """The fault in which it ended, if it did."""
        return None if self.departure is None else self.departure.fault


def run_courses(runner: Runner) -> tuple[CourseResult, ...]:
    """Carry out every example of acts of an instrument, in the order written."""
    courses = enumerate(runner.trial.contract.courses)
    return tuple(CourseResult(course, _Run(runner, position, course).departure()) for position, course in courses)


class _Run:
    """One example on its ledger."""

    def __init__(self, runner: Runner, position: int, course: t.Course) -> None:
        self._runner = runner
        self._position = position
        self._course = course
        self._host: MemoryHost = runner.trial.host()
        self._done: list[Deed] = []
        functions = enumerate(runner.trial.program.functions)
        self._acts = {each.name: index for index, each in functions if each.kind is FunctionKind.ACT}

    def departure(self) -> Departure | None:
        """Carry out the steps up to the first that goes otherwise than written, and keep the way that was gone."""
        found = self._first_departure()
        self._runner.ways.append(tuple(self._done))
        return found

    def _first_departure(self) -> Departure | None:
        before: list[str] = []
        for place, step in enumerate(self._course.steps):
            so_far = tuple(before)
            if isinstance(step, t.Deed):
                found = self._deed(place, step, so_far)
            else:
                found = self._standing(place, step, so_far)
            if found is not None:
                return found
            before.append(step.text)
        return None

    def _deed(self, place: int, deed: t.Deed, before: tuple[str, ...]) -> Departure | None:
        arguments: list[Value] = []
        for number, written in enumerate(deed.arguments):
            value = self._argument(place, number, written)
            if isinstance(value, Faulted):
                return Departure(before, deed, fault=value.fault)
            assert isinstance(value, Done)
            assert value.result is not None
            arguments.append(value.result)
        holder = deed.actor
        actor = Context(holder.reference, holder.kind, holder.city, holder.roles, 0, 0)
        attempt = Deed(self._acts[deed.act], on_day(actor, deed.day), tuple(arguments))
        outcome = self._runner.example_act(attempt, self._host)
        if isinstance(outcome, Done):
            self._done.append(attempt)
        return _departure(before, deed, outcome)

    def _argument(self, place: int, number: int, written: t.Expression) -> Outcome:
        if isinstance(written, t.Constant):
            return Done(written.value, (), (), 0)
        return self._runner.rule(self._runner.trial.functions[argument_key(place, number), self._position], (), None)

    def _standing(self, place: int, standing: t.Standing, before: tuple[str, ...]) -> Departure | None:
        index = self._runner.trial.functions[standing_key(place), self._position]
        outcome = self._runner.invariant(index, standing.day, self._host)
        if isinstance(outcome, Faulted):
            return Departure(before, standing, fault=outcome.fault)
        holds = isinstance(outcome, Done) and outcome.result is True
        return None if holds else Departure(before, standing)


def _departure(before: tuple[str, ...], deed: t.Deed, outcome: Outcome | None) -> Departure | None:
    """Return how a deed ended otherwise than it is written, if it did."""
    match outcome:
        case None:
            return None if deed.end == "forbidden" else Departure(before, deed, "forbidden")
        case Done():
            return None if deed.end == "done" else Departure(before, deed, "done")
        case Refused(refusal=refusal):
            if (deed.end, deed.refusal) == ("refused", refusal):
                return None
            failed = [each.condition for each in outcome.reasons if isinstance(each, ConditionFailed)]
            return Departure(before, deed, "refused", refusal, failed[-1] if failed else None)
        case Faulted(fault=fault):
            return Departure(before, deed, fault=fault)
