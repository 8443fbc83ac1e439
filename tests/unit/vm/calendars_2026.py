"""The calendars of 2026 as the notices list them, for tests of working days.

Mainland: State Council Office notice of 4 November 2025. Hong Kong: general holidays. Macao: holidays of the public
service, half days included. Saturdays and Sundays are off, save the make-up working days of the Mainland.
"""

from __future__ import annotations

from gbalang.isa.civil import DAY_HALF, DAY_OFF, DAY_WORKING, days_from_civil
from gbalang.vm.memory_host import MemoryHost

OFF = {
    "Mainland": "1/1-3 2/15-23 4/4-6 5/1-5 6/19-21 9/25-27 10/1-7",
    "HongKong": "1/1 2/17-19 4/3-4 4/6-7 5/1 5/25 6/19 7/1 9/26 10/1 10/19 12/25-26",
    "Macao": "1/1 2/17-19 4/3-4 4/6-7 5/1 5/25 6/19 9/26 9/28 10/1-2 10/19 11/2 12/8 12/20-22 12/24-25",
}
MADE_UP = {"Mainland": "1/4 2/14 2/28 5/9 9/20 10/10", "HongKong": "", "Macao": ""}
HALF = {"Mainland": "", "HongKong": "", "Macao": "2/16 12/31"}
CALENDARS = ("HongKong", "Macao", "Mainland")
_FIRST = days_from_civil(2026, 1, 1)


def calendar_2026(calendar: str) -> tuple[int, ...]:
    # 1 January 1970 was a Thursday.
    days = [DAY_OFF if (_FIRST + number + 3) % 7 >= 5 else DAY_WORKING for number in range(365)]
    for listed, state in ((OFF, DAY_OFF), (MADE_UP, DAY_WORKING), (HALF, DAY_HALF)):
        for number in _numbers(listed[calendar]):
            days[number] = state
    return tuple(days)


def host_2026(*calendars: str) -> MemoryHost:
    host = MemoryHost()
    for calendar in calendars or CALENDARS:
        host.load_calendar(calendar, 2026, calendar_2026(calendar))
    return host


def _numbers(text: str) -> list[int]:
    found: list[int] = []
    for part in text.split():
        month, _, days = part.partition("/")
        first, _, last = days.partition("-")
        start = days_from_civil(2026, int(month), int(first)) - _FIRST
        found += range(start, start + int(last or first) - int(first) + 1)
    return found
