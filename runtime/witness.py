"""A witness re-executes recorded blocks in any interpreter, with the standard library alone, and compares every root.

    python -m runtime.witness [--engine NAME] RECORDING            (from a checkout or an installation)

Signatures and certificates are not judged again: the recording carries the answers that the nodes computed, each under
the hash of its question, and a question without an answer fails. Everything else is recomputed: receipts, state, tree,
roots, header hashes. Because nothing need be installed, every Python on a machine can be a witness, under any hash
seed, locale, time zone and flags, on either engine (reference or compiled; without a name, the one that nodes run);
that all of them agree is what the suite checks.

The last line printed is "height HEIGHT state ROOT contents DIGEST"; the exit code is 0 when every root is equal, 3 when
one differs or an answer is missing, 1 when the recording cannot be read.
"""

from __future__ import annotations

import sys
from pathlib import Path

from gbalang.vm.engines import DEFAULT, ENGINES, Engine
from runtime import codec
from runtime.replay import AnswerMissing, RootsDiffer, contents_digest, replay
from runtime.state.tree import root_of


def main(arguments: list[str]) -> int:
    """Re-execute the recording whose path is given, on the engine that is named before it."""
    match arguments:
        case [path]:
            engine = DEFAULT
        case ["--engine", name, path] if name in ENGINES:
            engine = ENGINES[name]
        case _:
            sys.stderr.write(f"usage: python -m runtime.witness [--engine {'|'.join(ENGINES)}] RECORDING\n")
            return 2
    return _witness(path, engine)


def _witness(path: str, engine: Engine) -> int:
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        sys.stderr.write(f"{path} cannot be read: {error.strerror}\n")
        return 1
    try:
        recording = codec.decode_recording(data)
    except codec.Undecodable as undecodable:
        sys.stderr.write(f"the recording cannot be read: {undecodable.rule}\n")
        return 1
    try:
        store = replay(recording, engine)
    except RootsDiffer as difference:
        sys.stderr.write(f"{difference}\n")
        return 3
    except AnswerMissing:
        sys.stderr.write("the recording lacks an answer\n")
        return 3
    sys.stdout.write(
        f"height {len(recording.blocks)} state {root_of(store).hex()} contents {contents_digest(store).hex()}\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
