"""Invariants: what holds of the registers whatever happens, tried on random histories of acts.

A history is a sequence of acts by actors with and without power, on days that pass. After every act that was carried
out each invariant is asked; an act that was refused or faulted must have changed nothing. The smallest history that
breaks an invariant is told as a story.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as with_seed
from hypothesis import strategies as st

from gbalang.isa.civil import SECONDS_OF_DAY, TIME_MIN
from gbalang.isa.program import Function, FunctionKind, Program
from gbalang.isa.types import Date, Value
from gbalang.isa.values import CITIES
from gbalang.isa.verify import KINDS
from gbalang.literals import format_value
from gbalang.testing.strategies import ORDINARY_DAYS, Pool, values
from gbalang.testing.trial import Trial
from gbalang.vm.faults import Fault
from gbalang.vm.host import Context, Done, Faulted
from gbalang.vm.machine import permitted, run_act, run_invariant
from gbalang.vm.memory_host import MemoryHost

HISTORIES = 60
ACTS_MAX = 12
CITIES_MAX = 2
OFFICE_OPENS_S = 9 * 3_600


@dataclass(frozen=True, slots=True)
class Deed:
    """One act of a history: who did what on which day."""

    act: int
    context: Context
    arguments: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class InvariantResult:
    """How an invariant fared. `story`: the deeds that broke it, the last one last, as a drafter would tell them."""

    name: str
    holds: bool
    fault: Fault | None
    story: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HistoriesResult:
    """What the histories showed. `done`, `not_done`: acts carried out, and acts refused or faulted.

    `undone`: whether every act that was not carried out left the ledger as it was.
    """

    invariants: tuple[InvariantResult, ...]
    done: int
    not_done: int
    undone: bool


class _Broken(Exception):  # noqa: N818  # what Hypothesis looks for
    pass


@dataclass(slots=True)
class _Count:
    done: int = 0
    not_done: int = 0
    undone: bool = True


def run_histories(trial: Trial, seed: int, histories: int = HISTORIES) -> HistoriesResult:
    """Try every invariant of an instrument on random histories. The same seed tries the same ones."""
    functions = trial.program.functions
    names = [place for place, each in enumerate(functions) if each.kind is FunctionKind.INVARIANT]
    if not any(each.kind is FunctionKind.ACT for each in functions):
        return HistoriesResult((), 0, 0, undone=True)
    count = _Count()
    results = tuple(_run(trial, place, seed, histories, count) for place in names)
    if not names:
        _run(trial, None, seed, histories, count)
    return HistoriesResult(results, count.done, count.not_done, count.undone)


def _run(trial: Trial, invariant: int | None, seed: int, histories: int, count: _Count) -> InvariantResult:
    broken: list[tuple[list[Deed], Fault | None]] = []

    @with_seed(seed)
    @settings(
        max_examples=histories, database=None, deadline=None, phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
    )  # fmt: skip
    @given(deeds(trial.program))
    def attempt(history: list[Deed]) -> None:
        fault = _break(trial, invariant, history, count)
        if fault is not None:
            broken.append((history[: fault[0] + 1], fault[1]))
            raise _Broken

    name = "" if invariant is None else trial.program.functions[invariant].name
    try:
        attempt()
    except _Broken:
        history, reason = broken[-1]
        story = tuple(tell(trial.program, deed) for deed in history)
        return InvariantResult(name, holds=False, fault=reason, story=story)
    return InvariantResult(name, holds=True, fault=None, story=())


def _break(
    trial: Trial, invariant: int | None, history: list[Deed], count: _Count
) -> tuple[int, Fault | None] | None:
    """Carry out a history; return where the invariant broke, and the fault if it could not be asked."""
    host = trial.host()
    for place, deed in enumerate(history):
        if not carry_out(trial, host, deed, count):
            continue
        if invariant is None:
            continue
        outcome = run_invariant(trial.verified, invariant, deed.context.today, host)
        if isinstance(outcome, Faulted):
            return place, outcome.fault
        if not (isinstance(outcome, Done) and outcome.result is True):
            return place, None
    return None


def carry_out(trial: Trial, host: MemoryHost, deed: Deed, count: _Count | None = None) -> bool:
    """Carry out one deed on a ledger; whether it was done."""
    tally = count if count is not None else _Count()
    host.begin()
    before = host.contents()
    done = False
    if permitted(trial.program, trial.program.functions[deed.act], deed.context, deed.arguments):
        outcome = run_act(trial.verified, deed.act, deed.arguments, deed.context, host)
        done = isinstance(outcome, Done)
    if not done:
        host.rollback()
        tally.undone = tally.undone and host.contents() == before
        tally.not_done += 1
    else:
        tally.done += 1
    return done


def deeds(program: Program) -> st.SearchStrategy[list[Deed]]:
    """Return a strategy for histories of an instrument; days never go back."""
    # Few cities and holders, so that acts meet one another's entries.
    pool = Pool.of(program, program.parties[:CITIES_MAX])
    acts = [place for place, function in enumerate(program.functions) if function.kind is FunctionKind.ACT]
    first = max(program.effective, ORDINARY_DAYS[0])
    steps = st.sampled_from(acts).flatmap(lambda place: _deed(program, place, pool))
    gaps = st.one_of(st.just(0), st.integers(0, 3), st.integers(0, 400))
    drawn = st.lists(st.tuples(steps, gaps), min_size=1, max_size=ACTS_MAX)
    return drawn.map(lambda pairs: _in_time(pairs, first))


def _deed(program: Program, place: int, pool: Pool) -> st.SearchStrategy[Deed]:
    function = program.functions[place]
    arguments = st.tuples(*[values(field.type, program, pool) for field in function.parameters])
    return arguments.flatmap(
        lambda given: _actors(program, function, given, pool).map(lambda actor: Deed(place, actor, given))
    )


def _actors(
    program: Program, function: Function, given: tuple[Value, ...], pool: Pool
) -> st.SearchStrategy[Context]:
    """Mostly whoever may act, sometimes anybody."""
    chances = []
    for permission in function.permissions:
        if permission.role is None:
            continue
        role = program.roles[permission.role]
        cities = list(pool.cities) if permission.city is None else [permission.city]
        if permission.city_parameter is not None:
            cities = [str(given[permission.city_parameter])]
        chances.append(st.builds(
            _context, st.sampled_from(cities), st.sampled_from(role.kinds), st.sampled_from(pool.holders),
            st.just((role.name,)),
        ))  # fmt: skip
    anybody = st.builds(
        _context, st.sampled_from(CITIES), st.sampled_from(KINDS), st.sampled_from(pool.holders), st.just(())
    )
    return st.one_of(*chances, *chances, anybody)


def _context(city: str, kind: str, holder: str, roles: tuple[str, ...]) -> Context:
    actor = city if kind == "city" else f"{city}/{holder}"
    return Context(actor, kind, city, roles, TIME_MIN, 0)


def _in_time(pairs: list[tuple[Deed, int]], first: int) -> list[Deed]:
    day, found = first, []
    for deed, gap in pairs:
        day += gap
        held = deed.context
        now = day * SECONDS_OF_DAY + OFFICE_OPENS_S - 8 * 3_600
        context = Context(held.actor, held.actor_kind, held.actor_city, held.roles, now, day)
        found.append(Deed(deed.act, context, deed.arguments))
    return found


def tell(program: Program, deed: Deed) -> str:
    """Return a deed as a sentence: on that day that actor does that."""
    function = program.functions[deed.act]
    shown = ", ".join(
        f"{field.name}: {format_value(field.type, value, program)}"
        for field, value in zip(function.parameters, deed.arguments, strict=True)
    )
    roles = f" ({', '.join(deed.context.roles)})" if deed.context.roles else ""
    day = format_value(Date(), deed.context.today, program)
    return f"{day}  {deed.context.actor}{roles}  {function.name}({shown})"
