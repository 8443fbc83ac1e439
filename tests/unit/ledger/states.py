"""States made by hand, without a network: programs in force, and the circumstances of a block."""

from __future__ import annotations

from gbalang.isa.civil import days_from_civil
from runtime import codec, keys
from runtime.journal import Journal
from runtime.outcome import Circumstances
from runtime.programs import ProgramCache, open_program, program_digest
from runtime.records import ContractVersion
from runtime.state.memory import MemoryStore
from runtime.state_view import STATE, StateView

TODAY = days_from_civil(2026, 3, 2)
NOW_S = 1_772_380_800
"""2026-03-02 00:00 at UTC+8."""

PROGRAMS = ProgramCache()


def at(day: int = TODAY, now_s: int = NOW_S) -> Circumstances:
    """Return the circumstances of a block of that day."""
    return Circumstances(height=7, now_s=now_s, today=day, programs=PROGRAMS)


def journal_of(*entries: tuple[bytes, bytes]) -> Journal:
    """Return a journal over a committed state."""
    store = MemoryStore()
    store.commit([(STATE + key, value) for key, value in entries])
    return Journal(StateView(store))


def adopted(content: bytes, commencement_day: int) -> tuple[tuple[bytes, bytes], ...]:
    """Return the entries of a program that was adopted."""
    verified = open_program(content)
    program, digest = verified.program, program_digest(verified)
    version = ContractVersion(digest, bytes(32), commencement_day - 1, commencement_day, program.expires)
    return (
        (keys.program(digest), content),
        (keys.contract(program.name, program.version), codec.encode_contract_version(version)),
    )


def digest_of(content: bytes) -> bytes:
    """Return the digest that the cities vote on."""
    return program_digest(open_program(content))
