"""Starting witnesses: one process for each city, each with the settings of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from runtime.witnesses import settings as s
from runtime.witnesses.settings import Settings

T = TypeVar("T")
R = TypeVar("R")

ROOT = Path(__file__).resolve().parent.parent.parent
"""The folder that holds the packages, of a checkout or of an installation."""

BEGINNING = (
    "import runpy, sys; sys.path.append(sys.argv.pop(1)); runpy.run_module(sys.argv.pop(1), run_name='__main__')"
)
"""The packages come last on the path, and nothing installed beside them is on it: the standard library alone."""

SECONDS_MAX = 600


@dataclass(frozen=True, slots=True)
class Answer:
    """What a process said. `code`: its exit code, None when it did not end in time."""

    code: int | None
    lines: tuple[str, ...]
    errors: str


class Company:
    """The processes of a machine. `interpreters`: path by what it is; `root`: where the packages are."""

    def __init__(self, interpreters: dict[str, str], root: Path = ROOT) -> None:
        self._interpreters = interpreters
        self._root = root

    def run(self, settings: Settings, module: str, arguments: Sequence[str]) -> Answer:
        """Run a module of ours in a process with these settings and return what it said."""
        command = [
            self._interpreters[settings.of(s.INTERPRETER)], *_flags(settings), "-S", "-P", "-c", BEGINNING,
            str(self._root), module, *arguments,
        ]  # fmt: skip
        try:
            ended = subprocess.run(  # noqa: S603  # our own module, under an interpreter that was found on this machine
                command, env=_environment(settings), capture_output=True, timeout=SECONDS_MAX, check=False
            )
        except subprocess.TimeoutExpired:
            return Answer(None, (), "it did not end in time")
        text = ended.stdout.decode("ascii", "backslashreplace")
        return Answer(ended.returncode, tuple(text.splitlines()), ended.stderr.decode("utf-8", "backslashreplace"))

    def witness(self, settings: Settings, recordings: Sequence[Path], *questions: str) -> Answer:
        """Let a witness with these settings re-execute recordings."""
        own = [f"--engine={settings.of(s.ENGINE)}", f"--recursion={settings.of(s.RECURSION)}"]
        own += [f"--collector={settings.of(s.COLLECTOR)}", f"--thread={settings.of(s.THREAD)}"]
        return self.run(settings, "runtime.witness", [*own, *map(str, recordings), *questions])


def at_once(items: Sequence[T], work: Callable[[T], R]) -> list[R]:
    """Do some work that waits for processes, as many at a time as the machine has cores; the results in order."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(work, items))


def _flags(settings: Settings) -> list[str]:
    flags = ["-X", f"int_max_str_digits={settings.of(s.DIGITS)}"]
    if settings.of(s.OPTIMISATION) != "none":
        flags.append(settings.of(s.OPTIMISATION))
    if settings.of(s.WARNINGS) == "are errors":
        flags += ["-W", "error"]
    return [*flags, "-X", "utf8=1" if settings.of(s.TEXT) == "utf-8" else "utf8=0"]


def _environment(settings: Settings) -> dict[str, str]:
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "LC_", "LANG", "TZ"))
    }
    return {
        **kept, "PYTHONHASHSEED": settings.of(s.HASH_SEED), "LC_ALL": settings.of(s.LOCALE),
        "TZ": settings.of(s.TIME_ZONE),
    }  # fmt: skip
