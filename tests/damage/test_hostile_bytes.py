"""Whatever arrives, the answer has a name: no traceback, no hang, nothing written. For sources, programs, transactions,
certificates, blocks, evidence and recordings.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gbalang import bundled
from gbalang.ast.keywords import KEYWORDS, LANGUAGES
from gbalang.ast.parser import decode_source
from gbalang.diagnostics.codes import BY_NUMBER
from gbalang.diagnostics.model import Diagnostic
from gbalang.pipeline import compile_bundle
from gbalang.source import SourceBundle, SourceFile
from runtime import codec
from runtime.certificates import CertificateRefusal
from runtime.crypto.oracle import NativeOracle
from runtime.evidence import EvidenceRefused, check_evidence
from runtime.programs import ProgramRefused, open_program
from runtime.records import OutcomeKind
from tests.network.harness import World, standard_calendars
from tests.network.sample import apply, container, world_in_force

SPLITS = (("splits", SourceFile("stdlib/splits.gba", bundled.read_standard_library("splits"))),)
TEXTS = tuple(
    bundled.read_contract_file(name).decode("utf-8") for name in bundled.list_contracts()
) + tuple(bundled.read_standard_library(name) for name in bundled.list_standard_library())


def findings(text: str) -> tuple[Diagnostic, ...]:
    """Compile a text and return what was found; every finding has its row in the table."""
    compilation = compile_bundle(SourceBundle(SourceFile("hostile.gba", text), SPLITS))
    assert all(each.code in BY_NUMBER for each in compilation.diagnostics)
    assert compilation.failed or compilation.typed is not None
    return compilation.diagnostics


# ---------------------------------------------------------------- sources


@given(st.binary(max_size=2_000))
def test_any_bytes_as_a_source(data: bytes) -> None:
    source = decode_source("hostile.gba", data)
    if isinstance(source, Diagnostic):
        assert source.code in {"E0101", "E0102"}
    else:
        findings(source.text)


@given(st.text(max_size=500))
def test_any_text_as_a_source(text: str) -> None:
    findings(text)


@given(st.data())
def test_any_soup_of_words_as_a_source(data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(range(len(LANGUAGES))))
    marks = ["(", ")", "[", "]", ",", ":", ".", "=", "<", "+", "-", "*", "/"]
    values = ["a", "b", "1", "0", "15%", "1 CNY", "2026-01-01", '"text"']
    words = [row.words[language] for row in KEYWORDS] + values + marks
    soup = data.draw(st.lists(st.sampled_from(words), max_size=60))
    start = ("contract a version 1", "合約 a 版本 1", "合约 a 版本 1", "contrato a versão 1")[language]
    findings(" ".join([start, *soup]))


@settings(max_examples=150)
@given(st.data())
def test_any_single_change_of_an_instrument(data: st.DataObject) -> None:
    """Cut a stretch out, double it, or put one from elsewhere in its place: what a tired hand does to a text."""
    text = data.draw(st.sampled_from(TEXTS))
    start = data.draw(st.integers(0, len(text)))
    end = min(len(text), start + data.draw(st.integers(0, 60)))
    other = data.draw(st.integers(0, len(text)))
    stretches = ("", text[start:end] * 2, text[other : other + 30])
    inserted = data.draw(st.sampled_from((*stretches, "end", "0", "none", "「", '"', "(", "\u202e")))
    findings(text[:start] + inserted + text[end:])


def test_a_text_of_nothing_but_openings_ends_quickly() -> None:
    for opening in ("(", "[", "if ", "not ", "match a when ", "least of (", "some ", "「", '"'):
        assert findings("contract a version 1\narticle 1\n  rule r() gives Int\n    give " + opening * 20_000)


def test_a_chain_of_many_rules_ends_in_a_named_limit() -> None:
    rules = "".join(f"  rule r{number}(x: Int) gives Int\n    give r{number + 1}(x)\n" for number in range(1_500))
    text = (
        'contract a version 1\n  title en "a"\n  basis "b"\n  parties all cities\n  effective 2026-01-01\n'
        f'article 1 "A"\n{rules}  rule r1500(x: Int) gives Int\n    give x\n'
    )
    assert "E0701" in {each.code for each in findings(text)}


# ---------------------------------------------------------------- what travels and what is kept


@given(st.binary(max_size=4_000))
def test_any_bytes_as_a_program(data: bytes) -> None:
    with pytest.raises(ProgramRefused):
        open_program(data)


@given(st.data())
def test_any_single_change_of_a_program(data: st.DataObject) -> None:
    content = container()
    start = data.draw(st.integers(0, len(content)))
    end = min(len(content), start + data.draw(st.integers(0, 40)))
    changed = content[:start] + data.draw(st.binary(max_size=40)) + content[end:]
    try:
        assert open_program(changed).program == open_program(content).program
    except ProgramRefused:
        assert changed != content


_DECODERS: tuple[tuple[str, Callable[[bytes], Any]], ...] = tuple(
    (name, getattr(codec, name)) for name in sorted(vars(codec)) if name.startswith("decode_")
)


@pytest.mark.parametrize(("name", "decode"), _DECODERS, ids=[name for name, _ in _DECODERS])
@settings(max_examples=60)
@given(data=st.one_of(st.binary(max_size=400), st.binary(max_size=60).map(lambda tail: b"gbalang:" + tail)))
def test_any_bytes_as_anything_encoded(name: str, decode: Callable[[bytes], Any], data: bytes) -> None:
    encode = getattr(codec, name.replace("decode_", "encode_"))
    try:
        value = decode(data)
    except codec.Undecodable:
        return
    assert encode(value) == data, "what decodes has one encoding"


@given(st.binary(max_size=2_000))
def test_any_bytes_as_evidence(data: bytes) -> None:
    with pytest.raises(EvidenceRefused):
        check_evidence(data, NativeOracle())


@given(st.binary(max_size=1_500))
def test_any_bytes_as_a_certificate(data: bytes) -> None:
    assert isinstance(NativeOracle().judge_certificate(data, ()), CertificateRefusal)


def test_any_bytes_in_a_block_give_one_receipt_each_and_change_nothing() -> None:
    beginning = world_in_force()
    sound = beginning.transaction("Guangzhou/alice", apply())[1]

    @settings(max_examples=50)
    @given(st.lists(st.one_of(st.binary(max_size=300), _edits(sound)), max_size=8))
    def hold(garbage: list[bytes]) -> None:
        world = beginning.copy()
        before = list(world.network.leader().state.scan(b""))
        block = world.put_in_block(*[data for data in garbage if data != sound])
        assert all(receipt.outcome is OutcomeKind.REJECTED for receipt in block.receipts)
        assert list(world.network.leader().state.scan(b"")) == before
        assert len(world.contents()) == 1

    hold()


def _edits(data: bytes) -> st.SearchStrategy[bytes]:
    return st.tuples(st.integers(0, len(data) - 1), st.integers(0, 12), st.binary(max_size=12)).map(
        lambda edit: data[: edit[0]] + edit[2] + data[edit[0] + edit[1] :]
    )


def test_calendars_and_worlds_are_sound() -> None:
    """The canary: what the tests above change is accepted when it is not changed."""
    assert len(standard_calendars()) == 3
    assert not any(findings(text) for text in TEXTS)
    assert isinstance(World(), World)


@settings(max_examples=150)
@given(st.data())
def test_any_name_or_value_in_the_place_of_another(data: st.DataObject) -> None:
    """Most such texts still read, so that it is the checker that must find the words for what is wrong."""
    text = data.draw(st.sampled_from(TEXTS))
    for _ in range(data.draw(st.integers(1, 3))):
        places = _names_and_values(text)
        target, source = data.draw(st.sampled_from(places)), data.draw(st.sampled_from(places))
        text = text[: target[0]] + text[source[0] : source[1]] + text[target[1] :]
    findings(text)


def _names_and_values(text: str) -> list[tuple[int, int]]:
    words = {part for row in KEYWORDS for phrase in row.words for part in phrase.split()}
    found = re.finditer(r'"[^"]*"|[\w.%]+(?: [A-Z]{3})?', text)
    return [each.span() for each in found if not each.group().startswith('"') and each.group() not in words]


def test_a_mistake_after_a_rounding_leaves_the_rounding_as_it_was() -> None:
    """The parser goes back to before the mistake; what it had read by then must not have changed under it."""
    text = (
        'contract a version 1\n  title en "a"\n  basis "b"\n  parties all cities\n  effective 2026-01-01\n'
        'article 1 "A"\n  rule r(x: Int) gives Int\n    give round half up (x / 3) to 1\n  exception to\n'
        "  rule s(x: Int) gives Int\n    give round half up (x / 3) to 1\n  exception to\n"
    )
    assert {each.code for each in findings(text)} == {"E0107"}


def test_a_city_or_calendar_that_is_none_has_a_name() -> None:
    head = 'contract a version 1\n  title en "a"\n  basis "b"\n  parties {}\n  effective 2026-01-01\narticle 1 "A"\n'
    rule = "  rule r(day: Date) gives Date\n    give 5 working days of {} after day\n"
    assert {each.code for each in findings(head.format("Peking") + rule.format("Macao"))} == {"E0213"}
    assert {each.code for each in findings(head.format("Macao") + rule.format("Peking"))} == {"E0214"}
