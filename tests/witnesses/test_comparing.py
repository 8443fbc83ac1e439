"""Processes that differ are found and explained: our packages are copied, and a mistake is put into the copy."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from gbalang.isa.opcodes import BY_NUMBER
from gbalang.vm.engines import COMPILED, REFERENCE
from gbalang.vm.interpreter.trace import shown
from runtime import codec
from runtime.chain import content_of
from runtime.programs import open_program
from runtime.records import OutcomeKind
from runtime.replay import Replay
from runtime.witnesses.account import block_account, transaction_account
from runtime.witnesses.comparing import Comparison, compare
from runtime.witnesses.processes import ROOT, Company
from runtime.witnesses.settings import Design, Settings, all_axes, design, ordinary
from tests.determinism.test_witness import HISTORY
from tests.network.sample import container

PYTHON = "this one"
AXES = all_axes((PYTHON,))
USUAL = ordinary(AXES)
RECORDING = codec.decode_recording(HISTORY.read_bytes())
CALLS = "runtime/calls.py"
DONE = "return Ending(OutcomeKind.DONE, 0, 0, outcome.cost, "


def changed(**values: str) -> Settings:
    """An ordinary machine but for these settings."""
    names = {name.replace("_", "-"): value for name, value in values.items()}
    pairs = zip(AXES, USUAL.values, strict=True)
    return Settings(AXES, tuple(names.get(axis.name, value) for axis, value in pairs))


def copy_with(folder: Path, path: str, before: str, after: str) -> Company:
    """Our packages with one place changed, and this interpreter."""
    for name in ("gbalang", "runtime"):
        shutil.copytree(ROOT / name, folder / name)
    text = (folder / path).read_text("utf-8")
    assert text.count(before) == 1
    (folder / path).write_text(text.replace(before, after), "utf-8")
    return Company({PYTHON: sys.executable}, folder)


def compare_two(company: Company, other: Settings) -> Comparison:
    return compare(company, Design({"HongKong": USUAL, "Macao": other}, 0, 0), RECORDING, HISTORY)


def first_done() -> tuple[int, int]:
    """The first call of an act in the recording that is carried out."""
    replayed = Replay(RECORDING)
    for block in RECORDING.blocks:
        for receipt in replayed.try_block(content_of(block)).receipts:
            if receipt.outcome is OutcomeKind.DONE and receipt.cost:
                return receipt.height, receipt.index
        replayed.take(block)
    raise AssertionError


def test_eleven_processes_agree_on_what_was_recorded() -> None:
    company = Company({PYTHON: sys.executable})
    said = compare(company, design(AXES), RECORDING, HISTORY)
    assert said.agrees
    assert said.said == HISTORY.with_suffix(".txt").read_text("utf-8").strip()
    assert len(said.agreeing) == 11


def test_a_setting_that_reaches_the_state_is_named(tmp_path: Path) -> None:
    company = copy_with(
        tmp_path, CALLS, DONE, 'return Ending(OutcomeKind.DONE, 0, 0, outcome.cost + hash("a") % 1_000, '
    )
    said = compare(company, Design({"Macao": changed(hash_seed="1")}, 0, 0), RECORDING, HISTORY)
    assert not said.held, "what was recorded knows nothing of hashes"
    [divergence] = said.divergences
    assert (divergence.city, divergence.axes, divergence.alone) == ("Macao", ("hash-seed",), True)


def test_two_settings_that_differ_only_together_are_both_named(tmp_path: Path) -> None:
    both = '(not __debug__ and not __import__("gc").isenabled())'
    company = copy_with(tmp_path, CALLS, DONE, DONE.replace("cost, ", f"cost + {both}, "))
    said = compare_two(company, changed(optimisation="-O", collector="off", locale="tr_TR.UTF-8"))
    assert said.held
    assert said.agreeing == ("HongKong",)
    [divergence] = said.divergences
    assert (divergence.height, divergence.index) == first_done()
    assert divergence.what == "cost"
    assert int(divergence.found) == int(divergence.expected) + 1
    assert (set(divergence.axes), divergence.alone) == ({"optimisation", "collector", "locale"}, False)


def test_a_mistake_of_one_engine_is_found_where_it_is_first_felt(tmp_path: Path) -> None:
    """The compiled engine, which leaves no steps, writes "greater" for "less": seniors of 70 are refused."""
    path = "gbalang/vm/compiled/operations.py"
    company = copy_with(tmp_path, path, '"less": operator("{} < {}")', '"less": operator("{} > {}")')
    said = compare_two(company, changed(engine="reference"))
    assert not said.held, "an ordinary machine has the compiled engine"
    [divergence] = said.divergences
    assert (divergence.city, divergence.axes, divergence.alone) == ("Macao", ("engine",), True)
    assert (divergence.height, divergence.index) == first_done()
    assert (divergence.what, divergence.found) == ("outcome", "DONE 0 0")
    assert divergence.expected.startswith("REFUSED ")


def test_a_mistake_under_one_setting_is_traced_to_its_instruction(tmp_path: Path) -> None:
    """Under -O the reference interpreter compares wrongly: the step that leaves something else is named."""
    path = "gbalang/vm/interpreter/arithmetic.py"
    company = copy_with(tmp_path, path, "frame.stack[-1] < right", "(frame.stack[-1] < right) is __debug__")
    [divergence] = compare_two(company, changed(engine="reference", optimisation="-O")).divergences
    assert (divergence.height, divergence.index) == first_done()
    assert divergence.place is not None
    program = open_program(container(1, "400 CNY")).program
    instruction = program.functions[divergence.place.function].code[divergence.place.instruction]
    assert BY_NUMBER[instruction.opcode].name == "less"
    assert not divergence.alone, "the other engine has no such mistake"


def test_a_process_that_cannot_end_well_differs() -> None:
    company = Company({PYTHON: sys.executable})
    said = compare_two(company, changed(recursion="25"))
    [divergence] = said.divergences
    assert divergence.axes == ("recursion",)
    assert "RecursionError" in divergence.said


def test_an_account_says_what_each_transaction_does() -> None:
    height, index = first_done()
    lines = tuple(block_account(RECORDING, COMPILED, height))
    assert len(lines) == len(RECORDING.blocks[height - 1].transactions)
    words = [line.partition(" ")[0] for line in transaction_account(RECORDING, COMPILED, height, index)]
    assert words[:2] == ["outcome", "cost"]
    assert {"change", "step", "write"} <= set(words)
    assert list(transaction_account(RECORDING, REFERENCE, height, index)) == list(
        transaction_account(RECORDING, COMPILED, height, index)
    )


def test_values_are_shown_alike_under_every_limit() -> None:
    assert shown(10**700) == hex(10**700)
    assert shown((True, None, "é\n", (-1,))) == "(True, None, '\\xe9\\n', (-0x1))"
