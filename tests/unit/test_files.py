"""Files that are whole or not there: in which order they are made durable, and what a failure leaves."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from runtime import crash_points
from runtime.crash_points import CrashPoint
from runtime.files import CERTIFICATE, ENGINE, GENESIS, KEY, MARK, OUTPUT, SEAL, Steps, make_folder, put_file


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(("steps", "lasting"), [(MARK, True), (GENESIS, True), (SEAL, True), (ENGINE, True),
                                                (OUTPUT, False), (KEY, False), (CERTIFICATE, False)])  # fmt: skip
def test_the_content_is_durable_before_the_name_and_the_name_before_anything_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: Steps, lasting: bool
) -> None:
    """Power that fails after a rename would else leave an empty file in the place of the old one."""
    file, told = tmp_path / "file", []
    file.write_bytes(b"before")
    sync = os.fsync

    def fsync(descriptor: int) -> None:
        told.append("folder" if Path(f"/proc/self/fd/{descriptor}").resolve() == tmp_path else "content")
        sync(descriptor)

    def watcher(point: CrashPoint) -> None:
        told.append({steps.begun: "begun", steps.synced: "synced", steps.renamed: "renamed"}[point])
        assert file.read_bytes() == (b"after" if point is steps.renamed else b"before")

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(crash_points, "watcher", watcher)
    put_file(file, b"after", 0o640, steps)
    assert told == ["begun", "content", "synced", "renamed", *(["folder"] if lasting else [])]
    assert names(tmp_path) == ["file"]
    assert file.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("point", [MARK.begun, MARK.synced])
def test_a_failure_leaves_the_file_before_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: CrashPoint
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"before")

    def watcher(passed: CrashPoint) -> None:
        if passed is point:
            raise OSError

    monkeypatch.setattr(crash_points, "watcher", watcher)
    with pytest.raises(OSError):
        put_file(file, b"after", 0o600, MARK)
    assert file.read_bytes() == b"before"
    assert names(tmp_path) == ["file"]


def test_an_empty_file_can_be_put_in_its_place(tmp_path: Path) -> None:
    put_file(tmp_path / "file", b"", 0o600, MARK)
    assert (tmp_path / "file").read_bytes() == b""


def test_the_name_of_a_new_folder_is_durable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr("runtime.files.sync_folder", synced.append)
    make_folder(tmp_path / "new")
    make_folder(tmp_path / "new")
    assert (tmp_path / "new").is_dir()
    assert synced == [tmp_path]
