"""What the symbols say of a program is what the machine does with it.

Programs are drawn with every instruction. Each is run on symbols first; only then are the symbols told which values
they stand for, so that nothing is settled beforehand. Whether the run ends, its result and the registers after it must
be the machine's own.
"""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from gbalang.isa import program as p
from gbalang.isa.opcodes import OPCODES
from gbalang.isa.types import Date, Record, Reference, Time, Value
from gbalang.isa.values import encode_key
from gbalang.isa.verify import VerifiedProgram
from gbalang.proving import terms as s
from gbalang.proving.execute import BLOCKS, HANDLERS, execute
from gbalang.proving.paths import Entry, Run, World, key_of, key_types
from gbalang.proving.terms import Answer, Effort, Logic, Model
from gbalang.proving.values import Symbolic, Unsupported, Values, same
from gbalang.proving.verdicts import is_done, tell_calendars
from gbalang.vm.host import Context, Done
from gbalang.vm.machine import run_act, run_invariant, run_query, run_rule
from gbalang.vm.memory_host import MemoryHost
from tests.conftest import ROOT_SEED
from tests.properties.programs import ACT, INVARIANT, PEOPLE, QUERY, RULES, constant_of, draw_program, sound
from tests.properties.test_engines_agree import TODAY, chance_of, new_host

PROGRAMS = 60
ASKED_MAX = 40
"""How often a program's days are told to the solver before it counts as unanswered."""
EFFORT = Effort(2_000_000, 10)
"""Ample for symbols that are told what they stand for; products of huge numbers may still be too much."""
NOW_S = 1_782_878_400


class Told:
    """Symbols, and what they stand for."""

    def __init__(self, verified: VerifiedProgram) -> None:
        self.verified = verified
        self.values = Values(verified.program, Logic(), 4)
        self.claims: list[s.Truth] = []

    def unknown(self, type_: object, value: Value, name: str) -> Symbolic:
        """Return a symbol for a value that it is told later."""
        found = self.values.unknown(type_, name)  # type: ignore[arg-type]  # a type of the machine
        self.claims.append(same(found, self.values.constant(type_, value)))  # type: ignore[arg-type]  # the same
        return found

    def registers(self, host: MemoryHost) -> dict[int, tuple[Entry, ...]]:
        """Return the registers of a ledger as symbols, and a place of each where nothing stands."""
        found: dict[int, tuple[Entry, ...]] = {}
        for register, declared in enumerate(self.verified.program.registers):
            record = Record(declared.record)
            standing = [data for place, _, data in host.contents() if place == register]
            entries = []
            for data in standing:
                there = self.values.logic.truth("there")
                self.claims.append(there)
                value = self.verified.codecs.decode(record, data)
                entries.append(Entry(there, self.unknown(record, value, declared.name)))
            absent = Entry(self.values.logic.truth("there"), self.values.unknown(record, declared.name))
            self.claims.append(s.negation(absent.there))
            found[register] = (*entries, absent)
        return found


def run_on_machine(
    verified: VerifiedProgram, index: int, arguments: tuple[Value, ...], context: Context, host: MemoryHost
) -> object:
    match verified.program.functions[index].kind:
        case p.FunctionKind.ACT:
            return run_act(verified, index, arguments, context, host)
        case p.FunctionKind.QUERY:
            return run_query(verified, index, arguments, context, host)
        case p.FunctionKind.INVARIANT:
            return run_invariant(verified, index, context.today, host)
        case _:
            return run_rule(verified, index, arguments, None, host)


def compare(verified: VerifiedProgram, index: int, chance: Random, tally: Counter[str]) -> None:
    function = verified.program.functions[index]
    arguments = tuple(constant_of(field.type, chance) for field in function.parameters)
    actor = chance.choice(PEOPLE)
    host = new_host(verified)
    told = Told(verified)
    try:
        run, result = run_on_symbols(told, index, arguments, actor, host)
    except Unsupported as unsupported:
        tally[unsupported.reason.value] += 1
        return
    model = settle(told, run, verified)
    if model is None:
        tally["unanswered"] += 1
        return
    context = Context(actor, "person", actor.partition("/")[0], (), NOW_S, TODAY)
    outcome = run_on_machine(verified, index, arguments, context, host)
    done = isinstance(outcome, Done)
    if run.guesses and not done:
        tally["guessed"] += 1  # the machine faulted where the symbols leave it open
        return
    fits = True
    if function.result is not None and result is not None:
        fits = model.truth(told.values.conforms(function.result, result))
    assert (model.truth(is_done(run)) and fits) == done, (index, arguments, outcome)
    tally["done" if done else "stopped"] += 1
    if not isinstance(outcome, Done):
        return
    if function.result is not None:
        assert told.values.read(function.result, result, model) == outcome.result, (index, arguments)
    if run.world.registers:
        assert contents(told, run, model) == host.contents(), (index, arguments)


def run_on_symbols(
    told: Told, index: int, arguments: tuple[Value, ...], actor: str, host: MemoryHost
) -> tuple[Run, Symbolic]:
    function = told.verified.program.functions[index]
    given = [
        told.unknown(field.type, value, field.name) for field, value in zip(function.parameters, arguments, strict=True)
    ]
    registers = {} if function.kind is p.FunctionKind.RULE else told.registers(host)  # a rule reads none
    run = Run(
        told.verified, told.values, World(alive=True, registers=registers),
        told.unknown(Reference("person"), actor, "actor"), told.unknown(Time(), NOW_S, "now"),
        told.unknown(Date(), TODAY, "today"), execute,
    )  # fmt: skip
    return run, execute(run, index, given)


def settle(told: Told, run: Run, verified: VerifiedProgram) -> Model | None:
    """Return the one model that there is, once the symbols know what the calendars say; None if the solver gives up."""
    told.values.suppose_lengths()
    asked: set[tuple[str, int, tuple[int, ...]]] = set()
    for _ in range(ASKED_MAX):
        answer, model = told.values.logic.ask(told.claims, EFFORT)
        assert answer is not Answer.IMPOSSIBLE, "what the machine does is possible"
        if model is None or not tell_calendars(new_host(verified), told.values, (run,), model, asked):
            return model
    return None


def contents(told: Told, run: Run, model: Model) -> tuple[tuple[int, bytes, bytes], ...]:
    found = []
    program = told.verified.program
    for register, entries in run.world.registers.items():
        record = Record(program.registers[register].record)
        for entry in entries:
            if model.truth(entry.there):
                value = told.values.read(record, entry.value, model)
                assert isinstance(value, tuple)
                key = encode_key(key_types(program, register), key_of(program, register, value))
                found.append((register, key, told.verified.codecs.encode(record, value)))
    return tuple(sorted(found))


def test_symbols_say_what_the_machine_does(request: pytest.FixtureRequest) -> None:
    tally: Counter[str] = Counter()
    seen: set[int] = set()
    for draw in range(PROGRAMS):
        chance = chance_of(request.config.stash[ROOT_SEED], "proving", draw)
        verified = sound(draw_program(chance))
        if verified is None:
            continue
        seen.update(each.opcode for function in verified.program.functions for each in function.code)
        for index in (*range(RULES), ACT, QUERY, INVARIANT):
            compare(verified, index, chance, tally)
    print(tally)
    assert tally["done"] > PROGRAMS
    assert tally["unanswered"] < PROGRAMS / 10
    assert tally["stopped"] > PROGRAMS
    assert seen == {row.number for row in OPCODES}, "every instruction has been drawn"


def test_every_instruction_has_a_meaning_on_symbols() -> None:
    assert sorted([*HANDLERS, *BLOCKS]) == sorted(row.name for row in OPCODES)
