"""Limits of a source text, each with its unit and its reason. Pure: numbers alone, so every part may read them.

They keep reading, checking and printing a text within bounds that do not depend on the machine; a text beyond one is
refused by name, never by a traceback.
"""

from __future__ import annotations

SOURCE_BYTES_MAX = 2_097_152
"""One file in UTF-8: a whole code of laws fits many times over."""

BUNDLE_BYTES_MAX = 3_145_728
"""An instrument with everything it imports: the largest file, and libraries half as large again."""

DECLARATIONS_MAX = 8_192
"""Articles, imports and declarations of one file, and of an instrument with everything it imports: twice what one table
of a program holds."""

NESTING_DEPTH_MAX = 60
"""How deep one form may stand in another, operators in a row included. Later stages walk the tree by recursion, a few
calls for each level; sixty levels stay far below what any Python allows and far above what a reader can follow."""

NAME_CHARACTERS_MAX = 60
NUMBER_DIGITS_MAX = 60
"""Digits of one literal, both sides of the point: more than any sum of money, less than any slow conversion."""

SYNTAX_DIAGNOSTICS_MAX = 50
"""Mistakes reported for one file: whoever has more will correct the first ones first."""

FINDINGS_MAX = 100
"""Errors, and warnings, that the checker tells of one instrument; how many more it found is said at the end."""

SUGGESTIONS_MAX = 30
"""Unknown names of one file for which the nearest known name is looked for: it is the slow part of a mistake."""

NAMES_COMPARED_MAX = 2_000
"""Known names, of about the same length, that are looked at for one suggestion."""

EXCEPTION_NESTING_MAX = 16
"""Exceptions to exceptions in a row: later stages recur, and a reader counts."""

RECORD_PARTS_MAX = 2_048
"""Single values that every value of a record holds, records within it followed: what is drawn and shown in one piece.
A list or an optional value may be empty and counts as one value of its item."""

SEARCH_COST_MAX = 40_000_000
"""What the search for contradictory and undecided cases of one instrument may spend, in the units of the instruction
table: ten worst cases of the dearest rule, many thousands of an ordinary one."""

KEYWORDS_IN_A_RUN_MAX = 20
"""Keywords written without a space between them; longer runs are names, and too long for that."""

PRINT_COLUMNS_MAX = 100
"""The width of a canonical line, where a CJK character counts two."""

# ---------------------------------------------------------------- the program and the machine
# What a compiled program may hold and what one call may do. The verifier and the container refuse what lies beyond;
# changing one of these is a change of the protocol, because every city must refuse the same programs.

PROGRAM_BYTES_MAX = 1_048_576
"""A container, with its texts in four languages and its line map."""

TABLE_ROWS_MAX = 4_096
"""Rows of one table of a program: articles, records, conditions, functions..."""

NAMED_PARTS_MAX = 256
"""Fields of a record or event, members of an enumeration, parameters of a function."""

PROGRAM_NAME_CHARACTERS_MAX = 128
"""A name inside a program: a name of the text with its module's name before it."""

CALLED_NAME_CHARACTERS_MAX = 64
"""A name that transactions carry: of an act. A name of the text with `set_` before it."""

PROGRAM_TEXT_CHARACTERS_MAX = 65_536
"""One legal text, title, basis or condition inside a program."""

INSTRUCTIONS_MAX = 65_536
"""Instructions of one function."""

LOCALS_MAX = 512
"""Slots of one function."""

STACK_VALUES_MAX = 1_024
"""Values that wait on the stack of one function."""

BLOCK_NESTING_MAX = 2_048
"""How deep an `if` may stand in another: a long table becomes a chain of them. Engines keep no stack for it."""

LOOP_NESTING_MAX = 16
"""How deep an `each` may stand in another."""

CALL_DEPTH_MAX = 64
"""Functions that wait for each other, the first included. Engines may spend two frames of their host on each."""

COST_MAX = 2_000_000
"""The worst case of one call, in the units of the instruction table: some seconds on a slow machine."""

NUMBER_BITS_MAX = 256
"""Bits of a mantissa, a numerator or a denominator, the sign aside."""

SCALE_MAX = 76
"""Decimal places: ten to this power is the largest that fits NUMBER_BITS_MAX."""

TEXT_CHARACTERS_MAX = 10_000
"""Characters of a text value."""

COLLECTION_ITEMS_MAX = 10_000
"""Items of a list or set."""

TYPE_NESTING_MAX = 8
"""Lists, sets and options within each other in one type."""

VALUE_DEPTH_MAX = 16
"""The same with records counted, and followed: how deep codecs recur."""

VALUE_BYTES_MAX = 16_777_216
"""The largest encoding that a type may allow: what one value can hold in memory."""

ENTRY_BYTES_MAX = 65_536
"""The same for an entry of a register."""

EVENT_BYTES_MAX = 16_384
"""The same for the fields of an event together."""

NOTE_BYTES_MAX = 8_192
"""The same for a fact among the reasons."""

ARGUMENTS_MAX = 32
"""Parameters of one act."""

ARGUMENTS_BYTES_MAX = 32_768
"""The same for the arguments of an act together: a transaction must be able to carry whatever the act accepts."""

STATE_KEY_BYTES_MAX = 480
"""The longest key of an entry, with the names of instrument and register before it: what a store accepts as a key."""

STATE_NAME_BYTES_MAX = 255
"""The name of an instrument, register or calendar in such a key, in UTF-8: its length stands before it in one byte."""

WRITES_MAX = 256
"""Entries one call may write or remove."""

EVENTS_MAX = 64
"""Announcements of one call."""

REASONS_MAX = 256
"""Reasons of one call. The first ones are kept; the last place is kept free for the condition that failed."""

CALENDARS_MAX = 8
"""Calendars that one working-day question may combine."""

WORKING_DAYS_MAX = 366
"""Working days that may be counted forward or back in one step."""

SEARCH_DAYS_MAX = 1_100
"""Calendar days looked at in one step: three years, so a count of WORKING_DAYS_MAX always ends within it."""

LOCAL_VALUES_MAX = 100
"""Values, past ones included, that one city may have set for one of its own parameters."""

assert 10**SCALE_MAX < 1 << NUMBER_BITS_MAX <= 10 ** (SCALE_MAX + 2)
assert NOTE_BYTES_MAX * REASONS_MAX + EVENT_BYTES_MAX * EVENTS_MAX < 4_194_304, "what a receipt may take"
assert ENTRY_BYTES_MAX <= VALUE_BYTES_MAX
assert 4 * NAME_CHARACTERS_MAX <= STATE_NAME_BYTES_MAX, "a name that can be written can stand in a key"
assert NAME_CHARACTERS_MAX + len("set_") <= CALLED_NAME_CHARACTERS_MAX <= PROGRAM_NAME_CHARACTERS_MAX
