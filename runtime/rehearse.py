"""Simulations in any interpreter, with the standard library alone: the same seeds give the same traces everywhere.

    python -m runtime.rehearse SEED SEEDS STEPS CHARTER CONTRACT [CALENDAR ...]

The files hold compiled programs and calendars as cities vote on them. A line is printed for each seed: the seed, the
identity of its trace, and "held" or the checks that failed; the exit code is 0 when all held, 3 when one failed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from runtime.simulator.campaign import Settings, simulate_seeds
from runtime.simulator.credentials import HashedCredentials
from runtime.simulator.faults import BY_NAME
from runtime.simulator.run import choose_engines
from runtime.simulator.stage import prepare

ARGUMENTS_MIN = 5


def main(arguments: list[str]) -> int:
    """Run simulations and print what identifies their traces."""
    if len(arguments) < ARGUMENTS_MIN or not all(number.isdecimal() for number in arguments[:3]):
        sys.stderr.write("usage: python -m runtime.rehearse SEED SEEDS STEPS CHARTER CONTRACT [CALENDAR ...]\n")
        return 2
    first, seeds, steps = (int(number) for number in arguments[:3])
    charter, contract, *calendars = (Path(path).read_bytes() for path in arguments[3:])
    stage = prepare(charter, tuple(calendars), contract, HashedCredentials())
    settings = Settings(steps, tuple(BY_NAME), choose_engines("mixed"))
    failed = False
    for _, result in simulate_seeds(lambda _: stage, first, seeds, settings):
        failed = failed or bool(result.failures)
        held = ", ".join(failure.check.value for failure in result.failures) or "held"
        sys.stdout.write(f"{result.seed} {result.identity} {held}\n")
    return 3 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
