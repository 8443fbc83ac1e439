"""An oracle that remembers: a node meets a signature when it queues a transaction and again when it executes the block.

The nodes of an embedded network, which share a process anyhow, share one of these.
"""

from __future__ import annotations

from runtime.certificates import CertificateFields, CertificateRefusal
from runtime.transition import Oracle

VERDICTS_HELD_MAX = 65_536
"""Remembered signatures: a few blocks' worth."""


class RememberingOracle:
    """Asks another oracle once about each signature."""

    def __init__(self, asked: Oracle) -> None:
        self._asked = asked
        self._verdicts: dict[tuple[str, bytes, bytes, bytes], bool] = {}

    def verify(self, suite: str, public_key: bytes, message: bytes, signature: bytes) -> bool:
        """Return whether the signature verifies; never raises."""
        question = (suite, public_key, message, signature)
        known = self._verdicts.get(question)
        if known is None:
            known = self._asked.verify(suite, public_key, message, signature)
            if len(self._verdicts) >= VERDICTS_HELD_MAX:
                self._verdicts.clear()
            self._verdicts[question] = known
        return known

    def judge_certificate(
        self, certificate: bytes, authorities: tuple[bytes, ...]
    ) -> CertificateFields | CertificateRefusal:
        """Return what a certificate says, or why it is not acceptable; never raises."""
        return self._asked.judge_certificate(certificate, authorities)
