"""Kill processes at the numbered points and try states of a store's file; print what came of it in one line.

    python -m tests.crashes.run --states N --seed S --seconds LIMIT [--first NUMBER] [--once]

Every point is tried once whatever the time. Then, while there is time: every hit of every point in every scene, for at
most a half of the time, and N states from the seed. Without --seconds all of them are tried. What is wrong is printed
with its seed and number, and the exit code is 1; `--states 1 --first NUMBER` with the same seed tries a state again.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from runtime.crash_points import CrashPoint
from tests.crashes.processes import within
from tests.crashes.states import Figures, try_states
from tests.crashes.walk import Walk, every_hit, every_point_once, walk

MEMORY = Path("/dev/shm")
"""A folder in memory, where there is one: to a process that is killed it is like any other, and syncing is free."""


def summary(seed: int, walked: Walk, figures: Figures) -> str:
    """Return the line of figures."""
    refused = "; ".join(f"{reason} {count}" for reason, count in figures.refused.most_common())
    return (
        f"seed {seed}: points {len(walked.reached())} of {len(CrashPoint)}, kills {len(walked.kills)}, "
        f"file states {figures.states} (as after the commit {figures.opened['after']}, "
        f"as before {figures.opened['before']}, refused {figures.refused.total()}"
        f"{': ' if refused else ''}{refused}), wrong: {len(walked.wrong) + len(figures.wrong)}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print; 1 when something was wrong or a point was not reached."""
    parser = argparse.ArgumentParser(prog="python -m tests.crashes.run")
    parser.add_argument("--states", type=int, default=2_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=secrets.randbits(32))
    parser.add_argument("--seconds", type=float, default=None)
    parser.add_argument("--once", action="store_true", help="each point once, not each of its hits")
    given = parser.parse_args(arguments)
    half, whole = within(given.seconds and given.seconds / 2), within(given.seconds)
    choose = every_point_once(given.seed) if given.once else every_hit(given.seed, half)
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None, prefix="gbalang-crashes-") as place:
        walked = walk(Path(place), choose)
        numbers = range(given.first, given.first + given.states)
        figures = try_states(Path(place) / "states", given.seed, numbers, whole)
    for wrong in (*walked.wrong, *figures.wrong):
        sys.stderr.write(wrong + "\n")
    sys.stdout.write(summary(given.seed, walked, figures) + "\n")
    unreached = len(walked.reached()) < len(CrashPoint)
    return 1 if walked.wrong or figures.wrong or unreached else 0


if __name__ == "__main__":
    sys.exit(main())
