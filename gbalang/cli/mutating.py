"""gba mutate: which changes of an instrument none of its examples, properties and invariants would notice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import click

from gbalang.ast import nodes as n
from gbalang.ast.printer import print_document
from gbalang.check import typed as t
from gbalang.cli.session import ExitCode, Session, shared_options
from gbalang.cli.sources import calendar_of_standard, check_source, instrument_paths, report
from gbalang.cli.terminal import progress
from gbalang.pipeline import compile_bundle
from gbalang.source import SourceBundle, SourceFile
from gbalang.testing.draw import SEED
from gbalang.testing.mutations import CASES, HISTORIES, Mutation, evenly, mutations, notice
from gbalang.testing.trial import TrialsTooLarge, standard_calendar_names

MOST = 60
"""Changes tried for one instrument: some minutes for a long one."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A change and what became of it. `lines`: the lines of the text before and after it."""

    mutation: Mutation
    fate: Literal["refused", "noticed", "unnoticed"]
    by: str
    lines: tuple[tuple[str, ...], tuple[str, ...]]


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--most", type=click.IntRange(1, 100_000), default=MOST, show_default=True,
              help="Changes tried for each instrument, spread evenly over its text.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=SEED, show_default=True, help="Draws the cases.")
@click.option("--cases", type=click.IntRange(1, 100_000), default=CASES, show_default=True,
              help="Cases tried for each property.")  # fmt: skip
@click.option("--histories", type=click.IntRange(1, 100_000), default=HISTORIES, show_default=True,
              help="Random histories of acts.")  # fmt: skip
@shared_options
def mutate(session: Session, paths: Sequence[Path], most: int, seed: int, cases: int, histories: int) -> None:
    """Change an instrument in one place at a time, and say which changes nothing in it would notice."""
    calendars = tuple(calendar_of_standard(name) for name in standard_calendar_names())
    reports = []
    for path in instrument_paths(session, paths):
        gathered = check_source(session, path)
        report(session, gathered.compilation.diagnostics, gathered.sources)
        document = gathered.compilation.document
        if gathered.compilation.failed or document is None:
            raise click.exceptions.Exit(int(ExitCode.AT_FAULT))
        if not isinstance(document, n.Instrument):
            continue
        chosen = evenly(tuple(mutations(document)), most)
        work = _try_all(document, gathered.sources, chosen, calendars, (seed, cases, histories))
        tried = tuple(progress(work, len(chosen), str(path)))
        reports.append(_tell(session, path, tried))
    session.result({"instruments": reports, "seed": seed})


def _try_all(
    document: n.Instrument,
    sources: SourceBundle,
    chosen: tuple[Mutation, ...],
    calendars: tuple[t.CalendarYear, ...],
    numbers: tuple[int, int, int],
) -> Iterator[Tried]:
    before = print_document(document, document.language)
    for mutation in chosen:
        after = print_document(mutation.document, document.language)
        lines = _difference(before, after)
        compiled = compile_bundle(SourceBundle(SourceFile(sources.main.path, after), sources.modules))
        if compiled.failed or not isinstance(compiled.typed, t.Contract):
            codes = ", ".join(dict.fromkeys(found.code for found in compiled.diagnostics))
            yield Tried(mutation, "refused", codes, lines)
            continue
        try:
            noticed = notice(compiled.typed, calendars, *numbers)
        except TrialsTooLarge:
            yield Tried(mutation, "refused", "", lines)
            continue
        if noticed is None:
            yield Tried(mutation, "unnoticed", "", lines)
        else:
            yield Tried(mutation, "noticed", noticed.name, lines)


def _difference(before: str, after: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lines that stand only in the one text and only in the other: the one place where they differ."""
    ours, theirs = before.splitlines(), after.splitlines()
    while ours and theirs and ours[0] == theirs[0]:
        del ours[0], theirs[0]
    while ours and theirs and ours[-1] == theirs[-1]:
        del ours[-1], theirs[-1]
    return tuple(line.strip() for line in ours), tuple(line.strip() for line in theirs)


def _tell(session: Session, path: Path, tried: tuple[Tried, ...]) -> dict[str, Any]:
    articles = list(dict.fromkeys(each.mutation.article for each in tried))
    rows = []
    for article in articles:
        fates = [each.fate for each in tried if each.mutation.article == article]
        rows.append((article, *(str(fates.count(fate)) for fate in ("refused", "noticed", "unnoticed"))))
    headings = ("test_article", "mutate_refused", "mutate_noticed", "mutate_unnoticed")
    session.table([session.word(key) for key in headings], rows)
    unnoticed = [each for each in tried if each.fate == "unnoticed"]
    for each in unnoticed:
        what = session.word("mutation_" + each.mutation.slug)
        session.say("mutate_place", article=each.mutation.article, what=what)
        for mark, lines in zip("-+", each.lines, strict=True):
            for line in lines:
                session.line(f"    {mark} {line}")
    meant = len(tried) - sum(each.fate == "refused" for each in tried)
    session.say("mutate_summary", path=path, noticed=meant - len(unnoticed), meant=meant)
    return {
        "path": str(path), "tried": len(tried), "meant": meant, "noticed": meant - len(unnoticed),
        "changes": [
            {
                "article": each.mutation.article, "kind": each.mutation.slug, "fate": each.fate, "by": each.by,
                "before": list(each.lines[0]), "after": list(each.lines[1]),
            }
            for each in tried
        ],
    }  # fmt: skip
