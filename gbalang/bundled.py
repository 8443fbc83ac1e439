"""The standard library and the sample contracts that travel with gbalang.

A wheel carries them in `gbalang/_bundled/` (see `hatch_build.py`); a checkout has them beside the package. Both are
read through `importlib.resources`, so a zipped wheel on the import path serves as well. Bytes are handed on as they
are: the digest of an instrument covers them, so no line end may be translated on the way.

Names are looked up in the listing and never joined to a path, so a name from a source text cannot leave the folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from gbalang.errors import InternalError

SOURCE_SUFFIX = ".gba"
CONTRACT_FILE_NAME = "contract.gba"


def list_standard_library() -> tuple[str, ...]:
    """The modules' names, sorted by code points: the path under stdlib/ without its suffix, parts joined by `/`."""
    return tuple(sorted(_standard_library()))


def read_standard_library(name: str) -> str:
    """The text of one module. Raises `LookupError` for a name that `list_standard_library` does not give."""
    return _standard_library()[name].read_bytes().decode("utf-8")


def list_contracts() -> tuple[str, ...]:
    """The names of the folders in contracts/ that hold a `contract.gba`, sorted by code points."""
    return tuple(sorted(_contracts()))


def list_contract_files(contract: str) -> tuple[str, ...]:
    """A contract's files as sorted paths under its folder. Raises `LookupError` for an unknown contract."""
    return tuple(sorted(path for path, _ in _files_under(_contracts()[contract])))


def read_contract_file(contract: str, path: str = CONTRACT_FILE_NAME) -> bytes:
    """One file of a contract. Raises `LookupError` for a contract or a path that the lists do not give."""
    return dict(_files_under(_contracts()[contract]))[path].read_bytes()


def _standard_library() -> dict[str, Traversable]:
    return {
        path.removesuffix(SOURCE_SUFFIX): file
        for path, file in _files_under(_bundled_folder("stdlib"))
        if path.endswith(SOURCE_SUFFIX)
    }


def _contracts() -> dict[str, Traversable]:
    return {
        folder.name: folder
        for folder in _bundled_folder("contracts").iterdir()
        if folder.is_dir() and folder.joinpath(CONTRACT_FILE_NAME).is_file()
    }


def _bundled_folder(name: str) -> Traversable:
    package = files("gbalang")
    in_wheel = package.joinpath("_bundled", name)
    if in_wheel.is_dir():
        return in_wheel
    in_checkout = Path(__file__).parent.parent / name
    if in_checkout.is_dir():
        return in_checkout
    raise InternalError(f"the folder {name} is neither in the installed package nor beside it")


def _files_under(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    """Every file with its path under the folder, leaving out what editors and interpreters put beside the sources."""
    for entry in folder.iterdir():
        if entry.name.startswith((".", "__")):
            continue
        path = prefix + entry.name
        if entry.is_dir():
            yield from _files_under(entry, path + "/")
        else:
            yield path, entry
