"""The words of the language in its four keyword languages: one table, read by lexer, printer and diagnostics.

A row is one use of one word. Most rows are a grammatical token of their own; where a language wants another word for
another use of the same token ("to" of a range, "to" of an exception), a further row names the token it stands for, so
that each language reads well while the grammar stays one. A row may be a phrase ("for each"): its words are ordinary
names elsewhere, so that few words are taken from the drafter. Builtin names (types, cities, calendars, weekdays, kinds
of holder, currencies) follow; cities and currencies apart, they mean something only where the grammar asks for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeAlias

from gbalang.ast.nodes import Language

LANGUAGES: tuple[Language, ...] = ("en", "zh-Hant", "zh-Hans", "pt")
Words: TypeAlias = tuple[str, str, str, str]
"""One word for each of LANGUAGES, in that order."""


@dataclass(frozen=True, slots=True)
class Keyword:
    """One row. `token` is what the grammar sees; a `soft` word may also be a name, as no place expects both."""

    id: str
    words: Words
    token: str
    soft: bool = False
    aliases: tuple[tuple[Language, str], ...] = ()

    def spellings(self, language: Language) -> tuple[str, ...]:
        """Return the word of a language, then its other accepted spellings there."""
        others = tuple(word for tag, word in self.aliases if tag == language)
        return (self.words[LANGUAGES.index(language)], *others)


def _row(identifier: str, *words: str, stands_for: str = "", soft: bool = False, **aliases: str) -> Keyword:
    """A row from its words; aliases are given as pt="ato", zh_hant="任何", several separated by a bar."""
    en, zh_hant, zh_hans, pt = words
    tags: dict[str, Language] = {"en": "en", "zh_hant": "zh-Hant", "zh_hans": "zh-Hans", "pt": "pt"}
    pairs = tuple((tags[key], word) for key, text in aliases.items() for word in text.split("|"))
    return Keyword(identifier, (en, zh_hant, zh_hans, pt), stands_for or identifier, soft, pairs)


KEYWORDS: tuple[Keyword, ...] = (
    # The instrument and its header.
    _row("CONTRACT", "contract", "合約", "合约", "contrato"),
    _row("LIBRARY", "library", "規則庫", "规则库", "biblioteca"),
    _row("CALENDAR", "calendar", "日曆", "日历", "calendário"),
    _row("VERSION", "version", "版本", "版本", "versão", soft=True),
    _row("YEAR", "year", "年度", "年度", "ano", soft=True),
    _row("TITLE", "title", "標題", "标题", "título", soft=True),
    _row("BASIS", "basis", "法律依據", "法律依据", "base legal", soft=True),
    _row("PARTIES", "parties", "締約方", "缔约方", "partes", soft=True),
    _row("ALL_CITIES", "all cities", "全部城市", "全部城市", "todas as cidades"),
    _row("PREVAILING_TEXT", "prevailing text", "作準文本", "作准文本", "texto prevalecente"),
    _row("EFFECTIVE", "effective", "生效日期", "施行日期", "entrada em vigor", soft=True, zh_hans="生效日期"),
    _row("EXPIRES", "expires", "屆滿日期", "届满日期", "caduca em", soft=True, zh_hant="失效日期", zh_hans="失效日期"),
    _row("REVIEW", "review", "檢討日期", "评估日期", "revisão", soft=True),
    _row("IMPORT", "import", "引用", "引用", "importar"),
    _row("IMPORT_FROM", "from", "來自", "来自", "do ficheiro", stands_for="FROM"),
    _row("WEEKEND", "weekend", "週末", "周末", "fim de semana", soft=True),
    _row("OFF", "off", "放假", "放假", "feriados", soft=True),
    _row("WORKING", "working", "調休上班", "调休上班", "dias de compensação", soft=True),
    _row("HALF", "half", "半日", "半日", "meios dias", soft=True),
    # Articles and declarations.
    _row("ARTICLE", "article", "條文", "条文", "artigo"),
    _row("TEXT", "text", "正文", "正文", "texto", soft=True),
    _row("TEXT_ONLY", "text only because", "只有正文因為", "只有正文因为", "apenas texto porque"),
    _row("ENUM", "enum", "列舉", "列举", "enumeração", zh_hans="枚举"),
    _row("RECORD", "record", "記錄", "记录", "ficha"),
    _row("ROLE", "role", "角色", "角色", "função", pt="papel"),
    _row("IS_ANY", "is any", "為任何", "为任何", "é qualquer", zh_hant="為 任何", zh_hans="为 任何"),
    _row("IS", "is", "為", "为", "é"),
    _row("PARAMETER", "parameter", "參數", "参数", "parâmetro"),
    _row("LOCAL_PARAMETER", "local parameter", "各市參數", "各市参数", "parâmetro local"),
    _row("BETWEEN", "between", "介乎", "介于", "entre"),
    _row("BOUND_AND", "and", "與", "与", "e", stands_for="AND"),
    _row("TABLE", "table", "對照表", "对照表", "tabela"),
    _row("REFUSAL", "refusal", "拒絕理由", "拒绝理由", "motivo de recusa"),
    _row("EVENT", "event", "事件", "事件", "evento"),
    _row("REGISTER", "register", "登記冊", "登记册", "registo"),
    _row("KEY_BY", "by", "依", "依", "por", stands_for="BY"),
    _row("BY", "by", "由", "由", "por"),
    _row("WHO_OR", "or", "或", "或", "ou", stands_for="OR"),
    _row("WHO_OF", "of", "屬", "属", "de", stands_for="OF"),
    _row("ANYONE", "anyone", "任何人", "任何人", "qualquer pessoa"),
    _row("RULE", "rule", "規則", "规则", "regra"),
    _row("EXCEPTION", "exception", "例外", "例外", "excepção", pt="exceção"),
    _row("EXCEPTION_TO", "to", "針對", "针对", "à", stands_for="TO"),
    _row("OVER", "over", "優先於", "优先于", "prevalece sobre"),
    _row("ACT", "act", "行為", "行为", "acto", pt="ato"),
    _row("QUERY", "query", "查詢", "查询", "consulta"),
    _row("INVARIANT", "invariant", "不變條件", "不变条件", "invariante"),
    _row("EXAMPLE", "example", "示例", "示例", "exemplo"),
    _row("ON", "on", "日期為", "日期为", "na data", zh_hant="當日", zh_hans="当日"),
    _row("CAST_AS", "as", "為", "为", "como", stands_for="IS"),
    _row("DOES", "does", "作出", "作出", "pratica"),
    _row("REFUSED", "refused", "被拒絕", "被拒绝", "recusado", soft=True),
    _row("WITHOUT_POWER", "without power", "無權為之", "无权为之", "sem competência"),
    _row("PROPERTY", "property", "性質", "性质", "propriedade"),
    _row("FOR_ANY", "for any", "對任何", "对任何", "para qualquer"),
    _row("HOLDS", "holds", "須符合", "须符合", "garante"),
    _row("GIVES", "gives", "得出", "得出", "devolve"),
    _row("GIVE", "give", "給出", "给出", "devolver"),
    _row("WHEN", "when", "當", "当", "quando"),
    _row("FROM", "from", "自", "自", "desde"),
    _row("TO", "to", "至", "至", "até"),
    # Types.
    _row("PLACES", "places", "位", "位", "casas", soft=True),
    _row("MAX_CHARACTERS", "max characters", "字以內", "字以内", "caracteres no máximo"),
    _row("LIST_OF", "list of", "列表", "列表", "lista de"),
    _row("SET_OF", "set of", "集合", "集合", "conjunto de"),
    _row("UP_TO", "up to", "最多", "最多", "com até"),
    _row("OPTIONAL", "optional", "可缺", "可缺", "opcional"),
    # Statements.
    _row("LET", "let", "設", "设", "seja"),
    _row("REQUIRE", "require", "要求", "要求", "exigir"),
    _row("REFUSE", "refuse", "拒絕", "拒绝", "recusar"),
    _row("ENTER", "enter", "登記", "登记", "inscrever"),
    _row("ENTER_IN", "in", "於", "于", "em", stands_for="IN"),
    _row("AMEND", "amend", "更改", "变更", "alterar", zh_hant="修訂", zh_hans="修订"),
    _row("WITH", "with", "以", "以", "com"),
    _row("REMOVE", "remove", "移除", "移除", "remover"),
    _row("ANNOUNCE", "announce", "公告", "公告", "anunciar"),
    _row("IF", "if", "如果", "如果", "se"),
    _row("THEN", "then", "則", "则", "então"),
    _row("ELSE", "else", "否則", "否则", "senão"),
    _row("FOR_EACH", "for each", "對每個", "对每个", "para cada"),
    _row("EACH_IN", "in", "取自", "取自", "em", stands_for="IN"),
    _row("DO", "do", "執行", "执行", "fazer"),
    _row("MATCH", "match", "區分", "区分", "distinguir"),
    _row("OTHERWISE", "otherwise", "其餘", "其余", "noutros casos"),
    _row("END", "end", "結束", "结束", "fim"),
    # Expressions.
    _row("OR", "or", "或者", "或者", "ou"),
    _row("AND", "and", "並且", "并且", "e"),
    _row("NOT", "not", "並非", "并非", "não"),
    _row("IN", "in", "列於", "列于", "em"),
    _row("NOT_IN", "not in", "未列於", "未列于", "não está em"),
    _row("IS_NONE", "is none", "不存在", "不存在", "está ausente"),
    _row("IS_PRESENT", "is present", "存在", "存在", "está presente"),
    _row("IS_WORKING_DAY", "is a working day", "為工作日", "为工作日", "é dia útil"),
    _row("HAS", "has", "載有", "载有", "contém"),
    _row("VALUE_OF", "value of", "取值", "取值", "valor de"),
    _row("OR_ELSE", "or else", "缺省為", "缺省为", "ou senão"),
    _row("SOME", "some", "具值", "具值", "algum"),
    _row("SOME_OF", "some", "有", "有", "algum", stands_for="SOME"),
    _row("EVERY", "every", "凡", "凡", "todo"),
    _row("SATISFIES", "satisfies", "符合", "符合", "satisfaz"),
    _row("WHERE", "where", "其中", "其中", "onde"),
    _row("SUM_OF", "sum of", "合計", "合计", "soma de"),
    _row("LEAST_OF", "least of", "最小值", "最小值", "mínimo de"),
    _row("GREATEST_OF", "greatest of", "最大值", "最大值", "máximo de"),
    _row("COUNT_OF", "count of", "計數", "计数", "contagem de"),
    _row("ENTRIES_OF", "entries of", "條目", "条目", "entradas de"),
    _row("AT_MOST", "at most", "至多", "至多", "no máximo"),
    _row("NUMBERS_FROM", "numbers from", "數列自", "数列自", "números desde"),
    _row("ITEM", "item", "取項", "取项", "elemento"),
    _row("ITEM_OF", "of", "出自", "出自", "de", stands_for="OF"),
    _row("CITY_OF", "city of", "所屬城市", "所属城市", "cidade de"),
    _row("YEAR_OF", "year of", "取年", "取年", "ano de"),
    _row("MONTH_OF", "month of", "取月", "取月", "mês de"),
    _row("DAY_OF", "day of", "取日", "取日", "dia de"),
    _row("DATE_OF", "date of", "取日期", "取日期", "data de"),
    _row("LENGTH_OF", "length of", "取長度", "取长度", "comprimento de"),
    _row("DAYS", "days", "日", "日", "dias", zh_hant="天", zh_hans="天"),
    _row("MONTHS", "months", "個月", "个月", "meses"),
    _row("YEARS", "years", "年", "年", "anos"),
    _row("WORKING_DAYS", "working days", "個工作日", "个工作日", "dias úteis", zh_hant="工作日", zh_hans="工作日"),
    _row("HOURS", "hours", "小時", "小时", "horas"),
    _row("MINUTES", "minutes", "分鐘", "分钟", "minutos"),
    _row("CALENDAR_OF", "of", "按", "按", "de", stands_for="OF"),
    _row("ANY_OF", "any of", "任一", "任一", "qualquer de"),
    _row("ALL_OF", "all of", "全部", "全部", "todos de"),
    _row("ROUNDING_UP", "rounding up", "月末順延", "月末顺延", "arredondando para cima"),
    _row("ROUNDING_DOWN", "rounding down", "月末提前", "月末提前", "arredondando para baixo"),
    _row("AFTER", "after", "後於", "后于", "depois de", zh_hant="之後", zh_hans="之后"),
    _row("BEFORE", "before", "先於", "先于", "antes de", zh_hant="之前", zh_hans="之前"),
    _row("ROUND_HALF_UP", "round half up", "四捨五入", "四舍五入", "arredondar metade para cima"),
    _row("ROUND_HALF_DOWN", "round half down", "逾半進位", "逾半进位", "arredondar metade para baixo",
         zh_hant="五捨六入", zh_hans="五舍六入"),
    _row("ROUND_HALF_EVEN", "round half even", "四捨六入五成雙", "四舍六入五成双", "arredondar metade ao par"),
    _row("ROUND_UP", "round up", "只入不捨", "只入不舍", "arredondar por excesso",
         zh_hant="無條件進位", zh_hans="无条件进位"),
    _row("ROUND_DOWN", "round down", "只捨不入", "只舍不入", "arredondar por defeito",
         zh_hant="無條件捨去", zh_hans="无条件舍去"),
    _row("ROUND_CEILING", "round ceiling", "向上捨入", "向上舍入", "arredondar ao valor superior",
         zh_hant="向上取整", zh_hans="向上取整", pt="arredondar ao tecto|arredondar ao teto"),
    _row("ROUND_FLOOR", "round floor", "向下捨入", "向下舍入", "arredondar ao valor inferior",
         zh_hant="向下取整", zh_hans="向下取整", pt="arredondar ao chão"),
    _row("ROUND_TO", "to", "至", "至", "a", stands_for="TO"),
    _row("AS_OF", "as of", "適用日", "适用日", "à data de"),
    _row("ACTOR", "actor", "行為人", "行为人", "autor", pt="agente"),
    _row("TODAY", "today", "今日", "今日", "hoje"),
    _row("NOW", "now", "此刻", "此刻", "agora"),
    _row("TRUE", "true", "真", "真", "verdadeiro"),
    _row("FALSE", "false", "假", "假", "falso"),
    _row("NONE", "none", "無", "无", "nenhum"),
)

KEYWORD_BY_ID = {row.id: row for row in KEYWORDS}
SOFT_TOKENS = tuple(row.token for row in KEYWORDS if row.soft)
INSTRUMENT_FORMS = ("CONTRACT", "LIBRARY", "CALENDAR")
DECLARATION_STARTS = (
    "ARTICLE", "ENUM", "RECORD", "ROLE", "PARAMETER", "LOCAL_PARAMETER", "TABLE", "REFUSAL", "EVENT", "REGISTER",
    "RULE", "EXCEPTION", "ACT", "QUERY", "INVARIANT", "EXAMPLE", "PROPERTY", "IMPORT",
)  # fmt: skip
"""Tokens that stand nowhere but at the beginning of a declaration: after a mistake, reading goes on at the next one."""


def word(identifier: str, language: Language) -> str:
    """Return the word of a row in a language."""
    return KEYWORD_BY_ID[identifier].words[LANGUAGES.index(language)]


# ---------------------------------------------------------------- builtin names

TYPES: dict[str, Words] = {
    "Bool": ("Bool", "是否", "是否", "Lógico"),
    "Int": ("Int", "整數", "整数", "Inteiro"),
    "Decimal": ("Decimal", "小數", "小数", "Decimal"),
    "Percent": ("Percent", "百分比", "百分比", "Percentagem"),
    "Money": ("Money", "款項", "款项", "Dinheiro"),
    "Text": ("Text", "文字", "文本", "Texto"),
    "Date": ("Date", "日期", "日期", "Data"),
    "Time": ("Time", "時間", "时间", "Momento"),
    "City": ("City", "城市", "城市", "Cidade"),
    "Person": ("Person", "自然人", "自然人", "PessoaSingular"),
    "Organisation": ("Organisation", "機構", "机构", "Organização"),
    "Department": ("Department", "部門", "部门", "Serviço"),
    "Actor": ("Actor", "行為主體", "行为主体", "Autor"),
}

CITIES: dict[str, Words] = {
    "HongKong": ("HongKong", "香港", "香港", "HongKong"),
    "Macao": ("Macao", "澳門", "澳门", "Macau"),
    "Guangzhou": ("Guangzhou", "廣州", "广州", "Guangzhou"),
    "Shenzhen": ("Shenzhen", "深圳", "深圳", "Shenzhen"),
    "Zhuhai": ("Zhuhai", "珠海", "珠海", "Zhuhai"),
    "Foshan": ("Foshan", "佛山", "佛山", "Foshan"),
    "Huizhou": ("Huizhou", "惠州", "惠州", "Huizhou"),
    "Dongguan": ("Dongguan", "東莞", "东莞", "Dongguan"),
    "Zhongshan": ("Zhongshan", "中山", "中山", "Zhongshan"),
    "Jiangmen": ("Jiangmen", "江門", "江门", "Jiangmen"),
    "Zhaoqing": ("Zhaoqing", "肇慶", "肇庆", "Zhaoqing"),
}
"""The eleven cities. Their words are reserved in every keyword language: a bare one is always the city."""

CALENDARS: dict[str, Words] = {
    "Mainland": ("Mainland", "內地曆", "内地历", "InteriorDaChina"),
    "HongKong": ("HongKong", "香港曆", "香港历", "HongKong"),
    "Macao": ("Macao", "澳門曆", "澳门历", "Macau"),
}
"""Understood where a calendar is asked for, and there alone: elsewhere `Macao` is the city."""

WEEKDAYS: tuple[Words, ...] = (
    ("Monday", "星期一", "星期一", "segunda"),
    ("Tuesday", "星期二", "星期二", "terça"),
    ("Wednesday", "星期三", "星期三", "quarta"),
    ("Thursday", "星期四", "星期四", "quinta"),
    ("Friday", "星期五", "星期五", "sexta"),
    ("Saturday", "星期六", "星期六", "sábado"),
    ("Sunday", "星期日", "星期日", "domingo"),
)
"""By weekday number, Monday 0."""

HOLDER_KINDS: dict[Literal["person", "organisation", "department", "city"], Words] = {
    "person": ("person", "自然人", "自然人", "pessoa singular"),
    "organisation": ("organisation", "機構", "机构", "organização"),
    "department": ("department", "部門", "部门", "serviço"),
    "city": ("city", "城市", "城市", "cidade"),
}

CURRENCIES: dict[str, int] = {
    "AED": 2, "AFN": 2, "ALL": 2, "AMD": 2, "AOA": 2, "ARS": 2, "AUD": 2, "AWG": 2, "AZN": 2, "BAM": 2, "BBD": 2,
    "BDT": 2, "BHD": 3, "BIF": 0, "BMD": 2, "BND": 2, "BOB": 2, "BRL": 2, "BSD": 2, "BTN": 2, "BWP": 2, "BYN": 2,
    "BZD": 2, "CAD": 2, "CDF": 2, "CHF": 2, "CLP": 0, "CNY": 2, "COP": 2, "CRC": 2, "CUP": 2, "CVE": 2, "CZK": 2,
    "DJF": 0, "DKK": 2, "DOP": 2, "DZD": 2, "EGP": 2, "ERN": 2, "ETB": 2, "EUR": 2, "FJD": 2, "FKP": 2, "GBP": 2,
    "GEL": 2, "GHS": 2, "GIP": 2, "GMD": 2, "GNF": 0, "GTQ": 2, "GYD": 2, "HKD": 2, "HNL": 2, "HTG": 2, "HUF": 2,
    "IDR": 2, "ILS": 2, "INR": 2, "IQD": 3, "IRR": 2, "ISK": 0, "JMD": 2, "JOD": 3, "JPY": 0, "KES": 2, "KGS": 2,
    "KHR": 2, "KMF": 0, "KPW": 2, "KRW": 0, "KWD": 3, "KYD": 2, "KZT": 2, "LAK": 2, "LBP": 2, "LKR": 2, "LRD": 2,
    "LSL": 2, "LYD": 3, "MAD": 2, "MDL": 2, "MGA": 2, "MKD": 2, "MMK": 2, "MNT": 2, "MOP": 2, "MRU": 2, "MUR": 2,
    "MVR": 2, "MWK": 2, "MXN": 2, "MYR": 2, "MZN": 2, "NAD": 2, "NGN": 2, "NIO": 2, "NOK": 2, "NPR": 2, "NZD": 2,
    "OMR": 3, "PAB": 2, "PEN": 2, "PGK": 2, "PHP": 2, "PKR": 2, "PLN": 2, "PYG": 0, "QAR": 2, "RON": 2, "RSD": 2,
    "RUB": 2, "RWF": 0, "SAR": 2, "SBD": 2, "SCR": 2, "SDG": 2, "SEK": 2, "SGD": 2, "SHP": 2, "SLE": 2, "SOS": 2,
    "SRD": 2, "SSP": 2, "STN": 2, "SVC": 2, "SYP": 2, "SZL": 2, "THB": 2, "TJS": 2, "TMT": 2, "TND": 3, "TOP": 2,
    "TRY": 2, "TTD": 2, "TWD": 2, "TZS": 2, "UAH": 2, "UGX": 0, "USD": 2, "UYU": 2, "UZS": 2, "VES": 2, "VND": 0,
    "VUV": 0, "WST": 2, "XAF": 0, "XCD": 2, "XOF": 0, "XPF": 0, "YER": 2, "ZAR": 2, "ZMW": 2,
}  # fmt: skip
"""ISO 4217 codes of money in use, with the digits of the minor unit. The codes are reserved words everywhere."""

CURRENCY_SIGNS: dict[str, str] = {
    r"HK\$": "HKD", r"MOP\$": "MOP", r"US\$": "USD", r"NT\$": "TWD", r"\$": "HKD", "RMB": "CNY", "[¥￥]": "CNY",
    "€": "EUR", "£": "GBP", "港[幣币元圓圆]": "HKD", "人民[幣币]": "CNY", "澳門[幣元]|澳门[币元]|葡[幣币]": "MOP",
    "美[元金]": "USD",
}
"""How people write a currency before an amount: patterns, with the code that is meant; `$` alone is Hong Kong's."""

TYPE_ALIASES = {"Pessoa": "Person", "Agente": "Actor"}
CITY_ALIASES = {"Cantão": "Guangzhou", "Macau": "Macao"}
CALENDAR_ALIASES = {
    "內地": "Mainland", "内地": "Mainland", "Continente": "Mainland",
    "香港": "HongKong", "澳門": "Macao", "澳门": "Macao",
}  # fmt: skip
_KIND_ALIASES: dict[str, Literal["person", "organisation", "department", "city"]] = {"pessoa": "person"}

_CATEGORIES: dict[str, Words] = {
    "NAME": ("a name", "名稱", "名称", "um nome"),
    "STRING": ("a text in quotes", "引號內的文字", "引号内的文字", "um texto entre aspas"),
    "NUMBER": ("a number", "數字", "数字", "um número"),
    "PERCENT": ("a percentage", "百分數", "百分数", "uma percentagem"),
    "DATE": ("a date", "日期", "日期", "uma data"),
    "TIME": ("a time", "時刻", "时刻", "uma hora"),
    "CITY": ("a city", "城市", "城市", "uma cidade"),
    "CURRENCY": ("a currency", "貨幣代碼", "货币代码", "uma moeda"),
    "DOTTED": ("an article number", "條號", "条号", "um número de artigo"),
    "$END": ("the end of the text", "文本結尾", "文本结尾", "o fim do texto"),
}
"""How diagnostics call the tokens that are no keywords."""

PUNCTUATION: dict[str, str] = {
    "LPAR": "(", "RPAR": ")", "LBRACKET": "[", "RBRACKET": "]", "_COMMA": ",", "COLON": ":", "DOT": ".", "EQUAL": "=",
    "NOT_EQUAL": "<>", "LESS": "<", "LESS_OR_EQUAL": "<=", "GREATER": ">", "GREATER_OR_EQUAL": ">=", "PLUS": "+",
    "MINUS": "-", "TIMES": "*", "DIVIDED": "/",
}  # fmt: skip
"""Tokens of punctuation with their canonical form."""


def token_words(token: str, language: Language) -> tuple[str, ...]:
    """Return how a token of the grammar is shown to a reader of a language: one text for each different word."""
    if token in PUNCTUATION:
        return (PUNCTUATION[token],)
    if token in _CATEGORIES:
        return (_CATEGORIES[token][LANGUAGES.index(language)],)
    rows = (row for row in KEYWORDS if row.token == token.removesuffix("_DATE") or row.token == token)
    return tuple(dict.fromkeys(row.spellings(language)[0] for row in rows))


@cache
def keyword_tokens(language: Language) -> dict[str, str]:
    """Return every spelling of a language, single words and phrases, with its grammatical token.

    A kind of holder that is a phrase ("pessoa singular") is read as one name, which is what the grammar asks for there.
    """
    kinds = (words[LANGUAGES.index(language)] for words in HOLDER_KINDS.values())
    names = {kind: "NAME" for kind in kinds if " " in kind}
    return names | {spelling: row.token for row in KEYWORDS for spelling in row.spellings(language)}


def _by_word(table: dict[str, Words], aliases: dict[str, str]) -> dict[str, str]:
    return {spelling: name for name, words in table.items() for spelling in words} | aliases


TYPE_BY_WORD = _by_word(TYPES, TYPE_ALIASES)
CITY_BY_WORD = _by_word(CITIES, CITY_ALIASES)
CALENDAR_BY_WORD = _by_word(CALENDARS, CALENDAR_ALIASES)
WEEKDAY_BY_WORD = {spelling: number for number, words in enumerate(WEEKDAYS) for spelling in words}
KIND_BY_WORD = {spelling: kind for kind, words in HOLDER_KINDS.items() for spelling in words} | _KIND_ALIASES
