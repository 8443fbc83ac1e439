"""gba new, check, fmt, translate, compile, inspect, errors: what a drafter does with a text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from gbalang.ast.nodes import Language
from gbalang.ast.printer import print_document
from gbalang.check.typed import CalendarYear, Contract
from gbalang.cli.session import LANGUAGES, ExitCode, Session, echo, shared_options, write_bytes
from gbalang.cli.sources import check_source, compile_source_fully, instrument_paths, open_compiled, parse_file, report
from gbalang.cli.templates import write_new
from gbalang.cli.values import who_may
from gbalang.isa.container import digest
from gbalang.isa.disassemble import disassemble
from gbalang.isa.program import FunctionKind, Program
from gbalang.literals import show_date, type_name


@click.command()
@click.argument("name")
@click.option("--in", "folder", type=click.Path(path_type=Path), default=Path(), help="Where to make the folder.")
@click.option("--keywords", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Keyword language.")
@shared_options
def new(session: Session, name: str, folder: Path, keywords: Language) -> None:
    """Make a folder NAME with a contract, its examples and properties, that passes `gba check` and `gba test`."""
    written = write_new(session, folder, name, keywords)
    for path in written:
        session.say("written", path=path)
    session.result({"files": [str(path) for path in written]})


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@shared_options
def check(session: Session, paths: Sequence[Path]) -> None:
    """Say what is wrong in instruments, with places and remedies, and how much of each runs."""
    failed = False
    documents: list[dict[str, Any]] = []
    for path in instrument_paths(session, paths):
        gathered = check_source(session, path)
        result = gathered.compilation
        documents.append({"path": str(path), "diagnostics": report(session, result.diagnostics, gathered.sources)})
        failed = failed or result.failed
        if result.typed is not None and not result.failed:
            documents[-1]["coverage"] = _coverage(session, path, result.typed)
    session.result({"instruments": documents})
    if failed:
        raise click.exceptions.Exit(int(ExitCode.AT_FAULT))


def _coverage(session: Session, path: Path, typed: Contract | CalendarYear) -> dict[str, Any]:
    if isinstance(typed, CalendarYear):
        session.say("checked_calendar", path=path, calendar=typed.calendar, year=typed.year)
        return {"calendar": typed.calendar, "year": typed.year}
    running = [article for article in typed.coverage if article.executable]
    text_only = [article for article in typed.coverage if not article.executable and article.text_only]
    declaring = [article for article in typed.coverage if not article.executable and not article.text_only]
    session.say("checked", path=path, name=typed.name, running=len(running), articles=len(typed.coverage))
    for article in declaring:
        session.say("checked_declaring", label=article.label, heading=article.heading)
    for article in text_only:
        session.say("checked_text_only", label=article.label, heading=article.heading, reason=article.text_only)
    return {
        "articles": len(typed.coverage),
        "running": [article.label for article in running],
        "declaring": [article.label for article in declaring],
        "text_only": [{"label": article.label, "reason": article.text_only} for article in text_only],
    }


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Write nothing; end with 1 if a file is not canonical.")
@shared_options
def fmt(session: Session, paths: Sequence[Path], only_check: bool) -> None:
    """Put instruments into their canonical layout; comments are kept."""
    changed = []
    for path in instrument_paths(session, paths):
        document, text = parse_file(session, path)
        canonical = print_document(document, document.language)
        if canonical == text:
            continue
        changed.append(str(path))
        session.say("fmt_differs" if only_check else "fmt_written", path=path)
        if not only_check:
            write_bytes(session, path, canonical.encode("utf-8"), force=True)
    session.result({"changed": changed})
    if only_check and changed:
        raise click.exceptions.Exit(int(ExitCode.FAILED_CHECK))


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--to", "target", type=click.Choice(LANGUAGES), required=True, help="Keyword language to write.")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=None, help="Where to write; default to print.")
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@shared_options
def translate(session: Session, path: Path, target: Language, output: Path | None, force: bool) -> None:
    """Write the same instrument in another keyword language. Names, quoted law and titles are never converted."""
    document, _ = parse_file(session, path)
    text = print_document(document, target)
    if output is None:
        if session.json:
            session.result({"language": target, "text": text})
        else:
            echo(text, newline=False)
        return
    write_bytes(session, output, text.encode("utf-8"), force=force)
    session.say("written", path=output)
    session.result({"language": target, "path": str(output)})


@click.command("compile")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), default=None, help="Where to write: FILE.gbac.")
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@shared_options
def compile_(session: Session, path: Path, output: Path | None, force: bool) -> None:
    """Compile an instrument; print its digest and the worst-case cost of every act."""
    compiled = compile_source_fully(session, path)
    target = output if output is not None else path.with_suffix(".gbac")
    write_bytes(session, target, compiled.container, force=force)
    costs = _costs(compiled.program)
    session.say("compiled", path=target, name=compiled.program.name, version=compiled.program.version,
                digest=compiled.digest, size=len(compiled.container))
    session.table(
        [session.word("act_or_query"), session.word("worst_cost")], [(name, f"{cost:,}") for name, cost in costs]
    )
    session.result({"path": str(target), "digest": compiled.digest, "bytes": len(compiled.container),
                    "costs": {name: str(cost) for name, cost in costs}})


def _costs(program: Program) -> list[tuple[str, int]]:
    kinds = (FunctionKind.ACT, FunctionKind.QUERY)
    return [(function.name, function.cost_max) for function in program.functions if function.kind in kinds]


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--instructions", is_flag=True, help="List the instructions too.")
@shared_options
def inspect(session: Session, path: Path, instructions: bool) -> None:
    """Show interface, articles and costs of an instrument (.gba) or a compiled program (.gbac)."""
    if path.suffix == ".gbac":
        program = open_compiled(session, path)[1].program
    else:
        program = compile_source_fully(session, path).program
    session.line(f"{program.name} {program.version}  {digest(program)}")
    for language, title in program.titles:
        session.line(f"  {language}: {title}")
    header = _header(program)
    for key, shown in header.items():
        if shown:
            session.line(f"  {session.word('instrument_' + key)}: {', '.join(shown)}")
    for article in program.articles:
        heading = article.headings[0][1] if article.headings else ""
        session.line(f"  {session.word('letter_article', label=article.label)} {heading}")
    interface = [_interface(program, index) for index in range(len(program.functions))]
    rows = [(row["kind"], row["name"], row["parameters"], row["by"], row["cost"]) for row in interface]
    session.table([session.word(key) for key in ("kind", "name", "parameters", "by", "worst_cost")], rows)
    if instructions:
        session.line(disassemble(program))
    session.result({"name": program.name, "version": program.version, "digest": digest(program), **header,
                    "articles": [article.label for article in program.articles], "functions": interface})


def _header(program: Program) -> dict[str, list[str]]:
    """Return what stands above the articles; dates as lists of one or none."""
    dates = {"effective": program.effective, "expires": program.expires, "review": program.review}
    return {
        "bases": list(program.bases), "parties": list(program.parties), "prevailing": list(program.prevailing),
        **{key: [] if day is None else [show_date(day)] for key, day in dates.items()},
    }


def _interface(program: Program, index: int) -> dict[str, str]:
    function = program.functions[index]
    parameters = ", ".join(f"{field.name}: {type_name(field.type, program)}" for field in function.parameters)
    return {
        "kind": function.kind.name.lower(), "name": function.name, "parameters": parameters,
        "by": " / ".join(who_may(program, function)), "cost": f"{function.cost_max:,}",
    }


@click.command()
@click.argument("code", required=False)
@shared_options
def errors(session: Session, code: str | None) -> None:
    """Say what a diagnostic, a fault or a refusal means; without CODE, list them all."""
    from gbalang.cli.meanings import find_meaning, list_meanings

    if code is None:
        rows = list_meanings(session.language)
        session.table([session.word("code"), session.word("name"), session.word("meaning")], rows)
        session.result({"meanings": [{"code": row[0], "name": row[1], "meaning": row[2]} for row in rows]})
        return
    page = find_meaning(session.language, code)
    if page is None:
        session.fail(ExitCode.AT_FAULT, "code_unknown", code=code)
    session.line(page)
    session.result({"code": code, "page": page})
