"""gba evidence and gba verify: one small file, and its check with no network."""

from __future__ import annotations

from pathlib import Path

import click

from gbalang.cli.desk import identity_argument, network_option, open_desk
from gbalang.cli.entries import ShownEntry, entry_key, show_entry
from gbalang.cli.letter import Letter, letter_document, print_letter, show_signer, signer_document, write_letter
from gbalang.cli.neutral import in_language
from gbalang.cli.session import ExitCode, Session, read_bytes, shared_options, write_bytes
from gbalang.cli.values import ArgumentFault
from gbalang.diagnostics.outcomes import evidence_refusal_sentence
from runtime import codec, keys
from runtime.crypto.oracle import NativeOracle
from runtime.evidence import EvidenceRefused, Proven, check_evidence, make_evidence
from runtime.limits import EVIDENCE_BYTES_MAX
from runtime.node import TRANSACTION, Node
from runtime.records import FinalBlock, FinalHeader, StateEntry
from runtime.state.proofs import encode_proof, prove


@click.command()
@click.argument("transaction")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=None, help="Where to write; default TX.gbae.")
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@click.option("--entry", "named", multiple=True, metavar="REGISTER(KEY, …)",
              help="Prove an entry of the instrument's registers too; may be repeated.")  # fmt: skip
@network_option
@shared_options
def evidence(
    session: Session, transaction: str, output: Path | None, force: bool, named: tuple[str, ...], folder: Path
) -> None:
    """Write an evidence file of a transaction: receipt, signer, proofs, header, signatures, members.

    An entry is named as in .gba: --entry 'licences(Guangzhou, "L-1")'. It is proved as it stands on the ledger now.
    """
    with open_desk(session, folder) as desk:
        leader = desk.network.leader()
        known = (key[1:] for key, _ in leader.store.scan(TRANSACTION))
        identity = identity_argument(session, transaction, known, "transaction_unknown")
        data = evidence_of(leader, identity, _entry_keys(session, leader, identity, named))
    path = output if output is not None else Path(f"{identity.hex()[:16]}.gbae")
    write_bytes(session, path, data, force=force)
    session.say("evidence_written", path=path, size=len(data))
    session.result({"path": str(path), "bytes": len(data), "transaction": identity.hex()})


def _entry_keys(session: Session, node: Node, identity: bytes, named: tuple[str, ...]) -> tuple[bytes, ...]:
    """Return the keys of the state's entries that a person named."""
    program = write_letter(node, identity).program
    found = []
    for text in named:
        if program is None:
            session.fail(ExitCode.AT_FAULT, "entry_malformed", text=text, contract="-", known="-")
        try:
            key = entry_key(program, text)
        except ArgumentFault as fault:
            session.fail(ExitCode.AT_FAULT, fault.key, **fault.facts)
        if node.state.get(key) is None:
            session.fail(ExitCode.AT_FAULT, "entry_unknown", entry=text)
        found.append(key)
    return tuple(found)


def evidence_of(node: Node, identity: bytes, also: tuple[bytes, ...] = ()) -> bytes:
    """Return the evidence file of a transaction that stands in a node's ledger.

    `also`: keys of further entries of the state to be proved, each of which has a value.
    """
    place = node.place(identity)
    assert place is not None, "the identity was found in the node's index"
    block = node.block(place[0])
    receipts = node.receipts(place[0])
    assert block is not None
    digest = receipts[place[1]].program
    program = node.state.get(keys.program(digest)) if digest else b""
    assert program is not None
    last = node.block(node.end.height)
    assert last is not None
    later = None if last.header.height == place[0] else FinalHeader(last.header, last.signatures)
    wanted = (*_signer_key(node, block, place[1]), *also)
    entries = tuple(_proven_entry(node, key) for key in dict.fromkeys(wanted))
    return make_evidence(block, receipts, place[1], node.members, program, entries, later)


def _signer_key(node: Node, block: FinalBlock, index: int) -> tuple[bytes, ...]:
    """Return the key of the certificate that a transaction names; nothing when the state holds none."""
    try:
        signed = codec.decode_transaction(block.transactions[index])
    except codec.Undecodable:
        return ()
    key = keys.certificate(signed.transaction.signer)
    return () if node.state.get(key) is None else (key,)


def _proven_entry(node: Node, key: bytes) -> StateEntry:
    value = node.state.get(key)
    assert value is not None, "what is to be proved has a value"
    return StateEntry(key, value, encode_proof(prove(node.store, node.state.get, key)))


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--members", default=None, metavar="HEX", help="Fingerprint of the members' list that you trust.")
@click.option("--ledger", default=None, metavar="HEX", help="Identity of the ledger that you trust.")
@shared_options
def verify(session: Session, path: Path, members: str | None, ledger: str | None) -> None:
    """Check an evidence file: no network, no trust in any single city."""
    trusted_members, trusted_ledger = (_hexadecimal(session, text) for text in (members, ledger))
    data = read_bytes(session, path, EVIDENCE_BYTES_MAX)
    try:
        proven = check_evidence(data, NativeOracle(), trusted_members, trusted_ledger)
    except EvidenceRefused as refused:
        rule = evidence_refusal_sentence(session.language, refused.refusal.value)
        session.fail(ExitCode.FAILED_CHECK, "evidence_refused", rule=rule, detail=refused.detail)
    letter = _letter(proven)
    session.say("evidence_holds", count=len(proven.cities), cities=", ".join(proven.cities))
    if trusted_members is not None and trusted_ledger is not None:
        session.say("evidence_trusted")
    else:
        session.say("evidence_trust", members=proven.members_hash.hex(), ledger=proven.header.ledger.hex())
    if proven.signer is None:
        session.say("evidence_no_signer")
    else:
        session.say("evidence_signer", signer=show_signer(proven.signer, session.language))
    entries = _shown_entries(proven)
    for shown in entries:
        session.say(
            "evidence_entry", height=proven.state_header.height, register=shown.register,
            entry=in_language(shown.value, session.language),
        )
    session.line()
    if not session.json:
        print_letter(letter, session.language)
    session.result({
        "holds": True, "cities": list(proven.cities), "members": proven.members_hash.hex(),
        "ledger": proven.header.ledger.hex(), "signer": signer_document(proven.signer),
        "height": proven.header.height, "state_height": proven.state_header.height,
        "entries": [{"register": shown.register, "value": shown.value} for shown in entries],
        "decision": letter_document(letter),
    })


def _shown_entries(proven: Proven) -> list[ShownEntry]:
    """Return the register entries that the file proves, in the words of the program that decided."""
    if proven.program is None:
        return []
    program = proven.program.program
    return [shown for shown in (show_entry(program, entry) for entry in proven.entries) if shown is not None]


def _letter(proven: Proven) -> Letter:
    """Return the letter of a checked file. The line map of its program is outside the digest, so it proves nothing."""
    program = None if proven.program is None else proven.program.program
    return Letter(
        proven.receipt.transaction, proven.signed, proven.signer, proven.receipt, proven.header.time_ms, program, None
    )


def _hexadecimal(session: Session, text: str | None) -> bytes | None:
    if text is None:
        return None
    try:
        return bytes.fromhex(text)
    except ValueError:
        session.fail(ExitCode.AT_FAULT, "bad_hexadecimal", text=text)
