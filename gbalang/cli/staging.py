"""An instrument brought into force among eleven simulated cities, for the commands that play it through."""

from __future__ import annotations

from gbalang.cli.governing import compile_charter, load_calendar
from gbalang.cli.session import Session
from runtime import codec
from runtime.simulator.credentials import Credentials
from runtime.simulator.stage import Stage, prepare


def stage_of(session: Session, container: bytes, credentials: Credentials) -> Stage:
    """Return the stage of a compiled instrument, with the calendars of the standard library. Raises StageFailed."""
    calendars = tuple(codec.encode_calendar(record) for record in load_calendar(session, None))
    return prepare(compile_charter(), calendars, container, credentials)
