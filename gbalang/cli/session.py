"""What all commands share: the language of messages, the form of output, exit codes.

A command prints for people or, with `--json`, for tools: one JSON document on standard output. Numbers that are not
counts are strings in JSON, since JSON readers may turn numbers into floating point.
"""

from __future__ import annotations

import functools
import io
import json
import os
import stat
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any, NoReturn, ParamSpec, TypeVar

import click

from gbalang.characters import visible
from gbalang.cli.words import word
from gbalang.errors import EXIT_CODE_INTERNAL_ERROR, EXIT_CODE_INTERRUPTED
from runtime.files import OUTPUT, mode_of_new_files, put_file

LANGUAGES = ("en", "zh-Hant", "zh-Hans", "pt")


class ExitCode(IntEnum):
    """How a command ends."""

    DONE = 0
    AT_FAULT = 1
    WRONG_USE = 2
    FAILED_CHECK = 3
    OURS = EXIT_CODE_INTERNAL_ERROR
    INTERRUPTED = EXIT_CODE_INTERRUPTED


class Stop(Exception):  # noqa: N818  # an ending, not an error
    """A command has said what it had to say and ends with this code."""

    def __init__(self, code: ExitCode) -> None:
        super().__init__(code.name)
        self.code = code


def language_from_environment() -> str:
    """Return the language that the environment asks for, English when it asks for none of the four."""
    for variable in ("GBA_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        wanted = os.environ.get(variable, "").replace("_", "-").split(".")[0].lower()
        if not wanted:
            continue
        if wanted.startswith(("zh-hant", "zh-hk", "zh-mo", "zh-tw")):
            return "zh-Hant"
        if wanted.startswith("zh"):
            return "zh-Hans"
        if wanted.startswith("pt"):
            return "pt"
        return "en"
    return "en"


def language_of_arguments(arguments: Sequence[str]) -> str:
    """Return the language that the first --lang names, for messages that arise before or outside a command."""
    for position, argument in enumerate(arguments):
        if argument == "--lang" and position + 1 < len(arguments) and arguments[position + 1] in LANGUAGES:
            return arguments[position + 1]
        if argument.startswith("--lang=") and argument[7:] in LANGUAGES:
            return argument[7:]
    return language_from_environment()


def echo(text: str = "", *, err: bool = False, newline: bool = True) -> None:
    """Print text: the one door to the terminal. What nobody sees, or what would steer the terminal, is written out."""
    click.echo(visible(text), err=err, nl=newline)


def echo_document(document: dict[str, Any]) -> None:
    """Print one JSON document. Tools read UTF-8, whatever the locale of the terminal."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    echo(json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True))


@dataclass(frozen=True, slots=True)
class Session:
    """One run of one command."""

    language: str
    json: bool

    def word(self, key: str, /, **facts: object) -> str:
        """Return a phrase in the session's language."""
        return word(self.language, key, **facts)

    def say(self, key: str, /, **facts: object) -> None:
        """Print a phrase for people; silent with --json."""
        self.line(self.word(key, **facts))

    def line(self, text: str = "") -> None:
        """Print a line for people; silent with --json."""
        if not self.json:
            echo(text)

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print a table for people; wide characters count as two columns."""
        if self.json:
            return
        from gbalang.cli.terminal import print_table

        print_table(headings, rows)

    def result(self, document: dict[str, Any]) -> None:
        """Print the JSON document of a command; silent for people."""
        if self.json:
            echo_document(document)

    def fail(self, code: ExitCode, key: str, /, **facts: object) -> NoReturn:
        """Say what is wrong, to people on standard error or as JSON, and end."""
        text = self.word(key, **facts)
        if self.json:
            given = {name: str(value) for name, value in facts.items()}
            self.result({"error": {"key": key, "message": text, "facts": given}})
        else:
            echo(text, err=True)
        raise Stop(code)


P = ParamSpec("P")
R = TypeVar("R")


def shared_options(command: Callable[..., R]) -> Callable[..., R]:
    """Give a command --json and --lang, and pass it a Session as its first argument."""

    @click.option("--json", "json_", is_flag=True, help="Print one JSON document instead of text.")
    @click.option(
        "--lang", "language", type=click.Choice(LANGUAGES), default=None, help="Language of messages."
    )
    @functools.wraps(command)
    def wrapped(*arguments: Any, json_: bool, language: str | None, **options: Any) -> R:
        before = click.get_current_context().find_root().params.get("language")
        session = Session(language or before or language_from_environment(), json_)
        return command(session, *arguments, **options)

    return wrapped


def read_bytes(session: Session, path: Path, limit: int) -> bytes:
    """Read a regular file that the user named, within a limit that is looked at before anything is read."""
    try:
        # A pipe that nobody writes to would keep us waiting.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            found = os.fstat(file.fileno())
            _require_regular(session, path, found)
            data = file.read(limit + 1) if found.st_size <= limit else None
    except FileNotFoundError:
        session.fail(ExitCode.AT_FAULT, "file_not_found", path=path)
    except IsADirectoryError:
        session.fail(ExitCode.AT_FAULT, "path_is_a_folder", path=path)
    except (OSError, ValueError) as error:
        session.fail(ExitCode.AT_FAULT, "file_not_readable", path=path, reason=_reason(error))
    if data is None or len(data) > limit:
        session.fail(ExitCode.AT_FAULT, "file_too_large", path=path, limit=limit)
    return data


def write_bytes(session: Session, path: Path, data: bytes, *, force: bool) -> None:
    """Write a file whole or not at all; nothing is overwritten without force, and nothing but a regular file ever.

    A link stays: what it leads to is written. The file keeps its mode.
    """
    try:
        found = _status(path)
        if found is not None:
            _require_regular(session, path, found)
            if not force:
                session.fail(ExitCode.AT_FAULT, "file_exists", path=path)
        target = Path(os.path.realpath(path))
        target.parent.mkdir(parents=True, exist_ok=True)
        put_file(target, data, mode_of_new_files() if found is None else stat.S_IMODE(found.st_mode), OUTPUT)
    except (OSError, ValueError) as error:
        session.fail(ExitCode.AT_FAULT, "file_not_writable", path=path, reason=_reason(error))


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _require_regular(session: Session, path: Path, found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        session.fail(ExitCode.AT_FAULT, "path_is_a_folder", path=path)
    if not stat.S_ISREG(found.st_mode):
        session.fail(ExitCode.AT_FAULT, "path_is_no_file", path=path)


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
