"""The host in memory keeps the promises of a host."""

from __future__ import annotations

import pytest

from gbalang.vm.memory_host import MemoryHost


def test_entries_are_read_and_scanned_in_key_order() -> None:
    host = MemoryHost()
    for key in (b"b", b"ab", b"a", b"c"):
        host.write(0, key, b"<" + key)
    host.write(1, b"a", b"other")
    assert host.read(0, b"ab") == b"<ab"
    assert host.read(0, b"x") is None
    assert host.scan(0, b"", 9) == (b"<a", b"<ab", b"<b", b"<c")
    assert host.scan(0, b"a", 9) == (b"<a", b"<ab")
    assert host.scan(0, b"", 2) == (b"<a", b"<ab")
    assert host.scan(7, b"", 2) == ()


def test_writes_are_undone_to_the_last_beginning() -> None:
    host = MemoryHost()
    host.write(0, b"a", b"1")
    host.begin()
    before = host.contents()
    host.write(0, b"a", b"2")
    host.write(0, b"a", None)
    host.write(0, b"b", b"3")
    host.write(0, b"missing", None)
    assert host.contents() == ((0, b"b", b"3"),)
    host.rollback()
    assert host.contents() == before
    assert host.scan(0, b"", 9) == (b"1",)
    host.rollback()
    assert host.contents() == before


def test_a_calendar_year_is_whole() -> None:
    host = MemoryHost()
    with pytest.raises(ValueError, match="each day"):
        host.load_calendar("Mainland", 2026, (1,) * 366)
    with pytest.raises(ValueError, match="state"):
        host.load_calendar("Mainland", 2026, (3,) * 365)
    host.load_calendar("Mainland", 1970, (2, *(1,) * 364))
    assert (host.calendar_day("Mainland", 0), host.calendar_day("Mainland", 364)) == (2, 1)
    assert host.calendar_day("Mainland", 365) is None
    assert host.calendar_day("Mainland", -1) is None
