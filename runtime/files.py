"""Files that are written whole or not at all, also when the process is killed or power fails.

Each such file is written beside its place, synced, renamed into its place, and where it matters the folder is synced
before anything goes on; whoever puts several files into one folder does that once for all. A process that is
killed in between leaves a file with the suffix `.new` that nobody reads.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from runtime.crash_points import CrashPoint, pass_point


@dataclass(frozen=True, slots=True)
class Steps:
    """The crash points of one kind of file. `lasting`: its name too is on the disk before anything goes on."""

    begun: CrashPoint
    synced: CrashPoint
    renamed: CrashPoint
    lasting: bool = True


SEAL: Final = Steps(CrashPoint.SEAL_BEGUN, CrashPoint.SEAL_SYNCED, CrashPoint.SEAL_RENAMED)
KEY: Final = Steps(CrashPoint.KEY_BEGUN, CrashPoint.KEY_SYNCED, CrashPoint.KEY_RENAMED, lasting=False)
CERTIFICATE: Final = Steps(
    CrashPoint.CERTIFICATE_BEGUN, CrashPoint.CERTIFICATE_SYNCED, CrashPoint.CERTIFICATE_RENAMED, lasting=False
)
CLOCK: Final = Steps(CrashPoint.CLOCK_BEGUN, CrashPoint.CLOCK_SYNCED, CrashPoint.CLOCK_RENAMED)
GENESIS: Final = Steps(CrashPoint.GENESIS_BEGUN, CrashPoint.GENESIS_SYNCED, CrashPoint.GENESIS_RENAMED)
MARK: Final = Steps(CrashPoint.MARK_BEGUN, CrashPoint.MARK_SYNCED, CrashPoint.MARK_RENAMED)
ENGINE: Final = Steps(CrashPoint.ENGINE_BEGUN, CrashPoint.ENGINE_SYNCED, CrashPoint.ENGINE_RENAMED)
OUTPUT: Final = Steps(CrashPoint.OUTPUT_BEGUN, CrashPoint.OUTPUT_SYNCED, CrashPoint.OUTPUT_RENAMED, lasting=False)


def put_file(path: Path, content: bytes, mode: int, steps: Steps) -> None:
    """Put a file in its place: whatever happens, the one before is there or this one. Raises OSError."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".new")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content[: len(content) // 2])
            file.flush()
            pass_point(steps.begun)
            file.write(content[len(content) // 2 :])
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        pass_point(steps.synced)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    pass_point(steps.renamed)
    if steps.lasting:
        sync_folder(path.parent)


def make_folder(path: Path) -> None:
    """Make a folder, unless it is there, and its name durable. Raises OSError."""
    if not path.is_dir():
        path.mkdir(exist_ok=True)
        sync_folder(path.parent)


def mode_of_new_files() -> int:
    """Return the mode that this process gives to what it makes."""
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable. Raises OSError."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
