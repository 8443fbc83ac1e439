"""A small instrument that the network tests act under, and calls of it."""

from __future__ import annotations

import functools

from gbalang.cli.templates import CONTRACT
from gbalang.isa.program import FunctionKind, Program
from gbalang.isa.values import encode_value
from gbalang.literals import parse_value
from runtime.calls import find_function
from runtime.certificates import HolderKind
from runtime.programs import open_program
from runtime.records import Call
from tests.network.harness import World, compile_text

NAME = "seniors"
APPLICANT = "Guangzhou/alice"
OFFICE = "Guangzhou/transport"


@functools.cache
def container(version: int = 1, ceiling: str = "600 CNY") -> bytes:
    """Return the instrument compiled, as that version, with that ceiling."""
    text = CONTRACT.replace("{name}", NAME).replace("version 1", f"version {version}")
    changed = text.replace("ceiling: Money CNY = 600 CNY", f"ceiling: Money CNY = {ceiling}")
    changed = changed.replace("<= 600 CNY", f"<= {ceiling}").replace("= 600 CNY\n", f"= {ceiling}\n")
    return compile_text("seniors.gba", changed)


@functools.cache
def program() -> Program:
    """Return the first version's program."""
    return open_program(container()).program


def call(act: str, *, version: int = 1, **arguments: str) -> Call:
    """Return a call with arguments written as in .gba."""
    index = find_function(program(), act, FunctionKind.ACT)
    assert index is not None
    encoded = tuple(
        encode_value(field.type, parse_value(field.type, arguments[field.name], program()), program())
        for field in program().functions[index].parameters
    )
    return Call(NAME, version, act, encoded)


def apply(age: str = "70", fare: str = "801 CNY", place: str = "Guangzhou", version: int = 1) -> Call:
    """Return an application."""
    return call("apply", place=place, age=age, fare=fare, version=version)


def decide(applicant: str = APPLICANT, place: str = "Guangzhou") -> Call:
    """Return a decision on an application."""
    return call("decide", place=place, applicant=applicant)


def world_in_force(world: World | None = None) -> World:
    """Return a world in which the instrument is in force, with an applicant and an office."""
    world = world if world is not None else World()
    world.add_holder(APPLICANT, HolderKind.PERSON)
    world.add_holder(OFFICE, HolderKind.DEPARTMENT, ("transport_office",))
    world.adopt(container())
    return world
