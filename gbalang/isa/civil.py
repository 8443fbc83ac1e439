"""Civil dates as day numbers: the proleptic Gregorian calendar, days since 1970-01-01. Relies on nothing.

The machine holds days from 1900-01-01 to 2199-12-31: every living person's birth and every term that is agreed today,
and no day on which the calendar itself is in doubt. All eleven cities keep UTC+8 without daylight saving.
"""

from __future__ import annotations

SECONDS_OF_DAY = 86_400
OFFSET_S = 8 * 3_600
"""UTC+8."""

YEAR_MIN, YEAR_MAX = 1900, 2199

DAY_OFF, DAY_WORKING, DAY_HALF = 0, 1, 2
"""What a calendar says of a day; a half day counts as a working day."""

_DAYS_OF_ERA = 146_097  # 400 years
_DAYS_TO_EPOCH = 719_468  # from 0000-03-01 to 1970-01-01


def days_from_civil(year: int, month: int, day: int) -> int:
    """Return the day number of a date; month 1 to 12, any day (day 0 is the last of the month before)."""
    shifted = year if month > 2 else year - 1  # years that begin in March put the leap day at their end
    era, year_of_era = divmod(shifted, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * _DAYS_OF_ERA + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - _DAYS_TO_EPOCH


def civil_from_days(number: int) -> tuple[int, int, int]:
    """Return (year, month, day) of a day number."""
    era, day_of_era = divmod(number + _DAYS_TO_EPOCH, _DAYS_OF_ERA)
    year_of_era = (day_of_era - day_of_era // 1_460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month_from_march = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month_from_march + 2) // 5 + 1
    month = month_from_march + 3 if month_from_march < 10 else month_from_march - 9
    return era * 400 + year_of_era + (1 if month <= 2 else 0), month, day


def is_leap_year(year: int) -> bool:
    """Whether a year has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_of_month(year: int, month: int) -> int:
    """Return how many days a month has."""
    if month == 2:
        return 29 if is_leap_year(year) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def is_date(year: int, month: int, day: int) -> bool:
    """Whether that day exists and the machine can hold it."""
    return YEAR_MIN <= year <= YEAR_MAX and 1 <= month <= 12 and 1 <= day <= days_of_month(year, month)


def day_of_time(seconds: int) -> int:
    """Return the day at UTC+8 of a moment in Unix seconds."""
    return (seconds + OFFSET_S) // SECONDS_OF_DAY


DATE_MIN = days_from_civil(YEAR_MIN, 1, 1)
DATE_MAX = days_from_civil(YEAR_MAX, 12, 31)
TIME_MIN = DATE_MIN * SECONDS_OF_DAY - OFFSET_S
"""The first second of DATE_MIN at UTC+8, in Unix seconds."""
TIME_MAX = (DATE_MAX + 1) * SECONDS_OF_DAY - OFFSET_S - 1
"""The last second of DATE_MAX."""
