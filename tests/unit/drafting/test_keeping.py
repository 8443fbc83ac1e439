"""The file of a kept failure: one text for each, and whatever else a file holds is refused with its place."""

from __future__ import annotations

import contextlib
import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gbalang.cli.keeping import (
    KEPT_BYTES_MAX,
    Kept,
    KeptCase,
    KeptDeed,
    KeptHistory,
    KeptRefused,
    decode_kept,
    encode_kept,
    file_name,
)
from gbalang.testing.histories import DEEDS_MAX

CASE: dict[str, Any] = {
    "kept": 1, "instrument": "fees", "property": "The fee is five",
    "case": {"day": "2027-01-01", "variables": {"spent": "1", "note": '"x"'}},
}  # fmt: skip
HISTORY: dict[str, Any] = {
    "kept": 1, "instrument": "purses", "invariant": "low",
    "deeds": [{
        "day": "2026-01-01", "actor": "Macao/a", "kind": "person", "city": "Macao", "roles": ["keeper", "payer"],
        "act": "put", "arguments": {"amount": "501"},
    }],
}  # fmt: skip


def refusal(document: Any) -> tuple[str, str]:
    """Return why a document is refused: the key, and the place."""
    with pytest.raises(KeptRefused) as refused:
        decode_kept(json.dumps(document).encode())
    return refused.value.key, refused.value.facts.get("place", "")


def changed(document: dict[str, Any], *way: str | int, to: Any) -> dict[str, Any]:
    """Return a document with another value in one place."""
    made: Any = copy.deepcopy(document)
    at = made
    for step in way[:-1]:
        at = at[step]
    at[way[-1]] = to
    result: dict[str, Any] = made
    return result


def test_what_a_file_says_is_read() -> None:
    assert decode_kept(json.dumps(CASE).encode()) == KeptCase(
        "fees", "The fee is five", "2027-01-01", (("note", '"x"'), ("spent", "1"))
    )
    deed = KeptDeed("2026-01-01", "Macao/a", "person", "Macao", ("keeper", "payer"), "put", (("amount", "501"),))
    assert decode_kept(json.dumps(HISTORY).encode()) == KeptHistory("purses", "low", (deed,))


PLAIN = st.text(st.characters(codec="utf-8"), max_size=20)
NAMED = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
BY_NAME = st.dictionaries(PLAIN, PLAIN, max_size=3).map(lambda each: tuple(sorted(each.items())))
DEEDS = st.builds(
    lambda holder, roles, act, arguments: KeptDeed(
        "2026-02-28", f"Macao/{holder}", "person", "Macao", tuple(sorted(roles)), act, arguments
    ),
    PLAIN, st.sets(NAMED, max_size=3), NAMED, BY_NAME,
)  # fmt: skip


@given(
    st.builds(KeptCase, NAMED, NAMED, st.sampled_from(["", "2026-02-28"]), BY_NAME)
    | st.builds(KeptHistory, NAMED, NAMED, st.lists(DEEDS, max_size=3).map(tuple))
)
def test_what_is_written_reads_back_and_is_one_text(kept: Kept) -> None:
    data = encode_kept(kept)
    assert decode_kept(data) == kept
    assert encode_kept(decode_kept(data)) == data


def test_what_cannot_be_seen_is_written_out() -> None:
    """A title that turns the direction of writing, or a value with a control, changes nothing that is seen."""
    data = encode_kept(KeptCase("fees", "five\u202e", "", (("note", '"\u0085\u200b"'),)))
    assert b'"five\\u202e"' in data
    assert b'\\"\\u0085\\u200b\\"' in data


def test_the_name_of_the_file_says_what_failed_and_is_fit_for_any_disk() -> None:
    names = {
        what: file_name(KeptCase("fees", what, "", ())).removesuffix(".json")
        for what in ("No more than 50%: a/b", "../../x", "費用 不超過", "\u202e\ufffe", "x" * 300, "漢" * 300)
    }
    hashes = {name.rpartition("-")[2] for name in names.values()}
    assert len(hashes) == len(names)
    assert all(len(each) == 10 and set(each) <= set("0123456789abcdef") for each in hashes)
    assert [name.rpartition("-")[0] for name in names.values()] == [
        "property-No-more-than-50-a-b", "property-x", "property-費用-不超過", "property",
        "property-" + "x" * 40, "property-" + "漢" * 40,
    ]  # fmt: skip
    assert file_name(KeptHistory("fees", "low", ())).startswith("invariant-low-")


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"\xff", b"\xef\xbb\xbf{}", b"[" * 200_000, b'{"a":' * 100_000, b'{"kept": 1, "kept": 1}',
        b'{"kept": ' + b"9" * 10_000 + b"}",
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused(data: bytes) -> None:
    with pytest.raises(KeptRefused) as refused:
        decode_kept(data)
    assert refused.value.key == "kept_not_json"


@pytest.mark.parametrize("document", [None, 1, "x", [], {}, {"kept": 1}, {**CASE, **HISTORY}, {**CASE, "more": 1}])
def test_what_has_not_the_parts_is_refused(document: Any) -> None:
    assert refusal(document) == ("kept_form", "-")


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (changed(CASE, "kept", to=2), "kept"),
        (changed(CASE, "kept", to=True), "kept"),
        (changed(CASE, "kept", to="1"), "kept"),
        (changed(CASE, "instrument", to=""), "instrument"),
        (changed(CASE, "property", to=["x"]), "property"),
        (changed(CASE, "case", to=[]), "case"),
        (changed(CASE, "case", "day", to=None), "case.day"),
        (changed(CASE, "case", "day", to="2027-1-1"), "case.day"),
        (changed(CASE, "case", "day", to="٢٠٢٧-٠١-٠١"), "case.day"),
        (changed(CASE, "case", "variables", to={"spent": 1}), "case.variables"),
        (changed(HISTORY, "deeds", to={}), "deeds"),
        (changed(HISTORY, "deeds", to=HISTORY["deeds"] * (DEEDS_MAX + 1)), "deeds"),
        (changed(HISTORY, "deeds", 0, to=1), "deeds[0]"),
        (changed(HISTORY, "deeds", 0, "day", to=""), "deeds[0].day"),
        (changed(HISTORY, "deeds", 0, "kind", to="actor"), "deeds[0].kind"),
        (changed(HISTORY, "deeds", 0, "city", to="Guangzhou"), "deeds[0].city"),
        (changed(HISTORY, "deeds", 0, "roles", to=["payer", "keeper"]), "deeds[0].roles"),
        (changed(HISTORY, "deeds", 0, "roles", to=["payer", "payer"]), "deeds[0].roles"),
        (changed(HISTORY, "deeds", 0, "roles", to=[None]), "deeds[0].roles[0]"),
        (changed(HISTORY, "deeds", 0, "arguments", to=[["amount", "501"]]), "deeds[0].arguments"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(document: Any, place: str) -> None:
    assert refusal(document) == ("kept_form", place)


def test_days_that_go_backwards_are_refused() -> None:
    later = changed(HISTORY, "deeds", 0, "day", to="2026-01-02")["deeds"]
    assert refusal(changed(HISTORY, "deeds", to=later + HISTORY["deeds"])) == ("kept_order", "")


def test_every_harmed_byte_is_read_or_refused_by_name() -> None:
    for document in (CASE, HISTORY):
        data = encode_kept(decode_kept(json.dumps(document).encode()))
        assert len(data) < KEPT_BYTES_MAX
        for position in range(len(data)):
            for harmed in (
                data[:position], data[:position] + data[position + 1 :],
                data[:position] + bytes([data[position] ^ 0x80]) + data[position + 1 :],
                data[:position] + b'"' + data[position:], data[:position] + b"0" + data[position + 1 :],
            ):  # fmt: skip
                with contextlib.suppress(KeptRefused):
                    decode_kept(harmed)
