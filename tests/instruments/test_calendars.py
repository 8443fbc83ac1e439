"""The calendars of 2026 against the published test vectors: ten working days from three days of the year.

Sources: State Council Office notice of 4 November 2025; General Holidays Ordinance, Cap. 149; public holidays of the
Macao public service 2026. The day of the event is not counted; a half day is a working day.
"""

from __future__ import annotations

import pytest

from tests.instruments.applying import Instrument, calendars

COUNTING = """contract counting version 1
  title en "Counting"
  basis "Notices on the public holidays of 2026"
  parties all cities
  effective 2026-01-01

article 1 "Ten working days"
  rule in_the_mainland(start: Date) gives Date
    give 10 working days of Mainland after start
  rule in_hong_kong(start: Date) gives Date
    give 10 working days of HongKong after start
  rule in_macao(start: Date) gives Date
    give 10 working days of Macao after start
  rule in_all_three(start: Date) gives Date
    give 10 working days of all of (Mainland, HongKong, Macao) after start
  rule back(closes: Date) gives Date
    give 10 working days of all of (Mainland, HongKong, Macao) before closes
  rule counted(start: Date, closes: Date) gives Int
    give working days of all of (Mainland, HongKong, Macao) from start to closes
"""

INSTRUMENT = Instrument("counting.gba", COUNTING)
VECTORS = [
    ("2026-02-09", "2026-02-28", "2026-02-26", "2026-02-26", "2026-03-03"),
    ("2026-03-31", "2026-04-15", "2026-04-17", "2026-04-17", "2026-04-17"),
    ("2026-09-21", "2026-10-12", "2026-10-06", "2026-10-08", "2026-10-14"),
]


@pytest.mark.parametrize(("start", "mainland", "hong_kong", "macao", "all_three"), VECTORS)
def test_ten_working_days(start: str, mainland: str, hong_kong: str, macao: str, all_three: str) -> None:
    assert INSTRUMENT.apply("in_the_mainland", start) == mainland
    assert INSTRUMENT.apply("in_hong_kong", start) == hong_kong
    assert INSTRUMENT.apply("in_macao", start) == macao
    assert INSTRUMENT.apply("in_all_three", start) == all_three


@pytest.mark.parametrize(("start", "end"), [(row[0], row[4]) for row in VECTORS])
def test_counting_what_lies_between(start: str, end: str) -> None:
    assert INSTRUMENT.apply("counted", start, end) == "10"
    assert INSTRUMENT.apply("counted", end, start) == "-10"


def test_working_days_of_the_year() -> None:
    counted = {year.calendar: sum(1 for state in year.days if state) for year in calendars()}
    assert counted == {"Mainland": 248, "HongKong": 247, "Macao": 241}


def test_make_up_days_and_half_days() -> None:
    days = {year.calendar: year.days for year in calendars()}
    assert days["Mainland"][45 - 1] == 1, "Saturday 14 February is worked"
    assert days["Mainland"][46 - 1] == 0, "15 February is off"
    assert days["Macao"][47 - 1] == 2, "16 February: the afternoon is off"
    assert days["Macao"][365 - 1] == 2, "31 December: the afternoon is off"


def test_a_year_without_a_calendar_is_a_fault() -> None:
    assert INSTRUMENT.apply("in_macao", "2026-12-30") == "fault:calendar_missing"
