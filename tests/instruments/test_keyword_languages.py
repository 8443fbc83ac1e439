"""The instruments in all four keyword languages; words that were replaced by clearer ones are still read."""

from __future__ import annotations

import pytest

from gbalang import bundled
from gbalang.ast.keywords import KEYWORDS, LANGUAGES
from gbalang.ast.nodes import Language
from gbalang.ast.parser import parse
from gbalang.ast.printer import print_document
from gbalang.pipeline import compile_bundle
from gbalang.source import SourceBundle, SourceFile
from tests.instruments.stage import INSTRUMENTS

SAMPLES: dict[Language, tuple[str, dict[str, str]]] = {
    # A text in the words of today, and for each word that was another one, that earlier word.
    "zh-Hant": (
        """合約 用詞 版本 1
  法律依據 "示範"
  締約方 全部城市
  生效日期 2026-01-01
  屆滿日期 2026-12-31

條文 1 "捨入"
  規則 整數甲(數: 款項 CNY) 得出 款項 CNY
    給出 逾半進位 (數 * 15%) 至 0.01 CNY

  規則 整數乙(數: 款項 CNY) 得出 款項 CNY
    給出 只入不捨 (數 * 15%) 至 0.01 CNY

  規則 整數丙(數: 款項 CNY) 得出 款項 CNY
    給出 只捨不入 (數 * 15%) 至 0.01 CNY

  規則 整數丁(數: 款項 CNY) 得出 款項 CNY
    給出 向上捨入 (數 * 15%) 至 0.01 CNY

  規則 整數戊(數: 款項 CNY) 得出 款項 CNY
    給出 向下捨入 (數 * 15%) 至 0.01 CNY

  示例 "半分不進" 日期為 2026-03-02
    整數甲(0.10 CNY) = 0.01 CNY
        並且 整數乙(0.10 CNY) = 0.02 CNY
        並且 整數丙(0.10 CNY) = 0.01 CNY
        並且 整數丁(0.10 CNY) = 0.02 CNY
        並且 整數戊(0.10 CNY) = 0.01 CNY

條文 2 "登記"
  角色 申請人 為任何 自然人
  記錄 個案
    人: 自然人
    末日: 日期

  登記冊 各個案: 個案 依 人

  行為 登記一次() 由 申請人
    如果 各個案 載有 (行為人) 則
      更改 各個案(行為人) 以 末日: 今日
    否則
      登記 個案(人: 行為人, 末日: 今日) 於 各個案
    結束
""",
        {
            "屆滿日期": "失效日期", "逾半進位": "五捨六入", "只入不捨": "無條件進位", "只捨不入": "無條件捨去",
            "向上捨入": "向上取整", "向下捨入": "向下取整", "日期為": "當日", "更改": "修訂",
        },
    ),
    "zh-Hans": (
        """合约 用词 版本 1
  法律依据 "示范"
  缔约方 全部城市
  施行日期 2026-01-01
  届满日期 2026-12-31

条文 1 "舍入"
  列举 类别: 甲类, 乙类

  规则 计整(数: 款项 CNY, 类: 类别) 得出 款项 CNY
    给出 如果 类 = 甲类 则 逾半进位 (数 * 15%) 至 0.01 CNY 否则 只入不舍 (数 * 15%) 至 0.01 CNY

  规则 另一计整(数: 款项 CNY) 得出 款项 CNY
    给出 向上舍入 (数 * 15%) 至 0.01 CNY

  示例 "半分不进" 日期为 2026-03-02
    计整(0.10 CNY, 甲类) = 0.01 CNY 并且 另一计整(0.10 CNY) = 0.02 CNY
""",
        {
            "届满日期": "失效日期", "列举": "枚举", "逾半进位": "五舍六入", "只入不舍": "无条件进位",
            "向上舍入": "向上取整", "日期为": "当日",
        },
    ),
    "pt": (
        """contrato palavras versão 1
  base legal "modelo"
  partes todas as cidades
  entrada em vigor 2026-01-01

artigo 1 "Prazo e arredondamento"
  função requerente é qualquer pessoa singular ou organização
  função serviço_competente é serviço

  regra prazo(recebido: Data) devolve Data
    devolver 10 dias úteis de InteriorDaChina depois de recebido

  regra montante(valor: Dinheiro CNY) devolve Dinheiro CNY
    devolver arredondar ao valor superior (valor * 15%) a 0.01 CNY

  regra outro_montante(valor: Dinheiro CNY) devolve Dinheiro CNY
    devolver arredondar ao valor inferior (valor * 15%) a 0.01 CNY

  exemplo "Meio cêntimo"
    montante(0.10 CNY) = 0.02 CNY e outro_montante(0.10 CNY) = 0.01 CNY

artigo 2 "Processos"
  ficha Processo
    requerente: Autor
    gestor: PessoaSingular
    termo: Data

  registo processos: Processo por requerente

  acto requerer(gestor: PessoaSingular) por requerente
    inscrever Processo(requerente: autor, gestor: gestor, termo: prazo(hoje)) em processos
""",
        {
            "função": "papel", "pessoa singular": "pessoa", "InteriorDaChina": "Continente",
            "(valor * 15%) a": "(valor * 15%) até", "ao valor superior": "ao tecto", "ao valor inferior": "ao chão",
            "Autor": "Agente", "PessoaSingular": "Pessoa", "autor,": "agente,",
        },
    ),
}  # fmt: skip


def _in_language(text: str, language: Language) -> str:
    document = parse(SourceFile("instrument.gba", text)).document
    assert document is not None
    return print_document(document, language)


def _digest(text: str) -> str:
    compilation = compile_bundle(SourceBundle(SourceFile("instrument.gba", text)))
    assert compilation.compiled is not None, compilation.diagnostics
    return compilation.compiled.digest


@pytest.mark.parametrize("name", INSTRUMENTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_instrument_is_the_same_program_in_every_keyword_language(name: str, language: Language) -> None:
    text = bundled.read_contract_file(name).decode("utf-8")
    translated = _in_language(text, language)
    assert _digest(translated) == _digest(text)
    assert _in_language(translated, "en") == text


@pytest.mark.parametrize("language", SAMPLES)
def test_the_sample_is_written_in_the_words_of_today(language: Language) -> None:
    text, _ = SAMPLES[language]
    assert _in_language(text, language).split() == text.split()


@pytest.mark.parametrize("language", SAMPLES)
def test_earlier_words_are_still_read(language: Language) -> None:
    text, earlier = SAMPLES[language]
    before = text
    for today, then in earlier.items():
        assert today in before
        before = before.replace(today, then)
    assert _digest(before) == _digest(text)
    assert _in_language(before, language) == _in_language(text, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_a_language_is_two_tokens(language: Language) -> None:
    tokens: dict[str, str] = {}
    for row in KEYWORDS:
        for spelling in row.spellings(language):
            assert tokens.setdefault(spelling, row.token) == row.token, spelling
