"""The machine: a verified program, arguments, a context and a host give an outcome.

Entry points for acts, queries, rules and invariants, and two questions to ask before an act runs: may this actor, and
do the arguments fit? Writes go to the host as they happen; whoever calls undoes them unless the outcome is Done.

What is the same for every entry point: nothing runs when the worst case is above the cost limit (OUT_OF_COST) or an
argument does not conform (OUT_OF_RANGE at instruction 0); a value that leaves the machine conforms to the declared
result, or the outcome is OUT_OF_RANGE at the end of the code.
"""

from __future__ import annotations

from dataclasses import replace

from gbalang.errors import InternalError
from gbalang.isa.program import Function, FunctionKind, Permission, Program
from gbalang.isa.types import Value
from gbalang.isa.values import Test
from gbalang.isa.verify import VerifiedFunction, VerifiedProgram
from gbalang.limits import COST_MAX
from gbalang.vm.engines import DEFAULT, Engine
from gbalang.vm.faults import Fault
from gbalang.vm.host import Context, Done, Faulted, Host, Outcome, Refused
from gbalang.vm.interpreter.frame import StoppedByFault, StoppedByRefusal


def run_act(
    verified: VerifiedProgram,
    act: int,
    arguments: tuple[Value, ...],
    context: Context,
    host: Host,
    cost_limit: int = COST_MAX,
    engine: Engine = DEFAULT,
) -> Outcome:
    """Carry out the act with that function index. Whether the actor may is asked before, with `permitted`."""
    _expect(verified, act, FunctionKind.ACT)
    return _call(verified, act, arguments, context, host, cost_limit, engine)


def run_query(
    verified: VerifiedProgram,
    query: int,
    arguments: tuple[Value, ...],
    context: Context,
    host: Host,
    cost_limit: int = COST_MAX,
    engine: Engine = DEFAULT,
) -> Outcome:
    """Answer the query with that function index; it writes nothing."""
    _expect(verified, query, FunctionKind.QUERY)
    return _call(verified, query, arguments, context, host, cost_limit, engine)


def run_rule(
    verified: VerifiedProgram,
    rule: int,
    arguments: tuple[Value, ...],
    day: int | None,
    host: Host,
    engine: Engine = DEFAULT,
) -> Outcome:
    """Apply the rule or exception with that function index; `day` is given exactly when it is dated.

    A rule depends on its arguments, the day, the parameters and the host's calendars alone.
    """
    _expect(verified, rule, FunctionKind.RULE, FunctionKind.EXCEPTION)
    if (day is not None) != verified.program.functions[rule].dated:
        raise InternalError("a day is given to a rule that is not dated, or none to one that is")
    hidden = () if day is None else (day,)
    return _call(verified, rule, arguments, NOBODY, host, COST_MAX, engine, hidden)


def run_invariant(
    verified: VerifiedProgram, invariant: int, day: int, host: Host, engine: Engine = DEFAULT
) -> Outcome:
    """Evaluate the invariant with that function index on a day; the result of Done is whether it holds."""
    _expect(verified, invariant, FunctionKind.INVARIANT)
    cost_limit = verified.program.functions[invariant].cost_max
    return _call(verified, invariant, (), replace(NOBODY, today=day), host, cost_limit, engine)


def permitted(program: Program, function: Function, context: Context, arguments: tuple[Value, ...]) -> bool:
    """Whether one of the function's permissions covers the actor. The arguments conform."""
    return any(_covers(program, permission, context, arguments) for permission in function.permissions)


def arguments_conform(facts: VerifiedFunction, arguments: tuple[object, ...]) -> bool:
    """Whether there is an argument for each parameter of a function, of its kind, range and length."""
    return len(arguments) == len(facts.tests) and all(map(_fits, facts.tests, arguments))


NOBODY = Context("", "", "", (), 0, 0)
"""The context of a rule, which may not look at it, and of an invariant, which may look at the day alone."""


def _covers(program: Program, permission: Permission, context: Context, arguments: tuple[Value, ...]) -> bool:
    if permission.role is None:
        return True
    role = program.roles[permission.role]
    return (
        context.actor_city in program.parties
        and context.actor_kind in role.kinds
        and (role.open or role.name in context.roles)
        and (permission.city is None or permission.city == context.actor_city)
        and (permission.city_parameter is None or arguments[permission.city_parameter] == context.actor_city)
    )


def _fits(test: Test, argument: object) -> bool:
    return test(argument)


def _expect(verified: VerifiedProgram, index: int, *kinds: FunctionKind) -> None:
    if verified.program.functions[index].kind not in kinds:
        raise InternalError(f"function {index} is no {kinds[0].name}")


def _call(
    verified: VerifiedProgram,
    index: int,
    arguments: tuple[Value, ...],
    context: Context,
    host: Host,
    cost_limit: int,
    engine: Engine,
    hidden: tuple[int, ...] = (),
) -> Outcome:
    function, facts = verified.program.functions[index], verified.functions[index]
    if function.cost_max > cost_limit:
        return Faulted(Fault.OUT_OF_COST, index, 0, (), 0)
    if not arguments_conform(facts, arguments):
        return Faulted(Fault.OUT_OF_RANGE, index, 0, (), 0)
    call = engine.begin(verified, host, context)
    try:
        result = call.run(call, index, [*arguments, *hidden])
    except StoppedByFault as stopped:
        return Faulted(stopped.fault, stopped.function, stopped.instruction, tuple(call.reasons), call.cost)
    except StoppedByRefusal as stopped:
        return Refused(stopped.refusal, tuple(call.reasons), call.cost)
    if facts.fits is not None and not facts.fits(result):
        return Faulted(Fault.OUT_OF_RANGE, index, len(function.code), tuple(call.reasons), call.cost)
    return Done(result, tuple(call.events), tuple(call.reasons), call.cost)
