"""Whether a receipt can be read with the program that it names: every index points at something, every value decodes.

A ledger writes no other receipt, but an evidence file may come from anybody who can sign with keys of their own.
"""

from __future__ import annotations

from gbalang.isa.encoding import EncodingRefused
from gbalang.isa.program import Field, FunctionKind
from gbalang.isa.types import Type
from gbalang.isa.verify import VerifiedProgram
from gbalang.vm.faults import Fault
from runtime.calls import FUNCTION_PLACE, decode_arguments, find_function
from runtime.certificates import CertificateRefusal
from runtime.records import Call, EventRecord, OutcomeKind, ReasonKind, ReasonRecord, Receipt, SignedTransaction
from runtime.rejections import Rejection

FAULTS = frozenset(int(fault) for fault in Fault)
REJECTIONS = frozenset(int(rejection) for rejection in Rejection)
CERTIFICATE_REFUSALS = frozenset(int(refusal) for refusal in CertificateRefusal)


def is_legible(receipt: Receipt, signed: SignedTransaction | None, verified: VerifiedProgram | None) -> bool:
    """Whether what a receipt says of a transaction can be read. `verified` is the program that decided, if any."""
    if not _outcome_is_known(receipt, verified):
        return False
    if verified is None:
        return not receipt.events and not receipt.reasons
    return (
        all(_reason_is_legible(reason, verified) for reason in receipt.reasons)
        and all(_event_is_legible(event, verified) for event in receipt.events)
        and _call_is_legible(signed, verified)
    )


def _outcome_is_known(receipt: Receipt, verified: VerifiedProgram | None) -> bool:
    match receipt.outcome:
        case OutcomeKind.DONE:
            return receipt.code == 0
        case OutcomeKind.REFUSED:
            return verified is not None and receipt.code < len(verified.program.refusals)
        case OutcomeKind.FAULTED:
            functions = () if verified is None else verified.program.functions
            return receipt.code in FAULTS and receipt.detail // FUNCTION_PLACE < len(functions)
        case OutcomeKind.REJECTED:
            acceptable = receipt.code != Rejection.CERTIFICATE_MUST_BE_ACCEPTABLE
            return receipt.code in REJECTIONS and (acceptable or receipt.detail in CERTIFICATE_REFUSALS)


def _reason_is_legible(reason: ReasonRecord, verified: VerifiedProgram) -> bool:
    program = verified.program
    match reason.kind:
        case ReasonKind.MARK:
            return reason.index < len(program.marks)
        case ReasonKind.CONDITION_MET | ReasonKind.CONDITION_FAILED:
            return reason.index < len(program.conditions)
        case ReasonKind.NOTE:
            return reason.index < len(program.notes) and _decodes(
                verified, program.notes[reason.index].type, reason.value
            )


def _event_is_legible(event: EventRecord, verified: VerifiedProgram) -> bool:
    events = verified.program.events
    fields: tuple[Field, ...] = events[event.event].fields if event.event < len(events) else ()
    return (
        event.event < len(events)
        and len(fields) == len(event.values)
        and all(_decodes(verified, field.type, value) for field, value in zip(fields, event.values, strict=True))
    )


def _call_is_legible(signed: SignedTransaction | None, verified: VerifiedProgram) -> bool:
    if signed is None or not isinstance(signed.transaction.payload, Call):
        return False
    payload = signed.transaction.payload
    act = find_function(verified.program, payload.act, FunctionKind.ACT)
    return act is not None and decode_arguments(verified, act, payload.arguments) is not None


def _decodes(verified: VerifiedProgram, type_: Type, data: bytes) -> bool:
    try:
        verified.codecs.decode(type_, data)
    except EncodingRefused:
        return False
    return True
