"""What `gba test` says of findings, and of edges on which no example stands."""

from __future__ import annotations

from collections import Counter
from typing import Any

from gbalang.cli.session import Session
from gbalang.testing.findings import Worth
from gbalang.testing.found import Finding
from gbalang.testing.trial import Trial


def tell_findings(session: Session, trial: Trial, worth: Worth) -> None:
    """Say what is worth a look: what it is, the smallest story, what to do."""
    for finding in worth.found:
        session.line()
        session.say("test_finding", article=_label(trial, finding.article), what=_said(session, finding))
        for sentence in finding.story:
            session.line(f"    {sentence}")
        if finding.example:
            session.say("test_finding_paste")
            for line in finding.example.splitlines():
                session.line(f"    {line}")
        session.line("  " + session.word("finding_do_" + finding.kind, **dict(finding.facts)))


def _said(session: Session, finding: Finding) -> str:
    return session.word("finding_" + finding.kind, name=finding.name, **dict(finding.facts))


def findings_as_json(trial: Trial, worth: Worth) -> list[dict[str, Any]]:
    """Return the findings as data."""
    return [
        {
            "kind": finding.kind, "article": _label(trial, finding.article), "name": finding.name,
            "facts": dict(finding.facts), "story": list(finding.story), "example": finding.example,
        }
        for finding in worth.found
    ]  # fmt: skip


def tell_edges(session: Session, trial: Trial, worth: Worth, *, listed: bool) -> None:
    """Say on how many edges nothing stands, by article; list them if that was asked for."""
    unseen = worth.unseen
    if not unseen:
        return
    counts = Counter(_label(trial, edge.article) for edge in unseen)
    session.line()
    session.say(
        "test_edges", unseen=len(unseen), edges=len(worth.edges),
        articles=", ".join(f"{label}: {count}" for label, count in counts.items()),
    )  # fmt: skip
    for edge in unseen if listed else ():
        session.line(f"    {_label(trial, edge.article)}  {edge.where}: {edge.shown}")


def edges_as_json(trial: Trial, worth: Worth) -> dict[str, Any]:
    """Return the edges as data."""
    return {
        "compared": len(worth.edges),
        "without_example": [
            {"article": _label(trial, edge.article), "name": edge.where, "comparison": edge.shown}
            for edge in worth.unseen
        ],
    }  # fmt: skip


def _label(trial: Trial, article: int) -> str:
    return trial.program.articles[article].label
