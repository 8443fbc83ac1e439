"""What a certificate's fields may say, and when it may be used."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runtime.certificates import (
    CertificateFields,
    CertificateRefusal,
    HolderKind,
    are_roles,
    is_display_name,
    is_holder,
    is_role,
    judge_time,
    judge_use,
)
from runtime.signing import signing_message

FIELDS = CertificateFields(
    fingerprint=bytes(32),
    kind=HolderKind.DEPARTMENT,
    city="Guangzhou",
    holder="tax-bureau",
    name="廣州市稅務局",
    roles=("tax_bureau",),
    suite="ed25519",
    public_key=bytes(32),
    issuer_fingerprint=bytes(32),
    serial=b"\x01",
    not_before_s=1_000,
    not_after_s=2_000,
)


def test_a_reference_names_the_city_and_the_holder() -> None:
    assert FIELDS.reference == "Guangzhou/tax-bureau"
    assert replace(FIELDS, kind=HolderKind.CITY, holder="Guangzhou").reference == "Guangzhou"


@pytest.mark.parametrize(
    ("time_s", "refusal"),
    [
        (999, CertificateRefusal.NOT_YET_VALID),
        (1_000, None),
        (2_000, None),
        (2_001, CertificateRefusal.EXPIRED),
    ],
)
def test_both_ends_of_the_validity_belong_to_it(time_s: int, refusal: CertificateRefusal | None) -> None:
    """RFC 5280, 4.1.2.5: from notBefore through notAfter, inclusive."""
    assert judge_time(FIELDS, time_s) is refusal
    assert judge_use(FIELDS, None, time_s) is refusal


def test_a_revoked_certificate_stays_good_for_what_was_signed_before() -> None:
    assert judge_use(FIELDS, 1_500, 1_499) is None
    assert judge_use(FIELDS, 1_500, 1_500) is CertificateRefusal.REVOKED
    assert judge_use(FIELDS, 1_500, 2_001) is CertificateRefusal.EXPIRED


@pytest.mark.parametrize("text", ["a", "tax-bureau", "Chan_Tai-Man_1", "0", "x" * 64])
def test_holders(text: str) -> None:
    assert is_holder(text)


@pytest.mark.parametrize("text", ["", "x" * 65, "a b", "a/b", "..", "稅", "é", "a\n", "\uff41", "a\0"])
def test_what_cannot_be_a_holder(text: str) -> None:
    assert not is_holder(text)


@pytest.mark.parametrize("text", ["陳大文", "João da Silva", "Tax Bureau", "名" * 64, "𠮷田", "O'Neill (II)"])
def test_display_names(text: str) -> None:
    assert is_display_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " a",
        "a ",
        "名" * 65,
        "a\nb",
        "a\tb",
        "a\x7f",
        "a\u202eb",
        "a\u200bb",
        "a\u2066b",
        "\ufeffa",
        "a\u00a0b",
        "\ud800",
    ],
)
def test_what_cannot_be_shown_as_a_name(text: str) -> None:
    assert not is_display_name(text)
    assert not is_role(text)


@pytest.mark.parametrize("roles", [(), ("a",), ("a", "b"), ("tax_bureau", "稅務 局"), tuple("abcdefghijklmnop")])
def test_roles(roles: tuple[str, ...]) -> None:
    assert are_roles(roles)


@pytest.mark.parametrize("roles", [("b", "a"), ("a", "a"), ("",), ("a", " b"), ("x" * 61,), tuple("abcdefghijklmnopq")])
def test_what_cannot_be_roles(roles: tuple[str, ...]) -> None:
    assert not are_roles(roles)


def test_numbers_that_travel_never_change() -> None:
    assert {refusal.name: refusal.value for refusal in CertificateRefusal} == {
        "TOO_LARGE": 1,
        "UNPARSEABLE": 2,
        "NON_CANONICAL": 3,
        "UNSUPPORTED_KEY": 4,
        "UNKNOWN_ISSUER": 5,
        "SELF_MADE": 6,
        "BAD_ISSUER_SIGNATURE": 7,
        "WRONG_PURPOSE": 8,
        "UNKNOWN_CITY": 9,
        "CITY_MISMATCH": 10,
        "BAD_HOLDER": 11,
        "BAD_ROLES": 12,
        "VALIDITY_TOO_LONG": 13,
        "NEVER_VALID": 14,
        "NOT_YET_VALID": 20,
        "EXPIRED": 21,
        "REVOKED": 22,
    }
    assert {kind.name: kind.value for kind in HolderKind} == {
        "CITY": 1,
        "DEPARTMENT": 2,
        "ORGANISATION": 3,
        "PERSON": 4,
    }


def test_a_signed_message_names_its_domain() -> None:
    assert signing_message("header", b"\x01\x02") == b"gbalang:header\x00\x01\x02"


@pytest.mark.parametrize("domain", ["", "a\0b", "稅"])
def test_a_domain_that_could_be_confused_is_our_mistake(domain: str) -> None:
    with pytest.raises(AssertionError):
        signing_message(domain, bytes(32))
