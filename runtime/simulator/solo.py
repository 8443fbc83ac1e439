"""The ledger of a stage as it grows in one place, without a network: what is recorded for others to execute. Pure."""

from __future__ import annotations

from dataclasses import replace

from gbalang.vm.engines import DEFAULT, Engine
from runtime import codec
from runtime.certificates import HolderKind
from runtime.chain import proposer_of
from runtime.client import build_transaction
from runtime.node import Node
from runtime.records import AdmitCertificate, BlockContent, FinalBlock, Payload, Receipt, Recording
from runtime.replay import RecordingOracle, Replay
from runtime.simulator.credentials import Applicant
from runtime.simulator.disk import Disk, DiskStore
from runtime.simulator.stage import DAY_S, VALID_S, Stage
from runtime.state_view import StateView
from runtime.transition import next_sequence
from runtime.witnesses.recording import record


class Solo:
    """The ledger of a stage. Transactions wait until `make_block`, which carries them out in their order."""

    def __init__(self, stage: Stage, engine: Engine = DEFAULT) -> None:
        self.stage = stage
        self._oracle = RecordingOracle(stage.credentials.oracle())
        self._recording = record(stage.genesis, _first_blocks(stage), self._oracle)
        self._replay = Replay(self._recording, engine, self._oracle)
        for block in self._recording.blocks:
            self._replay.take(block)
        self._blocks: list[FinalBlock] = list(self._recording.blocks)
        self._next: dict[bytes, int] = {}
        self.waiting: list[bytes] = []

    @property
    def time_ms(self) -> int:
        """The time of the last block."""
        return self._replay.end.time_ms

    def certify(self, city: str, kind: HolderKind, holder: str, roles: tuple[str, ...], label: str) -> bytes:
        """Let a city certify a holder with the next block, and return the certificate's fingerprint."""
        begin_s = self.time_ms // 1_000 - DAY_S
        applicant = Applicant(city, kind, holder, roles, label, begin_s, begin_s + VALID_S)
        certificate = self.stage.credentials.issue(applicant)
        self.submit(self.stage.holder(city).fingerprint, self.stage.holder(city).label, AdmitCertificate(certificate))
        return codec.hash_of(certificate)

    def submit(self, signer: bytes, label: str, payload: Payload) -> bytes:
        """Let a transaction wait, and return its bytes."""
        sequence = self._next.get(signer, next_sequence(StateView(self._replay.store), signer))
        self._next[signer] = sequence + 1
        _, data = build_transaction(
            self._replay.ledger, signer, sequence, self._replay.end.height, payload,
            lambda message: self.stage.credentials.sign(label, message),
        )  # fmt: skip
        self.waiting.append(data)
        return data

    def make_block(self, time_ms: int) -> tuple[Receipt, ...]:
        """Carry out what waits and return the receipts."""
        height = self._replay.end.height + 1
        content = BlockContent(height, time_ms, proposer_of(height, 0), 0, tuple(self.waiting))
        block, receipts = self._replay.make(content)
        self._blocks.append(block)
        self.waiting.clear()
        return receipts

    def recording(self) -> Recording:
        """Return all that has happened."""
        return replace(
            self._recording, blocks=tuple(self._blocks), signatures=self._oracle.signature_verdicts(),
            certificates=self._oracle.certificate_verdicts(),
        )  # fmt: skip


def _first_blocks(stage: Stage) -> tuple[FinalBlock, ...]:
    disk = Disk()
    disk.data[:] = stage.image
    node = Node(stage.cities[0].reference, DiskStore(disk), stage.credentials.oracle(), lambda _: b"")
    blocks = [node.block(height) for height in range(1, node.end.height + 1)]
    return tuple(block for block in blocks if block is not None)
