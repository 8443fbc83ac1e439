"""A network of eleven cities in memory, with keys from a seed and a clock of its own; and holders who act on it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field

from gbalang import bundled
from gbalang.check.typed import CalendarYear
from gbalang.pipeline import compile_bundle
from gbalang.source import SourceBundle, SourceFile
from runtime import codec
from runtime.certificates import HolderKind
from runtime.cities import CITIES
from runtime.client import build_transaction
from runtime.crypto.authority import Authority, create_authority, issue_certificate
from runtime.crypto.oracle import NativeOracle
from runtime.crypto.suites import PrivateKey, seeded_keys, sign
from runtime.embedded.network import Accepted, Finalised, Network, TurnedAway
from runtime.node import Node, begin
from runtime.oracle import RememberingOracle
from runtime.programs import open_program, program_digest
from runtime.records import (
    AdmitCertificate,
    Adopt,
    CalendarRecord,
    CastVote,
    Genesis,
    Member,
    Payload,
    Position,
    Propose,
    Receipt,
    Subject,
)
from runtime.state.memory import MemoryStore
from runtime.state.store import Store
from runtime.transition import Oracle, day_of, next_sequence

BEGIN_MS = 1_767_571_200_000
"""2026-01-05 08:00 at UTC+8."""

DAY_MS = 86_400_000
YEARS_S = 4 * 365 * 86_400


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who can sign."""

    reference: str
    fingerprint: bytes
    sign: Callable[[bytes], bytes]


@functools.cache
def charter() -> bytes:
    """Return the container of the standard library's charter."""
    return compile_text("charter.gba", bundled.read_standard_library("charter"))


@functools.cache
def standard_calendars() -> tuple[bytes, ...]:
    """Return the standard library's calendars as the cities vote on them."""
    contents = []
    for name in bundled.list_standard_library():
        if name.startswith("calendars/"):
            source = SourceFile(f"stdlib/{name}.gba", bundled.read_standard_library(name))
            year = compile_bundle(SourceBundle(source)).typed
            assert isinstance(year, CalendarYear)
            record = CalendarRecord(year.calendar, year.year, year.bases, bytes(year.days))
            contents.append(codec.encode_calendar(record))
    return tuple(contents)


def compile_text(path: str, text: str) -> bytes:
    """Return the container of an instrument, or fail with its diagnostics."""
    modules = tuple(
        (name, SourceFile(f"stdlib/{name}.gba", bundled.read_standard_library(name)))
        for name in bundled.list_standard_library()
    )
    result = compile_bundle(SourceBundle(SourceFile(path, text), modules))
    assert result.compiled is not None, result.diagnostics
    return result.compiled.container


@functools.cache
def identities(suite: str) -> tuple[Genesis, tuple[tuple[str, PrivateKey], ...], tuple[tuple[str, Authority], ...]]:
    """Return the genesis, the cities' own keys and their authorities, all from one seed."""
    make = seeded_keys(b"tests/network".ljust(32, b"\x00"))
    begin_s = BEGIN_MS // 1000 - 86_400
    members, certificates, keys, authorities = [], [], [], []
    for city in CITIES:
        name = city.identifier
        authority = create_authority(name, make(suite, name + "/authority"), begin_s, begin_s + 2 * YEARS_S)
        key = make(suite, name + "/city")
        certificate = issue_certificate(
            authority, kind=HolderKind.CITY, holder=name, name=name, roles=(), suite=suite,
            public_key=key.public_key, not_before_s=begin_s, not_after_s=begin_s + YEARS_S,
        )
        members.append(Member(name, authority.certificate, suite, key.public_key, codec.hash_of(certificate)))
        certificates.append(certificate)
        keys.append((name, key))
        authorities.append((name, authority))
    genesis = Genesis("tests", BEGIN_MS, tuple(members), tuple(certificates), charter())
    return genesis, tuple(keys), tuple(authorities)


@dataclass
class World:
    """The network, its clock, its holders."""

    suite: str = "ed25519"
    make_store: Callable[[str], Store] = field(default=lambda city: MemoryStore())
    oracle: Oracle = field(default_factory=lambda: RememberingOracle(NativeOracle()))
    time_ms: int = BEGIN_MS

    def __post_init__(self) -> None:
        self.genesis, keys, authorities = identities(self.suite)
        self.keys = dict(keys)
        self.authorities = dict(authorities)
        self.holders: dict[str, Holder] = {}
        nodes = []
        for city in CITIES:
            store = self.make_store(city.identifier)
            begin(store, self.genesis, self.oracle)
            nodes.append(self.open_node(city.identifier, store))
            member = self.genesis.members[city.index]
            self.holders[city.identifier] = Holder(
                city.identifier, member.certificate, self._signer(self.keys[city.identifier])
            )
        self.network = Network(nodes)
        self._sequences: dict[bytes, int] = {}

    def copy(self) -> World:
        """Return another world at the same point of the same history. Memory stores only."""
        other = World.__new__(World)
        other.__dict__.update(self.__dict__)
        nodes = []
        for node in self.network.nodes():
            store = MemoryStore()
            store.commit(list(node.store.scan(b"")))
            nodes.append(Node(node.city, store, self.oracle, self._signer(self.keys[node.city]), node.programs))
        other.network = Network(nodes)
        other.holders = dict(self.holders)
        other._sequences = dict(self._sequences)
        return other

    def open_node(self, city: str, store: Store) -> Node:
        """Return a city's node over a store."""
        return Node(city, store, self.oracle, self.signer(city))

    def signer(self, city: str) -> Callable[[bytes], bytes]:
        """Return what signs with a city's key."""
        return self._signer(self.keys[city])

    def _signer(self, key: PrivateKey) -> Callable[[bytes], bytes]:
        return lambda message: sign(key.suite, key, message)

    # ------------------------------------------------------------ acting

    def transaction(self, who: str, payload: Payload) -> tuple[bytes, bytes]:
        """Return (identity, bytes) of a holder's next transaction."""
        holder = self.holders[who]
        leader = self.network.leader()
        committed = next_sequence(leader.state, holder.fingerprint)
        sequence = max(committed, self._sequences.get(holder.fingerprint, 0))
        self._sequences[holder.fingerprint] = sequence + 1
        return build_transaction(
            leader.ledger, holder.fingerprint, sequence, leader.end.height, payload, holder.sign
        )

    def submit(self, who: str, payload: Payload) -> bytes:
        """Queue a holder's transaction and return its identity."""
        identity, data = self.transaction(who, payload)
        answer = self.network.submit(data, self.time_ms + 1)
        assert isinstance(answer, Accepted), answer
        return identity

    def turned_away(self, data: bytes) -> TurnedAway:
        """Submit bytes that the queue must not take."""
        answer = self.network.submit(data, self.time_ms + 1)
        assert isinstance(answer, TurnedAway), answer
        return answer

    def finalise(self, step_ms: int = 1_000) -> Finalised:
        """Make the next block final."""
        self.time_ms += step_ms
        result = self.network.produce(self.time_ms)
        assert isinstance(result, Finalised), result
        return result

    def carry_out(self, who: str, payload: Payload) -> Receipt:
        """Submit, finalise, return the receipt."""
        identity = self.submit(who, payload)
        result = self.finalise()
        return next(receipt for receipt in result.receipts if receipt.transaction == identity)

    def put_in_block(self, *transactions: bytes) -> Finalised:
        """Put bytes into a block past the queue, as a proposer may."""
        for data in transactions:
            self.network.enqueue(codec.hash_of(data), codec.hash_of(data), data)
        return self.finalise()

    # ------------------------------------------------------------ standing

    def add_holder(self, reference: str, kind: HolderKind, roles: tuple[str, ...] = ()) -> Receipt:
        """Certify a holder and admit the certificate."""
        return self.carry_out(reference.partition("/")[0], AdmitCertificate(self.certify(reference, kind, roles)))

    def certify(
        self, reference: str, kind: HolderKind, roles: tuple[str, ...] = (), lasts_s: int = YEARS_S - 86_400
    ) -> bytes:
        """Make a holder's key and certificate, which is still to be admitted."""
        city, _, holder = reference.partition("/")
        make = seeded_keys(b"tests/holders".ljust(32, b"\x00"))
        key = make(self.suite, reference)
        now_s = self.time_ms // 1000
        certificate = issue_certificate(
            self.authorities[city], kind=kind, holder=holder, name=holder, roles=tuple(sorted(roles)), suite=self.suite,
            public_key=key.public_key, not_before_s=now_s, not_after_s=now_s + lasts_s,
        )
        self.holders[reference] = Holder(reference, codec.hash_of(certificate), self._signer(key))
        return certificate

    def adopt(self, content: bytes) -> None:
        """Bring an instrument into force, and let the clock reach its commencement."""
        verified = open_program(content)
        ballot = self.agree(Subject.CONTRACT, content, program_digest(verified))
        day = max(day_of(self.time_ms) + 1, verified.program.effective)
        self.submit("HongKong", Adopt(ballot, day))
        self.finalise()
        self.time_ms = max(self.time_ms, (day * 86_400 - 8 * 3_600) * 1_000)

    def agree(self, subject: Subject, content: bytes, digest: bytes) -> bytes:
        """Propose a text and let every city agree to it; returns the ballot."""
        ballot = self.submit("HongKong", Propose(subject, content))
        self.finalise()
        for city in CITIES:
            self.submit(city.identifier, CastVote(ballot, digest, Position.AGREE, ""))
        self.finalise()
        return ballot

    def adopt_calendars(self) -> None:
        """Adopt the calendars of the standard library."""
        for content in standard_calendars():
            ballot = self.agree(Subject.CALENDAR, content, codec.hash_of(content))
            self.submit("HongKong", Adopt(ballot, 0))
            self.finalise()

    def roots(self) -> set[bytes]:
        """Return the state roots of the running cities."""
        return {node.end.state_root for node in self.network.nodes()}

    def contents(self) -> set[tuple[tuple[bytes, bytes], ...]]:
        """Return the different contents of the running cities' stores: one, if all are equal."""
        return {tuple(node.store.scan(b"")) for node in self.network.nodes()}
