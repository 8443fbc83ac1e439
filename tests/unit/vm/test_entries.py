"""What an act writes is the canonical encoding, on every engine; what stands in a register is read as its own kind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gbalang.isa import program as p
from gbalang.isa.program import FunctionKind
from gbalang.isa.types import List, Number, Option, Record, Set, Text, Time, Type, Value
from gbalang.isa.values import encode_key
from gbalang.isa.verify import VerifiedProgram
from gbalang.vm.engines import ENGINES, Engine
from gbalang.vm.host import Context, Done
from gbalang.vm.machine import run_act, run_query
from gbalang.vm.memory_host import MemoryHost
from tests.unit.isa.assembling import (
    ACTOR,
    CITY,
    CLAIM,
    DATE,
    MONEY,
    NUMBER,
    PERSON,
    SAMPLE,
    STATUS,
    TRUTH,
    Assembler,
    Const,
    claim,
)

ANN = Context("Guangzhou/ann", "person", "Guangzhou", (), 0, 0)
CITY_BYTES = b"\x05Macao"
# A length and minimal two's complement for numbers, a length and UTF-8 for texts, a count and the items for
# collections, a zero byte for no and for what is absent: docs/ledger.md. A claim is seven fields in their order.
KINDS: tuple[tuple[Type, Value, bytes], ...] = (
    (TRUTH, False, b"\x00"),
    (TRUTH, True, b"\x01"),
    (STATUS, 1, b"\x01"),
    (NUMBER, 0, b"\x00"),
    (NUMBER, 127, b"\x01\x7f"),
    (NUMBER, 128, b"\x02\x00\x80"),
    (NUMBER, -129, b"\x02\xff\x7f"),
    (MONEY, 256, b"\x02\x01\x00"),
    (DATE, -1, b"\x01\xff"),
    (Time(), 3, b"\x01\x03"),
    (Text(9), "a請", b"\x04a\xe8\xab\x8b"),
    (PERSON, "Macao/c", b"\x07Macao/c"),
    (ACTOR, "Macao", CITY_BYTES),
    (Option(TRUTH), (), b"\x00"),
    (Option(TRUTH), (False,), b"\x01\x00"),
    (Option(Text(9)), ("",), b"\x01\x00"),
    (List(TRUTH, 3), (True, False, True), b"\x03\x01\x00\x01"),
    (List(List(NUMBER, 2), 2), ((1, 2), ()), b"\x02\x02\x01\x01\x01\x02\x00"),
    (Set(Number(0, "", 0, 9), 3), (0, 3), b"\x02\x00\x01\x03"),
    (Option(List(Option(CITY), 2)), (((), ("Macao",)),), b"\x01\x02\x00\x01" + CITY_BYTES),
    (CLAIM, claim(tags=(1,)), b"\x0dGuangzhou/ann\x02\x07\xea\x01\x64\x00\x00\x01\x01\x01\x00"),
)


def with_register(*registers: tuple[str, Type]) -> Assembler:
    """Return an assembler with registers, each of records that hold a value of a kind under a city."""
    records = tuple(
        p.Record(name.title(), (p.Field("city", CITY), p.Field("value", type_)), 0) for name, type_ in registers
    )
    first = len(SAMPLE.records)
    return Assembler(
        replace(
            SAMPLE,
            records=(*SAMPLE.records, *records),
            registers=tuple(p.Register(name, first + place, (0,), 0) for place, (name, _) in enumerate(registers)),
            parameters=SAMPLE.parameters[:1],
        )
    )


def run_both(verified: VerifiedProgram, act: int, query: int, host: MemoryHost, engine: Engine) -> Value | None:
    assert isinstance(run_act(verified, act, (), ANN, host, engine=engine), Done)
    outcome = run_query(verified, query, (), ANN, host, engine=engine)
    assert isinstance(outcome, Done)
    return outcome.result


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize(("type_", "value", "encoded"), KINDS, ids=[f"{type_} {value}" for type_, value, _ in KINDS])
def test_an_entry_is_written_in_its_one_encoding_and_read_back(
    type_: Type, value: Value, encoded: bytes, engine: Engine
) -> None:
    assembler = with_register(("kept", type_))
    kept = Record(len(SAMPLE.records))
    act = assembler.function(FunctionKind.ACT, ("constant", Const(kept, ("Macao", value))), ("enter", "kept"))
    query = assembler.function(
        FunctionKind.QUERY, ("constant", Const(CITY, "Macao")), ("get", "kept"), ("field", 1), gives=type_
    )
    host = MemoryHost()
    found = run_both(assembler.verified(), act, query, host, engine)
    assert host.contents() == ((0, encode_key((CITY,), ("Macao",)), CITY_BYTES + encoded),)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_equal_bytes_in_two_registers_are_read_as_what_each_holds(engine: Engine) -> None:
    """An empty text and the number zero have one encoding: what was read in one register is no answer for the other."""
    assembler = with_register(("remark", Text(9)), ("count", NUMBER))
    first = len(SAMPLE.records)
    act = assembler.function(
        FunctionKind.ACT, ("constant", Const(Record(first), ("Macao", ""))), ("enter", "remark"),
        ("constant", Const(Record(first + 1), ("Macao", 0))), ("enter", "count"),
    )
    query = assembler.function(
        FunctionKind.QUERY, ("constant", Const(CITY, "Macao")), ("get", "count"), ("field", 1), gives=NUMBER
    )
    other = assembler.function(
        FunctionKind.QUERY, ("constant", Const(CITY, "Macao")), ("get", "remark"), ("field", 1), gives=Text(9)
    )
    verified, host = assembler.verified(), MemoryHost()
    assert run_both(verified, act, query, host, engine) == 0
    outcome = run_query(verified, other, (), ANN, host, engine=engine)
    assert isinstance(outcome, Done)
    assert outcome.result == ""
