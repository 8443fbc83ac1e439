"""Dates on symbols. Civil dates are reckoned exactly; what a calendar says is unknown.

A working-day question about symbols becomes a function of which only this is known: equal questions have equal answers,
the count-th working day after a day is after it and no further than the machine looks, and later days and larger counts
never give earlier days.
"""

from __future__ import annotations

from typing import TypeAlias

from gbalang.isa.civil import DATE_MAX, DATE_MIN, OFFSET_S, SECONDS_OF_DAY, TIME_MAX, TIME_MIN, YEAR_MAX, YEAR_MIN
from gbalang.isa.program import MonthEnd
from gbalang.limits import SEARCH_DAYS_MAX, WORKING_DAYS_MAX
from gbalang.proving import terms as s
from gbalang.proving.paths import Frame, Run, WorkingDays
from gbalang.vm.faults import Fault
from gbalang.vm.interpreter.frame import Place

_DAYS_OF_ERA = 146_097
_DAYS_TO_EPOCH = 719_468

Civil: TypeAlias = tuple[s.Number, s.Number, s.Number]


def civil_of(day: s.Number) -> Civil:
    """Return (year, month, day), as `isa.civil` reckons them."""
    shifted = s.add(day, _DAYS_TO_EPOCH)
    era, of_era = s.quotient(shifted, _DAYS_OF_ERA), s.remainder(shifted, _DAYS_OF_ERA)
    corrected = s.subtract(
        s.add(s.subtract(of_era, s.quotient(of_era, 1_460)), s.quotient(of_era, 36_524)), s.quotient(of_era, 146_096)
    )
    year_of_era = s.quotient(corrected, 365)
    of_year = s.subtract(of_era, _days_before(year_of_era))
    from_march = s.narrowed(s.quotient(s.add(s.multiply(of_year, 5), 2), 153), 0, 11)
    of_month = s.add(s.subtract(of_year, s.quotient(s.add(s.multiply(from_march, 153), 2), 5)), 1)
    early = s.less(from_march, 10)
    month = s.choose_number(early, s.add(from_march, 3), s.subtract(from_march, 9))
    year = s.add(s.add(s.multiply(era, 400), year_of_era), s.choose_number(early, 0, 1))
    return s.narrowed(year, YEAR_MIN, YEAR_MAX), s.narrowed(month, 1, 12), s.narrowed(of_month, 1, 31)


def days_of(civil: Civil) -> s.Number:
    """Return the day number of a date, as `isa.civil` reckons it."""
    year, month, day = civil
    shifted = s.choose_number(s.less(2, month), year, s.subtract(year, 1))
    era, year_of_era = s.quotient(shifted, 400), s.remainder(shifted, 400)
    from_march = s.remainder(s.add(month, 9), 12)
    of_year = s.subtract(s.add(s.quotient(s.add(s.multiply(from_march, 153), 2), 5), day), 1)
    return s.subtract(
        s.add(s.add(s.multiply(era, _DAYS_OF_ERA), _days_before(year_of_era)), of_year), _DAYS_TO_EPOCH
    )


def _days_before(year_of_era: s.Number) -> s.Number:
    leap = s.subtract(s.quotient(year_of_era, 4), s.quotient(year_of_era, 100))
    return s.add(s.multiply(year_of_era, 365), leap)


def days_of_month(year: s.Number, month: s.Number) -> s.Number:
    """Return how many days a month has."""
    multiples = [s.same_number(s.remainder(year, each), 0) for each in (4, 100, 400)]
    leap = s.both(multiples[0], s.either(s.negation(multiples[1]), multiples[2]))
    short = s.either(*[s.same_number(month, each) for each in (4, 6, 9, 11)])
    february = s.choose_number(leap, 29, 28)
    return s.choose_number(s.same_number(month, 2), february, s.choose_number(short, 30, 31))


# ---------------------------------------------------------------- instructions


def add_days(frame: Frame, _: Place) -> None:
    day, count = frame.take(2)
    frame.stack.append(_held(frame.run, s.add(day, count), DATE_MIN, DATE_MAX))


def add_seconds(frame: Frame, _: Place) -> None:
    moment, count = frame.take(2)
    frame.stack.append(_held(frame.run, s.add(moment, count), TIME_MIN, TIME_MAX))


def add_months(frame: Frame, place: Place) -> None:
    day, count = frame.take(2)
    year, month, of_month = civil_of(day)
    months = s.add(s.subtract(month, 1), count)
    year, month = s.add(year, s.quotient(months, 12)), s.add(s.remainder(months, 12), 1)
    year = _held(frame.run, year, YEAR_MIN, YEAR_MAX)
    last = days_of_month(year, month)
    fits = s.at_least(last, of_month)
    mode = MonthEnd(place.operand)
    if mode is MonthEnd.EXACT:
        frame.run.stop(s.negation(fits), Fault.MONTH_END)
    kept = s.choose_number(fits, of_month, last)
    found = s.add(days_of((year, month, kept)), s.choose_number(fits, 0, 1 if mode is MonthEnd.UP else 0))
    frame.stack.append(s.narrowed(found, DATE_MIN, DATE_MAX))


def distance(frame: Frame, _: Place) -> None:
    start, end = frame.take(2)
    frame.stack.append(s.subtract(end, start))


def date_part(frame: Frame, place: Place) -> None:
    frame.stack[-1] = civil_of(frame.stack[-1])[place.operand - 1]


def date_of_time(frame: Frame, _: Place) -> None:
    frame.stack[-1] = s.quotient(s.add(frame.stack[-1], OFFSET_S), SECONDS_OF_DAY)


def _held(run: Run, value: s.Number, low: int, high: int) -> s.Number:
    run.stop(s.negation(s.within(value, low, high)), Fault.DATE_OUT_OF_RANGE)
    return s.narrowed(value, low, high)


# ---------------------------------------------------------------- working days


def add_working_days(frame: Frame, place: Place) -> None:
    day, count = frame.take(2)
    run = frame.run
    run.stop(s.negation(s.within(count, -WORKING_DAYS_MAX, WORKING_DAYS_MAX)), Fault.OUT_OF_RANGE)
    found = _asked(run, "add_working_days", place.operand, (day, count))
    result = found.result
    after, before = s.less(0, count), s.less(count, 0)
    reach = s.add(day, s.choose_number(after, SEARCH_DAYS_MAX, 0))
    reached = s.add(day, s.choose_number(before, -SEARCH_DAYS_MAX, 0))
    facts = [
        s.choose_truth(after, s.at_least(result, s.add(day, count)), s.at_least(result, reached)),
        s.choose_truth(before, s.at_least(s.add(day, count), result), s.at_least(reach, result)),
    ]
    for earlier in _others(run, found):
        facts += [_ascends(one, other) for one, other in ((earlier, found), (found, earlier))]
    for fact in facts:
        run.values.logic.suppose(s.either(found.missing, fact))
    frame.stack.append(result)


def _ascends(one: WorkingDays, other: WorkingDays) -> s.Truth:
    """Later days and larger counts, on one side of the day, never give an earlier day."""
    (day, count), (later, larger) = one.arguments, other.arguments
    above = s.both(s.at_least(later, day), s.at_least(larger, count))
    return s.either(s.negation(above), one.missing, other.missing, s.at_least(other.result, one.result))


def working_days_between(frame: Frame, place: Place) -> None:
    start, end = frame.take(2)
    run = frame.run
    apart = s.subtract(end, start)
    run.stop(s.negation(s.within(apart, -SEARCH_DAYS_MAX, SEARCH_DAYS_MAX)), Fault.OUT_OF_RANGE)
    found = _asked(run, "working_days_between", place.operand, (start, end))
    fact = s.choose_truth(
        s.at_least(apart, 0),
        s.both(s.at_least(found.result, 0), s.at_least(apart, found.result)),
        s.both(s.at_least(0, found.result), s.at_least(found.result, apart)),
    )
    run.values.logic.suppose(s.either(found.missing, fact))
    frame.stack.append(found.result)


def is_working_day(frame: Frame, place: Place) -> None:
    day = frame.stack.pop()
    found = _asked(frame.run, "is_working_day", place.operand, (day,))
    frame.stack.append(found.result)


def _asked(run: Run, instruction: str, calendars: int, arguments: tuple[s.Number, ...]) -> WorkingDays:
    logic = run.values.logic
    name = f"{instruction}.{calendars}"
    missing = logic.apply_truth(name + ".missing", arguments)
    result = (
        logic.apply_truth(name, arguments) if instruction == "is_working_day" else logic.apply(name, arguments)
    )
    if instruction == "add_working_days":
        result = s.narrowed(result, DATE_MIN, DATE_MAX)
        logic.suppose(s.either(missing, s.within(logic.apply(name, arguments), DATE_MIN, DATE_MAX)))
    found = WorkingDays(run.world.alive, instruction, calendars, arguments, result, missing)
    run.stop(missing, Fault.CALENDAR_MISSING)
    run.working_days.append(found)
    return found


def _others(run: Run, found: WorkingDays) -> list[WorkingDays]:
    return [
        each for each in run.working_days
        if each is not found and (each.instruction, each.calendars) == (found.instruction, found.calendars)
    ]  # fmt: skip


HANDLERS = {
    "add_days": add_days,
    "add_months": add_months,
    "add_working_days": add_working_days,
    "working_days_between": working_days_between,
    "is_working_day": is_working_day,
    "days_between": distance,
    "date_part": date_part,
    "date_of_time": date_of_time,
    "add_seconds": add_seconds,
    "seconds_between": distance,
}
