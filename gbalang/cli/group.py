"""The table of commands, loaded lazily, and the three doors through which a command ends badly.

Exit codes: 0 done; 1 the user's text or request is at fault; 2 wrong use of the command; 3 a failed check (a test, a
verification, a divergence); 70 our own mistake.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any

import click

from gbalang.cli.session import LANGUAGES, ExitCode, Stop, language_of_arguments
from gbalang.errors import InternalError

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
        result: Any = gba.main(arguments, prog_name="gba", standalone_mode=False)
    except Stop as stop:
        return int(stop.code)
    except click.exceptions.Exit as left:
        return left.exit_code
    except click.UsageError as wrong:
        _say_wrong_use(wrong, arguments)
        return int(ExitCode.WRONG_USE)
    except (click.Abort, KeyboardInterrupt):
        return int(ExitCode.WRONG_USE)
    except (BrokenPipeError, SystemExit):
        # The reader of our output has gone, which click itself may notice first and then exits; keep the interpreter
        # from complaining when it closes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(ExitCode.DONE)
    except InternalError as ours:
        return _ours(ours, arguments)
    except Exception as ours:  # noqa: BLE001  # the last door: nothing leaves as a traceback
        return _ours(ours, arguments)
    return result if isinstance(result, int) else int(ExitCode.DONE)


def _ours(error: Exception, arguments: list[str]) -> int:
    """Say that the mistake is ours; the traceback goes where the user asks for it, not into their face."""
    from gbalang.cli.words import word

    where = os.environ.get("GBA_TRACEBACK")
    if where is not None:
        import traceback

        traceback.print_exc()
    what = f"{type(error).__name__}: {error}"
    _say(arguments, "internal_error", word(language_of_arguments(arguments), "internal_error", what=what))
    return int(ExitCode.OURS)


def _say_wrong_use(error: click.UsageError, arguments: list[str]) -> None:
    """Say what is wrong with the use of a command, and how it is used."""
    from gbalang.cli.words import word

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
    from gbalang.cli.words import word

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
        sys.stdout.write(json.dumps({"error": {"key": key, "message": text, "facts": {}}}, ensure_ascii=False) + "\n")
    else:
        sys.stderr.write(text + "\n")
