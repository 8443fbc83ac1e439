"""How it is told that an example of acts went otherwise than it is written."""

from __future__ import annotations

from typing import Any

from gbalang.check import typed as t
from gbalang.cli.letter import ground_of_refusal
from gbalang.cli.session import Session
from gbalang.isa.program import Program
from gbalang.testing.courses import Departure


def departure_lines(session: Session, program: Program, departure: Departure) -> list[str]:
    """Return the steps up to the one that went otherwise, and how it went; a fault is told by whoever tells faults."""
    lines = [f"    {text}" for text in (*departure.before, departure.step.text)]
    if departure.fault is None:
        lines.append("  " + _how(session, program, departure))
    if departure.condition is not None:
        lines.append("  " + session.word("course_condition", condition=program.conditions[departure.condition].text))
    return lines


def _how(session: Session, program: Program, departure: Departure) -> str:
    step = departure.step
    match departure.end:
        case "done":
            return session.word("course_done")
        case "refused":
            assert departure.refusal is not None
            ground = ground_of_refusal(program, departure.refusal, session.language)
            return session.word("course_refused", name=program.refusals[departure.refusal].name, ground=ground)
        case "forbidden":
            assert isinstance(step, t.Deed)
            return session.word("course_forbidden", name=step.actor.name)
        case None:
            return session.word("course_standing")


def departure_as_json(program: Program, departure: Departure | None) -> dict[str, Any] | None:
    """Return where an example of acts went otherwise, and how, as data; None when it went as it is written."""
    if departure is None:
        return None
    refusal = "" if departure.refusal is None else program.refusals[departure.refusal].name
    condition = "" if departure.condition is None else program.conditions[departure.condition].text
    return {
        "before": list(departure.before), "step": departure.step.text, "ended": departure.end or "", "refusal": refusal,
        "condition": condition,
    }  # fmt: skip
