"""The folder of keys of an embedded network."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from runtime.certificates import AUTHORITY_VALIDITY_SECONDS_MAX, VALIDITY_SECONDS_MAX, HolderKind
from runtime.cities import CITIES
from runtime.crypto.authority import CertificateRefusedError, judge_authority, judge_certificate
from runtime.crypto.suites import verify
from runtime.embedded.keyring import (
    KeyringError,
    KeyringRefusal,
    Signer,
    add_holder,
    certificate_from_pem,
    certificate_to_pem,
    create_city,
    create_keyring,
    list_signers,
    load_authority,
    load_cities,
    load_signer,
    new_key,
)
from tests.unit.crypto.makers import ED25519, P256, START_S, YEAR_S, certificate_of, make_key


@pytest.fixture
def keyring(tmp_path: Path) -> Path:
    create_city(tmp_path, "Guangzhou", suite=ED25519, not_before_s=START_S, make_key=make_key)
    return tmp_path


def add(directory: Path, holder: str = "tax-bureau", *, force: bool = False, city: str = "Guangzhou") -> Signer:
    return add_holder(
        directory,
        city,
        holder,
        kind=HolderKind.DEPARTMENT,
        name="廣州市稅務局",
        roles=("tax_bureau", "auditor"),
        suite=P256,
        not_before_s=START_S,
        not_after_s=START_S + YEAR_S,
        make_key=make_key,
        force=force,
    )


def contents(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes() for path in directory.rglob("*") if path.is_file()
    }


def refusal_of(error: pytest.ExceptionInfo[KeyringError]) -> KeyringRefusal:
    return error.value.refusal


@pytest.mark.parametrize("suite", [ED25519, P256])
def test_all_eleven_cities_get_an_authority_and_a_key_of_their_own(tmp_path: Path, suite: str) -> None:
    created = create_keyring(tmp_path, suite=suite, not_before_s=START_S)
    assert load_cities(tmp_path) == created
    assert [city.fields.reference for city in created] == [city.identifier for city in CITIES]
    assert len({city.fields.public_key for city in created}) == 11
    for city in created:
        authority = judge_authority(city.authority)
        assert judge_certificate(city.certificate, (city.authority,)) == city.fields
        assert (city.fields.kind, city.fields.suite, city.fields.roles) == (HolderKind.CITY, suite, ())
        assert city.fields.not_after_s == START_S + VALIDITY_SECONDS_MAX
        assert getattr(authority, "not_after_s", None) == START_S + AUTHORITY_VALIDITY_SECONDS_MAX
        assert getattr(authority, "public_key", None) != city.fields.public_key


def test_the_files_lie_where_the_layout_says_and_only_their_owner_reads_the_keys(keyring: Path) -> None:
    add(keyring)
    folder = keyring / "keys" / "Guangzhou"
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert modes == {
        "authority.cert.pem": 0o644,
        "authority.key.pem": 0o600,
        "city.cert.pem": 0o644,
        "city.key.pem": 0o600,
        "tax-bureau.cert.pem": 0o644,
        "tax-bureau.key.pem": 0o600,
    }
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("suite", [ED25519, P256])
def test_given_keys_and_times_give_the_same_files(tmp_path: Path, suite: str) -> None:
    for name in ("first", "second"):
        create_keyring(tmp_path / name, suite=suite, not_before_s=START_S, make_key=make_key)
    assert contents(tmp_path / "first") == contents(tmp_path / "second")


def test_new_keys_are_new() -> None:
    assert new_key(ED25519, "same") != new_key(ED25519, "same")


def test_a_holder_is_loaded_and_signs(keyring: Path) -> None:
    added = add(keyring)
    loaded = load_signer(keyring, "Guangzhou/tax-bureau")
    assert loaded == added
    assert loaded.fields.roles == ("auditor", "tax_bureau")
    assert loaded.fields.suite == P256
    assert verify(P256, loaded.fields.public_key, b"message", loaded.sign(b"message"))
    city = load_signer(keyring, "Guangzhou")
    assert verify(ED25519, city.fields.public_key, b"message", city.sign(b"message"))


def test_signers_are_listed_city_by_city(keyring: Path) -> None:
    create_city(keyring, "HongKong", suite=P256, not_before_s=START_S, make_key=make_key)
    for holder, city in (("b", "Guangzhou"), ("a", "Guangzhou"), ("c", "HongKong")):
        add(keyring, holder, city=city)
    assert [fields.reference for fields in list_signers(keyring)] == [
        "HongKong",
        "HongKong/c",
        "Guangzhou",
        "Guangzhou/a",
        "Guangzhou/b",
    ]


def test_an_empty_folder_lists_nobody(tmp_path: Path) -> None:
    assert list_signers(tmp_path) == ()


def test_nothing_is_overwritten_without_force(keyring: Path) -> None:
    add(keyring)
    before = contents(keyring)
    for again in (
        lambda: add(keyring),
        lambda: create_city(keyring, "Guangzhou", suite=P256, not_before_s=START_S),
        lambda: create_keyring(keyring, suite=P256, not_before_s=START_S),
    ):
        with pytest.raises(KeyringError) as caught:
            again()
        assert refusal_of(caught) is KeyringRefusal.ALREADY_THERE
    assert contents(keyring) == before


def test_a_key_without_its_certificate_is_not_overwritten_either(keyring: Path) -> None:
    add(keyring)
    (keyring / "keys/Guangzhou/tax-bureau.cert.pem").unlink()
    with pytest.raises(KeyringError) as caught:
        add(keyring)
    assert refusal_of(caught) is KeyringRefusal.ALREADY_THERE


def test_force_replaces(keyring: Path) -> None:
    create_city(keyring, "Guangzhou", suite=P256, not_before_s=START_S, make_key=make_key, force=True)
    assert load_signer(keyring, "Guangzhou").fields.suite == P256
    add(keyring)
    assert add(keyring, force=True) == load_signer(keyring, "Guangzhou/tax-bureau")


def test_a_failed_write_leaves_the_old_file_and_no_other(keyring: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(keyring)
    before = contents(keyring)

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        add(keyring, force=True)
    assert contents(keyring) == before


@pytest.mark.parametrize(
    ("reference", "refusal"),
    [
        ("Beijing", KeyringRefusal.UNKNOWN_CITY),
        ("", KeyringRefusal.UNKNOWN_CITY),
        ("..", KeyringRefusal.UNKNOWN_CITY),
        ("guangzhou", KeyringRefusal.UNKNOWN_CITY),
        ("Guangzhou/..", KeyringRefusal.MISSING),
        ("Guangzhou/../Guangzhou/city", KeyringRefusal.MISSING),
        ("Guangzhou/", KeyringRefusal.MISSING),
        ("Guangzhou/nobody", KeyringRefusal.MISSING),
        ("Shenzhen", KeyringRefusal.MISSING),
        ("Guangzhou/authority", KeyringRefusal.RESERVED_HOLDER),
        ("Guangzhou/city", KeyringRefusal.RESERVED_HOLDER),
        ("Guangzhou/Guangzhou", KeyringRefusal.RESERVED_HOLDER),
    ],
)
def test_a_reference_that_leads_nowhere(keyring: Path, reference: str, refusal: KeyringRefusal) -> None:
    with pytest.raises(KeyringError) as caught:
        load_signer(keyring, reference)
    assert refusal_of(caught) is refusal


def test_an_authority_cannot_be_loaded_from_outside(keyring: Path) -> None:
    assert load_authority(keyring, "Guangzhou").private_key == make_key(ED25519, "Guangzhou/authority")
    with pytest.raises(KeyringError) as caught:
        load_authority(keyring, "../keys/Guangzhou")
    assert refusal_of(caught) is KeyringRefusal.UNKNOWN_CITY


@pytest.mark.parametrize("holder", ["authority", "city"])
def test_holders_whose_files_would_be_the_citys_own(keyring: Path, holder: str) -> None:
    with pytest.raises(KeyringError) as caught:
        add(keyring, holder)
    assert refusal_of(caught) is KeyringRefusal.RESERVED_HOLDER


@pytest.mark.parametrize("holder", ["", "..", "a/b", "稅務局", "Guangzhou"])
def test_holders_that_no_certificate_may_name(keyring: Path, holder: str) -> None:
    before = contents(keyring)
    with pytest.raises(CertificateRefusedError):
        add(keyring, holder)
    assert contents(keyring) == before


def swap(folder: Path, one: str, other: str) -> None:
    (folder / one).write_bytes((folder / other).read_bytes())


@pytest.mark.parametrize(
    ("one", "other", "refusal"),
    [
        ("a.key.pem", "b.key.pem", KeyringRefusal.KEY_OF_ANOTHER),
        ("a.key.pem", "city.key.pem", KeyringRefusal.KEY_OF_ANOTHER),
        ("a.cert.pem", "b.cert.pem", KeyringRefusal.KEY_OF_ANOTHER),
        ("a.cert.pem", "city.cert.pem", KeyringRefusal.KEY_OF_ANOTHER),
        ("a.cert.pem", "authority.cert.pem", KeyringRefusal.NOT_ACCEPTABLE),
        ("authority.cert.pem", "a.cert.pem", KeyringRefusal.NOT_ACCEPTABLE),
        ("a.cert.pem", "a.key.pem", KeyringRefusal.UNREADABLE),
        ("a.key.pem", "a.cert.pem", KeyringRefusal.UNREADABLE),
    ],
)
def test_files_that_do_not_belong_together(keyring: Path, one: str, other: str, refusal: KeyringRefusal) -> None:
    add(keyring, "a")
    add(keyring, "b")
    swap(keyring / "keys/Guangzhou", one, other)
    with pytest.raises(KeyringError) as caught:
        load_signer(keyring, "Guangzhou/a")
    assert refusal_of(caught) is refusal


def test_a_whole_pair_under_another_name_is_not_taken_for_that_holder(keyring: Path) -> None:
    add(keyring, "a")
    add(keyring, "b")
    for kind in ("key", "cert"):
        swap(keyring / "keys/Guangzhou", f"a.{kind}.pem", f"b.{kind}.pem")
    with pytest.raises(KeyringError) as caught:
        load_signer(keyring, "Guangzhou/a")
    assert refusal_of(caught) is KeyringRefusal.KEY_OF_ANOTHER


@pytest.mark.parametrize("name", ["city.key.pem", "city.cert.pem"])
@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----", bytes(10**6)]
)
def test_damaged_files_are_unreadable(keyring: Path, name: str, content: bytes) -> None:
    (keyring / "keys/Guangzhou" / name).write_bytes(content)
    with pytest.raises(KeyringError) as caught:
        load_signer(keyring, "Guangzhou")
    assert refusal_of(caught) is KeyringRefusal.UNREADABLE


def test_the_text_form_of_a_certificate() -> None:
    certificate = certificate_of()
    pem = certificate_to_pem(certificate)
    lines = pem.decode("ascii").splitlines()
    assert (lines[0], lines[-1]) == ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----")
    assert {len(line) for line in lines[1:-2]} == {64}  # RFC 7468, section 2
    assert certificate_from_pem(pem) == certificate
    assert certificate_from_pem(pem.replace(b"\n", b"\r\n")) == certificate
    assert certificate_from_pem(pem + pem) is None
