"""What the documents say is so: generated tables are up to date, examples compile, every table has its place."""

from __future__ import annotations

import re

import pytest

from gbalang.pipeline import compile_bundle
from gbalang.source import SourceBundle, SourceFile
from tests.documents.tables import DOCS, TABLES, errors, filled

_WHOLE = re.compile(r"```gba\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("name", sorted(path.name for path in DOCS.glob("*.md")))
def test_generated_tables_are_up_to_date(name: str) -> None:
    """Write them anew with: python -m tests.documents.tables"""
    text = (DOCS / name).read_text("utf-8")
    assert filled(text) == text


def test_the_page_of_diagnostics_is_up_to_date() -> None:
    """Write it anew with: python -m tests.documents.tables"""
    assert (DOCS / "errors.md").read_text("utf-8") == errors()


def test_every_generated_table_stands_somewhere() -> None:
    texts = "".join(path.read_text("utf-8") for path in DOCS.glob("*.md"))
    for name in TABLES:
        assert f"<!-- {name}: generated -->" in texts, name


@pytest.mark.parametrize("name", sorted(path.name for path in DOCS.glob("*.md")))
def test_whole_instruments_in_the_documents_compile_without_a_finding(name: str) -> None:
    for text in _WHOLE.findall((DOCS / name).read_text("utf-8")):
        compilation = compile_bundle(SourceBundle(SourceFile(name, text)))
        assert compilation.diagnostics == ()
        assert compilation.compiled is not None
