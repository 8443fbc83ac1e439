"""What the documents point to is there."""

from __future__ import annotations

import re

import pytest

from tests.architecture.sources import ROOT
from tests.architecture.texts import project_texts

FENCED_BLOCK = re.compile(r"^(```+|~~~+).*?^\1", re.MULTILINE | re.DOTALL)
INLINE_CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"[\w.*-]+(?:/[\w.*-]+)*/?")
SUFFIXES = (".py", ".md", ".lark", ".toml")

# Made by a build or by a command, so not in a fresh checkout.
MADE_LATER = ("gbalang/_bundled",)


def documents() -> list[str]:
    return [path for path in project_texts() if path.endswith(".md") and (path.startswith("docs/") or "/" not in path)]


def paths_named_in(text: str) -> list[str]:
    """The paths of this project in inline code; what stands in a fenced block may be a reader's own file."""
    top_level = {entry.name for entry in ROOT.iterdir()}
    return [
        code.partition("::")[0]
        for code in INLINE_CODE.findall(FENCED_BLOCK.sub("", text))
        if PATH.fullmatch(code.partition("::")[0])
        and "/" in code
        and (code.split("/")[0] in top_level or code.endswith(SUFFIXES))
    ]


def is_there(path: str, document: str) -> bool:
    """A path counts from the root or from the document's folder; `*` stands for anything."""
    folders = (ROOT, (ROOT / document).parent)
    return path.startswith(MADE_LATER) or any(next(folder.glob(path.rstrip("/")), None) for folder in folders)


def test_there_are_documents() -> None:
    assert {"README.md", "CONTRIBUTING.md"} <= set(documents())


def test_every_path_in_the_documents_is_there() -> None:
    wrong = [
        f"{document}: `{path}`"
        for document in documents()
        for path in paths_named_in(project_texts()[document])
        if not is_there(path, document)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("see `gbalang/ast/nodes.py` and `tests/`", ["gbalang/ast/nodes.py", "tests/"]),
        ("see `gbalang/isa/*.py`", ["gbalang/isa/*.py"]),
        ("a test, `tests/unit/test_a.py::test_b`", ["tests/unit/test_a.py"]),
        ("run `make test`, choose `and/or`, read `decisions/0001-x.md`", ["decisions/0001-x.md"]),
        ("```\nmy `tests/own.gba`\n```\nthen `tests/a.py`", ["tests/a.py"]),
        ("[a link](tests/a.py), `gba`, `pyproject.toml`", []),
    ],
)
def test_paths_are_found_in_a_text(text: str, paths: list[str]) -> None:
    assert paths_named_in(text) == paths


def test_a_missing_path_is_seen() -> None:
    assert is_there("gbalang/errors.py", "README.md")
    assert is_there("gbalang/err*.py", "docs/ledger.md")
    assert not is_there("gbalang/absent.py", "README.md")
    assert not is_there("gbalang/absent*.py", "docs/ledger.md")
