"""From a text to a tree: how operators bind, one tree for four keyword languages, mistakes in the order of the text."""

from __future__ import annotations

import dataclasses

import pytest

from gbalang import bundled
from gbalang.ast import nodes as n
from gbalang.ast.keywords import LANGUAGES
from gbalang.ast.parser import decode_source, parse
from gbalang.ast.printer import print_document
from gbalang.diagnostics.model import Diagnostic
from gbalang.source import SourceFile
from tests.limits.judging import HEAD

TEXTS = (
    *[bundled.read_standard_library(name) for name in bundled.list_standard_library()],
    *[bundled.read_contract_file(name).decode("utf-8") for name in bundled.list_contracts()],
)


def document(text: str) -> n.Document:
    """Return the tree of a text without a mistake."""
    result = parse(SourceFile("a.gba", text))
    assert result.document is not None, result.diagnostics
    return result.document


@pytest.mark.parametrize(
    ("plain", "bracketed"),
    [
        ("a + b * c", "a + (b * c)"),
        ("a * b + c", "(a * b) + c"),
        ("a - b - c", "(a - b) - c"),
        ("a / b / c", "(a / b) / c"),
        ("a - b + c", "(a - b) + c"),
        ("a + b < c", "(a + b) < c"),
        ("not a < b", "not (a < b)"),
        ("a < b and b < c", "(a < b) and (b < c)"),
        ("a < b or b < c and a < c", "a < b or (b < c and a < c)"),
        ("not a < b and b < c", "(not a < b) and b < c"),
        ("-a * b", "(-a) * b"),
    ],
)
def test_operators_bind_as_written_with_brackets(plain: str, bracketed: str) -> None:
    assert _tree(plain) == _tree(bracketed)


def _tree(expression: str) -> object:
    """Return an expression's tree with its brackets taken away."""
    tree = document(f"{HEAD}  rule r(a: Int, b: Int, c: Int) gives Int\n    give {expression}\n")
    return _plain(tree)


def _plain(node: object) -> object:
    if isinstance(node, n.Parenthesised):
        return _plain(node.inner)
    if isinstance(node, tuple):
        return tuple(_plain(each) for each in node)
    if not dataclasses.is_dataclass(node):
        return node
    parts = [field.name for field in dataclasses.fields(node) if field.compare]
    return type(node).__name__, tuple((name, _plain(getattr(node, name))) for name in parts)


@pytest.mark.parametrize("text", TEXTS, ids=[text[:text.find("\n")][:40] for text in TEXTS])
def test_a_text_printed_in_any_keyword_language_is_the_same_tree(text: str) -> None:
    tree = document(text)
    for language in LANGUAGES:
        assert document(print_document(tree, language)) == tree


def test_mistakes_come_in_the_order_of_the_text() -> None:
    text = "  rule ( gives Int\n  rule b() gives Int\n    give 1 +\n  rule ) gives\n"
    result = parse(SourceFile("a.gba", HEAD + text))
    assert result.document is None
    starts = [each.span.start for each in result.diagnostics]
    assert len(starts) > 1
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xef\xbb\xbfa", "a"),
        (b"a\r\nb", "a\nb"),
        ("甲".encode(), "甲"),
    ],
)
def test_a_file_is_read_as_utf8(data: bytes, expected: str) -> None:
    source = decode_source("a.gba", data)
    assert isinstance(source, SourceFile)
    assert source.text == expected


@pytest.mark.parametrize(("data", "place"), [(b"\xff", 0), (b"ab\xc3(", 2), ("甲".encode() + b"\x80", 1)])
def test_bytes_that_are_not_utf8_are_shown_where_they_stand(data: bytes, place: int) -> None:
    found = decode_source("a.gba", data)
    assert isinstance(found, Diagnostic)
    assert (found.code, found.span.start) == ("E0101", place)
