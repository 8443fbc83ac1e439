"""What the long run reached, beside what design asks of it, as a table of Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from runtime.cities import CITY_COUNT
from runtime.crash_points import CrashPoint
from runtime.simulator.faults import FAULTS
from tests.mutants.run import GROUPS
from tests.soak.phases import Figures

Found = Mapping[str, Figures]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `wanted`: what a long run should reach."""

    what: str
    wanted: int
    reached: Callable[[Found], int]


def _count(phase: str, name: str) -> Callable[[Found], int]:
    return lambda found: found[phase].counts.get(name, 0)


def _names(phase: str, name: str) -> Callable[[Found], int]:
    return lambda found: len(found[phase].names.get(name, ()))


def _transactions(found: Found) -> int:
    return _count("simulations", "transactions")(found) + _count("processes", "recorded transactions")(found)


def _score(group: str) -> Callable[[Found], int]:
    tried, noticed = _count("changes", f"{group} tried"), _count("changes", f"{group} noticed")
    return lambda found: 100 * noticed(found) // max(tried(found), 1)


PAIRS = len(FAULTS) * (len(FAULTS) - 1) // 2

ROWS: tuple[Row, ...] = (
    Row(f"generated transactions, each executed by {CITY_COUNT} replicas", 3_000_000, _transactions),
    Row(f"of them by {CITY_COUNT} processes that differ", 500_000, _count("processes", "recorded transactions")),
    Row("simulations of the consortium, no false alarm", 1_000, _count("simulations", "simulations")),
    Row("kinds of fault that happened", len(FAULTS), _names("simulations", "kinds of fault")),
    Row("pairs of kinds within one simulation", PAIRS, _names("simulations", "pairs of faults")),
    Row("simulations played again by two processes with other hash seeds", 50, _count("simulations", "played again")),
    Row("programs run on both engines", 300_000, _count("programs", "programs run on both engines")),
    Row("readings of changed bytes and texts", 50_000_000, _count("readings", "executions")),
    Row("numbered points at which a process was killed", len(CrashPoint), _names("crashes", "points")),
    Row("kills and states of files", 50_000, lambda found: sum(found["crashes"].counts.values())),
    *[Row(f"changes of the {group} that a test notices, in hundredths", 93, _score(group)) for group in GROUPS],
)


def report(found: Found, seed: int, minutes: float, machine: str, silent: list[str]) -> str:
    """Return the table with what stands around it."""
    lines = [
        "# A long run, as it was recorded", "",
        f"`make soak MINUTES={minutes:g} SEED={seed}` on {machine}.",
        "What is wanted stands for a run of many hours; where a figure fell short, the last column says how far it",
        "came. The run itself writes this page.", "",
        "| what | wanted | reached | |", "|---|---:|---:|---|",
    ]  # fmt: skip
    for row in ROWS:
        reached = row.reached(found)
        short = "" if reached >= row.wanted else f"short: {reached / row.wanted:.0%}"
        lines.append(f"| {row.what} | {row.wanted:,} | {reached:,} | {short} |")
    failures = sum(len(figures.failures) for figures in found.values())
    lines += ["", f"Failures: {failures}. Planted mistakes that went unnoticed: {', '.join(silent) or 'none'}."]
    for phase, figures in found.items():
        counts = ", ".join(f"{name} {count:,}" for name, count in sorted(figures.counts.items()))
        names = ", ".join(f"{name} {len(met)}" for name, met in sorted(figures.names.items()))
        lines.append(f"- {phase}: {', '.join(filter(None, (counts, names)))}.")
    lines += [f"  - unnoticed: `{mutant}`" for mutant in found["changes"].names.get("unnoticed", ())]
    return "\n".join(lines)
