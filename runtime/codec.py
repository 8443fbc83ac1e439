"""The one encoding of everything that travels or is kept, and the one decoding.

Every value has exactly one encoding: decode(encode(v)) = v, and a decoder refuses every other byte string with
Undecodable, never with anything else, and never holds more memory than the bytes it was given. Each object begins with
the name of its kind and format, and hashes name their algorithm in what they cover, so that a signature over one kind
of object can never be taken for another, and so that another algorithm can be added beside this one.

An encoding is described once, by a shape built from a few combinators; both directions follow from it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from gbalang.isa.encoding import EncodingRefused, Reader, Writer, unsigned_bytes
from gbalang.isa.shapes import (
    Shape,
    choice,
    octets,
    optional,
    pair,
    sequence,
    signed,
    structure,
    text,
    truth,
    union,
    unsigned,
)
from runtime.chain_end import ChainEnd
from runtime.limits import (
    ARGUMENT_BYTES_MAX,
    ARGUMENTS_MAX,
    BLOCK_BYTES_MAX,
    BLOCK_TRANSACTIONS_MAX,
    CERTIFICATE_BYTES_MAX,
    EVIDENCE_BYTES_MAX,
    HEIGHT_MAX,
    NAME_CHARACTERS_MAX,
    PROGRAM_BYTES_MAX,
    PROOF_BYTES_MAX,
    REASONS_CHARACTERS_MAX,
    RECEIPT_BYTES_MAX,
    RECORDING_BYTES_MAX,
    SEQUENCE_MAX,
    SIGNATURE_BYTES_MAX,
    STATE_KEY_BYTES_MAX,
    STATE_VALUE_BYTES_MAX,
    TRANSACTION_BYTES_MAX,
)
from runtime.merkle_log import CompactLog
from runtime.records import (
    AdmitCertificate,
    AdmittedCertificate,
    Adopt,
    Ballot,
    BallotStatus,
    CalendarRecord,
    Call,
    CastVote,
    CertificateVerdict,
    ContractVersion,
    EventRecord,
    EvidenceFile,
    FinalBlock,
    FinalHeader,
    Genesis,
    Header,
    HeaderSignature,
    Member,
    OutcomeKind,
    Payload,
    Position,
    Propose,
    ReasonKind,
    ReasonRecord,
    Receipt,
    Recording,
    RevokeCertificate,
    SignatureVerdict,
    SignedTransaction,
    StateEntry,
    Subject,
    Transaction,
    VoteRecord,
)

T = TypeVar("T")

MOMENT_BITS_MAX = 62
"""Days, seconds and milliseconds: far more than any date the machine knows."""


class Undecodable(Exception):  # noqa: N818  # a refusal, not a failure of ours
    """The bytes are not the encoding of such a value; `rule` names the rule they break."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def hash_of(data: bytes) -> bytes:
    """Return the 32-byte SHA-256 of bytes whose encoding names its own kind."""
    return hashlib.sha256(data).digest()


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """A kind of object: its mark (first bytes, format included), its shape, the most bytes it may take."""

    mark: bytes
    shape: Shape[T]
    bytes_max: int

    def encode(self, value: T) -> bytes:
        """Return the object's one encoding."""
        writer = Writer()
        writer.raw(self.mark)
        self.shape.write(writer, value)
        return writer.finish()

    def decode(self, data: bytes) -> T:
        """Return the object that these bytes encode. Raises Undecodable for anything else."""
        if len(data) > self.bytes_max:
            raise Undecodable("object_must_be_within_its_size")
        if not data.startswith(self.mark):
            raise Undecodable("object_must_begin_with_its_mark")
        reader = Reader(data, len(self.mark))
        try:
            value = self.shape.read(reader)
            reader.finish()
        except EncodingRefused as refused:
            raise Undecodable(refused.reason.value) from None
        return value


# ---------------------------------------------------------------- shapes

_HASH = octets(32, 32)
_HASH_OR_NONE = octets(32)
_NAME = text(NAME_CHARACTERS_MAX)
_DAY = signed(MOMENT_BITS_MAX)
_SECONDS = signed(MOMENT_BITS_MAX)
_MILLISECONDS = signed(MOMENT_BITS_MAX)
_HEIGHT = unsigned(HEIGHT_MAX)
_CODE = unsigned(2**31)
_SIGNATURE = octets(SIGNATURE_BYTES_MAX)
_PUBLIC_KEY = octets(256)

_PAYLOAD: Shape[Payload] = union((
    (1, Call, structure(
        Call, contract=_NAME, version=unsigned(2**32 - 1), act=_NAME,
        arguments=sequence(octets(ARGUMENT_BYTES_MAX), ARGUMENTS_MAX),
    )),
    (2, Propose, structure(Propose, subject=choice(Subject), content=octets(PROGRAM_BYTES_MAX))),
    (3, CastVote, structure(
        CastVote, ballot=_HASH, digest=_HASH, position=choice(Position), reasons=text(REASONS_CHARACTERS_MAX),
    )),
    (4, Adopt, structure(Adopt, ballot=_HASH, commencement_day=_DAY)),
    (5, AdmitCertificate, structure(AdmitCertificate, certificate=octets(CERTIFICATE_BYTES_MAX))),
    (6, RevokeCertificate, structure(
        RevokeCertificate, fingerprint=_HASH, reason=text(REASONS_CHARACTERS_MAX),
    )),
))

_TRANSACTION = structure(
    Transaction, ledger=_HASH, signer=_HASH, sequence=unsigned(SEQUENCE_MAX), last_height=_HEIGHT, payload=_PAYLOAD,
)

_RECEIPT = structure(
    Receipt, height=_HEIGHT, index=unsigned(BLOCK_TRANSACTIONS_MAX), transaction=_HASH, outcome=choice(OutcomeKind),
    code=_CODE, detail=unsigned(2**63), cost=unsigned(2**63), program=_HASH_OR_NONE,
    events=sequence(
        structure(EventRecord, event=_CODE, values=sequence(octets(ARGUMENT_BYTES_MAX), 256)), 1024,
    ),
    reasons=sequence(
        structure(ReasonRecord, kind=choice(ReasonKind), index=_CODE, value=octets(ARGUMENT_BYTES_MAX)), 4096,
    ),
)

_HEADER = structure(
    Header, ledger=_HASH, height=_HEIGHT, time_ms=_MILLISECONDS, proposer=_NAME, round=unsigned(2**31), previous=_HASH,
    headers_root=_HASH, transactions_root=_HASH, receipts_root=_HASH, state_root=_HASH, members_hash=_HASH,
)

_SIGNATURES = sequence(structure(HeaderSignature, city=_NAME, signature=_SIGNATURE), 64)

_MEMBER = structure(
    Member, city=_NAME, authority=octets(CERTIFICATE_BYTES_MAX), suite=_NAME, public_key=_PUBLIC_KEY, certificate=_HASH,
)

_MEMBERS = sequence(_MEMBER, 64)

_CERTIFICATE = structure(
    AdmittedCertificate, kind=unsigned(255), city=_NAME, holder=_NAME, name=text(256), roles=sequence(_NAME, 64),
    suite=_NAME, public_key=_PUBLIC_KEY, issuer=_HASH, serial=octets(64), not_before_s=_SECONDS, not_after_s=_SECONDS,
    admitted_height=_HEIGHT, revoked_s=optional(_SECONDS), revocation_reason=text(REASONS_CHARACTERS_MAX),
)

_COUNT = unsigned(1024)
_BALLOT = structure(
    Ballot, subject=choice(Subject), digest=_HASH, name=_NAME, version=unsigned(2**32 - 1), proposer=_NAME,
    opened_day=_DAY, status=choice(BallotStatus), agreed=_COUNT, objected=_COUNT, abstained=_COUNT,
    carried_day=optional(_DAY),
)

_SMALL = 4_096
TRANSACTION = Kind(b"gbalang:transaction:1:sha256\x00", _TRANSACTION, TRANSACTION_BYTES_MAX)
SIGNED_TRANSACTION = Kind(
    b"gbalang:signed-transaction:1\x00",
    structure(SignedTransaction, transaction=_TRANSACTION, signature=_SIGNATURE),
    TRANSACTION_BYTES_MAX,
)
RECEIPT = Kind(b"gbalang:receipt:1\x00", _RECEIPT, RECEIPT_BYTES_MAX)
HEADER = Kind(b"gbalang:header:1:sha256\x00", _HEADER, _SMALL)
BLOCK = Kind(
    b"gbalang:block:1\x00",
    structure(
        FinalBlock, header=_HEADER, transactions=sequence(octets(BLOCK_BYTES_MAX), BLOCK_TRANSACTIONS_MAX),
        signatures=_SIGNATURES,
    ),
    BLOCK_BYTES_MAX + 1_048_576,
)
MEMBER = Kind(b"gbalang:member:1\x00", _MEMBER, 16_384)
MEMBERS = Kind(b"gbalang:members:1:sha256\x00", _MEMBERS, 1_048_576)
GENESIS = Kind(
    b"gbalang:genesis:1:sha256\x00",
    structure(
        Genesis, name=_NAME, time_ms=_MILLISECONDS, members=_MEMBERS,
        city_certificates=sequence(octets(CERTIFICATE_BYTES_MAX), 64), charter=octets(PROGRAM_BYTES_MAX),
    ),
    4_194_304,
)
CERTIFICATE = Kind(b"gbalang:certificate:1\x00", _CERTIFICATE, 65_536)
BALLOT = Kind(b"gbalang:ballot:1\x00", _BALLOT, _SMALL)
VOTE = Kind(
    b"gbalang:vote:1\x00",
    structure(VoteRecord, position=choice(Position), reasons=text(REASONS_CHARACTERS_MAX), day=_DAY),
    16_384,
)
CONTRACT_VERSION = Kind(
    b"gbalang:contract-version:1\x00",
    structure(
        ContractVersion, digest=_HASH, ballot=_HASH_OR_NONE, adopted_day=_DAY, commencement_day=_DAY,
        expires_day=optional(_DAY),
    ),
    _SMALL,
)
CALENDAR = Kind(
    b"gbalang:calendar:1:sha256\x00",
    structure(
        CalendarRecord, calendar=_NAME, year=unsigned(9999), bases=sequence(text(512), 8), days=octets(366),
    ),
    16_384,
)
CHAIN_END = Kind(
    b"gbalang:chain-end:1\x00",
    structure(
        ChainEnd, height=_HEIGHT, last_hash=_HASH, time_ms=_MILLISECONDS,
        headers=structure(CompactLog, size=_HEIGHT, hashes=sequence(_HASH, 64)), state_root=_HASH,
    ),
    _SMALL,
)

EVIDENCE = Kind(
    b"gbalang:evidence:1:sha256\x00",
    structure(
        EvidenceFile, header=_HEADER, signatures=_SIGNATURES, members=_MEMBERS,
        index=unsigned(BLOCK_TRANSACTIONS_MAX), count=unsigned(BLOCK_TRANSACTIONS_MAX),
        transaction=octets(BLOCK_BYTES_MAX), transaction_proof=sequence(_HASH, 64), receipt=octets(RECEIPT_BYTES_MAX),
        receipt_proof=sequence(_HASH, 64), program=octets(PROGRAM_BYTES_MAX),
        later=optional(structure(FinalHeader, header=_HEADER, signatures=_SIGNATURES)),
        entries=sequence(
            structure(
                StateEntry, key=octets(STATE_KEY_BYTES_MAX), value=octets(STATE_VALUE_BYTES_MAX),
                proof=octets(PROOF_BYTES_MAX),
            ),
            64,
        ),
    ),
    EVIDENCE_BYTES_MAX,
)
_PAIR: Shape[tuple[bytes, bytes]] = pair(octets(STATE_KEY_BYTES_MAX), octets(STATE_VALUE_BYTES_MAX))
RECORDING = Kind(
    b"gbalang:recording:1:sha256\x00",
    structure(
        Recording, genesis=GENESIS.shape, first_state=sequence(_PAIR, 1_024),
        blocks=sequence(BLOCK.shape, 1_000_000),
        signatures=sequence(
            structure(SignatureVerdict, question=_HASH, verifies=truth()), 10_000_000,
        ),
        certificates=sequence(
            structure(
                CertificateVerdict, question=_HASH, fields=optional(_CERTIFICATE), refusal=unsigned(255),
            ),
            1_000_000,
        ),
    ),
    RECORDING_BYTES_MAX,
)

KINDS: tuple[Kind[Any], ...] = (
    TRANSACTION, SIGNED_TRANSACTION, RECEIPT, HEADER, BLOCK, MEMBER, MEMBERS, GENESIS, CERTIFICATE, BALLOT, VOTE,
    CONTRACT_VERSION, CALENDAR, CHAIN_END, EVIDENCE, RECORDING,
)
assert len({kind.mark for kind in KINDS}) == len(KINDS), "no two kinds of object begin alike"

encode_transaction = SIGNED_TRANSACTION.encode
decode_transaction = SIGNED_TRANSACTION.decode
encode_receipt = RECEIPT.encode
decode_receipt = RECEIPT.decode
encode_header = HEADER.encode
decode_header = HEADER.decode
encode_block = BLOCK.encode
decode_block = BLOCK.decode
encode_member = MEMBER.encode
decode_member = MEMBER.decode
encode_members = MEMBERS.encode
decode_members = MEMBERS.decode
encode_genesis = GENESIS.encode
decode_genesis = GENESIS.decode
encode_certificate = CERTIFICATE.encode
# Memos of pure functions: the same few bytes are read for every transaction.
decode_certificate = lru_cache(maxsize=4_096)(CERTIFICATE.decode)
encode_ballot = BALLOT.encode
decode_ballot = BALLOT.decode
encode_vote = VOTE.encode
decode_vote = VOTE.decode
encode_contract_version = CONTRACT_VERSION.encode
decode_contract_version = lru_cache(maxsize=256)(CONTRACT_VERSION.decode)
encode_calendar = CALENDAR.encode
decode_calendar = CALENDAR.decode
encode_chain_end = CHAIN_END.encode
decode_chain_end = CHAIN_END.decode
encode_evidence = EVIDENCE.encode
decode_evidence = EVIDENCE.decode
encode_recording = RECORDING.encode
decode_recording = RECORDING.decode


def transaction_id_within(data: bytes, signed: SignedTransaction) -> bytes:
    """Return the identity of the transaction that these bytes encode, `signed` being what they decode to.

    What has one encoding need not be encoded again: a signed transaction is the transaction's fields between a mark and
    the signature.
    """
    end = len(data) - len(signed.signature) - len(unsigned_bytes(len(signed.signature)))
    return hash_of(TRANSACTION.mark + data[len(SIGNED_TRANSACTION.mark) : end])


def transaction_id(transaction: Transaction) -> bytes:
    """Return the identity of a transaction: the hash of its encoding without the signature."""
    return hash_of(TRANSACTION.encode(transaction))


def header_hash(header: Header) -> bytes:
    """Return the hash that the next header names as its previous, and that the cities sign."""
    return hash_of(HEADER.encode(header))
