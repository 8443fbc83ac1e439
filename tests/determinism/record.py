"""Records the golden history anew: python -m tests.determinism.record

To be run when the protocol or the compiler is meant to give other bytes, and never to make a test pass.
"""

from __future__ import annotations

from tests.determinism.history import encoded, last_line, make_history
from tests.determinism.test_witness import LINE, RECORDING


def main() -> None:
    """Write the recording and what a witness prints of it."""
    world, _, recording = make_history()
    RECORDING.write_bytes(encoded(recording))
    LINE.write_text(last_line(world) + "\n", "utf-8")


if __name__ == "__main__":
    main()
