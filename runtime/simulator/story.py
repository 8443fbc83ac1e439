"""A scenario told in words: which turn, which faults in which cities, which acts. Pure."""

from __future__ import annotations

from gbalang.isa.civil import civil_from_days
from runtime.simulator.faults import BY_NAME
from runtime.simulator.scenario import Scenario
from runtime.simulator.stage import Stage
from runtime.transition import day_of

ACTS_TOLD_MAX = 8
"""Acts of one turn that a story names; of more it gives the number."""


def tell(stage: Stage, scenario: Scenario) -> tuple[str, ...]:
    """Return a line for each thing that happens."""
    lines = []
    time_ms = stage.time_ms
    for turn in scenario.turns:
        time_ms += turn.passing_ms
        year, month, day = civil_from_days(day_of(time_ms))
        lines.append(f"turn {turn.number}, {year:04}-{month:02}-{day:02}")
        for fault in turn.faults:
            where = ", ".join(fault.cities) or "all cities"
            turns = "once" if fault.turns == 1 else f"for {fault.turns} turns"
            lines.append(f"  {fault.kind} at {where} {turns}: {BY_NAME[fault.kind].what}")
        for sent in turn.traffic[:ACTS_TOLD_MAX]:
            harm = f" [{sent.harm}]" if sent.harm else ""
            lines.append(f"  {sent.who}: {sent.act}{harm}")
        if len(turn.traffic) > ACTS_TOLD_MAX:
            lines.append(f"  and {len(turn.traffic) - ACTS_TOLD_MAX} more acts")
    return tuple(lines)
