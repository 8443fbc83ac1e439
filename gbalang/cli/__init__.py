"""The command line: one command, `gba`, with the verbs a drafter would say.

This module stays light: a command's module is imported when the command runs or its help is shown, so that `gba --help`
answers at once.
"""

from __future__ import annotations

import sys

from gbalang.cli.group import application


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(application(sys.argv[1:]))


__all__ = ["main"]
