"""The command line: one command, `gba`, with the verbs a drafter would say.

This module stays light: a command's module is imported when the command runs or its help is shown, so that `gba --help`
answers at once, and nothing at all is imported before an interruption would be answered quietly.
"""

from __future__ import annotations

import signal
import sys

from gbalang.errors import EXIT_CODE_INTERRUPTED


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        from gbalang.cli.group import application

        code = application(sys.argv[1:])
    except KeyboardInterrupt:
        code = EXIT_CODE_INTERRUPTED
    # Whatever is pressed now has nothing left to interrupt.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(code)


__all__ = ["main"]
