"""What a block, and each transaction of it, does in this process, as lines that two processes can compare. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

from gbalang.vm.engines import Engine
from gbalang.vm.interpreter.trace import Trace
from runtime import codec
from runtime.chain import content_of
from runtime.records import BlockContent, Receipt, Recording
from runtime.replay import Replay
from runtime.transition import Applied


def block_account(recording: Recording, engine: Engine, height: int) -> Iterator[str]:
    """Yield a line for each transaction of a block: its place, the hash of its receipt, that of the changes up to it.

    Raises RootsDiffer when an earlier block differs, and AnswerMissing.
    """
    replayed, content = _before(recording, engine, height)
    for index in range(len(content.transactions)):
        applied = _first(replayed, content, index + 1)
        digest = sha256()
        for key, value in applied.changes:
            digest.update(_line_of_change(key, value).encode("ascii"))
        receipt = codec.hash_of(codec.encode_receipt(applied.receipts[index]))
        yield f"transaction {index} receipt {receipt.hex()} changes {digest.hexdigest()}"


def transaction_account(recording: Recording, engine: Engine, height: int, index: int) -> Iterator[str]:
    """Yield what one transaction does: its receipt's parts, the changes up to it, and each step of the interpreter.

    The steps and writes are those of the reference interpreter, whatever the engine. The same raises as above.
    """
    replayed, content = _before(recording, engine, height)
    applied = _first(replayed, content, index + 1)
    yield from _lines_of_receipt(applied.receipts[index])
    for key, value in applied.changes:
        yield _line_of_change(key, value)
    trace = Trace()
    replayed.run_on(Engine("traced", trace.begin))
    _first(replayed, content, index)
    before = trace.begun
    _first(replayed, content, index + 1)
    if trace.begun == 2 * before:  # the transaction called no act
        return
    for step in trace.steps:
        yield f"step {step.function} {step.instruction} {step.top}"
    for write in trace.writes:
        data = _hexadecimal(write.value)
        yield f"write {write.function} {write.instruction} {write.register} {write.key.hex()} {data}"


def _before(recording: Recording, engine: Engine, height: int) -> tuple[Replay, BlockContent]:
    replayed = Replay(recording, engine)
    for block in recording.blocks[: height - 1]:
        replayed.take(block)
    return replayed, content_of(recording.blocks[height - 1])


def _first(replayed: Replay, content: BlockContent, count: int) -> Applied:
    return replayed.try_block(replace(content, transactions=content.transactions[:count]))


def _line_of_change(key: bytes, value: bytes | None) -> str:
    return f"change {key.hex()} {_hexadecimal(value)}"


def _hexadecimal(value: bytes | None) -> str:
    return "none" if value is None else value.hex()


def _lines_of_receipt(receipt: Receipt) -> Iterator[str]:
    yield f"outcome {receipt.outcome.name} {receipt.code} {receipt.detail}"
    yield f"cost {receipt.cost}"
    for event in receipt.events:
        yield f"event {event.event} {' '.join(value.hex() for value in event.values)}"
    for reason in receipt.reasons:
        yield f"reason {reason.kind.name} {reason.index} {reason.value.hex()}"
