"""Examples: the worked cases of a text, each run once. Those of acts are carried out in a module of their own."""

from __future__ import annotations

from dataclasses import dataclass

from gbalang.check import typed as t
from gbalang.literals import format_value
from gbalang.testing.courses import CourseResult, run_courses
from gbalang.testing.running import Runner
from gbalang.testing.trial import EXAMPLE, LEFT, RIGHT
from gbalang.vm.faults import Fault
from gbalang.vm.host import Done, Faulted
from gbalang.vm.machine import run_rule


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """How an example ended. `left` and `right` are shown when both sides were reckoned and differ."""

    example: t.Example
    holds: bool
    fault: Fault | None
    left: str
    right: str


def run_examples(runner: Runner) -> tuple[ExampleResult | CourseResult, ...]:
    """Run every example of an instrument in the order written, first those of rules, then those of acts."""
    examples = enumerate(runner.trial.contract.examples)
    return (*[_run(runner, position, example) for position, example in examples], *run_courses(runner))


def _run(runner: Runner, position: int, example: t.Example) -> ExampleResult:
    outcome = runner.rule(runner.trial.functions[EXAMPLE, position], (), None)
    if isinstance(outcome, Faulted):
        return ExampleResult(example, holds=False, fault=outcome.fault, left="", right="")
    holds = isinstance(outcome, Done) and outcome.result is True
    if holds:
        return ExampleResult(example, holds=True, fault=None, left="", right="")
    sides = [_side(runner, what, position) for what in (LEFT, RIGHT)]
    return ExampleResult(example, holds=False, fault=None, left=sides[0], right=sides[1])


def _side(runner: Runner, what: str, position: int) -> str:
    trial = runner.trial
    index = trial.functions.get((what, position))
    if index is None:
        return ""
    outcome = run_rule(trial.verified, index, (), None, trial.host())
    type_ = trial.program.functions[index].result
    if not isinstance(outcome, Done) or outcome.result is None or type_ is None:
        return ""
    return format_value(type_, outcome.result, trial.program)
