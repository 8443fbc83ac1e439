"""The scenarios of the instruments: what their README foretells happens, on eleven cities, and all of them agree."""

from __future__ import annotations

from collections import Counter

import pytest

from gbalang.cli.scenarios import load_applications, load_story, run_acts, run_checks, run_story, stand_all
from gbalang.isa.program import FunctionKind
from gbalang.vm.host import Done
from gbalang.vm.machine import run_invariant
from runtime.calls import LedgerHost, program_of, version_in_force
from runtime.journal import Journal
from runtime.records import OutcomeKind
from runtime.transition import day_of
from tests.instruments.stage import INSTRUMENTS, MemoryStage, stage_of
from tests.network.harness import World


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_the_story_happens_as_foretold(name: str) -> None:
    stage = stage_of(World(), name)
    story = load_story(name)
    stand_all(stage, story.acts)
    stage.admit()
    receipts = [receipt for _, receipt in run_story(stage, story.acts)]
    outcomes = Counter(receipt.outcome for receipt in receipts if receipt is not None)
    assert outcomes[OutcomeKind.DONE] > 0
    assert outcomes[OutcomeKind.REFUSED] > 0, "a story shows refusals too"
    assert len(stage.world.contents()) == 1
    _assert_invariants(stage, name)


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_the_applications_go_as_foretold(name: str) -> None:
    stage = stage_of(World(), name)
    applications = load_applications(name)
    stand_all(stage, (*applications.acts, *applications.checks))
    stage.admit()
    outcomes = Counter(receipt.outcome for _, receipt in run_acts(stage, applications.acts))
    assert outcomes[OutcomeKind.DONE] >= 100
    assert outcomes[OutcomeKind.REFUSED] > 0
    assert run_checks(stage, applications.checks) == len(applications.checks) > 0
    assert len(stage.world.contents()) == 1
    _assert_invariants(stage, name)


def _assert_invariants(stage: MemoryStage, name: str) -> None:
    leader = stage.leader()
    day = day_of(stage.world.time_ms)
    current = version_in_force(leader.state, name, day)
    assert current is not None
    verified = program_of(leader.state, leader.programs, current[1].digest)
    host = LedgerHost(Journal(leader.state), verified.program)
    invariants = [
        index for index, each in enumerate(verified.program.functions) if each.kind is FunctionKind.INVARIANT
    ]
    assert invariants
    for index in invariants:
        outcome = run_invariant(verified, index, day, host)
        assert isinstance(outcome, Done), (verified.program.functions[index].name, outcome)
        assert outcome.result is True, verified.program.functions[index].name
