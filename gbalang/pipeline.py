"""From texts to a program, in memory: parse, check, emit, verify, look for open cases, encode.

The one place that knows the order of the stages. Nothing here reads a disk or writes one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from gbalang.ast import nodes as n
from gbalang.ast.parser import ParseResult, parse
from gbalang.cases import find_cases
from gbalang.check import typed as t
from gbalang.check.checker import CheckOutcome, check
from gbalang.diagnostics.codes import BY_NUMBER
from gbalang.diagnostics.model import Diagnostic, Severity
from gbalang.emit.assembly import BeyondLimit
from gbalang.emit.bounds import expect_program
from gbalang.emit.emitter import CannotEmit, EmitResult, emit
from gbalang.errors import InternalError
from gbalang.isa.container import ContainerRefused, ContainerRule, digest, encode_program
from gbalang.isa.program import LineMap, Program
from gbalang.isa.stack import VerificationRule
from gbalang.isa.verify import VerificationRefused, VerifiedProgram, verify
from gbalang.limits import BUNDLE_BYTES_MAX, COST_MAX, DECLARATIONS_MAX, PROGRAM_BYTES_MAX
from gbalang.source import SourceBundle, SourceFile, Span

_LIMITS = {
    VerificationRule.COST_MUST_BE_WITHIN_LIMIT: "cost",
    VerificationRule.TYPE_MUST_BE_WITHIN_SIZE: "type",
    VerificationRule.KEY_MUST_BE_WITHIN_SIZE: "key",
    VerificationRule.NESTING_MUST_BE_WITHIN_LIMIT: "nesting",
    VerificationRule.STACK_MUST_BE_WITHIN_LIMIT: "stack",
    VerificationRule.CALLS_MUST_BE_WITHIN_DEPTH: "rules that call one another",
    VerificationRule.OPERAND_MUST_BE_WITHIN_LIMIT: "operand",
    VerificationRule.ARGUMENTS_MUST_BE_WITHIN_LIMIT: "arguments",
}
"""Rules that a sound text may break by its size alone; any other that our own output breaks is our mistake."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """An instrument as the ledger takes it."""

    program: Program
    verified: VerifiedProgram
    line_map: LineMap
    container: bytes
    digest: str


@dataclass(frozen=True)
class Compilation:
    """What became of a text: its tree, its typed tree, its program, each if it got so far, and what was found."""

    document: n.Document | None
    typed: t.CheckedDocument | None
    compiled: Compiled | None
    diagnostics: tuple[Diagnostic, ...] = field(default=())

    @cached_property
    def failed(self) -> bool:
        """Whether a finding is an error."""
        return any(BY_NUMBER[found.code].severity is Severity.ERROR for found in self.diagnostics)


def compile_bundle(bundle: SourceBundle, read: Mapping[SourceFile, ParseResult] | None = None) -> Compilation:
    """Compile an instrument with what it imports. A calendar, and a library, have no program.

    `read`: files that whoever gathered the bundle has parsed already.
    """
    too_large = _beyond_size(bundle)
    if too_large is not None:
        return Compilation(None, None, None, (too_large,))
    known = {} if read is None else read
    parsed = known.get(bundle.main) or parse(bundle.main)
    modules: dict[str, n.Document] = {}
    diagnostics = list(parsed.diagnostics)
    for key, source in bundle.modules:
        module = known.get(source) or parse(source)
        diagnostics.extend(module.diagnostics)
        if module.document is not None:
            modules[key] = module.document
    if parsed.document is not None and not diagnostics:
        diagnostics = _beyond_declarations(bundle, [parsed.document, *modules.values()])
    if parsed.document is None or diagnostics:
        return Compilation(parsed.document, None, None, tuple(diagnostics))
    checked = check(parsed.document, modules)
    if not isinstance(checked.result, t.Contract):
        return Compilation(parsed.document, checked.result, None, _told(bundle, checked, ()))
    made = _compile(bundle, checked.result)
    found = made if isinstance(made, Diagnostic) else None
    cases = () if found is not None else find_cases(checked.result, parsed.document.language)
    further = cases if found is None else (*cases, found)
    result = Compilation(parsed.document, checked.result, None, _told(bundle, checked, further))
    if isinstance(made, Diagnostic) or result.failed or checked.result.form == "library":
        return result
    return Compilation(parsed.document, checked.result, made, result.diagnostics)


def _beyond_size(bundle: SourceBundle) -> Diagnostic | None:
    """Return the finding that an instrument with its imports is more than is read, each file once."""
    files = dict.fromkeys([bundle.main, *[source for _, source in bundle.modules]])
    size = sum(len(source.text.encode("utf-8", "surrogatepass")) for source in files)
    if len(files) == 1 or size <= BUNDLE_BYTES_MAX:
        return None
    facts = (("what", "instrument with imports"), ("size", str(size)), ("limit", str(BUNDLE_BYTES_MAX)))
    return Diagnostic("E0701", _whole(bundle), facts)


def _beyond_declarations(bundle: SourceBundle, documents: list[n.Document]) -> list[Diagnostic]:
    instruments = [document for document in documents if isinstance(document, n.Instrument)]
    count = sum(1 + len(article.declarations) for document in instruments for article in document.articles)
    if count <= DECLARATIONS_MAX:
        return []
    facts = (("what", "declarations"), ("count", str(count)), ("limit", str(DECLARATIONS_MAX)))
    return [Diagnostic("E0225", _whole(bundle), facts)]


def _told(bundle: SourceBundle, checked: CheckOutcome, further: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Put findings in the order of the text, the main one first; at the end, how many are left out."""
    found = (*checked.diagnostics, *further)
    ordered = sorted(found, key=lambda each: (each.span.path != bundle.main.path, each.span, each.code))
    if checked.left_out:
        ordered.append(Diagnostic("E0702", _whole(bundle), (("count", str(checked.left_out)),)))
    return tuple(ordered)


def _compile(bundle: SourceBundle, contract: t.Contract) -> Compiled | Diagnostic:
    try:
        emitted = emit(contract)
        expect_program(emitted.program)
    except BeyondLimit as beyond:
        return _too_many(bundle, beyond)
    except CannotEmit as cannot:
        return _beyond(contract, cannot.unsound.reason, cannot.function, cannot.unsound.detail, bundle)
    verified = verify(emitted.program)
    if isinstance(verified, VerificationRefused):
        name = "" if verified.function is None else emitted.program.functions[verified.function].name
        return _beyond(contract, verified.reason, name, verified.detail, bundle)
    line_map = _line_map(bundle, emitted)
    try:
        container = encode_program(emitted.program, line_map)
    except ContainerRefused as refused:
        if refused.reason is not ContainerRule.SIZE_MUST_BE_WITHIN_LIMIT:
            raise
        facts = (("what", "program"), ("size", f"> {PROGRAM_BYTES_MAX}"), ("limit", str(PROGRAM_BYTES_MAX)))
        return Diagnostic("E0701", _whole(bundle), facts)
    return Compiled(emitted.program, verified, line_map, container, digest(emitted.program))


def _beyond(
    contract: t.Contract, reason: VerificationRule, function: str, detail: str, bundle: SourceBundle
) -> Diagnostic:
    """Return the finding that a limit of the machine is exceeded."""
    if reason not in _LIMITS:
        raise InternalError(f"the compiler made an unsound program of {contract.name}: {reason.value}: {detail}")
    named = {rule.name: rule.span for rule in contract.rules}
    named |= {procedure.name: procedure.span for procedure in contract.procedures}
    span = named.get(function, _whole(bundle))
    if reason is VerificationRule.COST_MUST_BE_WITHIN_LIMIT:
        cost = detail.rpartition(": ")[2]
        return Diagnostic("E0514", span, (("act", function), ("cost", cost), ("limit", str(COST_MAX))))
    return Diagnostic("E0701", span, (("what", _LIMITS[reason]), ("size", detail), ("limit", reason.value)))


def _too_many(bundle: SourceBundle, beyond: BeyondLimit) -> Diagnostic:
    """Return the finding that a text holds more of something than a container does."""
    facts = (("what", beyond.what), ("count", str(beyond.size)), ("limit", str(beyond.limit)))
    return Diagnostic("E0225", beyond.span or _whole(bundle), facts)


def _whole(bundle: SourceBundle) -> Span:
    return Span(bundle.main.path, 0, 0)


def _line_map(bundle: SourceBundle, emitted: EmitResult) -> LineMap:
    paths = [bundle.main.path, *[source.path for _, source in bundle.modules]]
    used = sorted({span.path for places in emitted.places for _, span in places}, key=paths.index)
    entries = []
    for places in emitted.places:
        rows: list[tuple[int, int, int]] = []
        for instruction, span in places:
            source = bundle.file(span.path)
            line = 1 if source is None else source.lines.position(span.start)[0]
            if rows and rows[-1][0] == instruction:
                rows.pop()
            if not rows or rows[-1][1:] != (used.index(span.path), line):
                rows.append((instruction, used.index(span.path), line))
        entries.append(tuple(rows))
    return LineMap(tuple(used), tuple(entries))
