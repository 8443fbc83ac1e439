"""The long run: everything that a change is checked with, for as long as one likes, and what was reached in the end.

    python -m tests.soak.run [--minutes M] [--workers N] [--seed S] [--write FILE]

Each phase runs in so many processes as there are workers, one phase after the other. Before they begin, each phase is
shown able to fail: a planted mistake that it must report. The exit code is 1 when anything failed; falling short of a
figure is stated and is no failure.
"""

from __future__ import annotations

import argparse
import json
import platform
import secrets
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from tests.soak.canaries import unnoticed
from tests.soak.phases import PHASES, Figures
from tests.soak.report import report

ROOT = Path(__file__).resolve().parents[2]
SHARES = {"simulations": 30, "processes": 22, "programs": 8, "readings": 12, "crashes": 12, "changes": 16}
"""How the time is divided, in hundredths."""

APART = 1_000_000
"""Seeds of processes that share a phase are so far apart."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.run")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=secrets.randbits(32))
    parser.add_argument("--write", type=Path, help="write the report into a file as well")
    parser.add_argument("--phase", choices=tuple(PHASES), help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.phase is not None:
        json.dump(asdict(PHASES[given.phase](given.seed, given.minutes * 60)), sys.stdout)
        return 0
    silent = unnoticed()
    figures = {}
    for phase in PHASES:
        figures[phase] = _in_processes(phase, given)
        print(f"{phase}: {figures[phase].counts}, failures {len(figures[phase].failures)}", file=sys.stderr)
    text = report(figures, given.seed, given.minutes, f"{platform.machine()} in {given.workers} processes", silent)
    print(text)
    if given.write is not None:
        given.write.write_text(text + "\n", "utf-8")
    failed = [failure for found in figures.values() for failure in found.failures]
    for failure in failed[:50]:
        print(failure[:2_000], file=sys.stderr)
    return 1 if failed or silent else 0


def _in_processes(phase: str, given: argparse.Namespace) -> Figures:
    minutes = given.minutes * SHARES[phase] / 100

    def one(place: int) -> Figures:
        command = [
            sys.executable, "-m", "tests.soak.run", "--phase", phase, "--seed", str(given.seed + place * APART),
            "--minutes", str(minutes),
        ]  # fmt: skip
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if ended.returncode != 0:
            return Figures(failures=[f"{phase} ended with {ended.returncode}: {ended.stderr[-2_000:]}"])
        return Figures(**json.loads(ended.stdout))

    together = Figures()
    with ThreadPoolExecutor(given.workers) as pool:
        for figures in pool.map(one, range(given.workers)):
            together.merge(figures)
    return together


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
