"""Large but regular sources: so many of one thing, in an otherwise small contract."""

from __future__ import annotations

from collections.abc import Callable

HEAD = """contract large version 1
  title en "Large"
  basis "An agreement"
  parties all cities
  effective 2026-01-01

article 1 "Rules"
"""
RULE = "  rule f(x: Int) gives Int\n    give x\n"


def articles(count: int) -> str:
    """Return a contract with that many articles."""
    return HEAD + RULE + "".join(
        f'article {number} "A"\n  text en "x"\n  text only because "y"\n' for number in range(2, count + 1)
    )  # fmt: skip


def rules(count: int) -> str:
    """Return a contract with that many rules."""
    return HEAD + "".join(f"  rule r{place}(x: Int) gives Int\n    give x\n" for place in range(count))


def chained_exceptions(count: int) -> str:
    """Return a rule with exceptions of which each prevails over the one before."""
    return HEAD + RULE + "".join(_exception(place, [place - 1] if place else []) for place in range(count))


def ranked_exceptions(count: int) -> str:
    """Return a rule with exceptions of which each prevails over all before."""
    return HEAD + RULE + "".join(_exception(place, [*range(place)]) for place in range(count))


def nested_exceptions(count: int) -> str:
    """Return a rule with exceptions of which each is to the one before."""
    return HEAD + RULE + "".join(
        f"  exception e{place} to {f'e{place - 1}' if place else 'f'}\n    when x = {place}\n    give {place}\n"
        for place in range(count)
    )  # fmt: skip


def _exception(place: int, over: list[int]) -> str:
    beaten = f" over {', '.join(f'e{each}' for each in over)}" if over else ""
    return f"  exception e{place} to f{beaten}\n    when x = {place}\n    give {place}\n"


def members(count: int) -> str:
    """Return an enumeration of that many members, and a match that names each."""
    names = [f"m{place}" for place in range(count)]
    cases = "".join(f"      when {name} then {place}\n" for place, name in enumerate(names))
    return f"{HEAD}  enum X: {', '.join(names)}\n  rule f(x: X) gives Int\n    give match x\n{cases}    end\n"


def fields(count: int) -> str:
    """Return a record of that many fields."""
    return f"{HEAD}  record X\n" + "".join(f"    m{place}: Int\n" for place in range(count))


def parameters(count: int) -> str:
    """Return a rule that takes so much."""
    taken = ", ".join(f"m{place}: Int" for place in range(count))
    return f"{HEAD}  rule f({taken}) gives Int\n    give 1\n"


def lets(count: int) -> str:
    """Return a rule with that many values on the way."""
    lines = "".join(f"    let y{place} = 1\n" for place in range(count))
    return f"{HEAD}  rule f() gives Int\n{lines}    give 1\n"


def bases(count: int) -> str:
    """Return a contract that rests on so many texts."""
    return HEAD.replace('  basis "An agreement"\n', "".join(f'  basis "B{place}"\n' for place in range(count))) + RULE


def title(count: int) -> str:
    """Return a contract with a title of that many characters."""
    return HEAD.replace("Large", "x" * count) + RULE


def dated_values(count: int) -> str:
    """Return a parameter with that many values, each from a day of its own."""
    days = (f"{2026 + place // 336}-{place % 336 // 28 + 1:02}-{place % 28 + 1:02}" for place in range(count))
    return f"{HEAD}  parameter p: Int = {', '.join(f'{place} from {day}' for place, day in enumerate(days))}\n"


def examples(count: int) -> str:
    """Return a rule with that many examples."""
    return HEAD + RULE + "".join(f'  example "E{place}"\n    f({place}) = {place}\n' for place in range(count))


def parts(count: int) -> str:
    """Return a record that holds that many single values, most of them in records within it."""
    inner, rest = divmod(count, 64)
    within = "  record Inner\n" + "".join(f"    f{place}: Bool\n" for place in range(64))
    own = "".join(f"    g{place}: Inner\n" for place in range(inner))
    own += "".join(f"    h{place}: Bool\n" for place in range(rest))
    return f"{HEAD}{within}  record Outer\n{own}  rule f(x: Outer) gives Int\n    give 1\n"


GENERATORS: tuple[Callable[[int], str], ...] = (
    articles, rules, chained_exceptions, ranked_exceptions, nested_exceptions, members, fields, parameters, lets, bases,
    title, dated_values, examples, parts,
)  # fmt: skip
