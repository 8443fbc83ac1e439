"""One node, end to end, beside the mere verification of the same signatures.

A network on disk of which one node is driven by hand: each round signs a block of applications, measures how long it
takes to verify its signatures and nothing else, and then how long the node takes for the same block, from bytes to the
durable commit, all by the wall clock, so that a busy machine slows both. The other ten cities only sign.
"""

from __future__ import annotations

from pathlib import Path

from gbalang.cli import moments
from gbalang.cli.measuring.rounds import Measurement, wall_seconds
from gbalang.cli.sources import compile_standard, compile_text
from gbalang.errors import InternalError
from gbalang.isa.types import Number, Value
from gbalang.isa.values import encode_value
from runtime import codec
from runtime.certificates import HolderKind
from runtime.chain import header_message
from runtime.cities import CITIES
from runtime.client import build_transaction
from runtime.crypto.oracle import NativeOracle
from runtime.embedded import keyring
from runtime.embedded.folder import create_network
from runtime.node import Candidate, Node
from runtime.oracle import RememberingOracle
from runtime.programs import open_program, program_digest
from runtime.records import (
    AdmitCertificate,
    Adopt,
    BlockContent,
    Call,
    CastVote,
    HeaderSignature,
    OutcomeKind,
    Payload,
    Position,
    Propose,
    Subject,
)
from runtime.signing import signing_message
from runtime.state.lmdb import LmdbStore
from runtime.transition import Applied, apply_block, day_of

BLOCK_SIZE = 500
DAY_MS = 86_400_000

INSTRUMENT = """contract bench version 1
  title en "An instrument to measure with"
  basis "None: it is never put into force among cities"
  parties all cities
  effective 2026-01-01

article 1 "Applications"
  text en "A person applies, once under each number; the grant is half of the fare, at most the ceiling."

  role applicant is any person
  parameter ceiling: Money CNY = 600 CNY from 2026-01-01
  record Application
    applicant: Person
    number: Int from 0 to 1_000_000
    fare: Money CNY from 0 CNY to 10_000 CNY
    amount: Money CNY
    received_on: Date
  register applications: Application by applicant, number
  refusal already_applied
    en "There is an application with that number."
  event application_received(applicant: Person)

  rule grant(fare: Money CNY) gives Money CNY
    give least of (ceiling, round half up (fare / 2) to 0.01 CNY)
  exception nothing_paid to grant
    when fare <= 0 CNY
    give 0 CNY

  act apply(number: Int from 0 to 1_000_000, fare: Money CNY from 0 CNY to 10_000 CNY)
    by applicant
    require not applications has (actor, number) else refuse already_applied
    enter Application(applicant: actor, number: number, fare: fare, amount: grant(fare), received_on: today)
      in applications
    announce application_received(actor)
"""


def measure_node(folder: Path, rounds: int, suite: str) -> list[Measurement]:
    """Return rates, their ratio and the cost of each stage."""
    bed = _Bed(folder, suite)
    names = ("decode", "verify signatures", "execute", "roots and header", "sign and check headers, durable commit")
    stages: dict[str, list[float]] = {name: [] for name in names}
    alone, whole, ratios = [], [], []
    for _ in range(rounds):
        block = bed.sign_block()
        verify_s = bed.verify_only(block)
        parts = bed.stages(block)
        alone.append(BLOCK_SIZE / verify_s)
        whole.append(BLOCK_SIZE / sum(parts))
        ratios.append(verify_s / sum(parts))
        for name, seconds in zip(names, parts, strict=True):
            stages[name].append(seconds / BLOCK_SIZE * 1e6)
    return [
        Measurement(f"verifying alone, {suite}", "per second", tuple(alone)),
        Measurement(f"one node, end to end, blocks of {BLOCK_SIZE}", "per second", tuple(whole)),
        Measurement("one node ÷ verifying alone", "ratio", tuple(ratios)),
        *[Measurement(f"  {name}", "µs each", tuple(samples)) for name, samples in stages.items()],
    ]


class _Bed:
    def __init__(self, folder: Path, suite: str) -> None:
        begins_ms = moments.parse_moment("2026-03-02")
        assert begins_ms is not None
        self._time_ms = begins_ms
        create_network(folder, "bench", begins_ms, compile_standard("charter"), suite=suite)
        self._cities = {city.identifier: keyring.load_signer(folder, city.identifier) for city in CITIES}
        self._oracle = NativeOracle()
        store = LmdbStore(folder / "stores" / CITIES[0].identifier)
        self._node = Node(CITIES[0].identifier, store, RememberingOracle(self._oracle), self._first().sign)
        self._sequences: dict[bytes, int] = {}
        self._round = 0
        self._holders = self._certify(folder, suite)
        self._types = self._bring_into_force()

    def _first(self) -> keyring.Signer:
        return self._cities[CITIES[0].identifier]

    # Standing

    def _certify(self, folder: Path, suite: str) -> list[keyring.Signer]:
        now_s = self._time_ms // 1_000
        holders = [
            keyring.add_holder(
                folder, CITIES[number % len(CITIES)].identifier, f"h{number}", kind=HolderKind.PERSON,
                name=f"h{number}", roles=(), suite=suite, not_before_s=now_s, not_after_s=now_s + 300 * 86_400,
            )
            for number in range(BLOCK_SIZE)
        ]  # fmt: skip
        self._commit([
            self._sign(self._cities[holder.fields.city], AdmitCertificate(holder.certificate)) for holder in holders
        ])
        return holders

    def _bring_into_force(self) -> tuple[Number, Number]:
        content = compile_text(None, "bench.gba", INSTRUMENT)
        verified = open_program(content)
        proposal = self._sign(self._first(), Propose(Subject.CONTRACT, content))
        ballot = codec.transaction_id(codec.decode_transaction(proposal).transaction)
        self._commit([proposal])
        vote = CastVote(ballot, program_digest(verified), Position.AGREE, "")
        self._commit([self._sign(city, vote) for city in self._cities.values()])
        self._commit([self._sign(self._first(), Adopt(ballot, day_of(self._time_ms) + 1))])
        self._time_ms += 2 * DAY_MS
        apply = next(function for function in verified.program.functions if function.name == "apply")
        number, fare = (field.type for field in apply.parameters)
        assert isinstance(number, Number)
        assert isinstance(fare, Number)
        self._program = verified.program
        return number, fare

    # Blocks

    def _sign(self, signer: keyring.Signer, payload: Payload) -> bytes:
        fingerprint = signer.fields.fingerprint
        sequence = self._sequences.get(fingerprint, 0)
        self._sequences[fingerprint] = sequence + 1
        node = self._node
        return build_transaction(node.ledger, fingerprint, sequence, node.end.height, payload, signer.sign)[1]

    def _content(self, transactions: list[bytes]) -> BlockContent:
        self._time_ms += 1_000
        height = self._node.end.height + 1
        return BlockContent(height, self._time_ms, CITIES[height % len(CITIES)].identifier, 0, tuple(transactions))

    def _commit(self, transactions: list[bytes]) -> None:
        self._finish(self._node.execute(self._content(transactions)))

    def _finish(self, candidate: Candidate) -> None:
        failed = [receipt for receipt in candidate.applied.receipts if receipt.outcome is not OutcomeKind.DONE]
        if failed:
            raise InternalError(f"a transaction of the benchmark was not carried out: {failed[0]}")
        message = header_message(candidate.header)
        signatures = [HeaderSignature(city, signer.sign(message)) for city, signer in sorted(self._cities.items())]
        self._node.commit(candidate, tuple(signatures))

    def sign_block(self) -> list[bytes]:
        """Return a block of signed applications, each under a new key of the register."""
        self._round += 1
        values: tuple[tuple[Number, Value], ...] = ((self._types[0], self._round), (self._types[1], 80_100))
        arguments = tuple(encode_value(type_, value, self._program) for type_, value in values)
        return [self._sign(signer, Call("bench", 1, "apply", arguments)) for signer in self._holders]

    def verify_only(self, block: list[bytes]) -> float:
        """Return the seconds that verifying the block's signatures takes, keys and messages at hand."""
        keys = {signer.fields.fingerprint: signer.fields for signer in self._holders}
        questions = []
        for data in block:
            signed = codec.decode_transaction(data)
            fields = keys[signed.transaction.signer]
            message = signing_message("transaction", codec.transaction_id(signed.transaction))
            questions.append((fields.suite, fields.public_key, message, signed.signature))
        return wall_seconds(lambda: [self._oracle.verify(*question) for question in questions])

    def stages(self, block: list[bytes]) -> tuple[float, float, float, float, float]:
        """Return the seconds of each stage of the block on the node.

        Execution is measured with answers of the signature check at hand, so the stages do not overlap.
        """
        node, content = self._node, self._content(block)
        decode_s = wall_seconds(lambda: [codec.decode_transaction(data) for data in block])
        verify_s = self.verify_only(block)
        remembering = RememberingOracle(self._oracle)
        apply_block(node.state, content, remembering, node.programs)
        applied: list[Applied] = []
        execute_s = wall_seconds(lambda: applied.append(apply_block(node.state, content, remembering, node.programs)))
        sealed: list[Candidate] = []
        seal_s = wall_seconds(lambda: sealed.append(node.seal(content, applied[0])))
        commit_s = wall_seconds(lambda: self._finish(sealed[0]))
        return decode_s, verify_s, max(execute_s - decode_s, 0.0), seal_s, commit_s
