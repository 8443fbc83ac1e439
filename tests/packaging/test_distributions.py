"""What a user installs is what the checkout holds: wheel, source distribution, unpacked or zipped."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from gbalang import bundled

ROOT = Path(__file__).resolve().parents[2]

# Run where neither the checkout nor site-packages are on the import path.
READ_ALL = """
import hashlib, json, sys
sys.path.insert(0, sys.argv[1])
from gbalang import bundled
digest = lambda content: hashlib.sha256(content).hexdigest()
print(json.dumps([
    {name: digest(bundled.read_standard_library(name).encode()) for name in bundled.list_standard_library()},
    {
        contract: {
            path: digest(bundled.read_contract_file(contract, path)) for path in bundled.list_contract_files(contract)
        }
        for contract in bundled.list_contracts()
    },
    bundled.__file__,
]))
"""


def build(checkout: Path, target: str, folder: Path) -> Path:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)],
        cwd=checkout,
        check=True,
        capture_output=True,
    )
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def source_distribution(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution, unpacked."""
    archive = build(ROOT, "sdist", tmp_path_factory.mktemp("sdist"))
    folder = tmp_path_factory.mktemp("unpacked")
    # As a command it is the same in every release; extractall asks for a filter in some and knows none in 3.11.2.
    subprocess.run([sys.executable, "-m", "tarfile", "-e", str(archive), str(folder)], check=True, capture_output=True)
    (unpacked,) = folder.iterdir()
    return unpacked


def files_under(*folders: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and "_bundled" not in path.parts
    }


def test_the_wheel_holds_the_packages_and_the_bundled_folders_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    bundled_names = {f"gbalang/_bundled/{path}" for path in files_under("stdlib", "contracts")}
    assert bundled_names
    assert names == files_under("gbalang", "runtime") | bundled_names


def test_the_wheel_carries_the_licence(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (licence,) = [name for name in archive.namelist() if name.endswith("/licenses/LICENSE")]
    assert archive.read(licence) == (ROOT / "LICENSE").read_bytes()


@pytest.mark.parametrize("unpacked", [True, False], ids=["unpacked", "zipped"])
def test_a_wheel_gives_the_same_files_as_the_checkout(wheel: Path, tmp_path: Path, *, unpacked: bool) -> None:
    place = wheel
    if unpacked:
        place = tmp_path / "site"
        zipfile.ZipFile(wheel).extractall(place)
    in_wheel = read_all(place)
    assert in_wheel[2].startswith(str(place)), "the wheel was not what was read"
    in_checkout = read_all(ROOT)
    assert in_wheel[:2] == in_checkout[:2]
    assert list(in_wheel[0]) == list(bundled.list_standard_library()) != []
    assert list(in_wheel[1]) == list(bundled.list_contracts()) != []


def read_all(place: Path) -> tuple[dict[str, str], dict[str, dict[str, str]], str]:
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", READ_ALL, str(place)], check=True, capture_output=True, text=True
    )
    library, contracts, origin = json.loads(run.stdout)
    return library, contracts, origin


def test_the_source_distribution_can_be_built_and_tested(
    source_distribution: Path, wheel: Path, tmp_path: Path
) -> None:
    needed = files_under("gbalang", "runtime", "stdlib", "contracts", "tests") | {
        "LICENSE",
        "Makefile",
        "README.md",
        "hatch_build.py",
        "pyproject.toml",
    }
    held = {path.relative_to(source_distribution).as_posix() for path in source_distribution.rglob("*")}
    assert needed <= held
    again = build(source_distribution, "wheel", tmp_path / "wheel")
    assert contents(again) == contents(wheel)


def contents(wheel: Path) -> dict[str, bytes]:
    archive = zipfile.ZipFile(wheel)
    return {name: archive.read(name) for name in archive.namelist()}


def test_the_command_is_installed_and_explains_itself() -> None:
    (command,) = entry_points(group="console_scripts", name="gba")
    assert callable(command.load())
    run = subprocess.run(
        [str(Path(sys.executable).with_name("gba")), "--help"], check=False, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    assert "gba" in run.stdout
