"""Programs by digest, decoded and verified once.

A memo, not state: what it returns depends on the bytes alone, so a node that has forgotten a program decodes it again
and decides the same. Bounded, and the oldest entry leaves first.
"""

from __future__ import annotations

from hashlib import sha256

from gbalang.isa.container import ContainerRefused, decode_program, digest_bytes
from gbalang.isa.verify import VerificationRefused, VerifiedProgram, verify
from gbalang.vm.engines import DEFAULT, Engine
from runtime.limits import PROGRAM_BYTES_MAX

PROGRAMS_HELD_MAX = 256
"""Verified programs a node holds in memory at once."""


PROGRAMS_EXAMINED_MAX = 16
"""Proposed programs whose examination a node remembers: those of the ballots under way."""


class ProgramRefused(Exception):  # noqa: N818  # a refusal, in the words of the ledger
    """The bytes are no sound program; `detail` says which rule they break."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


def open_program(content: bytes) -> VerifiedProgram:
    """Decode and verify a container.

    Raises ProgramRefused for anything that is not a sound program.
    """
    if len(content) > PROGRAM_BYTES_MAX:
        raise ProgramRefused("too large")
    try:
        program, _ = decode_program(content)
    except ContainerRefused as refused:
        raise ProgramRefused(refused.reason.name) from None
    verified = verify(program)
    if isinstance(verified, VerificationRefused):
        raise ProgramRefused(verified.reason.name)
    return verified


def program_digest(verified: VerifiedProgram) -> bytes:
    """Return the 32-byte digest that the cities vote on."""
    return digest_bytes(verified.program)


class ProgramCache:
    """Verified programs by digest, and the engine on which a node runs them."""

    __slots__ = ("_examined", "_held", "engine")

    def __init__(self, engine: Engine = DEFAULT) -> None:
        self._held: dict[bytes, VerifiedProgram] = {}
        self._examined: dict[bytes, VerifiedProgram] = {}
        """Sound programs by the hash of their bytes: a proposal is executed again in each round, and when replayed."""
        self.engine = engine

    def find(self, digest: bytes) -> VerifiedProgram | None:
        """Return the program if it is held."""
        return self._held.get(digest)

    def open(self, digest: bytes, content: bytes) -> VerifiedProgram:
        """Return the program of that digest, decoding it when it is not held.

        `content` comes from the state, where only sound programs are admitted; ProgramRefused would be our mistake or a
        damaged store, and is left to rise.
        """
        held = self._held.get(digest)
        if held is None:
            held = open_program(content)
            while len(self._held) >= PROGRAMS_HELD_MAX:
                del self._held[next(iter(self._held))]
            self._held[digest] = held
        return held

    def examine(self, content: bytes) -> VerifiedProgram:
        """Return the program that a container holds. Raises ProgramRefused for anything that is not a sound program."""
        key = sha256(content).digest()
        held = self._examined.get(key)
        if held is None:
            held = open_program(content)
            while len(self._examined) >= PROGRAMS_EXAMINED_MAX:
                del self._examined[next(iter(self._examined))]
            self._examined[key] = held
        return held
