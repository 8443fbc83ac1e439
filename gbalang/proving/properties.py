"""Properties: asked for all values of their variables at once, and where a dated value matters for all days at once.

The days are those from which the instrument is in force, of a library those on which every parameter has a value.
"""

from __future__ import annotations

from gbalang.isa.civil import DATE_MAX, DATE_MIN
from gbalang.isa.program import Program
from gbalang.isa.types import Value
from gbalang.proving import terms as s
from gbalang.proving.execute import execute
from gbalang.proving.paths import Run, World
from gbalang.proving.terms import Effort, Logic, Model
from gbalang.proving.values import Reason, Symbolic, Unsupported, Values
from gbalang.proving.verdicts import Case, Question, Verdict, fails, not_established, plainer, settle
from gbalang.testing.trial import HOLDS, WHERE, Trial
from gbalang.vm.host import Done, Faulted
from gbalang.vm.machine import run_rule


def prove_property(trial: Trial, position: int, bound: int, effort: Effort) -> Verdict:
    """Ask whether a property holds for all values of its variables; of lists, all within the bound."""
    stated = trial.contract.properties[position]
    values = Values(trial.program, Logic(), bound)
    try:
        given = [values.unknown(field.type, field.name) for field in stated.variables]
        days = [values.logic.number("day", *days_in_force(trial))] if stated.dated else []
        claims, runs = _claims(trial, values, position, [*given, *days])
    except Unsupported as unsupported:
        return not_established(unsupported.reason)
    except RecursionError:
        return not_established(Reason.NESTED)

    def replay(model: Model) -> Case | None:
        pairs = zip(stated.variables, given, strict=True)
        case = tuple([values.read(field.type, each, model) for field, each in pairs])
        return replay_property(trial, position, case, model.number(days[0]) if days else None)

    wishes = (*[s.same_number(day, stated.day) for day in days], *plainer(given))
    return settle(trial, Question(values, runs, claims, wishes, replay), effort)


def days_in_force(trial: Trial) -> tuple[int, int]:
    """Return the first and the last day for which a property is asked."""
    program = trial.program
    if trial.contract.form == "library":
        return _complete(program), DATE_MAX
    last = DATE_MAX if program.expires is None else program.expires
    return program.effective, max(last, program.effective)


def _complete(program: Program) -> int:
    return max((each.values[0][0] for each in program.parameters if each.values), default=DATE_MIN)


def _claims(
    trial: Trial, values: Values, position: int, given: list[Symbolic]
) -> tuple[tuple[s.Truth, ...], tuple[Run, ...]]:
    """What must be possible for the property to be broken: its condition applies, and it does not hold."""
    claims, runs = [], []
    where = trial.functions.get((WHERE, position))
    if where is not None:
        run, result = _apply(trial, values, where, given)
        claims.append(s.negation(fails(run, result)))
        runs.append(run)
    run, result = _apply(trial, values, trial.functions[HOLDS, position], given)
    return (*claims, fails(run, result)), (*runs, run)


def _apply(trial: Trial, values: Values, function: int, given: list[Symbolic]) -> tuple[Run, Symbolic]:
    run = Run(trial.verified, values, World(alive=True, registers={}), None, 0, 0, execute)
    return run, execute(run, function, list(given))


def replay_property(trial: Trial, position: int, case: tuple[Value, ...], day: int | None) -> Case | None:
    """Return the case if the property applies to it and does not hold of it on the machine."""
    where = trial.functions.get((WHERE, position))
    if where is not None:
        outcome = run_rule(trial.verified, where, case, day, trial.host())
        if not (isinstance(outcome, Done) and outcome.result is True):
            return None
    outcome = run_rule(trial.verified, trial.functions[HOLDS, position], case, day, trial.host())
    if isinstance(outcome, Done) and outcome.result is True:
        return None
    return Case(case, day=day, fault=outcome.fault if isinstance(outcome, Faulted) else None)
