"""The oracle that nodes run with: real cryptography behind the two questions that the transition asks."""

from __future__ import annotations

from runtime.certificates import CertificateFields, CertificateRefusal
from runtime.crypto.authority import judge_certificate
from runtime.crypto.suites import verify


class NativeOracle:
    """Answers the questions of `runtime.transition.Oracle`; never raises."""

    def verify(self, suite: str, public_key: bytes, message: bytes, signature: bytes) -> bool:
        """Return whether the signature verifies."""
        return verify(suite, public_key, message, signature)

    def judge_certificate(
        self, certificate: bytes, authorities: tuple[bytes, ...]
    ) -> CertificateFields | CertificateRefusal:
        """Return what an X.509 certificate says if one of the authorities issued it, or why it is not acceptable."""
        return judge_certificate(certificate, authorities)
