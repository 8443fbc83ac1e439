"""Evidence: one small file that proves to an outsider what became of a transaction: no network, no trusted city.

It holds the transaction, its receipt, an RFC 6962 proof that each stands under the roots of a header, that header, the
signatures of at least QUORUM cities over it, the members' list whose keys made them, and the program that decided, so
that the decision can be told in words. Who acted is proved too: the certificate that the transaction names stands in
the state, with an ICS-23 proof, and its key verifies the transaction's signature. A node keeps the tree of its last
state alone, so the entries stand under the state root of that block's own header or of a later one, which is then in
the file with its signatures; what a certificate says of its holder and key never changes after its admission. What the
reader must bring from elsewhere is one thing: the fingerprint of the members' list (or of the ledger) that they trust;
the check prints it, and compares it when it is given.

The file ends with the SHA-256 of everything before it, so damage is told apart from forgery. Pure: reading and writing
files, and the verifying of signatures, are handed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from gbalang.isa.civil import TIME_MAX, TIME_MIN
from gbalang.isa.verify import VerifiedProgram
from runtime import codec, keys
from runtime.chain import SignatureChecker, judge_signatures, members_hash
from runtime.codec import Undecodable
from runtime.legible import is_legible
from runtime.limits import EVIDENCE_BYTES_MAX
from runtime.merkle_log import inclusion_proof, verify_inclusion
from runtime.programs import ProgramRefused, open_program, program_digest
from runtime.records import (
    AdmittedCertificate,
    EvidenceFile,
    FinalBlock,
    FinalHeader,
    Header,
    Member,
    OutcomeKind,
    Receipt,
    SignedTransaction,
    StateEntry,
)
from runtime.signing import signing_message
from runtime.state.proofs import decode_proof, verify_existence

CHECKSUM_BYTES = 32


class EvidenceRefusal(Enum):
    """Why an evidence file proves nothing. The value is the name shown in messages."""

    FILE_MUST_BE_WITHIN_SIZE = "file_must_be_within_size"
    FILE_MUST_BE_UNDAMAGED = "file_must_be_undamaged"
    FILE_MUST_DECODE = "file_must_decode"
    MEMBERS_MUST_BE_THE_HEADERS = "members_must_be_the_headers"
    MEMBERS_MUST_BE_THE_TRUSTED_ONES = "members_must_be_the_trusted_ones"
    LEDGER_MUST_BE_THE_TRUSTED_ONE = "ledger_must_be_the_trusted_one"
    HEADER_MUST_BE_FINAL = "header_must_be_final"
    TRANSACTION_MUST_STAND_IN_THE_BLOCK = "transaction_must_stand_in_the_block"
    RECEIPT_MUST_STAND_IN_THE_BLOCK = "receipt_must_stand_in_the_block"
    RECEIPT_MUST_BE_THE_TRANSACTIONS = "receipt_must_be_the_transactions"
    PROGRAM_MUST_BE_THE_RECEIPTS = "program_must_be_the_receipts"
    ENTRY_MUST_STAND_IN_THE_STATE = "entry_must_stand_in_the_state"
    LATER_HEADER_MUST_FOLLOW = "later_header_must_follow"
    LATER_HEADER_MUST_BE_FINAL = "later_header_must_be_final"
    SIGNER_MUST_STAND_IN_THE_STATE = "signer_must_stand_in_the_state"
    SIGNATURE_MUST_BE_THE_SIGNERS = "signature_must_be_the_signers"
    RECEIPT_MUST_BE_LEGIBLE = "receipt_must_be_legible"


class EvidenceRefused(Exception):  # noqa: N818  # a refusal, in the words of the ledger
    """The file does not prove what it claims."""

    def __init__(self, refusal: EvidenceRefusal, detail: str = "") -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Proven:
    """What a checked evidence file proves.

    `signer` is None only when the ledger itself turned the transaction away and no certificate's key verifies its
    signature. `program` is None when no instrument decided. `state_header`: under whose state root the entries stand.
    """

    header: Header
    signed: SignedTransaction | None
    receipt: Receipt
    members: tuple[Member, ...]
    members_hash: bytes
    cities: tuple[str, ...]
    signer: AdmittedCertificate | None
    program: VerifiedProgram | None
    state_header: Header
    entries: tuple[StateEntry, ...]


def make_evidence(
    block: FinalBlock,
    receipts: tuple[Receipt, ...],
    index: int,
    members: tuple[Member, ...],
    program: bytes,
    entries: tuple[StateEntry, ...],
    later: FinalHeader | None,
) -> bytes:
    """Return the evidence file of the transaction at that index of a final block.

    `program` is the container that decided, or empty; `entries`, the signer's certificate among them, are state entries
    proven under the `later` header, or under this block's when that is None.
    """
    encoded_receipts = tuple(codec.encode_receipt(receipt) for receipt in receipts)
    evidence = EvidenceFile(
        header=block.header,
        signatures=block.signatures,
        members=members,
        index=index,
        count=len(block.transactions),
        transaction=block.transactions[index],
        transaction_proof=inclusion_proof(block.transactions, index),
        receipt=encoded_receipts[index],
        receipt_proof=inclusion_proof(encoded_receipts, index),
        program=program,
        later=later,
        entries=entries,
    )
    data = codec.encode_evidence(evidence)
    return data + codec.hash_of(data)


def check_evidence(
    data: bytes,
    checker: SignatureChecker,
    trusted_members: bytes | None = None,
    trusted_ledger: bytes | None = None,
) -> Proven:
    """Check an evidence file and return what it proves. Raises EvidenceRefused."""
    evidence = _decode(data)
    header = evidence.header
    hashed = members_hash(evidence.members)
    if hashed != header.members_hash:
        raise EvidenceRefused(EvidenceRefusal.MEMBERS_MUST_BE_THE_HEADERS)
    if trusted_members is not None and hashed != trusted_members:
        raise EvidenceRefused(EvidenceRefusal.MEMBERS_MUST_BE_THE_TRUSTED_ONES)
    if trusted_ledger is not None and header.ledger != trusted_ledger:
        raise EvidenceRefused(EvidenceRefusal.LEDGER_MUST_BE_THE_TRUSTED_ONE)
    refusal = judge_signatures(header, evidence.signatures, evidence.members, checker)
    if refusal is not None:
        raise EvidenceRefused(EvidenceRefusal.HEADER_MUST_BE_FINAL, refusal.value)
    receipt = _proven_receipt(evidence)
    signed = _proven_transaction(evidence, receipt)
    verified = _proven_program(evidence, receipt)
    if not is_legible(receipt, signed, verified) or not TIME_MIN <= header.time_ms // 1_000 <= TIME_MAX:
        raise EvidenceRefused(EvidenceRefusal.RECEIPT_MUST_BE_LEGIBLE)
    state_header = _state_header(evidence, checker)
    entries = _proven_entries(evidence, state_header)
    return Proven(
        header=header,
        signed=signed,
        receipt=receipt,
        members=evidence.members,
        members_hash=hashed,
        cities=tuple(signature.city for signature in evidence.signatures),
        signer=None if signed is None else _proven_signer(signed, receipt, entries, checker),
        program=verified,
        state_header=state_header,
        entries=entries,
    )


def _decode(data: bytes) -> EvidenceFile:
    if len(data) > EVIDENCE_BYTES_MAX:
        raise EvidenceRefused(EvidenceRefusal.FILE_MUST_BE_WITHIN_SIZE)
    body, checksum = data[:-CHECKSUM_BYTES], data[-CHECKSUM_BYTES:]
    if len(data) <= CHECKSUM_BYTES or codec.hash_of(body) != checksum:
        raise EvidenceRefused(EvidenceRefusal.FILE_MUST_BE_UNDAMAGED)
    try:
        return codec.decode_evidence(body)
    except Undecodable as undecodable:
        raise EvidenceRefused(EvidenceRefusal.FILE_MUST_DECODE, undecodable.rule) from None


def _proven_receipt(evidence: EvidenceFile) -> Receipt:
    root = evidence.header.receipts_root
    if not verify_inclusion(evidence.receipt, evidence.index, evidence.count, evidence.receipt_proof, root):
        raise EvidenceRefused(EvidenceRefusal.RECEIPT_MUST_STAND_IN_THE_BLOCK)
    try:
        return codec.decode_receipt(evidence.receipt)
    except Undecodable as undecodable:
        raise EvidenceRefused(EvidenceRefusal.FILE_MUST_DECODE, undecodable.rule) from None


def _proven_transaction(evidence: EvidenceFile, receipt: Receipt) -> SignedTransaction | None:
    root = evidence.header.transactions_root
    if not verify_inclusion(evidence.transaction, evidence.index, evidence.count, evidence.transaction_proof, root):
        raise EvidenceRefused(EvidenceRefusal.TRANSACTION_MUST_STAND_IN_THE_BLOCK)
    try:
        signed = codec.decode_transaction(evidence.transaction)
    except Undecodable:
        signed = None
    identity = codec.hash_of(evidence.transaction) if signed is None else codec.transaction_id(signed.transaction)
    place = (receipt.height, receipt.index, receipt.transaction)
    if place != (evidence.header.height, evidence.index, identity):
        raise EvidenceRefused(EvidenceRefusal.RECEIPT_MUST_BE_THE_TRANSACTIONS)
    return signed


def _proven_program(evidence: EvidenceFile, receipt: Receipt) -> VerifiedProgram | None:
    if not receipt.program and not evidence.program:
        return None
    try:
        verified = open_program(evidence.program)
    except ProgramRefused as refused:
        raise EvidenceRefused(EvidenceRefusal.PROGRAM_MUST_BE_THE_RECEIPTS, refused.detail) from None
    if program_digest(verified) != receipt.program:
        raise EvidenceRefused(EvidenceRefusal.PROGRAM_MUST_BE_THE_RECEIPTS)
    return verified


def _state_header(evidence: EvidenceFile, checker: SignatureChecker) -> Header:
    """Return the header under whose state root the entries stand."""
    own, later = evidence.header, evidence.later
    if later is None:
        return own
    header = later.header
    place = (header.ledger, header.members_hash)
    if place != (own.ledger, own.members_hash) or header.height <= own.height:
        raise EvidenceRefused(EvidenceRefusal.LATER_HEADER_MUST_FOLLOW)
    refusal = judge_signatures(header, later.signatures, evidence.members, checker)
    if refusal is not None:
        raise EvidenceRefused(EvidenceRefusal.LATER_HEADER_MUST_BE_FINAL, refusal.value)
    return header


def _proven_entries(evidence: EvidenceFile, header: Header) -> tuple[StateEntry, ...]:
    for entry in evidence.entries:
        proof = decode_proof(entry.proof)
        if proof is None or not verify_existence(header.state_root, proof, entry.key, entry.value):
            raise EvidenceRefused(EvidenceRefusal.ENTRY_MUST_STAND_IN_THE_STATE)
    return evidence.entries


def _proven_signer(
    signed: SignedTransaction, receipt: Receipt, entries: tuple[StateEntry, ...], checker: SignatureChecker
) -> AdmittedCertificate | None:
    """Return who signed. A transaction that the ledger did not turn away has a signer, who must be proven."""
    turned_away = receipt.outcome is OutcomeKind.REJECTED
    key = keys.certificate(signed.transaction.signer)
    stored = next((entry.value for entry in entries if entry.key == key), None)
    if stored is None:
        if turned_away:
            return None
        raise EvidenceRefused(EvidenceRefusal.SIGNER_MUST_STAND_IN_THE_STATE)
    try:
        fields = codec.decode_certificate(stored)
    except Undecodable as undecodable:
        raise EvidenceRefused(EvidenceRefusal.FILE_MUST_DECODE, undecodable.rule) from None
    message = signing_message("transaction", receipt.transaction)
    if checker.verify(fields.suite, fields.public_key, message, signed.signature):
        return fields
    if turned_away:
        return None
    raise EvidenceRefused(EvidenceRefusal.SIGNATURE_MUST_BE_THE_SIGNERS)

