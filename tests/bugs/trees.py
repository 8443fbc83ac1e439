"""Copies of the tree in which checks run while something in them is changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import TypeVar

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[2]
SECONDS_MAX = 600
FAILED_BY_A_TEST = 1
"""The exit code of pytest when a test failed, and nothing else went wrong."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check said, and how long it took. `code`: pytest's exit code, None when it did not end in time."""

    code: int | None
    seconds: float

    @property
    def caught(self) -> bool:
        return self.code == FAILED_BY_A_TEST or self.code is None


def copy_tree(target: Path) -> None:
    """Copy the files that git knows of, as they are in the working tree."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def run_check(tree: Path, check: str, seconds_max: float = SECONDS_MAX) -> Verdict:
    """Run a check in a tree."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *check.split()]
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    begun = time.monotonic()
    try:
        ended = subprocess.run(
            command, cwd=tree, env=environment, capture_output=True, timeout=seconds_max, check=False
        )
    except subprocess.TimeoutExpired:
        return Verdict(None, time.monotonic() - begun)
    return Verdict(ended.returncode, time.monotonic() - begun)


class Trees:
    """Copies of the tree, one for each worker."""

    def __init__(self, folder: Path, workers: int) -> None:
        self._free: Queue[Path] = Queue()
        self._workers = workers
        for number in range(workers):
            copy_tree(folder / str(number))
            self._free.put(folder / str(number))

    def work(self, items: Sequence[T], work: Callable[[Path, T], Verdict]) -> list[Verdict]:
        """Do some work on each item in a tree of its own, as many at a time as there are trees."""

        def in_a_tree(item: T) -> Verdict:
            tree = self._free.get()
            try:
                return work(tree, item)
            finally:
                self._free.put(tree)

        with ThreadPoolExecutor(self._workers) as pool:
            return list(pool.map(in_a_tree, items))


@contextmanager
def trees(workers: int) -> Iterator[Trees]:
    """Make copies of the tree, and take them away at the end."""
    with tempfile.TemporaryDirectory(prefix="gba-trees-") as folder:
        yield Trees(Path(folder), workers)
