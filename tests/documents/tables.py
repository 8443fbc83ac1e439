"""The tables in docs/ that follow from the tables in the sources, and docs/errors.md, which is one of them throughout.

    python -m tests.documents.tables       writes them anew
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from gbalang import limits
from gbalang.ast.keywords import CALENDARS, CITIES, HOLDER_KINDS, KEYWORDS, LANGUAGES, TYPES, WEEKDAYS
from gbalang.diagnostics.codes import CODES
from gbalang.diagnostics.outcomes import fault_sentence, rejection_sentence
from gbalang.diagnostics.render import LANGUAGES as SENTENCES
from gbalang.isa.opcodes import OPCODES, Bound
from gbalang.isa.stack import VerificationRule
from gbalang.vm.faults import Fault
from runtime.crash_points import CrashPoint
from runtime.rejections import Rejection
from runtime.simulator.faults import FAULTS
from runtime.witnesses.settings import FIXED_AXES
from tests.errors.cases import TOO_LARGE_TO_KEEP, path_of, rendered

DOCS = Path(__file__).parent.parent.parent / "docs"
_BLOCK = re.compile(r"<!-- (\w+): generated -->\n.*?<!-- end -->", re.DOTALL)


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = list(headings)
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def keywords() -> str:
    """Return the words of the language in its four languages, and the builtin names."""
    words: list[Iterable[str]] = [row.words for row in KEYWORDS]
    tables = (TYPES, CITIES, CALENDARS, HOLDER_KINDS)
    names: list[Iterable[str]] = [*(row for table in tables for row in table.values()), *WEEKDAYS]
    return f"{_table(LANGUAGES, _quoted(words))}\n\nBuiltin names:\n\n{_table(LANGUAGES, _quoted(names))}"


def _quoted(rows: list[Iterable[str]]) -> list[Iterable[str]]:
    return [[f"`{word}`" for word in row] for row in rows]


def instructions() -> str:
    """Return the instruction table of the machine."""
    rows = []
    for row in OPCODES:
        cost = str(row.cost) + (f" + {row.cost_each} × {row.bound.value}" if row.bound is not Bound.NONE else "")
        operands = ", ".join(operand.value for operand in row.operands)
        faults = ", ".join(fault.name.lower() for fault in row.faults)
        rows.append([f"0x{row.number:02X}", f"`{row.name}`", operands, row.stack, row.equation, cost, faults])
    return _table(["number", "name", "operands", "stack", "meaning", "cost", "faults"], rows)


def faults() -> str:
    """Return the faults of the machine."""
    rows = [[f"F{fault.value:02}", f"`{fault.name.lower()}`", fault_sentence("en", fault.name)] for fault in Fault]
    return _table(["number", "name", "meaning"], rows)


def rules() -> str:
    """Return what the verifier demands, by name."""
    return "\n".join(f"- {rule.value.replace('_', ' ')}" for rule in VerificationRule)


def machine_limits() -> str:
    """Return the limits of sources, programs and calls."""
    names = [name for name in vars(limits) if name.endswith("_MAX")]
    return _table(["limit", "value"], [[f"`{name}`", f"{getattr(limits, name):,}"] for name in names])


def rejections() -> str:
    """Return why the ledger turns a transaction away."""
    rows = [[f"R{each.value:02}", f"`{each.name.lower()}`", rejection_sentence("en", each.name)] for each in Rejection]
    return _table(["number", "name", "meaning"], rows)


def simulated_faults() -> str:
    """Return the kinds of fault that the simulator knows."""
    rows = [[str(kind.number), f"`{kind.name}`", kind.group.value, kind.scope.value, kind.what] for kind in FAULTS]
    return _table(["number", "name", "where", "scope", "what happens"], rows)


def axes() -> str:
    """Return in what processes are made to differ."""
    return _table(["setting", "values"], [[axis.name, ", ".join(axis.values)] for axis in FIXED_AXES])
def crash_points() -> str:
    """Return the points at which a process is killed while it writes files."""
    rows = [
        [str(point.value.number), f"`{point.name.lower().replace('_', '-')}`", point.value.writing, point.value.on_disk]
        for point in CrashPoint
    ]
    return _table(["number", "name", "what is being written", "what is on the disk then"], rows)


TABLES: dict[str, Callable[[], str]] = {
    "keywords": keywords,
    "instructions": instructions,
    "faults": faults,
    "rules": rules,
    "limits": machine_limits,
    "rejections": rejections,
    "simulated_faults": simulated_faults,
    "axes": axes,
    "crash_points": crash_points,
}


def errors() -> str:
    """Return the page of all diagnostics, each with a case that draws it."""
    parts = [
        "# What the checker says",
        "",
        "Each diagnostic with a text that draws it, as a drafter sees it. `gba errors CODE` prints what one means, in",
        "four languages with `--lang`. Faults of the machine are in [bytecode.md](bytecode.md), the grounds on which",
        "the ledger turns a transaction away in [ledger.md](ledger.md). This page is generated from the tests' cases.",
    ]
    for row in CODES:
        said, done = SENTENCES["en"].MESSAGES[row.number]
        facts = {name: f"*{name}*" for name in row.facts}
        parts += ["", f"## {row.number} {row.slug}", "", f"{said.format(**facts)} {done.format(**facts)}"]
        if row.number not in {*TOO_LARGE_TO_KEEP, "E0101", "E0103"}:
            parts += ["", "```gba-wrong", path_of(row.number).read_text("utf-8").rstrip(), "```"]
        if row.number != "E0103":
            parts += ["", "```text", rendered(row.number, "en").rstrip(), "```"]
    return "\n".join(parts) + "\n"


def filled(text: str) -> str:
    """Return a document with its generated tables as they should be."""

    def fill(found: re.Match[str]) -> str:
        return f"<!-- {found[1]}: generated -->\n\n{TABLES[found[1]]()}\n\n<!-- end -->"

    return _BLOCK.sub(fill, text)


def main() -> None:
    """Write every generated part of the documents anew."""
    (DOCS / "errors.md").write_text(errors(), "utf-8")
    for path in sorted(DOCS.glob("*.md")):
        text = path.read_text("utf-8")
        path.write_text(filled(text), "utf-8")


if __name__ == "__main__":
    main()
