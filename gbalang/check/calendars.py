"""Calendars: the days of one year, each off, working or half, from what the notice says.

A half day counts as a working day. (data-law-calendars.md; 國務院辦公廳 notices, General Holidays Ordinance cap. 149,
Regulamento Administrativo n.º 6/2026.)
"""

from __future__ import annotations

from gbalang.ast import nodes as n
from gbalang.check import typed as t
from gbalang.check.dates import day_number
from gbalang.check.mistakes import Findings, Mistake
from gbalang.check.world import expect_calendar
from gbalang.diagnostics.model import Label
from gbalang.isa.civil import DAY_HALF, DAY_OFF, DAY_WORKING, civil_from_days, days_from_civil
from gbalang.source import Span

_FIRST_MONDAY = 4
"""1970-01-05, the first Monday of the count of days."""
_DAYS_OF_WEEK = 7


def check_calendar(document: n.CalendarInstrument, findings: Findings) -> t.CalendarYear | None:
    """Return the year's days, or None after a mistake, which is recorded."""
    before = findings.errors
    with findings.attempt():
        expect_calendar(document.name)
    first = days_from_civil(document.year, 1, 1)
    count = days_from_civil(document.year + 1, 1, 1) - first
    for place, weekday in enumerate(document.weekend):
        if weekday in document.weekend[:place]:
            findings.add("E0606", document.span)
    ordinary = [
        DAY_OFF if (first + day - _FIRST_MONDAY) % _DAYS_OF_WEEK in document.weekend else DAY_WORKING
        for day in range(count)
    ]
    states = list(ordinary)
    said: dict[int, Span] = {}
    for ranges, state in ((document.off, DAY_OFF), (document.working, DAY_WORKING), (document.half, DAY_HALF)):
        for each in ranges:
            for day in _days(document, each, findings):
                if day in said:
                    label = Label(said[day], "first")
                    findings.add("E0602", each.start.span, label, date=_iso(day))
                    continue
                said[day] = each.start.span
                _expect_change(findings, each, day, state, ordinary[day - first])
                states[day - first] = state
    if findings.errors > before:
        return None
    bases = tuple(basis.text for basis in document.bases)
    return t.CalendarYear(document.name.text, document.year, bases, tuple(states))


def _days(document: n.CalendarInstrument, written: n.DateRange, findings: Findings) -> range:
    try:
        start, end = day_number(written.start), day_number(written.end)
    except Mistake as found:
        findings.record(found)
        return range(0)
    if end < start:
        findings.add("E0605", written.start.span, start=_iso(start), end=_iso(end))
        return range(0)
    for day, place in ((start, written.start), (end, written.end)):
        if civil_from_days(day)[0] != document.year:
            findings.add("E0601", place.span, date=_iso(day), year=document.year)
            return range(0)
    return range(start, end + 1)


def _expect_change(findings: Findings, written: n.DateRange, day: int, state: int, ordinary: int) -> None:
    """A day named as working that works anyway is a slip of the pen; a holiday on a weekend is not."""
    if state == DAY_WORKING and ordinary == DAY_WORKING:
        findings.add("E0603", written.start.span, date=_iso(day))
    if state == DAY_HALF and ordinary == DAY_OFF:
        findings.add("E0607", written.start.span, date=_iso(day))


def _iso(day: int) -> str:
    year, month, number = civil_from_days(day)
    return f"{year:04}-{month:02}-{number:02}"
