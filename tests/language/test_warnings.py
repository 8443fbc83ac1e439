"""A warning is advice: what it is about stays in the program."""

from __future__ import annotations

from gbalang.diagnostics.codes import BY_NUMBER
from gbalang.diagnostics.model import Severity
from gbalang.pipeline import compile_bundle
from gbalang.source import SourceBundle, SourceFile

TEXT = """contract advice version 1
  title en "Advice"
  basis "An agreement"
  parties all cities
  effective 2026-01-01

article 1 "Advice"
  role applicant is any person
  parameter fee: Money CNY = 5 CNY from 2027-01-01
  rule needless(x: Money CNY) gives Money CNY
    give round half up (x) to 0.01 CNY
  rule plain(x: Money CNY) gives Money CNY
    give needless(x)
  act nothing(x: Int) by applicant
    let y = x
  query value(x: Money CNY) by anyone gives Money CNY
    give round half up (x) to 0.01 CNY
"""


def test_what_has_a_warning_is_compiled() -> None:
    result = compile_bundle(SourceBundle(SourceFile("advice.gba", TEXT)))
    codes = {found.code for found in result.diagnostics}
    assert all(BY_NUMBER[code].severity is Severity.WARNING for code in codes), codes
    assert {"E0313", "E0520"} <= codes
    assert result.compiled is not None
    names = {function.name for function in result.compiled.program.functions}
    assert {"needless", "plain", "nothing", "value"} <= names
