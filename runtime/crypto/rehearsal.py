"""Real keys and certificates from a seed, for simulations that check real signatures. Nobody else may use these."""

from __future__ import annotations

from runtime.crypto.authority import Authority, create_authority, issue_certificate
from runtime.crypto.oracle import NativeOracle
from runtime.crypto.suites import PrivateKey, seeded_keys, sign
from runtime.simulator.credentials import Applicant
from runtime.transition import Oracle

AUTHORITY_YEARS_S = 20 * 365 * 86_400
BEGIN_S = 1_735_660_800
"""2025-01-01 at UTC+8: the authorities are older than every beginning of a simulation."""


class SeededCredentials:
    """What `runtime.simulator.credentials.Credentials` asks for, on Ed25519."""

    suite = "ed25519"

    def __init__(self, seed: bytes = b"gbalang simulation") -> None:
        self._make = seeded_keys(seed.ljust(32, b"\x00"))
        self._keys: dict[str, PrivateKey] = {}
        self._authorities: dict[str, Authority] = {}

    def oracle(self) -> Oracle:
        """Return the oracle that nodes run with."""
        return NativeOracle()

    def public_key(self, label: str) -> bytes:
        """Return the public key of a label."""
        return self._key(label).public_key

    def sign(self, label: str, message: bytes) -> bytes:
        """Return a signature with the key of a label."""
        return sign(self.suite, self._key(label), message)

    def authority(self, city: str) -> bytes:
        """Return the certificate of a city's authority."""
        return self._authority(city).certificate

    def issue(self, applicant: Applicant) -> bytes:
        """Return a certificate of the applicant's city."""
        return issue_certificate(
            self._authority(applicant.city), kind=applicant.kind, holder=applicant.holder, name=applicant.holder,
            roles=tuple(sorted(applicant.roles)), suite=self.suite, public_key=self.public_key(applicant.label),
            not_before_s=applicant.not_before_s, not_after_s=applicant.not_after_s,
        )  # fmt: skip

    def _key(self, label: str) -> PrivateKey:
        if label not in self._keys:
            self._keys[label] = self._make(self.suite, label)
        return self._keys[label]

    def _authority(self, city: str) -> Authority:
        if city not in self._authorities:
            key = self._key(f"{city}/authority")
            self._authorities[city] = create_authority(city, key, BEGIN_S, BEGIN_S + AUTHORITY_YEARS_S - 86_400)
        return self._authorities[city]
