"""A short history that exercises much of the transition: rules made and refused, acts of every outcome, garbage."""

from __future__ import annotations

from runtime import codec
from runtime.certificates import HolderKind
from runtime.crypto.oracle import NativeOracle
from runtime.records import CastVote, Position, Propose, Recording, RevokeCertificate, Subject
from runtime.replay import RecordingOracle, contents_digest
from runtime.state.memory import MemoryStore
from runtime.state_view import STATE
from tests.network.harness import World
from tests.network.sample import APPLICANT, OFFICE, apply, container, decide, world_in_force

OTHER = "Macao/wong"


def make_history() -> tuple[World, RecordingOracle, Recording]:
    """Return the world after the history, the oracle with its answers, and the recording."""
    oracle = RecordingOracle(NativeOracle())
    world = World(oracle=oracle)
    first_state = tuple((key, value) for key, value in world.network.leader().state.scan(b""))
    world_in_force(world)
    world.adopt_calendars()
    _act(world)
    leader = world.network.leader()
    blocks = []
    for height in range(1, leader.end.height + 1):
        block = leader.block(height)
        assert block is not None
        blocks.append(block)
    recording = Recording(
        world.genesis, first_state, tuple(blocks), oracle.signature_verdicts(), oracle.certificate_verdicts()
    )
    return world, oracle, recording


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
