"""The compiled engine beside the interpreter: the same acts on both, in turns, on a ledger in memory."""

from __future__ import annotations

from collections.abc import Callable

from gbalang.cli.measuring.rounds import Measurement, processor_seconds
from gbalang.cli.sources import compile_text
from gbalang.errors import InternalError
from gbalang.isa.civil import days_from_civil
from gbalang.isa.program import FunctionKind
from gbalang.isa.types import Value
from gbalang.isa.verify import VerifiedProgram
from gbalang.vm.engines import COMPILED, REFERENCE, Engine
from gbalang.vm.host import Context, Done
from gbalang.vm.machine import run_act
from gbalang.vm.memory_host import MemoryHost
from runtime.calls import find_function
from runtime.programs import open_program

CASES = 400
"""Cases in a round: each is applied for, decided and paid."""
HEAVY_CALLS = 3
"""Calls of the act that reckons, in a round: each goes through a loop of a thousand."""

INSTRUMENT = """contract engines version 1
  title en "Acts to measure engines with"
  basis "None: it is never put into force among cities"
  parties all cities
  effective 2026-01-01

article 1 "Ordinary acts"
  role applicant is any person
  role office is any department
  enum Status: applied, granted, paid
  parameter ceiling: Money CNY = 600 CNY from 2026-01-01
  record Application
    place: City
    applicant: Person
    number: Int from 0 to 1_000_000
    age: Int from 0 to 150
    fare: Money CNY from 0 CNY to 10_000 CNY
    amount: Money CNY
    status: Status
    received_on: Date
    decided_on: optional Date
    paid_on: optional Date
  register applications: Application by place, applicant, number
  refusal already_applied
    en "There is an application with that number."
  refusal unknown_application
    en "There is no such application."
  refusal not_ready
    en "The application is at another stage."
  refusal too_young
    en "The applicant is too young."
  event application_received(place: City, number: Int)
  event application_granted(place: City, applicant: Person, amount: Money CNY)

  rule grant(fare: Money CNY, age: Int) gives Money CNY
    give least of (ceiling, round half up (fare / 2) to 0.01 CNY)
  exception nothing_paid to grant
    when fare <= 0 CNY
    give 0 CNY
  exception very_old to grant over nothing_paid
    when age >= 90
    give least of (ceiling, fare)

  act apply(number: Int from 0 to 1_000_000, age: Int from 0 to 150, fare: Money CNY from 0 CNY to 10_000 CNY)
    by applicant
    require not applications has (city of actor, actor, number) else refuse already_applied
    require age >= 65 else refuse too_young
    enter Application(
        place: city of actor, applicant: actor, number: number, age: age, fare: fare, amount: 0 CNY,
        status: applied, received_on: today, decided_on: none, paid_on: none
      ) in applications
    announce application_received(city of actor, number)

  act decide(applicant: Person, number: Int from 0 to 1_000_000)
    by office
    require applications has (city of actor, applicant, number) else refuse unknown_application
    let held = applications(city of actor, applicant, number)
    require held.status = applied and held.received_on <= today else refuse not_ready
    amend applications(city of actor, applicant, number) with
      status: granted, amount: grant(held.fare, held.age), decided_on: some today
    announce application_granted(city of actor, applicant, grant(held.fare, held.age))

  act pay(applicant: Person, number: Int from 0 to 1_000_000)
    by office
    require applications has (city of actor, applicant, number) else refuse unknown_application
    let held = applications(city of actor, applicant, number)
    require held.status = granted and held.amount > 0 CNY else refuse not_ready
    amend applications(city of actor, applicant, number) with status: paid, paid_on: some 3 days after today

article 2 "An act that reckons"
  rule share(step: Int, fare: Money CNY) gives Money CNY
    let part = round half up (fare * step / 1_000) to 0.01 CNY
    give if part > 500 CNY and step <> 7 then part - 500 CNY else if part < 1 CNY then 1 CNY else part

  act reckon(fare: Money CNY from 0 CNY to 10_000 CNY)
    by applicant
    let total = sum of share(step, fare) for each step in numbers from 1 to 1_000 at most 1_000 where step <> 500
    require total >= 0 CNY else refuse not_ready
"""


def measure_engines(rounds: int) -> list[Measurement]:
    """Return what acts take on each engine, and the interpreter's time by the compiled engine's in the same round."""
    verified = open_program(compile_text(None, "engines.gba", INSTRUMENT))
    rows = []
    for name, work in (("ordinary acts", _ordinary), ("an act that reckons", _heavy)):
        work(verified, COMPILED)
        slow, quick = [], []
        for _ in range(rounds):
            slow.append(_seconds(work, verified, REFERENCE))
            quick.append(_seconds(work, verified, COMPILED))
        count = CASES * 3 if work is _ordinary else HEAVY_CALLS
        rows += [
            Measurement(f"{name}, interpreter", "µs each", tuple(1e6 * sample / count for sample in slow)),
            Measurement(f"{name}, compiled engine", "µs each", tuple(1e6 * sample / count for sample in quick)),
            Measurement(
                f"{name}, interpreter ÷ compiled", "ratio", tuple(a / b for a, b in zip(slow, quick, strict=True))
            ),
        ]
    return rows


def _seconds(work: Callable[[VerifiedProgram, Engine], None], verified: VerifiedProgram, engine: Engine) -> float:
    return processor_seconds(lambda: work(verified, engine))


def _ordinary(verified: VerifiedProgram, engine: Engine) -> None:
    host, day = MemoryHost(), days_from_civil(2026, 6, 30)
    office = _context("Guangzhou/office", "department", ("office",), day)
    for number in range(CASES):
        applicant = f"Guangzhou/person-{number}"
        own = _context(applicant, "person", (), day)
        _do(verified, "apply", (number, 65 + number % 40, 80_100 + number), own, host, engine)
        _do(verified, "decide", (applicant, number), office, host, engine)
        _do(verified, "pay", (applicant, number), office, host, engine)


def _heavy(verified: VerifiedProgram, engine: Engine) -> None:
    own = _context("Guangzhou/person", "person", (), days_from_civil(2026, 6, 30))
    for number in range(HEAVY_CALLS):
        _do(verified, "reckon", (123_457 + number,), own, MemoryHost(), engine)


def _context(actor: str, kind: str, roles: tuple[str, ...], day: int) -> Context:
    return Context(actor, kind, "Guangzhou", roles, day * 86_400, day)


def _do(
    verified: VerifiedProgram,
    act: str,
    arguments: tuple[Value, ...],
    context: Context,
    host: MemoryHost,
    engine: Engine,
) -> None:
    index = find_function(verified.program, act, FunctionKind.ACT)
    assert index is not None
    host.begin()
    outcome = run_act(verified, index, arguments, context, host, engine=engine)
    if not isinstance(outcome, Done):
        raise InternalError(f"an act of the benchmark was not carried out: {act}: {outcome}")
