"""A planted mistake for each phase of the long run. A phase that does not report its own has proved nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from gbalang.isa.verify import VerifiedProgram
from gbalang.testing.draw import Source
from gbalang.vm.engines import COMPILED, Engine
from gbalang.vm.host import Context, Host
from gbalang.vm.interpreter.frame import Call
from runtime import codec
from runtime.simulator.checks import Check
from tests.fuzz.running import Fuzzed, fuzz
from tests.fuzz.targets import Target
from tests.properties.programs import draw_program, sound
from tests.properties.test_engines_agree import Tally, compare
from tests.simulator.test_canaries import _CityWithoutMemory, _found
from tests.witnesses.test_comparing import CALLS, DONE, changed, compare_two, copy_with


def unnoticed() -> list[str]:
    """Return the phases that did not notice their planted mistake."""
    return [phase for phase, notices in CANARIES.items() if not notices()]


def _simulations() -> bool:
    """Cities that lose what they acknowledged."""
    return Check.ACKNOWLEDGED_IS_KEPT in _found(_CityWithoutMemory)


def _processes() -> bool:
    """A cost that depends on the hash seed."""
    with TemporaryDirectory() as folder:
        company = copy_with(Path(folder), CALLS, DONE, DONE.replace("cost, ", 'cost + hash("a") % 1_000, '))
        return not compare_two(company, changed(hash_seed="1")).agrees


def _programs() -> bool:
    """An engine that charges one unit more for each call."""

    def begin(verified: VerifiedProgram, host: Host, context: Context) -> Call:
        call = COMPILED.begin(verified, host, context)
        call.cost += 1
        return call

    verified = sound(draw_program(Random(1)))
    assert verified is not None
    try:
        compare(verified, Random(1), Tally(), Engine("planted", begin))
    except AssertionError:
        return True
    return False


def _readings() -> bool:
    """A reader that stumbles over what is too short."""
    found = Fuzzed()
    target = Target("stumbling", (b"sample",), lambda data: bytes([data[5]]) + data[1:], (codec.Undecodable,), 1)
    fuzz(target, Source(1), 200, found)
    return bool(found.failures)


CANARIES: dict[str, Callable[[], bool]] = {
    "simulations": _simulations, "processes": _processes, "programs": _programs, "readings": _readings,
}  # fmt: skip
