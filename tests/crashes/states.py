"""States of a store's file that no process leaves, but a disk: pages of the last commit lost, late, torn, elsewhere.

A sequence of commits is recorded, page by page. A state is the file after one of them in which some pages are not what
was written: then power failed, and the disk had not kept what it said it had. It is opened as production opens it.
Right is what stood there before that commit, or what stands there after it, or a refusal with its name. After an
opening the store is written again, closed and opened: what LMDB does with its free pages must do no harm either.
"""

from __future__ import annotations

import functools
import itertools
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import runtime.state.lmdb
from runtime.state.lmdb import SEAL_FILE, LmdbStore
from runtime.state.lmdb_form import DATA_FILE, examine
from runtime.state.store import StoreDamaged
from tests.crashes.processes import Ended, Say, run_apart

PAGE_BYTES = 4096
SECTOR_BYTES = 512
META_PAGES = (0, 1)
META_BYTES = 160
"""All that LMDB writes of a page of its own description lies before this place."""

COMMITS = 14
FIRST_JUDGED = 4
STATES_OF_A_RECORDING = 200
REAL_EVERY = 100
"""Of so many states one is opened with an examination in a process of its own; the others with the same function."""

Contents: TypeAlias = dict[bytes, bytes]
Writes: TypeAlias = list[tuple[bytes, bytes | None]]


@dataclass(frozen=True, slots=True)
class Recording:
    """The file and its entries after each commit."""

    files: tuple[bytes, ...]
    contents: tuple[Contents, ...]


@dataclass(frozen=True, slots=True)
class State:
    """A file, what was done to it, and the commits whose entries it may show."""

    kind: str
    data: bytes
    allowed: tuple[int, ...]


@dataclass
class Figures:
    """What came of the states. `wrong`: what was read that was never so, and every other thing that must not be."""

    states: int = 0
    opened: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def draw_writes(chance: random.Random, contents: Contents) -> Writes:
    """Draw the writes of one commit: new entries, changed ones, deleted ones, some longer than a page."""
    writes: Writes = []
    for _ in range(chance.choice((1, 3, 10, 40))):
        known = sorted(contents)
        key = chance.choice(known) if known and chance.random() < 0.5 else b"key %05d" % chance.randrange(100_000)
        size = chance.choice((8, 60, 300, 1_500, 9_000)) if chance.random() < 0.3 else chance.randrange(8, 200)
        writes.append((key, None if chance.random() < 0.25 else chance.randbytes(size)))
    return writes


def after(contents: Contents, writes: Writes) -> Contents:
    """Return the entries after a commit."""
    changed: dict[bytes, bytes | None] = {**contents, **dict(writes)}
    return {key: value for key, value in sorted(changed.items()) if value is not None}


def record(folder: Path, chance: random.Random) -> Recording:
    """Commit some writes to a new store and keep its file after each commit."""
    store = LmdbStore(folder, durable=False)
    files, contents = [(folder / DATA_FILE).read_bytes()], [Contents()]
    for _ in range(COMMITS):
        writes = draw_writes(chance, contents[-1])
        store.commit(writes)
        files.append((folder / DATA_FILE).read_bytes())
        contents.append(after(contents[-1], writes))
    store.close()
    return Recording(tuple(files), tuple(contents))


# ---------------------------------------------------------------- building states


def page(data: bytes, number: int) -> bytes:
    """Return a page of a file; zeros beyond its end."""
    return data[number * PAGE_BYTES : (number + 1) * PAGE_BYTES].ljust(PAGE_BYTES, b"\x00")


def build(recording: Recording, chance: random.Random) -> State:
    """Build a state of the file from the last of some commits."""
    last = chance.randrange(FIRST_JUDGED, len(recording.files))
    kind = chance.choice(sorted(BUILDERS))
    before, complete = recording.files[last - 1], recording.files[last]
    changed = [
        number for number in range(len(complete) // PAGE_BYTES) if page(before, number) != page(complete, number)
    ]
    data = BUILDERS[kind](recording, last, changed, chance)
    return State(kind, data, (last, last - 1, last - 2) if kind == "older" else (last, last - 1))


def _assembled(recording: Recording, last: int, chosen: dict[int, bytes]) -> bytes:
    data = bytearray(recording.files[last])
    for number, content in chosen.items():
        data[number * PAGE_BYTES : (number + 1) * PAGE_BYTES] = content
    return bytes(data)


def _some(chance: random.Random, pages: list[int]) -> list[int]:
    """One of them, or about half."""
    if chance.random() < 0.5:
        return [chance.choice(pages)]
    return [number for number in pages if chance.random() < 0.5] or [pages[-1]]


def _data_pages(changed: list[int]) -> list[int]:
    return [number for number in changed if number not in META_PAGES]


def _lost(recording: Recording, last: int, changed: list[int], chance: random.Random) -> bytes:
    """Some pages, LMDB's description of the file among them or not, are as they were before the commit."""
    gone = _some(chance, changed)
    return _assembled(recording, last, {number: page(recording.files[last - 1], number) for number in gone})


def _reordered(recording: Recording, last: int, changed: list[int], chance: random.Random) -> bytes:
    """The description of the commit is there, and some of the pages that it rests on are not yet."""
    return _lost(recording, last, _data_pages(changed), chance)


def _unwritten(recording: Recording, last: int, changed: list[int], chance: random.Random) -> bytes:
    """The room of some pages is there, and holds zeros."""
    return _assembled(recording, last, dict.fromkeys(_some(chance, _data_pages(changed)), bytes(PAGE_BYTES)))


def _torn(recording: Recording, last: int, changed: list[int], chance: random.Random) -> bytes:
    """Of one page some sectors are there."""
    number = chance.choice(changed)
    old, new = page(recording.files[last - 1], number), page(recording.files[last], number)
    if number in META_PAGES:  # it is written within one sector; we tear it all the same
        cut = chance.randrange(0, META_BYTES, 8)
        torn = old[:cut] + new[cut:] if chance.random() < 0.5 else new[:cut] + old[cut:]
        return _assembled(recording, last, {number: torn})
    kept = chance.getrandbits(PAGE_BYTES // SECTOR_BYTES)
    sectors = [
        (new if kept >> at & 1 else old)[at * SECTOR_BYTES : (at + 1) * SECTOR_BYTES]
        for at in range(PAGE_BYTES // SECTOR_BYTES)
    ]
    return _assembled(recording, last, {number: b"".join(sectors)})


def _older(recording: Recording, last: int, changed: list[int], chance: random.Random) -> bytes:
    """Some pages, whether of the last commit or not, are as they were two commits before."""
    pages = list(range(len(recording.files[last]) // PAGE_BYTES))
    gone = [number for number in pages if chance.random() < 0.3]
    return _assembled(recording, last, {number: page(recording.files[last - 2], number) for number in gone})


def _shortened(recording: Recording, last: int, changed: list[int], chance: random.Random) -> bytes:
    """The file ends earlier than it did."""
    data = recording.files[last]
    return data[: chance.randrange(0, len(data), SECTOR_BYTES)]


def _misdirected(recording: Recording, last: int, changed: list[int], chance: random.Random) -> bytes:
    """A page of the commit went to the place of another page, and is missing in its own."""
    number = chance.choice(_data_pages(changed))
    other = chance.randrange(len(recording.files[last]) // PAGE_BYTES)
    moved = {other: page(recording.files[last], number)}
    if other != number:
        moved[number] = page(recording.files[last - 1], number)
    return _assembled(recording, last, moved)


BUILDERS: dict[str, Callable[[Recording, int, list[int], random.Random], bytes]] = {
    "lost": _lost,
    "reordered": _reordered,
    "unwritten": _unwritten,
    "torn": _torn,
    "older": _older,
    "shortened": _shortened,
    "misdirected": _misdirected,
}


# ---------------------------------------------------------------- judging states


def open_state(folder: Path, state: State) -> LmdbStore:
    """Lay the file out as a crash would leave it, and open it. Raises StoreDamaged."""
    for name in (SEAL_FILE, DATA_FILE):
        (folder / name).unlink(missing_ok=True)
    (folder / DATA_FILE).write_bytes(state.data)
    return LmdbStore(folder, durable=False)


def judge(folder: Path, recording: Recording, state: State, chance: random.Random) -> str:
    """Return "before", "after" or a refusal. Raises AssertionError for anything else."""
    try:
        store = open_state(folder, state)
    except StoreDamaged as damaged:
        return f"refused: {damaged.reason}"
    contents = dict(store.scan(b""))
    shown = [commit for commit in state.allowed if recording.contents[commit] == contents]
    assert shown, "it shows entries that were never there together"
    for _ in range(2):
        writes = draw_writes(chance, contents)
        store.commit(writes)
        contents = after(contents, writes)
        assert dict(store.scan(b"")) == contents, "after a further commit it shows other entries"
    store.close()
    store = LmdbStore(folder, durable=False)
    assert dict(store.scan(b"")) == contents, "opened again it shows other entries"
    store.close()
    return "after" if shown[0] == state.allowed[0] else "before"


def chance_of(seed: int, name: str, number: int) -> random.Random:
    """Return the draws of one recording or one state."""
    return random.Random(f"{seed}/{name}/{number}")


def examine_here(path: Path, copy: Path | None, say: Say) -> str:
    """Do in this process what production has another one do, and tell those who listen in case it ends this one."""
    say("examining")
    try:
        return examine(str(path), None if copy is None else str(copy))
    except Exception:  # noqa: BLE001  # the other process would say nothing
        return ""
    finally:
        say("examined")


def _judge_all(folder: Path, recording: Recording, seed: int, numbers: Iterable[int], say: Say) -> None:
    # What is synced is not looked at here: power fails only in the states themselves.
    os.fsync = lambda fd: None
    elsewhere = runtime.state.lmdb._examine_elsewhere
    for number in numbers:
        chance = chance_of(seed, "state", number)
        state = build(recording, chance)
        say(f"state {number} {state.kind}")
        is_real = number % REAL_EVERY == 0
        runtime.state.lmdb._examine_elsewhere = elsewhere if is_real else functools.partial(examine_here, say=say)
        say(judge(folder, recording, state, chance))


def try_states(folder: Path, seed: int, numbers: range, has_time: Callable[[], bool] = lambda: True) -> Figures:
    """Build and judge states. A process that ends within an examination is a refusal; elsewhere it is wrong."""
    folder.mkdir()
    figures = Figures()
    while numbers and has_time():
        place = numbers.start // STATES_OF_A_RECORDING
        end = min(numbers.stop, (place + 1) * STATES_OF_A_RECORDING)
        recording = record(folder / "recorded", chance_of(seed, "recording", place))
        shutil.rmtree(folder / "recorded")
        _try_some(figures, folder / "state", recording, seed, range(numbers.start, end), has_time)
        numbers = range(end, numbers.stop)
    return figures


def _try_some(
    figures: Figures, folder: Path, recording: Recording, seed: int, numbers: range, has_time: Callable[[], bool]
) -> None:
    """Judge states of one recording, in a new process after each that was ended."""
    folder.mkdir(exist_ok=True)
    while numbers and has_time():
        left = itertools.takewhile(lambda _: has_time(), numbers)
        ended = run_apart(functools.partial(_judge_all, folder, recording, seed, left))
        last = count(figures, ended, seed)
        if ended.code == 0:
            return
        numbers = range(last + 1, numbers.stop)


def count(figures: Figures, ended: Ended, seed: int) -> int:
    """Count what a process said of its states; return the number of the last one that it began."""
    number, name, examining = -1, "", False
    for line in ended.lines:
        if line.startswith("state "):
            number, name = int(line.split()[1]), line
            figures.states += 1
            figures.kinds[line.split()[2]] += 1
        elif line in {"examining", "examined"}:
            examining = line == "examining"
        elif line in {"before", "after"}:
            figures.opened[line] += 1
        elif line.startswith("refused: "):
            figures.refused[line.removeprefix("refused: ")] += 1
        else:
            figures.wrong.append(f"seed {seed}, {name}: {line}")
    if ended.code < 0 and examining:
        figures.refused["the examination ended its process"] += 1
    elif ended.code < 0:
        figures.wrong.append(f"seed {seed}, {name}: the process was ended by signal {-ended.code}")
    return number
