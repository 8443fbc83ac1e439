"""gba bench: what this machine does, as ratios in one run, with the machine, the settings and the spread.

Rates of different runs or machines say little; the ratio of two works done in turns in one process says how the design
holds. Times are processor time of this process unless a row says otherwise.
"""

from __future__ import annotations

import os
import platform
import tempfile
from importlib.metadata import version
from pathlib import Path

import click

from gbalang.cli.measuring.compiler import measure_compiler, measure_start
from gbalang.cli.measuring.engines import measure_engines
from gbalang.cli.measuring.memory import measure_memory
from gbalang.cli.measuring.node import measure_node
from gbalang.cli.measuring.rounds import Measurement
from gbalang.cli.session import Session, shared_options
from runtime.crypto.measure import measure_suites
from runtime.crypto.suites import SUITE_NAMES
from runtime.embedded.folder import DEFAULT_SUITE

LIBRARIES = ("cryptography", "lark", "lmdb")


@click.command()
@click.option("--rounds", type=click.IntRange(3, 100), default=7, show_default=True, help="Rounds of each measurement.")
@click.option("--suite", type=click.Choice(SUITE_NAMES), default=DEFAULT_SUITE, show_default=True,
              help="Signature suite of the node measured.")  # fmt: skip
@click.option("--entries", type=click.IntRange(0, 1_000_000), default=100_000, show_default=True,
              help="Register entries for the memory of eleven nodes; 0 leaves it out.")  # fmt: skip
@shared_options
def bench(session: Session, rounds: int, suite: str, entries: int) -> None:
    """Measure this machine: rates as ratios in one run, with their spread."""
    facts = machine()
    for name, fact in facts.items():
        session.line(f"{name}: {fact}")
    session.line(f"rounds: {rounds}, suite: {suite}, entries: {entries:,}")
    rows: list[Measurement] = []
    with tempfile.TemporaryDirectory(prefix="gba-bench-") as folder:
        rows.extend(measure_node(Path(folder) / "network", rounds, suite))
    for rates in measure_suites(rounds):
        rows.append(Measurement(f"signing, {rates.suite}", "per second", tuple(map(float, rates.sign_per_second))))
        rows.append(Measurement(f"verifying, {rates.suite}", "per second", tuple(map(float, rates.verify_per_second))))
    rows.extend(measure_engines(rounds))
    rows.extend(measure_compiler(rounds))
    rows.append(measure_start(rounds))
    if entries:
        rows.append(measure_memory(entries))
    session.table(
        [session.word(key) for key in ("measurement", "unit", "least", "median", "most")],
        [(row.name, row.unit, *(f"{value:,.3f}" for value in (row.least, row.median, row.most))) for row in rows],
    )
    session.result({
        "machine": facts, "rounds": rounds, "suite": suite, "entries": entries,
        "rows": [
            {"name": row.name, "unit": row.unit, "samples": [f"{sample:.6f}" for sample in row.samples]} for row in rows
        ],
    })  # fmt: skip


def machine() -> dict[str, str]:
    """Return what the figures were measured on."""
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "processors": str(os.cpu_count()),
        "libraries": ", ".join(f"{name} {version(name)}" for name in LIBRARIES),
    }
