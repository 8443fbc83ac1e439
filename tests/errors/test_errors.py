"""Every diagnostic has a case that draws it, and is shown in four languages as it was when it was last read."""

from __future__ import annotations

import ast
import re
from string import Formatter

import pytest

from gbalang.diagnostics.codes import BY_NUMBER, CODES
from gbalang.diagnostics.messages import en
from gbalang.diagnostics.model import Severity
from gbalang.diagnostics.render import LANGUAGES, TRANSLATED_FACTS, page, to_json
from tests.architecture.sources import project_modules
from tests.errors.cases import FOLDER, NUMBERS, TOO_LARGE_TO_KEEP, found_in, rendered, rendered_path

_LITERAL = re.compile(r"\A(E\d{4})\Z")


def test_there_are_at_least_sixty_diagnostics() -> None:
    assert len(CODES) >= 60


def test_there_is_a_case_for_each_and_no_other() -> None:
    kept = sorted(path.stem for path in FOLDER.glob("*.gba"))
    assert kept == sorted(set(NUMBERS) - set(TOO_LARGE_TO_KEEP))


@pytest.mark.parametrize("number", NUMBERS)
def test_a_case_draws_its_diagnostic_first(number: str) -> None:
    found, _ = found_in(number)
    assert found
    assert found[0].code == number, [each.code for each in found]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_facts_are_those_of_the_table(number: str) -> None:
    found, _ = found_in(number)
    assert {name for name, _ in found[0].facts} <= set(BY_NUMBER[number].facts)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", NUMBERS)
def test_a_case_is_shown_as_kept(number: str, language: str) -> None:
    assert rendered(number, language) == rendered_path(number, language).read_text("utf-8")


@pytest.mark.parametrize("number", NUMBERS)
def test_errors_end_compilation_and_warnings_do_not(number: str) -> None:
    found, sources = found_in(number)
    document = to_json(found[0], sources, "en")
    assert document["severity"] == ("error" if BY_NUMBER[number].severity is Severity.ERROR else "warning")
    assert document["message"]
    assert document["remedy"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_diagnostic_has_its_sentences(language: str) -> None:
    words = LANGUAGES[language]
    assert list(words.MESSAGES) == list(BY_NUMBER)
    assert words.ROLES.keys() == en.ROLES.keys()
    assert words.TERMS.keys() == en.TERMS.keys()
    for number, row in BY_NUMBER.items():
        for place, template in enumerate(words.MESSAGES[number]):
            used = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
            assert used <= set(row.facts), (number, template)
            if place == 0:
                assert used == {
                    name for _, name, _, _ in Formatter().parse(en.MESSAGES[number][0]) if name is not None
                }, (number, template)
        assert page(number, language)


def test_every_code_in_the_sources_is_in_the_table_and_the_other_way_round() -> None:
    used = {
        number
        for module in project_modules().values()
        if "/diagnostics/" not in module.path
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for number in _LITERAL.findall(node.value)
    }
    assert used == set(BY_NUMBER)


def test_terms_of_the_language_are_translated() -> None:
    """Whatever the checker calls by a term of its own has that term in every language."""
    for number in NUMBERS:
        found, _ = found_in(number)
        for each in found:
            for name, text in each.facts:
                if name in TRANSLATED_FACTS and name != "what" and number != "E0312":  # there the unit is a number
                    assert text in en.TERMS, (number, name, text)
