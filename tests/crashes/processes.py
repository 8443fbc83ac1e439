"""Work that may end its process: it runs in a process of its own, and what it had to say is heard, however it ended."""

from __future__ import annotations

import os
import select
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

Say: TypeAlias = Callable[[str], None]

FELL_SILENT = 60.0
"""Seconds without a word after which a process hangs."""

_FAILED = 1


@dataclass(frozen=True, slots=True)
class Ended:
    """The lines that were said, and how the process ended: 0, an exit code, or less than 0 for a signal."""

    lines: tuple[str, ...]
    code: int


def run_apart(work: Callable[[Say], None]) -> Ended:
    """Run work in a child of this process. An exception is its last line. The caller has no threads."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _work(work, writing)
    os.close(writing)
    try:
        said = _listen(reading, child)
    finally:
        os.close(reading)
    _, status = os.waitpid(child, 0)
    return Ended(tuple(said.decode("utf-8").splitlines()), os.waitstatus_to_exitcode(status))


def _work(work: Callable[[Say], None], writing: int) -> None:
    """Never returns: what stands on the stack of the parent is not for the child to end."""

    def say(line: str) -> None:
        os.write(writing, line.encode("utf-8") + b"\n")

    code = _FAILED
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # LMDB says there why it ends its process
    try:
        work(say)
        code = 0
    except BaseException:  # noqa: BLE001  # whatever it was, it is told to the parent
        say(traceback.format_exc().replace("\n", " | "))
    finally:
        os._exit(code)


def _listen(reading: int, child: int) -> bytes:
    said = bytearray()
    while True:
        ready, _, _ = select.select([reading], [], [], FELL_SILENT)
        if not ready:
            os.kill(child, signal.SIGKILL)
            return bytes(said) + b"it hangs\n"
        block = os.read(reading, 65_536)
        if not block:
            return bytes(said)
        said += block


def within(seconds: float | None) -> Callable[[], bool]:
    """Return what says whether there is time left; without a bound there always is."""
    ends = None if seconds is None else time.monotonic() + seconds
    return lambda: ends is None or time.monotonic() < ends
