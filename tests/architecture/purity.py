"""What the pure core may not use, each with its reason, and the check that finds it.

Every city must compute the same bytes from the same block: on another version of Python, under another hash seed, in
another time zone, at another depth of the host's stack. What could differ there is not used at all.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from tests.architecture.sources import Module, imports_of

Kind = Literal["module", "name", "attribute", "construct"]


@dataclass(frozen=True, slots=True)
class Ban:
    """One thing not used in the pure core; `example` is a text in which the check must find it."""

    kind: Kind
    name: str
    reason: str
    example: str


@dataclass(frozen=True, slots=True)
class Finding:
    ban: Ban
    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.ban.name} — {self.ban.reason}"


CLOCK = "nodes do not share a clock; time comes from the block"
CHANCE = "no two nodes draw the same"
SURROUNDINGS = "the machine around the node is not part of the state"
FILES = "the core is a function: bytes come in as arguments and go out as results"
NETWORK = "an answer from outside is not the same for all"
LOCALE = "formats follow the settings of the machine"
INEXACT = "results are rounded by a context or a processor; amounts are scaled integers"
LOOSE_FORMAT = "one value has many texts there; what is hashed goes through the one codec"
CONCURRENT = "the order of threads and tasks differs from run to run"
INTERPRETER = "it shows settings or the memory of this interpreter"
UNICODE = "its tables differ between versions of Python"
CODE = "text becomes code"
SET_ORDER = "the order of a set follows the hash seed of the process"
HOST_LIMIT = "how deep or how large the host allows differs; a counter of our own must stop first"

BANNED_MODULES: dict[str, str] = {
    "time": CLOCK,
    "datetime": f"{CLOCK}; civil dates are day numbers of our own calendar",
    "calendar": f"{LOCALE}; civil dates are day numbers of our own calendar",
    "zoneinfo": "zones' tables are installed apart from Python; the dates of the Bay Area need none",
    "sched": CLOCK,
    "random": CHANCE,
    "secrets": CHANCE,
    "uuid": CHANCE,
    "os": SURROUNDINGS,
    "posix": SURROUNDINGS,
    "platform": SURROUNDINGS,
    "getpass": SURROUNDINGS,
    "pwd": SURROUNDINGS,
    "argparse": SURROUNDINGS,
    "signal": SURROUNDINGS,
    "subprocess": SURROUNDINGS,
    "multiprocessing": CONCURRENT,
    "io": FILES,
    "pathlib": FILES,
    "tempfile": FILES,
    "shutil": FILES,
    "glob": FILES,
    "fileinput": FILES,
    "mmap": FILES,
    "sqlite3": FILES,
    "dbm": FILES,
    "shelve": FILES,
    "logging": "writing is for the rim; records and events say what happened",
    "warnings": "a filter of the machine can turn a warning into a failure",
    "socket": NETWORK,
    "ssl": NETWORK,
    "select": NETWORK,
    "selectors": NETWORK,
    "http": NETWORK,
    "urllib": NETWORK,
    "ftplib": NETWORK,
    "smtplib": NETWORK,
    "locale": LOCALE,
    "gettext": LOCALE,
    "decimal": f"{INEXACT}; the context belongs to the thread",
    "fractions": f"{INEXACT}; numerators grow without a bound",
    "statistics": INEXACT,
    "cmath": INEXACT,
    "numbers": "it admits floats where integers are meant",
    "json": f"{LOOSE_FORMAT}; duplicate keys, NaN and lone surrogates pass",
    "pickle": f"{LOOSE_FORMAT}; reading it runs code",
    "marshal": f"{LOOSE_FORMAT}; it changes with the interpreter",
    "copyreg": LOOSE_FORMAT,
    "csv": LOOSE_FORMAT,
    "xml": LOOSE_FORMAT,
    "configparser": LOOSE_FORMAT,
    "pprint": LOOSE_FORMAT,
    "zlib": "the compressed bytes follow the version of the library",
    "gzip": "the compressed bytes follow the version of the library",
    "bz2": "the compressed bytes follow the version of the library",
    "lzma": "the compressed bytes follow the version of the library",
    "zipfile": "the compressed bytes follow the version of the library",
    "tarfile": "the archive holds times and owners",
    "threading": CONCURRENT,
    "asyncio": CONCURRENT,
    "concurrent": CONCURRENT,
    "queue": CONCURRENT,
    "contextvars": CONCURRENT,
    "sys": INTERPRETER,
    "gc": INTERPRETER,
    "weakref": f"{INTERPRETER}; when an object goes depends on the collector",
    "ctypes": INTERPRETER,
    "inspect": INTERPRETER,
    "traceback": INTERPRETER,
    "tracemalloc": INTERPRETER,
    "importlib": f"{INTERPRETER}; what is loaded depends on what is installed",
    "pkgutil": f"{INTERPRETER}; what is loaded depends on what is installed",
    "builtins": "it reaches the names banned below",
    "code": CODE,
    "ast": "the syntax tree of Python changes with its version",
    "dis": "the bytecode of Python changes with its version",
    "re": f"{UNICODE} in \\w, \\d and \\s, and the time of a match has no bound",
    "unicodedata": UNICODE,
    "stringprep": UNICODE,
    "difflib": "its ratios are floats",
}

# Decided: these give the same results everywhere. A module of neither table must be weighed before it is used.
ALLOWED_MODULES = frozenset(
    {
        "__future__",
        "abc",
        "array",
        "base64",
        "binascii",
        "bisect",
        "collections",
        "copy",
        "dataclasses",
        "enum",
        "functools",
        "hashlib",
        "heapq",
        "hmac",
        "itertools",
        "operator",
        "string",
        "struct",
        "textwrap",
        "types",
        "typing",
    }
)

ALLOWED_MATH = frozenset({"comb", "factorial", "gcd", "isqrt", "lcm", "perm", "prod"})

BANNED_NAMES: dict[str, str] = {
    "open": FILES,
    "input": SURROUNDINGS,
    "print": "writing is for the rim",
    "hash": "the hash of text and bytes follows the hash seed of the process",
    "id": "an address in memory",
    "float": INEXACT,
    "complex": INEXACT,
    "round": "halves go to the even neighbour; the rounding of an amount is named in the instrument",
    "eval": CODE,
    "exec": CODE,
    "compile": CODE,
    "__import__": CODE,
    "breakpoint": SURROUNDINGS,
    "globals": INTERPRETER,
    "locals": INTERPRETER,
    "vars": INTERPRETER,
    "dir": INTERPRETER,
    "RecursionError": HOST_LIMIT,
    "MemoryError": HOST_LIMIT,
}

BANNED_ATTRIBUTES: dict[str, str] = {
    name: f"str.{name} follows Unicode tables, which differ between versions of Python"
    for name in (
        "capitalize",
        "casefold",
        "isalnum",
        "isalpha",
        "isdecimal",
        "isdigit",
        "isidentifier",
        "islower",
        "isnumeric",
        "isprintable",
        "isspace",
        "istitle",
        "isupper",
        "lower",
        "swapcase",
        "title",
        "upper",
    )
}


def _constructs() -> tuple[Ban, ...]:
    def construct(name: str, reason: str, example: str) -> Ban:
        return Ban("construct", name, reason, example)

    return (
        construct("a float or complex literal", INEXACT, "rate = 0.5"),
        construct("true division /", f"{INEXACT}; use // and say which way it rounds", "half = total / 2"),
        construct("iteration over a set", f"{SET_ORDER}; sort it, or keep a tuple", "for x in {1, 2}:\n    use(x)"),
        construct("set.pop", SET_ORDER, "first = set(items).pop()"),
        construct("a finaliser", "when an object goes depends on the collector", "class A:\n  def __del__(self): ..."),
        construct("async", CONCURRENT, "async def apply(): ..."),
        construct("a global statement", "the core keeps nothing between calls", "def f():\n    global x\n    x = 1"),
        construct("math beyond integers", INEXACT, "import math\nroot = math.sqrt(2)"),
        construct("a bare except", HOST_LIMIT, "try:\n    run()\nexcept:\n    stop()"),
        construct("a module nobody has weighed", "put it in one of the tables of modules", "import tkinter"),
    )


CONSTRUCTS = {ban.name: ban for ban in _constructs()}

BANS: tuple[Ban, ...] = (
    *(Ban("module", name, reason, f"import {name}") for name, reason in BANNED_MODULES.items()),
    *(Ban("name", name, reason, f"x = {name}") for name, reason in BANNED_NAMES.items()),
    *(Ban("attribute", name, reason, f"x = text.{name}()") for name, reason in BANNED_ATTRIBUTES.items()),
    *CONSTRUCTS.values(),
)
_BAN_BY_KIND_AND_NAME = {(ban.kind, ban.name): ban for ban in BANS}

SET_TYPES = frozenset({"set", "frozenset", "Set", "FrozenSet", "AbstractSet", "MutableSet"})
SET_METHODS = frozenset({"union", "intersection", "difference", "symmetric_difference"})
# These see every element and give the same for every order.
ORDER_FREE = frozenset({"all", "any", "frozenset", "len", "max", "min", "set", "sorted", "sum"})
ORDER_REVEALING = frozenset(
    {"deque", "dict", "enumerate", "filter", "fromkeys", "iter", "join", "list", "map", "tuple", "zip"}
)


def impurities(module: Module, set_attributes: frozenset[str] = frozenset()) -> list[Finding]:
    """All uses of banned things in one module. `set_attributes` are fields known to hold sets (see `set_fields`)."""
    return [*_banned_imports(module), *_Visitor(module, set_attributes).findings]


def set_fields(modules: Iterable[Module]) -> frozenset[str]:
    """The names of class fields that are declared as sets."""
    return frozenset(
        statement.target.id
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        for statement in node.body
        if isinstance(statement, ast.AnnAssign)
        and isinstance(statement.target, ast.Name)
        and _is_set_annotation(statement.annotation)
    )


def _banned_imports(module: Module) -> list[Finding]:
    findings = []
    for found in imports_of(module, with_types=False):
        top, _, rest = found.name.partition(".")
        if top in BANNED_MODULES:
            findings.append(Finding(_BAN_BY_KIND_AND_NAME["module", top], module.path, found.line))
        elif top == "math":
            if rest and rest not in ALLOWED_MATH:
                findings.append(Finding(CONSTRUCTS["math beyond integers"], module.path, found.line))
        elif top not in ALLOWED_MODULES and top not in {"gbalang", "runtime"}:
            findings.append(Finding(CONSTRUCTS["a module nobody has weighed"], module.path, found.line))
    return findings


def _is_set_annotation(annotation: ast.expr | None) -> bool:
    base = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    match base:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in SET_TYPES
        case _:
            return False


class _Visitor(ast.NodeVisitor):
    """Walks one module; `_set_names` holds, per function, the local names that hold sets."""

    def __init__(self, module: Module, set_attributes: frozenset[str]) -> None:
        self.findings: list[Finding] = []
        self._path = module.path
        self._set_attributes = set_attributes
        self._set_names: list[set[str]] = []
        self._excused: set[ast.AST] = set()
        self._enter([each for each in module.tree.body if not isinstance(each, ast.FunctionDef | ast.ClassDef)])
        self.visit(module.tree)

    def _report(self, kind: Kind, name: str, node: ast.AST) -> None:
        self.findings.append(Finding(_BAN_BY_KIND_AND_NAME[kind, name], self._path, getattr(node, "lineno", 0)))

    # What is a set?

    def _enter(self, scope: Sequence[ast.AST]) -> None:
        """Open a scope and note the names that hold sets in it, in the order in which they are given."""
        names: set[str] = set()
        self._set_names.append(names)
        for node in (inner for outer in scope for inner in ast.walk(outer)):
            match node:
                case ast.arg(arg=name, annotation=annotation) if _is_set_annotation(annotation):
                    names.add(name)
                case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation) if _is_set_annotation(annotation):
                    names.add(name)
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if self._is_set(value):
                    names.add(name)
                case _:
                    pass

    def _is_set(self, node: ast.expr) -> bool:
        match node:
            case ast.Set() | ast.SetComp():
                return True
            case ast.Call(func=ast.Name(id="set" | "frozenset")):
                return True
            case ast.Call(func=ast.Attribute(attr=method)):
                return method in SET_METHODS
            case ast.BinOp(left=left, op=ast.BitOr() | ast.BitAnd() | ast.Sub() | ast.BitXor(), right=right):
                return any(self._is_set(side) or _is_view(side) for side in (left, right))
            case ast.IfExp(body=body, orelse=orelse):
                return self._is_set(body) or self._is_set(orelse)
            case ast.Name(id=name):
                return any(name in names for names in self._set_names)
            case ast.Attribute(attr=name):
                return name in self._set_attributes
            case _:
                return False

    # Scopes

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if node.name == "__del__":
            self._report("construct", "a finaliser", node)
        self._enter([node])
        self.generic_visit(node)
        self._set_names.pop()

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._report("construct", "async", node)
        self.generic_visit(node)

    # Order

    def visit_For(self, node: ast.For) -> None:
        self._check_iteration(node.iter)
        self.generic_visit(node)

    def visit_Starred(self, node: ast.Starred) -> None:
        if node not in self._excused:
            self._check_iteration(node.value)
        self.generic_visit(node)

    def visit_Set(self, node: ast.Set) -> None:
        self._excused.update(node.elts)
        self.generic_visit(node)

    def visit_ListComp(self, node: ast.ListComp) -> None:
        self._visit_comprehension(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self._visit_comprehension(node)

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._visit_comprehension(node)

    def _visit_comprehension(self, node: ast.ListComp | ast.GeneratorExp | ast.DictComp) -> None:
        if node not in self._excused:
            for generator in node.generators:
                self._check_iteration(generator.iter)
        self.generic_visit(node)

    def _check_iteration(self, iterated: ast.expr) -> None:
        if self._is_set(iterated):
            self._report("construct", "iteration over a set", iterated)

    def visit_Call(self, node: ast.Call) -> None:
        match node.func:
            case ast.Name(id=name) if name in ORDER_FREE and not node.keywords:
                self._excused.update(node.args)
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in ORDER_REVEALING:
                for argument in node.args:
                    self._check_iteration(argument)
            case ast.Attribute(value=value, attr="pop") if self._is_set(value):
                self._report("construct", "set.pop", node)
            case ast.Attribute(value=value, attr=name) if name in BANNED_ATTRIBUTES and not _is_name(value, "str"):
                self._report("attribute", name, node)
            case _:
                pass
        self.generic_visit(node)

    # Everything else

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load) and node.id in BANNED_NAMES:
            self._report("name", node.id, node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        match node:
            # `str.upper` handed to a function; a call is seen in visit_Call; a field of ours may be named `title`.
            case ast.Attribute(value=ast.Name(id="str"), attr=name) if name in BANNED_ATTRIBUTES:
                self._report("attribute", name, node)
            case ast.Attribute(value=ast.Name(id="math"), attr=name) if name not in ALLOWED_MATH:
                self._report("construct", "math beyond integers", node)
            case _:
                pass
        self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        if any(alias.name == "math" and alias.asname for alias in node.names):  # a second name would hide its uses
            self._report("construct", "math beyond integers", node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, float | complex):
            self._report("construct", "a float or complex literal", node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.Div):
            self._report("construct", "true division /", node)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.op, ast.Div):
            self._report("construct", "true division /", node)
        self.generic_visit(node)

    def visit_Global(self, node: ast.Global) -> None:
        self._report("construct", "a global statement", node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.type is None:
            self._report("construct", "a bare except", node)
        self.generic_visit(node)


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_view(node: ast.expr) -> bool:
    """`a.keys() & b.keys()` is a set, though neither side is one."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"keys", "items"}
