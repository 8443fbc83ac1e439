"""Texts from the disk and the standard library, gathered with what they import, and what became of them.

Paths after `import … from` are relative to the folder of the instrument that is compiled, whichever file imports.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

from gbalang import bundled
from gbalang.ast import nodes as n
from gbalang.ast.parser import ParseResult, decode_source, parse
from gbalang.characters import visible
from gbalang.check.typed import CalendarYear, CheckedDocument
from gbalang.cli.session import ExitCode, Session, Stop, echo, read_bytes
from gbalang.diagnostics.model import Diagnostic
from gbalang.diagnostics.render import render, to_json
from gbalang.errors import InternalError
from gbalang.isa.verify import VerifiedProgram
from gbalang.limits import BUNDLE_BYTES_MAX, PROGRAM_BYTES_MAX, SOURCE_BYTES_MAX
from gbalang.pipeline import Compilation, Compiled, compile_bundle
from gbalang.source import SourceBundle, SourceFile
from runtime.programs import ProgramRefused, open_program

SUFFIX = ".gba"
MODULES_MAX = 64
"""Files that one instrument may import, directly or not."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """An instrument's texts and what became of them."""

    sources: SourceBundle
    compilation: Compilation


# ---------------------------------------------------------------- the standard library


@cache
def compile_standard(name: str) -> bytes:
    """Return the container of an instrument of the standard library."""
    gathered = _compile(None, _standard_file(name), None)
    if gathered.compilation.compiled is None:
        raise InternalError(f"stdlib/{name} does not compile: {gathered.compilation.diagnostics}")
    return gathered.compilation.compiled.container


@cache
def calendar_of_standard(name: str) -> CalendarYear:
    """Return a calendar of the standard library, such as "calendars/macao-2026"."""
    typed = _compile(None, _standard_file(name), None).compilation.typed
    if not isinstance(typed, CalendarYear):
        raise InternalError(f"stdlib/{name} is no sound calendar")
    return typed


def _standard_file(name: str) -> SourceFile:
    return SourceFile(f"stdlib/{name}{SUFFIX}", bundled.read_standard_library(name))


# ---------------------------------------------------------------- files


def instrument_paths(session: Session, paths: Sequence[Path]) -> list[Path]:
    """Return the files named, and of each folder named all instruments in it, in the order of their paths."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(path.rglob(f"*{SUFFIX}"))
            if not inside:
                session.fail(ExitCode.AT_FAULT, "folder_without_instruments", path=path)
            found.extend(inside)
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def check_source(session: Session, path: Path) -> Gathered:
    """Compile a file and return what was found."""
    source = _read(session, path)
    return _compile(session, source, path.parent)


def compile_source_fully(session: Session, path: Path) -> Compiled:
    """Compile a file; its findings are printed, and errors end the command."""
    return _compiled(session, check_source(session, path), str(path))


def compile_source(session: Session, path: Path) -> bytes:
    """Compile a file to its container; its findings are printed, and errors end the command."""
    return compile_source_fully(session, path).container


def compile_text(session: Session | None, path: str, text: str) -> bytes:
    """Compile a text at hand. Without a session it is one of ours, which has no mistakes."""
    gathered = _compile(session, SourceFile(path, text), None)
    if session is not None:
        return _compiled(session, gathered, path).container
    if gathered.compilation.compiled is None:
        raise InternalError(f"{path} does not compile: {gathered.compilation.diagnostics}")
    return gathered.compilation.compiled.container


def open_compiled(session: Session, path: Path) -> tuple[bytes, VerifiedProgram]:
    """Return a compiled program and its bytes; what is no sound program ends the command."""
    data = read_bytes(session, path, PROGRAM_BYTES_MAX)
    try:
        return data, open_program(data)
    except ProgramRefused as refused:
        session.fail(ExitCode.AT_FAULT, "program_refused", path=path, reason=refused.detail)


def typed_of_source(session: Session, path: Path) -> CheckedDocument:
    """Check a file and return its typed tree; errors are printed and end the command."""
    return typed_and_compiled(session, path)[0]


def typed_and_compiled(session: Session, path: Path) -> tuple[CheckedDocument, Compiled | None]:
    """Return the typed tree of a file and its program, if it has one; errors are printed and end the command."""
    gathered = check_source(session, path)
    typed = gathered.compilation.typed
    if gathered.compilation.failed or typed is None:
        _end_with(session, gathered)
    return typed, gathered.compilation.compiled


def calendar_of_source(session: Session, path: Path) -> CalendarYear:
    """Check a file that holds a calendar; anything else ends the command."""
    typed = typed_of_source(session, path)
    if not isinstance(typed, CalendarYear):
        session.fail(ExitCode.AT_FAULT, "not_a_calendar", path=path)
    return typed


def parse_file(session: Session, path: Path) -> tuple[n.Document, str]:
    """Read a file's tree and text; mistakes of syntax are printed and end the command."""
    source = _read(session, path)
    return _parsed(session, source), source.text


def parse_text(session: Session, path: str, text: str) -> n.Document:
    """Read the tree of a text at hand."""
    return _parsed(session, SourceFile(path, text))


def report(session: Session, diagnostics: Sequence[Diagnostic], sources: SourceBundle) -> list[dict[str, Any]]:
    """Print findings for people, on standard error; return them for tools."""
    if not session.json:
        for found in diagnostics:
            echo(render(found, sources, session.language) + "\n", err=True)
    return [to_json(found, sources, session.language) for found in diagnostics]


# ---------------------------------------------------------------- within


def _read(session: Session, path: Path) -> SourceFile:
    # A compiled program names its sources, so their names must be text, whatever the bytes of the path are.
    name = visible(str(path))
    source = decode_source(name, read_bytes(session, path, SOURCE_BYTES_MAX))
    if isinstance(source, Diagnostic):
        empty = SourceBundle(SourceFile(name, ""))
        session.result({"diagnostics": report(session, [source], empty)})
        raise Stop(ExitCode.AT_FAULT)
    return source


def _parsed(session: Session, source: SourceFile) -> n.Document:
    parsed = parse(source)
    if parsed.document is None:
        session.result({"diagnostics": report(session, parsed.diagnostics, SourceBundle(source))})
        raise Stop(ExitCode.AT_FAULT)
    return parsed.document


def _compile(session: Session | None, source: SourceFile, folder: Path | None) -> Gathered:
    read: dict[SourceFile, ParseResult] = {}
    sources = SourceBundle(source, _modules(session, source, folder, read))
    return Gathered(sources, compile_bundle(sources, read))


def _compiled(session: Session, gathered: Gathered, path: str) -> Compiled:
    compiled = gathered.compilation.compiled
    if gathered.compilation.failed:
        _end_with(session, gathered)
    if compiled is None:
        session.fail(ExitCode.AT_FAULT, "not_a_contract", path=path)
    report(session, gathered.compilation.diagnostics, gathered.sources)
    return compiled


def _end_with(session: Session, gathered: Gathered) -> NoReturn:
    session.result({"diagnostics": report(session, gathered.compilation.diagnostics, gathered.sources)})
    raise Stop(ExitCode.AT_FAULT)


def _modules(
    session: Session | None, main: SourceFile, folder: Path | None, read: dict[SourceFile, ParseResult]
) -> tuple[tuple[str, SourceFile], ...]:
    """Gather what is imported, and what that imports. What is not found is left to the checker, which says so.

    `read` takes what was parsed on the way. Gathering ends with the file with which the whole is more than is compiled.
    """
    standard = bundled.list_standard_library()
    found: dict[str, SourceFile] = {}
    waiting = [main]
    size = len(main.text.encode("utf-8", "surrogatepass"))
    while waiting and len(found) < MODULES_MAX and size <= BUNDLE_BYTES_MAX:
        source = waiting.pop(0)
        if source not in read:
            read[source] = parse(source)
        document = read[source].document
        if not isinstance(document, n.Instrument):
            continue
        for written in document.imports:
            key = written.path if written.path is not None else written.name.text
            if key in found:
                continue
            module: SourceFile | None = None
            if written.path is None:
                module = _standard_file(key) if key in standard else None
            elif folder is not None and session is not None and _is_neighbour(folder, key):
                module = _read(session, folder / key)
            if module is not None and size <= BUNDLE_BYTES_MAX:
                if module not in read and module not in waiting:
                    size += len(module.text.encode("utf-8", "surrogatepass"))
                found[key] = module
                waiting.append(module)
    return tuple(found.items())


def _is_neighbour(folder: Path, written: str) -> bool:
    """Whether an import names a .gba file that lies in the instrument's folder or below it."""
    place = PurePosixPath(written)
    if place.suffix != SUFFIX or place.is_absolute() or ".." in place.parts:
        return False
    return lies_within(folder, folder / place)


def lies_within(folder: Path, path: Path) -> bool:
    """Whether a file lies in a folder or below it, links followed.

    What comes from somebody else must not be able to have other files of this machine opened.
    """
    try:
        found = path.resolve(strict=True)
        return found.is_relative_to(folder.resolve()) and found.is_file()
    except (OSError, RuntimeError, ValueError):
        return False


