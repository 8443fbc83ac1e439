"""The Pythons of this machine that may be witnesses: every one from 3.11 on that answers."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

_NAME = re.compile(r"python3\.(\d+)")
_QUESTION = "import sys; print(sys.implementation.name, '.'.join(map(str, sys.version_info[:3])))"
OLDEST = 11
NEWEST_TRIED = 20


@functools.cache
def find_interpreters() -> tuple[tuple[str, str], ...]:
    """Return (what it is, path) of each, this one first; of equal ones only the first."""
    candidates = [sys.executable]
    names = [f"python3.{minor}" for minor in range(OLDEST, NEWEST_TRIED)]
    candidates += [path for name in names if (path := shutil.which(name)) is not None]
    # Version managers keep interpreters that are on no path.
    for root in (Path.home() / ".pyenv" / "versions", Path("/usr/local/bin"), Path("/opt")):
        if root.is_dir():
            candidates += sorted(str(path) for path in root.glob("*/bin/python3") if path.is_file())
    found: dict[str, str] = {}
    for path in candidates:
        described = _describe(path)
        if described is not None:
            found.setdefault(described, path)
    return tuple(found.items())


def _describe(path: str) -> str | None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    try:
        answer = subprocess.run(  # noqa: S603  # an interpreter's own question, nothing from outside
            [path, "-c", _QUESTION], capture_output=True, text=True, timeout=20, check=False, env=environment
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    words = answer.stdout.split()
    if answer.returncode != 0 or len(words) != 2:  # name and version
        return None
    parts = tuple(int(part) for part in words[1].split("."))
    return " ".join(words) if parts >= (3, OLDEST) else None
