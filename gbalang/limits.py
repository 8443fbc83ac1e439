"""Limits of a source text, each with its unit and its reason. Pure: numbers alone, so every part may read them.

They keep reading, checking and printing a text within bounds that do not depend on the machine; a text beyond one is
refused by name, never by a traceback.
"""

from __future__ import annotations

SOURCE_BYTES_MAX = 2_097_152
"""One file in UTF-8: a whole code of laws fits many times over."""

NESTING_DEPTH_MAX = 60
"""How deep one form may stand in another, operators in a row included. Later stages walk the tree by recursion, a few
calls for each level; sixty levels stay far below what any Python allows and far above what a reader can follow."""

NAME_CHARACTERS_MAX = 60
NUMBER_DIGITS_MAX = 60
"""Digits of one literal, both sides of the point: more than any sum of money, less than any slow conversion."""

SYNTAX_DIAGNOSTICS_MAX = 50
"""Mistakes reported for one file: whoever has more will correct the first ones first."""

KEYWORDS_IN_A_RUN_MAX = 20
"""Keywords written without a space between them; longer runs are names, and too long for that."""

PRINT_COLUMNS_MAX = 100
"""The width of a canonical line, where a CJK character counts two."""
