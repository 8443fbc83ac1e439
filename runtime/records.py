"""What travels and what is kept: transactions, blocks, receipts, ballots, members. Frozen; codec.py encodes them.

Times are Unix milliseconds (`_ms`) or seconds (`_s`); days count from 1970-01-01 at UTC+8. Digests are 32 bytes of
SHA-256; the algorithm is named in the encoding of every object that is signed or hashed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

# ---------------------------------------------------------------- transactions


class Subject(IntEnum):
    """What a ballot is about. Frozen numbers."""

    CONTRACT = 1
    CALENDAR = 2


class Position(IntEnum):
    """A city's position on a proposal. Frozen numbers."""

    AGREE = 1
    AGREE_WITH_RESERVATION = 2
    OBJECT = 3
    ABSTAIN = 4


@dataclass(frozen=True, slots=True)
class Call:
    """An act of an instrument in force. `arguments`: one canonical value encoding for each parameter."""

    contract: str
    version: int
    act: str
    arguments: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Propose:
    """A city lays an exact text before the others: a compiled program, or a calendar year."""

    subject: Subject
    content: bytes


@dataclass(frozen=True, slots=True)
class CastVote:
    """A city's position on the exact digest of a ballot, with its reasons."""

    ballot: bytes
    digest: bytes
    position: Position
    reasons: str


@dataclass(frozen=True, slots=True)
class Adopt:
    """A carried proposal is adopted and its commencement fixed (a calendar applies at once)."""

    ballot: bytes
    commencement_day: int


@dataclass(frozen=True, slots=True)
class AdmitCertificate:
    """A city brings a certificate of its own authority onto the ledger."""

    certificate: bytes


@dataclass(frozen=True, slots=True)
class RevokeCertificate:
    """A city revokes a certificate of its own authority; `reason` is written for the record."""

    fingerprint: bytes
    reason: str


Payload: TypeAlias = Call | Propose | CastVote | Adopt | AdmitCertificate | RevokeCertificate


@dataclass(frozen=True, slots=True)
class Transaction:
    """What a signer asks of the ledger.

    `ledger` is the ledger's identity (hash of its genesis), `signer` the fingerprint of the certificate, `sequence`
    the signer's next number (the first is 0), `last_height` the last height at which it may stand in a block.
    """

    ledger: bytes
    signer: bytes
    sequence: int
    last_height: int
    payload: Payload


@dataclass(frozen=True, slots=True)
class SignedTransaction:
    """A transaction with the signature over its id. The id does not depend on the signature."""

    transaction: Transaction
    signature: bytes


# ---------------------------------------------------------------- receipts


class OutcomeKind(IntEnum):
    """How a transaction ended. Frozen numbers."""

    DONE = 1
    REFUSED = 2
    """By the instrument, on a ground of its closed list: code is the refusal's index in the program."""
    FAULTED = 3
    """By the machine: code is the fault's number."""
    REJECTED = 4
    """By the ledger: code is the rejection's number."""


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An announced event: its index in the program and its fields, encoded one by one."""

    event: int
    values: tuple[bytes, ...]


class ReasonKind(IntEnum):
    """What an entry of the reasons says. Frozen numbers."""

    MARK = 1
    NOTE = 2
    CONDITION_MET = 3
    CONDITION_FAILED = 4


@dataclass(frozen=True, slots=True)
class ReasonRecord:
    """A reason: index into the program's marks, notes or conditions; a note carries its encoded value."""

    kind: ReasonKind
    index: int
    value: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one byte string in a block. There is exactly one for each, garbage included.

    `transaction` is the transaction's id, or the SHA-256 of the bytes when they do not decode. `program` is the digest
    of the program that decided (empty when none did). `detail` is a sub-code: for CERTIFICATE_MUST_BE_ACCEPTABLE the
    certificate refusal's number, for a fault the function and instruction packed as function × 2**20 + instruction.
    """

    height: int
    index: int
    transaction: bytes
    outcome: OutcomeKind
    code: int
    detail: int
    cost: int
    program: bytes
    events: tuple[EventRecord, ...]
    reasons: tuple[ReasonRecord, ...]


# ---------------------------------------------------------------- blocks


@dataclass(frozen=True, slots=True)
class BlockContent:
    """What a proposer puts in order: the transition's input. Transactions are raw bytes, hostile until decoded."""

    height: int
    time_ms: int
    proposer: str
    round: int
    transactions: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """What the cities sign. `previous` is the hash of the header before (the ledger's identity at height 1).

    `headers_root`: RFC 6962 root over the encodings of all earlier headers. `members_hash`: hash of the members' list
    whose signatures make this header final.
    """

    ledger: bytes
    height: int
    time_ms: int
    proposer: str
    round: int
    previous: bytes
    headers_root: bytes
    transactions_root: bytes
    receipts_root: bytes
    state_root: bytes
    members_hash: bytes


@dataclass(frozen=True, slots=True)
class HeaderSignature:
    """One city's signature over a header."""

    city: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class FinalBlock:
    """A block as it is stored and sent to a city that catches up: final with the signatures of at least 8 of 11."""

    header: Header
    transactions: tuple[bytes, ...]
    signatures: tuple[HeaderSignature, ...]


# ---------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class Member:
    """A city on the trust list: the certificate of its authority and the key its node signs headers with."""

    city: str
    authority: bytes
    suite: str
    public_key: bytes
    certificate: bytes
    """Fingerprint of the city's own certificate, with which it proposes, votes and admits."""


@dataclass(frozen=True, slots=True)
class Genesis:
    """Where a ledger begins. Its hash is the ledger's identity.

    `city_certificates`: DER of each city's own certificate, in the order of the members. `charter`: the container of
    the charter, the first instrument in force.
    """

    name: str
    time_ms: int
    members: tuple[Member, ...]
    city_certificates: tuple[bytes, ...]
    charter: bytes


@dataclass(frozen=True, slots=True)
class AdmittedCertificate:
    """A certificate in the state: plain fields, parsed once at admission."""

    kind: int
    city: str
    holder: str
    name: str
    roles: tuple[str, ...]
    suite: str
    public_key: bytes
    issuer: bytes
    serial: bytes
    not_before_s: int
    not_after_s: int
    admitted_height: int
    revoked_s: int | None
    revocation_reason: str


class BallotStatus(IntEnum):
    """Frozen numbers."""

    OPEN = 1
    CARRIED = 2
    ADOPTED = 3
    LOST = 4
    """So many cities object that the ballot can no longer be carried."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """A proposal before the cities. Its id is hash(subject, digest, height of the proposal)."""

    subject: Subject
    digest: bytes
    name: str
    version: int
    """The contract's version, or the calendar's year."""
    proposer: str
    opened_day: int
    status: BallotStatus
    agreed: int
    objected: int
    abstained: int
    carried_day: int | None


@dataclass(frozen=True, slots=True)
class VoteRecord:
    """A city's position as it stands on the ledger."""

    position: Position
    reasons: str
    day: int


@dataclass(frozen=True, slots=True)
class ContractVersion:
    """An adopted version of an instrument."""

    digest: bytes
    ballot: bytes
    adopted_day: int
    commencement_day: int
    expires_day: int | None


@dataclass(frozen=True, slots=True)
class CalendarRecord:
    """A calendar year in force: a state for each day of the year (0 off, 1 working, 2 half), with its sources."""

    calendar: str
    year: int
    bases: tuple[str, ...]
    days: bytes


# ---------------------------------------------------------------- evidence


@dataclass(frozen=True, slots=True)
class StateEntry:
    """A state entry with its ICS-23 proof of presence, encoded."""

    key: bytes
    value: bytes
    proof: bytes


@dataclass(frozen=True, slots=True)
class FinalHeader:
    """A header with the signatures that make it final."""

    header: Header
    signatures: tuple[HeaderSignature, ...]


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """What an evidence file holds; evidence.py says what each part proves.

    `index` and `count`: the transaction's place in its block and the block's size; proofs are RFC 6962 audit paths.
    `later`: the header under whose state root the entries stand, None when it is the block's own.
    """

    header: Header
    signatures: tuple[HeaderSignature, ...]
    members: tuple[Member, ...]
    index: int
    count: int
    transaction: bytes
    transaction_proof: tuple[bytes, ...]
    receipt: bytes
    receipt_proof: tuple[bytes, ...]
    program: bytes
    later: FinalHeader | None
    entries: tuple[StateEntry, ...]


# ---------------------------------------------------------------- recordings


@dataclass(frozen=True, slots=True)
class SignatureVerdict:
    """What an oracle answered about a signature; `question` hashes suite, key, message and signature."""

    question: bytes
    verifies: bool


@dataclass(frozen=True, slots=True)
class CertificateVerdict:
    """What an oracle answered about a certificate: its fields, or the number of the refusal."""

    question: bytes
    fields: AdmittedCertificate | None
    refusal: int


@dataclass(frozen=True, slots=True)
class Recording:
    """A history that a witness can re-execute with the standard library alone: the first state, the blocks, and the
    oracle's answers.
    """

    genesis: Genesis
    first_state: tuple[tuple[bytes, bytes], ...]
    blocks: tuple[FinalBlock, ...]
    signatures: tuple[SignatureVerdict, ...]
    certificates: tuple[CertificateVerdict, ...]
