"""A witness re-executes recorded blocks in any interpreter, with the standard library alone, and compares every root.

    python -m runtime.witness [--engine NAME] RECORDING …          (from a checkout or an installation)

Signatures and certificates are not judged again: the recording carries the answers that the nodes computed, each under
the hash of its question, and a question without an answer fails. Everything else is recomputed: receipts, state, tree,
roots, header hashes. Because nothing need be installed, every Python on a machine can be a witness, under any hash
seed, locale, time zone, limits and flags, on either engine (reference or compiled; without a name, the one that nodes
run); that all of them agree is what `gba test`, `gba simulate` and the suite check.

The line printed of each recording is "height HEIGHT state ROOT contents DIGEST"; the exit code is 0 when every root is
equal, 3 when one differs or an answer is missing, 1 when a recording cannot be read. With --account or --detail the
witness says instead, line by line, what a block or a transaction does here, so that witnesses can be compared.
"""

from __future__ import annotations

import argparse
import gc
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

from gbalang.vm.engines import DEFAULT, ENGINES
from runtime import codec
from runtime.records import Recording
from runtime.replay import AnswerMissing, Replay, RootsDiffer, contents_digest
from runtime.state.tree import root_of
from runtime.witnesses.account import block_account, transaction_account

EAGER_THRESHOLD = 50
"""New objects after which an eager collector looks for rubbish; 700 and more are usual."""

HELD, CANNOT_READ, DIFFERS = 0, 1, 3


def main(arguments: list[str]) -> int:
    """Re-execute the recordings whose paths are given, up to the first that differs."""
    given = _parser().parse_args(arguments)
    if given.recursion is not None:
        sys.setrecursionlimit(given.recursion)
    if given.collector == "off":
        gc.disable()
    elif given.collector == "eager":
        gc.set_threshold(EAGER_THRESHOLD, 2, 2)
    if given.thread == "main":
        return _witness(given)
    ended: list[int] = []
    thread = threading.Thread(target=lambda: ended.append(_witness(given)))
    thread.start()
    thread.join()
    return ended[0]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m runtime.witness")
    parser.add_argument("--engine", choices=tuple(ENGINES), default=DEFAULT.name)
    parser.add_argument("--recursion", type=int, help="the interpreter's limit of recursion")
    parser.add_argument("--collector", choices=("ordinary", "off", "eager"), default="ordinary")
    parser.add_argument("--thread", choices=("main", "other"), default="main")
    parser.add_argument("--account", type=int, metavar="HEIGHT", help="say what each transaction of a block does")
    parser.add_argument("--detail", type=int, nargs=2, metavar=("HEIGHT", "INDEX"), help="the same of one transaction")
    parser.add_argument("recording", nargs="+")
    return parser


def _witness(given: argparse.Namespace) -> int:
    return next((code for path in given.recording if (code := _witness_of(path, given)) != HELD), HELD)


def _witness_of(path: str, given: argparse.Namespace) -> int:
    try:
        recording = codec.decode_recording(Path(path).read_bytes())
    except OSError as error:
        sys.stderr.write(f"{path} cannot be read: {error.strerror}\n")
        return CANNOT_READ
    except codec.Undecodable as undecodable:
        sys.stderr.write(f"the recording cannot be read: {undecodable.rule}\n")
        return CANNOT_READ
    try:
        for line in _lines(recording, given):
            sys.stdout.write(line + "\n")
    except RootsDiffer as difference:
        sys.stderr.write(f"{difference}\n")
        return DIFFERS
    except AnswerMissing:
        sys.stderr.write("the recording lacks an answer\n")
        return DIFFERS
    return HELD


def _lines(recording: Recording, given: argparse.Namespace) -> Iterable[str]:
    engine = ENGINES[given.engine]
    if given.account is not None:
        return block_account(recording, engine, given.account)
    if given.detail is not None:
        return transaction_account(recording, engine, *given.detail)
    replayed = Replay(recording, engine)
    for block in recording.blocks:
        replayed.take(block)
    store = replayed.store
    return (f"height {replayed.end.height} state {root_of(store).hex()} contents {contents_digest(store).hex()}",)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
