"""The decision letter: what became of a transaction and why, in words, from the receipt and the program alone.

Everything in it stands under the receipts' root and the program's digest, so the letter of an evidence file says the
same as the letter of a running network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import click

from gbalang.cli import moments
from gbalang.cli.desk import rejection_words
from gbalang.cli.words import word
from gbalang.diagnostics.outcomes import fault_sentence
from gbalang.isa.program import FunctionKind, Program, TaggedText
from gbalang.isa.values import decode_value
from gbalang.literals import format_value
from gbalang.vm.faults import Fault
from runtime import codec
from runtime.calls import program_of
from runtime.identities import certificate_fields, reference
from runtime.node import Node
from runtime.records import Call, OutcomeKind, ReasonKind, ReasonRecord, Receipt, SignedTransaction
from runtime.rejections import Rejection


@dataclass(frozen=True, slots=True)
class Letter:
    """A decided transaction. `program` is None when the ledger itself turned it away; `signer` "" when unknown."""

    transaction: bytes
    signed: SignedTransaction | None
    signer: str
    receipt: Receipt
    time_ms: int
    program: Program | None

    def ground(self, language: str) -> str:
        """Return why the transaction was not carried out; empty when it was."""
        match self.receipt.outcome:
            case OutcomeKind.DONE:
                return ""
            case OutcomeKind.REFUSED:
                assert self.program is not None
                return ground_of_refusal(self.program, self.receipt.code, language)
            case OutcomeKind.FAULTED:
                return fault_sentence(language, Fault(self.receipt.code).name)
            case OutcomeKind.REJECTED:
                return rejection_words(language, Rejection(self.receipt.code), self.receipt.detail)

    def announcements(self) -> list[str]:
        """Return the events announced, as in .gba."""
        if self.program is None:
            return []
        lines = []
        for record in self.receipt.events:
            event = self.program.events[record.event]
            values = [
                f"{field.name}: {format_value(field.type, decode_value(field.type, data, self.program), self.program)}"
                for field, data in zip(event.fields, record.values, strict=True)
            ]
            lines.append(f"{event.name}({', '.join(values)})")
        return lines

    def arguments(self) -> list[str]:
        """Return the call's arguments, as in .gba."""
        if self.program is None or self.signed is None or not isinstance(self.signed.transaction.payload, Call):
            return []
        payload = self.signed.transaction.payload
        for function in self.program.functions:
            if function.kind is FunctionKind.ACT and function.name == payload.act:
                shown = []
                for field, data in zip(function.parameters, payload.arguments, strict=False):
                    value = decode_value(field.type, data, self.program)
                    shown.append(f"{field.name}: {format_value(field.type, value, self.program)}")
                return shown
        return []

    def applied(self, language: str) -> list[str]:
        """Return the rules and exceptions that fired, with their articles, each once."""
        lines: list[str] = []
        for reason in self._reasons(ReasonKind.MARK):
            assert self.program is not None
            mark = self.program.marks[reason.index]
            line = f"{mark.name} ({word(language, 'letter_article', label=self.program.articles[mark.article].label)})"
            if line not in lines:
                lines.append(line)
        return lines

    def conditions(self, language: str) -> list[str]:
        """Return the conditions examined, with what came of them."""
        lines = []
        for reason in self.receipt.reasons:
            if reason.kind not in (ReasonKind.CONDITION_MET, ReasonKind.CONDITION_FAILED):
                continue
            assert self.program is not None
            condition = self.program.conditions[reason.index]
            label = self.program.articles[condition.article].label
            met = "letter_met" if reason.kind is ReasonKind.CONDITION_MET else "letter_failed"
            article = word(language, "letter_article", label=label)
            lines.append(f"{condition.text} ({article}): {word(language, met)}")
        return lines

    def facts(self) -> list[str]:
        """Return the facts weighed, with their values."""
        lines: list[str] = []
        for reason in self._reasons(ReasonKind.NOTE):
            assert self.program is not None
            note = self.program.notes[reason.index]
            value = decode_value(note.type, reason.value, self.program)
            line = f"{note.text} = {format_value(note.type, value, self.program)}"
            if line not in lines:
                lines.append(line)
        return lines

    def _reasons(self, kind: ReasonKind) -> list[ReasonRecord]:
        return [reason for reason in self.receipt.reasons if reason.kind is kind]


def ground_of_refusal(program: Program, index: int, language: str) -> str:
    """Return a ground of refusal in the words of the instrument, with its article."""
    refusal = program.refusals[index]
    text = pick(refusal.texts, language) or refusal.name
    return f"{text} ({word(language, 'letter_article', label=program.articles[refusal.article].label)})"


def pick(texts: tuple[TaggedText, ...], language: str) -> str:
    """Return the text in a language; failing that the one in the nearest of the four; failing that the first."""
    by_language = dict(texts)
    order = {
        "en": ("en", "zh-Hant", "zh-Hans", "pt", ""),
        "zh-Hant": ("zh-Hant", "zh-Hans", "", "en", "pt"),
        "zh-Hans": ("zh-Hans", "zh-Hant", "", "en", "pt"),
        "pt": ("pt", "en", "zh-Hant", "zh-Hans", ""),
    }[language]
    for tag in order:
        if tag in by_language:
            return by_language[tag]
    return ""


def write_letter(node: Node, transaction: bytes) -> Letter:
    """Return the letter of a transaction that stands in a node's ledger. Raises LookupError."""
    place = node.place(transaction)
    if place is None:
        raise LookupError("no such transaction")
    receipt = node.receipt(*place)
    block = node.block(place[0])
    assert receipt is not None
    assert block is not None
    try:
        signed = codec.decode_transaction(block.transactions[place[1]])
    except codec.Undecodable:
        signed = None
    program = program_of(node.state, node.programs, receipt.program).program if receipt.program else None
    fields = None if signed is None else certificate_fields(node.state, signed.transaction.signer)
    signer = "" if fields is None else reference(fields)
    return Letter(transaction, signed, signer, receipt, block.header.time_ms, program)


OUTCOME_WORDS = {
    OutcomeKind.DONE: "letter_granted",
    OutcomeKind.REFUSED: "letter_refused",
    OutcomeKind.FAULTED: "letter_fault",
    OutcomeKind.REJECTED: "letter_rejected",
}


def letter_sections(letter: Letter, language: str) -> list[tuple[str, list[str]]]:
    """Return the letter as headed sections of lines; empty sections are left out."""
    payload = letter.signed.transaction.payload if letter.signed else None
    matter = payload.act if isinstance(payload, Call) else type(payload).__name__ if payload else "-"
    arguments = letter.arguments()
    ground = letter.ground(language)
    sections = [
        ("letter_matter", [f"{matter}({', '.join(arguments)})" if isinstance(payload, Call) else matter]),
        ("letter_by", [letter.signer] if letter.signer else []),
        ("letter_on", [moments.show_moment(letter.time_ms)]),
        ("letter_rule", _governed_by(letter, language)),
        ("letter_outcome", [word(language, OUTCOME_WORDS[letter.receipt.outcome])]),
        ("letter_ground", [ground] if ground else []),
        ("letter_conditions", letter.conditions(language)),
        ("letter_facts", letter.facts()),
        ("letter_applied", letter.applied(language)),
        ("letter_announced", letter.announcements()),
        ("letter_remedy", [word(language, "letter_remedy_text")] if ground else []),
        ("letter_transaction", [letter.transaction.hex()]),
        ("letter_block", [str(letter.receipt.height)]),
    ]
    return [(word(language, key), lines) for key, lines in sections if lines]


def _governed_by(letter: Letter, language: str) -> list[str]:
    if letter.program is None:
        return []
    title = pick(letter.program.titles, language) or letter.program.name
    lines = [
        word(
            language, "letter_rule_text", title=title, name=letter.program.name, version=letter.program.version,
            digest="sha256:" + letter.receipt.program.hex()[:16] + "…",
        )
    ]
    lines.extend(letter.program.bases)
    return lines


def print_letter(letter: Letter, language: str) -> None:
    """Print the letter for people."""
    title = word(language, "letter_title")
    click.echo(title)
    click.echo("─" * 60)
    for heading, lines in letter_sections(letter, language):
        click.echo(f"{heading}:")
        for line in lines:
            click.echo(f"    {line}")
    click.echo()


def letter_document(letter: Letter, language: str) -> dict[str, Any]:
    """Return the letter for tools."""
    receipt = letter.receipt
    return {
        "transaction": letter.transaction.hex(),
        "height": receipt.height,
        "index": receipt.index,
        "time": moments.show_moment(letter.time_ms),
        "signer": letter.signer,
        "outcome": receipt.outcome.name.lower(),
        "code": receipt.code,
        "ground": letter.ground(language),
        "cost": str(receipt.cost),
        "program": receipt.program.hex(),
        "arguments": letter.arguments(),
        "conditions": letter.conditions(language),
        "facts": letter.facts(),
        "applied": letter.applied(language),
        "announced": letter.announcements(),
    }
