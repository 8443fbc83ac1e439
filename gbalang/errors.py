"""Our own mistakes. Relies on nothing, so that every part may raise them.

A user's mistake is a `Diagnostic`, a contract's fault is a numbered outcome on the ledger; neither is ever raised as an
`InternalError`, and an `InternalError` is never turned into one of them.
"""

from __future__ import annotations

EXIT_CODE_INTERNAL_ERROR = 70
"""The exit code of `gba` for our own mistakes: EX_SOFTWARE of sysexits.h."""


EXIT_CODE_INTERRUPTED = 130
"""The exit code of `gba` when it was interrupted, as shells have it: 128 and the number of the signal."""


class InternalError(Exception):
    """Something that gbalang holds to be impossible has happened.

    `what` says which expectation failed, for the developer who will read the report.
    """

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what

    def __str__(self) -> str:
        return (
            f"internal error: {self.what}\n"
            "This is a mistake in gbalang, not in your text. Please report it with this message, the command and the "
            "files you gave it."
        )
