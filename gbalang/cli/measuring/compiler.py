"""The compiler and the start of the command."""

from __future__ import annotations

import subprocess
import sys

from gbalang.ast.parser import parse
from gbalang.cli.measuring.rounds import Measurement, processor_seconds, wall_seconds
from gbalang.errors import InternalError
from gbalang.pipeline import compile_bundle
from gbalang.source import SourceBundle, SourceFile

CHECKED_LINES = 1_000
PARSED_LINES = (2_500, 5_000, 10_000, 20_000)

_HEADER = """contract long version 1
  title en "A long instrument"
  basis "None: it is never put into force among cities"
  parties all cities
  effective 2026-01-01

"""
_ARTICLE = """article {number} "Article {number}"
  text en "The fee of article {number} is a share of the amount, rounded, and at most a ceiling."

  parameter ceiling_{number}: Money CNY = {number} CNY from 2026-01-01

  enum Class_{number}: first_{number}, second_{number}

  rule share_{number}(class: Class_{number}) gives Percent
    give match class
      when first_{number} then 12.5%
      when second_{number} then 15%
    end

  rule fee_{number}(amount: Money CNY from 0 CNY to 1_000_000 CNY, class: Class_{number}) gives Money CNY
    give least of (ceiling_{number}, round half up (amount * share_{number}(class)) to 0.01 CNY)

  exception small_{number} to fee_{number}
    when amount < 10 CNY
    give 0 CNY

  example "Small amounts are free"
    fee_{number}(5 CNY, first_{number}) = 0 CNY

"""


def long_instrument(lines: int) -> str:
    """Return a sound instrument of about that many lines: articles with parameters, rules, exceptions, examples."""
    count = max(1, lines // _ARTICLE.count("\n"))
    return _HEADER + "".join(_ARTICLE.replace("{number}", str(number)) for number in range(1, count + 1))


def measure_compiler(rounds: int) -> list[Measurement]:
    """Return the time of checking 1,000 lines, of parsing longer texts, and how the latter grows."""
    rows = [Measurement(f"check of {CHECKED_LINES:,} lines", "s", tuple(_check() for _ in range(rounds)))]
    times: dict[int, list[float]] = {lines: [] for lines in PARSED_LINES}
    for _ in range(rounds):
        for lines, samples in times.items():
            source = SourceFile("long.gba", long_instrument(lines))
            samples.append(processor_seconds(lambda source=source: parse(source)))  # type: ignore[misc]
    rows += [
        Measurement(f"parse of {lines:,} lines", "µs a line", tuple(1e6 * sample / lines for sample in samples))
        for lines, samples in times.items()
    ]
    first, last = PARSED_LINES[0], PARSED_LINES[-1]
    growth = tuple((long / last) / (short / first) for short, long in zip(times[first], times[last], strict=True))
    rows.append(Measurement(f"time a line, {last:,} ÷ {first:,} lines", "ratio", growth))
    return rows


def _check() -> float:
    bundle = SourceBundle(SourceFile("long.gba", long_instrument(CHECKED_LINES)))
    failed = []
    seconds = processor_seconds(lambda: failed.append(compile_bundle(bundle).failed))
    if any(failed):
        raise InternalError("the instrument of the benchmark does not compile")
    return seconds


def measure_start(rounds: int) -> Measurement:
    """Return the wall-clock time of `gba --help` in a process of its own."""
    command = [sys.executable, "-c", "import sys; from gbalang.cli import main; sys.argv[1:] = ['--help']; main()"]
    times = [
        wall_seconds(lambda: subprocess.run(command, check=True, capture_output=True)) for _ in range(rounds)
    ]
    return Measurement("gba --help, wall clock", "s", tuple(times))
