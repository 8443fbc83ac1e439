"""X.509 certificates of version 3 as bytes (RFC 5280): reading and writing. Says nothing about trust; standard library.

What is read: the keys and signatures of our suites, names of one attribute a step, and the extensions of EXTENSIONS.
Other extensions pass if they are not critical, so that a city may use the authority software it has.
"""

from __future__ import annotations

from calendar import timegm
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from runtime.crypto import der
from runtime.crypto.der import DerError, NonCanonicalError, Reader, element, object_identifier
from runtime.crypto.points import P256_ORDER, is_sound_ed25519_key, p256_compress, p256_decompress

COUNTRY = object_identifier("2.5.4.6")
LOCALITY = object_identifier("2.5.4.7")
COMMON_NAME = object_identifier("2.5.4.3")
USER_IDENTIFIER = object_identifier("0.9.2342.19200300.100.1.1")
"""uid of RFC 4519. X.520's serialNumber is a PrintableString, which has no underscore."""

SUBJECT_KEY_IDENTIFIER = object_identifier("2.5.29.14")
KEY_USAGE = object_identifier("2.5.29.15")
ALTERNATIVE_NAME = object_identifier("2.5.29.17")
BASIC_CONSTRAINTS = object_identifier("2.5.29.19")
AUTHORITY_KEY_IDENTIFIER = object_identifier("2.5.29.35")
EXTENDED_KEY_USAGE = object_identifier("2.5.29.37")
ANY_EXTENDED_KEY_USAGE = object_identifier("2.5.29.37.0")
EXTENSIONS = (BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE, ALTERNATIVE_NAME)
"""Those whose content is read. Key identifiers are written for other software's sake; here the key itself decides."""

DIGITAL_SIGNATURE, KEY_CERT_SIGN, CRL_SIGN = 1 << 0, 1 << 5, 1 << 6

_ED25519 = element(der.SEQUENCE, object_identifier("1.3.101.112"))
_P256 = element(der.SEQUENCE, object_identifier("1.2.840.10045.2.1"), object_identifier("1.2.840.10045.3.1.7"))
_ECDSA_SHA256 = element(der.SEQUENCE, object_identifier("1.2.840.10045.4.3.2"))
_SUITE_OF_KEY = {_ED25519: "ed25519", _P256: "ecdsa-p256-sha256"}
_SUITE_OF_SIGNATURE = {_ED25519: "ed25519", _ECDSA_SHA256: "ecdsa-p256-sha256"}
_KEY_OF_SUITE = {suite: algorithm for algorithm, suite in _SUITE_OF_KEY.items()}
_SIGNATURE_OF_SUITE = {suite: algorithm for algorithm, suite in _SUITE_OF_SIGNATURE.items()}
"""Algorithm identifiers, whole: RFC 8410, RFC 5480, RFC 5758."""

_VERSION = element(0xA0, der.unsigned(2))
_URI = 0x86
_SERIAL_BYTES_MAX = 20
_EXTENSIONS_MAX = 32


class UnsupportedKeyError(DerError):
    """An algorithm that no suite uses, or a key that is no sound point of its curve."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One step of a name: the attribute's object identifier (whole DER), the tag of its text, the text's bytes."""

    identifier: bytes
    tag: int
    value: bytes


@dataclass(frozen=True, slots=True)
class Contents:
    """What is signed in a certificate.

    `issuer`, `subject`: names as DER, whole. `serial`: positive. Times in Unix seconds. `is_authority`: from the basic
    constraints. `key_usage`: flags such as DIGITAL_SIGNATURE, 0 if absent. `is_limited`: it says that it is for
    something else, by an extended key usage that is not `any` or by a critical extension that is not understood
    (RFC 5280, 4.2). `uris`: of the alternative name, in their order.
    """

    serial: int
    signature_suite: str
    issuer: bytes
    subject: bytes
    not_before_s: int
    not_after_s: int
    suite: str
    public_key: bytes
    is_authority: bool
    key_usage: int
    is_limited: bool
    uris: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that was read.

    `subject`: the steps of its name. `signed`: the bytes under the signature; `signature`: as its suite writes it.
    """

    contents: Contents
    subject: tuple[Attribute, ...]
    signed: bytes
    signature: bytes


# ------------------------------------------------------------------------------------------------------------ reading


def read_certificate(data: bytes) -> Certificate:
    """Read a certificate. Raises DerError or one of its kinds.

    There is one encoding: whoever lacks the issuer's key cannot write other bytes that say the same.
    """
    outer = Reader(data)
    inner = Reader(outer.read(der.SEQUENCE))
    outer.finish()
    signed = inner.read_element(der.SEQUENCE)
    algorithm = inner.read_element(der.SEQUENCE)
    signature = der.read_octets(inner.read(der.BIT_STRING))
    inner.finish()
    contents, inner_algorithm = _read_contents(signed)
    if inner_algorithm != algorithm:
        raise DerError("RFC 5280, 4.1.1.2: both algorithms are the same")
    subject = _read_name(contents.subject)
    return Certificate(contents, subject, signed, _read_signature(contents.signature_suite, signature))


def _read_contents(signed: bytes) -> tuple[Contents, bytes]:
    reader = Reader(Reader(signed).read(der.SEQUENCE))
    if reader.read_element(0xA0) != _VERSION:
        raise DerError("not of version 3")
    serial = der.read_unsigned(reader.read(der.INTEGER))
    if not 0 < serial < 1 << (8 * _SERIAL_BYTES_MAX):
        raise DerError("RFC 5280, 4.1.2.2: a positive number of at most 20 bytes")
    algorithm = reader.read_element(der.SEQUENCE)
    signature_suite = _SUITE_OF_SIGNATURE.get(algorithm)
    issuer = reader.read_element(der.SEQUENCE)
    not_before_s, not_after_s = _read_validity(reader.read(der.SEQUENCE))
    subject = reader.read_element(der.SEQUENCE)
    key = reader.read(der.SEQUENCE)
    extensions, has_unknown_critical = _read_extensions(reader.read(0xA3))
    reader.finish()
    if signature_suite is None:
        raise UnsupportedKeyError("signed under an algorithm that no suite uses")
    suite, public_key = _read_public_key(key)
    contents = Contents(
        serial=serial,
        signature_suite=signature_suite,
        issuer=issuer,
        subject=subject,
        not_before_s=not_before_s,
        not_after_s=not_after_s,
        suite=suite,
        public_key=public_key,
        is_authority=_read_basic_constraints(extensions.get(BASIC_CONSTRAINTS)),
        key_usage=_read_key_usage(extensions.get(KEY_USAGE)),
        is_limited=has_unknown_critical or _read_is_limited(extensions.get(EXTENDED_KEY_USAGE)),
        uris=_read_uris(extensions.get(ALTERNATIVE_NAME)),
    )
    return contents, algorithm


def _read_name(name: bytes) -> tuple[Attribute, ...]:
    """Return the steps of a name, in their order. Raises DerError if a step has more than one attribute."""
    steps = Reader(Reader(name).read(der.SEQUENCE))
    attributes = []
    while not steps.at_end:
        step = Reader(steps.read(der.SET))
        attribute = Reader(step.read(der.SEQUENCE))
        step.finish()
        identifier = attribute.read_element(der.OBJECT_IDENTIFIER)
        attributes.append(Attribute(identifier, *attribute.read_any()))
        attribute.finish()
    return tuple(attributes)


def _read_validity(content: bytes) -> tuple[int, int]:
    reader = Reader(content)
    not_before_s, not_after_s = _read_time(*reader.read_any()), _read_time(*reader.read_any())
    reader.finish()
    return not_before_s, not_after_s


def _read_time(tag: int, content: bytes) -> int:
    """Return Unix seconds. RFC 5280, 4.1.2.5: UTCTime up to 2049, GeneralizedTime from 2050, whole seconds, in UTC."""
    digits = content[:-1]
    if (
        content[-1:] != b"Z"
        or not digits.isdigit()
        or len(digits) != {der.UTC_TIME: 12, der.GENERALIZED_TIME: 14}.get(tag)
    ):
        raise DerError("not a time")
    if tag == der.UTC_TIME:
        digits = (b"20" if digits < b"50" else b"19") + digits
    elif digits < b"2050":
        raise NonCanonicalError("up to 2049 a year has two digits")
    month, day, hour, minute, second = (int(digits[start : start + 2]) for start in range(4, 14, 2))
    try:
        moment = datetime(int(digits[:4]), month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        raise DerError("no such moment") from None
    seconds = timegm(moment.timetuple())
    if seconds < 0:
        raise DerError("before 1970")
    return seconds


def _read_public_key(content: bytes) -> tuple[str, bytes]:
    reader = Reader(content)
    suite = _SUITE_OF_KEY.get(reader.read_element(der.SEQUENCE))
    octets = der.read_octets(reader.read(der.BIT_STRING))
    reader.finish()
    if suite == "ed25519" and is_sound_ed25519_key(octets):
        return suite, octets
    if suite == "ecdsa-p256-sha256" and (compressed := p256_compress(octets)) is not None:
        return suite, compressed
    raise UnsupportedKeyError("no key of a suite")


def _read_signature(suite: str, octets: bytes) -> bytes:
    if suite == "ed25519":
        if len(octets) != 64:
            raise DerError("a signature of Ed25519 has 64 bytes")
        return octets
    reader = Reader(octets)
    numbers = Reader(reader.read(der.SEQUENCE))
    reader.finish()
    r, s = der.read_unsigned(numbers.read(der.INTEGER)), der.read_unsigned(numbers.read(der.INTEGER))
    numbers.finish()
    if not (0 < r < P256_ORDER and 0 < s < P256_ORDER):
        raise DerError("out of range")
    if s > P256_ORDER // 2:
        raise NonCanonicalError("of the two forms of an ECDSA signature the one with the low s counts")
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def _read_extensions(content: bytes) -> tuple[dict[bytes, bytes], bool]:
    """Return the extensions' values, and whether one that is not among EXTENSIONS is critical."""
    outer = Reader(content)
    reader = Reader(outer.read(der.SEQUENCE))
    outer.finish()
    seen: dict[bytes, bytes] = {}
    has_unknown_critical = False
    while not reader.at_end:
        extension = Reader(reader.read(der.SEQUENCE))
        identifier = extension.read_element(der.OBJECT_IDENTIFIER)
        is_critical = extension.next_tag() == der.BOOLEAN and der.read_true(extension.read(der.BOOLEAN))
        value = extension.read(der.OCTET_STRING)
        extension.finish()
        if identifier in seen or len(seen) == _EXTENSIONS_MAX:
            raise NonCanonicalError("an extension twice, or more than 32 of them")
        seen[identifier] = value
        has_unknown_critical |= is_critical and identifier not in EXTENSIONS
    return seen, has_unknown_critical


def _read_basic_constraints(value: bytes | None) -> bool:
    if value is None:
        return False
    outer = Reader(value)
    reader = Reader(outer.read(der.SEQUENCE))
    outer.finish()
    is_authority = reader.next_tag() == der.BOOLEAN and der.read_true(reader.read(der.BOOLEAN))
    if is_authority and reader.next_tag() == der.INTEGER:
        der.read_unsigned(reader.read(der.INTEGER))  # the length of a path does not matter: there are no paths here
    reader.finish()
    return is_authority


def _read_key_usage(value: bytes | None) -> int:
    if value is None:
        return 0
    reader = Reader(value)
    key_usage = der.read_flags(reader.read(der.BIT_STRING))
    reader.finish()
    return key_usage


def _read_is_limited(value: bytes | None) -> bool:
    if value is None:
        return False
    outer = Reader(value)
    reader = Reader(outer.read(der.SEQUENCE))
    outer.finish()
    purposes = []
    while not reader.at_end:
        purposes.append(reader.read_element(der.OBJECT_IDENTIFIER))
    return ANY_EXTENDED_KEY_USAGE not in purposes


def _read_uris(value: bytes | None) -> tuple[str, ...]:
    if value is None:
        return ()
    outer = Reader(value)
    reader = Reader(outer.read(der.SEQUENCE))
    outer.finish()
    uris = []
    while not reader.at_end:
        tag, content = reader.read_any()
        if tag == _URI:
            if not content.isascii():
                raise DerError("RFC 5280, 4.2.1.6: a URI is ASCII")
            uris.append(content.decode("ascii"))
    return tuple(uris)


# ------------------------------------------------------------------------------------------------------------ writing


def write_contents(contents: Contents, subject_key_identifier: bytes, authority_key_identifier: bytes) -> bytes:
    """Return the bytes that the issuer signs. The identifiers of the keys are those of RFC 7093, method 1.

    `is_limited` must be False: certificates of the ledger have no extended key usage.
    """
    assert not contents.is_limited
    extensions = [
        _extension(BASIC_CONSTRAINTS, element(der.SEQUENCE, _authority_constraints(contents)), critical=True),
        _extension(KEY_USAGE, der.flags(contents.key_usage), critical=True),
        _extension(SUBJECT_KEY_IDENTIFIER, element(der.OCTET_STRING, subject_key_identifier)),
        _extension(AUTHORITY_KEY_IDENTIFIER, element(der.SEQUENCE, element(0x80, authority_key_identifier))),
    ]
    if contents.uris:
        names = [element(_URI, uri.encode("ascii")) for uri in contents.uris]
        extensions.append(_extension(ALTERNATIVE_NAME, element(der.SEQUENCE, *names)))
    return element(
        der.SEQUENCE,
        _VERSION,
        der.unsigned(contents.serial),
        _SIGNATURE_OF_SUITE[contents.signature_suite],
        contents.issuer,
        element(der.SEQUENCE, _time(contents.not_before_s), _time(contents.not_after_s)),
        contents.subject,
        _public_key(contents.suite, contents.public_key),
        element(0xA3, element(der.SEQUENCE, *extensions)),
    )


def write_certificate(signed: bytes, suite: str, signature: bytes) -> bytes:
    """Return the certificate made of what was signed and the signature, given as its suite writes it."""
    octets = signature
    if suite == "ecdsa-p256-sha256":
        numbers = (int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
        octets = element(der.SEQUENCE, *(der.unsigned(number) for number in numbers))
    return element(der.SEQUENCE, signed, _SIGNATURE_OF_SUITE[suite], der.octets_as_bits(octets))


def write_name(*attributes: Attribute) -> bytes:
    """Return a name of one attribute a step, as DER."""
    return element(
        der.SEQUENCE,
        *(
            element(der.SET, element(der.SEQUENCE, attribute.identifier, element(attribute.tag, attribute.value)))
            for attribute in attributes
        ),
    )


def _authority_constraints(contents: Contents) -> bytes:
    """An authority issues to holders alone, never to another authority: the path's length is 0."""
    return element(der.BOOLEAN, b"\xff") + der.unsigned(0) if contents.is_authority else b""


def _extension(identifier: bytes, value: bytes, *, critical: bool = False) -> bytes:
    criticality = element(der.BOOLEAN, b"\xff") if critical else b""
    return element(der.SEQUENCE, identifier, criticality, element(der.OCTET_STRING, value))


def _time(seconds: int) -> bytes:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    digits = f"{moment.year:04}{moment.month:02}{moment.day:02}{moment.hour:02}{moment.minute:02}{moment.second:02}Z"
    if moment.year < 2050:
        return element(der.UTC_TIME, digits[2:].encode("ascii"))
    return element(der.GENERALIZED_TIME, digits.encode("ascii"))


def _public_key(suite: str, public_key: bytes) -> bytes:
    octets = p256_decompress(public_key) if suite == "ecdsa-p256-sha256" else public_key
    assert octets is not None, "keys are sound before they are written"
    return element(der.SEQUENCE, _KEY_OF_SUITE[suite], der.octets_as_bits(octets))
