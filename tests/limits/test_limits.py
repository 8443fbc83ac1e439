"""Each limit is exact: what is one below it and at it is taken, what is one above it is not.

Where a limit is reached in the tests of its own subject, the table names them; where it cannot be reached cheaply or
refuses nothing, it says why.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gbalang import limits as language
from gbalang.ast.lexer import split_run, words_of
from gbalang.ast.parser import decode_source
from gbalang.diagnostics.model import Diagnostic
from gbalang.isa import program as p
from gbalang.isa.container import encode_program
from gbalang.isa.types import List, Number, Option, Record, Text, Type
from gbalang.isa.values import Sizes
from gbalang.isa.verify import register_key_bytes_max
from runtime import codec
from runtime import limits as ledger
from runtime.chain import BlockRefusal, judge_content, proposer_of
from runtime.chain_end import ChainEnd
from runtime.crypto.oracle import NativeOracle
from runtime.embedded.network import Accepted, Network
from runtime.evidence import EvidenceRefusal, EvidenceRefused, check_evidence
from runtime.merkle_log import EMPTY_LOG
from runtime.programs import ProgramRefused, open_program
from runtime.records import (
    AdmitCertificate,
    BlockContent,
    CalendarRecord,
    Call,
    CastVote,
    Payload,
    Position,
    Propose,
    SignedTransaction,
    StateEntry,
    Subject,
    Transaction,
)
from runtime.rejections import Rejection
from runtime.state.proofs import decode_proof
from tests.limits.judging import (
    found,
    is_contained,
    is_encoded,
    is_free_of,
    is_verified,
    of_code,
    of_type,
    padded,
    pushes,
)
from tests.network.test_rejections import Form, beginning, judged, transaction_of
from tests.unit.isa.assembling import NUMBER, SAMPLE, TRUTH, Assembler, Const, Line, number, seal

ROOT = Path(__file__).parent.parent.parent
Judge = Callable[[int], bool]
CITY = "Macao"


# ---------------------------------------------------------------- texts


def _keywords(count: int) -> bool:
    """A run of the longest keyword of CJK characters: no run of so many keywords is longer."""
    _, _, cjk = words_of("zh-Hant")
    return split_run(cjk[0] * count, "zh-Hant") == (cjk[0],) * count


TEXTS: dict[str, Judge] = {
    "SOURCE_BYTES_MAX": lambda n: not isinstance(decode_source("a.gba", b"#" * n), Diagnostic),
    # Of the forms that stand in each other four are no parentheses: article, rule, give, and the number.
    "NESTING_DEPTH_MAX": lambda n: is_free_of(
        "E0113", f"  rule r() gives Int\n    give {'(' * (n - 4)}1{')' * (n - 4)}\n"
    ),
    "NAME_CHARACTERS_MAX": lambda n: is_free_of("E0118", f"  rule {'r' * n}() gives Int\n    give 1\n"),
    "KEYWORDS_IN_A_RUN_MAX": _keywords,
    "NUMBER_DIGITS_MAX": lambda n: is_free_of("E0112", f"  rule r() gives Int\n    give 1.{'1' * (n - 1)}\n"),
    "SYNTAX_DIAGNOSTICS_MAX": lambda n: len(found("  rule ( gives Int\n" * n)) == n,
}


# ---------------------------------------------------------------- programs


def _articles(count: int) -> p.Program:
    return replace(SAMPLE, articles=tuple(p.Article(str(number), (), (), (), "") for number in range(count)))


def _members(count: int) -> p.Program:
    return replace(SAMPLE, enumerations=(p.Enumeration("Many", tuple(f"m{place}" for place in range(count)), 0),))


def _container(padding: int) -> bytes:
    texts = (*[("en", "x" * 65_000)] * 15, ("pt", "x" * padding))
    return encode_program(replace(SAMPLE, articles=(*SAMPLE.articles, p.Article("3", (), (), texts, "x" * 65_000))))


def _opens(size: int) -> bool:
    try:
        content = padded(_container, min(size, language.PROGRAM_BYTES_MAX))
        open_program(content if len(content) == size else content + b"\x00")
    except ProgramRefused:
        return False
    return True


def _ifs(depth: int) -> p.Program:
    opened: tuple[Line, ...] = (("constant", Const(TRUTH, True)), ("if", NUMBER)) * depth
    return of_code(*opened, number(1), *["else", number(2), "end"] * depth, gives=NUMBER)


def _loops(depth: int) -> p.Program:
    one = List(NUMBER, 1)
    opened = [line for place in range(depth) for line in (("constant", Const(one, (1,))), ("each", place))]
    return of_code(*opened, *["end"] * depth, number(1), extra=(NUMBER,) * depth, gives=NUMBER)


def _calls(depth: int) -> p.Program:
    assembler = Assembler()
    assembler.function(p.FunctionKind.RULE, number(1), gives=NUMBER)
    for place in range(depth - 1):
        assembler.function(p.FunctionKind.RULE, ("call", place), gives=NUMBER)
    return assembler.program()


def _cost(cost: int) -> p.Program:
    """A rule of exactly that cost: a loop in a loop, and as many negations of a truth as are missing."""

    def program(items: int, negations: int = 0) -> p.Program:
        truth: Line = ("constant", Const(TRUTH, True))
        outer, inner = (("constant", Const(List(NUMBER, limit), ())) for limit in (items, 1_000))
        lines: tuple[Line, ...] = (outer, ("each", 0), inner, ("each", 1), "end", "end", truth, *["not"] * negations)
        return seal(of_code(*lines, extra=(NUMBER, NUMBER), gives=TRUTH))

    one, two = (program(items).functions[0].cost_max for items in (1, 2))
    items, negations = divmod(cost - one, two - one)
    return program(1 + items, negations)


def _records(depth: int) -> p.Program:
    inner = [p.Record(f"R{place}", (p.Field("inner", Record(place + 1)),), 0) for place in range(depth - 1)]
    leaf = p.Record("Leaf", (p.Field("value", NUMBER),), 0)
    return replace(SAMPLE, registers=(), parameters=(), records=(*inner, leaf), types=(Record(0),))


def _value_bytes(count: int) -> p.Program:
    """A list whose encoding is a length of three bytes and `count` bytes of values of one byte, in lists of 8,000."""
    return of_type(List(List(TRUTH, 8_000), count))


def _with_register(name: str = "r", *, texts: tuple[int, ...] = (1,), keys: tuple[int, ...] = (0,)) -> p.Program:
    fields = tuple(p.Field(f"f{place}", Text(limit)) for place, limit in enumerate(texts))
    return replace(
        SAMPLE, parameters=(), records=(p.Record("R", fields, 0),), registers=(p.Register(name, 0, keys, 0),),
        enumerations=(),
    )  # fmt: skip


def _with_event(limit: int) -> p.Program:
    return replace(SAMPLE, events=(p.Event("e", (p.Field("text", Text(limit)),), 0),))


def _with_note(limit: int) -> p.Program:
    return replace(SAMPLE, notes=(p.Note("n", Text(limit)),))


def _calendars(count: int) -> p.Program:
    names = tuple(f"C{place}" for place in range(count))
    return replace(SAMPLE, calendars=(p.CalendarSet(p.CalendarMode.ANY, names),))


def _option(nesting: int) -> p.Program:
    type_: Type = TRUTH
    for _ in range(nesting):
        type_ = Option(type_)
    return of_type(type_)


PROGRAMS: dict[str, Judge] = {
    "PROGRAM_BYTES_MAX": _opens,
    "TABLE_ROWS_MAX": lambda n: is_contained(_articles(n)),
    "NAMED_PARTS_MAX": lambda n: is_contained(_members(n)),
    "PROGRAM_NAME_CHARACTERS_MAX": lambda n: is_contained(replace(SAMPLE, marks=(p.Mark("m" * n, 0),))),
    "PROGRAM_TEXT_CHARACTERS_MAX": lambda n: is_contained(replace(SAMPLE, conditions=(p.Condition("c" * n, 0, 0),))),
    "INSTRUCTIONS_MAX": lambda n: is_contained(of_code(*["today"] * n, gives=NUMBER)),
    "LOCALS_MAX": lambda n: is_contained(of_code(number(1), extra=(NUMBER,) * n, gives=NUMBER)),
    "STACK_VALUES_MAX": lambda n: is_verified(of_code(*pushes(n), gives=NUMBER)),
    "BLOCK_NESTING_MAX": lambda n: is_verified(_ifs(n)),
    "LOOP_NESTING_MAX": lambda n: is_verified(_loops(n)),
    "CALL_DEPTH_MAX": lambda n: is_verified(_calls(n)),
    "COST_MAX": lambda n: is_verified(_cost(n)),
    "NUMBER_BITS_MAX": lambda n: is_verified(of_type(Number(0, "", 0, (1 << n) - 1))),
    "SCALE_MAX": lambda n: is_verified(of_type(Number(n))),
    "TEXT_CHARACTERS_MAX": lambda n: is_verified(of_type(Text(n))),
    "COLLECTION_ITEMS_MAX": lambda n: is_verified(of_type(List(TRUTH, n))),
    "TYPE_NESTING_MAX": lambda n: is_verified(_option(n)),
    "VALUE_DEPTH_MAX": lambda n: is_verified(_records(n)),
    "CALENDARS_MAX": lambda n: is_verified(_calendars(n)),
    "STATE_NAME_BYTES_MAX": lambda n: is_verified(_with_register("𝒓" * ((n - 3) // 4) + "r" * (n - (n - 3) // 4 * 4))),
}

SIZES: dict[str, tuple[Callable[[int], p.Program], Callable[[p.Program], int]]] = {
    "VALUE_BYTES_MAX": (_value_bytes, lambda program: Sizes(program).bytes_max(program.types[0])),
    "ENTRY_BYTES_MAX": (
        lambda n: _with_register(texts=(1, 9_000, n)), lambda program: Sizes(program).bytes_max(Record(0)),
    ),
    "EVENT_BYTES_MAX": (_with_event, lambda program: Sizes(program).bytes_max(program.events[0].fields[0].type)),
    "NOTE_BYTES_MAX": (_with_note, lambda program: Sizes(program).bytes_max(program.notes[0].type)),
    "STATE_KEY_BYTES_MAX": (
        lambda n: _with_register(texts=(n,)), lambda program: register_key_bytes_max(program, program.registers[0]),
    ),
}  # fmt: skip
"""Sizes that follow from types and grow by several bytes at a time: the largest that fits is taken, the next is not."""


# ---------------------------------------------------------------- what travels and what is kept


def _signed(payload: Payload, *, sequence: int = 0, height: int = 0, signature: bytes = b"") -> SignedTransaction:
    return SignedTransaction(Transaction(bytes(32), bytes(32), sequence, height, payload), signature)


def _travels(signed: SignedTransaction) -> bool:
    return is_encoded(codec.SIGNED_TRANSACTION, signed)


def _is_within_size(size: int) -> bool:
    def make(padding: int) -> bytes:
        half = padding // 2
        return transaction_of(world, Form(CITY), Call("a", 1, "b", (bytes(half), bytes(padding - half))))

    world = beginning()
    receipt = judged(world, padded(make, size))
    assert receipt.code in (Rejection.TRANSACTION_MUST_BE_WITHIN_SIZE, Rejection.CONTRACT_MUST_BE_KNOWN)
    return receipt.code != Rejection.TRANSACTION_MUST_BE_WITHIN_SIZE


def _is_calendar(size: int) -> bool:
    def make(padding: int) -> bytes:
        bases = (*["b" * 500] * 7, "b" * padding)
        return codec.encode_calendar(CalendarRecord("Macao", 2026, bases, bytes(365)))

    world = beginning()
    return judged(world, transaction_of(world, Form(CITY), Propose(Subject.CALENDAR, padded(make, size)))).code == 0


def _is_block(transactions: tuple[bytes, ...]) -> bool:
    end = ChainEnd(0, bytes(32), 0, EMPTY_LOG, bytes(32))
    refusal = judge_content(end, BlockContent(1, 1, proposer_of(1, 0), 0, transactions))
    assert refusal in (None, BlockRefusal.BLOCK_MUST_BE_WITHIN_SIZE)
    return refusal is None


def _waits(signers: int, of_each: int) -> bool:
    network = Network(())
    answers = [network.enqueue(b"", bytes([signer]), b"") for signer in range(signers) for _ in range(of_each)]
    return all(isinstance(answer, Accepted) for answer in answers)


def _is_evidence_read(size: int) -> bool:
    with pytest.raises(EvidenceRefused) as refused:
        check_evidence(bytes(size), NativeOracle())
    return refused.value.refusal is not EvidenceRefusal.FILE_MUST_BE_WITHIN_SIZE


def _is_receipt_read(size: int) -> bool:
    with pytest.raises(codec.Undecodable) as refused:
        codec.decode_receipt(bytes(size))
    return refused.value.rule != "object_must_be_within_its_size"


LEDGER: dict[str, Judge] = {
    "CALL_BYTES_MAX": _is_within_size,
    "CALENDAR_BYTES_MAX": _is_calendar,
    "CERTIFICATE_BYTES_MAX": lambda n: _travels(_signed(AdmitCertificate(bytes(n)))),
    "BLOCK_TRANSACTIONS_MAX": lambda n: _is_block((b"",) * n),
    "BLOCK_BYTES_MAX": lambda n: _is_block((bytes(n - 1), b"\x00")),
    "ARGUMENTS_MAX": lambda n: _travels(_signed(Call("a", 1, "b", (b"",) * n))),
    "ARGUMENT_BYTES_MAX": lambda n: _travels(_signed(Call("a", 1, "b", (bytes(n),)))),
    "NAME_CHARACTERS_MAX": lambda n: _travels(_signed(Call("文" * n, 1, "b", ()))),
    "REASONS_CHARACTERS_MAX": lambda n: _travels(
        _signed(CastVote(bytes(32), bytes(32), Position.AGREE, "由" * n))
    ),
    "SIGNATURE_BYTES_MAX": lambda n: _travels(_signed(Call("a", 1, "b", ()), signature=bytes(n))),
    "SEQUENCE_MAX": lambda n: _travels(_signed(Call("a", 1, "b", ()), sequence=n)),
    "HEIGHT_MAX": lambda n: _travels(_signed(Call("a", 1, "b", ()), height=n)),
    "PENDING_PER_SIGNER_MAX": lambda n: _waits(2, n),
    "EVIDENCE_BYTES_MAX": _is_evidence_read,
    "RECEIPT_BYTES_MAX": _is_receipt_read,
}

ELSEWHERE: dict[str, str] = {
    "gbalang.PRINT_COLUMNS_MAX": "refuses nothing: the printer breaks lines at it",
    "gbalang.CALLED_NAME_CHARACTERS_MAX": "tests/cli/test_rim.py",
    "gbalang.ARGUMENTS_MAX": "tests/cli/test_rim.py",
    "gbalang.ARGUMENTS_BYTES_MAX": "tests/cli/test_rim.py",
    "gbalang.BUNDLE_BYTES_MAX": "tests/limits/test_large_sources.py",
    "gbalang.DECLARATIONS_MAX": "tests/limits/test_large_sources.py",
    "gbalang.FINDINGS_MAX": "tests/limits/test_large_sources.py",
    "gbalang.SUGGESTIONS_MAX": "tests/limits/test_large_sources.py",
    "gbalang.NAMES_COMPARED_MAX": "tests/limits/test_large_sources.py",
    "gbalang.EXCEPTION_NESTING_MAX": "tests/limits/test_large_sources.py",
    "gbalang.RECORD_PARTS_MAX": "tests/limits/test_large_sources.py",
    "gbalang.SEARCH_COST_MAX": "tests/limits/test_large_sources.py",
    "gbalang.LOCAL_VALUES_MAX": "tests/unit/vm/test_instructions.py",
    "gbalang.WRITES_MAX": "tests/unit/vm/test_instructions.py",
    "gbalang.EVENTS_MAX": "tests/unit/vm/test_instructions.py",
    "gbalang.REASONS_MAX": "tests/unit/vm/test_machine.py",
    "gbalang.WORKING_DAYS_MAX": "tests/unit/vm/test_dates.py",
    "gbalang.SEARCH_DAYS_MAX": "tests/unit/vm/test_dates.py",
    "runtime.TRANSACTION_BYTES_MAX": "tests/network/test_rejections.py",
    "runtime.LAST_HEIGHT_AHEAD_MAX": "tests/network/test_rejections.py",
    "runtime.PROGRAM_BYTES_MAX": "is the language's",
    "runtime.STATE_KEY_BYTES_MAX": "is the language's",
    "runtime.EXECUTION_COST_MAX": "is the language's COST_MAX",
    "runtime.STATE_VALUE_BYTES_MAX": "follows from PROGRAM_BYTES_MAX; a store's own bound is above it",
    "runtime.PROOF_BYTES_MAX": "below, with the largest entry",
    "runtime.PENDING_MAX": "the queue counts a signer's transactions at each arrival, so filling it is not cheap",
    "runtime.RECORDING_BYTES_MAX": "a gibibyte is not cheap",
}

EXACT = [
    *[(f"gbalang.{name}", getattr(language, name), judge) for name, judge in {**TEXTS, **PROGRAMS}.items()],
    *[(f"runtime.{name}", getattr(ledger, name), judge) for name, judge in LEDGER.items()],
]


@pytest.mark.parametrize(("limit", "judge"), [each[1:] for each in EXACT], ids=[each[0] for each in EXACT])
def test_the_limit_is_exact(limit: int, judge: Judge) -> None:
    assert [judge(limit - 1), judge(limit), judge(limit + 1)] == [True, True, False]


@pytest.mark.parametrize("name", SIZES)
def test_the_largest_size_that_fits_is_taken_and_the_next_is_not(name: str) -> None:
    make, size = SIZES[name]
    limit = getattr(language, name)
    fitting = max(count for count in range(1, 10_000) if size(make(count)) <= limit)
    assert size(make(fitting)) <= limit < size(make(fitting + 1))
    assert is_verified(make(fitting))
    assert not is_verified(make(fitting + 1))


def _names(module: object) -> set[str]:
    return {name for name in vars(module) if re.fullmatch(r"[A-Z_]+_MAX", name)}


def test_every_limit_is_reached_or_says_why_not() -> None:
    reached = {each[0] for each in EXACT} | {f"gbalang.{name}" for name in SIZES}
    assert not reached & set(ELSEWHERE)
    limits = {f"gbalang.{name}" for name in _names(language)}
    limits |= {f"runtime.{name}" for name in _names(ledger) if getattr(ledger, name) is not None}
    limits -= {f"runtime.{name}" for name in IMPORTED}
    assert reached | set(ELSEWHERE) == limits
    for name, where in ELSEWHERE.items():
        if where.startswith("tests/"):
            assert name.partition(".")[2] in (ROOT / where).read_text("utf-8"), where


IMPORTED = {
    "ARGUMENTS_BYTES_MAX", "CALLED_NAME_CHARACTERS_MAX", "COST_MAX", "ENTRY_BYTES_MAX", "EVENT_BYTES_MAX",
    "NOTE_BYTES_MAX", "WRITTEN_NAME_CHARACTERS_MAX",
}  # fmt: skip
"""Of the language; the ledger's module reads them for its assertions."""


def test_a_limit_that_stands_in_both_modules_is_one() -> None:
    assert ledger.PROGRAM_BYTES_MAX == language.PROGRAM_BYTES_MAX
    assert ledger.STATE_KEY_BYTES_MAX == language.STATE_KEY_BYTES_MAX
    assert ledger.EXECUTION_COST_MAX == language.COST_MAX


@pytest.mark.parametrize("module", [language, ledger], ids=["gbalang", "runtime"])
def test_every_limit_bounds_something(module: object) -> None:
    sources = [
        path.read_text("utf-8") for package in ("gbalang", "runtime") for path in (ROOT / package).rglob("*.py")
        if path.name != "limits.py"
    ]  # fmt: skip
    for name in _names(module) - {"WRITTEN_NAME_CHARACTERS_MAX"}:
        assert any(re.search(rf"\b{name}\b", source) for source in sources), name


def test_the_largest_entry_can_be_proved() -> None:
    """At the greatest depth, which no tree of this world has."""
    sibling = b"\x22\x27\x08\x01\x12\x01\x01\x1a\x20" + bytes(32)
    leaf = b"\x1a\x09\x08\x01\x10\x01\x18\x01\x2a\x01\x00"
    value = b"\x12\x80\x80\x04" + b"v" * language.ENTRY_BYTES_MAX
    key = b"\x0a\xe0\x03" + b"k" * ledger.STATE_KEY_BYTES_MAX
    content = key + value + leaf + sibling * 256
    length = len(content)
    proof = b"\x0a" + bytes([length & 0x7F | 0x80, length >> 7 & 0x7F | 0x80, length >> 14]) + content
    assert decode_proof(proof) is not None
    entry = StateEntry(b"k" * ledger.STATE_KEY_BYTES_MAX, b"v" * language.ENTRY_BYTES_MAX, proof)
    assert len(entry.proof) <= ledger.PROOF_BYTES_MAX


def test_a_name_that_a_program_may_have_can_be_recorded_and_called() -> None:
    """Whatever a city proposes, the ledger answers: the name goes into the ballot and into keys of the state."""
    longest = "文" * language.NAME_CHARACTERS_MAX
    world = beginning()
    for name, code in ((longest, 0), (longest + "x", Rejection.PROGRAM_MUST_BE_SOUND)):
        content = encode_program(seal(replace(SAMPLE, name=name, registers=(), parameters=())))
        assert judged(world, transaction_of(world, Form(CITY), Propose(Subject.CONTRACT, content))).code == code


def test_the_names_of_calendars_in_a_program_can_stand_in_keys() -> None:
    for name, verdict in (("文" * language.NAME_CHARACTERS_MAX, True), ("文" * 61, False), ("", False)):
        calendars = (p.CalendarSet(p.CalendarMode.ANY, (name,)),)
        assert is_verified(replace(SAMPLE, calendars=calendars)) is verdict
