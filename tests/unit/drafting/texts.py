"""Small instruments for the tests of trials, and how they are made ready."""

from __future__ import annotations

from gbalang.check.typed import Contract
from gbalang.diagnostics.model import Diagnostic
from gbalang.pipeline import compile_bundle
from gbalang.source import SourceBundle, SourceFile
from gbalang.testing.running import Runner
from gbalang.testing.trial import prepare

HEAD = """contract sample version 1
  title en "A sample"
  basis "none, for a test"
  parties Guangzhou, Macao
  effective 2026-01-01

"""


def findings(text: str, head: str = HEAD) -> tuple[Diagnostic, ...]:
    """Return what is found in an instrument."""
    return compile_bundle(SourceBundle(SourceFile("sample.gba", head + text))).diagnostics


def codes(text: str, head: str = HEAD) -> list[str]:
    """Return the numbers of what is found."""
    return [each.code for each in findings(text, head)]


def runner(text: str, head: str = HEAD) -> Runner:
    """Return an instrument ready for trial."""
    compilation = compile_bundle(SourceBundle(SourceFile("sample.gba", head + text)))
    assert isinstance(compilation.typed, Contract), compilation.diagnostics
    return Runner(prepare(compilation.typed, ()))
