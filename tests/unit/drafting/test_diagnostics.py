"""What a drafter is told: habits from elsewhere, misspelt words, places that ask for something, no cascades."""

from __future__ import annotations

import pytest

from gbalang.ast.keywords import LANGUAGES
from gbalang.diagnostics.model import Diagnostic
from gbalang.diagnostics.render import remedy, sentence
from tests.unit.drafting.texts import HEAD, codes, findings

CHINESE = """合約 樣本 版本 1
  法律依據 "無"
  締約方 全部城市
  生效日期 2026-01-01

"""


def first(text: str, head: str = HEAD) -> Diagnostic:
    return findings(text, head)[0]


def parameter(type_: str, value: str, day: str = "2026-01-01") -> str:
    return f'article 1 "A"\n  parameter p: {type_} = {value} from {day}\n  rule r() gives {type_}\n    give p\n'


@pytest.mark.parametrize(
    ("text", "found", "suggestion"),
    [
        (parameter("Money HKD", "HKD 300"), "HKD 300", "300 HKD"),
        (parameter("Money HKD", "$300"), "$300", "300 HKD"),
        (parameter("Money HKD", "HK$ 1,300.50"), "HK$ 1,300.50", "1_300.50 HKD"),
        (parameter("Money MOP", "MOP$300"), "MOP$300", "300 MOP"),
        (parameter("Money CNY", "￥300元"), "￥300元", "300 CNY"),
        (parameter("Money HKD", "港幣300元"), "港幣300元", "300 HKD"),
        (parameter("Money CNY", "人民币 4,000 元"), "人民币 4,000 元", "4_000 CNY"),
        (parameter("Money HKD", "4,000 HKD"), "4,000", "4_000"),
        (parameter("Money HKD", "4 000 HKD"), "4 000", "4_000"),
        (parameter("Int", "4,000"), "4,000", "4_000"),
        (parameter("Int", "4", "01/02/2026"), "01/02/2026", "2026-02-01"),
        (parameter("Int", "4", "2026/2/1"), "2026/2/1", "2026-02-01"),
        (parameter("Int", "4", "2026年2月1日"), "2026年2月1日", "2026-02-01"),
        (parameter("Bool", "3 != 4"), "!=", "<>"),
        (parameter("Bool", "3 == 4"), "==", "="),
        (parameter("Percent", "50 percent"), "50 percent", "50%"),
        (parameter("City", "Hong Kong"), "Hong Kong", "HongKong"),
        ('article 1 "A"\n  text en 「費用」\n', "「費用」", "“費用”"),
        (parameter("Text(9 max characters)", "「費用」"), "「費用」", "“費用”"),
    ],
)
def test_a_habit_is_answered_with_what_to_write(text: str, found: str, suggestion: str) -> None:
    (said,) = findings(text)
    assert (said.code, said.fact("found"), said.fact("suggestion")) == ("E0123", found, suggestion)
    assert all(suggestion in remedy(said, language) for language in LANGUAGES)


@pytest.mark.parametrize("text", ["f(4,100) = 4", "f(1, 000) = 4", "f(12/6/2026, 1) = 4"])
def test_what_only_looks_like_a_habit_is_left_alone(text: str) -> None:
    given = f'article 1 "A"\n  rule f(a: Int, b: Int) gives Int\n    give 4\n  example "A" {text}\n'
    assert ("E0123" in codes(given)) == ("2026" in text)


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ('article 1 "A"\n  rule f(a: Int) gives Int\n    give 4\n  excepton e to f when a > 3\n', "exception"),
        ('article 1 "A"\n  rul f(a: Int) gives Int\n    give 4\n', "rule"),
        ('article 1 "A"\n  record R\n    a: Int\n  recrod S\n    a: Int\n', "record"),
        ('article 1 "A"\n  rule f(a: Int) givs Int\n    give 4\n', "gives"),
    ],
)
def test_a_misspelt_word_is_recognised(text: str, nearest: str) -> None:
    said = first(text)
    assert (said.code, said.fact("nearest")) == ("E0107", nearest)
    assert nearest in remedy(said, "en").partition("?")[0]


def test_after_a_rule_the_declarations_of_an_article_are_named() -> None:
    expected = first('article 1 "A"\n  rule f(a: Int) gives Int\n    give 4 5\n').fact("expected").split(", ")
    assert {"article", "rule", "exception", "act", "example", "parameter"} <= set(expected)
    assert not {"enter", "amend", "require", "refuse", "let"} & set(expected), "a rule has given by then"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "text",
    ['article 1 "A"\n  rule f() gives Int give 4 5\n', "5\n", 'article 1 "A"\n  record R a: 5\n', "article\n",
     'article 1 "A"\n  enum\n', 'article 1 "A"\n  rule f() gives Int give f( \n', 'article 1 "A" )\n'],
)  # fmt: skip
def test_what_may_stand_is_never_empty_and_named_once(text: str, language: str) -> None:
    for said in findings(text):
        if said.code in {"E0107", "E0108"}:
            names = said.fact("expected").split(", ")
            assert all(names)
            assert len(set(names)) == len(names)
            assert said.fact("expected") in remedy(said, language)


@pytest.mark.parametrize(
    ("written", "nearest"),
    [("person", "Person"), ("Integer", "Int"), ("int", "Int"), ("string", "Text"), ("date", "Date")],
)
def test_a_type_by_another_word(written: str, nearest: str) -> None:
    (said,) = findings(f'article 1 "A"\n  rule f(a: {written}) gives Int\n    give 4\n')
    assert (said.code, said.fact("nearest")) == ("E0201", nearest)


CASES = """article 1 "A"
  role applicant is any person
  record Case
    holder: Person
    status: Statsu
  register cases: Case by holder
  enum Status: filed, granted
  act file() by applicant
    enter Case(holder: actor, status: filed) in cases
  query status_of(holder: Person) by anyone gives Status
    give cases(holder).status
"""


def test_a_bad_type_in_a_record_is_said_once() -> None:
    (said,) = findings(CASES)
    assert (said.code, said.fact("nearest")) == ("E0201", "Status")


def test_a_bad_key_is_said_once() -> None:
    assert codes(CASES.replace("Statsu", "Status").replace("by holder\n", "by holdr\n")) == ["E0507"]


def test_an_equals_sign_after_a_field() -> None:
    (said,) = findings(CASES.replace("Statsu", "Status").replace("status: filed", "status = filed"))
    assert (said.code, said.fact("field")) == ("E0230", "status")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("  rule f(a: Money HKD) gives Money CNY\n    give a\n", "E0331"),
        ("  rule f(a: Bool) gives Int\n    give a\n", "E0301"),
        ("  rule f(a: Money CNY) gives Money CNY\n    give a * 0.5\n", "E0303"),
        ("  rule f(a: Money CNY) gives Money CNY\n    give a / 2\n", "E0304"),
        ("  parameter p: Money CNY = 300 HKD from 2026-01-01\n", "E0331"),
        ("  table t(a: Bool) gives Money CNY\n    from 2026-01-01 when true, false give 3 HKD end\n", "E0331"),
        ("  rule g(a: Money CNY) gives Int\n    give 1\n  rule f() gives Int\n    give g(3 HKD)\n", "E0331"),
    ],
)
def test_the_place_that_asks_is_shown(text: str, code: str) -> None:
    said = first('article 1 "A"\n' + text)
    assert said.code == code
    assert [label.role for label in said.labels] == ["declared"]


def test_a_field_that_asks_is_shown_itself() -> None:
    text = CASES.replace("Statsu", "Int").replace("gives Status", "gives Int")
    (said,) = [each for each in findings(text) if each.code == "E0301"]
    (label,) = said.labels
    assert (HEAD + text)[label.span.start : label.span.end] == "status: Int"


def test_the_currency_at_hand_is_proposed() -> None:
    said = first('article 1 "A"\n  rule f(a: Money JPY) gives Money JPY\n    give a / 2\n')
    assert all(remedy(said, language).endswith("1 JPY") for language in LANGUAGES)


def test_a_currency_is_named_without_its_places() -> None:
    said = first('article 1 "A"\n  rule f(a: Money CNY) gives Money CNY\n    give a + 3 HKD\n')
    assert (said.fact("left"), said.fact("right")) == ("Money CNY", "Money HKD")


def test_both_readings_of_a_mixture_are_shown() -> None:
    said = first('article 1 "A"\n  rule f(a: Bool, b: Bool, c: Bool) gives Bool\n    give a or b and not c\n')
    assert (said.fact("first"), said.fact("second")) == ("(a or b) and not c", "a or (b and not c)")


def test_both_readings_are_shown_in_the_words_of_the_file() -> None:
    text = '條文 1 "甲"\n  規則 己（甲：是否，乙：是否）得出 是否\n    給出 甲 或者 乙 並且 甲\n'
    said = first(text, CHINESE)
    assert (said.fact("first"), said.fact("second")) == ("(甲 或者 乙) 並且 甲", "甲 或者 (乙 並且 甲)")


def test_none_where_a_text_is_needed() -> None:
    (said,) = findings(CASES.replace("Statsu", "Text(9 max characters)").replace("status: filed", "status: none")
                       .replace("gives Status", "gives Text(9 max characters)"))  # fmt: skip
    assert (said.code, said.fact("wanted")) == ("E0332", "Text")


def test_what_must_be_known_is_named_in_the_readers_language() -> None:
    said = first('article 1 "A"\n  rule f(a: Int, b: Int) gives Int\n    give round up (a) to b\n')
    assert said.code == "E0323"
    assert "捨入" in sentence(said, "zh-Hant")
    assert "arredondar" in sentence(said, "pt")


def test_sets_and_lists_are_values_of_parameters() -> None:
    """The admitted cities of an instrument are the textbook case of a dated value."""
    text = """article 1 "A"
  parameter admitted: set of City up to 11 =
    set of [Guangzhou, Zhuhai] from 2026-01-01, set of [Zhuhai, Guangzhou, HongKong] from 2026-06-23
  parameter steps: list of Int up to 3 = [3, 1, 2] from 2026-01-01
  rule is_admitted(place: City) gives Bool
    give place in admitted
  rule first_step() gives Int
    give item 1 of steps
  example "Before" on 2026-06-22 not is_admitted(HongKong) and is_admitted(Zhuhai)
  example "After" on 2026-06-23 is_admitted(HongKong)
  example "First" first_step() = 3
"""
    assert codes(text) == []


def test_a_text_in_the_prevailing_language_is_missed() -> None:
    head = HEAD.replace("  effective", "  prevailing text zh-Hant\n  effective")
    text = 'article 1 "A"\n  text en "One."\n  rule f() gives Int\n    give 1\n  example "A" f() = 1\n'
    (said,) = findings(text, head)
    assert (said.code, said.fact("label"), said.fact("language")) == ("E0231", "1", "zh-Hant")
    assert codes(text.replace('"One."', '"One." zh-Hant "一。"'), head) == []
    assert codes(text.replace('  text en "One."\n', ""), head) == []


def test_working_days_beyond_the_calendars_are_warned_of() -> None:
    text = 'article 1 "A"\n  rule f(d: Date) gives Date\n    give 3 working days of Macao after d\n'
    example = '  example "A" f(2026-03-02) = 2026-03-05\n'
    assert codes(text + example) == []
    assert codes(text + example, HEAD.replace("01-01\n", "01-01\n  expires 2027-01-31\n")) == ["E0608"]


def test_a_long_sum_is_not_called_a_nesting() -> None:
    text = 'article 1 "A"\n  rule f() gives Int\n    give {}\n  example "A" f() = 50\n'
    assert codes(text.format(" + ".join(["1"] * 50))) == []
    assert codes(text.format(" + ".join(["1"] * 80))) == ["E0124"]
    assert codes(text.format("(" * 80 + "1" + ")" * 80))[0] == "E0113"


@pytest.mark.parametrize(
    "text",
    [
        "條文1\n  參數「上限」：款項CNY = 9 CNY 自2026-01-01\n  規則 費（甲：整數自0至5）得出款項 CNY\n    給出上限\n",
        "條文1\n  規則 費（收件：日期）得出日期\n    給出 5 個工作日 按澳門曆後於 收件\n",
        "條文1\n  規則 規則1（登記日期：日期，登記日1：整數）得出日期\n    給出 登記日期\n",
    ],
)
def test_glued_words_are_read_where_they_can_be_nothing_else(text: str) -> None:
    head = CHINESE.replace("版本 1", "版本1").replace("生效日期 2026", "生效日期2026").replace("締約方 全", "締約方全")
    assert not {"E0107", "E0108", "E0110", "E0201"} & set(codes(text, head))


@pytest.mark.parametrize(
    "text",
    [
        "條文 1\n  參數上限：款項 CNY = 1 CNY 自 2026-01-01\n",
        "條文 1\n  規則 己（甲：日期）得出 日期\n    給出 5 個工作日按澳門曆後於甲\n",
    ],
)
def test_a_glued_name_that_cannot_be_told_apart_is_asked_for_in_brackets(text: str) -> None:
    said = first(text, CHINESE)
    assert said.code == "E0110"
    assert all("「" in remedy(said, language) for language in LANGUAGES)
