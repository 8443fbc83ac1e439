"""Traffic drawn from the interface of each instrument: whatever is thrown at eleven cities, they stay equal.

Valid and invalid acts by holders with and without power, garbage, replays and gaps. They reach each city in another
order, and each proposer orders what it has; cities stop, are opened again and catch up from one another in between;
half of them run one engine and half the other, and none shares anything with another. Compared are not only the roots:
every key and value of every store, and every receipt.
"""

from __future__ import annotations

import functools
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from gbalang import bundled
from gbalang.isa.program import Function, FunctionKind, Program, Role
from gbalang.isa.types import Number, Text, Type
from gbalang.isa.values import encode_value, number_range
from gbalang.testing.strategies import Pool, values
from gbalang.vm.engines import ENGINES
from runtime.certificates import HolderKind
from runtime.cities import CITIES, QUORUM
from runtime.crypto.oracle import NativeOracle
from runtime.limits import BLOCK_TRANSACTIONS_MAX
from runtime.node import Node
from runtime.oracle import RememberingOracle
from runtime.programs import open_program
from runtime.records import BlockContent, Call, OutcomeKind, Receipt
from runtime.state.memory import MemoryStore
from runtime.state.tree import apply_changes
from runtime.state_view import STATE
from runtime.transition import apply_block
from tests.determinism.cities import Cities, Seat, next_transaction
from tests.instruments.stage import INSTRUMENTS
from tests.network.harness import World, compile_text

PLACES = ("Guangzhou", "Zhuhai")
"""Two cities' holders meet often enough to act on one another's entries."""
NAMES, NUMBERS = ("A-1", "B-2"), (0, 1, 2, 100)
REACHED = frozenset({OutcomeKind.DONE, OutcomeKind.REFUSED, OutcomeKind.REJECTED})
HARMS = (*[""] * 10, "replay", "cut", "flip", "gap", "argument")
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
                world.add_holder(_holder_of(city, role), KINDS[kind], carried)
        world.add_holder(f"{city}/nobody", HolderKind.PERSON)
    world.adopt_calendars()
    world.adopt(content(name))
    return world, program, tuple(who for who in world.holders if who.partition("/")[0] in PLACES)


def _holder_of(city: str, role: Role) -> str:
    return city if role.kinds[0] == "city" else f"{city}/{role.name[:20].replace(' ', '-')}"


@dataclass(frozen=True)
class Sent:
    """One byte string on its way: an act, or what has become of one."""

    who: str
    call: Call
    harm: str
    """"", "replay", "cut", "flip", "gap" or "argument"."""


@dataclass(frozen=True)
class Step:
    """Some traffic and the block after it.

    `order` decides the orders of arrival; the cities of `stops` stop before the traffic, and those that had stopped
    come back; `limit` bounds the block, so that the rest waits for another proposer.
    """

    sent: tuple[Sent, ...]
    order: int
    stops: tuple[str, ...]
    passing_ms: int
    limit: int


def _encodings(program: Program, type_: Type, pool: Pool) -> st.SearchStrategy[bytes]:
    """Values of a type, most texts and numbers from so few that one act meets the entries of another."""
    drawn = values(type_, program, pool)
    match type_:
        case Text():
            drawn = st.one_of(*[st.sampled_from(NAMES)] * 5, drawn)
        case Number():
            low, high = number_range(type_)
            few = tuple(number * 10**type_.scale for number in NUMBERS if low <= number * 10**type_.scale <= high)
            drawn = st.one_of(*[st.sampled_from(few)] * 3, drawn) if few else drawn
    return drawn.map(lambda value: encode_value(type_, value, program))


def _calls(program: Program, holders: tuple[str, ...], pool: Pool, act: Function) -> st.SearchStrategy[Sent]:
    """Calls of an act, most of them by somebody who has the role for it."""
    roles = [program.roles[each.role] for each in act.permissions if each.role is not None]
    permitted = [_holder_of(city, role) for city in PLACES for role in roles]
    arguments = st.tuples(*[_encodings(program, field.type, pool) for field in act.parameters])
    calls = arguments.map(lambda encoded: Call(program.name, 1, act.name, encoded))
    who = st.one_of(*[st.sampled_from(permitted or holders)] * 4, st.sampled_from(holders))
    return st.builds(Sent, who, calls, st.sampled_from(HARMS))


def _steps(program: Program, holders: tuple[str, ...]) -> st.SearchStrategy[list[Step]]:
    pool = Pool.of(program, PLACES)
    pool = Pool(pool.numbers, pool.days, PLACES, tuple(sorted({who.partition("/")[2] or "x" for who in holders})))
    acts = [each for each in program.functions if each.kind is FunctionKind.ACT]
    sent = st.one_of(*[_calls(program, holders, pool, act) for act in acts])
    others = [city.identifier for city in CITIES[2:]]
    step = st.builds(
        Step,
        st.lists(sent, min_size=1, max_size=12).map(tuple),
        st.integers(0, 2**16),
        st.lists(st.sampled_from(others), max_size=len(CITIES) - QUORUM, unique=True).map(tuple),
        st.sampled_from((1, 1_000, 3_600_000, 86_400_000, 40 * 86_400_000)),
        st.integers(1, 12),
    )
    return st.lists(step, min_size=1, max_size=4)


def _bytes(cities: Cities, sent: Sent, ahead: int) -> list[bytes]:
    data = cities.make(sent.who, sent.call, ahead)
    match sent.harm:
        case "replay":
            return [data, data]
        case "cut":
            return [data[:-1], data]
        case "flip":
            return [data[:40] + bytes([data[40] ^ 1]) + data[41:], data]
        case "gap":
            return [cities.make(sent.who, sent.call, ahead + 1), data]
        case "argument":
            spoilt = (*sent.call.arguments[:-1], b"\xff" * 9)
            return [cities.make(sent.who, replace(sent.call, arguments=spoilt), ahead)]
        case _:
            return [data]


def _arriving(cities: Cities, step: Step) -> list[bytes]:
    """Return a step's byte strings as they are sent; each holder counts its own on."""
    counted: Counter[str] = Counter()
    arriving = []
    for sent in step.sent:
        arriving += _bytes(cities, sent, counted[sent.who])
        counted[sent.who] += 1
    return arriving


def _carry_out(cities: Cities, steps: list[Step]) -> list[Receipt]:
    """Let the steps happen, then everything that still waits, and everybody come back."""
    receipts: list[Receipt] = []
    away: set[str] = set()
    for step in steps:
        for city in sorted(away):
            assert cities.restart(city) > 0, city
        away = set(step.stops)
        for city in sorted(away):
            cities.stop(city)
        cities.deliver(_arriving(cities, step), step.order)
        receipts += cities.produce(step.passing_ms, step.limit)
    while cities.waiting():
        receipts += cities.produce(1, BLOCK_TRANSACTIONS_MAX)
    for city in sorted(away):
        cities.restart(city)
    return receipts


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_eleven_cities_stay_equal_whatever_arrives(name: str) -> None:
    beginning, program, holders = prepared(name)
    seats = [Seat(city.identifier) for city in CITIES]

    @settings(max_examples=settings().max_examples // 5)
    @given(_steps(program, holders))
    def hold(steps: list[Step]) -> None:
        with TemporaryDirectory() as folder, closing(Cities(beginning, seats, Path(folder))) as cities:
            receipts = _carry_out(cities, steps)
            assert len(cities.nodes) == len(CITIES)
            _assert_equal(cities, beginning.network.leader().end.height, receipts)

    hold()


def _assert_equal(cities: Cities, height: int, receipts: list[Receipt]) -> None:
    assert len(cities.contents()) == 1
    assert len({node.end.state_root for node in cities.nodes.values()}) == 1
    for node in cities.nodes.values():
        heights = range(height + 1, node.end.height + 1)
        assert [receipt for each in heights for receipt in node.receipts(each)] == receipts, node.city
    leader = cities.leader()
    assert apply_changes(MemoryStore(), tuple(leader.state.scan(b""))).root == leader.end.state_root


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_every_city_may_stop_and_come_back_in_its_turn(name: str, tmp_path: Path) -> None:
    """A promise that does not depend on what is drawn: every city is opened again, each engine proposes."""
    beginning, _, holders = prepared(name)
    with closing(Cities(beginning, [Seat(city.identifier) for city in CITIES], tmp_path)) as cities:
        receipts: list[Receipt] = []
        for place, city in enumerate(CITIES):
            cities.stop(city.identifier)
            made = [cities.make(who, Call(name, 1, "nothing", ()), 0) for who in holders]
            cities.deliver(made, place)
            receipts += cities.produce(1_000, len(made))
            assert cities.restart(city.identifier) == 1
        assert len(receipts) == len(CITIES) * len(holders), "one receipt for each byte string"
        _assert_equal(cities, beginning.network.leader().end.height, receipts)


def test_the_orders_of_arrival_differ() -> None:
    beginning, _, holders = prepared(INSTRUMENTS[0])
    seats = [Seat(city.identifier) for city in CITIES]
    with TemporaryDirectory() as folder, closing(Cities(beginning, seats, Path(folder))) as cities:
        cities.deliver([cities.make(who, Call("nothing", 1, "nothing", ()), 0) for who in holders], 1)
        assert len({tuple(seat.queue) for seat in seats}) > 1
        assert len({tuple(sorted(seat.queue)) for seat in seats}) == 1
        assert {seat.programs.engine.name for seat in seats} == set(ENGINES)


def test_a_city_that_computes_something_else_is_noticed(tmp_path: Path) -> None:
    """The canary: one city's cryptography says no to a sound signature."""
    beginning, _, holders = prepared(INSTRUMENTS[0])
    seats = [Seat(city.identifier) for city in CITIES]
    with closing(Cities(beginning, seats, tmp_path)) as cities:
        data = cities.make(holders[0], Call("nothing", 1, "nothing", ()), 0)
        cities.deliver([data], 0)
        suspicious = RememberingOracle(Suspicious())
        city = CITIES[10].identifier
        cities.nodes[city] = Node(city, seats[10].store, suspicious, beginning.signer(city))
        with pytest.raises(AssertionError, match="every city computed the proposed header"):
            cities.produce(1_000, 1)


class Suspicious(NativeOracle):
    """Believes no signature."""

    def verify(self, suite: str, public_key: bytes, message: bytes, signature: bytes) -> bool:
        """Say no."""
        return False


def test_the_traffic_reaches_the_acts() -> None:
    """The canary: traffic that is all refused at the door would prove little. One city suffices to see it."""
    for name in INSTRUMENTS:
        reached: set[OutcomeKind] = set()
        for start in range(20):
            reached |= _outcomes(name, start)
            if reached >= REACHED:
                break
        assert reached >= REACHED, name


def _outcomes(name: str, start: int) -> set[OutcomeKind]:
    beginning, program, holders = prepared(name)
    contents = list(beginning.network.leader().store.scan(b""))
    seat = Seat("Macao")
    found: set[OutcomeKind] = set()

    @seed(start)
    @settings(max_examples=10, database=None)
    @given(_steps(program, holders))
    def look(steps: list[Step]) -> None:
        store = MemoryStore()
        store.commit(contents)
        node = Node(seat.city, store, seat.oracle, beginning.signer(seat.city), seat.programs)
        time_ms = beginning.time_ms
        for step in steps:
            time_ms += step.passing_ms
            for sent in step.sent:
                data = next_transaction(beginning, node, sent.who, sent.call)
                content = BlockContent(node.end.height + 1, time_ms, seat.city, 0, (data,))
                applied = apply_block(node.state, content, seat.oracle, seat.programs)
                store.commit([(STATE + key, value) for key, value in applied.changes])
                found.update(receipt.outcome for receipt in applied.receipts)

    look()
    return found
