"""Two short histories: one that exercises much of the transition, one that tells the stories of the instruments.

The first: rules made and refused, acts of every outcome, garbage. The second: the three instruments in force beside
each other, with their calendars, tables, local parameters, loops and sets, and the acts of their scenarios.
"""

from __future__ import annotations

from dataclasses import replace

from gbalang.cli.scenarios import Scenario, load_story, merged, run_acts, stand_all
from runtime import codec
from runtime.certificates import HolderKind
from runtime.chain import header_message
from runtime.crypto.oracle import NativeOracle
from runtime.records import CastVote, FinalBlock, Position, Propose, Recording, RevokeCertificate, Subject
from runtime.replay import RecordingOracle, contents_digest, signature_question
from runtime.state.memory import MemoryStore
from runtime.state_view import STATE
from tests.instruments.stage import INSTRUMENTS, stage_of
from tests.network.harness import World
from tests.network.sample import APPLICANT, OFFICE, apply, container, decide, world_in_force

OTHER = "Macao/wong"
ACTS_OF_A_STORY = 60
"""Nearly every act of each instrument has happened by then."""


def make_history() -> tuple[World, RecordingOracle, Recording]:
    """Return the world after the history, the oracle with its answers, and the recording."""
    oracle = RecordingOracle(NativeOracle())
    world = World(oracle=oracle)
    first_state = tuple((key, value) for key, value in world.network.leader().state.scan(b""))
    world_in_force(world)
    world.adopt_calendars()
    _act(world)
    recording = Recording(
        world.genesis, first_state, _blocks(world), oracle.signature_verdicts(), oracle.certificate_verdicts()
    )
    return world, oracle, recording


def make_stories() -> tuple[World, Recording]:
    """Return a world in which the stories of the instruments have happened as foretold, and the recording.

    To keep it small it tells the beginning of each story, and leaves out the signatures that make a header final, with
    the answers about them: a witness makes each header anew and does not ask who signed it.
    """
    oracle = RecordingOracle(NativeOracle())
    world = World(oracle=oracle)
    first_state = tuple(world.network.leader().state.scan(b""))
    stage = stage_of(world, *INSTRUMENTS)
    steps = merged(_beginning_of(load_story(name)) for name in INSTRUMENTS)
    stand_all(stage, steps)
    stage.admit()
    for _ in run_acts(stage, steps):
        pass
    blocks = _blocks(world)
    of_headers = {question for block in blocks for question in _questions_about_the_header(world, block)}
    signatures = tuple(verdict for verdict in oracle.signature_verdicts() if verdict.question not in of_headers)
    unsigned = tuple(replace(block, signatures=()) for block in blocks)
    return world, Recording(world.genesis, first_state, unsigned, signatures, oracle.certificate_verdicts())


def _beginning_of(story: Scenario) -> Scenario:
    acts = [step for step in story.acts if step.act]
    return replace(story, acts=tuple(acts[:ACTS_OF_A_STORY]))


def _questions_about_the_header(world: World, block: FinalBlock) -> list[bytes]:
    message = header_message(block.header)
    members = {member.city: member for member in world.genesis.members}
    return [
        signature_question(members[each.city].suite, members[each.city].public_key, message, each.signature)
        for each in block.signatures
    ]


def _blocks(world: World) -> tuple[FinalBlock, ...]:
    leader = world.network.leader()
    blocks = [leader.block(height) for height in range(1, leader.end.height + 1)]
    return tuple(block for block in blocks if block is not None)


def _act(world: World) -> None:
    world.carry_out(APPLICANT, apply())
    world.carry_out(APPLICANT, apply())
    world.carry_out(APPLICANT, apply(age="64"))
    world.carry_out(OFFICE, decide("Guangzhou/nobody"))
    world.carry_out(OFFICE, decide())
    world.add_holder(OTHER, HolderKind.PERSON)
    world.carry_out(OTHER, apply(fare="0 CNY", place="Macao"))
    replayed = world.transaction(OTHER, apply(place="Macao"))[1]
    world.put_in_block(replayed, replayed, b"", b"\x00" * 100, replayed[:-1], replayed + b"\x00")
    world.carry_out("Macao", RevokeCertificate(world.holders[OTHER].fingerprint, "key lost"))
    second = container(2, "700 CNY")
    ballot = world.submit("Zhuhai", Propose(Subject.CONTRACT, second))
    world.finalise()
    world.submit("Zhuhai", CastVote(ballot, b"\x00" * 32, Position.AGREE, ""))
    world.submit("Macao", CastVote(ballot, b"\x00" * 32, Position.OBJECT, "反對"))
    world.finalise()
    for _ in range(3):
        world.finalise(86_400_000)


def last_line(world: World) -> str:
    """Return what a witness prints of the world's history, from a city's own store."""
    node = world.network.leader()
    kept = MemoryStore()
    tables = (STATE, b"n")
    kept.commit([(key, value) for key, value in node.store.scan(b"") if key[:1] in tables])
    return (
        f"height {node.end.height} state {node.end.state_root.hex()} contents {contents_digest(kept).hex()}"
    )


def encoded(recording: Recording) -> bytes:
    """Return the recording as a file."""
    return codec.encode_recording(recording)
