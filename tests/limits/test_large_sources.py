"""A text beyond a limit is refused by name; work is bounded, and counted here in the units in which it is bounded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gbalang import cases, pipeline
from gbalang.ast.parser import parse
from gbalang.check import symbols
from gbalang.check.typed import Contract
from gbalang.cli import sources
from gbalang.cli.group import application
from gbalang.diagnostics.model import Diagnostic
from gbalang.emit.bounds import TABLES
from gbalang.isa.program import Program
from gbalang.limits import (
    BUNDLE_BYTES_MAX,
    DECLARATIONS_MAX,
    EXCEPTION_NESTING_MAX,
    FINDINGS_MAX,
    INSTRUCTIONS_MAX,
    LOCALS_MAX,
    NAMED_PARTS_MAX,
    NAMES_COMPARED_MAX,
    PROGRAM_TEXT_CHARACTERS_MAX,
    RECORD_PARTS_MAX,
    SEARCH_COST_MAX,
    SUGGESTIONS_MAX,
    TABLE_ROWS_MAX,
)
from gbalang.pipeline import Compilation, compile_bundle
from gbalang.source import SourceBundle, SourceFile
from gbalang.testing.properties import run_properties
from gbalang.testing.running import Runner
from gbalang.testing.trial import TrialsTooLarge, prepare
from gbalang.vm.machine import run_rule
from tests.limits import large


def compiled(text: str, *modules: tuple[str, SourceFile]) -> Compilation:
    return compile_bundle(SourceBundle(SourceFile("large.gba", text), modules))


def errors(compilation: Compilation) -> list[Diagnostic]:
    return [found for found in compilation.diagnostics if found.code in {"E0225", "E0701", "E0514"}]


# ---------------------------------------------------------------- what a container holds


@pytest.mark.parametrize(("make", "limit", "what"), [
    (large.articles, TABLE_ROWS_MAX, "articles"),
    (large.rules, TABLE_ROWS_MAX, "rules and exceptions"),
    (large.chained_exceptions, (LOCALS_MAX - 1) // 2, "local values"),
    (large.nested_exceptions, EXCEPTION_NESTING_MAX, "exceptions to exceptions"),
    (large.members, NAMED_PARTS_MAX, "members"),
    (large.fields, NAMED_PARTS_MAX, "fields"),
    (large.parameters, NAMED_PARTS_MAX, "parameters"),
    (large.lets, LOCALS_MAX - 1, "local values"),
    (large.bases, NAMED_PARTS_MAX, "legal bases"),
    (large.title, PROGRAM_TEXT_CHARACTERS_MAX, "characters"),
    (large.dated_values, TABLE_ROWS_MAX, "dated values"),
    (large.parts, RECORD_PARTS_MAX, "parts of a record"),
])  # fmt: skip
def test_one_more_than_a_limit_is_said(make: Callable[[int], str], limit: int, what: str) -> None:
    beyond = errors(compiled(make(limit + 1)))[0]
    assert (beyond.code, beyond.fact("what")) == ("E0225", what)
    assert int(beyond.fact("count")) > int(beyond.fact("limit"))


@pytest.mark.parametrize(("make", "count"), [
    (large.nested_exceptions, EXCEPTION_NESTING_MAX),
    (large.members, NAMED_PARTS_MAX),
    (large.fields, NAMED_PARTS_MAX),
    (large.parameters, NAMED_PARTS_MAX),
    (large.lets, LOCALS_MAX - 1),
    (large.bases, NAMED_PARTS_MAX),
    (large.title, PROGRAM_TEXT_CHARACTERS_MAX),
    (large.dated_values, TABLE_ROWS_MAX),
    (large.parts, RECORD_PARTS_MAX),
])  # fmt: skip
def test_what_is_within_a_limit_is_compiled(make: Callable[[int], str], count: int) -> None:
    compilation = compiled(make(count))
    assert compilation.compiled is not None, compilation.diagnostics


def test_exceptions_that_rank_over_all_before_are_too_many_instructions() -> None:
    beyond = errors(compiled(large.ranked_exceptions(120)))[0]
    assert (beyond.fact("what"), beyond.fact("limit")) == ("instructions", str(INSTRUCTIONS_MAX))


def test_every_table_of_a_program_has_its_word() -> None:
    tables = {field.name for field in fields(Program)} - {
        "format", "name", "version", "titles", "bases", "parties", "prevailing", "effective", "expires", "review",
    }  # fmt: skip
    assert TABLES.keys() == tables


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(large.GENERATORS), st.integers(0, 90))
def test_whatever_the_size_a_text_is_compiled_or_refused(make: Callable[[int], str], size: int) -> None:
    compilation = compiled(make(size))
    assert compilation.compiled is not None or compilation.failed


# ---------------------------------------------------------------- the search for cases


def costly(depth: int) -> str:
    """Rules that call the one before twice, so that each costs twice as much."""
    doubled = "".join(f"  rule r{place}(x: Int) gives Int\n    give r{place - 1}(r{place - 1}(x))\n"
                      for place in range(1, depth + 1))  # fmt: skip
    return (
        large.dated_values(40) + "  rule r0(x: Int) gives Int\n    give x + p\n" + doubled
        + f"  rule top(x: Int from 0 to 1, y: Int) gives Int\n    give r{depth}(x) + p\n"
        + f"  exception e to top\n    when r{depth}(x) = 5 or y = 3\n    give 0\n"
    )  # fmt: skip


@pytest.mark.parametrize(("depth", "stopped"), [(8, []), (14, ["top"])])
def test_the_search_spends_no_more_than_its_budget(
    depth: int, stopped: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spent = 0
    def counted(*given: object) -> object:
        nonlocal spent
        outcome = run_rule(*given)  # type: ignore[arg-type]
        spent += outcome.cost
        return outcome

    monkeypatch.setattr(cases, "run_rule", counted)
    found = compiled(costly(depth)).diagnostics
    assert spent <= SEARCH_COST_MAX
    told = [each for each in found if each.code == "E0414"]
    assert [each.fact("rule") for each in told] == stopped
    assert compiled(costly(depth)).diagnostics == found


def test_a_rule_dearer_than_the_budget_is_not_tried() -> None:
    typed = compiled(costly(8)).typed
    assert isinstance(typed, Contract)
    assert [(each.code, each.fact("tried")) for each in cases.find_cases(typed, "en", 1_000)] == [("E0414", "0")]


# ---------------------------------------------------------------- large records


def test_a_record_of_records_of_records_is_refused() -> None:
    widths = ((1, 100), (2, 100), (3, 10))
    records = "  record R0\n" + "".join(f"    f{place}: Bool\n" for place in range(100)) + "".join(
        f"  record R{level}\n" + "".join(f"    f{place}: R{level - 1}\n" for place in range(width))
        for level, width in widths
    )  # fmt: skip
    text = f'{large.HEAD}{records}  rule f(x: R3) gives Int\n    give 1\n  property "P" for any x: R3 holds f(x) = 1\n'
    found = errors(compiled(text))
    assert [each.fact("count") for each in found] == ["10000"]


def test_a_property_of_a_large_record_is_tried() -> None:
    text = large.parts(RECORD_PARTS_MAX) + '  property "P" for any x: Outer holds f(x) = 1\n'
    typed = compiled(text).typed
    assert isinstance(typed, Contract)
    result = run_properties(Runner(prepare(typed, ())), seed=1, cases=20)[0]
    assert result.holds
    assert result.tried > 0


def test_a_long_chain_of_records_that_returns_is_walked_once() -> None:
    count = 2_000
    text = large.HEAD + "".join(f"  record C{place}\n    a: C{(place + 1) % count}\n" for place in range(count))
    assert [each.code for each in compiled(text).diagnostics if each.code == "E0229"] == ["E0229"]


# ---------------------------------------------------------------- many mistakes


def unknown_names(count: int) -> str:
    return large.HEAD + "".join(f"  rule r{place}() gives Int\n    give y{place}\n" for place in range(count))


def test_many_unknown_names_are_counted_and_the_first_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []
    def counted(name: str, possible: object, count: int, likeness: float) -> list[str]:
        names = list(possible)  # type: ignore[call-overload]
        compared.append(len(names))
        return get_close_matches(name, names, count, likeness)

    monkeypatch.setattr(symbols, "get_close_matches", counted)
    count = NAMES_COMPARED_MAX + 500
    found = compiled(unknown_names(count)).diagnostics
    assert [each.code for each in found] == ["E0201"] * FINDINGS_MAX + ["E0702"]
    assert found[-1].fact("count") == str(count - FINDINGS_MAX)
    assert len(compared) == SUGGESTIONS_MAX
    assert max(compared) <= NAMES_COMPARED_MAX


def test_warnings_never_hide_an_error() -> None:
    text = large.rules(FINDINGS_MAX + 50) + "  rule wrong() gives Int\n    give missing\n"
    assert "E0201" in {each.code for each in compiled(text).diagnostics}


# ---------------------------------------------------------------- many files, many declarations


def library(name: str, filling: int = 0) -> SourceFile:
    text = f"library {name} version 1\n# {'x' * filling}\n\narticle 1\n  rule f(x: Int) gives Int\n    give x\n"
    return SourceFile(f"{name}.gba", text)


def test_declarations_of_a_file_are_bounded() -> None:
    beyond = errors(compiled(large.rules(DECLARATIONS_MAX)))[0]  # and one article
    assert (beyond.fact("what"), beyond.fact("count")) == ("declarations", str(DECLARATIONS_MAX + 1))


def test_declarations_of_all_files_together_are_bounded() -> None:
    half = large.rules(DECLARATIONS_MAX // 2)
    body = half[half.index("article") :]
    module = SourceFile("half.gba", f"library half version 1\n\n{body}")
    text = half.replace("article 1", 'import half from "half.gba"\n\narticle 1', 1)
    beyond = errors(compiled(text, ("half.gba", module)))[0]
    assert beyond.fact("what") == "declarations"


def test_bytes_of_all_files_together_are_bounded() -> None:
    modules = [(f"m{place}.gba", library(f"m{place}", BUNDLE_BYTES_MAX // 3)) for place in range(3)]
    beyond = errors(compiled(large.HEAD + large.RULE, *modules))[0]
    assert (beyond.code, beyond.fact("limit")) == ("E0701", str(BUNDLE_BYTES_MAX))


def test_each_file_is_parsed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    def counted(source: SourceFile) -> object:
        parsed.append(source.path)
        return parse(source)

    monkeypatch.setattr(sources, "parse", counted)
    monkeypatch.setattr(pipeline, "parse", counted)
    imports = "".join(f'import m{place} from "m{place}.gba"\n' for place in range(3))
    for place in range(3):
        (tmp_path / f"m{place}.gba").write_text(library(f"m{place}").text, "utf-8")
    text = (large.HEAD + large.RULE).replace("article 1", f"{imports}\narticle 1", 1)
    (tmp_path / "main.gba").write_text(text, "utf-8")
    assert application(["check", str(tmp_path / "main.gba")]) == 0
    assert sorted(Path(path).name for path in parsed) == ["m0.gba", "m1.gba", "m2.gba", "main.gba"]


def test_a_library_that_two_import_is_one_module() -> None:
    def importing(name: str, *imported: str) -> tuple[str, SourceFile]:
        lines = "".join(f'import {each} from "{each}"\n' for each in imported)
        own = library(name).text.replace("article 1", f"{lines}\narticle 1", 1)
        return name, SourceFile(f"{name}.gba", own)

    modules = [importing("a", "c"), importing("b", "c"), importing("c", "d"), importing("d")]
    head = large.HEAD.replace("article 1", 'import a from "a"\nimport b from "b"\n\narticle 1', 1)
    assert not compiled(head + large.RULE, *modules).failed
    circle = [*modules[:3], importing("d", "a")]
    assert "E0207" in {each.code for each in compiled(head + large.RULE, *circle).diagnostics}


# ---------------------------------------------------------------- trials


def test_an_example_beyond_the_cost_of_a_call_is_the_drafters() -> None:
    text = costly(14) + '  example "Five"\n    ' + " + ".join(["top(1, 1)"] * 5) + " = 3\n"
    typed = compiled(text).typed
    assert isinstance(typed, Contract)
    with pytest.raises(TrialsTooLarge, match="example 0"):
        prepare(typed, ())
