"""Each library of others is imported in one place, so that it can be replaced there."""

from __future__ import annotations

import re
import sys
import tomllib

import pytest

from tests.architecture.sources import PACKAGES, ROOT, Module, imports_of, project_modules, read_module

PLACES = {
    "lark": "gbalang/ast/parser.py",
    "lmdb": "runtime/state/lmdb",
    "cryptography": "runtime/crypto/",
    "click": "gbalang/cli/",
    "rich": "gbalang/cli/",
    "hypothesis": "gbalang/testing/",
    "z3": "gbalang/proving/terms.py",
}
DISTRIBUTIONS = {"z3": "z3-solver"}
"""Where the name that is installed is not the name that is imported."""


def misplaced_imports(module: Module) -> list[str]:
    wrong = []
    for found in imports_of(module):
        library = found.name.partition(".")[0]
        if library in sys.stdlib_module_names or library in PACKAGES:
            continue
        place = PLACES.get(library)
        if place is None:
            wrong.append(f"{module.path}:{found.line}: {library} is no library of this project")
        elif not module.path.startswith(place):
            wrong.append(f"{module.path}:{found.line}: {library} is imported only in {place}")
    return wrong


def test_libraries_are_imported_in_their_places() -> None:
    wrong = [line for module in project_modules().values() for line in misplaced_imports(module)]
    assert not wrong, "\n".join(wrong)


def test_the_table_and_the_declared_dependencies_are_the_same() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    requirements = [*project["dependencies"], *project["optional-dependencies"]["prove"]]
    declared = {re.split(r"[<>=!~\[; ]", requirement)[0] for requirement in requirements}
    assert declared == {DISTRIBUTIONS.get(library, library) for library in PLACES}


@pytest.mark.parametrize("library", PLACES)
def test_every_library_is_used(library: str) -> None:
    place = PLACES[library]
    users = [
        module.path
        for module in project_modules().values()
        if module.path.startswith(place) and any(found.name.split(".")[0] == library for found in imports_of(module))
    ]
    assert users, f"nothing in {place} imports {library}: take the dependency and the row out"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("gbalang/ast/build.py", "from lark import Tree"),
        ("gbalang/check/names.py", "def late():\n    import click"),
        ("runtime/node.py", "import lmdb"),
        ("runtime/node.py", "import numpy"),
    ],
)
def test_a_misplaced_import_is_seen(path: str, text: str) -> None:
    assert len(misplaced_imports(read_module(path, text))) == 1
