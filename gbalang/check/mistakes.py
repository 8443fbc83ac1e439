"""How the checker speaks of the drafter's mistakes: it records them and goes on with the next thing it understands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from gbalang.diagnostics.codes import BY_NUMBER
from gbalang.diagnostics.model import Diagnostic, Label, Severity
from gbalang.limits import FINDINGS_MAX
from gbalang.source import Span


class Mistake(Exception):  # noqa: N818  # the drafter's, on its way to the findings
    """What was being checked cannot be understood further. `diagnostic` is None when the cause was said elsewhere."""

    def __init__(self, diagnostic: Diagnostic | None) -> None:
        super().__init__(diagnostic.code if diagnostic is not None else "said elsewhere")
        self.diagnostic = diagnostic


def mistake(code: str, span: Span, *labels: Label, **facts: object) -> Mistake:
    """Return the mistake with that code at that place, to be raised."""
    return Mistake(Diagnostic(code, span, tuple((name, str(fact)) for name, fact in facts.items()), labels))


SAID_ELSEWHERE = None
"""The diagnostic of a mistake that follows from one already recorded."""


@dataclass(slots=True)
class Findings:
    """The diagnostics recorded so far, in the order found. `article`: where the checker is at work.

    The first FINDINGS_MAX errors and as many warnings are kept, so that warnings never hide an error.
    """

    items: list[Diagnostic] = field(default_factory=list)
    article: str | None = None
    errors: int = 0
    """How many of them are errors: what has a warning alone is sound and stays."""
    warnings: int = 0

    @property
    def left_out(self) -> int:
        """How many were found and not kept."""
        return self.errors + self.warnings - len(self.items)

    def add(self, code: str, span: Span, *labels: Label, **facts: object) -> None:
        """Record a diagnostic and go on."""
        self.record(mistake(code, span, *labels, **facts))

    def record(self, found: Mistake) -> None:
        """Record a mistake that was raised."""
        if found.diagnostic is None:
            return
        said = found.diagnostic
        if BY_NUMBER[said.code].severity is Severity.ERROR:
            self.errors += 1
            kept = self.errors <= FINDINGS_MAX
        else:
            self.warnings += 1
            kept = self.warnings <= FINDINGS_MAX
        if kept:
            self.items.append(Diagnostic(said.code, said.span, said.facts, said.labels, self.article))

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Record a mistake raised within, and go on after it."""
        try:
            yield
        except Mistake as found:
            self.record(found)

    @contextmanager
    def within(self, article: str | None) -> Iterator[None]:
        """Name the article that everything recorded within belongs to."""
        before = self.article
        self.article = article
        try:
            yield
        finally:
            self.article = before
