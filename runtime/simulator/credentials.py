"""Keys and certificates for simulations, without cryptography: a signature is a hash that anybody could make. Pure.

That is enough where nobody but the simulator's own faults would forge one, and quick. A share of simulations runs on
real signatures behind the same interface (runtime/crypto/rehearsal.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from runtime import codec
from runtime.certificates import CertificateFields, CertificateRefusal, HolderKind
from runtime.identities import admitted
from runtime.transition import Oracle

SUITE = "simulated"


@dataclass(frozen=True, slots=True)
class Applicant:
    """For whom a certificate is made. `label` names the key."""

    city: str
    kind: HolderKind
    holder: str
    roles: tuple[str, ...]
    label: str
    not_before_s: int
    not_after_s: int


class Credentials(Protocol):
    """Whoever holds all keys of a simulation, each under its label."""

    @property
    def suite(self) -> str:
        """The name of the signature suite."""

    def oracle(self) -> Oracle:
        """Return an oracle that verifies what these keys sign."""

    def public_key(self, label: str) -> bytes:
        """Return the public key of a label."""

    def sign(self, label: str, message: bytes) -> bytes:
        """Return a signature with the key of a label."""

    def authority(self, city: str) -> bytes:
        """Return the certificate of a city's authority."""

    def issue(self, applicant: Applicant) -> bytes:
        """Return a certificate of the applicant's city."""


class HashedCredentials:
    """Keys that are names, and signatures that are hashes."""

    suite = SUITE

    def oracle(self) -> Oracle:
        """Return an oracle for these signatures."""
        return HashedOracle()

    def public_key(self, label: str) -> bytes:
        """Return the public key of a label."""
        return sha256(b"gbalang:simulated-key\0" + label.encode("utf-8")).digest()

    def sign(self, label: str, message: bytes) -> bytes:
        """Return a signature with the key of a label."""
        return _signature(self.public_key(label), message)

    def authority(self, city: str) -> bytes:
        """Return what stands for the certificate of a city's authority."""
        return b"gbalang:simulated-authority\0" + city.encode("ascii")

    def issue(self, applicant: Applicant) -> bytes:
        """Return what stands for a certificate: its fields, encoded."""
        public_key = self.public_key(applicant.label)
        fields = CertificateFields(
            fingerprint=b"",
            kind=applicant.kind,
            city=applicant.city,
            holder=applicant.holder,
            name=applicant.holder,
            roles=tuple(sorted(applicant.roles)),
            suite=SUITE,
            public_key=public_key,
            issuer_fingerprint=codec.hash_of(self.authority(applicant.city)),
            serial=public_key[:16],
            not_before_s=applicant.not_before_s,
            not_after_s=applicant.not_after_s,
        )
        return codec.encode_certificate(admitted(fields, 0))


class HashedOracle:
    """Answers for HashedCredentials; never raises."""

    def verify(self, suite: str, public_key: bytes, message: bytes, signature: bytes) -> bool:
        """Return whether the signature verifies."""
        return suite == SUITE and signature == _signature(public_key, message)

    def judge_certificate(
        self, certificate: bytes, authorities: tuple[bytes, ...]
    ) -> CertificateFields | CertificateRefusal:
        """Return what a certificate says, or why it is not acceptable."""
        try:
            read = codec.decode_certificate(certificate)
            kind = HolderKind(read.kind)
        except (codec.Undecodable, ValueError):
            return CertificateRefusal.UNPARSEABLE
        if read.issuer not in [codec.hash_of(authority) for authority in authorities]:
            return CertificateRefusal.UNKNOWN_ISSUER
        return CertificateFields(
            fingerprint=codec.hash_of(certificate),
            kind=kind,
            city=read.city,
            holder=read.holder,
            name=read.name,
            roles=read.roles,
            suite=read.suite,
            public_key=read.public_key,
            issuer_fingerprint=read.issuer,
            serial=read.serial,
            not_before_s=read.not_before_s,
            not_after_s=read.not_after_s,
        )


def _signature(public_key: bytes, message: bytes) -> bytes:
    return sha256(b"gbalang:simulated-signature\0" + public_key + message).digest()
