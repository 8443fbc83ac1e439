"""What a register says of somebody is read by whoever it concerns and by the offices of the city, by no stranger."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gbalang.cli.scenarios import Step, Unforetold, load_story, run_check, run_story, stand_all
from gbalang.isa.program import FunctionKind
from runtime.calls import program_of, version_in_force
from runtime.certificates import HolderKind
from runtime.transition import day_of
from tests.instruments.stage import INSTRUMENTS, MemoryStage, stage_of
from tests.network.harness import World

STRANGERS = {"person": HolderKind.PERSON, "organisation": HolderKind.ORGANISATION}
NOTHING_TO_SEE = ("[]", "not permitted")
"""What a stranger may find: a list of its own in which nothing stands, or no power to ask. Otherwise it is refused."""
ASKED_BY_ANYONE = {
    "instrument_sharing": {"instrument_of", "slots_of", "year_of_use"},
    "licences": {"breaches", "status", "type_of_licence"},
    "talent_subsidy": {"both_benefits", "totals", "window_for"},
}
"""What the articles make public: inventory, hours offered and yearly use (article 9); types, the status by number and
the breaches of a city (articles 2, 6 and 10); windows, totals and a comparison of the asker's own figures (3, 8, 5)."""


def stranger(step: Step, kind: str) -> str:
    """Return the reference of somebody of that kind who does nothing in the story, in each city that it knows."""
    return f"{step.actor.partition('/')[0]}/stranger-{kind}"


def found_by(stage: MemoryStage, step: Step, actor: str, kind: str) -> str:
    """Return what somebody finds who asks what the step asks."""
    asked = replace(step, actor=actor, kind=kind, roles=(), expected="not foretold", result=None, fields=())
    with pytest.raises(Unforetold) as told:
        run_check(stage, asked)
    return told.value.found


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_a_stranger_of_the_same_city_reads_nothing(name: str) -> None:
    stage = stage_of(World(), name)
    story = load_story(name)
    stand_all(stage, story.acts)
    for step in story.acts:
        for kind, holder in STRANGERS.items():
            if step.actor:
                stage.stand(stranger(step, kind), holder, ())
    stage.admit()
    answered = set()
    for step, _ in run_story(stage, story.acts):
        if step.query and step.actor:
            answered |= {step.query} if not step.expected else set()
            for kind in STRANGERS:
                found = found_by(stage, step, stranger(step, kind), kind)
                assert found in NOTHING_TO_SEE or found.startswith("refused:"), (step, kind, found)
    assert answered == queries_of(stage, name) - ASKED_BY_ANYONE[name], "the story asks each of them with success"


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_anyone_asks_what_the_articles_make_public_and_nothing_else(name: str) -> None:
    stage = stage_of(World(), name)
    assert queries_of(stage, name, public=True) == ASKED_BY_ANYONE[name]


def queries_of(stage: MemoryStage, name: str, *, public: bool = False) -> set[str]:
    """Return the queries of the instrument in force; `public`: those that anyone may ask."""
    leader = stage.leader()
    current = version_in_force(leader.state, name, day_of(stage.world.time_ms))
    assert current is not None
    program = program_of(leader.state, leader.programs, current[1].digest).program
    return {
        each.name
        for each in program.functions
        if each.kind is FunctionKind.QUERY and (not public or any(who.role is None for who in each.permissions))
    }
