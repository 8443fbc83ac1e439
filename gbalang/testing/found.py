"""A finding: what is worth a look although nothing in the text forbids it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["not_their_own", "another_city", "does_not_add_up", "edge_drawn_twice"]
"""What kind of finding it is; the name of its wording."""

KINDS: tuple[Kind, ...] = ("not_their_own", "another_city", "does_not_add_up", "edge_drawn_twice")


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `name`: the act or rule; `facts`: what its wording names; `story`: the deeds that show it, the last
    one last; `example`: text to paste into the article, or "".
    """

    kind: Kind
    article: int
    name: str
    facts: tuple[tuple[str, str], ...]
    story: tuple[str, ...] = ()
    example: str = ""
