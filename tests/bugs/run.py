"""Put the bank's bugs into a copy of the tree, one by one, and see whether their checks catch them.

    python -m tests.bugs.run [--group GROUP] [--only TEXT] [--workers N]

A bug is caught when its check fails by a test; a check that cannot even be collected catches nothing. First each check
runs on clean code, where it must pass: what it reports there is a false alarm.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

from tests.bugs.bank import BUGS, Bug

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


def run_check(tree: Path, check: str) -> Verdict:
    """Run a check in a tree."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *check.split()]
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    begun = time.monotonic()
    try:
        ended = subprocess.run(
            command, cwd=tree, env=environment, capture_output=True, timeout=SECONDS_MAX, check=False
        )
    except subprocess.TimeoutExpired:
        return Verdict(None, time.monotonic() - begun)
    return Verdict(ended.returncode, time.monotonic() - begun)


def try_bug(tree: Path, bug: Bug) -> Verdict:
    """Run a bug's check with the bug in the tree, and take the bug out again."""
    path = tree / bug.path
    clean = path.read_text("utf-8")
    path.write_text(clean.replace(bug.before, bug.after), "utf-8")
    try:
        return run_check(tree, bug.check)
    finally:
        path.write_text(clean, "utf-8")


def name_of(bug: Bug) -> str:
    """Return how a bug is shown: its file, and the first line of what it changes."""
    return f"{bug.path}: {bug.before.strip().splitlines()[0]}"


def slowest_first(bugs: list[Bug], clean: dict[str, Verdict]) -> list[Bug]:
    """Order bugs by how long their checks take on clean code, so that no worker is left alone with a slow one."""
    return sorted(bugs, key=lambda bug: clean[bug.check].seconds, reverse=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bank and print the score; 1 when a bug was missed or a check failed on clean code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bugs.run")
    parser.add_argument("--group", choices=sorted({bug.group for bug in BUGS}), help="the bugs of one group")
    parser.add_argument("--only", metavar="TEXT", default="", help="the bugs whose line in the report holds this text")
    parser.add_argument("--workers", type=int, default=2, help="how many checks run at a time")
    options = parser.parse_args(arguments)
    bugs = [bug for bug in BUGS if options.group in (None, bug.group) and options.only in name_of(bug)]
    if not bugs:
        parser.error("no bug of the bank is meant")
    with tempfile.TemporaryDirectory(prefix="gba-bugs-") as folder:
        trees: Queue[Path] = Queue()
        for number in range(options.workers):
            tree = Path(folder) / str(number)
            copy_tree(tree)
            trees.put(tree)

        def in_a_tree(bug: Bug | None, check: str) -> Verdict:
            tree = trees.get()
            try:
                return run_check(tree, check) if bug is None else try_bug(tree, bug)
            finally:
                trees.put(tree)

        with ThreadPoolExecutor(options.workers) as pool:
            checks = list(dict.fromkeys(bug.check for bug in bugs))
            clean = list(pool.map(lambda check: in_a_tree(None, check), checks))
            bugs = slowest_first(bugs, dict(zip(checks, clean, strict=True)))
            verdicts = list(pool.map(lambda bug: in_a_tree(bug, bug.check), bugs))
    return _report(bugs, checks, clean, verdicts)


def _report(bugs: list[Bug], checks: list[str], clean: list[Verdict], verdicts: list[Verdict]) -> int:
    alarms = [check for check, verdict in zip(checks, clean, strict=True) if verdict.code != 0]
    missed = [bug for bug, verdict in zip(bugs, verdicts, strict=True) if not verdict.caught]
    for bug, verdict in zip(bugs, verdicts, strict=True):
        word = "caught" if verdict.caught else "MISSED"
        print(f"{word}  {verdict.seconds:6.1f} s  {bug.group:15} {name_of(bug)}")
    for check in alarms:
        print(f"FALSE ALARM on clean code: {check}")
    seconds = statistics.median(verdict.seconds for verdict in verdicts)
    print(f"{len(bugs) - len(missed)} of {len(bugs)} caught, median {seconds:.1f} s; false alarms: {len(alarms)}")
    return 1 if missed or alarms else 0


if __name__ == "__main__":
    sys.exit(main())
