"""The standard library and the contracts are found in a checkout, byte for byte, and by their names alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from gbalang import bundled

ROOT = Path(__file__).resolve().parents[2]


def test_the_standard_library_is_what_stands_in_its_folder() -> None:
    folder = ROOT / "stdlib"
    expected = sorted(path.relative_to(folder).as_posix().removesuffix(".gba") for path in folder.rglob("*.gba"))
    assert expected
    assert list(bundled.list_standard_library()) == expected
    for name in expected:
        assert bundled.read_standard_library(name).encode() == (folder / f"{name}.gba").read_bytes()


def test_every_folder_with_a_contract_is_listed_with_all_its_files() -> None:
    folder = ROOT / "contracts"
    expected = sorted(path.parent.name for path in folder.glob("*/contract.gba"))
    assert expected
    assert list(bundled.list_contracts()) == expected
    for contract in expected:
        files = sorted(
            path.relative_to(folder / contract).as_posix()
            for path in (folder / contract).rglob("*")
            if path.is_file() and not path.name.startswith(".") and "__pycache__" not in path.parts
        )
        assert list(bundled.list_contract_files(contract)) == files
        for path in files:
            assert bundled.read_contract_file(contract, path) == (folder / contract / path).read_bytes()


@pytest.mark.parametrize("name", ["", ".", "..", "../pyproject", "/pyproject.toml", "absent", "charter.gba"])
def test_a_name_that_is_not_listed_is_refused(name: str) -> None:
    contract = bundled.list_contracts()[0]
    with pytest.raises(LookupError):
        bundled.read_standard_library(name)
    with pytest.raises(LookupError):
        bundled.list_contract_files(name)
    with pytest.raises(LookupError):
        bundled.read_contract_file(contract, name)


def test_only_sources_and_folders_with_a_contract_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, content in {
        "gbalang/bundled.py": b"",
        "stdlib/votes.gba": b"text\r\nwith both\nline ends",
        "stdlib/dates/holidays.gba": "假期".encode(),
        "stdlib/README.md": b"",
        "stdlib/.hidden.gba": b"",
        "contracts/water/contract.gba": b"",
        "contracts/water/data/levels.csv": b"",
        "contracts/notes/README.md": b"",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    monkeypatch.setattr(bundled, "files", lambda _: tmp_path / "gbalang")
    monkeypatch.setattr(bundled, "__file__", str(tmp_path / "gbalang" / "bundled.py"))
    assert bundled.list_standard_library() == ("dates/holidays", "votes")
    assert bundled.read_standard_library("votes") == "text\r\nwith both\nline ends"
    assert bundled.read_standard_library("dates/holidays") == "假期"
    assert bundled.list_contracts() == ("water",)
    assert bundled.list_contract_files("water") == ("contract.gba", "data/levels.csv")
