"""Reading what nobody wrote, very often: every reading ends well, or with a refusal that has a name."""

from __future__ import annotations

from dataclasses import dataclass, field

from gbalang.testing.draw import Source
from tests.fuzz.targets import Target

EXTREMES = (b"\x00", b"\xff", b"\x7f", b"\x80", b"\xff\xff\xff\xff\x0f", b"\x00" * 8, b"\xff" * 9, "「".encode())
CUT_MAX = 24


@dataclass(slots=True)
class Fuzzed:
    """What became of executions. `failures`: what went wrong, with the bytes that did it."""

    executions: int = 0
    refused: int = 0
    read: int = 0
    failures: list[str] = field(default_factory=list)


def fuzz(target: Target, source: Source, executions: int, found: Fuzzed) -> None:
    """Let a target read changed samples, so many times."""
    for _ in range(executions):
        data = changed(source, target.samples)
        found.executions += 1
        try:
            again = target.read(data)
        except target.refusals:
            found.refused += 1
            continue
        except Exception as error:  # noqa: BLE001  # whatever it is, it is what we look for
            found.failures.append(f"{target.name}: {type(error).__name__} of {data.hex()}")
            continue
        found.read += 1
        if again is not None and again != data:
            found.failures.append(f"{target.name}: a second encoding, {data.hex()}")


def changed(source: Source, samples: tuple[bytes, ...]) -> bytes:
    """Return a sample with one to three changes, sometimes none at all of a sample: bytes by chance."""
    if source.once_in(50):
        return bytes([source.below(256) for _ in range(source.below(80))])
    data = source.choose(samples)
    for _ in range(source.between(1, 3)):
        data = _once(source, samples, data)
    return data


def _once(source: Source, samples: tuple[bytes, ...], data: bytes) -> bytes:
    place = source.below(len(data) + 1)
    match source.below(6):
        case 0 if place < len(data):
            return data[:place] + bytes([data[place] ^ (1 << source.below(8))]) + data[place + 1 :]
        case 1:
            return data[:place] + source.choose(EXTREMES) + data[place:]
        case 2:
            return data[:place] + data[place + source.below(CUT_MAX) :]
        case 3:
            return data[:place]
        case 4:
            other = source.choose(samples)
            begin = source.below(len(other) + 1)
            return data[:place] + other[begin : begin + source.below(CUT_MAX)] + data[place:]
        case _:
            return data[:place] + source.choose(EXTREMES) + data[place + 1 :]
