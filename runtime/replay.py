"""Re-executing a recorded history: receipts, state, tree, roots and header hashes, from the bytes alone.

Signatures and certificates are not judged again: a recording carries the answers that the nodes computed, each under
the hash of its question, and a question without an answer fails.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields

from gbalang.vm.engines import DEFAULT, Engine
from runtime import codec
from runtime.certificates import CertificateFields, CertificateRefusal, HolderKind
from runtime.chain import advance, content_of, make_header, members_hash
from runtime.chain_end import ChainEnd
from runtime.genesis import ledger_identity
from runtime.identities import admitted
from runtime.merkle_log import EMPTY_LOG
from runtime.programs import ProgramCache
from runtime.records import (
    BlockContent,
    CertificateVerdict,
    FinalBlock,
    Header,
    Receipt,
    Recording,
    SignatureVerdict,
)
from runtime.state.memory import MemoryStore
from runtime.state.tree import apply_changes
from runtime.state_view import STATE, StateView
from runtime.transition import Applied, Oracle, apply_block


class AnswerMissing(Exception):  # noqa: N818  # what happened, not an error of ours
    """The recording holds no answer to a question that the transition asked."""


class RootsDiffer(Exception):  # noqa: N818  # what happened, not an error of ours
    """A block gave another header than the recorded one."""

    def __init__(self, height: int, field: str, computed: str) -> None:
        super().__init__(f"height {height}: {field} differs, computed {computed}")
        self.height = height
        self.field = field


def signature_question(suite: str, public_key: bytes, message: bytes, signature: bytes) -> bytes:
    """Return the hash under which the answer about a signature is recorded."""
    parts = (suite.encode("utf-8"), public_key, message, signature)
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()


def certificate_question(certificate: bytes, authorities: tuple[bytes, ...]) -> bytes:
    """Return the hash under which the answer about a certificate is recorded."""
    parts = (certificate, *authorities)
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()


class RecordingOracle:
    """An oracle that asks another one and keeps every answer."""

    def __init__(self, asked: Oracle) -> None:
        self._asked = asked
        self.signatures: dict[bytes, bool] = {}
        self.certificates: dict[bytes, CertificateFields | CertificateRefusal] = {}

    def verify(self, suite: str, public_key: bytes, message: bytes, signature: bytes) -> bool:
        """Answer, and keep the answer."""
        question = signature_question(suite, public_key, message, signature)
        if question not in self.signatures:
            self.signatures[question] = self._asked.verify(suite, public_key, message, signature)
        return self.signatures[question]

    def judge_certificate(
        self, certificate: bytes, authorities: tuple[bytes, ...]
    ) -> CertificateFields | CertificateRefusal:
        """Answer, and keep the answer."""
        question = certificate_question(certificate, authorities)
        if question not in self.certificates:
            self.certificates[question] = self._asked.judge_certificate(certificate, authorities)
        return self.certificates[question]

    def signature_verdicts(self) -> tuple[SignatureVerdict, ...]:
        """Return the answers about signatures, in the order of their questions."""
        return tuple(SignatureVerdict(question, self.signatures[question]) for question in sorted(self.signatures))

    def certificate_verdicts(self) -> tuple[CertificateVerdict, ...]:
        """Return the answers about certificates, in the order of their questions."""
        verdicts = []
        for question in sorted(self.certificates):
            answer = self.certificates[question]
            if isinstance(answer, CertificateRefusal):
                verdicts.append(CertificateVerdict(question, None, int(answer)))
            else:
                verdicts.append(CertificateVerdict(question, admitted(answer, 0), 0))
        return tuple(verdicts)


class RecordedOracle:
    """An oracle that knows only what a recording answers."""

    def __init__(self, recording: Recording) -> None:
        self._signatures = {verdict.question: verdict.verifies for verdict in recording.signatures}
        self._certificates = {verdict.question: verdict for verdict in recording.certificates}

    def verify(self, suite: str, public_key: bytes, message: bytes, signature: bytes) -> bool:
        """Return the recorded answer."""
        question = signature_question(suite, public_key, message, signature)
        if question not in self._signatures:
            raise AnswerMissing
        return self._signatures[question]

    def judge_certificate(
        self, certificate: bytes, authorities: tuple[bytes, ...]
    ) -> CertificateFields | CertificateRefusal:
        """Return the recorded answer."""
        verdict = self._certificates.get(certificate_question(certificate, authorities))
        if verdict is None:
            raise AnswerMissing
        if verdict.fields is None:
            return CertificateRefusal(verdict.refusal)
        fields = verdict.fields
        return CertificateFields(
            fingerprint=hashlib.sha256(certificate).digest(),
            kind=HolderKind(fields.kind),
            city=fields.city,
            holder=fields.holder,
            name=fields.name,
            roles=fields.roles,
            suite=fields.suite,
            public_key=fields.public_key,
            issuer_fingerprint=fields.issuer,
            serial=fields.serial,
            not_before_s=fields.not_before_s,
            not_after_s=fields.not_after_s,
        )


class Replay:
    """A ledger in memory on which a recording's blocks are executed one after the other."""

    def __init__(self, recording: Recording, engine: Engine = DEFAULT, oracle: Oracle | None = None) -> None:
        """`oracle`: who answers; the recording itself unless another is given."""
        self._oracle = RecordedOracle(recording) if oracle is None else oracle
        self._programs = ProgramCache(engine)
        self.ledger = ledger_identity(recording.genesis)
        self._members = members_hash(recording.genesis.members)
        self.store = MemoryStore()
        update = apply_changes(self.store, recording.first_state)
        self.store.commit([(STATE + key, value) for key, value in recording.first_state])
        self.store.commit(list(update.node_writes))
        self.end = ChainEnd(0, self.ledger, recording.genesis.time_ms, EMPTY_LOG, update.root)

    def run_on(self, engine: Engine) -> None:
        """Run programs on another engine from now on."""
        self._programs = ProgramCache(engine)

    def try_block(self, content: BlockContent) -> Applied:
        """Execute a content on what has been replayed so far, and keep nothing of it. Raises AnswerMissing."""
        return apply_block(StateView(self.store), content, self._oracle, self._programs)

    def take(self, block: FinalBlock) -> None:
        """Execute the next block. Raises RootsDiffer, and AnswerMissing."""
        self._go_on(content_of(block), block.header)

    def make(self, content: BlockContent) -> tuple[FinalBlock, tuple[Receipt, ...]]:
        """Execute a content as the next block, and return that block, unsigned, with its receipts."""
        header, receipts = self._go_on(content, None)
        return FinalBlock(header, content.transactions, ()), receipts

    def _go_on(self, content: BlockContent, expected: Header | None) -> tuple[Header, tuple[Receipt, ...]]:
        applied = self.try_block(content)
        update = apply_changes(self.store, applied.changes)
        receipts = tuple([codec.encode_receipt(receipt) for receipt in applied.receipts])
        header = make_header(self.ledger, self.end, content, receipts, update.root, self._members)
        if expected is not None and header != expected:
            raise RootsDiffer(content.height, *_first_difference(header, expected))
        self.store.commit([*((STATE + key, value) for key, value in applied.changes), *update.node_writes])
        self.end = advance(self.end, header)
        return header, applied.receipts


def replay(recording: Recording, engine: Engine = DEFAULT) -> MemoryStore:
    """Re-execute a recording in memory on an engine and return the store. Raises RootsDiffer, AnswerMissing."""
    replayed = Replay(recording, engine)
    for block in recording.blocks:
        replayed.take(block)
    return replayed.store


def _first_difference(ours: Header, theirs: Header) -> tuple[str, str]:
    """Return the first field in which headers differ, and what stands in ours."""
    for each in fields(Header):
        computed = getattr(ours, each.name)
        if computed != getattr(theirs, each.name):
            return each.name, computed.hex() if isinstance(computed, bytes) else str(computed)
    return "nothing", ""


def contents_digest(store: MemoryStore) -> bytes:
    """Return the hash of every key and value of a store, in order."""
    digest = hashlib.sha256()
    for key, value in store.scan(b""):
        digest.update(len(key).to_bytes(4, "big") + key + len(value).to_bytes(4, "big") + value)
    return digest.digest()
