"""The table of commands, loaded lazily, and the doors through which a command ends.

Exit codes: 0 done; 1 the user's text or request is at fault, or the machine does not do what was asked (no space, no
right, no such place); 2 wrong use of the command; 3 a failed check (a test, a verification, a divergence); 70 our own
mistake; 130 interrupted. A reader of the output who goes away has seen enough: 0.
"""

from __future__ import annotations

import importlib
import io
import os
import sys
from contextlib import suppress
from typing import Any

import click

from gbalang.cli.session import LANGUAGES, ExitCode, Stop, echo, echo_document, language_of_arguments
from gbalang.cli.words import word

COMPLETION = "_GBA_COMPLETE"
"""How a shell asks click for the words that may follow."""

COMMANDS: dict[str, tuple[str, str, str]] = {
    # name: (module, attribute, one line of help)
    "new": ("gbalang.cli.drafting", "new", "Make a folder with a contract, its examples and properties, that passes."),
    "check": ("gbalang.cli.drafting", "check", "Say what is wrong in an instrument, and how much of it runs."),
    "fmt": ("gbalang.cli.drafting", "fmt", "Put an instrument into its canonical layout."),
    "translate": ("gbalang.cli.drafting", "translate", "Write the same instrument in another keyword language."),
    "compile": ("gbalang.cli.drafting", "compile_", "Compile an instrument; print its digest and what acts cost."),
    "inspect": ("gbalang.cli.drafting", "inspect", "Show what an instrument or a compiled program contains."),
    "test": ("gbalang.cli.testing", "test", "Run an instrument's examples, properties and invariants."),
    "mutate": ("gbalang.cli.mutating", "mutate", "Say which changes of an instrument none of its tests would notice."),
    "prove": ("gbalang.cli.prove", "prove", "Prove invariants and properties within bounds, or show a counterexample."),
    "simulate": ("gbalang.cli.simulating", "simulate", "Run eleven cities from one seed while all fails that can."),
    "net": ("gbalang.cli.net", "net", "Make and look after an embedded network of eleven cities."),
    "id": ("gbalang.cli.identity", "id_", "Issue, show and revoke certificates."),
    "propose": ("gbalang.cli.governing", "propose", "Lay an instrument or a calendar before the cities."),
    "vote": ("gbalang.cli.governing", "vote", "Cast a city's position on a proposal."),
    "adopt": ("gbalang.cli.governing", "adopt", "Adopt a carried proposal and fix its commencement."),
    "deploy": ("gbalang.cli.governing", "deploy", "Walk an instrument all the way into force, for drafting."),
    "call": ("gbalang.cli.calling", "call", "Sign and submit an act of an instrument in force."),
    "query": ("gbalang.cli.calling", "query", "Ask a declared query."),
    "explain": ("gbalang.cli.calling", "explain", "Print the decision letter of a transaction."),
    "evidence": ("gbalang.cli.proving", "evidence", "Write an evidence file of a transaction."),
    "verify": ("gbalang.cli.proving", "verify", "Check an evidence file with no network."),
    "errors": ("gbalang.cli.drafting", "errors", "Say what a diagnostic, a fault or a refusal means."),
    "bench": ("gbalang.cli.bench", "bench", "Measure this machine: rates as ratios in one run."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        del ctx
        row = COMMANDS.get(cmd_name)
        if row is None:
            return None
        command = getattr(importlib.import_module(row[0]), row[1])
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table, importing none."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, row[2]) for name, row in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gbalang", prog_name="gba")
@click.option("--lang", "language", type=click.Choice(LANGUAGES), default=None, help="Language of messages.")
def gba(language: str | None) -> None:
    """Rules that governments negotiate, written so that they run, the same on every city's ledger."""
    del language  # the commands find it in the context


def application(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    try:
        if not _prepare_streams(arguments):
            return int(ExitCode.AT_FAULT)
        code = _run(arguments)
        sys.stdout.flush()
    except (click.Abort, KeyboardInterrupt):
        return int(ExitCode.INTERRUPTED)
    except SystemExit:
        # So does click end when the reader of our output has gone, and when a shell has asked it to complete a word.
        if COMPLETION in os.environ:
            raise
        return _unread()
    except BrokenPipeError:
        return _unread()
    except OSError as refused:
        return _refused_by_the_machine(refused, arguments)
    except Exception as ours:  # noqa: BLE001  # the last door: nothing leaves as a traceback
        return _ours(ours, arguments)
    return code


def _run(arguments: list[str]) -> int:
    try:
        result: Any = gba.main(arguments, prog_name="gba", complete_var=COMPLETION, standalone_mode=False)
    except Stop as stop:
        return int(stop.code)
    except click.exceptions.Exit as left:
        return left.exit_code
    except click.UsageError as wrong:
        _say_wrong_use(wrong, arguments)
        return int(ExitCode.WRONG_USE)
    return result if isinstance(result, int) else int(ExitCode.DONE)


def _prepare_streams(arguments: list[str]) -> bool:
    """Let no character fail to be printed; whether there is a place to print to at all."""
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
    if sys.stdout is None:
        _say_to_people(word(language_of_arguments(arguments), "output_closed"))
        return False
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    return True


def _unread() -> int:
    _abandon_output()
    return int(ExitCode.DONE)


def _refused_by_the_machine(error: OSError, arguments: list[str]) -> int:
    """Say what the operating system did not do: that is nobody's mistake in a program."""
    about = "" if error.filename is None else f"{os.fsdecode(error.filename)}: "
    what = about + (error.strerror or type(error).__name__)
    text = word(language_of_arguments(arguments), "machine_refuses", what=what)
    try:
        _say(arguments, "machine_refuses", text)
    except OSError:
        _say_to_people(text)
    _abandon_output()
    return int(ExitCode.AT_FAULT)


def _abandon_output() -> None:
    """Keep the interpreter from complaining, when it closes, of what can no longer be printed."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _ours(error: Exception, arguments: list[str]) -> int:
    """Say that the mistake is ours; the traceback goes where the user asks for it, not into their face."""
    if os.environ.get("GBA_TRACEBACK") is not None:
        import traceback

        traceback.print_exc()
    what = f"{type(error).__name__}: {error}"
    _say(arguments, "internal_error", word(language_of_arguments(arguments), "internal_error", what=what))
    return int(ExitCode.OURS)


def _say_wrong_use(error: click.UsageError, arguments: list[str]) -> None:
    """Say what is wrong with the use of a command, and how it is used."""
    language = language_of_arguments(arguments)
    if error.ctx is not None and error.message == error.ctx.get_help():  # a group that was given nothing
        _say(arguments, "wrong_use", error.message)
        return
    lines = []
    if error.ctx is not None:
        pieces = " ".join(error.ctx.command.collect_usage_pieces(error.ctx))
        lines.append(word(language, "usage", usage=f"{error.ctx.command_path} {pieces}"))
        lines.append(word(language, "usage_help", command=error.ctx.command_path))
    lines.append(word(language, "usage_error", message=_wrong_use(error, language)))
    _say(arguments, "wrong_use", "\n".join(lines))


def _wrong_use(error: click.UsageError, language: str) -> str:
    """Return what is wrong in words of ours; what click alone can say stays as click says it."""
    match error:
        case click.NoSuchOption():
            return word(language, "usage_option", name=error.option_name)
        case click.MissingParameter(param=click.Parameter() as parameter):
            return word(language, "usage_missing", name=" / ".join(parameter.opts))
        case click.BadParameter(param=click.Parameter() as parameter):
            return word(language, "usage_value", name=" / ".join(parameter.opts), reason=error.message)
        case click.UsageError(ctx=click.Context(command=click.Group() as group) as context):
            return word(language, "usage_command", known=", ".join(group.list_commands(context)))
        case _:
            return error.format_message()


def _say(arguments: list[str], key: str, text: str) -> None:
    """Say how a command ended that never came to a session: to people, or to tools if they asked."""
    if "--json" in arguments:
        echo_document({"error": {"key": key, "message": text, "facts": {}}})
    else:
        _say_to_people(text)


def _say_to_people(text: str) -> None:
    with suppress(OSError):  # there is nowhere left to say it
        echo(text, err=True)
