"""Eleven cities from one seed: whatever fails, they stay one ledger, and each kind of fault really happens."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.chain import is_equivocation
from runtime.cities import CITIES, QUORUM
from runtime.embedded.network import Finalised, Halted
from runtime.simulator.checks import Check
from runtime.simulator.faults import BY_NAME, FAULTS
from runtime.witnesses.interpreters import find_interpreters
from tests.network.harness import charter, standard_calendars
from tests.network.sample import container
from tests.simulator.stages import ALL_KINDS, played, simulation, stage

ROOT = Path(__file__).parent.parent.parent
SEEDS, TURNS = 8, 12
KINDS_ALIVE_MIN = 12
"""What the design asks of every change; the long run asks for all thirty."""


def test_nothing_is_found_and_many_kinds_of_fault_are_alive() -> None:
    results = [played(seed, TURNS) for seed in range(SEEDS)]
    assert [(result.seed, result.failures) for result in results if result.failures] == []
    alive = {kind for result in results for kind in result.alive}
    assert len(alive) >= KINDS_ALIVE_MIN, sorted(alive)
    assert {check for result in results for check in result.checks} == {check.value for check in Check}
    assert all(result.outcomes.get("done", 0) for result in results)


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_each_kind_happens_and_does_no_harm(kind: str) -> None:
    # A changed block is seen only by a city that is behind.
    kinds = (kind, "isolation") if kind == "tampered-block" else (kind,)
    for seed in range(20):
        result = played(seed, 8, kinds)
        assert result.failures == ()
        if kind in result.alive:
            return
    pytest.fail(f"{kind} never happened")


def test_the_table_has_thirty_kinds_and_says_what_each_does() -> None:
    assert [kind.number for kind in FAULTS] == list(range(1, 31))
    assert len({kind.what for kind in FAULTS}) == 30


def test_a_seed_replays_exactly() -> None:
    assert played(3, 10).trace == played(3, 10).trace
    assert played(3, 10).identity != played(4, 10).identity


@pytest.mark.processes
def test_a_seed_replays_in_every_interpreter_under_every_hash_seed(tmp_path: Path) -> None:
    files = []
    for name, content in (("charter", charter()), ("contract", container()), *enumerate(standard_calendars())):
        path = tmp_path / str(name)
        path.write_bytes(content)
        files.append(str(path))
    runs = [(sys.executable, seed) for seed in ("0", "1", "random")]
    runs += [(path, "random") for _, path in find_interpreters()[1:]]
    printed = {_rehearse(python, seed, files) for python, seed in runs}
    assert len(printed) == 1
    lines = printed.pop().splitlines()
    assert [line.split()[0] for line in lines] == ["5", "6"]
    assert all(line.endswith(" held") for line in lines)


def _rehearse(python: str, hash_seed: str, files: list[str]) -> str:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    run = subprocess.run(
        [python, "-m", "runtime.rehearse", "5", "2", "2", *files],
        cwd=ROOT, env={**kept, "PYTHONHASHSEED": hash_seed}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, ""), python
    return run.stdout


def test_an_equivocating_proposer_is_named_with_evidence_that_anyone_can_check() -> None:
    for seed in range(20):
        play = simulation(seed, 8, ("equivocating-proposer",))
        assert play.run().failures == ()
        if play.office.evidence:
            break
    node = play.network.leader()
    for city, evidence in play.office.evidence.items():
        assert evidence.first[1].city == evidence.second[1].city == city
        assert evidence.first[0].height == evidence.second[0].height
        assert is_equivocation(evidence.first, evidence.second, node.members, node.oracle)
        assert not is_equivocation(evidence.first, evidence.first, node.members, node.oracle)
        forged = (evidence.second[0], evidence.first[1])
        assert not is_equivocation(evidence.first, forged, node.members, node.oracle)
    assert play.office.evidence


def test_with_four_cities_gone_the_ledger_halts_and_goes_on_when_one_is_back() -> None:
    play = simulation(0, 1, ())
    play.run()
    gone = [city.identifier for city in CITIES[: len(CITIES) - QUORUM + 1]]
    for name in gone:
        play.network.stop(name)
        play.cities[name].stop("gone")
    height = play.network.leader().end.height
    time_ms = play.network.leader().end.time_ms + 1
    assert isinstance(play.network.produce(time_ms), Halted)
    assert {node.end.height for node in play.network.nodes()} == {height}
    play.cities[gone[0]].start()
    link = play.cities[gone[0]].link
    assert link is not None
    play.network.join(link.node)
    assert isinstance(play.network.produce(time_ms), Finalised)


def test_a_block_that_too_few_have_kept_is_not_acknowledged_and_never_replaced() -> None:
    """All disks are full: eleven sign, nobody keeps. The block stands, is handed round again, and then acknowledged."""
    play = simulation(0, 1, ())
    play.run()
    for city in play.cities.values():
        city.disk.full = True
    end = play.network.leader().end
    halted = play.network.produce(end.time_ms + 1)
    assert isinstance(halted, Halted)
    assert halted.unsettled is not None
    assert {node.end.height for node in play.network.nodes()} == {end.height}
    again = play.network.produce(end.time_ms + 2)
    assert isinstance(again, Halted)
    assert again.unsettled == halted.unsettled, "no other block takes its place"
    for city in play.cities.values():
        city.disk.full = False
    settled = play.network.produce(end.time_ms + 3)
    assert isinstance(settled, Finalised)
    assert settled.block == halted.unsettled
    assert {node.end.height for node in play.network.nodes()} == {end.height + 1}


def test_stages_are_shared_and_never_changed() -> None:
    image = stage().image
    played(1, 3)
    assert stage().image == image
    assert set(BY_NAME) == set(ALL_KINDS)
