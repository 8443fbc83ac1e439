"""Dates, times and working days. Calendars are data of the ledger; a year that it does not hold is a fault."""

from __future__ import annotations

from gbalang.isa.civil import (
    DATE_MAX,
    DATE_MIN,
    DAY_OFF,
    TIME_MAX,
    TIME_MIN,
    YEAR_MAX,
    YEAR_MIN,
    civil_from_days,
    day_of_time,
    days_from_civil,
    days_of_month,
)
from gbalang.isa.program import CalendarMode, CalendarSet, MonthEnd
from gbalang.limits import SEARCH_DAYS_MAX, WORKING_DAYS_MAX
from gbalang.vm.faults import Fault
from gbalang.vm.host import Host
from gbalang.vm.interpreter.frame import Entry, Frame, Place, fault, first_operand, nothing


def held_date(day: int) -> int:
    """Return the day if the machine can hold it."""
    if not DATE_MIN <= day <= DATE_MAX:
        fault(Fault.DATE_OUT_OF_RANGE)
    return day


def months_after(day: int, count: int, month_end: MonthEnd) -> int:
    """Return the same day so many months later; where the month has none, what month_end says."""
    year, month, day_of_month = civil_from_days(day)
    years, month_index = divmod(month - 1 + count, 12)
    year, month = year + years, month_index + 1
    if not YEAR_MIN <= year <= YEAR_MAX:
        fault(Fault.DATE_OUT_OF_RANGE)
    last = days_of_month(year, month)
    if day_of_month <= last:
        return days_from_civil(year, month, day_of_month)
    if month_end is MonthEnd.EXACT:
        fault(Fault.MONTH_END)
    return days_from_civil(year, month, last) + (1 if month_end is MonthEnd.UP else 0)


def works(host: Host, calendars: CalendarSet, day: int) -> bool:
    """Whether a day counts. Every calendar of the set is asked, so a missing one is noticed whatever the others say."""
    working = 0
    for calendar in calendars.calendars:
        state = host.calendar_day(calendar, day)
        if state is None:
            fault(Fault.CALENDAR_MISSING)
        working += state != DAY_OFF
    return working == len(calendars.calendars) if calendars.mode is CalendarMode.ALL else working > 0


def working_days_after(host: Host, calendars: CalendarSet, day: int, count: int) -> int:
    """Return the count-th working day after a day, or before it when the count is negative."""
    if not -WORKING_DAYS_MAX <= count <= WORKING_DAYS_MAX:
        fault(Fault.OUT_OF_RANGE)
    step = 1 if count > 0 else -1
    left = abs(count)
    searched = 0
    while left:
        if searched == SEARCH_DAYS_MAX:
            fault(Fault.OUT_OF_RANGE)
        searched += 1
        day = held_date(day + step)
        left -= works(host, calendars, day)
    return day


def working_days_from(host: Host, calendars: CalendarSet, start: int, end: int) -> int:
    """Return the number of working days after the earlier day up to and including the later, negative if end is it."""
    early, late = min(start, end), max(start, end)
    if late - early > SEARCH_DAYS_MAX:
        fault(Fault.OUT_OF_RANGE)
    count = 0
    for day in range(early + 1, late + 1):
        count += works(host, calendars, day)
    return count if start <= end else -count


# ---------------------------------------------------------------- handlers


def add_days(frame: Frame, _: None) -> None:
    day, count = frame.take(2)
    frame.stack.append(held_date(day + count))


def add_months(frame: Frame, month_end: MonthEnd) -> None:
    day, count = frame.take(2)
    frame.stack.append(months_after(day, count, month_end))


def add_working_days(frame: Frame, calendars: CalendarSet) -> None:
    day, count = frame.take(2)
    frame.stack.append(working_days_after(frame.call.host, calendars, day, count))


def working_days_between(frame: Frame, calendars: CalendarSet) -> None:
    start, end = frame.take(2)
    frame.stack.append(working_days_from(frame.call.host, calendars, start, end))


def is_working_day(frame: Frame, calendars: CalendarSet) -> None:
    frame.stack[-1] = works(frame.call.host, calendars, frame.stack[-1])


def distance(frame: Frame, _: None) -> None:
    start, end = frame.take(2)
    frame.stack.append(end - start)


def date_part(frame: Frame, part: int) -> None:
    frame.stack[-1] = civil_from_days(frame.stack[-1])[part - 1]


def date_of_time(frame: Frame, _: None) -> None:
    frame.stack[-1] = day_of_time(frame.stack[-1])


def add_seconds(frame: Frame, _: None) -> None:
    moment, count = frame.take(2)
    moment += count
    if not TIME_MIN <= moment <= TIME_MAX:
        fault(Fault.DATE_OUT_OF_RANGE)
    frame.stack.append(moment)


def month_end_of(place: Place) -> MonthEnd:
    """Prepare what happens at a month's end."""
    return MonthEnd(place.operand)


def calendars_of(place: Place) -> CalendarSet:
    """Prepare a set of calendars."""
    return place.program.calendars[place.operand]


HANDLERS: dict[str, Entry] = {
    "add_days": (add_days, nothing),
    "add_months": (add_months, month_end_of),
    "add_working_days": (add_working_days, calendars_of),
    "working_days_between": (working_days_between, calendars_of),
    "is_working_day": (is_working_day, calendars_of),
    "days_between": (distance, nothing),
    "date_part": (date_part, first_operand),
    "date_of_time": (date_of_time, nothing),
    "add_seconds": (add_seconds, nothing),
    "seconds_between": (distance, nothing),
}
