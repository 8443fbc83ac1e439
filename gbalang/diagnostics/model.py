"""A diagnostic is data: a code, the places it speaks of, and the facts its sentence needs.

Rules of the compiler record these; `render.py` writes the sentences, in four languages. So wording can improve
without touching a rule, and a tool can read the same finding as JSON.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from gbalang.source import Span


class Severity(Enum):
    """An error stops compilation; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Label:
    """A second (or third) place, with the role it plays: the key of a phrase in the messages tables."""

    span: Span
    role: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `code` is a row of `codes.py`, such as "E0301"; facts are (name, text) pairs."""

    code: str
    span: Span
    facts: tuple[tuple[str, str], ...] = ()
    labels: tuple[Label, ...] = ()
    article: str | None = None

    def fact(self, name: str) -> str:
        """Return one fact, or an empty text."""
        for key, text in self.facts:
            if key == name:
                return text
        return ""
