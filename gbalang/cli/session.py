"""What all commands share: the language of messages, the form of output, exit codes.

A command prints for people or, with `--json`, for tools: one JSON document on standard output. Numbers that are not
counts are strings in JSON, since JSON readers may turn numbers into floating point.
"""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any, NoReturn, ParamSpec, TypeVar

import click

from gbalang.cli.words import word

LANGUAGES = ("en", "zh-Hant", "zh-Hans", "pt")


class ExitCode(IntEnum):
    """How a command ends."""

    DONE = 0
    AT_FAULT = 1
    WRONG_USE = 2
    FAILED_CHECK = 3
    OURS = 70


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
            click.echo(text)

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print a table for people; wide characters count as two columns."""
        if self.json:
            return
        from gbalang.cli.terminal import print_table

        print_table(headings, rows)

    def result(self, document: dict[str, Any]) -> None:
        """Print the JSON document of a command; silent for people."""
        if self.json:
            click.echo(json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True))

    def fail(self, code: ExitCode, key: str, /, **facts: object) -> NoReturn:
        """Say what is wrong, to people on standard error or as JSON, and end."""
        text = self.word(key, **facts)
        if self.json:
            given = {name: str(value) for name, value in facts.items()}
            self.result({"error": {"key": key, "message": text, "facts": given}})
        else:
            click.echo(text, err=True)
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
    """Read a file that the user named, within a limit."""
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except IsADirectoryError:
        session.fail(ExitCode.AT_FAULT, "path_is_a_folder", path=path)
    except FileNotFoundError:
        session.fail(ExitCode.AT_FAULT, "file_not_found", path=path)
    except OSError as error:
        session.fail(ExitCode.AT_FAULT, "file_not_readable", path=path, reason=error.strerror or type(error).__name__)
    if len(data) > limit:
        session.fail(ExitCode.AT_FAULT, "file_too_large", path=path, limit=limit)
    return data


def write_bytes(session: Session, path: Path, data: bytes, *, force: bool) -> None:
    """Write a file whole or not at all; nothing is overwritten without force."""
    if path.exists() and not force:
        session.fail(ExitCode.AT_FAULT, "file_exists", path=path)
    temporary = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        session.fail(ExitCode.AT_FAULT, "file_not_writable", path=path, reason=error.strerror or type(error).__name__)


def is_terminal() -> bool:
    """Whether people watch: standard output is a terminal and NO_COLOR is not what they asked for."""
    return sys.stdout.isatty()
