"""The store on disk: across restarts, crashes, other processes and damage."""

from __future__ import annotations

import itertools
import os
import resource
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import lmdb
import pytest

from runtime.state.lmdb import LOCK_FILE, SEAL_FILE, LmdbStore
from runtime.state.lmdb_form import DATA_FILE
from runtime.state.store import StoreDamaged, StoreUnavailable

CONTENTS = [(b"key %03d" % number, b"value %03d " % number * 40) for number in range(300)]


def make(path: Path) -> None:
    store = LmdbStore(path, durable=False)
    store.commit(CONTENTS[:200])
    store.commit(CONTENTS[200:])
    store.close()


def change(path: Path, position: int) -> None:
    with path.open("r+b") as file:
        file.seek(position)
        byte = file.read(1)[0]
        file.seek(position)
        file.write(bytes([byte ^ 0x10]))


def child(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program), *arguments], stdout=subprocess.PIPE, text=True, bufsize=1
    )


def test_what_was_committed_is_there_after_reopening(tmp_path: Path) -> None:
    make(tmp_path)
    for _ in range(2):
        store = LmdbStore(tmp_path)
        assert list(store.scan(b"")) == CONTENTS
        store.close()


def test_a_folder_is_open_once(tmp_path: Path) -> None:
    first = LmdbStore(tmp_path, durable=False)
    with pytest.raises(StoreUnavailable, match="in use by another process"):
        LmdbStore(tmp_path)
    first.commit([(b"a", b"1")])
    first.close()
    second = LmdbStore(tmp_path)
    assert second.get(b"a") == b"1"
    second.close()


def test_a_folder_in_use_by_another_process_is_named_so(tmp_path: Path) -> None:
    holder = child(
        """
        import sys
        from pathlib import Path
        from runtime.state.lmdb import LmdbStore
        store = LmdbStore(Path(sys.argv[1]))
        print("open", flush=True)
        sys.stdin.read()
        """,
        str(tmp_path),
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(StoreUnavailable, match="in use by another process"):
            LmdbStore(tmp_path)
    finally:
        holder.kill()
        holder.communicate()
    LmdbStore(tmp_path).close()


def test_a_process_that_is_killed_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """The writer is killed while it commits; each commit's entries belong together and count up."""
    acknowledged = 0
    for _ in range(3):
        writer = child(
            """
            import sys
            from pathlib import Path
            from runtime.state.lmdb import LmdbStore
            store = LmdbStore(Path(sys.argv[1]))
            number = int(store.get(b"height") or b"-1") + 1
            while True:
                block = [(b"block %d %d" % (number, part), b"%d" % number * 50) for part in range(20)]
                store.commit([*block, (b"height", b"%d" % number)])
                print(number, flush=True)
                number += 1
            """,
            str(tmp_path),
        )
        assert writer.stdout is not None
        for _ in range(40):
            acknowledged = int(writer.stdout.readline())
        writer.send_signal(signal.SIGKILL)
        rest, _ = writer.communicate()
        acknowledged = max([acknowledged, *(int(line) for line in rest.splitlines())])
        store = LmdbStore(tmp_path)
        height = int(store.get(b"height") or b"-1")
        assert height in {acknowledged, acknowledged + 1}
        blocks = dict(store.scan(b"block "))
        assert len(blocks) == 20 * (height + 1)
        for number in range(height + 1):
            for part in range(20):
                assert blocks[b"block %d %d" % (number, part)] == b"%d" % number * 50
        store._release(and_seal=False)  # the next writer finds the folder as a crash leaves it


def test_the_room_grows_with_the_contents(tmp_path: Path) -> None:
    store = LmdbStore(tmp_path, map_size_bytes=64 * 1024, durable=False)
    for batch in range(8):
        store.commit([(b"%d %d" % (batch, number), bytes(900)) for number in range(200)])
        assert store.get(b"%d 7" % batch) == bytes(900)
    store.commit([(b"large", bytes(5_000_000))])
    assert sum(1 for _ in store.scan(b"")) == 1_601
    store.close()
    reopened = LmdbStore(tmp_path, map_size_bytes=64 * 1024)
    assert reopened.get(b"large") == bytes(5_000_000)
    reopened.close()


def test_a_reader_sees_the_latest_commit(tmp_path: Path) -> None:
    store = LmdbStore(tmp_path, durable=False)
    for number in range(5):
        store.commit([(b"height", b"%d" % number)])
        assert store.get(b"height") == b"%d" % number
    store.close()


def test_any_change_to_a_store_at_rest_is_noticed_before_it_is_opened(tmp_path: Path) -> None:
    make(tmp_path)
    data = tmp_path / DATA_FILE
    size = data.stat().st_size
    for position in [*range(0, 100, 9), *range(100, size, size // 60), size - 1]:
        change(data, position)
        with pytest.raises(StoreDamaged, match="changed while it was closed"):
            LmdbStore(tmp_path)
        change(data, position)
    store = LmdbStore(tmp_path)
    assert list(store.scan(b"")) == CONTENTS
    store.close()


def test_an_older_file_in_the_place_of_the_right_one_is_noticed(tmp_path: Path) -> None:
    make(tmp_path)
    older = (tmp_path / DATA_FILE).read_bytes()
    store = LmdbStore(tmp_path)
    store.commit([(b"key 000", b"newer")])
    store.close()
    (tmp_path / DATA_FILE).write_bytes(older)
    with pytest.raises(StoreDamaged):
        LmdbStore(tmp_path)


def test_a_store_whose_file_is_gone_is_damaged_and_not_empty(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / DATA_FILE).unlink()
    with pytest.raises(StoreDamaged):
        LmdbStore(tmp_path)


def test_the_seal_is_gone_before_the_first_write_and_back_after_closing(tmp_path: Path) -> None:
    make(tmp_path)
    assert (tmp_path / SEAL_FILE).exists()
    store = LmdbStore(tmp_path)
    assert store.get(b"key 000") is not None
    assert (tmp_path / SEAL_FILE).exists()
    store.commit([(b"a", b"1")])
    assert not (tmp_path / SEAL_FILE).exists()
    store.close()
    assert (tmp_path / SEAL_FILE).exists()


def places_of(value: bytes, contents: bytes) -> list[int]:
    places = [at for at in range(len(contents)) if contents.startswith(value, at)]
    assert places, "the value stands in the file"
    return places  # LMDB may keep an older page with the same value


def test_a_value_that_changes_while_the_store_is_open_is_noticed_when_it_is_read(tmp_path: Path) -> None:
    """Every bit of a value, and its checksum, is looked at when it is read."""
    make(tmp_path)
    data = tmp_path / DATA_FILE
    contents = data.read_bytes()
    store = LmdbStore(tmp_path)
    for key, value in CONTENTS[::60]:
        for offset in (-8, -1, 0, 100, len(value) - 1):
            for place in places_of(value, contents):
                change(data, place + offset)
            with pytest.raises(StoreDamaged) as damaged:
                store.get(key)
            assert damaged.value.key == key
            with pytest.raises(StoreDamaged):
                list(store.scan(key))
            for place in places_of(value, contents):
                change(data, place + offset)
    store.close()


def test_a_store_in_which_damage_was_found_is_not_sealed(tmp_path: Path) -> None:
    """A seal would vouch for the damage, and the next opening would examine nothing."""
    make(tmp_path)
    store = LmdbStore(tmp_path, durable=False)
    store.commit([(b"a", b"1")])
    for place in places_of(CONTENTS[60][1], (tmp_path / DATA_FILE).read_bytes()):
        change(tmp_path / DATA_FILE, place + 100)
    with pytest.raises(StoreDamaged):
        store.get(CONTENTS[60][0])
    store.close()
    assert not (tmp_path / SEAL_FILE).exists()
    with pytest.raises(StoreDamaged):
        LmdbStore(tmp_path)


def test_a_store_whose_commit_failed_is_not_sealed(tmp_path: Path) -> None:
    make(tmp_path)
    store = LmdbStore(tmp_path, durable=False)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4 * PAGE_BYTES, before[1]))
    try:
        with pytest.raises(StoreUnavailable, match="cannot be written"):
            store.commit([(b"large", bytes(1_000_000))])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(store.scan(b"")) == CONTENTS
    store.commit([(b"more", b"1")])
    store.close()
    assert not (tmp_path / SEAL_FILE).exists()
    store = LmdbStore(tmp_path)
    assert list(store.scan(b"")) == [*CONTENTS, (b"more", b"1")]
    store.close()


def test_without_a_seal_a_changed_value_is_noticed_at_the_opening(tmp_path: Path) -> None:
    make(tmp_path)
    data = tmp_path / DATA_FILE
    contents = data.read_bytes()
    (tmp_path / SEAL_FILE).unlink()
    for place in places_of(CONTENTS[60][1], contents):
        change(data, place + 100)
    with pytest.raises(StoreDamaged):
        LmdbStore(tmp_path)


def test_without_a_seal_no_changed_byte_takes_the_process_down(tmp_path: Path) -> None:
    """As after a crash. A page that LMDB trusts may end the process that reads it: that is another one than ours."""
    make(tmp_path)
    data = tmp_path / DATA_FILE
    contents = data.read_bytes()
    noticed = 0
    for position in range(17, len(contents), len(contents) // 40):
        (tmp_path / SEAL_FILE).unlink(missing_ok=True)
        data.write_bytes(contents)
        for shift in range(3):
            change(data, min(position + shift, len(contents) - 1))
        try:
            store = LmdbStore(tmp_path)
        except StoreDamaged:
            noticed += 1
            continue
        assert list(store.scan(b"")) == CONTENTS, "what was not noticed did no harm"
        store._release(and_seal=False)
    assert noticed > 10


@pytest.mark.parametrize(
    "ending",
    ["os.kill(os.getpid(), signal.SIGKILL)", "os.kill(os.getpid(), signal.SIGSEGV)", "os.abort()", "os._exit(1)"],
)
def test_without_a_seal_a_file_that_ends_the_process_that_examines_it_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    """Whether by itself or by a signal, as the operating system ends a process that follows a broken page."""
    make(tmp_path)
    (tmp_path / SEAL_FILE).unlink()
    without_core = "import os, resource, signal; resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); "
    monkeypatch.setattr("runtime.state.lmdb._EXAMINATION", without_core + ending)
    with pytest.raises(StoreDamaged, match="cannot be read to its end"):
        LmdbStore(tmp_path)
    monkeypatch.undo()
    LmdbStore(tmp_path).close()




PAGE_BYTES = 4096


def files_of_commits(path: Path) -> list[bytes]:
    """The file after each commit: each changes a value, deletes one and adds one, in a store of one page of entries."""
    store = LmdbStore(path, durable=False)
    files = []
    for number in range(6):
        changes = [(b"height", b"%d" % number), (b"block %d" % number, b"x" * 40), (b"block %d" % (number - 2), None)]
        store.commit(changes)
        files.append((path / DATA_FILE).read_bytes())
    store.close()
    return files


def left_by_a_crash(path: Path, data: bytes) -> None:
    (path / SEAL_FILE).unlink(missing_ok=True)
    (path / DATA_FILE).write_bytes(data)


def test_pages_of_an_earlier_commit_under_a_later_one_are_noticed_though_their_checksums_are_right(
    tmp_path: Path,
) -> None:
    """The disk kept the page in which the commit says of itself that it is there, and not the others."""
    files = files_of_commits(tmp_path)
    refused = []
    for before, after in itertools.pairwise(files[1:]):
        for number in range(2, len(after) // PAGE_BYTES):
            place = slice(number * PAGE_BYTES, (number + 1) * PAGE_BYTES)
            mixed = bytearray(after)
            mixed[place] = before[place].ljust(PAGE_BYTES, b"\x00")
            left_by_a_crash(tmp_path, bytes(mixed))
            try:
                store = LmdbStore(tmp_path, durable=False)
            except StoreDamaged as damaged:
                refused.append(damaged.reason)
                continue
            entries = dict(store.scan(b""))
            height = int(entries[b"height"])
            assert sorted(entries) == [b"block %d" % (height - 1), b"block %d" % height, b"height"]
            store._release(and_seal=False)
    assert "the file of the store mixes two commits" in refused


def test_a_whole_earlier_state_under_a_later_commit_is_noticed(tmp_path: Path) -> None:
    """All its pages are sound and in their places; only the commit's number speaks against them."""
    files = files_of_commits(tmp_path)
    store = LmdbStore(tmp_path, durable=False)
    with store._environment.begin(write=True, db=store._entries) as transaction:
        main = store._environment.open_db(None, txn=transaction)
        tally = transaction.get(b"tally", db=main)
        transaction.put(b"tally", (int.from_bytes(tally[:8], "big") - 1).to_bytes(8, "big") + tally[8:], db=main)
    store._release(and_seal=False)
    (tmp_path / SEAL_FILE).unlink()
    with pytest.raises(StoreDamaged, match="mixes two commits"):
        LmdbStore(tmp_path)
    left_by_a_crash(tmp_path, files[-1])
    LmdbStore(tmp_path).close()


def test_after_a_crash_nothing_but_the_entries_is_kept_of_the_file(tmp_path: Path) -> None:
    """Which pages are free, nothing vouches for: LMDB would write over pages that are in use."""
    make(tmp_path)
    store = LmdbStore(tmp_path, durable=False)
    store.commit([(key, None) for key, _ in CONTENTS[10:]])
    store._release(and_seal=False)
    crashed = (tmp_path / DATA_FILE).stat()
    left_over = tmp_path / (DATA_FILE + ".of-one-that-was-killed")
    left_over.write_bytes(b"half a copy")
    store = LmdbStore(tmp_path, durable=False)
    assert list(store.scan(b"")) == CONTENTS[:10]
    assert (tmp_path / DATA_FILE).stat().st_size < crashed.st_size // 2
    assert not left_over.exists()
    store.commit(CONTENTS[10:])
    assert list(store.scan(b"")) == CONTENTS
    store._release(and_seal=False)
    store = LmdbStore(tmp_path)
    assert list(store.scan(b"")) == CONTENTS, "the tally goes on from the copy"
    store.close()


@pytest.mark.parametrize("ending", ["import os; os.abort()", "import os; os._exit(1)", "raise ValueError", "pass"])
def test_an_examination_that_comes_to_no_end_found_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    make(tmp_path)
    (tmp_path / SEAL_FILE).unlink()
    crashed = (tmp_path / DATA_FILE).read_bytes()
    monkeypatch.setattr("runtime.state.lmdb._EXAMINATION", ending)
    with pytest.raises(StoreDamaged, match="cannot be read to its end"):
        LmdbStore(tmp_path)
    assert (tmp_path / DATA_FILE).read_bytes() == crashed
    assert [path.name for path in tmp_path.glob(DATA_FILE + "*")] == [DATA_FILE]


def test_without_room_for_the_copy_the_store_says_so_and_stays_as_it_is(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / SEAL_FILE).unlink()
    crashed = (tmp_path / DATA_FILE).read_bytes()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4 * PAGE_BYTES, before[1]))
    try:
        with pytest.raises(StoreUnavailable, match="no room"):
            LmdbStore(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (tmp_path / DATA_FILE).read_bytes() == crashed
    assert [path.name for path in tmp_path.glob(DATA_FILE + "*")] == [DATA_FILE]
    store = LmdbStore(tmp_path)
    assert list(store.scan(b"")) == CONTENTS
    store.close()


def test_a_large_store_is_examined_and_not_copied_when_it_was_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.state.lmdb.SEAL_FILE_BYTES_MAX", PAGE_BYTES)
    make(tmp_path)
    data = tmp_path / DATA_FILE
    written = data.stat().st_ino
    store = LmdbStore(tmp_path, durable=False)
    assert data.stat().st_ino == written
    store.commit([(b"one", b"more")])
    assert not (tmp_path / SEAL_FILE).exists()
    store._release(and_seal=False)
    LmdbStore(tmp_path, durable=False).close()
    assert data.stat().st_ino != written, "after a crash it is copied"
    for place in places_of(CONTENTS[60][1], data.read_bytes()):
        change(data, place + 100)
    with pytest.raises(StoreDamaged):
        LmdbStore(tmp_path)
    data.unlink()
    with pytest.raises(StoreDamaged):
        LmdbStore(tmp_path)


def test_a_store_to_which_nothing_was_ever_written_is_new(tmp_path: Path) -> None:
    lmdb.open(str(tmp_path)).close()
    store = LmdbStore(tmp_path, durable=False)
    assert list(store.scan(b"")) == []
    store.commit([(b"a", b"1")])
    store._release(and_seal=False)
    store = LmdbStore(tmp_path)
    assert store.get(b"a") == b"1"
    store.close()


def test_a_file_of_lmdb_that_holds_no_entries_of_ours_is_damaged(tmp_path: Path) -> None:
    environment = lmdb.open(str(tmp_path))
    with environment.begin(write=True) as transaction:
        transaction.put(b"key", b"value")
    environment.close()
    with pytest.raises(StoreDamaged):
        LmdbStore(tmp_path)


@pytest.mark.parametrize("contents", [b"not a database", b"\x00" * 8192, b"\xff" * 8192, os.urandom(20_000)])
def test_a_file_that_is_no_store_is_damaged(tmp_path: Path, contents: bytes) -> None:
    (tmp_path / DATA_FILE).write_bytes(contents)
    with pytest.raises(StoreDamaged):
        LmdbStore(tmp_path)
    (tmp_path / DATA_FILE).unlink()
    LmdbStore(tmp_path).close()


@pytest.mark.parametrize("kept", [100, 4_096, 8_192, 20_000])
def test_a_shortened_file_is_damaged(tmp_path: Path, kept: int) -> None:
    make(tmp_path)
    (tmp_path / SEAL_FILE).unlink()
    os.truncate(tmp_path / DATA_FILE, kept)
    with pytest.raises(StoreDamaged):
        LmdbStore(tmp_path)


def test_a_folder_that_cannot_be_is_named_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreUnavailable, match="cannot be used"):
        LmdbStore(tmp_path / "file" / "store")


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = LmdbStore(tmp_path, durable=False)
    store.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        store.get(b"a")
    with pytest.raises(StoreUnavailable, match="closed"):
        store.commit([(b"a", b"1")])
    with pytest.raises(StoreUnavailable, match="closed"):
        next(store.scan(b""))


def test_a_failed_opening_leaves_the_folder_free(tmp_path: Path) -> None:
    (tmp_path / DATA_FILE).write_bytes(b"not a database")
    with pytest.raises(StoreDamaged):
        LmdbStore(tmp_path)
    for name in (DATA_FILE, LOCK_FILE):
        (tmp_path / name).unlink()
    LmdbStore(tmp_path).close()
