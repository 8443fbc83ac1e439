"""Traffic drawn from the interface of each instrument: whatever is thrown at eleven cities, they stay equal.

Valid and invalid acts by holders with and without power, garbage, replays and gaps, in different orders of arrival,
with cities that stop and catch up in between. Compared are not only the roots: every key and value of every store, and
every receipt.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gbalang import bundled
from gbalang.isa.program import FunctionKind, Program
from gbalang.isa.types import Type, Value
from gbalang.isa.values import encode_value
from gbalang.testing.strategies import Pool, values
from runtime.certificates import HolderKind
from runtime.cities import CITIES, QUORUM
from runtime.node import Node
from runtime.programs import open_program
from runtime.records import Call, OutcomeKind
from tests.instruments.stage import INSTRUMENTS
from tests.network.harness import World, compile_text

PLACES = ("Guangzhou", "Macao")
"""Two cities' holders meet often enough to act on one another's entries."""
KINDS = {kind.name.lower(): kind for kind in HolderKind}


@functools.cache
def content(name: str) -> bytes:
    """Return an instrument's container."""
    return compile_text(f"contracts/{name}/contract.gba", bundled.read_contract_file(name).decode("utf-8"))


@functools.cache
def prepared(name: str) -> tuple[World, Program, tuple[str, ...]]:
    """Return a world with the instrument in force, and in two cities a holder of every role and one of none."""
    program = open_program(content(name)).program
    world = World()
    for city in PLACES:
        for role in program.roles:
            kind = role.kinds[0]
            if kind != "city":
                carried = () if role.open else (role.name,)
                world.add_holder(f"{city}/{role.name[:20].replace(' ', '-')}", KINDS[kind], carried)
        world.add_holder(f"{city}/nobody", HolderKind.PERSON)
    world.adopt_calendars()
    world.adopt(content(name))
    return world, program, tuple(who for who in world.holders if who.partition("/")[0] in PLACES)


@dataclass(frozen=True)
class Sent:
    """One byte string on its way: an act, or what has become of one."""

    who: str
    call: Call
    harm: str
    """"", "replay", "cut", "flip" or "gap"."""


@dataclass(frozen=True)
class Step:
    """A block's worth of traffic, and what happens to a city after it."""

    sent: tuple[Sent, ...]
    order: tuple[int, ...]
    stops: tuple[str, ...]
    passing_ms: int


def _encodings(program: Program, type_: Type, pool: Pool) -> st.SearchStrategy[bytes]:
    def encode(value: Value) -> bytes:
        return encode_value(type_, value, program)

    sound = values(type_, program, pool).map(encode)
    return st.one_of(sound, sound, sound, st.binary(max_size=8))


def _steps(program: Program, holders: tuple[str, ...]) -> st.SearchStrategy[list[Step]]:
    pool = Pool.of(program, PLACES)
    pool = Pool(pool.numbers, pool.days, PLACES, tuple(sorted({who.partition("/")[2] or "x" for who in holders})))
    acts = [each for each in program.functions if each.kind is FunctionKind.ACT]
    calls = st.sampled_from(acts).flatmap(
        lambda act: st.tuples(*[_encodings(program, field.type, pool) for field in act.parameters]).map(
            lambda arguments: Call(program.name, 1, act.name, arguments)
        )
    )
    harms = st.sampled_from(("", "", "", "", "replay", "cut", "flip", "gap"))
    sent = st.builds(Sent, st.sampled_from(holders), calls, harms)
    others = [city.identifier for city in CITIES[2:]]
    step = st.lists(sent, min_size=1, max_size=12).flatmap(
        lambda several: st.builds(
            Step, st.just(tuple(several)), st.permutations(range(len(several))).map(tuple),
            st.lists(st.sampled_from(others), max_size=len(CITIES) - QUORUM, unique=True).map(tuple),
            st.sampled_from((1, 1_000, 3_600_000, 86_400_000, 40 * 86_400_000)),
        )
    )  # fmt: skip
    return st.lists(step, min_size=1, max_size=4)


def _bytes(world: World, sent: Sent) -> list[bytes]:
    _, data = world.transaction(sent.who, sent.call)
    match sent.harm:
        case "replay":
            return [data, data]
        case "cut":
            return [data[:-1], data]
        case "flip":
            return [data[:40] + bytes([data[40] ^ 1]) + data[41:], data]
        case "gap":
            return [world.transaction(sent.who, sent.call)[1], data]
        case _:
            return [data]


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_eleven_cities_stay_equal_whatever_arrives(name: str) -> None:
    beginning, program, holders = prepared(name)

    @settings(max_examples=settings().max_examples // 2)
    @given(_steps(program, holders))
    def hold(steps: list[Step]) -> None:
        world = beginning.copy()
        away: dict[str, Node] = {}
        for step in steps:
            arrived = [_bytes(world, sent) for sent in step.sent]
            world.time_ms += step.passing_ms
            for city, node in away.items():
                assert world.network.start(node) > 0, city
            away = {node.city: node for node in world.network.nodes() if node.city in step.stops}
            for city in away:
                world.network.stop(city)
            block = world.put_in_block(*[data for place in step.order for data in arrived[place]])
            assert len(block.receipts) == sum(map(len, arrived)), "one receipt for each byte string"
        for node in away.values():
            world.network.start(node)
        assert len(world.network.nodes()) == len(CITIES)
        assert len(world.contents()) == 1
        assert len(world.roots()) == 1

    hold()


def test_the_traffic_reaches_the_acts() -> None:
    """The canary: traffic that is all refused at the door would prove little."""
    reached = {outcome for name in INSTRUMENTS for outcome in _outcomes(name)}
    assert {OutcomeKind.DONE, OutcomeKind.REFUSED, OutcomeKind.REJECTED} <= reached


def _outcomes(name: str) -> set[OutcomeKind]:
    beginning, program, holders = prepared(name)
    found: set[OutcomeKind] = set()

    @settings(max_examples=30, derandomize=True, database=None)
    @given(_steps(program, holders))
    def look(steps: list[Step]) -> None:
        world = beginning.copy()
        for step in steps:
            arrived = [data for sent in step.sent for data in _bytes(world, sent)]
            found.update(receipt.outcome for receipt in world.put_in_block(*arrived).receipts)

    look()
    return found
