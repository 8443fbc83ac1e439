"""Certificates in the state: who may sign at a moment, what is admitted and revoked, and what expires soon."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runtime import codec, keys
from runtime.certificates import CertificateFields, CertificateRefusal, HolderKind
from runtime.identities import admit_certificate, admitted, expiring, reference, revoke_certificate, standing_signer
from runtime.journal import Journal
from runtime.limits import CERTIFICATE_BYTES_MAX
from runtime.outcome import DONE, Ending, rejected
from runtime.records import AdmitCertificate, AdmittedCertificate, RevokeCertificate
from runtime.rejections import Rejection
from tests.unit.ledger.samples import MEMBER
from tests.unit.ledger.states import NOW_S, at, journal_of

ONE, OTHER = bytes(31) + b"\x01", bytes(31) + b"\x02"
FIELDS = CertificateFields(
    ONE, HolderKind.PERSON, "Macao", "ana", "Ana", ("applicant",), "ed25519", b"k" * 32, bytes(32), b"\x01",
    NOW_S - 100, NOW_S + 100,
)  # fmt: skip
STANDING = admitted(FIELDS, 3)


def journal_with(*certificates: tuple[bytes, AdmittedCertificate]) -> Journal:
    """Return a state in which Macao is a member, with certificates under their fingerprints."""
    entries = [(keys.certificate(known), codec.encode_certificate(fields)) for known, fields in certificates]
    return journal_of((keys.member("Macao"), codec.encode_member(MEMBER)), *entries)


class Judge:
    """In place of X.509: finds every certificate of Macao's authority to say the same."""

    def __init__(self, answer: CertificateFields | CertificateRefusal) -> None:
        self.answer = answer

    def judge_certificate(
        self, certificate: bytes, authorities: tuple[bytes, ...]
    ) -> CertificateFields | CertificateRefusal:
        assert certificate
        assert authorities == (MEMBER.authority,)
        return self.answer


def admission(
    journal: Journal, answer: CertificateFields | CertificateRefusal, size: int = 100, now_s: int = NOW_S
) -> Ending:
    return admit_certificate(journal, "Macao", AdmitCertificate(bytes(size)), at(now_s=now_s), Judge(answer))


def unacceptable(refusal: CertificateRefusal) -> Ending:
    """The receipt's detail says why."""
    return rejected(Rejection.CERTIFICATE_MUST_BE_ACCEPTABLE, int(refusal))


@pytest.mark.parametrize(
    ("moment_s", "answer"),
    [
        (NOW_S - 101, Rejection.CERTIFICATE_MUST_BE_VALID_ALREADY),
        (NOW_S - 100, STANDING),
        (NOW_S + 100, STANDING),
        (NOW_S + 101, Rejection.CERTIFICATE_MUST_NOT_BE_EXPIRED),
    ],
)
def test_a_certificate_is_good_from_its_first_second_through_its_last(moment_s: int, answer: object) -> None:
    """RFC 5280, 4.1.2.5: both ends are included."""
    assert standing_signer(journal_with((ONE, STANDING)), ONE, moment_s) == answer


def test_nobody_signs_with_a_certificate_that_is_unknown_or_revoked() -> None:
    revoked = replace(STANDING, revoked_s=NOW_S)
    assert standing_signer(journal_with((ONE, revoked)), ONE, NOW_S) is Rejection.CERTIFICATE_MUST_NOT_BE_REVOKED
    assert standing_signer(journal_with((ONE, revoked)), OTHER, NOW_S) is Rejection.SIGNER_MUST_BE_ADMITTED


def test_what_a_certificate_says_is_kept_with_the_height_of_its_admission() -> None:
    journal = journal_with()
    assert admission(journal, FIELDS) == DONE
    assert standing_signer(journal, ONE, NOW_S) == AdmittedCertificate(
        4, "Macao", "ana", "Ana", ("applicant",), "ed25519", b"k" * 32, bytes(32), b"\x01", NOW_S - 100, NOW_S + 100, 7,
        None, "",
    )  # fmt: skip


def test_a_certificate_is_admitted_up_to_its_size_and_through_its_last_second() -> None:
    assert admission(journal_with(), FIELDS, CERTIFICATE_BYTES_MAX) == DONE
    assert admission(journal_with(), FIELDS, CERTIFICATE_BYTES_MAX + 1) == unacceptable(CertificateRefusal.TOO_LARGE)
    assert admission(journal_with(), FIELDS, now_s=NOW_S + 100) == DONE
    assert admission(journal_with(), FIELDS, now_s=NOW_S + 101) == unacceptable(CertificateRefusal.EXPIRED)


def test_a_certificate_is_not_admitted_twice_nor_for_another_city_nor_against_its_judge() -> None:
    refused = admission(journal_with(), CertificateRefusal.BAD_ROLES)
    assert refused == unacceptable(CertificateRefusal.BAD_ROLES)
    assert admission(journal_with((ONE, STANDING)), FIELDS) == rejected(Rejection.CERTIFICATE_MUST_BE_NEW)
    elsewhere = replace(FIELDS, city="Foshan")
    assert admission(journal_with(), elsewhere) == rejected(Rejection.CERTIFICATE_MUST_BE_OF_THE_SIGNERS_CITY)


def test_a_revocation_is_kept_with_its_moment_and_its_reason_and_comes_once() -> None:
    journal, revocation = journal_with((ONE, STANDING)), RevokeCertificate(ONE, "key lost")
    unknown = RevokeCertificate(OTHER, "")
    assert revoke_certificate(journal, "Macao", OTHER, unknown, at()) == rejected(Rejection.CERTIFICATE_MUST_BE_KNOWN)
    foreign = revoke_certificate(journal, "Foshan", OTHER, revocation, at())
    assert foreign == rejected(Rejection.CERTIFICATE_MUST_BE_OF_THE_SIGNERS_CITY)
    own = revoke_certificate(journal, "Macao", ONE, revocation, at())
    assert own == rejected(Rejection.CITY_CERTIFICATE_MUST_STAND)
    assert revoke_certificate(journal, "Macao", OTHER, revocation, at()) == DONE
    stored = journal.get(keys.certificate(ONE))
    assert stored is not None
    assert codec.decode_certificate(stored) == replace(STANDING, revoked_s=NOW_S, revocation_reason="key lost")
    again = revoke_certificate(journal, "Macao", OTHER, revocation, at())
    assert again == rejected(Rejection.CERTIFICATE_MUST_NOT_BE_REVOKED_ALREADY)


def told(now_s: int, within_s: int, *certificates: AdmittedCertificate) -> list[str]:
    """Return who is told that a certificate expires, under fingerprints in the order given."""
    numbered = [(bytes(31) + bytes([number]), fields) for number, fields in enumerate(certificates)]
    return [reference(fields) for fields in expiring(journal_with(*numbered), now_s, within_s)]


def test_what_expires_within_a_time_is_told_from_that_second_through_its_last() -> None:
    assert [within for within in (99, 100, 101) if told(NOW_S, within, STANDING)] == [100, 101]
    assert [after for after in (99, 100, 101) if told(NOW_S + after, 1_000, STANDING)] == [99, 100]


def test_a_certificate_that_is_revoked_or_has_a_successor_is_not_told() -> None:
    later = replace(STANDING, not_after_s=NOW_S + 1_000)
    assert told(NOW_S, 500, replace(STANDING, revoked_s=NOW_S)) == []
    assert told(NOW_S, 500, STANDING, later) == told(NOW_S, 500, later, STANDING) == []
    assert told(NOW_S, 500, STANDING, replace(later, revoked_s=NOW_S)) == ["Macao/ana"], "that is no successor"


def test_each_holder_is_told_once_by_reference() -> None:
    city = replace(STANDING, kind=int(HolderKind.CITY), holder="Macao")
    bo = replace(STANDING, holder="bo")
    assert told(NOW_S, 500, bo, STANDING, city, STANDING) == ["Macao", "Macao/ana", "Macao/bo"]
