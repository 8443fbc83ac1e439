"""How many signatures this machine makes and checks. For `gba bench`; nothing else reads a clock here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter_ns

from runtime.crypto.suites import SUITE_NAMES, private_key_from_seed, sign, verify
from runtime.signing import signing_message

KEYS_COUNT = 64
"""Signers take turns, as in a block."""


@dataclass(frozen=True, slots=True)
class SuiteRates:
    """Operations per second on one core, one number for each slice of time."""

    suite: str
    sign_per_second: tuple[int, ...]
    verify_per_second: tuple[int, ...]


def measure_suites(slice_count: int = 5, slice_ms: int = 200) -> tuple[SuiteRates, ...]:
    """Measure each suite in slices, so that the spread shows; the suites take turns within each slice."""
    works = [_works(suite) for suite in SUITE_NAMES]
    rates: list[tuple[list[int], list[int]]] = [([], []) for _ in works]
    for _ in range(slice_count):
        for (signing, verifying), (sign_rates, verify_rates) in zip(works, rates, strict=True):
            sign_rates.append(_rate(signing, slice_ms))
            verify_rates.append(_rate(verifying, slice_ms))
    return tuple(
        SuiteRates(suite, tuple(sign_rates), tuple(verify_rates))
        for suite, (sign_rates, verify_rates) in zip(SUITE_NAMES, rates, strict=True)
    )


def _works(suite: str) -> tuple[Callable[[int], object], Callable[[int], object]]:
    keys = [private_key_from_seed(suite, bytes((index + 1,)) * 32) for index in range(KEYS_COUNT)]
    messages = [signing_message("transaction", bytes((index,)) * 32) for index in range(KEYS_COUNT)]
    signatures = [sign(suite, key, message) for key, message in zip(keys, messages, strict=True)]

    def signing(index: int) -> object:
        return sign(suite, keys[index], messages[index])

    def verifying(index: int) -> object:
        assert verify(suite, keys[index].public_key, messages[index], signatures[index])
        return None

    return signing, verifying


def _rate(work: Callable[[int], object], slice_ms: int) -> int:
    start_ns = perf_counter_ns()
    end_ns = start_ns + slice_ms * 1_000_000
    count = 0
    while (now_ns := perf_counter_ns()) < end_ns or count == 0:
        work(count % KEYS_COUNT)
        count += 1
    return count * 1_000_000_000 // max(now_ns - start_ns, 1)
