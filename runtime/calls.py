"""A call of an instrument in force: which version governs, may the actor act, what the machine makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from gbalang.isa.civil import civil_from_days, days_from_civil
from gbalang.isa.encoding import EncodingRefused, Reader
from gbalang.isa.program import FunctionKind, Program
from gbalang.isa.types import Value
from gbalang.isa.values import Read
from gbalang.isa.verify import VerifiedProgram
from gbalang.vm.host import (
    Announcement,
    ConditionFailed,
    ConditionMet,
    Context,
    Done,
    Faulted,
    Marked,
    Noted,
    Outcome,
    Reason,
    Refused,
)
from gbalang.vm.machine import permitted, run_act, run_query
from runtime import codec, keys
from runtime.certificates import KIND_NAMES, HolderKind
from runtime.identities import Gettable, reference, standing_signer
from runtime.journal import Journal, StateReader
from runtime.limits import EXECUTION_COST_MAX
from runtime.outcome import Circumstances, Ending, rejected
from runtime.programs import ProgramCache
from runtime.records import (
    AdmittedCertificate,
    Call,
    ContractVersion,
    EventRecord,
    OutcomeKind,
    ReasonKind,
    ReasonRecord,
)
from runtime.rejections import Rejection


class Scannable(Gettable, Protocol):
    """Anything that reads the state and walks it in key order."""

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Yield (key, value) for every key that begins with prefix, ascending."""


FUNCTION_PLACE = 2**20
"""A fault's place is packed as function × FUNCTION_PLACE + instruction."""


def contract_versions(state: Scannable, name: str) -> tuple[tuple[int, ContractVersion], ...]:
    """Return the adopted versions of an instrument, ascending."""
    if not keys.is_name(name):
        return ()
    prefix = keys.contract(name)
    return tuple(
        (int.from_bytes(key[len(prefix) :], "big"), codec.decode_contract_version(value))
        for key, value in state.scan(prefix)
    )


def version_in_force(state: Scannable, name: str, day: int) -> tuple[int, ContractVersion] | None:
    """Return the highest version that has commenced by that day, or None."""
    return _latest(contract_versions(state, name), day)


def _latest(versions: tuple[tuple[int, ContractVersion], ...], day: int) -> tuple[int, ContractVersion] | None:
    commenced = [pair for pair in versions if pair[1].commencement_day <= day]
    return commenced[-1] if commenced else None


def program_of(state: Gettable, programs: ProgramCache, digest: bytes) -> VerifiedProgram:
    """Return the program of a digest that stands in the state."""
    held = programs.find(digest)
    if held is not None:
        return held
    content = state.get(keys.program(digest))
    assert content is not None, "an adopted digest has its program in the state"
    return programs.open(digest, content)


def governing(
    journal: Journal, payload: Call, circumstances: Circumstances
) -> tuple[VerifiedProgram, ContractVersion] | Rejection:
    """Return the program that governs a call, or the ground on which the ledger turns it away."""
    if not keys.is_name(payload.contract):
        return Rejection.CONTRACT_MUST_BE_KNOWN
    prefix = keys.contract(payload.contract)
    versions = journal.derived(prefix, lambda: contract_versions(journal, payload.contract))
    if not versions:
        return Rejection.CONTRACT_MUST_BE_KNOWN
    current = _latest(versions, circumstances.today)
    if current is None:
        return Rejection.CONTRACT_MUST_HAVE_COMMENCED
    number, record = current
    if record.expires_day is not None and circumstances.today > record.expires_day:
        return Rejection.CONTRACT_MUST_NOT_HAVE_EXPIRED
    if number != payload.version:
        return Rejection.VERSION_MUST_BE_IN_FORCE
    return program_of(journal, circumstances.programs, record.digest), record


def call_act(journal: Journal, signer: AdmittedCertificate, payload: Call, circumstances: Circumstances) -> Ending:
    """Carry out an act, or say why not. Writes go to the journal; the caller drops them unless the ending is DONE."""
    found = governing(journal, payload, circumstances)
    if isinstance(found, Rejection):
        return rejected(found)
    verified, record = found
    program = verified.program
    act = find_function(program, payload.act, FunctionKind.ACT)
    if act is None:
        return rejected(Rejection.ACT_MUST_BE_DECLARED)
    arguments = decode_arguments(verified, act, payload.arguments)
    if arguments is None:
        return rejected(Rejection.ARGUMENTS_MUST_FIT)
    context = context_of(signer, circumstances)
    if context.actor_city not in program.parties:
        return rejected(Rejection.CITY_MUST_BE_PARTY)
    if not permitted(program, program.functions[act], context, arguments):
        return rejected(Rejection.ACTOR_MUST_BE_PERMITTED)
    host = LedgerHost(journal, program)
    engine = circumstances.programs.engine
    outcome = run_act(verified, act, arguments, context, host, EXECUTION_COST_MAX, engine)
    return _ending(verified, record.digest, outcome)


def ask_query(
    state: StateReader, name: str, query: str, arguments: tuple[Value, ...], signer: bytes | None, at: Circumstances
) -> tuple[VerifiedProgram, Outcome] | Rejection:
    """Answer a declared query of the instrument that governs at a moment, for a certificate on the ledger or nobody.

    The same grounds turn a question away as an act: nothing is shown to a holder whose certificate does not stand.
    """
    journal = Journal(state)
    current = version_in_force(journal, name, at.today)
    if current is None:
        return Rejection.CONTRACT_MUST_BE_KNOWN
    if current[1].expires_day is not None and at.today > current[1].expires_day:
        return Rejection.CONTRACT_MUST_NOT_HAVE_EXPIRED
    verified = program_of(journal, at.programs, current[1].digest)
    program = verified.program
    index = find_function(program, query, FunctionKind.QUERY)
    if index is None:
        return Rejection.ACT_MUST_BE_DECLARED
    asker = None if signer is None else standing_signer(journal, signer, at.now_s)
    if isinstance(asker, Rejection):
        return asker
    context = Context("", "", "", (), at.now_s, at.today) if asker is None else context_of(asker, at)
    if not permitted(program, program.functions[index], context, arguments):
        return Rejection.ACTOR_MUST_BE_PERMITTED
    host = LedgerHost(journal, program)
    return verified, run_query(verified, index, arguments, context, host, EXECUTION_COST_MAX, at.programs.engine)


def find_function(program: Program, name: str, kind: FunctionKind) -> int | None:
    """Return the index of the function of that name and kind, or None."""
    for index, function in enumerate(program.functions):
        if function.name == name and function.kind is kind:
            return index
    return None


def decode_arguments(
    verified: VerifiedProgram, function: int, encoded: tuple[bytes, ...]
) -> tuple[Value, ...] | None:
    """Return the arguments' values if they are canonical and within what the function declares."""
    readers = verified.functions[function].readers
    if len(readers) != len(encoded):
        return None
    try:
        return tuple([_read_whole(read, data) for read, data in zip(readers, encoded, strict=True)])
    except EncodingRefused:
        return None


def _read_whole(read: Read, data: bytes) -> Value:
    reader = Reader(data)
    value: Value = read(reader)
    reader.finish()
    return value


def context_of(signer: AdmittedCertificate, circumstances: Circumstances) -> Context:
    """Return the machine's view of who acts and when."""
    return Context(
        actor=reference(signer),
        actor_kind=KIND_NAMES[HolderKind(signer.kind)],
        actor_city=signer.city,
        roles=signer.roles,
        now_s=circumstances.now_s,
        today=circumstances.today,
    )


class LedgerHost:
    """The machine's host over a journal: an instrument's registers and the calendars in force."""

    __slots__ = ("_calendars", "_journal", "_prefixes")

    def __init__(self, journal: Journal, program: Program) -> None:
        self._journal = journal
        self._prefixes = tuple(keys.register(program.name, register.name) for register in program.registers)
        self._calendars: dict[tuple[str, int], bytes | None] = {}

    def read(self, register: int, key: bytes) -> bytes | None:
        """Return the encoded entry under that key, or None."""
        return self._journal.get(self._prefixes[register] + key)

    def write(self, register: int, key: bytes, value: bytes | None) -> None:
        """Set or remove an entry."""
        self._journal.put(self._prefixes[register] + key, value)

    def scan(self, register: int, prefix: bytes, limit: int) -> tuple[bytes, ...]:
        """Return at most `limit` encoded entries whose keys begin with prefix, in key order."""
        found: list[bytes] = []
        for _, value in self._journal.scan(self._prefixes[register] + prefix):
            if len(found) == limit:
                break
            found.append(value)
        return tuple(found)

    def calendar_day(self, calendar: str, day: int) -> int | None:
        """Return the state of a day in the calendar in force, or None."""
        return calendar_day(self._journal, self._calendars, calendar, day)


def calendar_day(
    state: Gettable, memo: dict[tuple[str, int], bytes | None], calendar: str, day: int
) -> int | None:
    """Return the state of a day (0 off, 1 working, 2 half) in a calendar of the ledger; `memo` holds years read."""
    year, _, _ = civil_from_days(day)
    found = (calendar, year)
    if found not in memo:
        stored = state.get(keys.calendar(calendar, year))
        memo[found] = None if stored is None else codec.decode_calendar(stored).days
    days = memo[found]
    return None if days is None else days[day - days_from_civil(year, 1, 1)]


def _ending(verified: VerifiedProgram, digest: bytes, outcome: Done | Refused | Faulted) -> Ending:
    reasons = tuple(_reason(verified, reason) for reason in outcome.reasons)
    match outcome:
        case Done():
            events = tuple(_event(verified, event) for event in outcome.events)
            return Ending(OutcomeKind.DONE, 0, 0, outcome.cost, digest, events, reasons)
        case Refused():
            return Ending(OutcomeKind.REFUSED, outcome.refusal, 0, outcome.cost, digest, (), reasons)
        case Faulted():
            place = outcome.function * FUNCTION_PLACE + outcome.instruction
            return Ending(OutcomeKind.FAULTED, int(outcome.fault), place, outcome.cost, digest, (), reasons)


def _event(verified: VerifiedProgram, event: Announcement) -> EventRecord:
    fields = verified.program.events[event.event].fields
    encode = verified.codecs.encode
    return EventRecord(
        event.event, tuple([encode(field.type, value) for field, value in zip(fields, event.values, strict=True)])
    )


def _reason(verified: VerifiedProgram, reason: Reason) -> ReasonRecord:
    match reason:
        case Marked():
            return ReasonRecord(ReasonKind.MARK, reason.mark, b"")
        case Noted():
            value = verified.codecs.encode(verified.program.notes[reason.note].type, reason.value)
            return ReasonRecord(ReasonKind.NOTE, reason.note, value)
        case ConditionMet():
            return ReasonRecord(ReasonKind.CONDITION_MET, reason.condition, b"")
        case ConditionFailed():
            return ReasonRecord(ReasonKind.CONDITION_FAILED, reason.condition, b"")
