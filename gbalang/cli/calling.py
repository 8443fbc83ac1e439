"""gba call, query, explain: acts, questions, and the reasons of a decision."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gbalang.cli import moments
from gbalang.cli.desk import Desk, at_option, identity_argument, network_option, open_desk, rejection_words
from gbalang.cli.letter import Letter, ground_of_refusal, letter_document, print_letter, write_letter
from gbalang.cli.session import LANGUAGES, ExitCode, Session, shared_options
from gbalang.cli.values import ArgumentFault, collect_arguments, format_value, read_json_arguments, who_may
from gbalang.diagnostics.outcomes import fault_sentence
from gbalang.isa.program import Function, FunctionKind, Program
from gbalang.isa.values import encode_value
from gbalang.isa.verify import VerifiedProgram
from gbalang.vm.host import Done, Faulted, Refused
from runtime import keys
from runtime.calls import ask_query, find_function, program_of, version_in_force
from runtime.node import TRANSACTION
from runtime.records import Call, OutcomeKind
from runtime.rejections import Rejection
from runtime.transition import day_of


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("contract")
@click.argument("act")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.option("--as", "who", required=True, metavar="WHO", help="Who acts: Guangzhou, or Guangzhou/alice.")
@click.option("--args", "json_arguments", default=None, metavar="JSON", help="Arguments as one JSON object of texts.")
@network_option
@at_option
@shared_options
def call(
    session: Session, contract: str, act: str, arguments: tuple[str, ...], who: str, json_arguments: str | None,
    folder: Path, at: str | None,
) -> None:
    """Sign and submit an act; arguments as name=value, --name value, or --args JSON.

    Values are written as in .gba: 2025, 268_080 CNY, 2026-03-02, "text", Guangzhou/alice.
    """
    with open_desk(session, folder, at) as desk:
        version, verified = in_force(desk, contract)
        function = find_or_explain(session, verified.program, act, FunctionKind.ACT)
        values = read_arguments(session, verified.program, function, arguments, json_arguments)
        encoded = tuple(
            encode_value(parameter.type, value, verified.program)
            for parameter, value in zip(function.parameters, values, strict=True)
        )
        identity, receipt = desk.carry_out(who, Call(verified.program.name, version, function.name, encoded))
        letter = write_letter(desk.network.leader(), identity)
        signer = desk.signer(who).fields
    _say_outcome(session, letter)
    if (receipt.outcome, receipt.code) == (OutcomeKind.REJECTED, Rejection.ACTOR_MUST_BE_PERMITTED):
        session.say(
            "who_may", function=function.name, by=", ".join(who_may(verified.program, function)),
            who=signer.reference, kind=signer.kind.name.lower(), roles=", ".join(signer.roles) or "-",
        )
    session.result(letter_document(letter))
    if receipt.outcome is not OutcomeKind.DONE:
        raise click.exceptions.Exit(int(ExitCode.AT_FAULT))


def _say_outcome(session: Session, letter: Letter) -> None:
    match letter.receipt.outcome:
        case OutcomeKind.DONE:
            session.say("done")
        case OutcomeKind.REFUSED:
            session.say("refused", reason=letter.ground(session.language))
        case OutcomeKind.FAULTED:
            session.say("faulted", reason=letter.ground(session.language))
        case OutcomeKind.REJECTED:
            session.say("turned_away", reason=letter.ground(session.language))
    for line in letter.announcements(session.language):
        session.line("  " + line)
    moment = moments.show_moment(letter.time_ms)
    session.say("transaction_at", transaction=letter.transaction.hex(), height=letter.receipt.height, time=moment)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("contract")
@click.argument("name")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.option("--as", "who", default=None, metavar="WHO", help="Who asks; needed unless anyone may ask.")
@click.option("--args", "json_arguments", default=None, metavar="JSON", help="Arguments as one JSON object of texts.")
@network_option
@at_option
@shared_options
def query(
    session: Session, contract: str, name: str, arguments: tuple[str, ...], who: str | None,
    json_arguments: str | None, folder: Path, at: str | None,
) -> None:
    """Ask a declared query of an instrument in force."""
    with open_desk(session, folder, at) as desk:
        _, verified = in_force(desk, contract)
        program = verified.program
        function = find_or_explain(session, program, name, FunctionKind.QUERY)
        values = read_arguments(session, program, function, arguments, json_arguments)
        signer = None if who is None else desk.signer(who).fields.fingerprint
        answer = ask_query(
            desk.network.leader().state, program.name, function.name, values, signer, desk.circumstances()
        )
    if isinstance(answer, Rejection):
        if answer is Rejection.ACTOR_MUST_BE_PERMITTED:
            session.fail(ExitCode.AT_FAULT, "query_not_permitted", who=who or "-", name=name)
        session.fail(ExitCode.AT_FAULT, "turned_away", reason=rejection_words(session.language, answer))
    match answer[1]:
        case Done(result=result):
            assert function.result is not None
            assert result is not None
            text = format_value(function.result, result, program)
            session.line(text)
            session.result({"result": text})
        case Refused(refusal=refusal):
            session.fail(ExitCode.AT_FAULT, "refused", reason=ground_of_refusal(program, refusal, session.language))
        case Faulted(fault=fault):
            session.fail(ExitCode.AT_FAULT, "faulted", reason=fault_sentence(session.language, fault.name))


@click.command()
@click.argument("transaction")
@click.option("--also", type=click.Choice(LANGUAGES), default=None, help="Print the letter in a second language too.")
@network_option
@shared_options
def explain(session: Session, transaction: str, also: str | None, folder: Path) -> None:
    """Print the decision letter: outcome, articles, facts, what failed, the remedy."""
    with open_desk(session, folder) as desk:
        leader = desk.network.leader()
        known = (key[1:] for key, _ in leader.store.scan(TRANSACTION))
        identity = identity_argument(session, transaction, known, "transaction_unknown")
        letter = write_letter(leader, identity)
    for language in (session.language, *([also] if also else [])):
        if not session.json:
            print_letter(letter, language)
    session.result(letter_document(letter))


# ---------------------------------------------------------------- shared with other commands


def in_force(desk: Desk, name: str) -> tuple[int, VerifiedProgram]:
    """Return (version, program) of the instrument of that name that governs the next block."""
    leader = desk.network.leader()
    day = day_of(desk.time_ms())
    current = version_in_force(leader.state, name, day)
    if current is None:
        known = sorted({_name_of(key) for key, _ in leader.state.scan(keys.TABLE_CONTRACT)})
        desk.session.fail(
            ExitCode.AT_FAULT, "contract_unknown", name=name, day=moments.show_day(day), known=", ".join(known)
        )
    return current[0], program_of(leader.state, leader.programs, current[1].digest)


def _name_of(key: bytes) -> str:
    return key[2 : 2 + key[1]].decode("utf-8")


def find_or_explain(session: Session, program: Program, name: str, kind: FunctionKind) -> Function:
    """Return an act or query by name; an unknown name ends the command with the known ones."""
    index = find_function(program, name, kind)
    if index is None:
        known = ", ".join(function.name for function in program.functions if function.kind is kind)
        key = "act_unknown" if kind is FunctionKind.ACT else "query_unknown"
        session.fail(ExitCode.AT_FAULT, key, contract=program.name, name=name, known=known or "-")
    return program.functions[index]


def read_arguments(
    session: Session, program: Program, function: Function, written: tuple[str, ...], json_text: str | None
) -> tuple[Any, ...]:
    """Return a function's arguments, types checked before anything is signed."""
    try:
        given = {} if json_text is None else read_json_arguments(json_text)
        return collect_arguments(program, function, written, given)
    except ArgumentFault as fault:
        session.fail(ExitCode.AT_FAULT, fault.key, **fault.facts)

