"""One value of every kind of object that travels or is kept, for laws that hold of all of them."""

from __future__ import annotations

from typing import Any

from runtime import codec
from runtime.chain_end import ChainEnd
from runtime.merkle_log import EMPTY_LOG
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

HASH = bytes(range(32))
OTHER = bytes(range(32, 64))

PAYLOADS: tuple[Payload, ...] = (
    Call("subsidy", 1, "claim", (b"\x01", b"")),
    Propose(Subject.CALENDAR, b"content"),
    CastVote(HASH, OTHER, Position.OBJECT, "理由"),
    Adopt(HASH, 20_500),
    AdmitCertificate(b"\x30\x00"),
    RevokeCertificate(HASH, "lost"),
)
TRANSACTION = Transaction(HASH, OTHER, 7, 1_000, PAYLOADS[0])
HEADER = Header(HASH, 5, 1_700_000_000_000, "Macao", 0, HASH, OTHER, HASH, OTHER, HASH, OTHER)
SIGNATURES = (HeaderSignature("Foshan", b"s" * 64), HeaderSignature("Macao", b"t" * 64))
BLOCK = FinalBlock(HEADER, (b"one", b""), SIGNATURES)
MEMBER = Member("Macao", b"der", "ed25519", b"k" * 32, HASH)
CERTIFICATE = AdmittedCertificate(
    4, "Macao", "ana", "Ana", ("applicant",), "ed25519", b"k" * 32, HASH, b"\x01", -5, 1_800_000_000, 3, 9, "gone"
)
RECEIPT = Receipt(
    5, 1, HASH, OutcomeKind.REFUSED, 3, 0, 512, OTHER, (EventRecord(0, (b"v",)),),
    (ReasonRecord(ReasonKind.NOTE, 2, b"\x05"), ReasonRecord(ReasonKind.CONDITION_FAILED, 0, b"")),
)
GENESIS = Genesis("sample", 1_700_000_000_000, (MEMBER,), (b"der",), b"charter")

SAMPLES: tuple[tuple[codec.Kind[Any], Any], ...] = (
    *((codec.TRANSACTION, Transaction(HASH, OTHER, 0, 9, payload)) for payload in PAYLOADS),
    (codec.SIGNED_TRANSACTION, SignedTransaction(TRANSACTION, b"s" * 64)),
    (codec.RECEIPT, RECEIPT),
    (codec.HEADER, HEADER),
    (codec.BLOCK, BLOCK),
    (codec.MEMBER, MEMBER),
    (codec.MEMBERS, (MEMBER, MEMBER)),
    (codec.GENESIS, GENESIS),
    (codec.CERTIFICATE, CERTIFICATE),
    (
        codec.BALLOT,
        Ballot(Subject.CONTRACT, HASH, "subsidy", 2, "Macao", 20_000, BallotStatus.CARRIED, 8, 1, 0, 20_001),
    ),
    (codec.VOTE, VoteRecord(Position.AGREE_WITH_RESERVATION, "保留", 20_000)),
    (codec.CONTRACT_VERSION, ContractVersion(HASH, OTHER, 20_000, 20_001, None)),
    (codec.CALENDAR, CalendarRecord("Macao", 2026, ("basis",), bytes(365))),
    (codec.CHAIN_END, ChainEnd(0, HASH, 5, EMPTY_LOG, OTHER)),
    (
        codec.EVIDENCE,
        EvidenceFile(
            HEADER, SIGNATURES, (MEMBER,), 0, 2, b"one", (HASH,), b"receipt", (OTHER,), b"program",
            FinalHeader(HEADER, SIGNATURES), (StateEntry(b"key", b"value", b"proof"),),
        ),
    ),
    (
        codec.RECORDING,
        Recording(
            GENESIS, ((b"k", b"v"),), (BLOCK,), (SignatureVerdict(HASH, verifies=True),),
            (CertificateVerdict(HASH, CERTIFICATE, 0), CertificateVerdict(OTHER, None, 7)),
        ),
    ),
)
