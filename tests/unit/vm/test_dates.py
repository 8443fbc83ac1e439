"""Civil dates and working days against calendars that others keep."""

from __future__ import annotations

import datetime as dt

import pytest

from gbalang.isa import civil
from gbalang.isa.civil import DAY_OFF
from gbalang.isa.program import CalendarMode, CalendarSet, MonthEnd
from gbalang.limits import SEARCH_DAYS_MAX, WORKING_DAYS_MAX
from gbalang.vm.faults import Fault
from gbalang.vm.interpreter.dates import months_after, working_days_after, working_days_from
from gbalang.vm.interpreter.frame import StoppedByFault
from gbalang.vm.memory_host import MemoryHost
from tests.unit.isa.assembling import day
from tests.unit.vm.calendars_2026 import CALENDARS, calendar_2026, host_2026

EPOCH = dt.date(1970, 1, 1)


def test_every_day_is_the_one_of_the_standard_library() -> None:
    first, last = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
    assert (first - EPOCH).days == civil.DATE_MIN
    assert (last - EPOCH).days == civil.DATE_MAX
    for number in range(civil.DATE_MIN, civil.DATE_MAX + 1):
        date = EPOCH + dt.timedelta(days=number)
        assert civil.civil_from_days(number) == (date.year, date.month, date.day)
        assert civil.days_from_civil(date.year, date.month, date.day) == number


@pytest.mark.parametrize(
    ("text", "exists"),
    [
        ("2028-02-29", True), ("2026-02-29", False), ("2000-02-29", True), ("1900-02-29", False), ("2026-04-31", False),
        ("2026-12-31", True), ("2026-00-01", False), ("2026-13-01", False), ("2026-01-00", False),
        ("1899-12-31", False),
        ("2200-01-01", False),
    ],
)
def test_which_days_exist(text: str, exists: bool) -> None:
    year, month, number = (int(part) for part in text.split("-"))
    assert civil.is_date(year, month, number) is exists


def test_the_day_begins_at_midnight_of_utc_plus_8() -> None:
    zone = dt.timezone(dt.timedelta(hours=8))
    midnight = int(dt.datetime(2026, 7, 1, tzinfo=zone).timestamp())
    assert civil.day_of_time(midnight) == day("2026-07-01")
    assert civil.day_of_time(midnight - 1) == day("2026-06-30")
    assert civil.day_of_time(civil.TIME_MIN) == civil.DATE_MIN
    assert civil.day_of_time(civil.TIME_MAX) == civil.DATE_MAX
    assert civil.day_of_time(civil.TIME_MAX + 1) == civil.DATE_MAX + 1


# ISO 8601 arithmetic as the Catala date library states it: the day is kept where the month has it, otherwise the first
# day of the next month (rounding up) or the last of the month (rounding down).
MONTH_ENDS = (
    ("2026-01-31", 1, "2026-03-01", "2026-02-28"),
    ("2028-01-31", 1, "2028-03-01", "2028-02-29"),
    ("2028-01-30", 1, "2028-03-01", "2028-02-29"),
    ("2026-03-31", 1, "2026-05-01", "2026-04-30"),
    ("2026-03-31", -1, "2026-03-01", "2026-02-28"),
    ("2028-02-29", 12, "2029-03-01", "2029-02-28"),
    ("2028-02-29", -48, "2024-02-29", "2024-02-29"),
    ("2026-10-31", 4, "2027-03-01", "2027-02-28"),
    ("2026-12-15", 1, "2027-01-15", "2027-01-15"),
    ("2026-01-15", -1, "2025-12-15", "2025-12-15"),
    ("2026-08-31", 0, "2026-08-31", "2026-08-31"),
)


@pytest.mark.parametrize(("start", "count", "up", "down"), MONTH_ENDS)
def test_months_are_added(start: str, count: int, up: str, down: str) -> None:
    assert months_after(day(start), count, MonthEnd.UP) == day(up)
    assert months_after(day(start), count, MonthEnd.DOWN) == day(down)
    if up == down:
        assert months_after(day(start), count, MonthEnd.EXACT) == day(up)
    else:
        with pytest.raises(StoppedByFault) as stopped:
            months_after(day(start), count, MonthEnd.EXACT)
        assert stopped.value.fault is Fault.MONTH_END


# The published vectors: the tenth working day after the start.
VECTORS = (
    ("2026-02-09", "2026-02-28", "2026-02-26", "2026-02-26", "2026-03-03"),
    ("2026-03-31", "2026-04-15", "2026-04-17", "2026-04-17", "2026-04-17"),
    ("2026-09-21", "2026-10-12", "2026-10-06", "2026-10-08", "2026-10-14"),
)
MAINLAND, HONG_KONG, MACAO = (CalendarSet(CalendarMode.ANY, (name,)) for name in ("Mainland", "HongKong", "Macao"))
ALL_THREE = CalendarSet(CalendarMode.ALL, CALENDARS)
ANY_OF_THREE = CalendarSet(CalendarMode.ANY, CALENDARS)


@pytest.mark.parametrize(("start", "mainland", "hong_kong", "macao", "all_three"), VECTORS)
def test_ten_working_days(start: str, mainland: str, hong_kong: str, macao: str, all_three: str) -> None:
    host = host_2026()
    expected = ((MAINLAND, mainland), (HONG_KONG, hong_kong), (MACAO, macao), (ALL_THREE, all_three))
    for calendars, end in expected:
        assert working_days_after(host, calendars, day(start), 10) == day(end)
        assert working_days_from(host, calendars, day(start), day(end)) == 10
        assert working_days_from(host, calendars, day(end), day(start)) == -10


@pytest.mark.parametrize(("calendar", "count"), [("Mainland", 248), ("HongKong", 247), ("Macao", 241)])
def test_the_working_days_of_2026(calendar: str, count: int) -> None:
    assert sum(state != DAY_OFF for state in calendar_2026(calendar)) == count


def test_any_of_counts_a_day_that_one_calendar_works() -> None:
    host = host_2026()
    # Saturday 28 February is a working day of the Mainland alone.
    assert working_days_from(host, ANY_OF_THREE, day("2026-02-27"), day("2026-02-28")) == 1
    assert working_days_from(host, ALL_THREE, day("2026-02-27"), day("2026-02-28")) == 0


def test_every_calendar_of_a_set_must_be_there() -> None:
    host = host_2026("HongKong", "Mainland")
    for calendars in (ALL_THREE, ANY_OF_THREE):
        with pytest.raises(StoppedByFault) as stopped:
            working_days_after(host, calendars, day("2026-02-09"), 1)
        assert stopped.value.fault is Fault.CALENDAR_MISSING


def test_the_search_for_a_working_day_ends() -> None:
    host = MemoryHost()
    for year in range(2026, 2031):
        host.load_calendar("Mainland", year, (DAY_OFF,) * (366 if civil.is_leap_year(year) else 365))
    with pytest.raises(StoppedByFault) as stopped:
        working_days_after(host, MAINLAND, day("2026-01-01"), 1)
    assert stopped.value.fault is Fault.OUT_OF_RANGE


def test_at_and_above_the_bounds_of_counting() -> None:
    host = MemoryHost()
    for year in range(2026, 2031):
        host.load_calendar("Mainland", year, (1,) * (366 if civil.is_leap_year(year) else 365))
    start = day("2026-01-01")
    assert working_days_after(host, MAINLAND, start, WORKING_DAYS_MAX) == start + WORKING_DAYS_MAX
    assert working_days_from(host, MAINLAND, start, start + SEARCH_DAYS_MAX) == SEARCH_DAYS_MAX
    with pytest.raises(StoppedByFault):
        working_days_after(host, MAINLAND, start, WORKING_DAYS_MAX + 1)
    with pytest.raises(StoppedByFault):
        working_days_from(host, MAINLAND, start, start + SEARCH_DAYS_MAX + 1)
