"""Texts, programs and objects of a given size, and whether they are taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from gbalang.diagnostics.model import Diagnostic
from gbalang.isa import program as p
from gbalang.isa.container import ContainerRefused, decode_program, encode_program
from gbalang.isa.encoding import EncodingRefused
from gbalang.isa.types import Type
from gbalang.isa.verify import VerifiedProgram, verify
from gbalang.pipeline import compile_bundle
from gbalang.source import SourceBundle, SourceFile
from runtime.codec import Kind
from tests.unit.isa.assembling import SAMPLE, Assembler, Line, number, seal

HEAD = (
    'contract a version 1\n  title en "a"\n  basis "b"\n  parties all cities\n  effective 2026-01-01\n'
    'article 1 "A"\n'
)


def found(text: str) -> tuple[Diagnostic, ...]:
    """Return what the compiler finds in the body of an instrument."""
    return compile_bundle(SourceBundle(SourceFile("limits.gba", HEAD + text))).diagnostics


def is_free_of(code: str, text: str) -> bool:
    """Return whether the body of an instrument is read without that finding."""
    return code not in {each.code for each in found(text)}


def is_contained(program: p.Program) -> bool:
    """Return whether the program has a container, from which it is read again."""
    try:
        return decode_program(encode_program(program))[0] == program
    except ContainerRefused:
        return False


def is_verified(program: p.Program) -> bool:
    """Return whether the verifier takes the program, its costs being stated."""
    try:
        return isinstance(verify(seal(program)), VerifiedProgram)
    except Exception:  # noqa: BLE001  # what cannot be summarised is the verifier's to name
        return isinstance(verify(program), VerifiedProgram)


def of_type(type_: Type) -> p.Program:
    """Return a program in which that type stands."""
    return replace(SAMPLE, types=(type_,))


def of_code(*lines: Line, extra: tuple[Type, ...] = (), gives: Type) -> p.Program:
    """Return a program with one rule of that code."""
    assembler = Assembler()
    assembler.function(p.FunctionKind.RULE, *lines, extra=extra, gives=gives)
    return assembler.program()


def is_encoded(kind: Kind[Any], value: object) -> bool:
    """Return whether an object of the ledger has an encoding, from which it is read again."""
    try:
        return bool(kind.decode(kind.encode(value)) == value)
    except EncodingRefused:
        return False


def padded(make: Callable[[int], bytes], size: int) -> bytes:
    """Return what `make` makes with as much padding as gives exactly that many bytes."""
    padding = size - len(make(0)) - 8  # a longer padding has a longer length
    for _ in range(3):
        data = make(padding)
        if len(data) == size:
            return data
        padding += size - len(data)
    raise AssertionError("no padding gives that size")


def pushes(count: int) -> tuple[Line, ...]:
    """Return code that lets so many values wait on the stack, and leaves one."""
    return (*[number(1)] * count, *["drop"] * (count - 1))
