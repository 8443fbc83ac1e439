"""Days and moments on the command line: 2026-03-02, 2026-03-02T09:30, always at UTC+8."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

from gbalang.isa.civil import DATE_MAX

ZONE = timezone(timedelta(hours=8))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse_moment(text: str) -> int | None:
    """Return Unix milliseconds of "YYYY-MM-DD" (its first moment) or "YYYY-MM-DDTHH:MM[:SS]", or None.

    A ledger's time counts from 1970, and the machine knows no day after DATE_MAX.
    """
    for form in ("%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"):
        try:
            moment = datetime.strptime(text, form).replace(tzinfo=ZONE)
        except ValueError:
            continue
        time_ms = (moment - EPOCH) // timedelta(milliseconds=1)
        return time_ms if 0 <= time_ms < first_moment_of(DATE_MAX + 1) else None
    return None


def precision_ms(text: str) -> int:
    """Return how long what a well-formed moment names lasts: a day, a minute or a second."""
    return {10: 86_400_000, 16: 60_000}.get(len(text), 1_000)


def parse_day(text: str) -> int | None:
    """Return days since 1970-01-01 of "YYYY-MM-DD", or None."""
    try:
        moment = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    return (moment - EPOCH).days


def show_moment(time_ms: int) -> str:
    """Return a moment as people read it."""
    return (EPOCH + timedelta(milliseconds=time_ms)).astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S")


def show_moment_with_zone(time_ms: int) -> str:
    """Return a moment as a letter states it: with its zone, and seconds only where they are not zero."""
    moment = (EPOCH + timedelta(milliseconds=time_ms)).astimezone(ZONE)
    return moment.strftime("%Y-%m-%d %H:%M:%S (UTC+8)" if moment.second else "%Y-%m-%d %H:%M (UTC+8)")


def show_iso(time_ms: int) -> str:
    """Return a moment as tools read it: ISO 8601 with its offset."""
    return (EPOCH + timedelta(milliseconds=time_ms)).astimezone(ZONE).isoformat(timespec="milliseconds")


def show_day(day: int) -> str:
    """Return a day as people read it."""
    return (EPOCH + timedelta(days=day)).strftime("%Y-%m-%d")


def first_moment_of(day: int) -> int:
    """Return Unix milliseconds of the first moment of a day at UTC+8."""
    return (day * 86_400 - 8 * 3_600) * 1000


def now_ms() -> int:
    """Return this machine's clock."""
    return time.time_ns() // 1_000_000
