"""The tokens of a text: kinds, values and places, in any of the four keyword languages."""

from __future__ import annotations

import pytest

from gbalang.ast.keywords import KEYWORDS, LANGUAGES
from gbalang.ast.lexer import Reading, split_run, tokenise
from gbalang.ast.nodes import Language


def tokens(text: str, language: Language = "en") -> list[tuple[str, str]]:
    """Return (kind, text) of the tokens of a text without a mistake."""
    reading = Reading("a.gba", language)
    found = [(token.type, token.text) for token in tokenise(text, reading)]
    assert reading.diagnostics == [], text
    return found


def mistakes(text: str) -> list[tuple[str, int, int]]:
    """Return (code, start, end) of what is found in a text."""
    reading = Reading("a.gba", "en")
    tokenise(text, reading)
    return [(each.code, each.span.start, each.span.end) for each in reading.diagnostics]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x1_y", [("NAME", "x1_y")]),
        ("「b c」", [("QUOTED", "b c")]),
        ("「rule」", [("QUOTED", "rule")]),
        ("1_000", [("NUMBER", "1_000")]),
        ("3.14", [("NUMBER", "3.14")]),
        ("15%", [("PERCENT", "15")]),
        ("15 ％", [("PERCENT", "15")]),
        ("268_080 CNY", [("NUMBER", "268_080"), ("CURRENCY", "CNY")]),
        ("2026-01-31", [("DATE", "2026-01-31")]),
        ("2026-01-31T09:30", [("TIME", "2026-01-31T09:30")]),
        ("zh-Hant", [("TAG", "zh-Hant")]),
        (r'"a\"b"', [("STRING", r'"a\"b"')]),
        ("“乙”", [("STRING", "“乙”")]),
        ("a # b\nc", [("NAME", "a"), ("NAME", "c")]),
        ("a ＃ b", [("NAME", "a")]),
        ("", []),
        (" \n\u3000\t", []),
    ],
)
def test_values_and_names(text: str, expected: list[tuple[str, str]]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("ascii_text", "others"),
    [
        ("<=", ("≤", "≦", "＜＝")),
        (">=", ("≥", "≧", "＞＝")),
        ("<>", ("≠",)),
        ("-", ("−", "－")),
        ("*", ("×", "＊")),
        ("/", ("÷", "／")),
        ("(", ("（",)),
        (",", ("，", "、")),
        (":", ("：",)),
    ],
)
def test_chinese_and_mathematical_marks_are_those_of_ascii(ascii_text: str, others: tuple[str, ...]) -> None:
    ((kind, _),) = tokens(ascii_text)
    for other in others:
        assert [each for each, _ in tokens(other)] == [kind]


def test_full_width_digits_are_digits() -> None:
    assert tokens("１２．５") == tokens("12.5")
    assert tokens("２０２６－０１－３１") == tokens("2026-01-31")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_keyword_is_read_as_itself_in_its_language(language: Language) -> None:
    for row in KEYWORDS:
        for spelling in row.spellings(language):
            assert [kind for kind, _ in tokens(spelling, language)] == [row.token], spelling


def test_a_keyword_of_one_language_is_a_name_in_another() -> None:
    assert tokens("rule", "pt") == [("NAME", "rule")]
    assert tokens("regra", "en") == [("NAME", "regra")]
    assert [kind for kind, _ in tokens("規則", "zh-Hans")] == ["NAME"]


def test_a_phrase_may_have_any_space_between_its_words_and_begins_no_longer_name() -> None:
    phrase = next(row for row in KEYWORDS if row.words[0] == "all cities")
    for text in ("all cities", "all   cities", "all\n  cities"):
        assert [kind for kind, _ in tokens(text)] == [phrase.token]
    assert phrase.token not in [kind for kind, _ in tokens("all cities_of")]


def test_keywords_without_a_space_between_them_are_told_apart() -> None:
    assert split_run("如果", "zh-Hant") in ((), ("如果",))
    words = [row.words[1] for row in KEYWORDS if row.id in ("RULE", "CONTRACT")]
    assert split_run("".join(words), "zh-Hant") == tuple(words)
    assert split_run(words[0] + "甲", "zh-Hant") == (), "a name begins with a keyword as it likes"


def test_places_count_code_points() -> None:
    reading = Reading("a.gba", "en")
    places = [(token.start, token.end) for token in tokenise("甲 𠀀 1", reading)]
    assert places == [(0, 1), (2, 3), (4, 5)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('"open', "E0105"),
        ("a ② b", "E0103"),
        ("12abc", "E0121"),
        ("n" * 61, "E0118"),
        ("1" * 61, "E0112"),
        ("(" * 61, "E0113"),
    ],
)
def test_what_is_no_token_has_a_name_and_a_place(text: str, code: str) -> None:
    found = mistakes(text)
    assert code in [each[0] for each in found]
    assert all(0 <= start <= end <= len(text) for _, start, end in found)
