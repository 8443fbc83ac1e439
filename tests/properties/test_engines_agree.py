"""The compiled engine is indistinguishable from the interpreter: results, events, reasons, cost, fault, writes.

Programs are drawn by chance, sound ones from types and changed ones from the code itself; what a changed program's
verification lets pass must run the same on both engines. The instruments' own histories are in tests/instruments.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random

import pytest

from gbalang.isa import program as p
from gbalang.isa.opcodes import OPCODES
from gbalang.isa.stack import Unsound
from gbalang.isa.types import Value
from gbalang.isa.values import encode_key
from gbalang.isa.verify import VerifiedProgram
from gbalang.vm.engines import COMPILED, REFERENCE, Engine
from gbalang.vm.host import Context, Done, Faulted, Outcome, Refused
from gbalang.vm.machine import run_act, run_invariant, run_query, run_rule
from gbalang.vm.memory_host import MemoryHost
from tests.conftest import ROOT_SEED
from tests.properties.programs import (
    ACT,
    INTEGERS,
    INVARIANT,
    PEOPLE,
    QUERY,
    RULES,
    constant_of,
    draw_program,
    sound,
)
from tests.unit.isa.assembling import (
    CITY,
    CLAIM,
    DATE,
    NUMBER,
    PERSON,
    RATE,
    YEAR,
    Assembler,
    Const,
    Line,
    claim,
    day,
    number,
    seal,
)
from tests.unit.vm.calendars_2026 import calendar_2026

PROGRAMS = 5_000
CHANGED = 2_000
CALENDARS = {name: calendar_2026(name) for name in ("HongKong", "Macao", "Mainland")}
TODAY = day("2026-07-01")


@dataclass
class Tally:
    """What the comparison has seen, so that it can be shown not to be empty."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    opcodes: Counter[int] = field(default_factory=Counter)


def chance_of(root_seed: int, name: str, number: int) -> Random:
    digest = hashlib.sha256(f"{root_seed} {name} {number}".encode()).digest()
    return Random(int.from_bytes(digest[:8], "big"))


def new_host(verified: VerifiedProgram) -> MemoryHost:
    host = MemoryHost()
    for name, days in CALENDARS.items():
        host.load_calendar(name, 2026, days)
    encode = verified.codecs.encode
    for entry in (claim(), claim(year=2027, amount=500), claim(applicant="Shenzhen/bob", tags=(1, 2))):
        host.write(0, encode_key((PERSON, YEAR), entry[:2]), encode(CLAIM, entry))
    for city, since, value in (("Guangzhou", day("2026-01-01"), 7), ("Shenzhen", day("2026-06-01"), 9)):
        own = b"".join((encode(CITY, city), encode(DATE, since), encode(RATE, value)))
        host.write(1, encode_key((CITY, DATE), (city, since)), own)
    host.begin()
    return host


def compare(verified: VerifiedProgram, chance: Random, tally: Tally, other: Engine = COMPILED) -> None:
    """Run everything of a program on the reference engine and another, side by side, each on a ledger of its own."""
    hosts = (new_host(verified), new_host(verified))
    functions = verified.program.functions
    for index in (*range(RULES), ACT, ACT, QUERY, ACT, INVARIANT, QUERY):
        arguments = tuple(constant_of(field.type, chance) for field in functions[index].parameters)
        actor = chance.choice(PEOPLE)
        context = Context(actor, "person", actor.partition("/")[0], (), 1_782_878_400, TODAY)
        mine, theirs = [
            _run(verified, index, arguments, context, host, engine)
            for engine, host in zip((REFERENCE, other), hosts, strict=True)
        ]
        assert mine == theirs, (index, arguments)
        tally.outcomes[type(mine).__name__] += 1
        if isinstance(mine, Faulted):
            tally.faults[mine.fault.name] += 1
        for host in hosts:
            if isinstance(mine, Done):
                host.begin()
            else:
                host.rollback()
        assert hosts[0].contents() == hosts[1].contents()
    for function in functions:
        tally.opcodes.update(instruction.opcode for instruction in function.code)


def _run(
    verified: VerifiedProgram,
    index: int,
    arguments: tuple[Value, ...],
    context: Context,
    host: MemoryHost,
    engine: Engine,
) -> Outcome:
    match verified.program.functions[index].kind:
        case p.FunctionKind.ACT:
            return run_act(verified, index, arguments, context, host, engine=engine)
        case p.FunctionKind.QUERY:
            return run_query(verified, index, arguments, context, host, engine=engine)
        case p.FunctionKind.INVARIANT:
            return run_invariant(verified, index, context.today, host, engine)
        case _:
            return run_rule(verified, index, arguments, None, host, engine)


def test_sound_programs_run_the_same(request: pytest.FixtureRequest) -> None:
    tally, programs = Tally(), 0
    for draw in range(PROGRAMS):
        chance = chance_of(request.config.stash[ROOT_SEED], "sound", draw)
        verified = sound(draw_program(chance))
        if verified is not None:
            programs += 1
            compare(verified, chance, tally)
    print(programs, tally.outcomes, tally.faults)
    assert programs > 0.9 * PROGRAMS
    assert all(tally.outcomes[kind.__name__] > programs / 10 for kind in (Done, Faulted, Refused))
    assert set(tally.opcodes) == {row.number for row in OPCODES}, "every instruction has been drawn"


def test_changed_programs_run_the_same_where_they_run_at_all(request: pytest.FixtureRequest) -> None:
    tally, accepted = Tally(), 0
    for draw in range(CHANGED):
        chance = chance_of(request.config.stash[ROOT_SEED], "changed", draw)
        try:
            verified = sound(seal(change(draw_program(chance), chance)))
        except Unsound:
            continue
        if verified is not None:
            accepted += 1
            compare(verified, chance, tally)
    print(accepted, tally.outcomes)
    assert CHANGED / 20 < accepted < CHANGED


def change(program: p.Program, chance: Random) -> p.Program:
    """Change a function's code: another operand, another instruction, one less, one twice, two exchanged."""
    index = chance.choice([place for place, function in enumerate(program.functions) if function.code])
    code = list(program.functions[index].code)
    for _ in range(chance.randint(1, 2)):
        place = chance.randrange(len(code))
        match chance.randint(0, 4):
            case 0 if code[place].operands:
                operands = list(code[place].operands)
                operands[chance.randrange(len(operands))] = chance.randint(0, 9)
                code[place] = replace(code[place], operands=tuple(operands))
            case 1:
                like = [row for row in OPCODES if len(row.operands) == len(code[place].operands)]
                code[place] = replace(code[place], opcode=chance.choice(like).number)
            case 2 if len(code) > 1:
                del code[place]
            case 3:
                code.insert(place, code[place])
            case _:
                other = chance.randrange(len(code))
                code[place], code[other] = code[other], code[place]
    functions = list(program.functions)
    functions[index] = replace(functions[index], code=tuple(code))
    return replace(program, functions=tuple(functions))


def test_blocks_nested_deeper_than_python_allows_are_run_by_the_interpreter() -> None:
    assembler = Assembler()
    inner = assembler.function(p.FunctionKind.RULE, ("local_get", 0), number(1), "add", takes=(NUMBER,), gives=NUMBER)
    deep: list[Line] = [("local_get", 0), ("constant", Const(YEAR, 2026)), "less", ("if", NUMBER)]
    code: list[Line] = [*(deep * 100), ("local_get", 0), ("call", inner), *(["else", number(7), "end"] * 100)]
    index = assembler.function(p.FunctionKind.RULE, *code, takes=(NUMBER,), gives=NUMBER)
    verified = assembler.verified()
    for given in (1, 3000, INTEGERS[-1], 2**256 - 1):
        outcomes = [run_rule(verified, index, (given,), None, MemoryHost(), engine) for engine in (REFERENCE, COMPILED)]
        assert outcomes[0] == outcomes[1]
