"""What the command line says, in four languages: one row for each phrase. A test proves every row complete.

`{name}` stands for a fact. Diagnostics, faults and refusals have tables of their own.
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, str, str, str]] = {
    # key: (en, zh-Hant, zh-Hans, pt)
    "internal_error": (
        "This is our own mistake, not yours: {what}. Please report it with the command you ran.",
        "這是本程式自身的錯誤，並非閣下之誤：{what}。請連同所執行的命令一併報告。",
        "这是本程序自身的错误，并非您的错误：{what}。请连同所执行的命令一并报告。",
        "O erro é nosso e não seu: {what}. Queira comunicá-lo com o comando que executou.",
    ),
    "machine_refuses": (
        "The machine does not do this: {what}.", "系統未能執行：{what}。", "系统未能执行：{what}。",
        "A máquina não o faz: {what}.",
    ),
    "output_closed": (
        "There is no standard output to print to.", "沒有可供輸出的標準輸出。", "没有可供输出的标准输出。",
        "Não há saída padrão onde escrever.",
    ),
    "usage": ("Usage: {usage}", "用法：{usage}", "用法：{usage}", "Utilização: {usage}"),
    "usage_help": (
        "Help: {command} --help", "說明：{command} --help", "帮助：{command} --help", "Ajuda: {command} --help"
    ),
    "usage_error": ("Error: {message}", "錯誤：{message}", "错误：{message}", "Erro: {message}"),
    "usage_command": (
        "there is no such command; there are: {known}.", "沒有該命令；現有：{known}。", "没有该命令；现有：{known}。",
        "não existe esse comando; existem: {known}.",
    ),
    "usage_option": (
        "there is no option {name}.", "沒有選項 {name}。", "没有选项 {name}。", "não existe a opção {name}."
    ),
    "usage_missing": ("{name} is missing.", "欠缺 {name}。", "缺少 {name}。", "falta {name}."),
    "usage_value": (
        "the value of {name} does not fit: {reason}", "{name} 的值不符：{reason}", "{name} 的值不符：{reason}",
        "o valor de {name} não serve: {reason}",
    ),
    "file_not_found": (
        "There is no file {path}.", "沒有檔案 {path}。", "没有文件 {path}。", "Não existe o ficheiro {path}."
    ),
    "path_is_a_folder": (
        "{path} is a folder; name a file in it.", "{path} 是資料夾；請指明其中的檔案。",
        "{path} 是文件夹；请指明其中的文件。", "{path} é uma pasta; indique um ficheiro."
    ),
    "path_is_no_file": (
        "{path} is no regular file.", "{path} 並非一般檔案。", "{path} 并非普通文件。", "{path} não é um ficheiro normal.",
    ),
    "file_not_readable": (
        "{path} cannot be read: {reason}.", "無法讀取 {path}：{reason}。", "无法读取 {path}：{reason}。",
        "Não é possível ler {path}: {reason}.",
    ),
    "file_not_writable": (
        "{path} cannot be written: {reason}.", "無法寫入 {path}：{reason}。", "无法写入 {path}：{reason}。",
        "Não é possível escrever {path}: {reason}.",
    ),
    "file_too_large": (
        "{path} is larger than {limit} bytes.", "{path} 超過 {limit} 位元組。", "{path} 超过 {limit} 字节。",
        "{path} tem mais de {limit} bytes.",
    ),
    "file_exists": (
        "{path} exists already; nothing is overwritten without --force.",
        "{path} 已經存在；未加 --force 不會覆寫。", "{path} 已经存在；未加 --force 不会覆盖。",
        "{path} já existe; nada é substituído sem --force.",
    ),
    "written": ("Written: {path}", "已寫入：{path}", "已写入：{path}", "Escrito: {path}"),
    "folder_without_instruments": (
        "There is no .gba file in {path}.", "{path} 內沒有 .gba 檔案。", "{path} 内没有 .gba 文件。",
        "Não há ficheiros .gba em {path}.",
    ),
    "not_a_calendar": (
        "{path} holds no calendar.", "{path} 所載並非日曆。", "{path} 所载并非日历。", "{path} não contém um calendário."
    ),
    "not_a_contract": (
        "{path} is a library or a calendar; only a contract is compiled and put into force.",
        "{path} 為規則庫或日曆；僅合約可編譯及生效。", "{path} 为规则库或日历；仅合约可编译及生效。",
        "{path} é uma biblioteca ou um calendário; só um contrato é compilado e entra em vigor.",
    ),
    "measurement": ("Measurement", "項目", "项目", "Medição"),
    "unit": ("Unit", "單位", "单位", "Unidade"),
    "least": ("Least", "最小", "最小", "Mínimo"),
    "median": ("Median", "中位數", "中位数", "Mediana"),
    "most": ("Most", "最大", "最大", "Máximo"),
    # trials
    "trials_too_large": (
        "The examples and properties of {path} are more than the machine carries out: {reason}. Make them smaller.",
        "{path} 之示例及性質超出機器所能執行者：{reason}。請予縮減。",
        "{path} 之示例及性质超出机器所能执行者：{reason}。请予缩减。",
        "Os exemplos e propriedades de {path} são mais do que a máquina executa: {reason}. Reduza-os.",
    ),
    "test_example_failed": (
        "The example “{title}” (article {article}) does not hold.", "示例「{title}」（第 {article} 條）不成立。",
        "示例“{title}”（第 {article} 条）不成立。", "O exemplo «{title}» (artigo {article}) não se verifica.",
    ),
    "course_done": (
        "The last of these was carried out.", "上列最後一項已獲執行。", "上列最后一项已获执行。",
        "O último destes actos foi executado.",
    ),
    "course_refused": (
        "The last of these was refused, {name}: {ground}", "上列最後一項被拒絕（{name}）：{ground}",
        "上列最后一项被拒绝（{name}）：{ground}", "O último destes actos foi recusado, {name}: {ground}",
    ),
    "course_condition": (
        "What was required: {condition}", "所要求者：{condition}", "所要求的是：{condition}", "O que se exigia: {condition}"
    ),
    "course_forbidden": (
        "{name} has no power to do the last of these.", "{name} 無權作出上列最後一項。", "{name} 无权作出上列最后一项。",
        "{name} não tem competência para o último destes actos.",
    ),
    "course_standing": (
        "The last of these does not hold of the registers.", "登記冊與上列最後一項不符。", "登记册与上列最后一项不符。",
        "O último destes pontos não se verifica nos registos.",
    ),
    "test_example_sides": (
        "  It gives {left}, and the example says {right}.", "  結果為 {left}，示例所述為 {right}。",
        "  结果为 {left}，示例所述为 {right}。", "  O resultado é {left} e o exemplo diz {right}.",
    ),
    "test_property_failed": (
        "The property “{title}” (article {article}) does not hold in this case:",
        "性質「{title}」（第 {article} 條）在下列情況不成立：", "性质“{title}”（第 {article} 条）在下列情况不成立：",
        "A propriedade «{title}» (artigo {article}) não se verifica neste caso:",
    ),
    "test_property_untried": (
        "The property “{title}” was never tried: no case drawn satisfies its condition.",
        "性質「{title}」未經測試：所取情況均不符合其條件。", "性质“{title}”未经测试：所取情况均不符合其条件。",
        "A propriedade «{title}» não foi experimentada: nenhum caso tirado satisfaz a sua condição.",
    ),
    "test_invariant_failed": (
        "The invariant {name} does not hold after:", "不變條件 {name} 於下列行為後不成立：",
        "不变条件 {name} 于下列行为后不成立：", "O invariante {name} não se verifica depois de:",
    ),
    "test_not_undone": (
        "An act that was refused has changed the ledger.", "被拒絕的行為改變了賬本。", "被拒绝的行为改变了账本。",
        "Um acto recusado alterou o livro-razão.",
    ),
    "test_invariant_untested": (
        "The invariant {name} was never tested: whenever it was asked, there was no entry for it to see.",
        "不變條件 {name} 未經測試：每次查問時，均無任何條目可供核對。",
        "不变条件 {name} 未经测试：每次查问时，均无任何条目可供核对。",
        "O invariante {name} nunca foi experimentado: sempre que foi perguntado, não havia entradas para ver.",
    ),
    "test_invariant_cannot_fail": (
        "The invariant {name} held, but was not shown able to fail: no entry that was changed made a difference to it.",
        "不變條件 {name} 成立，惟未能顯示其可不成立：更改任何條目，其結果均無分別。",
        "不变条件 {name} 成立，但未能显示其可不成立：更改任何条目，其结果均无分别。",
        "O invariante {name} verificou-se, mas não se mostrou capaz de falhar: nenhuma entrada alterada fez diferença.",
    ),
    "mutate_refused": ("Refused by the checker", "檢查不通過", "检查不通过", "Recusadas na verificação"),
    "mutate_noticed": ("Noticed", "獲察覺", "被察觉", "Notadas"),
    "mutate_unnoticed": ("Unnoticed", "未察覺", "未察觉", "Não notadas"),
    "mutate_place": (
        "Article {article}: nothing notices {what}:", "第 {article} 條：無任何檢驗察覺{what}：",
        "第 {article} 条：无任何检验察觉{what}：", "Artigo {article}: nada nota {what}:",
    ),
    "mutate_summary": (
        "{path}: {noticed} of {meant} changes that mean something were noticed by an example, a property or an invariant.",
        "{path}：{meant} 項有意義的更改中，示例、性質或不變條件察覺了 {noticed} 項。",
        "{path}：{meant} 项有意义的更改中，示例、性质或不变条件察觉了 {noticed} 项。",
        "{path}: das {meant} alterações com significado, {noticed} foram notadas por um exemplo, uma propriedade ou uma invariante.",
    ),
    "mutation_comparison": ("another comparison", "比較的更改", "比较的更改", "outra comparação"),
    "mutation_logic": ("and in the place of or", "並且與或者的互換", "并且与或者的互换", "a troca de «e» e «ou»"),
    "mutation_arithmetic": ("plus in the place of minus", "加減的互換", "加减的互换", "a troca de mais e menos"),
    "mutation_constant": ("another number", "數目的更改", "数目的更改", "outro número"),
    "mutation_require": ("a condition left out", "條件的刪去", "条件的删去", "a falta de uma condição"),
    "mutation_role": ("another role", "角色的更改", "角色的更改", "outra função"),
    "mutation_city": ("the office of any city", "不限城市", "不限城市", "o serviço de qualquer cidade"),
    "mutation_calendar": ("another calendar", "日曆的更改", "日历的更改", "outro calendário"),
    "mutation_rounding": ("another rounding", "捨入方式的更改", "舍入方式的更改", "outro arredondamento"),
    "mutation_month_end": ("another end of the month", "月末處理的更改", "月末处理的更改", "outro fim de mês"),
    "mutation_date": ("another first day", "起始日的更改", "起始日的更改", "outro primeiro dia"),
    "mutation_exception": ("an exception left out", "例外的刪去", "例外的删去", "a falta de uma excepção"),
    "mutation_priority": ("no order of exceptions", "例外次序的刪去", "例外次序的删去", "a falta de ordem entre excepções"),
    "mutation_branches": ("the other branch", "分支的互換", "分支的互换", "a troca dos ramos"),
    "mutation_negation": ("a not left out", "否定的刪去", "否定的删去", "a falta de uma negação"),
    "test_summary": (
        "{path}: examples {examples}, properties {properties}, invariants {invariants} hold (seed {seed})",
        "{path}：示例 {examples}、性質 {properties}、不變條件 {invariants} 成立（種子 {seed}）",
        "{path}：示例 {examples}、性质 {properties}、不变条件 {invariants} 成立（种子 {seed}）",
        "{path}: verificam-se {examples} exemplos, {properties} propriedades, {invariants} invariantes (semente {seed})",
    ),
    "test_engines_agree": (
        "Both engines ran each of the {calls} calls, with equal outcomes.",
        "兩個引擎均執行了全部 {calls} 次調用，結果一致。", "两个引擎均执行了全部 {calls} 次调用，结果一致。",
        "Os dois motores executaram cada uma das {calls} chamadas, com resultados iguais.",
    ),
    "test_engines_differ": (
        "The two engines differ in: {functions}. This is our mistake; please report it with the instrument.",
        "兩個引擎於下列各項結果不同：{functions}。此為本程式之誤，請連同文書一併報告。",
        "两个引擎于下列各项结果不同：{functions}。此为本程序之误，请连同文书一并报告。",
        "Os dois motores diferem em: {functions}. O erro é nosso; queira comunicá-lo com o instrumento.",
    ),
    "replay_line": ("Again with: {command}", "重現：{command}", "重现：{command}", "De novo com: {command}"),
    "kept_fails": (
        "The kept case {file} still fails.", "已存個案 {file} 仍不成立。", "已存个案 {file} 仍不成立。",
        "O caso guardado {file} continua a falhar.",
    ),
    "kept_holds": (
        "The kept case {file} holds now.", "已存個案 {file} 現已成立。", "已存个案 {file} 现已成立。",
        "O caso guardado {file} já se verifica.",
    ),
    "kept_holds_less": (
        "The kept case {file} holds now; of its {deeds} deeds, {done} are still carried out.",
        "已存個案 {file} 現已成立；其 {deeds} 項行為中，仍獲執行者 {done} 項。",
        "已存个案 {file} 现已成立；其 {deeds} 项行为中，仍获执行的有 {done} 项。",
        "O caso guardado {file} já se verifica; dos seus {deeds} actos, ainda se executam {done}.",
    ),
    "kept_not_applicable": (
        "The kept case {file} is no longer applicable. {reason}", "已存個案 {file} 已不適用。{reason}",
        "已存个案 {file} 已不适用。{reason}", "O caso guardado {file} já não é aplicável. {reason}",
    ),
    "kept_summary": (
        "Kept cases: {count}, of which still failing: {failing}, no longer applicable: {gone}",
        "已存個案：{count}，其中 {failing} 項仍不成立，{gone} 項已不適用",
        "已存个案：{count}，其中 {failing} 项仍不成立，{gone} 项已不适用",
        "Casos guardados: {count}, dos quais ainda a falhar: {failing}, já não aplicáveis: {gone}",
    ),
    "kept_of_others": (
        "Kept cases of other instruments in {folder}, not tried: {count}",
        "{folder} 內屬其他文書之已存個案（未測試）：{count}", "{folder} 内属其他文书的已存个案（未测试）：{count}",
        "Casos guardados de outros instrumentos em {folder}, não experimentados: {count}",
    ),
    "kept_other_instrument": (
        "It is of the instrument {name}.", "其所屬文書為 {name}。", "其所属文书为 {name}。", "É do instrumento {name}.",
    ),
    "kept_property_gone": (
        "There is no property “{name}” any more.", "性質「{name}」已不存在。", "性质“{name}”已不存在。",
        "Já não existe a propriedade «{name}».",
    ),
    "kept_invariant_gone": (
        "There is no invariant {name} any more.", "不變條件 {name} 已不存在。", "不变条件 {name} 已不存在。",
        "Já não existe o invariante {name}.",
    ),
    "kept_act_gone": (
        "There is no act {name} any more.", "行為 {name} 已不存在。", "行为 {name} 已不存在。", "Já não existe o acto {name}."
    ),
    "kept_role_gone": (
        "There is no role {name} any more.", "角色 {name} 已不存在。", "角色 {name} 已不存在。", "Já não existe a função {name}."
    ),
    "kept_day_needed": (
        "The property depends on the day now, and the kept case names none.",
        "該性質現取決於日期，而已存個案並無載明日期。", "该性质现取决于日期，而已存个案并无载明日期。",
        "A propriedade depende agora do dia, e o caso guardado não indica nenhum.",
    ),
    "kept_case_excluded": (
        "The property does not speak of this case any more.", "該性質已不涉及此情況。", "该性质已不涉及此情况。",
        "A propriedade já não se refere a este caso.",
    ),
    "kept_before_commencement": (
        "The instrument takes effect on {commencement}, and an act of the kept case is of {day}.",
        "文書自 {commencement} 起生效，而已存個案之行為日期為 {day}。",
        "文书自 {commencement} 起施行，而已存个案的行为日期为 {day}。",
        "O instrumento entra em vigor em {commencement}, e um acto do caso guardado é de {day}.",
    ),
    "kept_malformed": (
        "{path} is not a kept case: {reason}.", "{path} 並非已存個案：{reason}。", "{path} 并非已存个案：{reason}。",
        "{path} não é um caso guardado: {reason}.",
    ),
    "kept_not_json": (
        "it is not JSON in UTF-8, each name standing once", "其並非 UTF-8 編碼、名稱不重複之 JSON",
        "其并非 UTF-8 编码、名称不重复的 JSON", "não é JSON em UTF-8 com cada nome uma só vez",
    ),
    "kept_form": (
        "{place} is not as it should be", "{place} 之內容不符", "{place} 的内容不符", "{place} não é como devia ser",
    ),
    "kept_order": (
        "its days go backwards", "其日期次序顛倒", "其日期次序颠倒", "os seus dias andam para trás",
    ),
    "kept_too_large": (
        "The case in which “{what}” fails takes more than {limit} bytes and is not kept.",
        "「{what}」不成立之情況超過 {limit} 位元組，未予保存。", "“{what}”不成立的情况超过 {limit} 字节，未予保存。",
        "O caso em que «{what}» falha tem mais de {limit} bytes e não é guardado.",
    ),
    "kept_too_many": (
        "{path} holds more than {limit} kept cases.", "{path} 所載已存個案超過 {limit} 項。",
        "{path} 所载已存个案超过 {limit} 项。", "{path} contém mais de {limit} casos guardados.",
    ),
    "test_finding": (
        "Worth a look, article {article}: {what}", "值得一看（第 {article} 條）：{what}", "值得一看（第 {article} 条）：{what}",
        "A ver, artigo {article}: {what}",
    ),
    "test_finding_paste": (
        "  An example to paste, which now fails:", "  可貼入文本的例子（現時不成立）：", "  可贴入文本的例子（目前不成立）：",
        "  Um exemplo para colar, que agora falha:",
    ),
    "finding_not_their_own": (
        "act `{name}` lets anybody in the role {role} change an entry of `{register}` with which they have nothing to do."
        " Here it is {actor}:",
        "行為 `{name}` 讓任何具 {role} 身份者改動 `{register}` 中與其無關的記項。此處為 {actor}：",
        "行为 `{name}` 让任何具有 {role} 身份的人改动 `{register}` 中与其无关的记项。此处为 {actor}：",
        "o acto `{name}` permite a qualquer pessoa no papel {role} alterar uma entrada de `{register}` que não lhe diz"
        " respeito. Aqui é {actor}:",
    ),
    "finding_do_not_their_own": (
        "If only those concerned may do it, require that the actor is one of them; if an office may, say so after `by`.",
        "如僅有關者可為之，請以 require 訂明行為人為其中之一；如屬部門職權，請於 `by` 之後訂明。",
        "如仅有关者可为之，请以 require 订明行为人为其中之一；如属部门职权，请在 `by` 之后订明。",
        "Se só os interessados o podem fazer, exija que o actor seja um deles; se cabe a um serviço, diga-o depois de"
        " `by`.",
    ),
    "finding_another_city": (
        "act `{name}`: an office of {city} acts on an entry of `{register}` that belongs to {other}. `{sibling}` keeps to"
        " the office's own city.",
        "行為 `{name}`：{city} 的部門處理了 `{register}` 中屬於 {other} 的記項。`{sibling}` 則僅限本市。",
        "行为 `{name}`：{city} 的部门处理了 `{register}` 中属于 {other} 的记项。`{sibling}` 则仅限本市。",
        "acto `{name}`: um serviço de {city} age sobre uma entrada de `{register}` que pertence a {other}. `{sibling}`"
        " fica-se pela cidade do serviço.",
    ),
    "finding_do_another_city": (
        "If each office acts in its own city only, write `of` the city after the role, or require the city of the actor.",
        "如各部門僅就本市行使職權，請於角色之後以 `of` 訂明城市，或以 require 訂明行為人所屬城市。",
        "如各部门仅就本市行使职权，请在角色之后以 `of` 订明城市，或者以 require 订明行为人所属城市。",
        "Se cada serviço só age na sua cidade, escreva `of` e a cidade depois do papel, ou exija a cidade do actor.",
    ),
    "finding_does_not_add_up": (
        "`{name}`: {parts} nearly always make up {whole}, and here they do not: {right} is not {left}.",
        "`{name}`：{parts} 之和幾乎總等於 {whole}，此處則不然：{right} 不等於 {left}。",
        "`{name}`：{parts} 之和几乎总等于 {whole}，此处则不然：{right} 不等于 {left}。",
        "`{name}`: {parts} somam quase sempre {whole}, e aqui não: {right} não é {left}.",
    ),
    "finding_do_does_not_add_up": (
        "Round all parts but one and give the rest to that one, or use the library `splits`.",
        "除其中一份外各份捨入，餘數歸該份；或使用程式庫 `splits`。",
        "除其中一份外各份舍入，余数归该份；或者使用程序库 `splits`。",
        "Arredonde todas as partes menos uma e dê a essa o resto, ou use a biblioteca `splits`.",
    ),
    "finding_edge_drawn_twice": (
        "{left} and {right} are compared in two places, and when they are equal, one does not go with the other: {one};"
        " {other}.",
        "{left} 與 {right} 於兩處比較，兩者相等時，兩處不相吻合：{one}；{other}。",
        "{left} 与 {right} 在两处比较，两者相等时，两处不相吻合：{one}；{other}。",
        "{left} e {right} comparam-se em dois lugares e, quando são iguais, um não condiz com o outro: {one}; {other}.",
    ),
    "finding_do_edge_drawn_twice": (
        "On that day or amount both apply, or neither does. Say on which side it falls, and change the other comparison.",
        "在該日或該數額，兩者皆適用或皆不適用。請決定其屬何方，並改正另一比較。",
        "在该日或该数额，两者皆适用或者皆不适用。请决定其属何方，并改正另一比较。",
        "Nesse dia ou montante aplicam-se ambos ou nenhum. Diga de que lado fica e mude a outra comparação.",
    ),
    "test_edges": (
        "On the edge of {unseen} of {edges} comparisons no example, property or invariant stands (article: how many):"
        " {articles}. --edges lists them.",
        "{edges} 處比較中，{unseen} 處之臨界點並無例子、性質或不變式（條文：處數）：{articles}。以 --edges 列出。",
        "{edges} 处比较中，{unseen} 处的临界点没有例子、性质或者不变式（条文：处数）：{articles}。以 --edges 列出。",
        "No limiar de {unseen} de {edges} comparações não há exemplo, propriedade nem invariante (artigo: quantas):"
        " {articles}. --edges enumera-as.",
    ),
    "test_to_paste": (
        "  As an example to paste:", "  可貼入文書的示例：", "  可贴入文书的示例：", "  Como exemplo para colar:"
    ),
    "test_on_day": ("on {day}", "當日 {day}", "当日 {day}", "na data {day}"),
    "test_act": ("Act", "行為", "行为", "Acto"),
    "test_article": ("Article", "條文", "条文", "Artigo"),
    "test_reached": ("Reached", "觸及", "触及", "Alcançado"),
    "test_decided": ("Decided", "已決", "已决", "Decidido"),
    "test_done": ("Carried out", "已執行", "已执行", "Executado"),
    "test_refused": ("Refused", "被拒", "被拒", "Recusado"),
    "test_faulted": ("Faulted", "故障", "故障", "Falhado"),
    "test_exceptions": ("Exceptions applied", "例外適用次數", "例外适用次数", "Excepções aplicadas"),
    # proving
    "prove_no_solver": (
        "gba prove needs the solver z3, which is not installed. Install it with: {command}",
        "gba prove 需要求解器 z3，而現時並未安裝。請執行：{command}", "gba prove 需要求解器 z3，而当前并未安装。请执行：{command}",
        "gba prove precisa do solucionador z3, que não está instalado. Instale-o com: {command}",
    ),
    "prove_no_such_act": (
        "{path} has no act {name}; it has: {known}", "{path} 並無行為 {name}；其行為為：{known}",
        "{path} 并无行为 {name}；其行为为：{known}", "{path} não tem o acto {name}; tem: {known}",
    ),
    "prove_no_such_invariant": (
        "{path} has no invariant {name}; it has: {known}", "{path} 並無不變條件 {name}；其不變條件為：{known}",
        "{path} 并无不变条件 {name}；其不变条件为：{known}", "{path} não tem o invariante {name}; tem: {known}",
    ),
    "verdict_proved": ("proved within bounds", "於界限內得證", "于界限内得证", "provado dentro dos limites"),
    "verdict_counterexample": ("counterexample", "反例", "反例", "contra-exemplo"),
    "verdict_not_established": ("not established", "未能確定", "未能确定", "não apurado"),
    "prove_on_calendars": (
        "{verdict} (with the calendars of the standard library)", "{verdict}（依標準庫的日曆）",
        "{verdict}（依标准库的日历）", "{verdict} (com os calendários da biblioteca padrão)",
    ),
    "prove_claim": ("What is claimed", "所主張事項", "所主张事项", "O que se afirma"),
    "prove_answer": ("Answer", "結果", "结果", "Resposta"),
    "prove_nothing_registered": (
        "before anything is registered", "尚無登記之時", "尚无登记之时", "antes de qualquer registo"
    ),
    "prove_property_broken": (
        "The property “{title}” (article {article}) does not hold in this case. As an example to paste:",
        "性質「{title}」（第 {article} 條）在下列情況不成立。可貼上的示例：",
        "性质“{title}”（第 {article} 条）在下列情况不成立。可粘贴的示例：",
        "A propriedade «{title}» (artigo {article}) não se verifica neste caso. Como exemplo para colar:",
    ),
    "prove_invariant_broken": (
        "The invariant {name} does not hold after this act, from this state (whether acts lead to it is not asked):",
        "自下列狀態作出下列行為後，不變條件 {name} 不成立（未查該狀態能否由行為達致）：",
        "自下列状态作出下列行为后，不变条件 {name} 不成立（未查该状态能否由行为达致）：",
        "O invariante {name} não se verifica depois deste acto, a partir deste estado (não se apura se os actos conduzem a ele):",
    ),
    "prove_beginning_broken": (
        "The invariant {name} does not hold before anything is registered, on {day}.",
        "於 {day}，尚無登記之時，不變條件 {name} 已不成立。", "于 {day}，尚无登记之时，不变条件 {name} 已不成立。",
        "O invariante {name} não se verifica antes de qualquer registo, em {day}.",
    ),
    "prove_no_entries": ("    (nothing is registered)", "    （尚無登記）", "    （尚无登记）", "    (nada está registado)"),
    "prove_open": ("Not established: {claim}: {reason}", "未能確定：{claim}：{reason}", "未能确定：{claim}：{reason}",
                   "Não apurado: {claim}: {reason}"),
    "prove_never_refuses": (
        "{act}: this condition never refuses within the bounds: {condition}",
        "{act}：於界限內，此條件從不導致拒絕：{condition}", "{act}：于界限内，此条件从不导致拒绝：{condition}",
        "{act}: esta condição nunca recusa dentro dos limites: {condition}",
    ),
    "prove_reason_any_ratio": (
        "a variable is a ratio that was never rounded", "有變數為未經捨入的比率", "有变量为未经舍入的比率",
        "uma variável é uma razão nunca arredondada",
    ),
    "prove_reason_order": (
        "the outcome depends on the order of entries, which is not reckoned here",
        "結果取決於各項的次序，此處不作推算", "结果取决于各项的次序，此处不作推算",
        "o resultado depende da ordem dos registos, que aqui não se calcula",
    ),
    "prove_reason_long_list": (
        "a list, or the number of writes or events, is longer than is written out here",
        "清單、寫入或事件的數目超出此處所展開者", "清单、写入或事件的数目超出此处所展开者",
        "uma lista, ou o número de escritas ou eventos, é maior do que aqui se desdobra",
    ),
    "prove_reason_huge": (
        "a ratio has more digits than are followed here", "有比率的位數超出此處所能跟進者",
        "有比率的位数超出此处所能跟进者", "uma razão tem mais dígitos do que aqui se acompanham",
    ),
    "prove_reason_nested": (
        "the text is nested deeper than is followed here", "條文嵌套過深，此處未能跟進", "条文嵌套过深，此处未能跟进",
        "o texto está encaixado mais fundo do que aqui se acompanha",
    ),
    "prove_reason_invariant": (
        "the invariant holds a form that is not reckoned here", "不變條件含有此處不作推算的形式",
        "不变条件含有此处不作推算的形式", "o invariante contém uma forma que aqui não se calcula",
    ),
    "prove_reason_never_done": (
        "the act cannot be carried out at all within these bounds; try a larger --bound",
        "於此界限內，該行為根本無法作出；請加大 --bound", "于此界限内，该行为根本无法作出；请加大 --bound",
        "o acto não pode ser praticado dentro destes limites; experimente um --bound maior",
    ),
    "prove_reason_not_replayed": (
        "the solver's counterexample does not come true on the machine, so it proves nothing",
        "求解器的反例在機器上並未重現，故不足為證", "求解器的反例在机器上并未重现，故不足为证",
        "o contra-exemplo do solucionador não se confirma na máquina e por isso nada prova",
    ),
    "prove_reason_time": (
        "the time for one question ran out; see --seconds", "單項問題的時間已盡；見 --seconds",
        "单项问题的时间已尽；见 --seconds", "esgotou-se o tempo de uma pergunta; ver --seconds",
    ),
    "prove_reason_resources": (
        "the solver's allowance for one question ran out; see --resources", "單項問題的求解額度已盡；見 --resources",
        "单项问题的求解额度已尽；见 --resources", "esgotou-se o que o solucionador pode gastar numa pergunta; ver --resources",
    ),
    "prove_reason_unknown": (
        "the solver cannot tell", "求解器無法判斷", "求解器无法判断", "o solucionador não consegue decidir"
    ),
    "prove_summary": (
        "{path}: {proved} proved, {broken} with a counterexample, {open} not established; "
        "of {limbs} required conditions {refusing} can refuse, {silent} never do, {unclear} not established "
        "(at most {bound} entries in each register, {resources} steps for each question)",
        "{path}：{proved} 項得證，{broken} 項有反例，{open} 項未能確定；"
        "{limbs} 項規定條件中，{refusing} 項可導致拒絕，{silent} 項從不，{unclear} 項未能確定"
        "（每一登記冊最多 {bound} 項，每一問題 {resources} 步）",
        "{path}：{proved} 项得证，{broken} 项有反例，{open} 项未能确定；"
        "{limbs} 项规定条件中，{refusing} 项可导致拒绝，{silent} 项从不，{unclear} 项未能确定"
        "（每一登记册最多 {bound} 项，每一问题 {resources} 步）",
        "{path}: {proved} provados, {broken} com contra-exemplo, {open} não apurados; "
        "de {limbs} condições exigidas, {refusing} podem recusar, {silent} nunca recusam, {unclear} não apuradas "
        "(no máximo {bound} registos em cada livro, {resources} passos para cada pergunta)",
    ),
    # cities as processes of their own
    "replicas_agree": (
        "{cities} cities in processes of their own executed {transactions} transactions in {blocks} blocks: equal blocks, receipts and contents.",
        "{cities} 個城市各以獨立程序執行 {blocks} 個區塊共 {transactions} 宗交易：區塊、回執及所存內容全部相同。",
        "{cities} 个城市各以独立进程执行 {blocks} 个区块共 {transactions} 宗交易：区块、回执及所存内容全部相同。",
        "{cities} cidades, em processos próprios, executaram {transactions} transacções em {blocks} blocos: blocos, recibos e conteúdos iguais.",
    ),
    "replicas_history": (
        "A history on a ledger: {done} acts carried out, {refused} refused, {faulted} faulted, {rejected} not accepted.",
        "賬本上之一段經過：獲執行 {done} 宗、被拒 {refused} 宗、故障 {faulted} 宗、賬本不接納 {rejected} 宗。",
        "账本上的一段经过：获执行 {done} 宗、被拒 {refused} 宗、故障 {faulted} 宗、账本不接纳 {rejected} 宗。",
        "Uma história num livro-razão: {done} actos executados, {refused} recusados, {faulted} com falha, {rejected} não aceites.",
    ),
    "replicas_ledger_differs": (
        "The ledger decided otherwise than the trial in: {acts}. This is a mistake of ours, not of the instrument.",
        "賬本之決定與試行不同：{acts}。此屬本系統之錯誤，而非文書之錯誤。",
        "账本的决定与试行不同：{acts}。这是本系统的错误，而非文书的错误。",
        "O livro-razão decidiu de outro modo que o ensaio em: {acts}. O erro é nosso, não do instrumento.",
    ),
    "replicas_all_differ": (
        "No separate process computes what was recorded here: {said}",
        "各獨立程序所得均與此處所記錄者不同：{said}",
        "各独立进程所得均与此处所记录的不同：{said}",
        "Nenhum processo separado calcula o que aqui ficou gravado: {said}",
    ),
    "replicas_differ": (
        "{city} differs: {said}", "{city} 所得不同：{said}", "{city} 所得不同：{said}", "{city} difere: {said}",
    ),
    "replicas_differ_in": (
        "{city} differs in block {height}, transaction {index} ({act}):",
        "{city} 於第 {height} 個區塊第 {index} 宗交易（{act}）所得不同：",
        "{city} 在第 {height} 个区块第 {index} 宗交易（{act}）所得不同：",
        "{city} difere no bloco {height}, transacção {index} ({act}):",
    ),
    "replicas_value": (
        "  on an ordinary machine, {what}: {value}", "  一般機器，{what}：{value}", "  一般机器，{what}：{value}",
        "  numa máquina comum, {what}: {value}",
    ),
    "replicas_other_value": (
        "  in {city}, {what}: {value}", "  {city}，{what}：{value}", "  {city}，{what}：{value}", "  em {city}, {what}: {value}",
    ),
    "replicas_place": (
        "  It arises in {function}, article {article}, {line}, at instruction {instruction} ({name}).",
        "  出自第 {article} 條 {function}（{line}），第 {instruction} 項指令（{name}）。",
        "  出自第 {article} 条 {function}（{line}），第 {instruction} 项指令（{name}）。",
        "  Surge em {function}, artigo {article}, {line}, na instrução {instruction} ({name}).",
    ),
    "replicas_axes_alone": (
        "  Each of these settings alone brings it about: {axes}. This is a mistake of ours, not of the instrument.",
        "  下列任一設定即足以引致：{axes}。此屬本系統之錯誤，而非文書之錯誤。",
        "  下列任一设置即足以引致：{axes}。这是本系统的错误，而非文书的错误。",
        "  Qualquer destas definições basta para o causar: {axes}. O erro é nosso, não do instrumento.",
    ),
    "replicas_axes_together": (
        "  No setting alone brings it about; together they do: {axes}. This is a mistake of ours, not of the instrument.",
        "  任何單一設定均不足以引致，合併則可：{axes}。此屬本系統之錯誤，而非文書之錯誤。",
        "  任何单一设置均不足以引致，合并则可：{axes}。这是本系统的错误，而非文书的错误。",
        "  Nenhuma definição basta por si; juntas causam-no: {axes}. O erro é nosso, não do instrumento.",
    ),
    "replicas_design": (
        "Interpreters: {interpreters}; engines: {engines}; {met} of {pairs} pairs of settings meet in one process.",
        "直譯器 {interpreters} 種，引擎 {engines} 種；設定兩兩組合共 {pairs} 對，其中 {met} 對見於同一程序。",
        "解释器 {interpreters} 种，引擎 {engines} 种；设置两两组合共 {pairs} 对，其中 {met} 对见于同一进程。",
        "Interpretadores: {interpreters}; motores: {engines}; {met} de {pairs} pares de definições encontram-se num processo.",
    ),
    "axis_city": ("City", "城市", "城市", "Cidade"),
    "axis_further": ("Further", "其他", "其他", "Outras"),
    "axis_interpreter": ("Interpreter", "直譯器", "解释器", "Interpretador"),
    "axis_engine": ("Engine", "引擎", "引擎", "Motor"),
    "axis_hash-seed": ("Hash seed", "雜湊種子", "哈希种子", "Semente de dispersão"),
    "axis_locale": ("Locale", "地區設定", "区域设置", "Idioma do sistema"),
    "axis_time-zone": ("Time zone", "時區", "时区", "Fuso horário"),
    "axis_optimisation": ("optimisation", "最佳化", "优化", "optimização"),
    "axis_warnings": ("warnings", "警告", "警告", "avisos"),
    "axis_digits": ("limit of digits", "位數上限", "位数上限", "limite de algarismos"),
    "axis_recursion": ("limit of recursion", "遞迴上限", "递归上限", "limite de recursão"),
    "axis_collector": ("collector", "記憶體回收", "内存回收", "recolha de memória"),
    "axis_thread": ("thread", "執行緒", "线程", "linha de execução"),
    "axis_text": ("text encoding", "文字編碼", "文本编码", "codificação de texto"),
    # simulations
    "simulate_progress": ("Simulating", "模擬中", "模拟中", "A simular"),
    "simulate_summary": (
        "{path}: {seeds} simulations, {blocks} blocks, {transactions} transactions ({done} carried out, {refused} refused, "
        "{faulted} faulted, {rejected} not accepted), {executions} executions in 11 cities, {halts} halts",
        "{path}：模擬 {seeds} 次，區塊 {blocks} 個，交易 {transactions} 宗（獲執行 {done}、被拒 {refused}、"
        "故障 {faulted}、賬本不接納 {rejected}），十一個城市共執行 {executions} 次，停頓 {halts} 次",
        "{path}：模拟 {seeds} 次，区块 {blocks} 个，交易 {transactions} 宗（获执行 {done}、被拒 {refused}、"
        "故障 {faulted}、账本不接纳 {rejected}），十一个城市共执行 {executions} 次，停顿 {halts} 次",
        "{path}: {seeds} simulações, {blocks} blocos, {transactions} transacções ({done} executadas, {refused} recusadas, "
        "{faulted} com falha, {rejected} não aceites), {executions} execuções em 11 cidades, {halts} paragens",
    ),
    "simulate_fault": ("Fault", "故障", "故障", "Falha"),
    "simulate_happened": ("Happened", "發生次數", "发生次数", "Ocorrências"),
    "simulate_faults": (
        "{alive} of {kinds} kinds of fault happened, in {pairs} pairs within one simulation; {checks} checks were made.",
        "{kinds} 種故障中發生了 {alive} 種，同一模擬內共成 {pairs} 對；共作檢查 {checks} 次。",
        "{kinds} 种故障中发生了 {alive} 种，同一模拟内共成 {pairs} 对；共作检查 {checks} 次。",
        "Ocorreram {alive} das {kinds} espécies de falha, em {pairs} pares dentro de uma simulação; fizeram-se {checks} verificações.",
    ),
    "simulate_failed": (
        "Seed {seed}: {check}", "種子 {seed}：{check}", "种子 {seed}：{check}", "Semente {seed}: {check}"
    ),
    "simulate_story": (
        "The smallest story found ({turns} of {of} turns):", "所得最短經過（{of} 輪中之 {turns} 輪）：",
        "所得最短经过（{of} 轮中的 {turns} 轮）：", "A história mais curta que se encontrou ({turns} de {of} turnos):",
    ),
    "simulate_unknown_fault": (
        "{name} is no kind of fault. Known: {known}.", "沒有故障種類 {name}。已知：{known}。", "没有故障种类 {name}。已知：{known}。",
        "{name} não é uma espécie de falha. Conhecidas: {known}.",
    ),
    "simulate_not_in_force": (
        "{path} could not be brought into force: {reason}.", "{path} 未能生效：{reason}。", "{path} 未能施行：{reason}。",
        "{path} não pôde entrar em vigor: {reason}.",
    ),
    "check_equal-contents": (
        "two cities hold different contents at one height", "兩個城市於同一高度所存內容不同", "两个城市在同一高度所存内容不同",
        "duas cidades guardam conteúdos diferentes na mesma altura",
    ),
    "check_one-block-per-height": (
        "two blocks became final at one height", "同一高度有兩個區塊成為定局", "同一高度有两个区块成为定局",
        "dois blocos tornaram-se finais na mesma altura",
    ),
    "check_acknowledged-is-kept": (
        "something that was acknowledged is lost", "已確認的內容遺失", "已确认的内容丢失", "perdeu-se algo que fora confirmado"
    ),
    "check_halt-without-quorum": (
        "a block became final without enough cities", "參與城市不足而區塊成為定局", "参与城市不足而区块成为定局",
        "um bloco tornou-se final sem cidades bastantes",
    ),
    "check_liveness": (
        "the ledger did not go on after everything had healed", "一切恢復後賬本未能繼續", "一切恢复后账本未能继续",
        "o livro-razão não prosseguiu depois de tudo sanado",
    ),
    "check_no-city-differs": (
        "a city computed something else", "有城市的計算結果不同", "有城市的计算结果不同", "uma cidade calculou outra coisa"
    ),
    "check_faulty-is-named": (
        "a faulty city is not named, or another one is", "未指出有過失的城市，或指錯城市", "未指出有过失的城市，或指错城市",
        "a cidade faltosa não é nomeada, ou é-o outra",
    ),
    "check_invariants": (
        "an invariant of the instrument does not hold", "合約的不變條件不成立", "合约的不变条件不成立",
        "um invariante do instrumento não se verifica",
    ),
    "simulated_loss": (
        "a message does not arrive", "訊息沒有送達", "消息没有送达", "uma mensagem não chega",
    ),
    "simulated_delay": (
        "a message arrives too late", "訊息遲到", "消息迟到", "uma mensagem chega tarde demais",
    ),
    "simulated_reorder": (
        "a message is overtaken by the next one", "訊息被下一則趕過", "消息被下一则赶过", "uma mensagem é ultrapassada pela seguinte",
    ),
    "simulated_duplicate": (
        "a message arrives twice", "訊息送達兩次", "消息送达两次", "uma mensagem chega duas vezes",
    ),
    "simulated_stale-replay": (
        "an old message is sent again", "舊訊息被重發", "旧消息被重发", "uma mensagem antiga é reenviada",
    ),
    "simulated_partition": (
        "some cities and the others do not reach each other", "部分城市與其餘城市互不相通", "部分城市与其余城市互不相通", "algumas cidades e as outras não se alcançam",
    ),
    "simulated_one-way-partition": (
        "what some cities send does not reach the others", "部分城市所發不達其餘城市", "部分城市所发不达其余城市", "o que algumas cidades enviam não chega às outras",
    ),
    "simulated_isolation": (
        "a city reaches nobody", "城市與所有其他城市隔絕", "城市与所有其他城市隔绝", "uma cidade não alcança ninguém",
    ),
    "simulated_corrupt-message": (
        "bits of a message are flipped", "訊息位元被翻轉", "消息比特被翻转", "bits de uma mensagem são invertidos",
    ),
    "simulated_oversized-message": (
        "a message is longer than it may be", "訊息超過上限", "消息超过上限", "uma mensagem é mais longa do que pode ser",
    ),
    "simulated_crash": (
        "a machine loses power", "機器斷電", "机器断电", "uma máquina perde a corrente",
    ),
    "simulated_crash-at-point": (
        "a machine loses power at a numbered point of a commit", "寫入的編號點上斷電", "写入的编号点上断电", "uma máquina perde a corrente num ponto numerado de uma gravação",
    ),
    "simulated_pause": (
        "a city answers nothing for a while", "城市一時不作回應", "城市一时不作回应", "uma cidade não responde durante algum tempo",
    ),
    "simulated_slow-node": (
        "a city answers too late", "城市回應過遲", "城市回应过迟", "uma cidade responde tarde demais",
    ),
    "simulated_restart-loop": (
        "a process starts over and over", "程序反覆重啟", "进程反复重启", "um processo recomeça vezes sem conta",
    ),
    "simulated_rejoin-from-nothing": (
        "a city loses its whole store", "城市失去全部儲存", "城市失去全部存储", "uma cidade perde todo o seu arquivo",
    ),
    "simulated_lost-write": (
        "power fails and a commit is gone", "斷電而寫入盡失", "断电而写入尽失", "falta a corrente e uma gravação perde-se",
    ),
    "simulated_torn-write": (
        "power fails and a part of a commit is there", "斷電而寫入只存一部分", "断电而写入只存一部分", "falta a corrente e fica parte de uma gravação",
    ),
    "simulated_reordered-writes": (
        "power fails and later sectors are there, earlier not", "斷電而後段已存、前段未存", "断电而后段已存、前段未存", "falta a corrente e ficam sectores posteriores sem os anteriores",
    ),
    "simulated_bit-rot": (
        "a bit on a disk changes", "磁碟位元改變", "磁盘比特改变", "um bit no disco altera-se",
    ),
    "simulated_misdirected-write": (
        "a write goes to another place", "寫入誤至他處", "写入误至他处", "uma escrita vai parar a outro sítio",
    ),
    "simulated_sync-error": (
        "a disk cannot make a commit durable", "磁碟無法使寫入持久", "磁盘无法使写入持久", "um disco não consegue tornar uma gravação durável",
    ),
    "simulated_disk-full": (
        "there is no room for a commit", "沒有空間可供寫入", "没有空间可供写入", "não há espaço para uma gravação",
    ),
    "simulated_clock-skew": (
        "a clock goes ahead or behind", "時鐘快或慢", "时钟快或慢", "um relógio adianta-se ou atrasa-se",
    ),
    "simulated_clock-jump": (
        "a clock jumps by hours or days", "時鐘跳躍數小時或數日", "时钟跳跃数小时或数日", "um relógio salta horas ou dias",
    ),
    "simulated_equivocating-proposer": (
        "a proposer signs two blocks for one turn", "提案城市於同一輪簽署兩個區塊", "提案城市在同一轮签署两个区块", "um proponente assina dois blocos para a mesma vez",
    ),
    "simulated_tampered-block": (
        "a city hands out blocks that it has changed", "城市交出經其篡改的區塊", "城市交出经其篡改的区块", "uma cidade entrega blocos que alterou",
    ),
    "simulated_tampered-signature": (
        "a city gives false signatures", "城市給出虛假簽署", "城市给出虚假签名", "uma cidade dá assinaturas falsas",
    ),
    "simulated_revoked-city": (
        "a city acts with a revoked certificate", "城市以已撤銷的證書行事", "城市以已撤销的证书行事", "uma cidade age com um certificado revogado",
    ),
    "simulated_mixed-versions": (
        "a new version commences meanwhile", "其間新版本生效", "其间新版本施行", "entretanto entra em vigor uma nova versão",
    ),
    # networks
    "network_not_found": (
        "There is no network in {path}. Make one with: gba net init {path}",
        "{path} 內沒有網絡。請以 gba net init {path} 建立。", "{path} 内没有网络。请以 gba net init {path} 建立。",
        "Não há rede em {path}. Crie-a com: gba net init {path}",
    ),
    "network_exists": (
        "{path} is not empty; a network is made in a new folder.", "{path} 並非空資料夾；網絡須建於新資料夾。",
        "{path} 并非空文件夹；网络须建于新文件夹。", "{path} não está vazia; uma rede cria-se numa pasta nova.",
    ),
    "network_made": (
        "A network of eleven cities stands in {path}. Ledger {ledger}.",
        "十一個城市的網絡已建於 {path}。賬本 {ledger}。", "十一个城市的网络已建于 {path}。账本 {ledger}。",
        "Foi criada em {path} uma rede de onze cidades. Livro-razão {ledger}.",
    ),
    "network_in_use": (
        "Another process is using the network in {path}. Wait until it has ended.",
        "另一程序正在使用 {path} 的網絡，請待其結束。", "另一进程正在使用 {path} 的网络，请待其结束。",
        "Outro processo está a usar a rede em {path}. Aguarde que termine.",
    ),
    "store_damaged": (
        "The store of {city} is damaged: {reason}. Rebuild it from the other cities with: gba net rebuild {city}",
        "{city} 的儲存已損壞：{reason}。請以 gba net rebuild {city} 由其他城市重建。",
        "{city} 的存储已损坏：{reason}。请以 gba net rebuild {city} 由其他城市重建。",
        "O arquivo de {city} está danificado: {reason}. Reconstrua-o a partir das outras cidades com: gba net rebuild {city}",
    ),
    "city_set_aside": (
        "{city} is set aside: {reason}. Rebuild it from the other cities with: gba net rebuild {city}",
        "{city} 已被擱置：{reason}。請以 gba net rebuild {city} 由其他城市重建。",
        "{city} 已被搁置：{reason}。请以 gba net rebuild {city} 由其他城市重建。",
        "{city} foi posta de parte: {reason}. Reconstrua-a a partir das outras cidades com: gba net rebuild {city}",
    ),
    "city_left_out": (
        "{city} takes no part: {reason}. Bring its key files back from a copy.",
        "{city} 不參與：{reason}。請由副本還原其密鑰檔案。", "{city} 不参与：{reason}。请由副本还原其密钥文件。",
        "{city} não participa: {reason}. Reponha os ficheiros da sua chave a partir de uma cópia.",
    ),
    "network_unusable": (
        "The network in {path} cannot be used now: {reason}. What became final stays so; see: gba net status",
        "{path} 的網絡目前無法使用：{reason}。已成定局者不變；請見 gba net status。",
        "{path} 的网络目前无法使用：{reason}。已成定局者不变；请见 gba net status。",
        "A rede em {path} não pode ser usada agora: {reason}. O que se tornou final assim fica; veja: gba net status",
    ),
    "set_aside": ("set aside", "已擱置", "已搁置", "posta de parte"),
    "network_unreadable": (
        "The beginning of the ledger in {path} cannot be read: its file genesis.gbag is damaged. Bring it back from a copy.",
        "{path} 的賬本起點無法讀取：檔案 genesis.gbag 已損壞。請由副本還原。",
        "{path} 的账本起点无法读取：文件 genesis.gbag 已损坏。请由副本还原。",
        "O início do livro-razão em {path} não se consegue ler: o ficheiro genesis.gbag está danificado. Reponha-o a partir de uma cópia.",
    ),
    "network_halted": (
        "The network has halted: {running} of 11 cities run or agree, and at least {quorum} must. Nothing was written.",
        "網絡已停頓：十一個城市中只有 {running} 個運作或一致，至少須有 {quorum} 個。沒有寫入任何內容。",
        "网络已停顿：十一个城市中只有 {running} 个运行或一致，至少须有 {quorum} 个。没有写入任何内容。",
        "A rede parou: funcionam ou concordam {running} das 11 cidades e são precisas pelo menos {quorum}. Nada foi escrito.",
    ),
    "no_city_runs": ("No city runs.", "沒有城市在運作。", "没有城市在运行。", "Nenhuma cidade está em funcionamento."),
    "unknown_city": (
        "{city} is not one of the eleven cities.", "{city} 並非十一個城市之一。", "{city} 并非十一个城市之一。",
        "{city} não é uma das onze cidades.",
    ),
    "engine": ("Engine", "引擎", "引擎", "Motor"),
    "engine_chosen": (
        "{city} runs programs on the engine: {engine}.", "{city} 以此引擎執行程式：{engine}。", "{city} 以此引擎运行程序：{engine}。",
        "{city} executa os programas no motor: {engine}.",
    ),
    "city_stopped": ("{city} is stopped.", "{city} 已停止。", "{city} 已停止。", "{city} está parada."),
    "city_started": (
        "{city} runs again; it fetched {blocks} blocks from the others.",
        "{city} 已恢復運作，並自其他城市取得 {blocks} 個區塊。", "{city} 已恢复运行，并自其他城市取得 {blocks} 个区块。",
        "{city} voltou a funcionar; obteve {blocks} blocos das outras.",
    ),
    "city_rebuilt": (
        "{city} was rebuilt from the other cities: {blocks} blocks re-executed.",
        "{city} 已由其他城市重建：重新執行 {blocks} 個區塊。", "{city} 已由其他城市重建：重新执行 {blocks} 个区块。",
        "{city} foi reconstruída a partir das outras cidades: {blocks} blocos reexecutados.",
    ),
    "city": ("City", "城市", "城市", "Cidade"),
    "state": ("State", "狀態", "状态", "Estado"),
    "running": ("running", "運作中", "运行中", "em funcionamento"),
    "stopped": ("stopped", "已停止", "已停止", "parada"),
    "height": ("Height", "高度", "高度", "Altura"),
    "state_root": ("State root", "狀態根", "状态根", "Raiz do estado"),
    "network_time": (
        "The network's clock stands at {time}.", "網絡時間為 {time}。", "网络时间为 {time}。",
        "O relógio da rede marca {time}.",
    ),
    "contract": ("Contract", "合約", "合约", "Contrato"),
    "version": ("Version", "版本", "版本", "Versão"),
    "commencement": ("In force from", "生效日期", "施行日期", "Em vigor desde"),
    "digest": ("Digest", "摘要", "摘要", "Resumo"),
    "audit_equal": (
        "{city}: {blocks} blocks re-executed from genesis, every root equal.",
        "{city}：自創始起重新執行 {blocks} 個區塊，各根全部相等。", "{city}：自创始起重新执行 {blocks} 个区块，各根全部相等。",
        "{city}: {blocks} blocos reexecutados desde a génese, todas as raízes iguais.",
    ),
    "audit_differs": (
        "{city}: differs at height {height}: {reason}.", "{city}：於高度 {height} 有異：{reason}。",
        "{city}：于高度 {height} 有异：{reason}。", "{city}: difere na altura {height}: {reason}.",
    ),
    "calendar_imported": (
        "Calendar {calendar} {year} is in force, adopted by {agreed} cities.",
        "{year} 年 {calendar} 日曆已生效，由 {agreed} 個城市通過。", "{year} 年 {calendar} 日历已生效，由 {agreed} 个城市通过。",
        "O calendário {calendar} de {year} está em vigor, adoptado por {agreed} cidades.",
    ),
    # certificates
    "certificate_issued": (
        "{reference} holds a certificate of {city}, admitted to the ledger. Valid until {until}.",
        "{reference} 已持有 {city} 的證書，並已記入賬本。有效期至 {until}。",
        "{reference} 已持有 {city} 的证书，并已记入账本。有效期至 {until}。",
        "{reference} tem um certificado de {city}, admitido no livro-razão. Válido até {until}.",
    ),
    "certificate_revoked": (
        "The certificate of {reference} is revoked.", "{reference} 的證書已撤銷。", "{reference} 的证书已撤销。",
        "O certificado de {reference} foi revogado.",
    ),
    "holder_exists": (
        "{reference} holds a certificate already. Replace it with: --renew", "{reference} 已持有證書。如須更換，請加 --renew。",
        "{reference} 已持有证书。如须更换，请加 --renew。", "{reference} já tem um certificado. Para o substituir: --renew",
    ),
    "holder_unknown": (
        "{reference} holds no key in this network. Issue one with: gba id issue {reference} --kind person|organisation|department",
        "{reference} 在此網絡沒有密鑰。請以 gba id issue {reference} --kind person|organisation|department 簽發。",
        "{reference} 在此网络没有密钥。请以 gba id issue {reference} --kind person|organisation|department 签发。",
        "{reference} não tem chave nesta rede. Emita-a com: gba id issue {reference} --kind person|organisation|department",
    ),
    "reference_malformed": (
        "{text} is not a party. Write a city (Guangzhou) or a holder of a city (Guangzhou/alice).",
        "{text} 並非當事方。請寫城市（Guangzhou）或城市的持證人（Guangzhou/alice）。",
        "{text} 并非当事方。请写城市（Guangzhou）或城市的持证人（Guangzhou/alice）。",
        "{text} não é uma parte. Escreva uma cidade (Guangzhou) ou um titular de uma cidade (Guangzhou/alice).",
    ),
    "holder": ("Holder", "持證人", "持证人", "Titular"),
    "kind": ("Kind", "類別", "类别", "Espécie"),
    "roles": ("Roles", "角色", "角色", "Funções"),
    "valid_until": ("Valid until", "有效期至", "有效期至", "Válido até"),
    "fingerprint": ("Fingerprint", "指紋", "指纹", "Impressão digital"),
    "revoked": ("revoked", "已撤銷", "已撤销", "revogado"),
    "valid": ("valid", "有效", "有效", "válido"),
    "certificate_expires": (
        "The certificate of {reference} expires on {until}. Renew it with: gba id issue {reference} --kind {kind} --renew",
        "{reference} 的證書將於 {until} 屆滿。請以 gba id issue {reference} --kind {kind} --renew 更換。",
        "{reference} 的证书将于 {until} 届满。请以 gba id issue {reference} --kind {kind} --renew 更换。",
        "O certificado de {reference} caduca em {until}. Renove-o com: gba id issue {reference} --kind {kind} --renew",
    ),
    "city_certificate_expires": (
        "The certificate with which {reference} acts expires on {until}.", "{reference} 行事所用的證書將於 {until} 屆滿。",
        "{reference} 行事所用的证书将于 {until} 届满。", "O certificado com que {reference} age caduca em {until}.",
    ),
    "expired": ("expired", "已屆滿", "已届满", "caducado"),
    # ballots
    "proposed": (
        "{city} has laid {name} version {version} before the cities.\n  ballot {ballot}\n  digest {digest}",
        "{city} 已將 {name} 第 {version} 版提交各城市。\n  表決 {ballot}\n  摘要 {digest}",
        "{city} 已将 {name} 第 {version} 版提交各城市。\n  表决 {ballot}\n  摘要 {digest}",
        "{city} submeteu às cidades {name}, versão {version}.\n  votação {ballot}\n  resumo {digest}",
    ),
    "voted": (
        "{city}: {position}. Agreed so far: {agreed} of 11; the ballot is {status}.",
        "{city}：{position}。十一個城市中至今有 {agreed} 個同意；表決狀態：{status}。",
        "{city}：{position}。十一个城市中至今有 {agreed} 个同意；表决状态：{status}。",
        "{city}: {position}. A favor até agora: {agreed} de 11; a votação está {status}.",
    ),
    "position_agree": ("agrees", "同意", "同意", "concorda"),
    "position_agree_with_reservation": (
        "agrees with reservation", "有保留同意", "有保留同意", "concorda com reservas"
    ),
    "position_object": ("objects", "反對", "反对", "opõe-se"),
    "position_abstain": ("abstains", "棄權", "弃权", "abstém-se"),
    "ballot_open": ("open", "進行中", "进行中", "aberta"),
    "ballot_carried": ("carried", "已通過", "已通过", "aprovada"),
    "ballot_adopted": ("adopted", "已採納", "已采纳", "adoptada"),
    "ballot_lost": ("lost", "未獲通過", "未获通过", "rejeitada"),
    "adopted": (
        "{name} version {version} is adopted and in force from {day}.",
        "{name} 第 {version} 版已採納，自 {day} 起生效。", "{name} 第 {version} 版已采纳，自 {day} 起施行。",
        "{name}, versão {version}, foi adoptado e vigora a partir de {day}.",
    ),
    "adopted_calendar": (
        "The calendar {name} of {version} is adopted and in force.", "{version} 年 {name} 日曆已採納並生效。",
        "{version} 年 {name} 日历已采纳并施行。", "O calendário {name} de {version} foi adoptado e está em vigor.",
    ),
    "ballot_unknown": (
        "The ledger has no ballot {ballot}.", "賬本上沒有表決 {ballot}。", "账本上没有表决 {ballot}。",
        "O livro-razão não tem a votação {ballot}.",
    ),
    "bad_hexadecimal": (
        "{text} is not an identity: 64 hexadecimal digits, or enough of the first ones.",
        "{text} 並非識別碼：應為 64 個十六進制數字，或其開首足夠的部分。",
        "{text} 并非标识：应为 64 个十六进制数字，或其开头足够的部分。",
        "{text} não é um identificador: 64 algarismos hexadecimais, ou os primeiros em número suficiente.",
    ),
    "bad_date": (
        "{text} is not a date such as 2026-03-02.", "{text} 並非如 2026-03-02 的日期。", "{text} 并非如 2026-03-02 的日期。",
        "{text} não é uma data como 2026-03-02.",
    ),
    "bad_time": (
        "{text} is not a moment such as 2026-03-02 or 2026-03-02T09:30 (UTC+8), from 1970-01-02 to 2199-12-31.",
        "{text} 並非如 2026-03-02 或 2026-03-02T09:30（UTC+8）的時刻；可用 1970-01-02 至 2199-12-31。",
        "{text} 并非如 2026-03-02 或 2026-03-02T09:30（UTC+8）的时刻；可用 1970-01-02 至 2199-12-31。",
        "{text} não é um momento como 2026-03-02 ou 2026-03-02T09:30 (UTC+8), de 1970-01-02 a 2199-12-31.",
    ),
    "time_not_certifiable": (
        "No certificate can begin at {time}.", "證書不能由 {time} 起生效。", "证书不能自 {time} 起生效。",
        "Nenhum certificado pode começar em {time}.",
    ),
    "time_has_passed": (
        "The network's clock already stands at {time}; it cannot go back.",
        "網絡時間已是 {time}，不能倒退。", "网络时间已是 {time}，不能倒退。",
        "O relógio da rede já marca {time}; não pode recuar.",
    ),
    "program_refused": (
        "{path} is not a sound compiled program: {reason}.", "{path} 並非有效的已編譯程式：{reason}。",
        "{path} 并非有效的已编译程序：{reason}。", "{path} não é um programa compilado válido: {reason}.",
    ),
    "beyond_certificates": (
        "The network cannot go to {time}: the certificates with which its cities act expire on {until}.",
        "網絡不能前進至 {time}：城市行事所用的證書於 {until} 屆滿。", "网络不能前进至 {time}：城市行事所用的证书于 {until} 届满。",
        "A rede não pode ir até {time}: os certificados com que as cidades agem caducam em {until}.",
    ),
    "contract_unknown": (
        "No contract {name} is in force on {day}. Known: {known}.", "{day} 沒有生效的合約 {name}。已知：{known}。",
        "{day} 没有施行的合约 {name}。已知：{known}。", "Nenhum contrato {name} está em vigor em {day}. Conhecidos: {known}.",
    ),
    "act_unknown": (
        "{contract} has no act {name}. Its acts: {known}.", "{contract} 沒有行為 {name}。其行為有：{known}。",
        "{contract} 没有行为 {name}。其行为有：{known}。", "{contract} não tem o acto {name}. Os seus actos: {known}.",
    ),
    "query_unknown": (
        "{contract} has no query {name}. Its queries: {known}.", "{contract} 沒有查詢 {name}。其查詢有：{known}。",
        "{contract} 没有查询 {name}。其查询有：{known}。", "{contract} não tem a consulta {name}. As suas consultas: {known}.",
    ),
    "argument_missing": (
        "Something is missing. {function} also needs {missing}.", "有所欠缺：{function} 尚須 {missing}。",
        "有所欠缺：{function} 还须 {missing}。", "Falta algo: {function} precisa também de {missing}.",
    ),
    "argument_unknown": (
        "{function} has no parameter {name}. Its parameters: {known}.", "{function} 沒有參數 {name}。其參數有：{known}。",
        "{function} 没有参数 {name}。其参数有：{known}。", "{function} não tem o parâmetro {name}. Os seus parâmetros: {known}.",
    ),
    "argument_malformed": (
        "{name}: {text} is not a value of {type}: {reason}.", "{name}：{text} 並非 {type} 的值：{reason}。",
        "{name}：{text} 并非 {type} 的值：{reason}。", "{name}: {text} não é um valor de {type}: {reason}.",
    ),
    "argument_twice": (
        "{name} is given twice.", "{name} 給出了兩次。", "{name} 给出了两次。", "{name} é indicado duas vezes.",
    ),
    "text_beyond_limit": (
        "{what}: {count} characters; at most {limit} are allowed.", "{what}：{count} 字；最多 {limit} 字。",
        "{what}：{count} 字；最多 {limit} 字。", "{what}: {count} caracteres; permitem-se no máximo {limit}.",
    ),
    "text_not_plain": (
        "{what}: {text} is no plain text of 1 to {limit} visible characters.",
        "{what}：{text} 並非 1 至 {limit} 個可見字元的文字。", "{what}：{text} 并非 1 至 {limit} 个可见字符的文字。",
        "{what}: {text} não é um texto de 1 a {limit} caracteres visíveis.",
    ),
    "holder_reserved": (
        "No holder can be called {holder}: the city itself and its authority are called so.",
        "持有人不能稱為 {holder}：此為城市本身或其發證機關的名稱。", "持有人不能称为 {holder}：此为城市本身或其发证机关的名称。",
        "Nenhum titular se pode chamar {holder}: assim se chamam a própria cidade e a sua autoridade.",
    ),
    "certificate_refused": (
        "No certificate can be issued for {reference}: {reason}", "不能向 {reference} 簽發證書：{reason}",
        "不能向 {reference} 签发证书：{reason}", "Não se pode emitir um certificado para {reference}: {reason}",
    ),
    "too_many_roles": (
        "{count} roles; a certificate carries at most {limit}.", "共 {count} 個角色；證書最多載 {limit} 個。",
        "共 {count} 个角色；证书最多载 {limit} 个。", "{count} funções; um certificado contém no máximo {limit}.",
    ),
    "argument_form": (
        "{text} is not understood; write arguments as name=value or --name value.",
        "不明白 {text}；請將參數寫成 名稱=值 或 --名稱 值。", "不明白 {text}；请将参数写成 名称=值 或 --名称 值。",
        "Não se compreende {text}; escreva os argumentos como nome=valor ou --nome valor.",
    ),
    "query_not_permitted": (
        "{who} may not ask {name}.", "{who} 無權查詢 {name}。", "{who} 无权查询 {name}。", "{who} não pode consultar {name}."
    ),
    "turned_away": (
        "The ledger turned the transaction away: {reason}", "賬本不接納此交易：{reason}", "账本不接纳此交易：{reason}",
        "O livro-razão não aceitou a transacção: {reason}",
    ),
    "who_may": (
        "{function} may be done by: {by}. {who} acts as {kind}; roles in the certificate: {roles}.",
        "可作出 {function} 者：{by}。{who} 的身分為 {kind}；證書所載角色：{roles}。",
        "可作出 {function} 者：{by}。{who} 的身份为 {kind}；证书所载角色：{roles}。",
        "Quem pode praticar {function}: {by}. {who} age como {kind}; funções no certificado: {roles}.",
    ),
    "queue_full": (
        "Too many transactions are waiting.", "等候中的交易過多。", "等候中的交易过多。",
        "Há demasiadas transacções em espera.",
    ),
    "done": ("Done.", "已辦理。", "已办理。", "Feito."),
    "refused": ("Refused: {reason}", "已拒絕：{reason}", "已拒绝：{reason}", "Recusado: {reason}"),
    "faulted": (
        "Could not be carried out: {reason}", "未能執行：{reason}", "未能执行：{reason}", "Não pôde ser executado: {reason}"
    ),
    "transaction_at": (
        "Transaction {transaction}\n  block {height}, {time}", "交易 {transaction}\n  區塊 {height}，{time}",
        "交易 {transaction}\n  区块 {height}，{time}", "Transacção {transaction}\n  bloco {height}, {time}",
    ),
    "transaction_unknown": (
        "The ledger has no transaction {transaction}.", "賬本上沒有交易 {transaction}。", "账本上没有交易 {transaction}。",
        "O livro-razão não tem a transacção {transaction}.",
    ),
    # letters
    "letter_title": ("Decision", "決定書", "决定书", "Decisão"),
    "letter_matter": ("Matter", "事項", "事项", "Assunto"),
    "letter_by": ("Act done by", "作出行為者", "行为作出者", "Autor do acto"),
    "letter_decided_by": ("Decided by", "決定機關", "决定机关", "Entidade decisora"),
    "letter_on": ("Decided on", "決定日期", "决定日期", "Data da decisão"),
    "letter_considered_on": ("Considered on", "處理日期", "处理日期", "Data da apreciação"),
    "letter_rule": ("Governed by", "適用規則", "适用规则", "Regra aplicável"),
    "letter_rule_text": (
        "{title} ({name} version {version}, digest {digest})", "{title}（{name} 第 {version} 版，摘要 {digest}）",
        "{title}（{name} 第 {version} 版，摘要 {digest}）", "{title} ({name}, versão {version}, resumo {digest})",
    ),
    "letter_basis": ("{article}: {basis}", "{article}：{basis}", "{article}：{basis}", "{article}: {basis}"),
    "letter_outcome": ("Outcome", "結果", "结果", "Resultado"),
    "letter_granted": ("Carried out", "已辦理", "已办理", "Executado"),
    "letter_refused": ("Refused", "已拒絕", "已拒绝", "Recusado"),
    "letter_undecided": (
        "No decision was taken on the matter.", "未就有關事項作出決定。", "未就有关事项作出决定。",
        "Não foi tomada decisão sobre o assunto.",
    ),
    "letter_ground": ("Ground", "理由", "理由", "Fundamento"),
    "letter_article": ("article {label}", "第 {label} 條", "第 {label} 条", "artigo {label}"),
    "letter_stated": ("Stated", "所陳述", "所陈述", "Declarado"),
    "letter_stated_by_office": (
        "Stated by the deciding office", "決定機關所載明", "决定机关所载明", "Declarado pela entidade decisora"
    ),
    "letter_applied": ("Rules applied", "所適用的條文", "所适用的条文", "Normas aplicadas"),
    "letter_conditions": ("Conditions examined", "所審查的條件", "所审查的条件", "Condições examinadas"),
    "letter_met": ("met", "符合", "符合", "verificada"),
    "letter_failed": ("not met", "不符合", "不符合", "não verificada"),
    "letter_facts": ("Facts weighed", "所考慮的事實", "所考虑的事实", "Factos ponderados"),
    "letter_fact": ("{fact} — {source}", "{fact} — {source}", "{fact} — {source}", "{fact} — {source}"),
    "letter_remedy": ("Remedy", "救濟途徑", "救济途径", "Meios de impugnação"),
    "letter_remedy_mainland": (
        "Under the law you may apply to the administrative reconsideration authority for administrative "
        "reconsideration, or bring an administrative action before a people's court, quoting the reference above. The "
        "period for applying for administrative reconsideration is in general sixty days from the day on which you "
        "learn of the decision.",
        "可依法向行政復議機關申請行政復議，或者依法向人民法院提起行政訴訟，並引用上列編號。"
        "申請行政復議的期限一般為自知道該決定之日起六十日。",
        "可依法向行政复议机关申请行政复议，或者依法向人民法院提起行政诉讼，并引用上列编号。"
        "申请行政复议的期限一般为自知道该决定之日起六十日。",
        "Nos termos da lei, pode requerer a reapreciação administrativa (行政复议) à autoridade competente, ou intentar "
        "acção administrativa no tribunal popular, indicando a referência acima. O prazo para requerer a reapreciação é, "
        "em regra, de sessenta dias a contar do dia em que teve conhecimento da decisão.",
    ),
    "letter_remedy_hong_kong": (
        "Meet the condition that was not met and apply again, or seek the review or appeal that the ordinance concerned "
        "provides, quoting the reference above. Periods are those of the law of Hong Kong.",
        "可補足所欠條件後再次申請，或引用上列編號，提出有關條例所定的覆核或上訴；期限依香港法律。",
        "可补足所欠条件后再次申请，或引用上列编号，提出有关条例所定的复核或上诉；期限依香港法律。",
        "Satisfaça a condição em falta e requeira de novo, ou peça a revisão ou o recurso previstos na lei aplicável de "
        "Hong Kong, indicando a referência acima. Os prazos são os da lei de Hong Kong.",
    ),
    "letter_remedy_macao": (
        "Meet the condition that was not met and apply again, or lodge a reclamation (reclamação) or a hierarchical appeal "
        "(recurso hierárquico), quoting the reference above. Periods are those of the law of Macao.",
        "可補足所欠條件後再次申請，或引用上列編號，提出聲明異議或訴願；期限依澳門法律。",
        "可补足所欠条件后再次申请，或引用上列编号，提出声明异议或诉愿；期限依澳门法律。",
        "Satisfaça a condição em falta e requeira de novo, ou apresente reclamação ou recurso hierárquico, indicando a "
        "referência acima. Os prazos são os da lei de Macau.",
    ),
    "letter_remedy_any": (
        "Meet the condition that was not met and apply again, or seek a remedy, quoting the reference above: in Hong Kong "
        "the review or appeal that an ordinance provides, in Macao a reclamation or a hierarchical appeal, on the Mainland "
        "administrative reconsideration (in general within sixty days from the day on which you learn of the decision) or "
        "an administrative action. Periods are those of the law of the deciding city.",
        "可補足所欠條件後再次申請，或引用上列編號尋求救濟：香港為法例所定的覆核或上訴，澳門為聲明異議或訴願，"
        "內地為行政復議（一般為自知道該決定之日起六十日）或行政訴訟；期限依作出決定城市的法律。",
        "可补足所欠条件后再次申请，或引用上列编号寻求救济：香港为法例所定的复核或上诉，澳门为声明异议或诉愿，"
        "内地为行政复议（一般为自知道该决定之日起六十日）或行政诉讼；期限依作出决定城市的法律。",
        "Pode satisfazer a condição em falta e requerer de novo, ou impugnar a decisão nos termos da lei da cidade que "
        "decidiu (em Macau, reclamação ou recurso hierárquico), indicando a referência acima.",
    ),
    "letter_remedy_fault": (
        "The instrument does not provide for this case, or the ledger lacks what it needs. It is for the cities that are "
        "parties to the instrument to mend the gap; the act can then be done again.",
        "合約未訂明此種情況，或賬本欠缺所需資料。須由合約的締約城市補正缺漏；其後可再次作出有關行為。",
        "合约未订明此种情况，或账本欠缺所需资料。须由合约的缔约城市补正缺漏；其后可再次作出有关行为。",
        "O contrato não prevê este caso, ou falta no livro-razão o que é preciso. Cabe às cidades partes no contrato suprir a "
        "lacuna; depois, o acto pode ser repetido.",
    ),
    "letter_transaction": ("Reference (transaction)", "辦理編號", "办理编号", "Referência"),
    "letter_block": ("Block", "區塊", "区块", "Bloco"),
    "letter_would": (
        "What would have changed the outcome", "何者可改變結果", "何者可改变结果", "O que teria alterado o resultado"
    ),
    "would_be_met": (
        "{clause}, this condition would have been met.", "如{clause}，此條件即符合。", "如{clause}，此条件即符合。",
        "Se {clause}, esta condição ter-se-ia verificado.",
    ),
    "would_equal": (
        "had {left} been {right}", "{left} 為 {right}", "{left} 为 {right}", "{left} tivesse sido {right}"
    ),
    "would_differ": (
        "had {left} been other than {right}", "{left} 並非 {right}", "{left} 并非 {right}",
        "{left} não tivesse sido {right}",
    ),
    "would_less": (
        "had {left} been less than {right}", "{left} 小於（早於）{right}", "{left} 小于（早于）{right}",
        "{left} tivesse sido inferior (anterior) a {right}",
    ),
    "would_at_most": (
        "had {left} been at most {right}", "{left} 不大於（不遲於）{right}", "{left} 不大于（不迟于）{right}",
        "{left} não tivesse sido superior (posterior) a {right}",
    ),
    "would_more": (
        "had {left} been more than {right}", "{left} 大於（遲於）{right}", "{left} 大于（迟于）{right}",
        "{left} tivesse sido superior (posterior) a {right}",
    ),
    "would_at_least": (
        "had {left} been at least {right}", "{left} 不小於（不早於）{right}", "{left} 不小于（不早于）{right}",
        "{left} não tivesse sido inferior (anterior) a {right}",
    ),
    "would_in": (
        "had {left} been among {right}", "{left} 在 {right} 之內", "{left} 在 {right} 之内",
        "{left} tivesse constado de {right}",
    ),
    "would_not_in": (
        "had {left} not been among {right}", "{left} 不在 {right} 之內", "{left} 不在 {right} 之内",
        "{left} não tivesse constado de {right}",
    ),
    "would_stand": (
        "had an entry for {keys} stood in the register {register}", "登記冊 {register} 內有 {keys} 的登記",
        "登记册 {register} 内有 {keys} 的登记", "constasse do registo {register} um assento de {keys}",
    ),
    "would_not_stand": (
        "had no entry for {keys} stood in the register {register}", "登記冊 {register} 內沒有 {keys} 的登記",
        "登记册 {register} 内没有 {keys} 的登记", "não constasse do registo {register} um assento de {keys}",
    ),
    "would_be_present": (
        "had {what} been present", "{what} 有值", "{what} 有值", "{what} tivesse existido"
    ),
    "would_be_absent": (
        "had {what} been absent", "{what} 無值", "{what} 无值", "{what} não tivesse existido"
    ),
    "would_hold": (
        "had it been so that {what}", "{what} 成立", "{what} 成立", "se tivesse verificado {what}"
    ),
    "would_not_hold": (
        "had it not been so that {what}", "{what} 不成立", "{what} 不成立", "não se tivesse verificado {what}"
    ),
    "would_both": ("{left} and {right}", "{left}，且{right}", "{left}，且{right}", "{left} e {right}"),
    "would_either": ("{left} or {right}", "{left}，或{right}", "{left}，或{right}", "{left} ou {right}"),
    "source_argument": (
        "stated in the act", "作出行為時所陳述", "作出行为时所陈述", "declarado no acto"
    ),
    "source_passed": (
        "handed to {name} ({article})", "交予 {name}（{article}）", "交予 {name}（{article}）", "entregue a {name} ({article})"
    ),
    "source_register": (
        "register {name} ({article})", "登記冊 {name}（{article}）", "登记册 {name}（{article}）", "registo {name} ({article})"
    ),
    "source_parameter": (
        "parameter {name} ({article})", "參數 {name}（{article}）", "参数 {name}（{article}）", "parâmetro {name} ({article})"
    ),
    "source_parameter_since": (
        "parameter {name} ({article}), in force since {day}", "參數 {name}（{article}），自 {day} 起生效",
        "参数 {name}（{article}），自 {day} 起施行", "parâmetro {name} ({article}), em vigor desde {day}",
    ),
    "source_rule": (
        "rule {name} ({article})", "規則 {name}（{article}）", "规则 {name}（{article}）", "regra {name} ({article})"
    ),
    "source_circumstance": (
        "circumstance of the act", "行為時的情況", "行为时的情况", "circunstância do acto"
    ),
    "source_computed": (
        "worked out from what is named", "由所列者算出", "由所列者算出", "calculado a partir do que se indica"
    ),
    "fault_at": ("in {function}, {article}", "於 {function}，{article}", "于 {function}，{article}", "em {function}, {article}"),
    "fault_at_line": (
        "{where} ({path}, line {line})", "{where}（{path} 第 {line} 行）", "{where}（{path} 第 {line} 行）",
        "{where} ({path}, linha {line})",
    ),
    "fault_bound": (
        "at most {bound} entries are provided for", "所訂上限為 {bound} 項", "所订上限为 {bound} 项",
        "estão previstos no máximo {bound} elementos",
    ),
    "fault_calendars": (
        "calendars read: {calendars}", "所查日曆：{calendars}", "所查日历：{calendars}", "calendários consultados: {calendars}"
    ),
    "kind_city": ("city", "城市", "城市", "cidade"),
    "kind_department": ("department", "部門", "部门", "serviço"),
    "kind_organisation": ("organisation", "組織", "组织", "organização"),
    "kind_person": ("person", "自然人", "自然人", "pessoa singular"),
    "matter_propose": ("Proposal to the cities", "向各城市提出文本", "向各城市提出文本", "Proposta às cidades"),
    "matter_vote": ("Position on a ballot", "就表決表明立場", "就表决表明立场", "Posição numa votação"),
    "matter_adopt": ("Adoption of a carried proposal", "採納已通過的提案", "采纳已通过的提案", "Adopção de uma proposta aprovada"),
    "matter_admit": ("Admission of a certificate", "將證書載入賬本", "将证书载入账本", "Admissão de um certificado"),
    "matter_revoke": ("Revocation of a certificate", "撤銷證書", "撤销证书", "Revogação de um certificado"),
    "matter_unreadable": (
        "Bytes that are no transaction", "並非交易的位元組", "并非交易的字节", "Bytes que não são uma transacção"
    ),
    # evidence
    "evidence_written": (
        "Evidence written: {path} ({size} bytes). Check it anywhere with: gba verify {path}",
        "憑證已寫入：{path}（{size} 位元組）。可於任何地方以 gba verify {path} 核驗。",
        "凭证已写入：{path}（{size} 字节）。可在任何地方以 gba verify {path} 核验。",
        "Ficheiro de prova gravado: {path} ({size} bytes). Verifique-o em qualquer lugar com: gba verify {path}",
    ),
    "evidence_holds": (
        "The evidence holds: signed by {count} of 11 cities ({cities}).",
        "憑證核驗無誤：由十一個城市中的 {count} 個簽署（{cities}）。", "凭证核验无误：由十一个城市中的 {count} 个签署（{cities}）。",
        "A prova é válida: assinada por {count} das 11 cidades ({cities}).",
    ),
    "evidence_trust": (
        "Members' list {members}, ledger {ledger}. Compare these with a source you trust, or give them with "
        "--members and --ledger.",
        "成員名單 {members}，賬本 {ledger}。請與閣下信任的來源核對，或以 --members 及 --ledger 給出。",
        "成员名单 {members}，账本 {ledger}。请与您信任的来源核对，或以 --members 及 --ledger 给出。",
        "Lista de membros {members}, livro-razão {ledger}. Confronte-os com uma fonte da sua confiança, ou indique-os com "
        "--members e --ledger.",
    ),
    "evidence_trusted": (
        "The members' list and the ledger are the ones you named.", "成員名單及賬本與所指明的一致。",
        "成员名单及账本与所指明的一致。", "A lista de membros e o livro-razão são os que indicou.",
    ),
    "evidence_signer": (
        "Signed by {signer}: the certificate stands on the ledger and its key verifies the signature.",
        "簽署人為 {signer}：其證書載於賬本，其密鑰與簽署相符。", "签署人为 {signer}：其证书载于账本，其密钥与签名相符。",
        "Assinado por {signer}: o certificado consta do livro-razão e a sua chave verifica a assinatura.",
    ),
    "evidence_entry": (
        "On the ledger at height {height}, in the register {register}: {entry}",
        "賬本於高度 {height} 時，登記冊 {register} 載有：{entry}", "账本于高度 {height} 时，登记册 {register} 载有：{entry}",
        "No livro-razão, à altura {height}, no registo {register}: {entry}",
    ),
    "entry_malformed": (
        "{text} names no entry of {contract}. Its registers: {known}.", "{text} 並非 {contract} 的登記。其登記冊有：{known}。",
        "{text} 并非 {contract} 的登记。其登记册有：{known}。", "{text} não é um assento de {contract}. Os seus registos: {known}.",
    ),
    "entry_unknown": (
        "The ledger holds no entry {entry}.", "賬本沒有登記 {entry}。", "账本没有登记 {entry}。",
        "O livro-razão não tem o assento {entry}.",
    ),
    "evidence_no_signer": (
        "The ledger turned it away; the file does not prove who sent it.", "賬本不接納該交易；此檔案未能證明由誰提交。",
        "账本不接纳该交易；此文件未能证明由谁提交。", "O livro-razão não a aceitou; o ficheiro não prova quem a enviou.",
    ),
    "evidence_refused": (
        "The file proves nothing: {rule} {detail}", "此檔案不能證明任何事：{rule} {detail}", "此文件不能证明任何事：{rule} {detail}",
        "O ficheiro nada prova: {rule} {detail}",
    ),
    # drafting
    "checked": (
        "{path}: {name} is sound; {running} of {articles} articles run.",
        "{path}：{name} 無誤；{articles} 條中有 {running} 條可執行。", "{path}：{name} 无误；{articles} 条中有 {running} 条可执行。",
        "{path}: {name} está correcto; {running} de {articles} artigos são executáveis.",
    ),
    "checked_calendar": (
        "{path}: the calendar {calendar} of {year} is sound.", "{path}：{year} 年 {calendar} 日曆無誤。",
        "{path}：{year} 年 {calendar} 日历无误。", "{path}: o calendário {calendar} de {year} está correcto.",
    ),
    "checked_declaring": (
        "  article {label} {heading}: declares what others use", "  第 {label} 條 {heading}：僅作宣告，供他條使用",
        "  第 {label} 条 {heading}：仅作声明，供他条使用", "  artigo {label} {heading}: declara o que outros usam",
    ),
    "checked_text_only": (
        "  article {label} {heading}: text only, because {reason}", "  第 {label} 條 {heading}：僅為文字，理由：{reason}",
        "  第 {label} 条 {heading}：仅为文字，理由：{reason}", "  artigo {label} {heading}: só texto, porque {reason}",
    ),
    "fmt_differs": (
        "{path} is not in canonical layout.", "{path} 並非標準版式。", "{path} 并非标准版式。",
        "{path} não está na forma canónica.",
    ),
    "fmt_written": (
        "{path} put into canonical layout.", "{path} 已改為標準版式。", "{path} 已改为标准版式。",
        "{path} foi posto na forma canónica.",
    ),
    "compiled": (
        "{name} version {version} compiled to {path} ({size} bytes).\nDigest {digest}",
        "{name} 第 {version} 版已編譯至 {path}（{size} 位元組）。\n摘要 {digest}",
        "{name} 第 {version} 版已编译至 {path}（{size} 字节）。\n摘要 {digest}",
        "{name}, versão {version}, compilado para {path} ({size} bytes).\nResumo {digest}",
    ),
    "act_or_query": ("Act or query", "行為或查詢", "行为或查询", "Acto ou consulta"),
    "worst_cost": ("Worst-case cost", "最高成本", "最高成本", "Custo máximo"),
    "instrument_parties": ("Parties", "締約方", "缔约方", "Partes"),
    "instrument_bases": ("Basis", "依據", "依据", "Base legal"),
    "instrument_prevailing": ("Prevailing text", "以何文本為準", "以何文本为准", "Texto que prevalece"),
    "instrument_effective": ("Effective from", "生效", "施行", "Produz efeitos desde"),
    "instrument_expires": ("Expires", "屆滿", "届满", "Caduca"),
    "instrument_review": ("Review", "檢討", "评估", "Revisão"),
    "name": ("Name", "名稱", "名称", "Nome"),
    "parameters": ("Parameters", "參數", "参数", "Parâmetros"),
    "by": ("By", "由", "由", "Por"),
    "code": ("Code", "編號", "编号", "Código"),
    "meaning": ("Meaning", "含義", "含义", "Significado"),
    "code_unknown": (
        "There is no diagnostic, fault or refusal {code}.", "沒有編號為 {code} 的診斷、故障或拒絕理由。",
        "没有编号为 {code} 的诊断、故障或拒绝理由。", "Não existe diagnóstico, falha ou recusa {code}.",
    ),
    "name_malformed": (
        "{name} cannot be the name of a contract: letters, digits and underscores, not beginning with a digit.",
        "{name} 不能作合約名稱：只可用字母、數字及底線，且不得以數字開首。",
        "{name} 不能作合约名称：只可用字母、数字及下划线，且不得以数字开头。",
        "{name} não pode ser o nome de um contrato: letras, algarismos e sublinhados, sem começar por algarismo.",
    ),
}


def word(language: str, key: str, /, **facts: object) -> str:
    """Return a phrase in one of the four languages, its facts filled in."""
    column = ("en", "zh-Hant", "zh-Hans", "pt").index(language)
    return WORDS[key][column].format(**facts)
