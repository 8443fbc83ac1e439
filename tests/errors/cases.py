"""The cases: for each diagnostic one instrument that draws it, in cases/, and how it is shown, in rendered/."""

from __future__ import annotations

from pathlib import Path

from gbalang import bundled
from gbalang.ast.parser import decode_source
from gbalang.diagnostics.codes import CODES
from gbalang.diagnostics.model import Diagnostic
from gbalang.diagnostics.render import LANGUAGES, render
from gbalang.limits import FINDINGS_MAX, SOURCE_BYTES_MAX
from gbalang.pipeline import compile_bundle
from gbalang.source import SourceBundle, SourceFile

FOLDER = Path(__file__).parent / "cases"
RENDERED = Path(__file__).parent / "rendered"
NUMBERS = tuple(row.number for row in CODES)

TOO_LARGE, MANY_FINDINGS = "E0102", "E0702"
TOO_LARGE_TO_KEEP = (TOO_LARGE, MANY_FINDINGS)
"""Their cases are made when they are needed: a text above the limit, and one with a mistake more than are told. Of the
latter the last finding alone is shown.
"""


def path_of(number: str) -> Path:
    """Return where a case is kept."""
    return FOLDER / f"{number}.gba"


def content_of(number: str) -> bytes:
    """Return the bytes of a case."""
    if number == TOO_LARGE:
        return b"# " + b"x" * SOURCE_BYTES_MAX
    if number == MANY_FINDINGS:
        rules = "".join(f"  rule r{place}() gives Int\n    give x\n" for place in range(FINDINGS_MAX + 1))
        return f"library many version 1\n\narticle 1\n{rules}".encode()
    return path_of(number).read_bytes()


def found_in(number: str) -> tuple[tuple[Diagnostic, ...], SourceBundle]:
    """Return what is found in a case, and its sources."""
    shown = f"{number}.gba"
    source = decode_source(shown, content_of(number))
    if isinstance(source, Diagnostic):
        return (source,), SourceBundle(SourceFile(shown, ""))
    bundle = SourceBundle(source, _modules())
    found = compile_bundle(bundle).diagnostics
    return (found[-1:] if number == MANY_FINDINGS else found), bundle


def _modules() -> tuple[tuple[str, SourceFile], ...]:
    neighbours = sorted((FOLDER / "modules").glob("*.gba"))
    own = [(f"modules/{path.name}", SourceFile(f"modules/{path.name}", path.read_text("utf-8"))) for path in neighbours]
    return (("splits", SourceFile("stdlib/splits.gba", bundled.read_standard_library("splits"))), *own)


def rendered(number: str, language: str) -> str:
    """Return what a drafter sees of a case."""
    found, sources = found_in(number)
    return "\n\n".join(render(each, sources, language) for each in found) + "\n"


def rendered_path(number: str, language: str) -> Path:
    """Return where the rendering of a case is kept."""
    return RENDERED / language / f"{number}.txt"


def main() -> None:
    """Write all renderings anew: python -m tests.errors.cases. Read what has changed before you keep it."""
    for language in LANGUAGES:
        (RENDERED / language).mkdir(parents=True, exist_ok=True)
        for number in NUMBERS:
            rendered_path(number, language).write_text(rendered(number, language), "utf-8")


if __name__ == "__main__":
    main()
