"""`make planted`: each planted defect put in, `gba test` run with its default settings, and what it said compared."""

from __future__ import annotations

import argparse
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from tests.cli.running import gba
from tests.planted.bank import PLANTED, Planted

ROOT = Path(__file__).parents[2]


def planted_text(planted: Planted) -> str:
    """Return the text of the instrument with the defect in it."""
    return (ROOT / planted.path).read_text("utf-8").replace(planted.before, planted.after)


def said(path: Path) -> set[tuple[str, str]]:
    """Return what `gba test` reports with its default settings."""
    document = gba("test", str(path), "--json", "--no-apart").document()
    if "instruments" not in document:
        raise AssertionError(document)
    return said_in(document["instruments"][0])


def said_in(report: dict[str, Any]) -> set[tuple[str, str]]:
    """Return what a report says: what failed, and the findings."""
    return {
        *[("example", row["title"]) for row in report["examples"] if not row["holds"]],
        *[("property", row["title"]) for row in report["properties"] if not row["holds"]],
        *[("invariant", row["name"]) for row in report["invariants"] if row["status"] == "broken"],
        *[("finding", f"{row['kind']} {row['name']}") for row in report["findings"]],
    }


def try_planted(planted: Planted) -> set[tuple[str, str]]:
    """Put one defect in and return what is said."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "contract.gba"
        path.write_text(planted_text(planted), "utf-8")
        return said(path)


def is_as_promised(planted: Planted, found: set[tuple[str, str]]) -> bool:
    """Whether what must be said is said, or nothing where nothing can be found."""
    return planted.says in found if planted.says is not None else not found


def main() -> int:
    """Try every defect and print what was said."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    with ProcessPoolExecutor(parser.parse_args().workers) as pool:
        paths = list(dict.fromkeys(planted.path for planted in PLANTED))
        sound = dict(zip(paths, pool.map(said, [ROOT / path for path in paths]), strict=True))
        kept = not any(sound.values())
        for planted, found in zip(PLANTED, pool.map(try_planted, PLANTED), strict=True):
            as_promised = is_as_promised(planted, found)
            kept = kept and as_promised
            shown = "; ".join(f"{what} {name}" for what, name in sorted(found)) or f"nothing: {planted.why}"
            verdict = "as promised" if as_promised else "BROKEN"
            print(f"{verdict:12} {planted.group:10} {planted.path}: {shown}", flush=True)
    for path, found in sound.items():
        print(f"{path} as it is: {sorted(found) or 'nothing'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
