"""Laws of texts, over every instrument at hand: printing and reading undo each other, in every keyword language.

Whatever the language or the layout, the tree is the same, and so are the digest and, back home, the bytes.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gbalang.ast.keywords import LANGUAGES
from gbalang.ast.lexer import Reading, tokenise
from gbalang.ast.nodes import Document, Language
from gbalang.ast.parser import decode_source, parse
from gbalang.ast.printer import print_document
from gbalang.cli.sources import compile_text
from gbalang.isa.container import decode_program, digest
from gbalang.source import SourceFile
from tests.architecture.sources import ROOT

PATHS = sorted([*(ROOT / "stdlib").rglob("*.gba"), *(ROOT / "contracts").rglob("*.gba")])
CONTRACTS = [path for path in PATHS if path.is_relative_to(ROOT / "contracts")]
NAMES = [str(path.relative_to(ROOT)) for path in PATHS]

GAPS = st.sampled_from((" ", "  ", "\n", "\n\n\t", "\u3000", " \u00a0", "\n# a remark\n"))


def text_of(path: Path) -> str:
    source = decode_source(path.name, path.read_bytes())
    assert isinstance(source, SourceFile)
    return source.text


def read(text: str) -> Document:
    result = parse(SourceFile("read.gba", text))
    assert result.document is not None, result.diagnostics[:3]
    return result.document


def in_language(document: Document, language: Language) -> Document:
    """Comments aside, a tree says in which language it was written and nothing else of it."""
    return replace(document, language=language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_what_is_printed_reads_as_the_same_tree(path: Path, language: Language) -> None:
    document = read(text_of(path))
    assert read(print_document(document, language)) == in_language(document, language)


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_through_four_languages_and_back_to_the_same_bytes(path: Path) -> None:
    text = text_of(path)
    home = read(text).language
    travelling = text
    for language in (*LANGUAGES, *reversed(LANGUAGES), home):
        travelling = print_document(read(travelling), language)
    assert travelling == text


@pytest.mark.parametrize("path", CONTRACTS, ids=[path.parent.name for path in CONTRACTS])
def test_one_digest_in_four_languages(path: Path) -> None:
    document = read(text_of(path))
    digests = set()
    for language in LANGUAGES:
        program, _ = decode_program(compile_text(None, path.name, print_document(document, language)))
        digests.add(digest(program))
    assert len(digests) == 1


def gaps_of(text: str, language: Language) -> list[tuple[int, int]]:
    """Where nothing stands but space, between two tokens."""
    tokens = tokenise(text, Reading("noise.gba", language))
    places = [(first.end, second.start) for first, second in pairwise(tokens)]
    return [(start, end) for start, end in places if start < end and not text[start:end].strip()]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PATHS, ids=NAMES)
@settings(max_examples=5)
@given(data=st.data())
def test_layout_means_nothing(path: Path, language: Language, data: st.DataObject) -> None:
    document = read(text_of(path))
    text = print_document(document, language)
    filler = data.draw(st.lists(GAPS, min_size=7, max_size=7))
    step = data.draw(st.integers(1, 6))
    parts, place = [], 0
    for number, (start, end) in enumerate(gaps_of(text, language)):
        parts += [text[place:start], filler[number * step % 7]]
        place = end
    assert read("".join(parts) + text[place:]) == in_language(document, language)
