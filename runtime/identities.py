"""Certificates on the ledger: admission, revocation, and whether a signer may sign now.

A certificate is parsed once, at its admission, into plain fields of the state. There is no common root: the authority
of the city that the certificate names is the one on the members' list. Validity is judged at the block's time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from runtime import codec, keys
from runtime.certificates import CertificateFields, CertificateRefusal, HolderKind
from runtime.journal import Journal, StateReader
from runtime.limits import CERTIFICATE_BYTES_MAX
from runtime.outcome import DONE, Circumstances, Ending, rejected
from runtime.records import AdmitCertificate, AdmittedCertificate, RevokeCertificate
from runtime.rejections import Rejection


class CertificateJudge(Protocol):
    """The part of the transition's oracle that knows X.509."""

    def judge_certificate(
        self, certificate: bytes, authorities: tuple[bytes, ...]
    ) -> CertificateFields | CertificateRefusal:
        """Return what a certificate says if one of the authorities issued it, or why it is not acceptable."""


class Gettable(Protocol):
    """Anything that reads the state."""

    def get(self, key: bytes) -> bytes | None:
        """Return the value under a key, or None."""


def certificate_fields(state: Gettable, fingerprint: bytes) -> AdmittedCertificate | None:
    """Return an admitted certificate, or None."""
    stored = state.get(keys.certificate(fingerprint))
    return None if stored is None else codec.decode_certificate(stored)


def standing_signer(state: Gettable, fingerprint: bytes, now_s: int) -> AdmittedCertificate | Rejection:
    """Return the certificate of who signs, or why its holder may not sign at that moment."""
    fields = certificate_fields(state, fingerprint)
    if fields is None:
        return Rejection.SIGNER_MUST_BE_ADMITTED
    if now_s < fields.not_before_s:
        return Rejection.CERTIFICATE_MUST_BE_VALID_ALREADY
    if now_s > fields.not_after_s:
        return Rejection.CERTIFICATE_MUST_NOT_BE_EXPIRED
    if fields.revoked_s is not None:
        return Rejection.CERTIFICATE_MUST_NOT_BE_REVOKED
    return fields


def expiring(state: StateReader, now_s: int, within_s: int) -> tuple[AdmittedCertificate, ...]:
    """Return the standing certificates that expire within some seconds and have no successor, by reference."""
    standing: dict[str, AdmittedCertificate] = {}
    for _, stored in state.scan(keys.TABLE_CERTIFICATE):
        fields = codec.decode_certificate(stored)
        if fields.revoked_s is None and now_s <= fields.not_after_s:
            held = standing.get(reference(fields))
            if held is None or held.not_after_s < fields.not_after_s:
                standing[reference(fields)] = fields
    return tuple([standing[name] for name in sorted(standing) if standing[name].not_after_s <= now_s + within_s])


def admitted(fields: CertificateFields, height: int) -> AdmittedCertificate:
    """Return the state's form of a certificate's fields."""
    return AdmittedCertificate(
        kind=int(fields.kind),
        city=fields.city,
        holder=fields.holder,
        name=fields.name,
        roles=fields.roles,
        suite=fields.suite,
        public_key=fields.public_key,
        issuer=fields.issuer_fingerprint,
        serial=fields.serial,
        not_before_s=fields.not_before_s,
        not_after_s=fields.not_after_s,
        admitted_height=height,
        revoked_s=None,
        revocation_reason="",
    )


def admit_certificate(
    journal: Journal, city: str, payload: AdmitCertificate, circumstances: Circumstances, judge: CertificateJudge
) -> Ending:
    """A city brings a certificate of its own authority onto the ledger."""
    if len(payload.certificate) > CERTIFICATE_BYTES_MAX:
        return rejected(Rejection.CERTIFICATE_MUST_BE_ACCEPTABLE, int(CertificateRefusal.TOO_LARGE))
    stored = journal.get(keys.member(city))
    assert stored is not None, "a city's certificate is admitted with its membership"
    fields = judge.judge_certificate(payload.certificate, (codec.decode_member(stored).authority,))
    if isinstance(fields, CertificateRefusal):
        return rejected(Rejection.CERTIFICATE_MUST_BE_ACCEPTABLE, int(fields))
    if fields.not_after_s < circumstances.now_s:
        return rejected(Rejection.CERTIFICATE_MUST_BE_ACCEPTABLE, int(CertificateRefusal.EXPIRED))
    key = keys.certificate(fields.fingerprint)
    if journal.get(key) is not None:
        return rejected(Rejection.CERTIFICATE_MUST_BE_NEW)
    if fields.city != city:
        return rejected(Rejection.CERTIFICATE_MUST_BE_OF_THE_SIGNERS_CITY)
    journal.put(key, codec.encode_certificate(admitted(fields, circumstances.height)))
    return DONE


def revoke_certificate(
    journal: Journal, city: str, signer: bytes, payload: RevokeCertificate, circumstances: Circumstances
) -> Ending:
    """A city revokes a certificate of its own authority; what was signed before stays valid."""
    fields = certificate_fields(journal, payload.fingerprint)
    if fields is None:
        return rejected(Rejection.CERTIFICATE_MUST_BE_KNOWN)
    if fields.city != city:
        return rejected(Rejection.CERTIFICATE_MUST_BE_OF_THE_SIGNERS_CITY)
    if fields.revoked_s is not None:
        return rejected(Rejection.CERTIFICATE_MUST_NOT_BE_REVOKED_ALREADY)
    if payload.fingerprint == signer:
        return rejected(Rejection.CITY_CERTIFICATE_MUST_STAND)
    revoked = replace(fields, revoked_s=circumstances.now_s, revocation_reason=payload.reason)
    journal.put(keys.certificate(payload.fingerprint), codec.encode_certificate(revoked))
    return DONE


def reference(fields: AdmittedCertificate) -> str:
    """Return how instruments refer to the holder: "Guangzhou" for a city, else "Guangzhou/holder"."""
    return fields.city if fields.kind == HolderKind.CITY else f"{fields.city}/{fields.holder}"

