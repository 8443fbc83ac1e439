"""Dates and times: literals, shifting, counting, parts. What may fall off the end of a month says where it lands."""

from __future__ import annotations

from gbalang.ast import nodes as n
from gbalang.check import expressions as e
from gbalang.check import typed as t
from gbalang.check.kinds import ACTOR, CITY, DATE, INTEGER, TIME
from gbalang.check.mistakes import mistake
from gbalang.check.world import Scope
from gbalang.isa import program as p
from gbalang.isa.civil import (
    OFFSET_S,
    SECONDS_OF_DAY,
    YEAR_MAX,
    YEAR_MIN,
    civil_from_days,
    days_from_civil,
    is_date,
)
from gbalang.isa.types import Date, List, Number, Ratio, Set, Time

_SECONDS = {"hours": 3_600, "minutes": 60}
_ALWAYS_THERE = 28
"""Every month has this day."""


def day_number(written: n.DateLiteral | n.TimeLiteral) -> int:
    """Return the day number of a date. Raises Mistake (E0217) when there is no such day, or none the machine holds."""
    text = f"{written.year:04}-{written.month:02}-{written.day:02}"
    in_range = YEAR_MIN <= written.year <= YEAR_MAX
    if not in_range or not is_date(written.year, written.month, written.day):
        raise mistake("E0217", written.span, date=text)
    return days_from_civil(written.year, written.month, written.day)


def literal(written: n.DateLiteral | n.TimeLiteral) -> t.Constant:
    """Return a date, or a moment at UTC+8."""
    day = day_number(written)
    if isinstance(written, n.DateLiteral):
        return t.Constant(day, DATE)
    if written.hour > 23 or written.minute > 59:  # the clock
        raise mistake("E0224", written.span, time=f"{written.hour:02}:{written.minute:02}")
    seconds = day * SECONDS_OF_DAY + written.hour * 3_600 + written.minute * 60 - OFFSET_S
    return t.Constant(seconds, TIME)


def shift(scope: Scope, written: n.DateShift) -> t.Expression:
    """COUNT UNIT after or before a date or a moment."""
    unit = written.unit
    if written.calendars is not None and unit != "working days":
        raise mistake("E0316", written.calendars.span, unit=unit)
    if written.rounding is not None and unit not in {"months", "years"}:
        raise mistake("E0330", written.span, unit=unit)
    count = _count(scope, written)
    base = e.infer(scope, written.base)
    wanted = TIME if unit in _SECONDS else DATE
    if not isinstance(base.type, type(wanted)):
        raise mistake("E0327", written.base.span, unit=unit, found=scope.world.show(base.type))
    match unit:
        case "days":
            return t.AddDays(base, count, DATE)
        case "working days":
            if written.calendars is None:
                raise mistake("E0315", written.span, unit=unit)
            return t.AddWorkingDays(base, count, scope.world.calendar_set(written.calendars), DATE)
        case "months" | "years":
            months = _times(count, 12) if unit == "years" else count
            return t.AddMonths(base, months, _month_end(written, base), DATE)
        case "hours" | "minutes":
            return t.AddSeconds(base, _times(count, _SECONDS[unit]), TIME)


def _count(scope: Scope, written: n.DateShift) -> t.Expression:
    count = e.need(scope, written.count, INTEGER)
    if written.direction == "after":
        return count
    if isinstance(count, t.Constant) and isinstance(count.value, int):
        return t.Constant(-count.value, INTEGER)
    return t.Negate(count, INTEGER)


def _times(count: t.Expression, factor: int) -> t.Expression:
    if isinstance(count, t.Constant) and isinstance(count.value, int):
        return t.Constant(count.value * factor, INTEGER)
    return t.Arithmetic("multiply", count, t.Constant(factor, INTEGER), INTEGER)


def _month_end(written: n.DateShift, base: t.Expression) -> p.MonthEnd:
    if written.rounding is not None:
        return p.MonthEnd.UP if written.rounding == "up" else p.MonthEnd.DOWN
    if isinstance(base, t.Constant) and isinstance(base.value, int) and civil_from_days(base.value)[2] <= _ALWAYS_THERE:
        return p.MonthEnd.EXACT
    raise mistake("E0314", written.span, unit=written.unit)


def distance(scope: Scope, written: n.DateDistance) -> t.Expression:
    """UNIT from one date or moment to another."""
    unit = written.unit
    if unit in {"months", "years"}:
        raise mistake("E0327", written.span, unit=unit, found="Date")
    if written.calendars is not None and unit != "working days":
        raise mistake("E0316", written.calendars.span, unit=unit)
    wanted = Time if unit in _SECONDS else Date
    start, end = (_moment(scope, side, unit, wanted) for side in (written.start, written.end))
    if unit == "days":
        return t.Between("days", start, end, None, INTEGER)
    if unit == "working days":
        if written.calendars is None:
            raise mistake("E0315", written.span, unit=unit)
        return t.Between("working days", start, end, scope.world.calendar_set(written.calendars), INTEGER)
    seconds = t.Between("seconds", start, end, None, INTEGER)
    length = t.Constant(_SECONDS[unit], INTEGER)
    return t.RatioArithmetic("divide", t.ToRatio(seconds, 0, Ratio()), t.ToRatio(length, 0, Ratio()), Ratio())


def _moment(scope: Scope, written: n.Expression, unit: str, wanted: type[Date | Time]) -> t.Expression:
    value = e.infer(scope, written)
    if not isinstance(value.type, wanted):
        raise mistake("E0327", written.span, unit=unit, found=scope.world.show(value.type))
    return value


def part(scope: Scope, written: n.PartOf) -> t.Expression:
    """City of, year of, month of, day of, date of, length of."""
    match written.part:
        case "city":
            return t.CityOf(e.need(scope, written.subject, ACTOR), CITY)
        case "year" | "month" | "day":
            return t.DatePart(written.part, e.need(scope, written.subject, DATE), INTEGER)
        case "date":
            return t.DateOfTime(e.need(scope, written.subject, TIME), DATE)
        case "length":
            subject = e.infer(scope, written.subject)
            if not isinstance(subject.type, List | Set):
                raise mistake("E0325", written.subject.span, found=scope.world.show(subject.type))
            return t.LengthOf(subject, Number(0))
