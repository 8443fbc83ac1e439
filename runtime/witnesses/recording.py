"""What happened on a ledger, as a recording that any interpreter can re-execute. Pure."""

from __future__ import annotations

from dataclasses import replace

from runtime.node import begin
from runtime.records import FinalBlock, Genesis, Recording
from runtime.replay import RecordingOracle, Replay
from runtime.state.memory import MemoryStore
from runtime.state_view import StateView
from runtime.transition import Oracle


def record(genesis: Genesis, blocks: tuple[FinalBlock, ...], oracle: Oracle) -> Recording:
    """Return a recording of the final blocks of a ledger, the first one first. Raises RootsDiffer.

    It carries the oracle's answers to all that executing the blocks asks. The signatures that make a header final are
    left out: a witness makes each header anew and does not ask who signed it.
    """
    answers = RecordingOracle(oracle)
    store = MemoryStore()
    begin(store, genesis, answers)
    first_state = tuple(StateView(store).scan(b""))
    unsigned = tuple(replace(block, signatures=()) for block in blocks)
    silent = Recording(genesis, first_state, unsigned, (), ())
    replayed = Replay(silent, oracle=answers)
    for block in unsigned:
        replayed.take(block)
    return replace(silent, signatures=answers.signature_verdicts(), certificates=answers.certificate_verdicts())
