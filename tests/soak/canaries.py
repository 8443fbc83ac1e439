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
from tests.bugs.bank import Bug
from tests.bugs.run import try_bug
from tests.bugs.trees import trees
from tests.crashes.test_crashes import CANARIES as CRASH_CANARIES
from tests.crashes.test_crashes import wrong_of
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


def _crashes() -> bool:
    """A store that reads what is damaged, and a file that is written where it stands."""
    with TemporaryDirectory() as folder:
        places = {name: Path(folder) / str(place) for place, name in enumerate(CRASH_CANARIES)}
        for place in places.values():
            place.mkdir()
        return all(wrong_of(name, place) for name, place in places.items())


def _changes() -> bool:
    """Of two changes, one that everybody would notice and one that nobody could."""
    check = "tests/unit/test_cities.py"
    with trees(1) as copies:
        changed = [
            Bug("quorum", "runtime/cities.py", "FAULTY_MAX = 3", "FAULTY_MAX = 2", check),
            Bug("quorum", "runtime/cities.py", "FAULTY_MAX = 3", "FAULTY_MAX = 2 + 1", check),
        ]
        caught = [verdict.caught for verdict in copies.work(changed, try_bug)]
    return caught == [True, False]


CANARIES: dict[str, Callable[[], bool]] = {
    "simulations": _simulations, "processes": _processes, "programs": _programs, "readings": _readings,
    "crashes": _crashes, "changes": _changes,
}  # fmt: skip
