"""Every reason for which a certificate is not acceptable is produced here; nothing raises, whatever the bytes are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509 as library
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given
from hypothesis import strategies as st

from runtime.certificates import (
    AUTHORITY_VALIDITY_SECONDS_MAX,
    KIND_NAMES,
    VALIDITY_SECONDS_MAX,
    CertificateFields,
    CertificateRefusal,
    HolderKind,
    judge_time,
    judge_use,
)
from runtime.cities import CITIES
from runtime.crypto import der, x509
from runtime.crypto.authority import (
    AUTHORITY_USAGE,
    CertificateRefusedError,
    create_authority,
    issue_certificate,
    judge_authority,
    judge_certificate,
)
from runtime.crypto.points import P256_ORDER
from runtime.limits import CERTIFICATE_BYTES_MAX
from tests.unit.crypto.makers import (
    ED25519,
    P256,
    START_S,
    YEAR_S,
    authority_of,
    certificate_of,
    country,
    forge,
    holder_key,
    make_key,
    seal,
    signed_by,
    subject,
    text,
)

AUTHORITIES = tuple(authority_of(city.identifier).certificate for city in CITIES)
GUANGZHOU = authority_of("Guangzhou")
NAME, HOLDER = text(x509.COMMON_NAME, "Tax Bureau"), text(x509.USER_IDENTIFIER, "tax-bureau")
CHINA, PLACE = country("CN"), text(x509.LOCALITY, "Guangzhou")
Forgery = Callable[[], bytes]


def judge(certificate: bytes) -> CertificateFields | CertificateRefusal:
    return judge_certificate(certificate, AUTHORITIES)


def with_subject(*attributes: tuple[bytes, int, bytes]) -> Forgery:
    return lambda: forge(lambda contents: replace(contents, subject=subject(*attributes)))


def with_uris(*uris: str) -> Forgery:
    return lambda: forge(lambda contents: replace(contents, uris=uris))


def with_usage(key_usage: int) -> Forgery:
    return lambda: forge(lambda contents: replace(contents, key_usage=key_usage))


def with_times(not_before_s: int, not_after_s: int) -> Forgery:
    return lambda: forge(lambda contents: replace(contents, not_before_s=not_before_s, not_after_s=not_after_s))


def with_key_of(suite: str, public_key: bytes) -> Forgery:
    return lambda: forge(lambda contents: replace(contents, suite=suite, public_key=public_key))


def replaced(old: bytes, new: bytes) -> Forgery:
    """The good certificate with other bytes under the authority's signature; old and new have the same length."""
    to_sign = x509.read_certificate(certificate_of()).signed
    assert to_sign.count(old) == 1
    assert len(old) == len(new)
    return lambda: seal(to_sign.replace(old, new))


def unknown_issuer() -> bytes:
    return signed_by(
        replace(
            x509.read_certificate(certificate_of()).contents,
            issuer=subject(country("CN"), text(x509.LOCALITY, "Beijing"), text(x509.COMMON_NAME, "Authority")),
        ),
        make_key(ED25519, "Beijing"),
    )


def high_s() -> bytes:
    certificate = x509.read_certificate(certificate_of(authority_suite=P256))
    r, s = certificate.signature[:32], int.from_bytes(certificate.signature[32:], "big")
    return x509.write_certificate(certificate.signed, P256, r + (P256_ORDER - s).to_bytes(32, "big"))


def long_form_length() -> bytes:
    """The signature's BIT STRING (65 bytes) with its length in two bytes."""
    signed = x509.read_certificate(certificate_of()).signed
    rest = certificate_of()[4 + len(signed) :]
    marker = rest.index(b"\x03\x41\x00")
    return der.element(der.SEQUENCE, signed, rest[:marker], b"\x03\x81\x41", rest[marker + 2 :])


def built(builder: library.CertificateBuilder) -> bytes:
    """Sign what another software wrote with Guangzhou's authority."""
    native = GUANGZHOU.private_key.native
    assert not isinstance(native, ec.EllipticCurvePrivateKey)
    return builder.sign(native, None).public_bytes(Encoding.DER)


def other_software(public_key: Ed25519PublicKey | rsa.RSAPublicKey | None = None) -> library.CertificateBuilder:
    native = holder_key().native
    issuer = library.load_der_x509_certificate(GUANGZHOU.certificate).subject
    place = [
        library.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
        library.NameAttribute(NameOID.STATE_OR_PROVINCE_NAME, "Guangdong"),
        library.NameAttribute(NameOID.LOCALITY_NAME, "Guangzhou"),
    ]
    person = [
        library.NameAttribute(NameOID.COMMON_NAME, "Tax Bureau"),
        library.NameAttribute(NameOID.USER_ID, "tax-bureau"),
    ]
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return (
        library.CertificateBuilder()
        .subject_name(library.Name(place + person))
        .issuer_name(issuer)
        .public_key(native.public_key() if public_key is None else public_key)
        .serial_number(4_711)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365))
        .add_extension(
            library.SubjectAlternativeName(
                [
                    library.RFC822Name("bureau@example.org"),
                    library.UniformResourceIdentifier("urn:gbalang:kind:department"),
                    library.UniformResourceIdentifier("https://example.org/"),
                    library.UniformResourceIdentifier("urn:gbalang:role:tax_bureau"),
                ]
            ),
            critical=False,
        )
    )


def usage(**chosen: bool) -> library.KeyUsage:
    names = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign crl_sign"
    )
    flags = dict.fromkeys((*names.split(), "encipher_only", "decipher_only"), False)
    return library.KeyUsage(**{**flags, **chosen})


SIGNING = usage(digital_signature=True)

REFUSED: list[tuple[str, Forgery, CertificateRefusal]] = [
    ("one byte too large", lambda: bytes(CERTIFICATE_BYTES_MAX + 1), CertificateRefusal.TOO_LARGE),
    ("nothing", lambda: b"", CertificateRefusal.UNPARSEABLE),
    ("zeros", lambda: bytes(100), CertificateRefusal.UNPARSEABLE),
    ("an empty sequence", lambda: b"\x30\x00", CertificateRefusal.UNPARSEABLE),
    ("cut off", lambda: certificate_of()[:-1], CertificateRefusal.UNPARSEABLE),
    ("a byte left over", lambda: certificate_of() + b"\0", CertificateRefusal.UNPARSEABLE),
    ("PEM", lambda: b"-----BEGIN CERTIFICATE-----", CertificateRefusal.UNPARSEABLE),
    ("version 1", replaced(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x00"), CertificateRefusal.UNPARSEABLE),
    ("a 13th month", replaced(b"260101000000Z", b"261301000000Z"), CertificateRefusal.UNPARSEABLE),
    ("a time without Z", replaced(b"260101000000Z", b"2601010000000"), CertificateRefusal.UNPARSEABLE),
    ("before 1970", replaced(b"260101000000Z", b"690101000000Z"), CertificateRefusal.UNPARSEABLE),
    ("a high s", high_s, CertificateRefusal.NON_CANONICAL),
    ("a length in two bytes", long_form_length, CertificateRefusal.NON_CANONICAL),
    ("an indefinite length", lambda: b"\x30\x80\x00\x00", CertificateRefusal.NON_CANONICAL),
    (
        "TRUE written as 01",
        replaced(b"\x06\x03\x55\x1d\x0f\x01\x01\xff", b"\x06\x03\x55\x1d\x0f\x01\x01\x01"),
        CertificateRefusal.NON_CANONICAL,
    ),
    (
        "an extension twice",  # the authority key identifier becomes a second subject key identifier
        replaced(b"\x06\x03\x55\x1d\x23", b"\x06\x03\x55\x1d\x0e"),
        CertificateRefusal.NON_CANONICAL,
    ),
    (
        "an Ed25519 key of small order",
        with_key_of(ED25519, (1).to_bytes(32, "little")),
        CertificateRefusal.UNSUPPORTED_KEY,
    ),
    (
        "an RSA key",
        lambda: built(
            other_software(rsa.generate_private_key(65_537, 2_048).public_key()).add_extension(SIGNING, critical=True)
        ),
        CertificateRefusal.UNSUPPORTED_KEY,
    ),
    ("an unknown issuer", unknown_issuer, CertificateRefusal.UNKNOWN_ISSUER),
    (
        "signed with its own key in the authority's name",
        lambda: forge(lambda contents: contents, holder_key()),
        CertificateRefusal.SELF_MADE,
    ),
    (
        "signed with its own key in its own name",
        lambda: forge(lambda contents: replace(contents, issuer=contents.subject), holder_key()),
        CertificateRefusal.SELF_MADE,
    ),
    (
        "an authority of nobody",
        lambda: authority_of("Guangzhou", label="imposter").certificate,
        CertificateRefusal.SELF_MADE,
    ),
    (
        "signed by someone else in the authority's name",
        lambda: forge(lambda contents: contents, make_key(ED25519, "imposter")),
        CertificateRefusal.BAD_ISSUER_SIGNATURE,
    ),
    (
        "signed by someone else under the other suite",
        lambda: forge(lambda contents: contents, make_key(P256, "imposter")),
        CertificateRefusal.BAD_ISSUER_SIGNATURE,
    ),
    ("an authority as signer", lambda: GUANGZHOU.certificate, CertificateRefusal.WRONG_PURPOSE),
    ("no digital signature", with_usage(1 << 2), CertificateRefusal.WRONG_PURPOSE),
    (
        "may sign certificates",
        with_usage(x509.DIGITAL_SIGNATURE | x509.KEY_CERT_SIGN),
        CertificateRefusal.WRONG_PURPOSE,
    ),
    ("may sign lists", with_usage(x509.DIGITAL_SIGNATURE | x509.CRL_SIGN), CertificateRefusal.WRONG_PURPOSE),
    ("no key usage", lambda: built(other_software()), CertificateRefusal.WRONG_PURPOSE),
    ("no kind", with_uris(), CertificateRefusal.WRONG_PURPOSE),
    ("an unknown kind", with_uris("urn:gbalang:kind:robot"), CertificateRefusal.WRONG_PURPOSE),
    ("two kinds", with_uris("urn:gbalang:kind:person", "urn:gbalang:kind:person"), CertificateRefusal.WRONG_PURPOSE),
    (
        "something unknown of ours",
        with_uris("urn:gbalang:kind:person", "urn:gbalang:x"),
        CertificateRefusal.WRONG_PURPOSE,
    ),
    (
        "the authority's own key",
        with_key_of(ED25519, GUANGZHOU.private_key.public_key),
        CertificateRefusal.WRONG_PURPOSE,
    ),
    (
        "for servers alone",
        lambda: built(
            other_software()
            .add_extension(SIGNING, critical=True)
            .add_extension(library.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        ),
        CertificateRefusal.WRONG_PURPOSE,
    ),
    (
        "a critical extension that is not understood",
        lambda: built(
            other_software()
            .add_extension(SIGNING, critical=True)
            .add_extension(
                library.UnrecognizedExtension(library.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), critical=True
            )
        ),
        CertificateRefusal.WRONG_PURPOSE,
    ),
    ("no city", with_subject(CHINA, NAME, HOLDER), CertificateRefusal.UNKNOWN_CITY),
    ("Beijing", with_subject(CHINA, text(x509.LOCALITY, "Beijing"), NAME, HOLDER), CertificateRefusal.UNKNOWN_CITY),
    ("two cities", with_subject(CHINA, PLACE, PLACE, NAME, HOLDER), CertificateRefusal.UNKNOWN_CITY),
    (
        "another city",
        with_subject(CHINA, text(x509.LOCALITY, "Shenzhen"), NAME, HOLDER),
        CertificateRefusal.CITY_MISMATCH,
    ),
    ("another jurisdiction", with_subject(country("HK"), PLACE, NAME, HOLDER), CertificateRefusal.CITY_MISMATCH),
    ("no jurisdiction", with_subject(PLACE, NAME, HOLDER), CertificateRefusal.CITY_MISMATCH),
    ("no holder", with_subject(CHINA, PLACE, NAME), CertificateRefusal.BAD_HOLDER),
    ("no name", with_subject(CHINA, PLACE, HOLDER), CertificateRefusal.BAD_HOLDER),
    (
        "a holder with a slash",
        with_subject(CHINA, PLACE, NAME, text(x509.USER_IDENTIFIER, "a/b")),
        CertificateRefusal.BAD_HOLDER,
    ),
    (
        "a department that is called like the city",
        with_subject(CHINA, PLACE, NAME, text(x509.USER_IDENTIFIER, "Guangzhou")),
        CertificateRefusal.BAD_HOLDER,
    ),
    ("a city that is called otherwise", with_uris("urn:gbalang:kind:city"), CertificateRefusal.BAD_HOLDER),
    (
        "a name that turns the direction of reading",
        with_subject(CHINA, PLACE, text(x509.COMMON_NAME, "a\u202eb"), HOLDER),
        CertificateRefusal.BAD_HOLDER,
    ),
    (
        "a name that is no UTF-8",
        with_subject(CHINA, PLACE, (x509.COMMON_NAME, der.UTF8_STRING, b"\xff"), HOLDER),
        CertificateRefusal.BAD_HOLDER,
    ),
    (
        "a holder as another kind of text",
        with_subject(CHINA, PLACE, NAME, (x509.USER_IDENTIFIER, der.PRINTABLE_STRING, b"tax-bureau")),
        CertificateRefusal.BAD_HOLDER,
    ),
    (
        "roles not in order",
        with_uris("urn:gbalang:kind:person", "urn:gbalang:role:b", "urn:gbalang:role:a"),
        CertificateRefusal.BAD_ROLES,
    ),
    (
        "a role twice",
        with_uris("urn:gbalang:kind:person", "urn:gbalang:role:a", "urn:gbalang:role:a"),
        CertificateRefusal.BAD_ROLES,
    ),
    ("an empty role", with_uris("urn:gbalang:kind:person", "urn:gbalang:role:"), CertificateRefusal.BAD_ROLES),
    (
        "a role encoded needlessly",
        with_uris("urn:gbalang:kind:person", "urn:gbalang:role:%61"),
        CertificateRefusal.BAD_ROLES,
    ),
    (
        "a role that is no UTF-8",
        with_uris("urn:gbalang:kind:person", "urn:gbalang:role:%FF"),
        CertificateRefusal.BAD_ROLES,
    ),
    (
        "a second longer than allowed",
        with_times(START_S, START_S + VALIDITY_SECONDS_MAX + 1),
        CertificateRefusal.VALIDITY_TOO_LONG,
    ),
    ("before its authority", with_times(START_S - 1, START_S + YEAR_S), CertificateRefusal.VALIDITY_TOO_LONG),
    (
        "after its authority",
        with_times(START_S + AUTHORITY_VALIDITY_SECONDS_MAX - YEAR_S, START_S + AUTHORITY_VALIDITY_SECONDS_MAX + 1),
        CertificateRefusal.VALIDITY_TOO_LONG,
    ),
    ("ends before it begins", with_times(START_S + 1, START_S), CertificateRefusal.NEVER_VALID),
]


@pytest.mark.parametrize(("forgery", "refusal"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_certificate_is_refused(forgery: Forgery, refusal: CertificateRefusal) -> None:
    assert judge(forgery()) is refusal


def test_every_refusal_is_produced() -> None:
    fields = judge(certificate_of())
    assert isinstance(fields, CertificateFields)
    of_use = {
        judge_time(fields, START_S - 1),
        judge_time(fields, START_S + YEAR_S + 1),
        judge_use(fields, START_S, START_S),
    }
    assert {refusal for _, _, refusal in REFUSED} | of_use == set(CertificateRefusal)


# --------------------------------------------------------------------------------------------------------- acceptance


@pytest.mark.parametrize("suite", [ED25519, P256])
@pytest.mark.parametrize("authority_suite", [ED25519, P256])
def test_a_certificate_says_what_was_issued(suite: str, authority_suite: str) -> None:
    authority = authority_of("Guangzhou", authority_suite)
    certificate = certificate_of("Guangzhou", suite, authority_suite)
    fields = judge_certificate(certificate, (*AUTHORITIES, authority.certificate))
    assert isinstance(fields, CertificateFields)
    sha256 = hashes.SHA256()
    seen = library.load_der_x509_certificate(certificate)
    assert fields == CertificateFields(
        fingerprint=seen.fingerprint(sha256),
        kind=HolderKind.DEPARTMENT,
        city="Guangzhou",
        holder="tax-bureau",
        name="廣州市稅務局",
        roles=("tax_bureau", "稅務 局"),
        suite=suite,
        public_key=holder_key(suite).public_key,
        issuer_fingerprint=library.load_der_x509_certificate(authority.certificate).fingerprint(sha256),
        serial=seen.serial_number.to_bytes(16, "big"),
        not_before_s=START_S,
        not_after_s=START_S + YEAR_S,
    )


@pytest.mark.parametrize("authority_suite", [ED25519, P256])
def test_another_software_reads_our_certificates(authority_suite: str) -> None:
    seen = library.load_der_x509_certificate(certificate_of(suite=P256, authority_suite=authority_suite))
    issuer = library.load_der_x509_certificate(authority_of("Guangzhou", authority_suite).certificate)
    seen.verify_directly_issued_by(issuer)
    issuer.verify_directly_issued_by(issuer)
    assert seen.subject.rfc4514_string() == "UID=tax-bureau,CN=廣州市稅務局,L=Guangzhou,C=CN"
    assert seen.not_valid_before_utc == datetime(2026, 1, 1, tzinfo=UTC)
    assert seen.not_valid_after_utc == datetime(2027, 1, 1, tzinfo=UTC)
    assert seen.extensions.get_extension_for_class(library.KeyUsage).value == SIGNING
    assert not seen.extensions.get_extension_for_class(library.BasicConstraints).value.ca
    names = seen.extensions.get_extension_for_class(library.SubjectAlternativeName).value
    assert names.get_values_for_type(library.UniformResourceIdentifier) == [
        "urn:gbalang:kind:department",
        "urn:gbalang:role:tax_bureau",
        "urn:gbalang:role:%E7%A8%85%E5%8B%99%20%E5%B1%80",
    ]
    constraints = issuer.extensions.get_extension_for_class(library.BasicConstraints).value
    assert (constraints.ca, constraints.path_length) == (True, 0)
    own = issuer.extensions.get_extension_for_class(library.SubjectKeyIdentifier).value.digest
    assert seen.extensions.get_extension_for_class(library.AuthorityKeyIdentifier).value.key_identifier == own


def test_a_certificate_of_another_software_is_accepted() -> None:
    certificate = built(
        other_software()
        .add_extension(usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(library.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(library.ExtendedKeyUsage([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE]), critical=False)
        .add_extension(library.UnrecognizedExtension(library.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), critical=False)
    )
    fields = judge(certificate)
    assert isinstance(fields, CertificateFields)
    assert (fields.reference, fields.roles, fields.serial) == ("Guangzhou/tax-bureau", ("tax_bureau",), b"\x12\x67")


def test_a_high_s_is_a_valid_signature_to_others() -> None:
    """Otherwise the refusal above would say nothing: the same certificate would have two fingerprints."""
    issuer = library.load_der_x509_certificate(authority_of("Guangzhou", P256).certificate)
    library.load_der_x509_certificate(high_s()).verify_directly_issued_by(issuer)


def test_a_longest_certificate_is_accepted() -> None:
    fields = judge(with_times(START_S, START_S + VALIDITY_SECONDS_MAX)())
    assert isinstance(fields, CertificateFields)


@pytest.mark.parametrize("kind", list(HolderKind))
def test_every_kind_can_be_issued(kind: HolderKind) -> None:
    holder = "Guangzhou" if kind is HolderKind.CITY else "someone"
    certificate = issue(kind=kind, holder=holder)
    fields = judge(certificate)
    assert isinstance(fields, CertificateFields)
    assert fields.kind is kind
    assert f"urn:gbalang:kind:{KIND_NAMES[kind]}".encode() in certificate


def test_years_from_2050_have_four_digits() -> None:
    """RFC 5280, 4.1.2.5."""
    start_s = int(datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp())
    authority = create_authority("Macao", make_key(ED25519, "late"), start_s, start_s + YEAR_S)
    assert b"\x17\x0d491231235959Z" in authority.certificate
    assert b"\x18\x0f20501231235959Z" in authority.certificate
    fields = judge_authority(authority.certificate)
    assert not isinstance(fields, CertificateRefusal)
    assert (fields.city, fields.not_before_s, fields.not_after_s) == ("Macao", start_s, start_s + YEAR_S)


def test_years_before_2050_have_two_digits_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(x509, "_time", lambda _: der.element(der.GENERALIZED_TIME, b"20260601000000Z"))
    assert judge(forge(lambda contents: contents)) is CertificateRefusal.NON_CANONICAL


def test_after_a_change_of_the_authoritys_key_both_issue() -> None:
    old, new = authority_of("Zhuhai"), authority_of("Zhuhai", label="new authority")
    for authority in (old, new):
        certificate = issue_certificate(
            authority,
            kind=HolderKind.PERSON,
            holder="someone",
            name="Someone",
            roles=(),
            suite=ED25519,
            public_key=holder_key().public_key,
            not_before_s=START_S,
            not_after_s=START_S + YEAR_S,
        )
        fields = judge_certificate(certificate, (old.certificate, new.certificate))
        assert isinstance(fields, CertificateFields)
        assert fields.issuer_fingerprint == hashes_of(authority.certificate)


def hashes_of(certificate: bytes) -> bytes:
    return library.load_der_x509_certificate(certificate).fingerprint(hashes.SHA256())


# ------------------------------------------------------------------------------------------------------------ issuing


def issue(
    kind: HolderKind = HolderKind.PERSON,
    holder: str = "someone",
    name: str = "Someone",
    roles: tuple[str, ...] = (),
    public_key: bytes | None = None,
    not_before_s: int = START_S,
    not_after_s: int = START_S + YEAR_S,
    serial: bytes | None = None,
) -> bytes:
    return issue_certificate(
        GUANGZHOU,
        kind=kind,
        holder=holder,
        name=name,
        roles=roles,
        suite=ED25519,
        public_key=holder_key().public_key if public_key is None else public_key,
        not_before_s=not_before_s,
        not_after_s=not_after_s,
        serial=serial,
    )


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (lambda: issue(holder="a/b"), CertificateRefusal.BAD_HOLDER),
        (lambda: issue(name="\ud800"), CertificateRefusal.BAD_HOLDER),
        (lambda: issue(kind=HolderKind.CITY), CertificateRefusal.BAD_HOLDER),
        (lambda: issue(roles=("b", "a")), CertificateRefusal.BAD_ROLES),
        (lambda: issue(public_key=bytes(32)), CertificateRefusal.UNSUPPORTED_KEY),
        (lambda: issue(public_key=GUANGZHOU.private_key.public_key), CertificateRefusal.WRONG_PURPOSE),
        (lambda: issue(not_before_s=-1), CertificateRefusal.NEVER_VALID),
        (lambda: issue(not_after_s=10**15), CertificateRefusal.NEVER_VALID),
        (lambda: issue(not_after_s=START_S - 1), CertificateRefusal.NEVER_VALID),
        (lambda: issue(not_after_s=START_S + 6 * YEAR_S), CertificateRefusal.VALIDITY_TOO_LONG),
        (lambda: issue(serial=bytes(20) + b"\0"), CertificateRefusal.UNPARSEABLE),
        (lambda: issue(serial=b"\x01" * 21), CertificateRefusal.UNPARSEABLE),
        (lambda: create("Beijing", 0, YEAR_S), CertificateRefusal.UNKNOWN_CITY),
        (lambda: create("Macao", 0, AUTHORITY_VALIDITY_SECONDS_MAX + 1), CertificateRefusal.VALIDITY_TOO_LONG),
    ],
)
def test_what_would_be_refused_is_not_issued(wrong: Callable[[], object], refusal: CertificateRefusal) -> None:
    with pytest.raises(CertificateRefusedError) as caught:
        wrong()
    assert caught.value.refusal is refusal


def create(city: str, not_before_s: int, not_after_s: int) -> object:
    return create_authority(city, make_key(ED25519, "new"), not_before_s, not_after_s)


def test_the_same_keys_and_times_give_the_same_bytes() -> None:
    for suite in (ED25519, P256):
        first, second = (
            create_authority("Foshan", make_key(suite, "again"), START_S, START_S + YEAR_S) for _ in range(2)
        )
        assert first.certificate == second.certificate


# -------------------------------------------------------------------------------------------------------- authorities


def authority_contents() -> x509.Contents:
    return x509.read_certificate(GUANGZHOU.certificate).contents


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"issuer": subject(CHINA)}, CertificateRefusal.UNKNOWN_ISSUER),
        ({"public_key": holder_key().public_key}, CertificateRefusal.BAD_ISSUER_SIGNATURE),
        ({"is_authority": False}, CertificateRefusal.WRONG_PURPOSE),
        ({"key_usage": x509.KEY_CERT_SIGN}, CertificateRefusal.WRONG_PURPOSE),
        ({"key_usage": AUTHORITY_USAGE | x509.DIGITAL_SIGNATURE}, CertificateRefusal.WRONG_PURPOSE),
        ({"not_after_s": START_S + AUTHORITY_VALIDITY_SECONDS_MAX + 1}, CertificateRefusal.VALIDITY_TOO_LONG),
        ({"not_after_s": START_S - 1}, CertificateRefusal.NEVER_VALID),
    ],
)
def test_an_authority_is_refused_and_vouches_for_nobody(change: dict[str, object], refusal: CertificateRefusal) -> None:
    contents = replace(authority_contents(), **change)  # type: ignore[arg-type]  # each row names a field of its type
    certificate = signed_by(contents, GUANGZHOU.private_key)
    assert judge_authority(certificate) is refusal
    assert judge_certificate(certificate_of(), (certificate,)) is CertificateRefusal.UNKNOWN_ISSUER


def test_garbage_among_the_authorities_vouches_for_nobody() -> None:
    assert judge_certificate(certificate_of(), ()) is CertificateRefusal.UNKNOWN_ISSUER
    assert judge_certificate(certificate_of(), (b"", b"garbage")) is CertificateRefusal.UNKNOWN_ISSUER
    assert isinstance(judge_certificate(certificate_of(), (b"", GUANGZHOU.certificate)), CertificateFields)


# ------------------------------------------------------------------------------------------------------------ hostile


@given(st.binary(max_size=400))
def test_garbage_is_refused_and_never_raises(garbage: bytes) -> None:
    assert isinstance(judge(garbage), CertificateRefusal)
    assert isinstance(judge_authority(garbage), CertificateRefusal)


@pytest.mark.parametrize("authority_suite", [ED25519, P256])
def test_no_certificate_with_one_byte_changed_is_accepted(authority_suite: str) -> None:
    """Whoever lacks the authority's key cannot write other bytes that pass: a fingerprint stands for a certificate."""
    good = certificate_of(authority_suite=authority_suite)
    authorities = (authority_of("Guangzhou", authority_suite).certificate,)
    assert isinstance(judge_certificate(good, authorities), CertificateFields)
    for index in range(len(good)):
        changed = bytearray(good)
        changed[index] ^= 1 << (index % 8)
        assert isinstance(judge_certificate(bytes(changed), authorities), CertificateRefusal)


@given(st.data())
def test_changed_bytes_under_a_good_signature_are_refused_or_mean_what_others_read(data: st.DataObject) -> None:
    """The authority itself may be hostile: what it signs reaches the deepest parts of the reader."""
    to_sign = bytearray(x509.read_certificate(certificate_of()).signed)
    for _ in range(data.draw(st.integers(1, 3), "changes")):
        index = data.draw(st.integers(0, len(to_sign) - 1), "index")
        to_sign[index : index + data.draw(st.integers(0, 2), "removed")] = data.draw(st.binary(max_size=2), "added")
    certificate = seal(bytes(to_sign))
    fields = judge(certificate)
    judge_authority(certificate)
    if isinstance(fields, CertificateFields):
        seen = library.load_der_x509_certificate(certificate)
        names = {attribute.oid: attribute.value for attribute in seen.subject}
        assert (names[NameOID.USER_ID], names[NameOID.COMMON_NAME]) == (fields.holder, fields.name)
        assert seen.serial_number == int.from_bytes(fields.serial, "big")
        assert int(seen.not_valid_before_utc.timestamp()) == fields.not_before_s
        assert int(seen.not_valid_after_utc.timestamp()) == fields.not_after_s
        assert seen.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw) == fields.public_key
