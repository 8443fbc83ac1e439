"""gba simulate: eleven cities under an instrument, in one process from one seed, while everything fails that can."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import click

from gbalang.check.typed import Contract
from gbalang.cli.replicas import (
    cities_as_json,
    comparison_as_json,
    execute_apart,
    tell_cities,
    tell_comparison,
)
from gbalang.cli.session import ExitCode, Session, shared_options, write_bytes
from gbalang.cli.sources import compile_source_fully, instrument_paths, typed_of_source
from gbalang.cli.staging import stage_of
from gbalang.cli.terminal import progress
from gbalang.testing.draw import SEED
from runtime.crypto.rehearsal import SeededCredentials
from runtime.records import Recording
from runtime.simulator.campaign import Settings, Tally, simulate_seeds, smallest, uses_real_signatures
from runtime.simulator.credentials import HashedCredentials
from runtime.simulator.faults import BY_NAME, FAULTS
from runtime.simulator.run import OUTCOMES, Engines, Result, choose_engines
from runtime.simulator.run import simulate as simulate_one
from runtime.simulator.scenario import Scenario
from runtime.simulator.stage import Stage, StageFailed
from runtime.simulator.story import tell
from runtime.witnesses.comparing import Comparison
from runtime.witnesses.recording import record

SEEDS, STEPS, APART_EVERY = 10, 40, 10
ALL, NONE = "all", "none"


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=SEED, show_default=True, help="The first seed.")
@click.option("--seeds", type=click.IntRange(1, 1_000_000), default=SEEDS, show_default=True,
              help="Simulations: one for each seed from the first on.")  # fmt: skip
@click.option("--steps", type=click.IntRange(1, 10_000), default=STEPS, show_default=True,
              help="Turns of each simulation; in each a block is made.")  # fmt: skip
@click.option("--faults", default=ALL, show_default=True, metavar="all|none|KIND,KIND…",
              help="What may fail. docs/testing.md lists the kinds.")  # fmt: skip
@click.option("--engine", type=click.Choice(["mixed", "compiled", "reference"]), default="mixed", show_default=True,
              help="What the cities run programs on.")  # fmt: skip
@click.option("--apart-every", type=click.IntRange(0, 1_000_000), default=APART_EVERY, show_default=True,
              help="Of so many simulations the first is executed again by eleven processes that differ.")  # fmt: skip
@click.option("--trace", type=click.Path(path_type=Path), default=None, help="Write what happened, line by line.")
@shared_options
def simulate(
    session: Session, paths: Sequence[Path], seed: int, seeds: int, steps: int, faults: str, engine: str,
    apart_every: int, trace: Path | None,
) -> None:  # fmt: skip
    """Run the whole consortium from a seed, with faults, and check that eleven cities stay one ledger."""
    settings = Settings(steps, _kinds(session, faults), choose_engines(engine))
    reports: list[dict[str, Any]] = []
    traces: list[str] = []
    for path in instrument_paths(session, paths):
        if not isinstance(typed_of_source(session, path), Contract):
            continue
        replay = f"gba simulate {shlex.quote(str(path))} --steps {steps} --faults {faults} --engine {engine} --seeds 1"
        reports.append(_report(session, path, (seed, seeds, apart_every), settings, replay, traces))
    if trace is not None:
        write_bytes(session, trace, "".join(line + "\n" for line in traces).encode("utf-8"), force=True)
        session.say("written", path=trace)
    passed = all(report["passed"] for report in reports)
    document: dict[str, Any] = {"instruments": reports, "passed": passed}
    if any(report["apart"] for report in reports):
        tell_cities(session)
        document["machine"] = cities_as_json()
    session.result(document)
    if not passed:
        raise click.exceptions.Exit(int(ExitCode.FAILED_CHECK))


def _kinds(session: Session, text: str) -> tuple[str, ...]:
    if text == ALL:
        return tuple(BY_NAME)
    if text == NONE:
        return ()
    kinds = tuple(text.split(","))
    for name in kinds:
        if name not in BY_NAME:
            session.fail(ExitCode.AT_FAULT, "simulate_unknown_fault", name=name, known=", ".join(BY_NAME))
    return kinds


def _report(
    session: Session, path: Path, numbers: tuple[int, int, int], settings: Settings, replay: str, traces: list[str]
) -> dict[str, Any]:
    compiled = compile_source_fully(session, path)
    stage_at = _stages(session, path, compiled.container)
    first, seeds, apart_every = numbers
    tally = Tally()
    failed: tuple[Scenario, Result] | None = None
    apart: list[tuple[int, Recording, Comparison]] = []
    simulations = simulate_seeds(stage_at, first, seeds, settings)
    for scenario, result in progress(simulations, seeds, session.word("simulate_progress")):
        tally.add(result)
        traces.append(f"{path} seed {result.seed} trace {result.identity}")
        traces.extend(result.trace)
        if result.failures:
            failed = scenario, result
        elif apart_every and tally.seeds % apart_every == 1 % apart_every and result.chain:
            stage = stage_at(result.seed)
            recording = record(stage.genesis, result.chain, stage.credentials.oracle())
            apart.append((result.seed, recording, execute_apart(recording)))
    _tell_tally(session, path, tally)
    for _, recording, comparison in apart:
        tell_comparison(session, recording, comparison, compiled.program, compiled.line_map)
    report = _as_json(path, tally)
    report["apart"] = [
        {"seed": seed, **comparison_as_json(recording, comparison)} for seed, recording, comparison in apart
    ]
    report["passed"] = failed is None and all(comparison.agrees for _, _, comparison in apart)
    if failed is not None:
        report["failure"] = _tell_failure(session, stage_at, failed, settings.engines, replay)
    return report


def _stages(session: Session, path: Path, container: bytes) -> Callable[[int], Stage]:
    """Return the stage of a seed: one has real signatures, one simulated ones; each is made when it is first wanted."""

    @cache
    def stage(real: bool) -> Stage:
        credentials = SeededCredentials() if real else HashedCredentials()
        try:
            return stage_of(session, container, credentials)
        except StageFailed as failed:
            session.fail(ExitCode.AT_FAULT, "simulate_not_in_force", path=path, reason=str(failed))

    return lambda seed: stage(uses_real_signatures(seed))


def _tell_tally(session: Session, path: Path, tally: Tally) -> None:
    outcomes = tally.outcomes
    session.say(
        "simulate_summary", path=path, seeds=tally.seeds, blocks=tally.blocks, transactions=tally.transactions,
        executions=tally.executions, halts=tally.halts,
        **{name: outcomes.get(name, 0) for name in OUTCOMES.values()},
    )  # fmt: skip
    rows = [
        (str(BY_NAME[name].number), name, session.word(f"simulated_{name}"), str(count))
        for name, count in tally.alive_in_order()
    ]
    if rows:
        session.table(
            [session.word(key) for key in ("code", "simulate_fault", "meaning", "simulate_happened")], rows
        )
    checks = sum(tally.checks.values())
    session.say("simulate_faults", alive=len(rows), kinds=len(FAULTS), pairs=len(tally.pairs), checks=checks)


def _tell_failure(
    session: Session, stage_of: Callable[[int], Stage], failed: tuple[Scenario, Result], engines: Engines, replay: str
) -> dict[str, Any]:
    scenario, result = failed
    stage = stage_of(scenario.seed)
    shrunk, shown = smallest(scenario, result, lambda fewer: simulate_one(stage, fewer, engines))
    failure = next(each for each in shown.failures if each.check is result.failures[0].check)
    story = tell(stage, shrunk)
    line = f"{replay} --seed {scenario.seed}"
    session.say("simulate_failed", seed=scenario.seed, check=session.word(f"check_{failure.check.value}"))
    session.line(f"  {failure.text}")
    session.say("simulate_story", turns=len(shrunk.turns), of=len(scenario.turns))
    for sentence in story:
        session.line(f"  {sentence}")
    session.say("replay_line", command=line)
    return {
        "seed": scenario.seed, "check": failure.check.value, "text": failure.text, "story": list(story), "replay": line,
        "failures": [f"{each.check.value}: {each.text}" for each in result.failures],
    }  # fmt: skip


def _as_json(path: Path, tally: Tally) -> dict[str, Any]:
    return {
        "path": str(path),
        "seeds": tally.seeds,
        "blocks": tally.blocks,
        "halts": tally.halts,
        "transactions": tally.transactions,
        "executions": tally.executions,
        "outcomes": dict(sorted(tally.outcomes.items())),
        "faults": dict(tally.alive_in_order()),
        "pairs": [list(pair) for pair in sorted(tally.pairs)],
        "checks": dict(sorted(tally.checks.items())),
    }
