"""Entries of registers as people name them, licences(Guangzhou, "L-1"), and as evidence shows them."""

from __future__ import annotations

from dataclasses import dataclass

from gbalang.cli.neutral import call_of
from gbalang.cli.values import ArgumentFault
from gbalang.isa.encoding import EncodingRefused
from gbalang.isa.program import Program, Register
from gbalang.isa.types import Record
from gbalang.isa.values import decode_value, encode_key
from gbalang.literals import LiteralRefused, format_value, parse_value, type_name
from runtime import keys
from runtime.records import StateEntry


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry of a register, its value as in .gba."""

    register: str
    value: str


def entry_key(program: Program, written: str) -> bytes:
    """Return the key of the state under which the entry that a person named stands. Raises ArgumentFault."""
    named = call_of(written)
    register = None if named is None else next((each for each in program.registers if each.name == named[0]), None)
    if named is None or register is None or len(named[1]) != len(register.keys):
        known = ", ".join(f"{each.name}({', '.join(_key_names(program, each))})" for each in program.registers)
        raise ArgumentFault("entry_malformed", text=written, contract=program.name, known=known or "-")
    values, types = [], []
    for index, text in zip(register.keys, named[1], strict=True):
        field = program.records[register.record].fields[index]
        try:
            values.append(parse_value(field.type, text, program))
        except LiteralRefused as refused:
            shown = type_name(field.type, program)
            raise ArgumentFault(
                "argument_malformed", name=field.name, text=text, type=shown, reason=refused.reason
            ) from None
        types.append(field.type)
    return keys.register(program.name, register.name) + encode_key(types, values)


def _key_names(program: Program, register: Register) -> list[str]:
    return [program.records[register.record].fields[index].name for index in register.keys]


def show_entry(program: Program, entry: StateEntry) -> ShownEntry | None:
    """Return a proven entry of one of the program's registers, or None for another one."""
    for register in program.registers:
        if entry.key.startswith(keys.register(program.name, register.name)):
            type_ = Record(register.record)
            try:
                value = decode_value(type_, entry.value, program)
            except EncodingRefused:
                return None
            return ShownEntry(register.name, format_value(type_, value, program))
    return None
