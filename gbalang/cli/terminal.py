"""What people see on a terminal: tables, progress, styles. The only place that imports rich.

Output is plain when it is not a terminal or NO_COLOR is set; long work shows progress on a terminal and is silent in a
pipe.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from gbalang.characters import visible

T = TypeVar("T")


def console() -> Console:
    """Return a console on standard output. Nothing is wider than the terminal; elsewhere lines are never cut."""
    plain = not sys.stdout.isatty()
    return Console(
        highlight=False, markup=False, emoji=False, soft_wrap=plain, no_color=plain or "NO_COLOR" in os.environ,
        width=_width() if plain else None,
    )


def _width() -> int:
    """Return a width at which a table in a pipe or a file is never cut."""
    return 400


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under headings."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading in headings:
        table.add_column(Text(visible(heading)), no_wrap=not sys.stdout.isatty(), overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible(cell)) for cell in row))
    console().print(table)


def progress(items: Iterable[T], total: int, title: str) -> Iterator[T]:
    """Yield the items, showing how far the work has come when a terminal watches."""
    if not sys.stderr.isatty():
        yield from items
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total)
        for item in items:
            yield item
            bar.advance(task)
