"""gba test on examples of acts: where one goes otherwise it is told in four languages, and what fails can be pasted."""

from __future__ import annotations

from pathlib import Path

from tests.cli.running import gba, in_four_languages

TEXT = """contract permits version 1
  title en "Permits"
  basis "An agreement"
  parties Guangzhou, Macao
  effective 2026-01-01

article 1 "Permits"
  role clerk is department
  record Permit
    number: Int from 1 to 9
  register permits: Permit by number
  refusal given_already
    en "It is given."
    zh-Hant "已發出。"
    zh-Hans "已发出。"
    pt "Já foi concedida."

  act permit(number: Int from 1 to 9) by clerk
    require not permits has (number) else refuse given_already
    enter Permit(number: number) in permits
"""
CAST = """  example "Given twice"
    with office as clerk of Macao
    on 2026-03-02 office does permit(1)
"""
FAST = ("--histories", "3", "--cases", "3", "--no-apart")


def written(folder: Path, text: str) -> str:
    """Write an instrument and return where it stands."""
    path = folder / "permits.gba"
    path.write_text(text, "utf-8")
    return str(path)


def test_a_refusal_that_was_not_expected_is_told_with_its_words_and_its_condition(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT + CAST + "    on 2026-03-02 office does permit(1)\n")
    told = in_four_languages("test", path, *FAST)
    grounds = ("It is given.", "已發出。", "已发出。", "Já foi concedida.")
    for text, ground in zip(told, grounds, strict=True):
        assert text.count("on 2026-03-02 office does permit(1)") == 2
        assert ground in text
        assert "not permits has (number)" in text


def test_every_way_of_going_otherwise_has_its_words(tmp_path: Path) -> None:
    endings = (
        "    on 2026-03-02 office does permit(2) without power\n",
        "    on 2026-03-02 Macao does permit(2)\n",
        "    then permits has (2)\n",
    )
    told = [in_four_languages("test", written(tmp_path, TEXT + CAST + each), *FAST) for each in endings]
    # The line after the deeds, which tells how the last of them ended.
    ends = {(place, text.splitlines()[3]) for texts in told for place, text in enumerate(texts)}
    assert len(ends) == len(endings) * 4


def test_the_report_as_data_says_where_and_how(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT + CAST + "    on 2026-03-02 office does permit(1)\n")
    ran = gba("test", path, *FAST, "--json")
    (row,) = ran.document()["instruments"][0]["examples"]
    assert (ran.code, row["title"], row["holds"]) == (3, "Given twice", False)
    assert row["departure"] == {
        "before": ["on 2026-03-02 office does permit(1)"], "step": "on 2026-03-02 office does permit(1)",
        "ended": "refused", "refusal": "given_already", "condition": "not permits has (number)",
    }  # fmt: skip


def test_what_breaks_an_invariant_is_pasted_as_it_is_shown(tmp_path: Path) -> None:
    text = TEXT + "\n  invariant none_given holds every permit in entries of permits satisfies permit.number > 9\n"
    path = written(tmp_path, text)
    (row,) = gba("test", path, *FAST, "--json").document()["instruments"][0]["invariants"]
    assert row["example"] in gba("test", path, *FAST).out
    pasted = written(tmp_path, f"{text}\n{row['example']}\n")
    (example,) = gba("test", pasted, *FAST, "--json").document()["instruments"][0]["examples"]
    assert not example["holds"]
    assert example["departure"]["step"].startswith("then every permit in entries of permits")
    assert example["fault"] == row["fault"] == ""
