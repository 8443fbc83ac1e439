"""Records the golden histories anew: python -m tests.determinism.record

To be run when the protocol, the compiler or an instrument is meant to give other bytes, and never to make a test pass.
"""

from __future__ import annotations

from tests.determinism.history import encoded, last_line, make_history, make_stories
from tests.determinism.test_witness import HISTORY, STORIES, line_of


def main() -> None:
    """Write the recordings and what a witness prints of each."""
    world, _, history = make_history()
    HISTORY.write_bytes(encoded(history))
    line_of(HISTORY).write_text(last_line(world) + "\n", "utf-8")
    world, stories = make_stories()
    STORIES.write_bytes(encoded(stories))
    line_of(STORIES).write_text(last_line(world) + "\n", "utf-8")


if __name__ == "__main__":
    main()
