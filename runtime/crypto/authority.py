"""A city's certificate authority: it issues certificates, and `judge_certificate` decides whether one is acceptable.

Trust begins at the authorities on the members' list; there is no common root and there are no chains. A certificate
names its holder like this:

    subject       C the jurisdiction, L the city, CN the name to show, UID the holder's identifier within the city
    alternative   urn:gbalang:kind:person   and for each role   urn:gbalang:role:tax_bureau
    key usage     digitalSignature for a holder; keyCertSign and cRLSign for an authority (UID and URIs absent there)

A role's name is percent-encoded as UTF-8 (RFC 3986), since instruments may be written in Chinese. The kind and the
roles stand in URIs and not in an extension of our own, because every authority software can write a URI.

A city's own certificate, with which it votes and signs headers, is issued by its authority like any other and has
another key: one key, one purpose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote, unquote_to_bytes

from runtime.certificates import (
    AUTHORITY_VALIDITY_SECONDS_MAX,
    KIND_NAMES,
    VALIDITY_SECONDS_MAX,
    CertificateFields,
    CertificateRefusal,
    HolderKind,
    are_roles,
    is_display_name,
    is_holder,
)
from runtime.cities import CITY_COUNT, City, city_by_identifier
from runtime.crypto import der, x509
from runtime.crypto.suites import PrivateKey, is_sound_public_key, sign, verify
from runtime.limits import CERTIFICATE_BYTES_MAX

KIND_URI = "urn:gbalang:kind:"
ROLE_URI = "urn:gbalang:role:"
OUR_URIS = "urn:gbalang:"
_KINDS = {name: kind for kind, name in KIND_NAMES.items()}

LAST_MOMENT_S = 253_402_300_799
"""9999-12-31T23:59:59Z, the last that a certificate can name."""

AUTHORITY_USAGE = x509.KEY_CERT_SIGN | x509.CRL_SIGN


class CertificateRefusedError(Exception):
    """What was asked for would not be acceptable on the ledger, so it is not issued."""

    def __init__(self, refusal: CertificateRefusal) -> None:
        super().__init__(refusal.name.lower())
        self.refusal = refusal


class _RefusedError(Exception):
    """Leaves the judging below with its result."""

    def __init__(self, refusal: CertificateRefusal) -> None:
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class AuthorityFields:
    """A certificate of an authority. `subject`: its name as DER; the rest as in CertificateFields."""

    fingerprint: bytes
    city: str
    subject: bytes
    suite: str
    public_key: bytes
    not_before_s: int
    not_after_s: int


@dataclass(frozen=True, slots=True)
class Authority:
    """What a city needs to issue: the DER of its authority's certificate and the key that belongs to it."""

    certificate: bytes
    private_key: PrivateKey


# ------------------------------------------------------------------------------------------------------------ judging


def judge_certificate(certificate: bytes, authorities: Sequence[bytes]) -> CertificateFields | CertificateRefusal:
    """Return what a certificate (DER) says, or why it is not acceptable. Never raises, whatever the bytes are.

    `authorities`: DER of the members' authorities. Whether the certificate is valid at a moment, or revoked, is not
    asked here. The checks run in the order of CertificateRefusal, those of its form in the order of the bytes.
    """
    try:
        read = _read(certificate)
        issuer = _find_issuer(read, authorities)
        _judge_purpose(read, issuer)
        return _fields(certificate, read, issuer)
    except _RefusedError as refused:
        return refused.refusal


@lru_cache(maxsize=8 * CITY_COUNT)
def judge_authority(certificate: bytes) -> AuthorityFields | CertificateRefusal:
    """Return what the certificate (DER) of a city's authority says, or why it is not acceptable. Never raises."""
    try:
        read = _read(certificate)
        contents = read.contents
        if contents.issuer != contents.subject:
            raise _RefusedError(CertificateRefusal.UNKNOWN_ISSUER)
        if not verify(contents.signature_suite, contents.public_key, read.signed, read.signature):
            raise _RefusedError(CertificateRefusal.BAD_ISSUER_SIGNATURE)
        if not contents.is_authority or contents.is_limited or contents.key_usage != AUTHORITY_USAGE:
            raise _RefusedError(CertificateRefusal.WRONG_PURPOSE)
        city = _judge_city(read.subject)
        _judge_validity(contents, AUTHORITY_VALIDITY_SECONDS_MAX)
    except _RefusedError as refused:
        return refused.refusal
    return AuthorityFields(
        fingerprint=sha256(certificate).digest(),
        city=city.identifier,
        subject=contents.subject,
        suite=contents.suite,
        public_key=contents.public_key,
        not_before_s=contents.not_before_s,
        not_after_s=contents.not_after_s,
    )


def _read(certificate: bytes) -> x509.Certificate:
    if len(certificate) > CERTIFICATE_BYTES_MAX:
        raise _RefusedError(CertificateRefusal.TOO_LARGE)
    try:
        return x509.read_certificate(certificate)
    except der.NonCanonicalError:
        raise _RefusedError(CertificateRefusal.NON_CANONICAL) from None
    except x509.UnsupportedKeyError:
        raise _RefusedError(CertificateRefusal.UNSUPPORTED_KEY) from None
    except der.DerError:
        raise _RefusedError(CertificateRefusal.UNPARSEABLE) from None


def _find_issuer(read: x509.Certificate, authorities: Sequence[bytes]) -> AuthorityFields:
    """Two authorities may have one name, when a city has changed its key: the signature decides."""
    contents = read.contents
    judged = [judge_authority(authority) for authority in authorities]
    candidates = [one for one in judged if isinstance(one, AuthorityFields) and one.subject == contents.issuer]
    for candidate in candidates:
        if _is_signed_with(read, candidate.suite, candidate.public_key):
            return candidate
    if _is_signed_with(read, contents.suite, contents.public_key):
        raise _RefusedError(CertificateRefusal.SELF_MADE)
    raise _RefusedError(CertificateRefusal.BAD_ISSUER_SIGNATURE if candidates else CertificateRefusal.UNKNOWN_ISSUER)


def _is_signed_with(read: x509.Certificate, suite: str, public_key: bytes) -> bool:
    return read.contents.signature_suite == suite and verify(suite, public_key, read.signed, read.signature)


def _judge_purpose(read: x509.Certificate, issuer: AuthorityFields) -> None:
    contents = read.contents
    if (
        contents.is_authority
        or contents.is_limited
        or not contents.key_usage & x509.DIGITAL_SIGNATURE
        or contents.key_usage & AUTHORITY_USAGE
        or (contents.suite, contents.public_key) == (issuer.suite, issuer.public_key)
    ):
        raise _RefusedError(CertificateRefusal.WRONG_PURPOSE)


def _fields(certificate: bytes, read: x509.Certificate, issuer: AuthorityFields) -> CertificateFields:
    contents = read.contents
    kind = _kind(contents.uris)
    city = _judge_city(read.subject)
    if city.identifier != issuer.city:
        raise _RefusedError(CertificateRefusal.CITY_MISMATCH)
    holder, display_name = _text(read.subject, x509.USER_IDENTIFIER), _text(read.subject, x509.COMMON_NAME)
    if not is_holder(holder) or not is_display_name(display_name):
        raise _RefusedError(CertificateRefusal.BAD_HOLDER)
    if (kind is HolderKind.CITY) != (holder == city.identifier):
        raise _RefusedError(CertificateRefusal.BAD_HOLDER)
    roles = _roles(contents.uris)
    _judge_validity(contents, VALIDITY_SECONDS_MAX)
    if contents.not_before_s < issuer.not_before_s or contents.not_after_s > issuer.not_after_s:
        raise _RefusedError(CertificateRefusal.VALIDITY_TOO_LONG)
    return CertificateFields(
        fingerprint=sha256(certificate).digest(),
        kind=kind,
        city=city.identifier,
        holder=holder,
        name=display_name,
        roles=roles,
        suite=contents.suite,
        public_key=contents.public_key,
        issuer_fingerprint=issuer.fingerprint,
        serial=contents.serial.to_bytes((contents.serial.bit_length() + 7) // 8, "big"),
        not_before_s=contents.not_before_s,
        not_after_s=contents.not_after_s,
    )


def _text(name: tuple[x509.Attribute, ...], identifier: bytes, tag: int = der.UTF8_STRING) -> str:
    """Return an attribute's text; if it is missing, written twice, of another tag or no UTF-8, the empty text."""
    found = [attribute for attribute in name if attribute.identifier == identifier]
    if len(found) != 1 or found[0].tag != tag:
        return ""
    try:
        return found[0].value.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _judge_city(name: tuple[x509.Attribute, ...]) -> City:
    city = city_by_identifier(_text(name, x509.LOCALITY))
    if city is None:
        raise _RefusedError(CertificateRefusal.UNKNOWN_CITY)
    if _text(name, x509.COUNTRY, der.PRINTABLE_STRING) != city.jurisdiction:
        raise _RefusedError(CertificateRefusal.CITY_MISMATCH)
    return city


def _kind(uris: tuple[str, ...]) -> HolderKind:
    ours = [uri for uri in uris if uri.startswith(OUR_URIS)]
    kinds = [_KINDS.get(uri.removeprefix(KIND_URI)) for uri in ours if uri.startswith(KIND_URI)]
    others = [uri for uri in ours if not uri.startswith((KIND_URI, ROLE_URI))]
    if others or len(kinds) != 1 or kinds[0] is None:
        raise _RefusedError(CertificateRefusal.WRONG_PURPOSE)
    return kinds[0]


def _roles(uris: tuple[str, ...]) -> tuple[str, ...]:
    encoded = [uri.removeprefix(ROLE_URI) for uri in uris if uri.startswith(ROLE_URI)]
    try:
        roles = tuple(unquote_to_bytes(role).decode("utf-8") for role in encoded)
    except UnicodeDecodeError:
        raise _RefusedError(CertificateRefusal.BAD_ROLES) from None
    if not are_roles(roles) or [quote(role, safe="") for role in roles] != encoded:
        raise _RefusedError(CertificateRefusal.BAD_ROLES)
    return roles


def _judge_validity(contents: x509.Contents, seconds_max: int) -> None:
    seconds = contents.not_after_s - contents.not_before_s
    if seconds > seconds_max:
        raise _RefusedError(CertificateRefusal.VALIDITY_TOO_LONG)
    if seconds < 0:
        raise _RefusedError(CertificateRefusal.NEVER_VALID)


# ------------------------------------------------------------------------------------------------------------ issuing


def create_authority(city: str, private_key: PrivateKey, not_before_s: int, not_after_s: int) -> Authority:
    """Return the authority of a city (identifier) whose certificate it signs itself. Raises CertificateRefusedError."""
    row = city_by_identifier(city)
    if row is None:
        raise CertificateRefusedError(CertificateRefusal.UNKNOWN_CITY)
    _judge_times(not_before_s, not_after_s)
    name = x509.write_name(
        *_place(row), x509.Attribute(x509.COMMON_NAME, der.UTF8_STRING, f"{row.en} Certificate Authority".encode())
    )
    contents = x509.Contents(
        serial=int.from_bytes(serial_for(private_key.public_key, not_before_s), "big"),
        signature_suite=private_key.suite,
        issuer=name,
        subject=name,
        not_before_s=not_before_s,
        not_after_s=not_after_s,
        suite=private_key.suite,
        public_key=private_key.public_key,
        is_authority=True,
        key_usage=AUTHORITY_USAGE,
        is_limited=False,
        uris=(),
    )
    certificate = _sign(contents, private_key)
    judged = judge_authority(certificate)
    if isinstance(judged, CertificateRefusal):
        raise CertificateRefusedError(judged)
    return Authority(certificate, private_key)


def issue_certificate(
    authority: Authority,
    *,
    kind: HolderKind,
    holder: str,
    name: str,
    roles: tuple[str, ...],
    suite: str,
    public_key: bytes,
    not_before_s: int,
    not_after_s: int,
    serial: bytes | None = None,
) -> bytes:
    """Return the DER of a certificate. Raises CertificateRefusedError for what `judge_certificate` would not accept.

    `public_key`: raw bytes of a sound key of the suite. `serial`: without it, one that follows from the key.
    """
    issuer = judge_authority(authority.certificate)
    if isinstance(issuer, CertificateRefusal):
        raise CertificateRefusedError(issuer)
    _judge_request(holder, name, roles)
    _judge_times(not_before_s, not_after_s)
    if not is_sound_public_key(suite, public_key):
        raise CertificateRefusedError(CertificateRefusal.UNSUPPORTED_KEY)
    city = city_by_identifier(issuer.city)
    assert city is not None, "judge_authority has found it"
    contents = x509.Contents(
        serial=int.from_bytes(serial or serial_for(public_key, not_before_s), "big"),
        signature_suite=authority.private_key.suite,
        issuer=issuer.subject,
        subject=x509.write_name(
            *_place(city),
            x509.Attribute(x509.COMMON_NAME, der.UTF8_STRING, name.encode()),
            x509.Attribute(x509.USER_IDENTIFIER, der.UTF8_STRING, holder.encode()),
        ),
        not_before_s=not_before_s,
        not_after_s=not_after_s,
        suite=suite,
        public_key=public_key,
        is_authority=False,
        key_usage=x509.DIGITAL_SIGNATURE,
        is_limited=False,
        uris=(KIND_URI + KIND_NAMES[kind], *(ROLE_URI + quote(role, safe="") for role in roles)),
    )
    certificate = _sign(contents, authority.private_key)
    judged = judge_certificate(certificate, (authority.certificate,))
    if isinstance(judged, CertificateRefusal):
        raise CertificateRefusedError(judged)
    return certificate


def _judge_request(holder: str, name: str, roles: tuple[str, ...]) -> None:
    """What cannot even be written is refused before it is."""
    if not is_holder(holder) or not is_display_name(name):
        raise CertificateRefusedError(CertificateRefusal.BAD_HOLDER)
    if not are_roles(roles):
        raise CertificateRefusedError(CertificateRefusal.BAD_ROLES)


def _judge_times(not_before_s: int, not_after_s: int) -> None:
    if not 0 <= not_before_s <= not_after_s <= LAST_MOMENT_S:
        raise CertificateRefusedError(CertificateRefusal.NEVER_VALID)


def serial_for(public_key: bytes, not_before_s: int) -> bytes:
    """Return a serial number of 16 bytes that follows from key and time, so that an authority keeps no count."""
    digest = sha256(b"gbalang:serial\0" + not_before_s.to_bytes(8, "big") + public_key).digest()
    return bytes((0x40 | digest[0] & 0x3F,)) + digest[1:16]


def _place(city: City) -> tuple[x509.Attribute, x509.Attribute]:
    return (
        x509.Attribute(x509.COUNTRY, der.PRINTABLE_STRING, city.jurisdiction.encode()),
        x509.Attribute(x509.LOCALITY, der.UTF8_STRING, city.identifier.encode()),
    )


def _sign(contents: x509.Contents, private_key: PrivateKey) -> bytes:
    signed = x509.write_contents(
        contents, _key_identifier(contents.public_key), _key_identifier(private_key.public_key)
    )
    return x509.write_certificate(signed, private_key.suite, sign(private_key.suite, private_key, signed))


def _key_identifier(public_key: bytes) -> bytes:
    """Any unique value will do (RFC 5280, 4.2.1.2); this one is the leftmost 160 bits of SHA-256 of the raw key."""
    return sha256(public_key).digest()[:20]
