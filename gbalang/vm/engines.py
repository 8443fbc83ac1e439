"""The engines that run verified programs: one meaning, several ways. Which one is a node's own choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gbalang.isa.verify import VerifiedProgram
from gbalang.vm.compiled import run as compiled
from gbalang.vm.host import Context, Host
from gbalang.vm.interpreter import run as interpreter
from gbalang.vm.interpreter.frame import Call


@dataclass(frozen=True, slots=True)
class Engine:
    """A way to run programs. `begin` makes a call ready; the call knows how its functions are run."""

    name: str
    begin: Callable[[VerifiedProgram, Host, Context], Call]


REFERENCE = Engine("reference", interpreter.begin)
"""The interpreter, which is the specification."""
COMPILED = Engine("compiled", compiled.begin)
"""Functions of Python, made once when a program is loaded."""

ENGINES = {engine.name: engine for engine in (REFERENCE, COMPILED)}
DEFAULT = COMPILED
"""What nodes run unless they are told otherwise."""
