"""Running `gba` within this process: what it said on either channel, and how it ended."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass
from typing import Any

from gbalang.cli.group import application
from gbalang.cli.session import LANGUAGES


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    def document(self) -> dict[str, Any]:
        """Return the one JSON document on standard output; nothing else may stand there."""
        document = json.loads(self.out)
        assert isinstance(document, dict)
        return document


def gba(*words: str) -> Ran:
    """Run a command as it is typed."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = application(list(words))
    return Ran(code, out.getvalue(), err.getvalue())


def in_four_languages(*words: str) -> list[str]:
    """Return what a command says in each language, on both channels together."""
    ran = [gba(*words, "--lang", language) for language in LANGUAGES]
    assert len({each.code for each in ran}) == 1, "the language changes no ending"
    return [each.out + each.err for each in ran]
