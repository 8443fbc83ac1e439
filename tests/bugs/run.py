"""Put the bank's bugs into a copy of the tree, one by one, and see whether their checks catch them.

    python -m tests.bugs.run [--group GROUP] [--only TEXT] [--workers N]

A bug is caught when its check fails by a test; a check that cannot even be collected catches nothing. First each check
runs on clean code, where it must pass: what it reports there is a false alarm.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bugs.bank import BUGS, Bug
from tests.bugs.trees import Verdict, run_check, trees


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
    with trees(options.workers) as copies:
        checks = list(dict.fromkeys(bug.check for bug in bugs))
        clean = copies.work(checks, run_check)
        bugs = slowest_first(bugs, dict(zip(checks, clean, strict=True)))
        verdicts = copies.work(bugs, try_bug)
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
