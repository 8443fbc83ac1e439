"""Listings of what the compiler makes of the standard library. Written anew with: python -m tests.unit.emit.listings

To be run when the compiler or the library is meant to give other programs, and read before it is kept.
"""

from __future__ import annotations

from pathlib import Path

from gbalang import bundled
from gbalang.isa.disassemble import disassemble
from gbalang.pipeline import compile_bundle
from gbalang.source import SourceBundle, SourceFile

GOLDEN = Path(__file__).parent.parent.parent / "golden"

SPLITS_IN_USE = """contract splits_in_use version 1
  title en "The library splits in use"
  basis "none: a text for tests"
  parties all cities
  effective 2026-01-01
  import splits

article 1 "Shares"
  rule shares(weights: list of Int from 0 to 1_000_000 up to 20) gives list of Money CNY up to 20
    give splits.split_cny(100 CNY, weights)
"""


def listing(path: str, text: str) -> str:
    """Return the listing of an instrument that compiles without a finding."""
    modules = (("splits", SourceFile("stdlib/splits.gba", bundled.read_standard_library("splits"))),)
    compilation = compile_bundle(SourceBundle(SourceFile(path, text), modules))
    assert compilation.compiled is not None, compilation.diagnostics
    return disassemble(compilation.compiled.verified.program)


def listings() -> dict[str, str]:
    """Return the listings by the names of their files."""
    return {
        "charter.listing": listing("stdlib/charter.gba", bundled.read_standard_library("charter")),
        "splits.listing": listing("splits_in_use.gba", SPLITS_IN_USE),
    }


def main() -> None:
    """Write the listings."""
    for name, text in listings().items():
        (GOLDEN / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
