"""Authorities and certificates for the tests of this folder, and a forger who writes what an authority would not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from runtime.certificates import AUTHORITY_VALIDITY_SECONDS_MAX, HolderKind
from runtime.crypto import der, x509
from runtime.crypto.authority import Authority, create_authority, issue_certificate
from runtime.crypto.suites import PrivateKey, seeded_keys, sign

START_S = 1_767_225_600  # 2026-01-01T00:00:00Z
YEAR_S = 365 * 86_400
ED25519, P256 = "ed25519", "ecdsa-p256-sha256"

make_key = seeded_keys(b"tests")


@cache
def authority_of(city: str, suite: str = ED25519, label: str = "authority") -> Authority:
    return create_authority(city, make_key(suite, f"{city}/{label}"), START_S, START_S + AUTHORITY_VALIDITY_SECONDS_MAX)


@cache
def holder_key(suite: str = ED25519) -> PrivateKey:
    return make_key(suite, "holder")


@cache
def certificate_of(city: str = "Guangzhou", suite: str = ED25519, authority_suite: str = ED25519) -> bytes:
    return issue_certificate(
        authority_of(city, authority_suite),
        kind=HolderKind.DEPARTMENT,
        holder="tax-bureau",
        name="廣州市稅務局",
        roles=("tax_bureau", "稅務 局"),
        suite=suite,
        public_key=holder_key(suite).public_key,
        not_before_s=START_S,
        not_after_s=START_S + YEAR_S,
    )


def subject(*attributes: tuple[bytes, int, bytes]) -> bytes:
    return x509.write_name(*(x509.Attribute(*attribute) for attribute in attributes))


def text(identifier: bytes, value: str) -> tuple[bytes, int, bytes]:
    return identifier, der.UTF8_STRING, value.encode("utf-8", "surrogatepass")


def country(code: str) -> tuple[bytes, int, bytes]:
    return x509.COUNTRY, der.PRINTABLE_STRING, code.encode()


def forge(change: Callable[[x509.Contents], x509.Contents], signer: PrivateKey | None = None) -> bytes:
    """Return the certificate above with other contents, signed by Guangzhou's authority or by another key."""
    contents = change(x509.read_certificate(certificate_of()).contents)
    return signed_by(contents, authority_of("Guangzhou").private_key if signer is None else signer)


def signed_by(contents: x509.Contents, signer: PrivateKey) -> bytes:
    contents = replace(contents, signature_suite=signer.suite)
    return seal(x509.write_contents(contents, b"", b""), signer)


def seal(to_sign: bytes, signer: PrivateKey | None = None) -> bytes:
    """Return a certificate around these bytes, signed by Guangzhou's authority or by another key."""
    key = authority_of("Guangzhou").private_key if signer is None else signer
    return x509.write_certificate(to_sign, key.suite, sign(key.suite, key, to_sign))
