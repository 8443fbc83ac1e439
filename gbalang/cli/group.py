"""The table of commands, loaded lazily, and the three doors through which a command ends badly.

Exit codes: 0 done; 1 the user's text or request is at fault; 2 wrong use of the command; 3 a failed check (a test, a
verification, a divergence); 70 our own mistake.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

from gbalang.cli.session import ExitCode, Stop, language_of_arguments
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
def gba() -> None:
    """Rules that governments negotiate, written so that they run, the same on every city's ledger."""


def application(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    try:
        result: Any = gba.main(arguments, prog_name="gba", standalone_mode=False)
    except Stop as stop:
        return int(stop.code)
    except click.exceptions.Exit as left:
        return left.exit_code
    except click.ClickException as wrong:
        wrong.show()
        return int(ExitCode.WRONG_USE)
    except (click.Abort, KeyboardInterrupt):
        return int(ExitCode.WRONG_USE)
    except BrokenPipeError:
        # The reader of our output has gone; keep the interpreter from complaining when it closes.
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

    language = language_of_arguments(arguments)
    where = os.environ.get("GBA_TRACEBACK")
    if where is not None:
        import traceback

        traceback.print_exc()
    sys.stderr.write(word(language, "internal_error", what=f"{type(error).__name__}: {error}") + "\n")
    return int(ExitCode.OURS)
