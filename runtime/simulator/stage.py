"""Where simulations of one instrument begin: eleven cities, calendars adopted, the instrument in force, its holders.

Made once and copied for each seed: what every simulation does alike need not be done a thousand times. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from gbalang.isa.container import encode_program
from gbalang.isa.program import Program
from gbalang.isa.verify import VerifiedProgram
from runtime import codec
from runtime.certificates import KIND_NAMES, HolderKind
from runtime.cities import CITIES
from runtime.client import build_transaction
from runtime.embedded.network import Finalised, Network
from runtime.genesis import ledger_identity
from runtime.node import Node, begin
from runtime.oracle import RememberingOracle
from runtime.programs import ProgramCache, open_program, program_digest
from runtime.records import (
    AdmitCertificate,
    Adopt,
    CalendarRecord,
    CastVote,
    Genesis,
    Member,
    OutcomeKind,
    Payload,
    Position,
    Propose,
    Subject,
)
from runtime.simulator.credentials import Applicant, Credentials
from runtime.simulator.disk import Disk, DiskStore
from runtime.simulator.traffic import Holder
from runtime.state.memory import MemoryStore
from runtime.transition import day_of

BEGIN_MS = 1_767_571_200_000
"""2026-01-05 08:00 at UTC+8, unless the instrument is effective later."""

DAY_S = 86_400
DAY_MS = 86_400_000
VALID_S = 4 * 365 * DAY_S
PLACES_MAX = 3
"""Cities whose holders act: few, so that they meet on one another's entries."""

KINDS = {name: kind for kind, name in KIND_NAMES.items()}
_LABEL_OF_CITY = "{}/city"


class StageFailed(Exception):  # noqa: N818  # what the user's instrument did
    """The instrument could not be brought into force."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A beginning. `image`: the bytes of every city's disk; `next_version`: the container of version 2."""

    genesis: Genesis
    credentials: Credentials
    verified: VerifiedProgram
    calendars: tuple[CalendarRecord, ...]
    next_version: bytes
    next_digest: bytes
    holders: tuple[Holder, ...]
    cities: tuple[Holder, ...]
    image: bytes
    time_ms: int
    height: int

    @property
    def program(self) -> Program:
        """The instrument, as version 1."""
        return self.verified.program

    def holder(self, reference: str) -> Holder:
        """Return a holder or a city by its reference."""
        return next(holder for holder in (*self.cities, *self.holders) if holder.reference == reference)


def prepare(
    charter: bytes, calendars: tuple[bytes, ...], container: bytes, credentials: Credentials
) -> Stage:
    """Bring an instrument into force among eleven cities. Raises StageFailed."""
    program = replace(open_program(container).program, version=1)
    begin_ms = max(BEGIN_MS, (program.effective + 1) * DAY_MS)
    genesis, cities = _genesis(charter, credentials, begin_ms)
    beginning = _Beginning(genesis, credentials, cities, begin_ms)
    places = tuple(city for city in program.parties[:PLACES_MAX])
    holders = _holders(program, places, credentials, begin_ms, beginning)
    for calendar in calendars:
        beginning.adopt(Subject.CALENDAR, calendar, codec.hash_of(calendar), 0)
    first = encode_program(program)
    day = max(day_of(begin_ms) + 1, program.effective)
    beginning.adopt(Subject.CONTRACT, first, program_digest(open_program(first)), day)
    following = encode_program(replace(program, version=2))
    store = beginning.network.leader().store
    disk = Disk()
    DiskStore(disk).commit(list(store.scan(b"")))
    acting = tuple(city for city in cities if city.reference in places)
    return Stage(
        genesis=genesis,
        credentials=credentials,
        verified=open_program(first),
        calendars=tuple(codec.decode_calendar(calendar) for calendar in calendars),
        next_version=following,
        next_digest=program_digest(open_program(following)),
        holders=(*acting, *holders),
        cities=cities,
        image=bytes(disk.data),
        time_ms=max(beginning.time_ms, day * DAY_MS - 8 * 3_600_000),
        height=beginning.network.leader().end.height,
    )


def _genesis(charter: bytes, credentials: Credentials, begin_ms: int) -> tuple[Genesis, tuple[Holder, ...]]:
    members, certificates, cities = [], [], []
    begin_s = begin_ms // 1_000 - DAY_S
    for city in CITIES:
        name = city.identifier
        label = _LABEL_OF_CITY.format(name)
        certificate = credentials.issue(
            Applicant(name, HolderKind.CITY, name, (), label, begin_s, begin_s + VALID_S)
        )
        fingerprint = codec.hash_of(certificate)
        public_key = credentials.public_key(label)
        members.append(Member(name, credentials.authority(name), credentials.suite, public_key, fingerprint))
        certificates.append(certificate)
        cities.append(Holder(name, HolderKind.CITY, (), fingerprint, label))
    genesis = Genesis("simulation", begin_ms, tuple(members), tuple(certificates), charter)
    return genesis, tuple(cities)


def _holders(
    program: Program, places: tuple[str, ...], credentials: Credentials, begin_ms: int, beginning: _Beginning
) -> tuple[Holder, ...]:
    """Certify in each place a holder of every role and kind, one of none, and one of all roles of a kind."""
    holders = []
    for city in places:
        wanted: list[tuple[str, HolderKind, tuple[str, ...]]] = [("nobody", HolderKind.PERSON, ())]
        for number, role in enumerate(program.roles):
            carried = () if role.open else (role.name,)
            kinds = [KINDS[kind] for kind in role.kinds if KINDS[kind] is not HolderKind.CITY]
            wanted += [(f"{KIND_NAMES[kind][0]}{number}", kind, carried) for kind in kinds]
        for name, kind, roles in wanted:
            label = f"{city}/{name}"
            begin_s = begin_ms // 1_000 - DAY_S
            certificate = credentials.issue(Applicant(city, kind, name, roles, label, begin_s, begin_s + VALID_S))
            beginning.submit(city, AdmitCertificate(certificate))
            holders.append(Holder(label, kind, roles, codec.hash_of(certificate), label))
    beginning.finish()
    return tuple(holders)


class _Beginning:
    """Eleven cities in memory that carry out what every simulation begins with."""

    def __init__(self, genesis: Genesis, credentials: Credentials, cities: tuple[Holder, ...], begin_ms: int) -> None:
        self._credentials = credentials
        self._cities = {city.reference: city for city in cities}
        self._ledger = ledger_identity(genesis)
        self._sequences: dict[str, int] = {}
        self.time_ms = begin_ms
        oracle = RememberingOracle(credentials.oracle())
        programs = ProgramCache()
        nodes = []
        for city in cities:
            store = MemoryStore()
            begin(store, genesis, oracle)
            nodes.append(Node(city.reference, store, oracle, partial(credentials.sign, city.label), programs))
        self.network = Network(nodes)

    def submit(self, city: str, payload: Payload) -> bytes:
        sequence = self._sequences.get(city, 0)
        self._sequences[city] = sequence + 1
        holder, height = self._cities[city], self.network.leader().end.height
        identity, data = build_transaction(
            self._ledger, holder.fingerprint, sequence, height, payload,
            lambda message: self._credentials.sign(holder.label, message),
        )  # fmt: skip
        self.network.enqueue(identity, holder.fingerprint, data)
        return identity

    def finish(self) -> None:
        self.time_ms += 1_000
        result = self.network.produce(self.time_ms)
        assert isinstance(result, Finalised), "eleven cities in memory agree"
        for receipt in result.receipts:
            if receipt.outcome is not OutcomeKind.DONE:
                raise StageFailed(f"rejected with {receipt.code}")

    def adopt(self, subject: Subject, content: bytes, digest: bytes, day: int) -> None:
        first = CITIES[0].identifier
        ballot = self.submit(first, Propose(subject, content))
        self.finish()
        for city in CITIES:
            self.submit(city.identifier, CastVote(ballot, digest, Position.AGREE, ""))
        self.finish()
        self.submit(first, Adopt(ballot, day))
        self.finish()
