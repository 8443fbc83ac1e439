"""Properties: what a text promises for every case, tried on many and broken down to the smallest that fails."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import seed as with_seed
from hypothesis import strategies as st

from gbalang.check import typed as t
from gbalang.isa.types import Value
from gbalang.literals import format_value
from gbalang.testing.strategies import Pool, values
from gbalang.testing.trial import HOLDS, WHERE, Trial
from gbalang.vm.faults import Fault
from gbalang.vm.host import Done, Faulted
from gbalang.vm.machine import run_rule

CASES = 200


@dataclass(frozen=True, slots=True)
class PropertyResult:
    """How a property fared. `case`: its variables with the values of the smallest failure, as a drafter writes them."""

    stated: t.Property
    holds: bool
    tried: int
    fault: Fault | None
    case: tuple[tuple[str, str], ...]


class _Broken(Exception):  # noqa: N818  # what Hypothesis looks for
    pass


def run_properties(trial: Trial, seed: int, cases: int = CASES) -> tuple[PropertyResult, ...]:
    """Try every property of an instrument. The same seed tries the same cases."""
    return tuple(_run(trial, position, seed, cases) for position in range(len(trial.contract.properties)))


def _run(trial: Trial, position: int, seed: int, cases: int) -> PropertyResult:
    stated = trial.contract.properties[position]
    pool = Pool.of(trial.program)
    drawn = st.tuples(*[values(field.type, trial.program, pool) for field in stated.variables])
    smallest: list[tuple[tuple[Value, ...], Fault | None]] = []
    tried = 0

    @with_seed(seed)
    @settings(
        max_examples=cases, database=None, deadline=None, phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
    )  # fmt: skip
    @given(drawn)
    def attempt(case: tuple[Value, ...]) -> None:
        nonlocal tried
        assume(_applies(trial, position, case))
        tried += 1
        outcome = run_rule(trial.verified, trial.functions[HOLDS, position], case, None, trial.host())
        if isinstance(outcome, Done) and outcome.result is True:
            return
        smallest.append((case, outcome.fault if isinstance(outcome, Faulted) else None))
        raise _Broken

    try:
        attempt()
    except _Broken:
        case, fault = smallest[-1]
        shown = tuple(
            (field.name, format_value(field.type, value, trial.program))
            for field, value in zip(stated.variables, case, strict=True)
        )
        return PropertyResult(stated, holds=False, tried=tried, fault=fault, case=shown)
    return PropertyResult(stated, holds=True, tried=tried, fault=None, case=())


def _applies(trial: Trial, position: int, case: tuple[Value, ...]) -> bool:
    index = trial.functions.get((WHERE, position))
    if index is None:
        return True
    outcome = run_rule(trial.verified, index, case, None, trial.host())
    return isinstance(outcome, Done) and outcome.result is True
