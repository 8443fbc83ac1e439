"""What is signed. Each kind of thing has a domain, so a signature over one can never pass for a signature over another.

No message begins like a DER structure (0x30), so a signature of the ledger is never one over an X.509 certificate.
"""

from __future__ import annotations

SIGNING_PREFIX = b"gbalang:"


def signing_message(domain: str, digest: bytes) -> bytes:
    """Return the bytes that are signed for a digest: "gbalang:", the domain, a zero byte, the digest.

    `domain`: ASCII, not empty, without a zero byte, such as "transaction" or "header".
    """
    assert domain.isascii(), "domains are names of ours"
    assert domain, "a domain has a name"
    assert "\0" not in domain, "the zero byte ends the domain"
    return SIGNING_PREFIX + domain.encode("ascii") + b"\0" + digest
