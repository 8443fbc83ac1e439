"""The decision letter: what became of a transaction and why, in words and as data.

Everything in it comes from the transaction, its receipt, its program and the signer's certificate, so the letter of an
evidence file says the same as the letter of a running network, but for lines of the source, which nothing proves.
Conditions, facts and values are held in neutral form and shown in the reader's keyword language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gbalang.cli import moments
from gbalang.cli.desk import rejection_words
from gbalang.cli.neutral import in_language, text_of, what_would_change
from gbalang.cli.provenance import FaultPlace, Source, SourceKind, fault_place, sources_of
from gbalang.cli.session import echo
from gbalang.cli.words import word
from gbalang.diagnostics.outcomes import fault_sentence
from gbalang.isa.container import decode_program
from gbalang.isa.encoding import EncodingRefused
from gbalang.isa.program import Field, FunctionKind, LineMap, Program, TaggedText
from gbalang.isa.types import Reference, Type
from gbalang.isa.values import decode_value
from gbalang.literals import format_value, show_date, type_name
from gbalang.vm.faults import Fault
from runtime import codec, keys
from runtime.calls import find_function
from runtime.certificates import KIND_NAMES, HolderKind
from runtime.cities import Jurisdiction, city_by_identifier
from runtime.identities import certificate_fields, reference
from runtime.node import Node
from runtime.records import (
    AdmitCertificate,
    AdmittedCertificate,
    Adopt,
    Call,
    CastVote,
    OutcomeKind,
    Propose,
    ReasonKind,
    ReasonRecord,
    Receipt,
    RevokeCertificate,
    SignedTransaction,
)
from runtime.rejections import Rejection
from runtime.transition import day_of

RULE_WIDTH = 60
APPLICANTS = frozenset({HolderKind.PERSON, HolderKind.ORGANISATION})
"""Holders to whom the remedies of the law are told when an instrument refuses them."""

STATED_HEADINGS = {
    **dict.fromkeys(("reason", "reasons", "ground", "grounds", "理由", "原因", "fundamento", "fundamentos", "motivo",
                     "motivos"), "letter_ground"),
    **dict.fromkeys(("remedy", "remedies", "救濟途徑", "救济途径", "救濟", "救济", "meios_de_impugnação"),
                    "letter_remedy"),
}  # fmt: skip
"""Parameters of acts whose values stand under headings of their own."""

OUTCOMES = {
    OutcomeKind.DONE: "letter_granted",
    OutcomeKind.REFUSED: "letter_refused",
    OutcomeKind.FAULTED: "letter_undecided",
    OutcomeKind.REJECTED: "letter_undecided",
}
REMEDIES: dict[Jurisdiction | None, str] = {
    "CN": "letter_remedy_mainland",
    "HK": "letter_remedy_hong_kong",
    "MO": "letter_remedy_macao",
    None: "letter_remedy_any",
}
SOURCES = {
    SourceKind.ARGUMENT: "source_argument",
    SourceKind.PASSED: "source_passed",
    SourceKind.REGISTER: "source_register",
    SourceKind.PARAMETER: "source_parameter",
    SourceKind.RULE: "source_rule",
    SourceKind.CIRCUMSTANCE: "source_circumstance",
    SourceKind.COMPUTED: "source_computed",
}
MATTERS = {
    Propose: "matter_propose",
    CastVote: "matter_vote",
    Adopt: "matter_adopt",
    AdmitCertificate: "matter_admit",
    RevokeCertificate: "matter_revoke",
}
KIND_WORDS = {
    HolderKind.CITY: "kind_city",
    HolderKind.DEPARTMENT: "kind_department",
    HolderKind.ORGANISATION: "kind_organisation",
    HolderKind.PERSON: "kind_person",
}
assert len(KIND_WORDS) == len(HolderKind)
assert len(SOURCES) == len(SourceKind)


@dataclass(frozen=True, slots=True)
class Named:
    """A value with its name and type: of an argument, or of a field that was announced. Shown as in .gba."""

    name: str
    type: str
    value: str


@dataclass(frozen=True, slots=True)
class Announced:
    """An event with its fields."""

    name: str
    fields: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Examined:
    """A condition in neutral form, with what came of it and the ground to which it leads."""

    text: str
    met: bool
    article: int
    refusal: int


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that was weighed, in neutral form. `since`: from which day the parameter it came from has its value."""

    text: str
    type: str
    value: str
    sources: tuple[Source, ...]
    since: int | None


@dataclass(frozen=True, slots=True)
class Letter:
    """What became of a transaction. `signed` is None when the bytes are no transaction, `signer` when who signed is not
    proven, `program` when no instrument decided.
    """

    transaction: bytes
    signed: SignedTransaction | None
    signer: AdmittedCertificate | None
    receipt: Receipt
    time_ms: int
    program: Program | None
    line_map: LineMap | None

    def call(self) -> Call | None:
        """Return the call that was made, or None when it was something else."""
        payload = None if self.signed is None else self.signed.transaction.payload
        return payload if isinstance(payload, Call) else None

    def act(self) -> int | None:
        """Return the index of the act in the program that decided, or None."""
        call = self.call()
        if self.program is None or call is None:
            return None
        return find_function(self.program, call.act, FunctionKind.ACT)

    def ground(self, language: str) -> str:
        """Return why the transaction was not carried out; empty when it was."""
        match self.receipt.outcome:
            case OutcomeKind.DONE:
                return ""
            case OutcomeKind.REFUSED:
                assert self.program is not None
                return ground_of_refusal(self.program, self.receipt.code, language)
            case OutcomeKind.FAULTED:
                return fault_sentence(language, Fault(self.receipt.code).name)
            case OutcomeKind.REJECTED:
                return rejection_words(language, Rejection(self.receipt.code), self.receipt.detail)

    def article(self, index: int, language: str) -> str:
        """Return how an article is referred to."""
        assert self.program is not None
        return word(language, "letter_article", label=self.program.articles[index].label)

    def arguments(self) -> tuple[Named, ...]:
        """Return the call's arguments; empty when they do not fit the act."""
        call, act = self.call(), self.act()
        if call is None or act is None:
            return ()
        assert self.program is not None
        try:
            return self._named(self.program.functions[act].parameters, call.arguments)
        except EncodingRefused:
            return ()

    def announced(self) -> tuple[Announced, ...]:
        """Return the events announced."""
        if self.program is None:
            return ()
        events = [(self.program.events[record.event], record.values) for record in self.receipt.events]
        return tuple(Announced(event.name, self._named(event.fields, values)) for event, values in events)

    def announcements(self, language: str = "en") -> list[str]:
        """Return the events announced, as in .gba."""
        return [f"{event.name}({_listed(event.fields, language)})" for event in self.announced()]

    def conditions(self) -> tuple[Examined, ...]:
        """Return the conditions examined, in their order."""
        examined = []
        for reason in self.receipt.reasons:
            if reason.kind in {ReasonKind.CONDITION_MET, ReasonKind.CONDITION_FAILED}:
                assert self.program is not None
                row = self.program.conditions[reason.index]
                met = reason.kind is ReasonKind.CONDITION_MET
                examined.append(Examined(row.text, met, row.article, row.refusal))
        return tuple(examined)

    def facts(self) -> tuple[Fact, ...]:
        """Return the facts weighed, each once, with their sources."""
        facts: dict[tuple[str, str], Fact] = {}
        for reason in self._reasons(ReasonKind.NOTE):
            fact = self._fact(reason)
            facts.setdefault((fact.text, fact.value), fact)
        return tuple(facts.values())

    def applied(self) -> tuple[tuple[str, int], ...]:
        """Return (name, article) of the rules and exceptions that fired, each once."""
        assert self.program is not None or not self.receipt.reasons
        marks = [self.program.marks[reason.index] for reason in self._reasons(ReasonKind.MARK)] if self.program else []
        return tuple(dict.fromkeys((mark.name, mark.article) for mark in marks))

    def articles(self) -> tuple[int, ...]:
        """Return the articles that were applied: of the act, of the conditions examined, of the rules that fired."""
        if self.program is None:
            return ()
        act = self.act()
        found = {each.article for each in self.conditions()} | {article for _, article in self.applied()}
        return tuple(sorted(found if act is None else found | {self.program.functions[act].article}))

    def fault(self) -> FaultPlace | None:
        """Return where a fault happened, or None when there was none."""
        if self.receipt.outcome is not OutcomeKind.FAULTED or self.program is None:
            return None
        return fault_place(self.program, self.line_map, self.receipt.detail)

    def deciding_office(self) -> str:
        """Return the department that decided; empty when nothing was carried out, or not by a department."""
        signer, done = self.signer, self.receipt.outcome is OutcomeKind.DONE
        return reference(signer) if done and signer is not None and signer.kind == HolderKind.DEPARTMENT else ""

    def refused_applicant(self) -> bool:
        """Whether the instrument refused somebody to whom the law's remedies are open."""
        applicant = self.signer is None or HolderKind(self.signer.kind) in APPLICANTS
        return self.receipt.outcome is OutcomeKind.REFUSED and applicant

    def jurisdiction(self) -> Jurisdiction | None:
        """Return under whose law the decision was taken: of the one city that the act names. None when not known."""
        act = self.act()
        if act is None:
            return None
        assert self.program is not None
        parameters = self.program.functions[act].parameters
        cities = [named.value for field, named in zip(parameters, self.arguments(), strict=False)
                  if field.type == Reference("city")]  # fmt: skip
        city = city_by_identifier(cities[0]) if len(cities) == 1 else None
        return None if city is None else city.jurisdiction

    def _named(self, fields: tuple[Field, ...], values: tuple[bytes, ...]) -> tuple[Named, ...]:
        assert self.program is not None
        return tuple(
            Named(field.name, type_name(field.type, self.program), self._value(field.type, data))
            for field, data in zip(fields, values, strict=False)
        )

    def _value(self, type_: Type, data: bytes) -> str:
        assert self.program is not None
        return format_value(type_, decode_value(type_, data, self.program), self.program)

    def _fact(self, reason: ReasonRecord) -> Fact:
        assert self.program is not None
        note, act = self.program.notes[reason.index], self.act()
        sources = () if act is None else sources_of(self.program, act, reason.index)
        since = self._since(sources[0].parameter, reason.value, note.type) if len(sources) == 1 else None
        return Fact(note.text, type_name(note.type, self.program), self._value(note.type, reason.value), sources, since)

    def _since(self, index: int | None, data: bytes, type_: Type) -> int | None:
        """Return the day from which a parameter has the value that was weighed, if it is the instrument's own."""
        if index is None:
            return None
        assert self.program is not None
        value, today = decode_value(type_, data, self.program), day_of(self.time_ms)
        days = [day for day, each in self.program.parameters[index].values if day <= today and each == value]
        return days[-1] if days else None

    def _reasons(self, kind: ReasonKind) -> list[ReasonRecord]:
        return [reason for reason in self.receipt.reasons if reason.kind is kind]


def ground_of_refusal(program: Program, refusal: int, language: str) -> str:
    """Return the words that an instrument declares for a ground of refusal, with its article."""
    row = program.refusals[refusal]
    article = word(language, "letter_article", label=program.articles[row.article].label)
    return f"{pick(row.texts, language) or row.name} ({article})"


def pick(texts: tuple[TaggedText, ...], language: str) -> str:
    """Return the text in a language; failing that the one in the nearest of the four; failing that the first."""
    by_language = dict(texts)
    order = {
        "en": ("en", "zh-Hant", "zh-Hans", "pt", ""),
        "zh-Hant": ("zh-Hant", "zh-Hans", "", "en", "pt"),
        "zh-Hans": ("zh-Hans", "zh-Hant", "", "en", "pt"),
        "pt": ("pt", "en", "zh-Hant", "zh-Hans", ""),
    }[language]
    for tag in order:
        if tag in by_language:
            return by_language[tag]
    return ""


def write_letter(node: Node, transaction: bytes) -> Letter:
    """Return the letter of a transaction that stands in a node's ledger. Raises LookupError."""
    place = node.place(transaction)
    if place is None:
        raise LookupError("no such transaction")
    receipt = node.receipt(*place)
    block = node.block(place[0])
    assert receipt is not None
    assert block is not None
    try:
        signed = codec.decode_transaction(block.transactions[place[1]])
    except codec.Undecodable:
        signed = None
    signer = None if signed is None else certificate_fields(node.state, signed.transaction.signer)
    content = node.state.get(keys.program(receipt.program)) if receipt.program else None
    program, line_map = (None, None) if content is None else decode_program(content)
    return Letter(transaction, signed, signer, receipt, block.header.time_ms, program, line_map)


# ---------------------------------------------------------------- for people


def letter_sections(letter: Letter, language: str) -> list[tuple[str, list[str]]]:
    """Return the letter as headed sections of lines; empty sections are left out."""
    by = [] if letter.signer is None else [show_signer(letter.signer, language)]
    office = letter.deciding_office()
    undecided = letter.receipt.outcome in {OutcomeKind.FAULTED, OutcomeKind.REJECTED}
    sections = [
        ("letter_transaction", [letter.transaction.hex()]),
        ("letter_matter", [_matter(letter, language)]),
        ("letter_by", by),
        ("letter_decided_by", [office] if office else []),
        ("letter_considered_on" if undecided else "letter_on", [moments.show_moment_with_zone(letter.time_ms)]),
        ("letter_rule", _governed_by(letter, language)),
        ("letter_outcome", [word(language, OUTCOMES[letter.receipt.outcome]), *letter.announcements(language)]),
        ("letter_ground", _grounds(letter, language)),
        ("letter_stated_by_office" if office else "letter_stated", _stated(letter, language)),
        ("letter_conditions", _conditions(letter, language)),
        ("letter_would", _would(letter, language)),
        ("letter_facts", [_fact(letter, fact, language) for fact in letter.facts()]),
        ("letter_applied", [f"{name} ({letter.article(article, language)})" for name, article in letter.applied()]),
        ("letter_remedy", _remedies(letter, language)),
        ("letter_block", [str(letter.receipt.height)]),
    ]
    return [(word(language, key), lines) for key, lines in sections if lines]


def show_signer(signer: AdmittedCertificate, language: str) -> str:
    """Return who signed, with kind and roles."""
    kind = word(language, KIND_WORDS[HolderKind(signer.kind)])
    return f"{reference(signer)} ({', '.join([kind, *signer.roles])})"


def _matter(letter: Letter, language: str) -> str:
    call = letter.call()
    if call is not None:
        return call.act
    if letter.signed is None:
        return word(language, "matter_unreadable")
    return word(language, MATTERS[type(letter.signed.transaction.payload)])


def _listed(values: tuple[Named, ...], language: str) -> str:
    return ", ".join(f"{each.name}: {in_language(each.value, language)}" for each in values)


def _governed_by(letter: Letter, language: str) -> list[str]:
    program = letter.program
    if program is None:
        return []
    lines = [
        word(
            language, "letter_rule_text", title=pick(program.titles, language) or program.name, name=program.name,
            version=program.version, digest="sha256:" + letter.receipt.program.hex()[:16] + "…",
        )
    ]
    lines.extend(program.bases)
    for index in letter.articles():
        article = letter.article(index, language)
        bases = program.articles[index].bases
        lines.extend(word(language, "letter_basis", article=article, basis=basis) for basis in bases)
    return lines


def _grounds(letter: Letter, language: str) -> list[str]:
    """Why nothing was done; or, of what was done, the reasons that the act states."""
    ground = letter.ground(language)
    return [*([ground] if ground else []), *_fault_lines(letter, language), *_stated_under(letter, "letter_ground")]


def _fault_lines(letter: Letter, language: str) -> list[str]:
    place = letter.fault()
    if place is None:
        return []
    assert letter.program is not None
    article = letter.article(place.article, language)
    where = word(language, "fault_at", article=article, function=place.function)
    if place.line is not None:
        where = word(language, "fault_at_line", where=where, path=place.line[0], line=place.line[1])
    lines = [where]
    if place.register is not None:
        register = letter.program.registers[place.register]
        own = letter.article(register.article, language)
        lines.append(word(language, "source_register", name=register.name, article=own))
    if place.bound is not None:
        lines.append(word(language, "fault_bound", bound=place.bound))
    if place.calendars:
        lines.append(word(language, "fault_calendars", calendars=", ".join(place.calendars)))
    return lines


def _stated_under(letter: Letter, heading: str) -> list[str]:
    if letter.receipt.outcome is not OutcomeKind.DONE:
        return []
    return [text_of(each.value) for each in letter.arguments() if STATED_HEADINGS.get(each.name.lower()) == heading]


def _stated(letter: Letter, language: str) -> list[str]:
    return [f"{each.name}: {in_language(each.value, language)}" for each in letter.arguments()]


def _conditions(letter: Letter, language: str) -> list[str]:
    lines = []
    for each in letter.conditions():
        came = word(language, "letter_met" if each.met else "letter_failed")
        lines.append(f"{in_language(each.text, language)} ({letter.article(each.article, language)}): {came}")
    return lines


def _would(letter: Letter, language: str) -> list[str]:
    return [what_would_change(each.text, language) for each in letter.conditions() if not each.met]


def _fact(letter: Letter, fact: Fact, language: str) -> str:
    shown = f"{in_language(fact.text, language)} = {in_language(fact.value, language)}"
    sources = "; ".join(_source(letter, fact, source, language) for source in fact.sources)
    return word(language, "letter_fact", fact=shown, source=sources) if sources else shown


def _source(letter: Letter, fact: Fact, source: Source, language: str) -> str:
    article = "" if source.article is None else letter.article(source.article, language)
    if fact.since is not None:
        return word(language, "source_parameter_since", name=source.name, article=article, day=show_date(fact.since))
    return word(language, SOURCES[source.kind], name=source.name, article=article)


def _remedies(letter: Letter, language: str) -> list[str]:
    """What the act itself states; what the law opens to a refused applicant; who must mend what kept from deciding."""
    lines = _stated_under(letter, "letter_remedy")
    if letter.refused_applicant():
        lines.append(word(language, REMEDIES[letter.jurisdiction()]))
    if letter.receipt.outcome is OutcomeKind.FAULTED:
        lines.append(word(language, "letter_remedy_fault"))
    return lines


def print_letter(letter: Letter, language: str) -> None:
    """Print the letter for people."""
    echo(word(language, "letter_title"))
    echo("─" * RULE_WIDTH)
    for heading, lines in letter_sections(letter, language):
        echo(f"{heading}:")
        for line in lines:
            echo(f"    {line}")
    echo()


# ---------------------------------------------------------------- for tools


def letter_document(letter: Letter) -> dict[str, Any]:
    """Return the letter as data: keys and codes are English whatever the reader's language, texts in all languages."""
    receipt, program, call = letter.receipt, letter.program, letter.call()
    return {
        "transaction": letter.transaction.hex(),
        "height": receipt.height,
        "index": receipt.index,
        "time": moments.show_iso(letter.time_ms),
        "signer": signer_document(letter.signer),
        "outcome": receipt.outcome.name.lower(),
        "code": receipt.code,
        "cost": str(receipt.cost),
        "act": None if call is None else call.act,
        "contract": None if program is None else program.name if call is None else call.contract,
        "version": None if program is None else program.version,
        "digest": None if program is None else "sha256:" + receipt.program.hex(),
        "bases": [] if program is None else list(program.bases),
        "articles": [] if program is None else [
            {"article": program.articles[index].label, "bases": list(program.articles[index].bases)}
            for index in letter.articles()
        ],
        "ground": _ground_document(letter),
        "arguments": [_named_document(each) for each in letter.arguments()],
        "conditions": _condition_documents(letter),
        "facts": [_fact_document(letter, fact) for fact in letter.facts()],
        "applied": [{"name": name, "article": _label(letter, article)} for name, article in letter.applied()],
        "announced": [
            {"event": event.name, "fields": [_named_document(each) for each in event.fields]}
            for event in letter.announced()
        ],
        "remedy": _remedy_document(letter),
    }  # fmt: skip


def signer_document(signer: AdmittedCertificate | None) -> dict[str, Any] | None:
    """Return who signed, for tools."""
    if signer is None:
        return None
    return {
        "reference": reference(signer), "kind": KIND_NAMES[HolderKind(signer.kind)], "name": signer.name,
        "roles": list(signer.roles),
    }


def _label(letter: Letter, article: int) -> str:
    assert letter.program is not None
    return letter.program.articles[article].label


def _named_document(named: Named) -> dict[str, str]:
    return {"name": named.name, "type": named.type, "value": named.value}


def _ground_document(letter: Letter) -> dict[str, Any] | None:
    receipt, place = letter.receipt, letter.fault()
    match receipt.outcome:
        case OutcomeKind.DONE:
            return None
        case OutcomeKind.REFUSED:
            assert letter.program is not None
            refusal = letter.program.refusals[receipt.code]
            return {"name": refusal.name, "article": _label(letter, refusal.article), "texts": dict(refusal.texts)}
        case OutcomeKind.FAULTED:
            return {"name": Fault(receipt.code).name.lower(), "place": None if place is None else _place(letter, place)}
        case OutcomeKind.REJECTED:
            return {"name": Rejection(receipt.code).name.lower(), "detail": receipt.detail}


def _place(letter: Letter, place: FaultPlace) -> dict[str, Any]:
    assert letter.program is not None
    return {
        "article": _label(letter, place.article),
        "function": place.function,
        "line": None if place.line is None else {"path": place.line[0], "line": place.line[1]},
        "register": None if place.register is None else letter.program.registers[place.register].name,
        "bound": place.bound,
        "calendars": list(place.calendars),
    }


def _condition_documents(letter: Letter) -> list[dict[str, Any]]:
    program = letter.program
    return [] if program is None else [
        {"text": each.text, "met": each.met, "article": program.articles[each.article].label,
         "refusal": program.refusals[each.refusal].name}
        for each in letter.conditions()
    ]  # fmt: skip


def _fact_document(letter: Letter, fact: Fact) -> dict[str, Any]:
    return {
        "text": fact.text,
        "type": fact.type,
        "value": fact.value,
        "sources": [
            {"kind": each.kind.value, "name": each.name,
             "article": None if each.article is None else _label(letter, each.article)}
            for each in fact.sources
        ],
        "since": None if fact.since is None else show_date(fact.since),
    }  # fmt: skip


def _remedy_document(letter: Letter) -> dict[str, Any]:
    return {
        "open_to_applicant": letter.refused_applicant(),
        "jurisdiction": letter.jurisdiction(),
        "mended_by": list(letter.program.parties) if letter.fault() is not None and letter.program is not None else [],
        "stated": _stated_under(letter, "letter_remedy"),
    }
