"""Rounds and spreads. Machines are shared and noisy, so what counts is a ratio within one round, and how it varies."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measurement:
    """One row of the report: samples, one for each round, in `unit`."""

    name: str
    unit: str
    samples: tuple[float, ...]

    @property
    def least(self) -> float:
        """The smallest sample."""
        return min(self.samples)

    @property
    def median(self) -> float:
        """The middle sample."""
        return statistics.median(self.samples)

    @property
    def most(self) -> float:
        """The largest sample."""
        return max(self.samples)


def processor_seconds(work: Callable[[], object]) -> float:
    """Return the processor time of this process that the work takes, garbage of earlier work swept first."""
    gc.collect()
    begun = time.process_time()
    work()
    return time.process_time() - begun


def wall_seconds(work: Callable[[], object]) -> float:
    """Return the wall-clock time that the work takes, disks included, garbage of earlier work swept first."""
    gc.collect()
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
