"""The memory of eleven nodes that each hold many register entries, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from gbalang.cli.measuring.rounds import Measurement

# Linux tells it in kibibytes, macOS in bytes.
_UNITS_PER_MIB = 1_024 * 1_024 if sys.platform == "darwin" else 1_024

_PROGRAM = """
import resource, sys
from pathlib import Path
from gbalang.cli.measuring.memory import fill
fill(Path(sys.argv[1]), int(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
ENTRY_KEY = b"\x09\x05bench\x07entries"
BATCH = 5_000


def measure_memory(entries: int) -> Measurement:
    """Return the largest resident memory of eleven nodes with that many entries each, all stores open."""
    with tempfile.TemporaryDirectory(prefix="gba-bench-") as folder:
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM, folder, str(entries)], check=True, capture_output=True, text=True
        )
    mebibytes = int(done.stdout.split()[-1]) / _UNITS_PER_MIB
    return Measurement(f"memory of eleven nodes with {entries:,} entries", "MiB", (mebibytes,))


def fill(folder: Path, entries: int) -> None:
    """Make a network and give the state of each of its eleven nodes that many entries, the tree included."""
    from gbalang.cli import moments
    from gbalang.cli.sources import compile_standard
    from runtime.embedded.folder import OpenNetwork, create_network
    from runtime.state.tree import apply_changes
    from runtime.state_view import STATE

    begins_ms = moments.parse_moment("2026-03-02")
    assert begins_ms is not None
    create_network(folder / "network", "bench", begins_ms, compile_standard("charter"))
    with OpenNetwork(folder / "network") as opened:
        for node in opened.network.nodes():
            for first in range(0, entries, BATCH):
                numbers = range(first, min(first + BATCH, entries))
                places = [number.to_bytes(8, "big") for number in numbers]
                changes = [(ENTRY_KEY + place, b"entry" * 20 + place) for place in places]
                update = apply_changes(node.store, changes)
                node.store.commit([*((STATE + key, value) for key, value in changes), *update.node_writes])
