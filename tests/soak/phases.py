"""The parts of the long run. Each takes a seed and a time, works until the time is up, and returns figures to be added.

A phase goes on with the numbers after its seed, so that processes which share the work begin far apart. `failures` are
texts; everything else is a count, or a list of names that are counted once however often they are met.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from gbalang.check.typed import Contract
from gbalang.cli.replicas import Cities, cities_apart
from gbalang.cli.session import Session
from gbalang.cli.sources import typed_and_compiled
from gbalang.cli.staging import stage_of
from gbalang.isa.container import encode_program
from gbalang.isa.stack import Unsound
from gbalang.testing.chronicle import write_chronicle
from gbalang.testing.draw import Source
from runtime import codec
from runtime.simulator.campaign import Settings
from runtime.simulator.credentials import HashedCredentials
from runtime.simulator.faults import BY_NAME
from runtime.simulator.run import choose_engines, simulate
from runtime.simulator.scenario import draw_scenario
from runtime.simulator.stage import Stage
from runtime.witnesses.processes import at_once
from runtime.witnesses.settings import HASH_SEED, ordinary
from tests.architecture.sources import ROOT
from tests.bugs.trees import trees
from tests.crashes.processes import within
from tests.crashes.run import MEMORY
from tests.crashes.states import try_states
from tests.crashes.walk import every_hit, walk
from tests.fuzz.running import Fuzzed, fuzz
from tests.fuzz.targets import targets
from tests.mutants.run import GROUPS, drawn, is_noticed, try_mutant
from tests.properties.programs import draw_program, sound
from tests.properties.test_engines_agree import Tally, chance_of, change, compare
from tests.unit.isa.assembling import seal

INSTRUMENTS = sorted(path.name for path in (ROOT / "contracts").iterdir() if path.is_dir())
TURNS, ACTS = 8, 25
"""A simulation of the long run is short: many seeds meet more than long ones."""
STATES_MAX = 10_000_000
AGAIN_EVERY = 20
"""Of so many simulations one is played again by a process with another hash seed, and the traces are compared."""
LEDGERS, DRAWS = 6, 1_500
"""Ledgers that one round lets eleven processes execute, and acts drawn for each."""


@dataclass(slots=True)
class Figures:
    """What a phase has done."""

    counts: dict[str, int] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def add(self, name: str, count: int) -> None:
        """Add to a count."""
        self.counts[name] = self.counts.get(name, 0) + count

    def meet(self, name: str, met: list[str]) -> None:
        """Count names once."""
        self.names[name] = sorted({*self.names.get(name, ()), *met})

    def merge(self, other: Figures) -> None:
        """Add the figures of another process."""
        for name, count in other.counts.items():
            self.add(name, count)
        for name, met in other.names.items():
            self.meet(name, met)
        self.failures += other.failures


Phase = Callable[[int, float], Figures]


def rounds(seed: int, seconds: float) -> Iterator[int]:
    """Yield the numbers after a seed until the time is up; one at least."""
    ends = time.monotonic() + seconds
    number = seed
    while number == seed or time.monotonic() < ends:
        yield number
        number += 1


@cache
def prepared(name: str) -> tuple[Contract, Stage]:
    """Return an instrument of contracts/ and its stage."""
    session = Session("en", json=False)
    contract, compiled = typed_and_compiled(session, ROOT / "contracts" / name / "contract.gba")
    assert isinstance(contract, Contract)
    assert compiled is not None
    return contract, stage_of(session, compiled.container, HashedCredentials())


def simulations(seed: int, seconds: float) -> Figures:
    """Simulate the consortium with every kind of fault."""
    figures = Figures()
    settings = Settings(TURNS, tuple(BY_NAME), choose_engines("mixed"), ACTS)
    for number in rounds(seed, seconds):
        name = INSTRUMENTS[number % len(INSTRUMENTS)]
        stage = prepared(name)[1]
        result = simulate(stage, draw_scenario(stage, number, TURNS, settings.kinds, ACTS), settings.engines)
        figures.add("simulations", 1)
        figures.add("transactions", result.transactions)
        figures.add("executions", result.executions)
        figures.add("checks", sum(result.checks.values()))
        figures.add("faults", sum(result.alive.values()))
        figures.meet("kinds of fault", list(result.alive))
        figures.meet("pairs of faults", [" + ".join(pair) for pair in result.pairs()])
        figures.failures += [f"{name} seed {number}: {each.check.value}: {each.text}" for each in result.failures]
        if number % AGAIN_EVERY == 0:
            figures.add("played again", 1)
            figures.failures += _again(stage, name, number, settings)
    return figures


def _again(stage: Stage, name: str, number: int, settings: Settings) -> list[str]:
    """Play a simulation under another hash seed, and once more under a third: the traces must be equal."""
    cities = cities_apart()
    rows = [row for row in cities.design.cities.values() if row.of(HASH_SEED) != "0"][:2]
    with TemporaryDirectory() as folder:
        files = _files_of(stage, Path(folder))
        arguments = [str(number), "1", str(settings.turns), *map(str, files)]
        answers = at_once(rows, lambda row: cities.company.run(row, "runtime.rehearse", arguments))
    if answers[0] != answers[1] or not answers[0].lines:
        return [f"{name} seed {number}: {answers[0]} and {answers[1]}"]
    return []


def _files_of(stage: Stage, folder: Path) -> list[Path]:
    calendars = [codec.encode_calendar(each) for each in stage.calendars]
    contents = [stage.genesis.charter, encode_program(stage.program), *calendars]
    paths = [folder / str(place) for place in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    return paths


def processes(seed: int, seconds: float) -> Figures:
    """Let eleven processes that differ execute histories of the instruments."""
    figures = Figures()
    for number in rounds(seed, seconds):
        figures.merge(executed_apart(INSTRUMENTS[number % len(INSTRUMENTS)], number, LEDGERS))
    figures.meet("interpreters", list(cities_apart().interpreters))
    return figures


def executed_apart(name: str, number: int, ledgers: int) -> Figures:
    """Draw histories of an instrument on so many ledgers, and let eleven processes execute them."""
    figures = Figures()
    contract, stage = prepared(name)
    with TemporaryDirectory() as folder:
        paths = []
        for ledger in range(ledgers):
            chronicle = write_chronicle(contract, stage, number * ledgers + ledger, DRAWS)
            paths.append(Path(folder) / str(ledger))
            paths[-1].write_bytes(codec.encode_recording(chronicle.recording))
            figures.add("recorded transactions", sum(len(block.transactions) for block in chronicle.recording.blocks))
            for outcome, count in chronicle.outcomes.items():
                figures.add(f"transactions {outcome}", count)
            figures.failures += [f"{name} ledger {number}/{ledger}: {act}" for act in chronicle.disagreeing]
        figures.failures += [f"{name} ledgers {number}: {said}" for said in _differing(cities_apart(), paths)]
    return figures


def _differing(cities: Cities, paths: list[Path]) -> list[str]:
    """Let every city execute recordings, and return what was said by those that differ from an ordinary machine."""
    rows = cities.design.cities
    answers = at_once(list(rows.values()), lambda row: cities.company.witness(row, paths))
    usual = cities.company.witness(ordinary(next(iter(rows.values())).axes), paths)
    said = [] if usual.code == 0 else [f"an ordinary machine says {usual}"]
    return said + [f"{city} says {answer}" for city, answer in zip(rows, answers, strict=True) if answer != usual]


def programs(seed: int, seconds: float) -> Figures:
    """Run drawn programs, and changed ones that still verify, on both engines."""
    figures = Figures()
    tally = Tally()
    for number in rounds(seed, seconds):
        chance = chance_of(seed, "soak", number)
        drawn = draw_program(chance)
        figures.add("programs drawn", 1)
        try:
            verified = sound(drawn if number % 2 else seal(change(drawn, chance)))
            if verified is not None:
                figures.add("programs run on both engines", 1)
                compare(verified, chance, tally)
        except Unsound:
            continue
        except Exception as error:  # noqa: BLE001  # whatever it is, it is what we look for
            figures.failures.append(f"program {number} of seed {seed}: {type(error).__name__} {error}")
    figures.meet("instructions", [str(opcode) for opcode in tally.opcodes])
    return figures


def readings(seed: int, seconds: float) -> Figures:
    """Read what nobody wrote."""
    figures = Figures()
    found = Fuzzed()
    for number in rounds(seed, seconds):
        for place, target in enumerate(targets()):
            fuzz(target, Source((number << 8) + place), 10 * target.share, found)
    figures.add("executions", found.executions)
    figures.add("refused", found.refused)
    figures.meet("readers", [target.name for target in targets()])
    figures.failures += found.failures
    return figures


def crashes(seed: int, seconds: float) -> Figures:
    """Kill processes at numbered points, and open files of which a part is lost, late, old or torn."""
    figures = Figures()
    half, whole = within(seconds / 2), within(seconds)
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        walked = walk(Path(folder), every_hit(seed, half))
        tried = try_states(Path(folder) / "states", seed, range(STATES_MAX), whole)
    figures.add("kills", len(walked.kills))
    figures.add("file states", tried.states)
    figures.meet("points", [point.name for point in walked.reached()])
    figures.meet("kinds of file state", list(tried.kinds))
    figures.failures += [*walked.wrong, *tried.wrong]
    return figures


def changes(seed: int, seconds: float) -> Figures:
    """Change the machine, the verifier, the transition and the state, and see whether a test notices."""
    figures = Figures()
    with trees(1) as copies:
        for number in rounds(seed, seconds):
            for group in GROUPS:
                mutant = drawn(group, 1, number)[0]
                (verdict,) = copies.work([mutant], try_mutant)
                figures.add(f"{group} tried", 1)
                figures.add(f"{group} noticed", int(is_noticed(verdict)))
                if not is_noticed(verdict):
                    figures.meet("unnoticed", [str(mutant)])
    return figures


PHASES: dict[str, Phase] = {
    "simulations": simulations, "processes": processes, "programs": programs, "readings": readings,
    "crashes": crashes, "changes": changes,
}  # fmt: skip
