"""Keys of the state: no two things share one, no name runs into what follows, and versions stand in their order."""

from __future__ import annotations

from runtime import keys


def test_a_name_never_runs_into_what_follows() -> None:
    named = (("ab", "c"), ("a", "bc"), ("abc", ""), ("", "abc"))
    assert len({keys.register(contract, name) for contract, name in named}) == 4
    for prefix, others in (
        (keys.contract("fee"), [keys.contract("fees", 1), keys.contract("feeder", 1)]),
        (keys.register("fee", "paid"), [keys.register("fee", "paid_late"), keys.register("fees", "paid")]),
    ):
        assert not any(other.startswith(prefix) for other in others)


def test_versions_and_years_stand_in_their_order() -> None:
    versions = [keys.contract("fee", version) for version in (1, 2, 255, 256, 65_536)]
    assert versions == sorted(versions)
    assert all(key.startswith(keys.contract("fee")) for key in versions)
    years = [keys.calendar("Macao", year) for year in (1999, 2026, 2048, 2199)]
    assert years == sorted(years)


def test_each_table_has_a_byte_of_its_own() -> None:
    tables = [value for name, value in vars(keys).items() if name.startswith("TABLE_")]
    assert len(tables) == 10
    assert sorted(tables) == [bytes([number]) for number in range(10)]
