"""What an act had written before it was refused, or could not go on, is undone: only its sequence number is used up."""

from __future__ import annotations

import functools

from gbalang.isa.types import Number, Truth
from gbalang.isa.values import encode_value
from gbalang.vm.faults import Fault
from runtime import keys
from runtime.certificates import HolderKind
from runtime.programs import open_program
from runtime.records import Call, OutcomeKind
from tests.network.harness import World, compile_text

WRITER = "Macao/rui"
NOTES = """contract notes version 1
  title en "Notes that are taken down before they are judged"
  basis "an example of the tests"
  parties all cities
  effective 2026-01-01

article 1 "Notes"
  role writer is any person
  record Note
    number: Int from 0 to 9
    author: Person
  register notes: Note by number
  refusal unwanted en "Nobody wants the note."

  act note(number: Int from 0 to 9, wanted: Bool) by writer
    enter Note(number: number, author: actor) in notes
    require wanted else refuse unwanted
    enter Note(number: number + 1, author: actor) in notes
"""


@functools.cache
def container() -> bytes:
    return compile_text("notes.gba", NOTES)


def note(number: int, *, wanted: bool = True) -> Call:
    """Return the act that takes two notes down, the second one only if it is wanted and its number can be."""
    program = open_program(container()).program
    encoded = (encode_value(Number(0), number, program), encode_value(Truth(), wanted, program))
    return Call("notes", 1, "note", encoded)


def world_with_notes() -> World:
    world = World()
    world.add_holder(WRITER, HolderKind.PERSON)
    world.adopt(container())
    return world


def state(world: World) -> dict[bytes, bytes]:
    """Return the state of every city, which is one, without the writer's sequence number."""
    assert len(world.contents()) == 1
    own = keys.sequence(world.holders[WRITER].fingerprint)
    return {key: value for key, value in world.network.leader().state.scan(b"") if key != own}


def test_of_an_act_that_is_refused_or_faults_after_it_has_written_nothing_stays() -> None:
    world = world_with_notes()
    before = state(world)
    refused, faulted = world.carry_out(WRITER, note(3, wanted=False)), world.carry_out(WRITER, note(9))
    assert refused.outcome is OutcomeKind.REFUSED
    assert (faulted.outcome, faulted.code) == (OutcomeKind.FAULTED, Fault.OUT_OF_RANGE)
    assert state(world) == before


def test_the_next_act_of_the_same_block_sees_nothing_of_it() -> None:
    world = world_with_notes()
    acts = [note(3, wanted=False), note(9), note(3)]
    block = world.put_in_block(*[world.transaction(WRITER, act)[1] for act in acts])
    outcomes = [receipt.outcome for receipt in block.receipts]
    assert outcomes == [OutcomeKind.REFUSED, OutcomeKind.FAULTED, OutcomeKind.DONE], "the note of that number is new"
    entries = list(world.network.leader().state.scan(keys.TABLE_ENTRY))
    assert len(entries) == 2
    assert len(world.contents()) == 1
