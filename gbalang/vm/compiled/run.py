"""The door of the compiled engine: the same calls as the interpreter's."""

from __future__ import annotations

from typing import Any

from gbalang.isa.verify import VerifiedProgram
from gbalang.vm.compiled.translate import Compiled, translate
from gbalang.vm.host import Context, Host
from gbalang.vm.interpreter import run as interpreter
from gbalang.vm.interpreter.frame import Call

NAME = "compiled"
"""Under which the functions are kept with the verified program."""


def begin(verified: VerifiedProgram, host: Host, context: Context) -> Call:
    """Return a call of a program that this engine runs."""
    return Call(load(verified), host, context, run)


def run(call: Call, index: int, arguments: list[Any]) -> Any:
    """Run a function and return its value, None for an act. Raises Stopped."""
    return call.functions[index](call, *arguments)


def load(verified: VerifiedProgram) -> tuple[Compiled, ...]:
    """Return the program's functions, made once for each verified program."""
    loaded = verified.engines.get(NAME)
    if not isinstance(loaded, tuple):
        loaded = translate(verified, lambda index: _interpreted(verified, index))
        verified.engines[NAME] = loaded
    return loaded


def _interpreted(verified: VerifiedProgram, index: int) -> Compiled:
    """Return a function of the compiled form that the interpreter runs; those that it calls are compiled again."""
    function = interpreter.load(verified)[index]
    return lambda call, *arguments: interpreter.run(call, index, list(arguments), function)
