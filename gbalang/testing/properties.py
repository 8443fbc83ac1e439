"""Properties: what a text promises for every case, tried on many and broken down to the smallest that fails.

Where a dated value matters, the day is part of the case: the days around every date on which something changes.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import seed as with_seed
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from gbalang.check import typed as t
from gbalang.isa.civil import DATE_MAX, DATE_MIN
from gbalang.isa.program import Program
from gbalang.isa.types import Date, Value
from gbalang.literals import format_value
from gbalang.testing.running import Runner
from gbalang.testing.strategies import Pool, values
from gbalang.testing.trial import HOLDS, WHERE
from gbalang.vm.faults import Fault
from gbalang.vm.host import Done, Faulted, Outcome

CASES = 200


@dataclass(frozen=True, slots=True)
class PropertyResult:
    """How a property fared. `case`: its variables with the values of the smallest failure, as a drafter writes them.

    `day`: the day of that failure, "" where no day matters.
    """

    stated: t.Property
    holds: bool
    tried: int
    fault: Fault | None
    case: tuple[tuple[str, str], ...]
    day: str


class _Broken(Exception):  # noqa: N818  # what Hypothesis looks for
    pass


def run_properties(runner: Runner, seed: int, cases: int = CASES) -> tuple[PropertyResult, ...]:
    """Try every property of an instrument. The same seed tries the same cases."""
    return tuple(_run(runner, position, seed, cases) for position in range(len(runner.trial.contract.properties)))


def _run(runner: Runner, position: int, seed: int, cases: int) -> PropertyResult:
    trial = runner.trial
    stated = trial.contract.properties[position]
    pool = Pool.of(trial.program)
    drawn = st.tuples(*[values(field.type, trial.program, pool) for field in stated.variables])
    days = st.sampled_from(days_of(stated, trial.program)) if stated.dated else st.none()
    smallest: list[tuple[tuple[Value, ...], int | None, Fault | None]] = []
    tried = 0

    @with_seed(seed)
    @settings(
        max_examples=cases, database=None, deadline=None, phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
    )  # fmt: skip
    @given(drawn, days)
    def attempt(case: tuple[Value, ...], day: int | None) -> None:
        nonlocal tried
        outcome = _asked(runner, position, case, day)
        assume(outcome is not None)
        tried += 1
        if isinstance(outcome, Done) and outcome.result is True:
            return
        smallest.append((case, day, outcome.fault if isinstance(outcome, Faulted) else None))
        raise _Broken

    try:
        attempt()
    except _Broken:
        return _broken(runner, position, tried, *smallest[-1])
    except Unsatisfiable:
        pass  # of all cases drawn it speaks of none
    return PropertyResult(stated, holds=True, tried=tried, fault=None, case=(), day="")


def run_case(runner: Runner, position: int, case: tuple[Value, ...], day: int | None) -> PropertyResult | None:
    """Try a property on a case that is at hand; None if the property does not speak of it."""
    outcome = _asked(runner, position, case, day)
    if outcome is None:
        return None
    if isinstance(outcome, Done) and outcome.result is True:
        stated = runner.trial.contract.properties[position]
        return PropertyResult(stated, holds=True, tried=1, fault=None, case=(), day="")
    return _broken(runner, position, 1, case, day, outcome.fault if isinstance(outcome, Faulted) else None)


def _asked(runner: Runner, position: int, case: tuple[Value, ...], day: int | None) -> Outcome | None:
    """Return what a property says of a case; None if it does not speak of it."""
    if not _applies(runner, position, case, day):
        return None
    outcome = runner.rule(runner.trial.functions[HOLDS, position], case, day)
    return None if _before_its_time(runner, outcome, day) else outcome


def _broken(
    runner: Runner, position: int, tried: int, case: tuple[Value, ...], day: int | None, fault: Fault | None
) -> PropertyResult:
    program = runner.trial.program
    stated = runner.trial.contract.properties[position]
    shown = tuple(
        (field.name, format_value(field.type, value, program))
        for field, value in zip(stated.variables, case, strict=True)
    )
    on = "" if day is None else format_value(Date(), day, program)
    return PropertyResult(stated, holds=False, tried=tried, fault=fault, case=shown, day=on)


def days_of(stated: t.Property, program: Program) -> tuple[int, ...]:
    """Return the days on which a property is tried: the ordinary one, and those around every day that is named.

    None is earlier than the day on which every parameter has a value, unless the instrument is in force by then.
    """
    complete = max((parameter.values[0][0] for parameter in program.parameters if parameter.values), default=DATE_MIN)
    first = complete if program.effective == 0 else min(complete, program.effective)
    near = [day + step for day in (stated.day, *Pool.of(program).days) for step in (0, -1, 1)]
    return tuple(dict.fromkeys([stated.day, *[day for day in near if first <= day <= DATE_MAX]]))


def _applies(runner: Runner, position: int, case: tuple[Value, ...], day: int | None) -> bool:
    index = runner.trial.functions.get((WHERE, position))
    if index is None:
        return True
    outcome = runner.rule(index, case, day)
    return isinstance(outcome, Done) and outcome.result is True


def _before_its_time(runner: Runner, outcome: object, day: int | None) -> bool:
    """Whether a value was asked for that is not in force yet, on a day on which the instrument is not either."""
    missing = isinstance(outcome, Faulted) and outcome.fault is Fault.PARAMETER_NOT_IN_FORCE
    effective = runner.trial.program.effective
    return missing and day is not None and (day < effective or runner.trial.contract.form == "library")
