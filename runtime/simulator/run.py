"""One simulation: a scenario played to its end, its trace, and what the checks found. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations

from gbalang.vm.engines import COMPILED, REFERENCE
from runtime import codec
from runtime.calls import version_in_force
from runtime.certificates import HolderKind
from runtime.chain import proposer_of
from runtime.cities import CITIES, FAULTY_MAX
from runtime.client import build_transaction
from runtime.embedded.link import PeerDamaged
from runtime.embedded.network import Finalised, Halted, Network, NoCityRuns
from runtime.limits import TRANSACTION_BYTES_MAX
from runtime.node import BlockRefused, Node
from runtime.programs import ProgramCache
from runtime.records import (
    AdmitCertificate,
    Adopt,
    Call,
    CastVote,
    FinalBlock,
    OutcomeKind,
    Payload,
    Position,
    Propose,
    RevokeCertificate,
    Subject,
)
from runtime.rejections import Rejection
from runtime.simulator.checks import LIVENESS_BLOCKS, Checks, Failure
from runtime.simulator.city import City
from runtime.simulator.credentials import Applicant
from runtime.simulator.disk import DiskFault
from runtime.simulator.faults import BY_NAME, Scope
from runtime.simulator.links import Office, SimulatedLink
from runtime.simulator.network import Wire
from runtime.simulator.scenario import Fault, Scenario, Turn
from runtime.simulator.stage import DAY_S, VALID_S, Stage
from runtime.simulator.surroundings import Surroundings
from runtime.simulator.traffic import Sent
from runtime.state.store import StoreDamaged
from runtime.transition import day_of, next_sequence

BLOCK_TRANSACTIONS = 120
"""Transactions of a block, at most: what waits during a halt is not executed whole in every round of it."""

CONTENTS_EVERY = 8
"""Turns between two comparisons of every key and value."""

REFERENCE_EVERY = 4
"""Of so many cities one runs the reference engine, when engines are mixed."""

POINTS_OF_LOSS = (2, 4)
"""Where power fails for writes to be lost, torn or in another order: something is written and not synced."""


OUTCOMES = {
    OutcomeKind.DONE: "done",
    OutcomeKind.REFUSED: "refused",
    OutcomeKind.FAULTED: "faulted",
    OutcomeKind.REJECTED: "rejected",
}
"""How a report names what became of a transaction."""


@dataclass(frozen=True, slots=True)
class Engines:
    """Which city runs which engine, and the memos of programs that simulations share."""

    name: str
    compiled: ProgramCache
    reference: ProgramCache

    def of(self, index: int) -> ProgramCache:
        """Return the memo of a city."""
        if self.name == "mixed":
            return self.reference if index % REFERENCE_EVERY == 1 else self.compiled
        return self.reference if self.name == REFERENCE.name else self.compiled


def choose_engines(name: str) -> Engines:
    """Return the engines that a name stands for: mixed, compiled or reference."""
    return Engines(name, ProgramCache(COMPILED), ProgramCache(REFERENCE))


@dataclass(frozen=True, slots=True)
class Result:
    """What one simulation showed. `alive`: how often each kind of fault happened; `identity`: the trace's hash."""

    seed: int
    trace: tuple[str, ...]
    identity: str
    failures: tuple[Failure, ...]
    alive: dict[str, int]
    checks: dict[str, int]
    outcomes: dict[str, int]
    blocks: int
    halts: int
    executions: int
    """Transactions executed, counted in each city."""
    chain: tuple[FinalBlock, ...]
    """The final blocks from the first on, as the city that has gone furthest holds them."""

    @property
    def transactions(self) -> int:
        """How many byte strings have a receipt."""
        return sum(self.outcomes.values())

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return the pairs of kinds that happened in this one simulation."""
        return tuple(combinations(sorted(self.alive), 2))


class Simulation:
    """Eleven cities, the network between them, and what is done to both."""

    def __init__(
        self, stage: Stage, scenario: Scenario, engines: Engines, make_city: Callable[..., City] = City
    ) -> None:
        self.stage = stage
        self.scenario = scenario
        self.around = Surroundings(scenario.seed, stage.time_ms)
        self.cities = {
            city.identifier: make_city(city.identifier, stage, self.around, engines.of(city.index)) for city in CITIES
        }
        wire = Wire(self.around, {name: city.receive for name, city in self.cities.items()})
        self.office = Office(wire, self.cities, self.around)
        self.network = Network((), lambda node: SimulatedLink(self.office, node))
        self.checks = Checks(stage.program.name)
        self.blocks = 0
        self.halts = 0
        self.outcomes: dict[str, int] = {}
        self._ballot: bytes | None = None
        self._upgrade = 0
        self._next: dict[bytes, int] = {}
        """The next sequence number of whoever has transactions that wait."""
        self._revocations: dict[str, int] = {}
        self._seconds: dict[str, bytes] = {}
        self._equivocators: dict[str, None] = {}
        self._fingerprints = {city.reference: city.fingerprint for city in stage.cities}
        self._labels = {city.fingerprint: city.label for city in (*stage.cities, *stage.holders)}

    # ------------------------------------------------------------ the play

    def run(self) -> Result:
        """Play every turn, let everything heal, and check what is left."""
        self._start_stopped()
        for turn in self.scenario.turns:
            self._turn(turn)
        self._heal()
        trace = tuple(self.around.trace)
        return Result(
            seed=self.scenario.seed,
            trace=trace,
            identity=sha256("\n".join(trace).encode("utf-8")).hexdigest(),
            failures=tuple(self.checks.failures),
            alive=dict(self.around.alive),
            checks=dict(self.checks.made),
            outcomes=dict(self.outcomes),
            blocks=self.blocks,
            halts=self.halts,
            executions=sum(city.executions for city in self.cities.values()),
            chain=self._chain(),
        )

    def _chain(self) -> tuple[FinalBlock, ...]:
        nodes = self._nodes()
        if not nodes:
            return ()
        furthest = max(nodes, key=lambda node: node.end.height)
        blocks = [furthest.block(height) for height in range(1, furthest.end.height + 1)]
        return tuple(block for block in blocks if block is not None)

    def _turn(self, turn: Turn) -> None:
        for fault in self.around.begin_turn(turn.number):
            self._end(fault)
        self.around.clock.advance(turn.passing_ms)
        self.office.wire.deliver_late()
        self._start_stopped()
        for fault in turn.faults:
            self._begin(fault)
        self._catch_up()
        self._act(turn)
        self._produce()
        self._sweep()
        self._catch_up()
        self._check(turn.number)

    def _check(self, number: int) -> None:
        self._look(self.checks.compare)
        if number % CONTENTS_EVERY == CONTENTS_EVERY - 1:
            self._look(self.checks.compare_contents)
            self._look(lambda nodes: self.checks.invariants(nodes[:1]))

    def _look(self, look: Callable[[tuple[Node, ...]], object]) -> None:
        """Look at the running nodes. Whoever cannot read its own store is thereby found to be damaged."""
        try:
            look(self._nodes())
        except StoreDamaged:
            for city in self.cities.values():
                city.examine()
            self._sweep()
            look(self._nodes())

    def _heal(self) -> None:
        """Nothing fails any more: everybody starts anew from the disk, catches up, and a block becomes final."""
        for fault in self.around.begin_turn(self.around.turn + 1):
            self._end(fault)
        for fault in self.around.end_faults():
            self._end(fault)
        for city in self.cities.values():
            city.disk.faults.clear()
        self.office.wire.deliver_all()
        self._sweep()
        for name, city in self.cities.items():
            self.network.stop(name)
            city.stop("everybody starts anew")
        self._start_stopped()
        result: Finalised | Halted | None = None
        attempts = 0
        while attempts < LIVENESS_BLOCKS and not isinstance(result, Finalised):
            self._catch_up()
            result = self._produce()
            attempts += 1
        self._catch_up()
        self.checks.live(result, attempts)
        nodes = self._nodes()
        self.checks.everybody_is_there(nodes)
        self.checks.compare(nodes)
        self.checks.compare_contents(nodes)
        self.checks.acknowledged(nodes)
        self.checks.invariants(nodes[:1])
        self.checks.named(tuple(self._equivocators), tuple(self.office.evidence))
        for node in nodes:
            self.around.tell(f"end {node.city} {node.end.height} {node.end.state_root.hex()}")

    # ------------------------------------------------------------ faults

    def _begin(self, fault: Fault) -> None:
        kind = BY_NAME[fault.kind]
        cities = fault.cities
        if kind.scope is Scope.FEW:
            free = FAULTY_MAX - len(self._weakened())
            cities = tuple(city for city in cities if city not in self._weakened())[: max(free, 0)]
            if not cities:
                return
        begun = Fault(fault.number, fault.kind, cities, self._length(fault), fault.place)
        self.around.tell(f"begin {fault.kind} {' '.join(cities)} for {begun.turns}")
        self.around.begin_fault(begun)
        for name in cities:
            self._strike(begun, self.cities[name])

    def _length(self, fault: Fault) -> int:
        return _LONG.get(fault.kind, fault.turns)

    def _weakened(self) -> tuple[str, ...]:
        """Return the cities that may have lost what they had, or lie."""
        struck = [
            name for fault in self.around.faults() if BY_NAME[fault.kind].scope is Scope.FEW for name in fault.cities
        ]
        return tuple(
            name for name, city in self.cities.items() if city.lost or city.suspect or name in struck
        )

    def _strike(self, fault: Fault, city: City) -> None:
        chance, clock = self.around.chance, self.around.clock
        match fault.kind:
            case "rejoin-from-nothing":
                self.network.stop(city.name)
                city.lose_store()
                self.around.happened(fault.kind, f"{city.name} has nothing left")
            case "bit-rot":
                city.suspect = True
                city.disk.rot(chance.below(1 << 40, "rot", fault.number, city.name))
            case "misdirected-write":
                city.suspect = True
                city.arm(DiskFault(fault.kind, fault.place))
            case "crash-at-point":
                city.arm(DiskFault(fault.kind, fault.place, chance.below(6, "point", fault.number, city.name)))
            case "lost-write" | "torn-write" | "reordered-writes":
                point = chance.one_of(POINTS_OF_LOSS, "point", fault.number, city.name)
                city.arm(DiskFault(fault.kind, fault.place, point))
            case "sync-error":
                city.arm(DiskFault(fault.kind, fault.place))
            case "disk-full":
                city.disk.full = True
            case "clock-skew":
                clock.set_wrong(city.name, 1_000 * (chance.below(600, "skew", fault.number, city.name) - 300))
            case "clock-jump":
                hours = chance.below(240, "jump", fault.number, city.name) - 120
                clock.set_wrong(city.name, 3_600_000 * hours)
            case _:
                pass

    def _end(self, fault: Fault) -> None:
        for name in fault.cities:
            city = self.cities[name]
            match fault.kind:
                case "pause":
                    city.wake()
                case "disk-full":
                    city.disk.full = False
                case "clock-skew" | "clock-jump":
                    self.around.clock.set_right(name)
                case _:
                    pass

    # ------------------------------------------------------------ cities

    def _nodes(self) -> tuple[Node, ...]:
        return tuple(city.link.node for city in self.cities.values() if city.link is not None)

    def _start_stopped(self) -> None:
        for name, city in self.cities.items():
            if city.link is None and self.around.fault_of("crash", name) is None:
                city.start()
                if city.link is not None:
                    self.network.join(city.link.node)

    def _sweep(self) -> None:
        """Take who has stopped out of the network, and stop whom the network has put out."""
        for name, city in self.cities.items():
            node = self.network.node(name)
            if node is not None and (city.link is None or city.link.node is not node):
                self.network.stop(name)
            elif node is None and city.link is not None:
                city.stop("the others have put it out")

    def _catch_up(self) -> None:
        """Let everyone who is behind ask the others, one after the other, as long as one of them helps."""
        self._sweep()
        for name, city in self.cities.items():
            for node in self.network.nodes():
                if city.link is None:
                    break
                if node.end.height <= city.link.node.end.height:
                    continue
                try:
                    self.network.fetch(city.link.node, node)
                except PeerDamaged as damaged:
                    self.around.tell(f"{name} gets no block from {damaged.city}: {damaged.reason}")
                except BlockRefused as refused:
                    self.around.tell(f"{name} refuses a block of {node.city}: {refused.refusal.value}")
            if city.link is not None and city.lost and not self._is_behind(city):
                city.lost = False
        self._sweep()

    def _is_behind(self, city: City) -> bool:
        assert city.link is not None
        return any(node.end.height > city.link.node.end.height for node in self.network.nodes())

    # ------------------------------------------------------------ transactions

    def _act(self, turn: Turn) -> None:
        if not self.network.nodes():
            return
        for sent in turn.traffic:
            self._send(sent)
        for fault in self.around.faults():
            if fault.kind == "mixed-versions":
                self._upgrade_step()
            elif fault.kind == "revoked-city":
                for name in fault.cities:
                    self._revoke_step(fault, name)

    def _version(self) -> int:
        leader = self.network.leader()
        current = version_in_force(leader.state, self.stage.program.name, day_of(self.around.clock.now_ms))
        return 1 if current is None else current[0]

    def _send(self, sent: Sent) -> None:
        holder = self.stage.holder(sent.who)
        wrong_version = sent.place % 25 == 0
        payload = Call(self.stage.program.name, self._version() + wrong_version, sent.act, sent.arguments)
        data = self._sign(self._fingerprints.get(sent.who, holder.fingerprint), payload, ahead=sent.harm == "gap")
        place = sent.place % len(data)
        match sent.harm:
            case "replay":
                self._enqueue(data)
                self._enqueue(data)
            case "cut":
                self._enqueue(data[:place])
                self._enqueue(data)
            case "flip":
                self._enqueue(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
                self._enqueue(data)
            case "oversized":
                self._enqueue(data + bytes(TRANSACTION_BYTES_MAX + 1 - len(data)))
                self._enqueue(data)
            case "forged":
                self._enqueue(data[:-4] + bytes(4))
                self._enqueue(data)
            case _:
                self._enqueue(data)

    def _enqueue(self, data: bytes) -> None:
        """Put bytes before the network, past the queue's own judgement, as a proposer may."""
        try:
            signed = codec.decode_transaction(data)
        except codec.Undecodable:
            self.network.enqueue(codec.hash_of(data), codec.hash_of(data), data)
        else:
            self.network.enqueue(codec.transaction_id(signed.transaction), signed.transaction.signer, data)

    def _sign(self, fingerprint: bytes, payload: Payload, *, ahead: bool = False) -> bytes:
        leader = self.network.leader()
        if not self.network.waiting():
            self._next.clear()
        sequence = max(next_sequence(leader.state, fingerprint), self._next.get(fingerprint, 0))
        if not ahead:
            self._next[fingerprint] = sequence + 1
        label = self._labels[fingerprint]
        credentials = self.stage.credentials
        _, data = build_transaction(
            leader.ledger, fingerprint, sequence + ahead, leader.end.height, payload,
            lambda message: credentials.sign(label, message),
        )  # fmt: skip
        return data

    def _submit_as(self, city: str, payload: Payload) -> bytes:
        data = self._sign(self._fingerprints[city], payload)
        self._enqueue(data)
        return codec.transaction_id(codec.decode_transaction(data).transaction)

    def _upgrade_step(self) -> None:
        """Proposal, votes, adoption: a step for each turn in which version 2 is on its way."""
        first, step = CITIES[0].identifier, self._upgrade
        if step == 0:
            self._ballot = self._submit_as(first, Propose(Subject.CONTRACT, self.stage.next_version))
        elif step == 1 and self._ballot is not None:
            for city in CITIES:
                self._submit_as(
                    city.identifier, CastVote(self._ballot, self.stage.next_digest, Position.AGREE, "")
                )
        elif step == 2 and self._ballot is not None:
            self._submit_as(first, Adopt(self._ballot, day_of(self.around.clock.now_ms) + 2))
        self._upgrade += 1

    def _revoke_step(self, fault: Fault, name: str) -> None:
        """A city admits a second certificate, revokes the first with it, goes on using the first, and then does not."""
        credentials, first = self.stage.credentials, self._fingerprints[name]
        step = self._revocations.get(name, 0)
        if step == 0:
            label = f"{name}/city/{fault.number}"
            now_s = self.around.clock.now_ms // 1_000
            applicant = Applicant(name, HolderKind.CITY, name, (), label, now_s - DAY_S, now_s + VALID_S // 2)
            certificate = credentials.issue(applicant)
            second = codec.hash_of(certificate)
            self._labels[second] = label
            self._seconds[name] = second
            self._submit_as(name, AdmitCertificate(certificate))
        elif step == 1:
            data = self._sign(self._seconds[name], RevokeCertificate(first, "the key is lost"))
            self._enqueue(data)
        elif step == 2:
            self._submit_as(name, CastVote(first, first, Position.AGREE, "with a revoked certificate"))
        else:
            self._fingerprints[name] = self._seconds[name]
            step = -1
        self._revocations[name] = step + 1

    # ------------------------------------------------------------ blocks

    def _produce(self) -> Finalised | Halted | None:
        if not self.network.nodes():
            return None
        leader = self.network.leader()
        clock = self.around.clock
        time_ms = clock.reading(proposer_of(leader.end.height + 1, 0))
        running = len(self._nodes())
        try:
            result = self.network.produce(max(time_ms, leader.end.time_ms + 1), BLOCK_TRANSACTIONS)
        except NoCityRuns:
            return None
        for name, city in self.cities.items():
            if city.second is not None:
                self._equivocators[name] = None
        if isinstance(result, Halted):
            self.halts += 1
            self.around.tell(f"halted {len(result.running)} {result.agreeing} {result.unsettled is not None}")
            return result
        self._finalised(result, running)
        return result

    def _finalised(self, result: Finalised, running: int) -> None:
        self.blocks += 1
        innocent = tuple(name for name in result.false_signers if name not in self.office.excused)
        for name in result.false_signers:
            if self.around.fault_of("tampered-signature", name) is not None:
                self.around.happened("tampered-signature", f"{name} gave a false signature and is named")
        self.checks.finalised(result, running, innocent)
        header = result.block.header
        for receipt in result.receipts:
            outcome = OUTCOMES[receipt.outcome]
            self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1
            if receipt.outcome is OutcomeKind.REJECTED and receipt.code == Rejection.CERTIFICATE_MUST_NOT_BE_REVOKED:
                self.around.happened("revoked-city", "what a revoked certificate signs is rejected")
            if receipt.program == self.stage.next_digest:
                self.around.happened("mixed-versions", "an act is decided by version 2")
        self.around.tell(
            f"block {header.height} {codec.header_hash(header).hex()} of {header.proposer}, round {header.round}, "
            f"{len(result.receipts)} transactions, {len(result.block.signatures)} signatures"
        )


_LONG = {"mixed-versions": 3, "revoked-city": 4}
"""Kinds whose story takes so many turns."""


def simulate(
    stage: Stage, scenario: Scenario, engines: Engines, make_city: Callable[..., City] = City
) -> Result:
    """Play a scenario. `make_city`: who plays the cities, which must all be honest for the checks to hold."""
    return Simulation(stage, scenario, engines, make_city).run()
