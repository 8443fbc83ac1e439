"""Recorded history, re-executed by separate interpreters that differ in everything they may differ in.

Eleven nodes in one process share a hash seed, a locale and Unicode tables, so they could agree and all be wrong. The
witnesses share nothing but the bytes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gbalang.isa.opcodes import BY_NUMBER
from gbalang.vm.engines import ENGINES
from runtime import codec, keys
from runtime.calls import contract_versions, program_of
from runtime.programs import ProgramCache
from runtime.records import Recording
from runtime.replay import RootsDiffer, replay
from runtime.state_view import StateView
from runtime.witness import main
from runtime.witnesses.interpreters import find_interpreters
from tests.determinism.history import encoded, last_line, make_history
from tests.instruments.stage import INSTRUMENTS

ROOT = Path(__file__).parent.parent.parent
GOLDEN = Path(__file__).parent.parent / "golden"
HISTORY, STORIES = GOLDEN / "history.recording", GOLDEN / "stories.recording"
RECORDINGS = {"history": HISTORY, "stories": STORIES}
STORIES_BYTES_MAX = 300_000
"""What a checkout carries for it."""

VARIATIONS: tuple[tuple[tuple[str, ...], dict[str, str]], ...] = (
    # Each value of each axis meets each value of the next one: flags, then hash seed, locale, time zone.
    ((), {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC"}),
    (("-O",), {"PYTHONHASHSEED": "1", "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Hong_Kong"}),
    (("-OO",), {"PYTHONHASHSEED": "4294967295", "LC_ALL": "zh_CN.UTF-8", "TZ": "Pacific/Kiritimati"}),
    (("-W", "error"), {"PYTHONHASHSEED": "random", "LC_ALL": "pt_PT.UTF-8", "TZ": "America/St_Johns"}),
    (("-X", "int_max_str_digits=640"), {"PYTHONHASHSEED": "7", "LC_ALL": "C.UTF-8", "TZ": "Etc/GMT+12"}),
    (("-X", "utf8=0", "-B"), {"PYTHONHASHSEED": "random", "LC_ALL": "POSIX", "TZ": "Asia/Macau"}),
)

CASES = tuple(
    (variation, recording, tuple(ENGINES)[(variation + turn) % len(ENGINES)])
    for variation in range(len(VARIATIONS))
    for turn, recording in enumerate(RECORDINGS)
)
"""Each recording under every variation, the engines taking turns."""


def line_of(recording: Path) -> Path:
    """Return where it is written what a witness prints of a recording."""
    return recording.with_suffix(".txt")


@pytest.mark.parametrize(("name", "path"), find_interpreters(), ids=[name for name, _ in find_interpreters()])
@pytest.mark.parametrize(("variation", "recording", "engine"), CASES)
def test_every_witness_finds_the_same(name: str, path: str, variation: int, recording: str, engine: str) -> None:
    flags, settings = VARIATIONS[variation]
    recorded = RECORDINGS[recording]
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "LC_", "LANG", "TZ"))}
    witness = subprocess.run(
        [path, *flags, "-m", "runtime.witness", "--engine", engine, str(recorded)],
        cwd=ROOT, env={**kept, **settings}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (witness.returncode, witness.stderr) == (0, ""), name
    assert witness.stdout == line_of(recorded).read_text("utf-8"), name


def test_this_interpreter_is_among_the_witnesses() -> None:
    paths = [path for _, path in find_interpreters()]
    assert paths[0] == sys.executable


def test_a_witness_needs_nothing_installed() -> None:
    """-I shuts out the user's folder and the environment, -S everything installed beside the standard library."""
    program = (
        "import sys, runpy; sys.path.insert(0, sys.argv.pop(1)); "
        "runpy.run_module('runtime.witness', run_name='__main__')"
    )
    command = [sys.executable, "-I", "-S", "-c", program, str(ROOT), str(HISTORY)]
    witness = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (witness.returncode, witness.stderr) == (0, "")
    assert witness.stdout == line_of(HISTORY).read_text("utf-8")


@pytest.mark.parametrize("arguments", [[], ["--engine", "other", str(HISTORY)], ["--thread", "none", str(HISTORY)]])
def test_a_witness_says_how_it_is_called(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("usage: python -m runtime.witness [-h] [--engine {reference,compiled}]")


def test_the_stories_are_small_and_of_the_three_instruments() -> None:
    """The recording holds the instruments as they were compiled then; it need not be those of contracts/ today."""
    data = STORIES.read_bytes()
    assert len(data) < STORIES_BYTES_MAX
    recording = codec.decode_recording(data)
    state = StateView(replay(recording))
    decided: set[str] = set()
    used: set[str] = set()
    for name in INSTRUMENTS:
        ((_, version),) = contract_versions(state, name)
        program = program_of(state, ProgramCache(), version.digest).program
        used |= {BY_NUMBER[each.opcode].name for function in program.functions for each in function.code}
        decided |= {name for each in program.registers if any(state.scan(keys.register(name, each.name)))}
    assert decided == set(INSTRUMENTS), "every instrument has entries"
    assert len(list(state.scan(keys.TABLE_CALENDAR))) == 3
    assert {"each", "contains", "local_parameter", "parameter", "add_working_days", "ratio_round"} <= used


def test_the_history_made_anew_is_the_recorded_one() -> None:
    """Compiler, machine, transition and tree still give every byte of what was recorded.

    A change that is meant to change them is recorded anew: python -m tests.determinism.record
    """
    world, _, recording = make_history()
    assert encoded(recording) == HISTORY.read_bytes()
    assert last_line(world) + "\n" == line_of(HISTORY).read_text("utf-8")


def test_a_changed_transaction_is_found() -> None:
    """The canary: a witness that cannot object is none."""
    recording = codec.decode_recording(HISTORY.read_bytes())
    height = next(place for place, block in enumerate(recording.blocks) if block.transactions)
    block = recording.blocks[height]
    shorter = type(block)(block.header, block.transactions[:-1], block.signatures)
    blocks = (*recording.blocks[:height], shorter, *recording.blocks[height + 1 :])
    changed = Recording(
        recording.genesis, recording.first_state, blocks, recording.signatures, recording.certificates
    )
    with pytest.raises(RootsDiffer):
        replay(changed)
