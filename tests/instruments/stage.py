"""Eleven cities in memory as a stage for the instruments' scenarios."""

from __future__ import annotations

from collections.abc import Sequence

from gbalang import bundled
from runtime.certificates import HolderKind
from runtime.node import Node
from runtime.records import AdmitCertificate, Payload, Receipt
from tests.network.harness import World, compile_text

INSTRUMENTS = ("instrument_sharing", "licences", "talent_subsidy")


class MemoryStage:
    """A world as a stage: who stands on it is certified once, and the calls of one moment share a block."""

    def __init__(self, world: World) -> None:
        self.world = world

    def leader(self) -> Node:
        """Return a node that holds the highest block."""
        return self.world.network.leader()

    def stand(self, reference: str, kind: HolderKind, roles: tuple[str, ...]) -> bytes:
        """Return the fingerprint of a holder's certificate, whose admission waits if it is new."""
        if reference not in self.world.holders:
            certificate = self.world.certify(reference, kind, roles)
            self.world.submit(reference.partition("/")[0], AdmitCertificate(certificate))
        return self.world.holders[reference].fingerprint

    def admit(self) -> None:
        """Make the admissions that wait final."""
        while self.world.network.waiting():
            self.world.finalise()

    def carry_out_at(self, time_ms: int, calls: Sequence[tuple[str, Payload]]) -> list[Receipt]:
        """Put calls into one block at that time, or the next possible one, and return their receipts in order."""
        self.world.time_ms = max(self.world.time_ms, time_ms - 1)
        identities = [self.world.submit(who, payload) for who, payload in calls]
        receipts = {receipt.transaction: receipt for receipt in self.world.finalise(1).receipts}
        return [receipts[identity] for identity in identities]


def stage_of(world: World, *names: str) -> MemoryStage:
    """Return a stage with calendars, and those instruments in force."""
    world.adopt_calendars()
    for name in names:
        world.adopt(compile_text(f"contracts/{name}/contract.gba", bundled.read_contract_file(name).decode("utf-8")))
    return MemoryStage(world)
