"""What the machine's faults and the ledger's refusals say, in four languages: one row for each name.

The names are those of the tables that own them (faults, rejections, certificate refusals, evidence refusals, refusals of
blocks); this module knows their words and nothing else of them. A test proves that every name has its row and every row
its name.
"""

from __future__ import annotations

from typing import TypeAlias

Words: TypeAlias = tuple[str, str, str, str]
"""en, zh-Hant, zh-Hans, pt."""

FAULTS: dict[str, Words] = {
    "OVERFLOW": (
        "A number became larger than the machine can hold.", "數值超出機器所能容納的範圍。", "数值超出机器所能容纳的范围。",
        "Um número excedeu o que a máquina pode conter.",
    ),
    "DIVISION_BY_ZERO": ("A division by zero.", "除數為零。", "除数为零。", "Divisão por zero."),
    "OUT_OF_RANGE": (
        "A value lies outside the range that the instrument declares for it.", "某值超出文書所訂的範圍。", "某值超出文书所订的范围。",
        "Um valor está fora dos limites que o instrumento lhe fixa.",
    ),
    "MISSING_ENTRY": (
        "The register holds no such entry.", "登記冊內沒有該條目。", "登记册内没有该条目。", "O registo não contém essa entrada."
    ),
    "ENTRY_EXISTS": (
        "The register holds such an entry already.", "登記冊內已有該條目。", "登记册内已有该条目。",
        "O registo já contém essa entrada.",
    ),
    "MISSING_VALUE": (
        "A value was needed where there is none.", "需要某值，但該處並無值。", "需要某值，但该处并无值。",
        "Era necessário um valor onde não há nenhum.",
    ),
    "TOO_MANY_ENTRIES": (
        "The register holds more entries than the instrument provides for.", "登記冊內的條目多於文書所預計。",
        "登记册内的条目多于文书所预计。", "O registo contém mais entradas do que o instrumento prevê.",
    ),
    "COLLECTION_FULL": (
        "A list or set would hold more items than its limit.", "列表或集合的項目將超過上限。", "列表或集合的项目将超过上限。",
        "Uma lista ou conjunto teria mais elementos do que o seu limite.",
    ),
    "EMPTY_AGGREGATE": (
        "The least or greatest of nothing was asked for.", "在沒有任何項目時求取最小值或最大值。", "在没有任何项目时求取最小值或最大值。",
        "Foi pedido o mínimo ou o máximo de nenhum elemento.",
    ),
    "CONFLICTING_EXCEPTIONS": (
        "Two exceptions apply and the instrument does not say which prevails.", "兩項例外同時適用，而文書未訂明何者優先。",
        "两项例外同时适用，而文书未订明何者优先。", "Aplicam-se duas excepções e o instrumento não diz qual prevalece.",
    ),
    "UNDECIDED": (
        "No rule of the instrument decides this case.", "文書沒有任何規則決定此情況。", "文书没有任何规则决定此情况。",
        "Nenhuma regra do instrumento decide este caso.",
    ),
    "PARAMETER_NOT_IN_FORCE": (
        "A parameter has no value on that day.", "某參數於該日尚無數值。", "某参数于该日尚无数值。",
        "Um parâmetro não tem valor nesse dia.",
    ),
    "CALENDAR_MISSING": (
        "The cities have not adopted a calendar for a day that had to be counted.", "各城市尚未通過涵蓋所需日子的日曆。",
        "各城市尚未通过涵盖所需日子的日历。", "As cidades não adoptaram calendário para um dia que era preciso contar.",
    ),
    "DATE_OUT_OF_RANGE": (
        "A date lies before 1900 or after 2199.", "日期早於 1900 年或遲於 2199 年。", "日期早于 1900 年或迟于 2199 年。",
        "Uma data é anterior a 1900 ou posterior a 2199.",
    ),
    "MONTH_END": (
        "The month has no such day and the instrument states no rounding.", "該月沒有此日，而文書未訂明如何取捨。",
        "该月没有此日，而文书未订明如何取舍。", "O mês não tem esse dia e o instrumento não indica o arredondamento.",
    ),
    "OUT_OF_COST": (
        "The call would cost more than the ledger allows.", "此項調用的成本超出賬本所許可。", "此项调用的成本超出账本所许可。",
        "A chamada custaria mais do que o livro-razão permite.",
    ),
    "INDEX_OUT_OF_RANGE": (
        "A list has no item at that place.", "列表在該位置沒有項目。", "列表在该位置没有项目。",
        "A lista não tem elemento nessa posição.",
    ),
    "TOO_MANY_EVENTS": (
        "One act would announce more events than the ledger allows.", "一項行為的公告數目超出賬本所許可。",
        "一项行为的公告数目超出账本所许可。", "Um acto anunciaria mais eventos do que o livro-razão permite.",
    ),
    "TOO_MANY_WRITES": (
        "One act would change more entries than the ledger allows.", "一項行為改動的條目數目超出賬本所許可。",
        "一项行为改动的条目数目超出账本所许可。", "Um acto alteraria mais entradas do que o livro-razão permite.",
    ),
}

REJECTIONS: dict[str, Words] = {
    "TRANSACTION_MUST_BE_WITHIN_SIZE": (
        "The transaction is too large.", "交易過大。", "交易过大。", "A transacção é demasiado grande."
    ),
    "TRANSACTION_MUST_DECODE": (
        "The bytes are not a transaction.", "該等位元組並非交易。", "这些字节并非交易。", "Os bytes não são uma transacção."
    ),
    "LEDGER_MUST_BE_THIS_ONE": (
        "The transaction is meant for another ledger.", "此交易屬另一賬本。", "此交易属另一账本。",
        "A transacção destina-se a outro livro-razão.",
    ),
    "SIGNER_MUST_BE_ADMITTED": (
        "The signer's certificate is not on the ledger.", "簽署人的證書未載入賬本。", "签署人的证书未载入账本。",
        "O certificado do signatário não consta do livro-razão.",
    ),
    "CERTIFICATE_MUST_BE_VALID_ALREADY": (
        "The signer's certificate is not valid yet.", "簽署人的證書尚未生效。", "签署人的证书尚未生效。",
        "O certificado do signatário ainda não é válido.",
    ),
    "CERTIFICATE_MUST_NOT_BE_EXPIRED": (
        "The signer's certificate has expired.", "簽署人的證書已屆滿。", "签署人的证书已届满。",
        "O certificado do signatário caducou.",
    ),
    "CERTIFICATE_MUST_NOT_BE_REVOKED": (
        "The signer's certificate has been revoked.", "簽署人的證書已撤銷。", "签署人的证书已撤销。",
        "O certificado do signatário foi revogado.",
    ),
    "SIGNATURE_MUST_VERIFY": (
        "The signature is not the signer's.", "簽署並非出自簽署人。", "签名并非出自签署人。", "A assinatura não é do signatário."
    ),
    "LAST_HEIGHT_MUST_NOT_HAVE_PASSED": (
        "The transaction came too late: its last valid height has passed.", "交易過遲：其最後有效高度已過。",
        "交易过迟：其最后有效高度已过。", "A transacção chegou tarde: passou a última altura em que era válida.",
    ),
    "LAST_HEIGHT_MUST_BE_NEAR": (
        "The transaction would stay valid for too long.", "交易的有效期過長。", "交易的有效期过长。",
        "A transacção seria válida durante demasiado tempo.",
    ),
    "SEQUENCE_MUST_BE_UNUSED": (
        "The signer has used this sequence number already; the transaction may be a replay.", "簽署人已用過此序號；交易可能是重放。",
        "签署人已用过此序号；交易可能是重放。", "O signatário já usou este número de ordem; a transacção pode ser uma repetição.",
    ),
    "SEQUENCE_MUST_BE_NEXT": (
        "An earlier transaction of the signer is missing.", "簽署人較早的一宗交易尚缺。", "签署人较早的一宗交易尚缺。",
        "Falta uma transacção anterior do signatário.",
    ),
    "CONTRACT_MUST_BE_KNOWN": (
        "No contract of that name has been adopted.", "沒有該名稱的合約獲採納。", "没有该名称的合约获采纳。",
        "Nenhum contrato com esse nome foi adoptado.",
    ),
    "CONTRACT_MUST_HAVE_COMMENCED": (
        "The contract is not in force yet.", "合約尚未生效。", "合约尚未施行。", "O contrato ainda não está em vigor."
    ),
    "CONTRACT_MUST_NOT_HAVE_EXPIRED": (
        "The contract is no longer in force.", "合約已屆滿。", "合约已届满。", "O contrato já não está em vigor."
    ),
    "VERSION_MUST_BE_IN_FORCE": (
        "Another version of the contract is in force.", "生效的是合約的另一版本。", "施行的是合约的另一版本。",
        "Está em vigor outra versão do contrato.",
    ),
    "ACT_MUST_BE_DECLARED": (
        "The contract has no such act.", "合約沒有此項行為。", "合约没有此项行为。", "O contrato não tem esse acto."
    ),
    "ARGUMENTS_MUST_FIT": (
        "The arguments do not fit what the act declares.", "參數與行為所訂者不符。", "参数与行为所订者不符。",
        "Os argumentos não correspondem ao que o acto declara.",
    ),
    "CITY_MUST_BE_PARTY": (
        "The signer's city is not a party to the contract.", "簽署人所屬城市並非合約的締約方。", "签署人所属城市并非合约的缔约方。",
        "A cidade do signatário não é parte no contrato.",
    ),
    "ACTOR_MUST_BE_PERMITTED": (
        "The signer has no power to do this act.", "簽署人無權作出此項行為。", "签署人无权作出此项行为。",
        "O signatário não tem competência para este acto.",
    ),
    "SIGNER_MUST_BE_A_CITY": (
        "Only a city may do this.", "只有城市可以作出此舉。", "只有城市可以作出此举。", "Só uma cidade o pode fazer."
    ),
    "PROGRAM_MUST_BE_SOUND": (
        "What was proposed is not a sound compiled instrument.", "所提出者並非有效的已編譯文書。", "所提出者并非有效的已编译文书。",
        "O que se propôs não é um instrumento compilado válido.",
    ),
    "VERSION_MUST_BE_NEXT": (
        "A new version must follow the last adopted one by one.", "新版本須緊接最後採納的版本。", "新版本须紧接最后采纳的版本。",
        "A nova versão tem de seguir imediatamente a última adoptada.",
    ),
    "CALENDAR_MUST_BE_SOUND": (
        "What was proposed is not a sound calendar year.", "所提出者並非有效的曆年。", "所提出者并非有效的历年。",
        "O que se propôs não é um ano de calendário válido.",
    ),
    "REGISTERS_MUST_STAY_READABLE": (
        "A new version must keep the form of the registers it shares with the version before.",
        "新版本須保留與前一版本共有的登記冊的格式。", "新版本须保留与前一版本共有的登记册的格式。",
        "A nova versão tem de manter a forma dos registos que partilha com a anterior.",
    ),
    "BALLOT_MUST_BE_KNOWN": (
        "There is no such ballot.", "沒有此項表決。", "没有此项表决。", "Não existe essa votação."
    ),
    "DIGEST_MUST_BE_THE_BALLOTS": (
        "The position names another text than the one on the ballot.", "所表明的立場並非針對表決中的文本。",
        "所表明的立场并非针对表决中的文本。", "A posição refere-se a texto diferente do que está a votação.",
    ),
    "BALLOT_MUST_BE_OPEN": (
        "The ballot is closed.", "表決已結束。", "表决已结束。", "A votação está encerrada."
    ),
    "POSITION_MUST_BE_THE_FIRST": (
        "The city has taken its position already.", "該城市已表明立場。", "该城市已表明立场。", "A cidade já tomou posição."
    ),
    "BALLOT_MUST_BE_CARRIED": (
        "The proposal has not been carried, or has been adopted already.", "提案尚未獲通過，或已獲採納。", "提案尚未获通过，或已获采纳。",
        "A proposta não foi aprovada, ou já foi adoptada.",
    ),
    "COMMENCEMENT_MUST_NOT_BE_EARLY": (
        "The commencement is earlier than the charter or the instrument allows.", "生效日期早於章程或文書所許可。",
        "施行日期早于章程或文书所许可。", "A entrada em vigor é anterior ao que a carta constitutiva ou o instrumento permitem.",
    ),
    "COMMENCEMENT_MUST_PRECEDE_EXPIRY": (
        "The instrument expires before it would commence.", "該文書於生效前已屆滿。", "该文书于施行前已届满。",
        "O instrumento caduca antes de entrar em vigor.",
    ),
    "BALLOT_MUST_NOT_BE_OVERTAKEN": (
        "Another text of that version has been adopted meanwhile.", "同一版本的另一文本已先獲採納。", "同一版本的另一文本已先获采纳。",
        "Entretanto foi adoptado outro texto dessa versão.",
    ),
    "CHARTER_MUST_DECIDE": (
        "The charter lacks the rules that decide on ballots.", "章程缺少決定表決的規則。", "章程缺少决定表决的规则。",
        "À carta constitutiva faltam as regras que decidem as votações.",
    ),
    "CERTIFICATE_MUST_BE_ACCEPTABLE": (
        "The certificate is not acceptable.", "證書不獲接納。", "证书不获接纳。", "O certificado não é aceitável."
    ),
    "CERTIFICATE_MUST_BE_NEW": (
        "The certificate is on the ledger already.", "證書已載入賬本。", "证书已载入账本。",
        "O certificado já consta do livro-razão.",
    ),
    "CERTIFICATE_MUST_BE_KNOWN": (
        "The ledger has no such certificate.", "賬本沒有該證書。", "账本没有该证书。", "O livro-razão não tem esse certificado."
    ),
    "CERTIFICATE_MUST_BE_OF_THE_SIGNERS_CITY": (
        "A city may only deal with certificates of its own authority.", "城市只可處理其自身認證機構的證書。",
        "城市只可处理其自身认证机构的证书。", "Uma cidade só pode tratar de certificados da sua própria autoridade.",
    ),
    "CERTIFICATE_MUST_NOT_BE_REVOKED_ALREADY": (
        "The certificate has been revoked already.", "證書早已撤銷。", "证书早已撤销。", "O certificado já foi revogado."
    ),
    "CITY_CERTIFICATE_MUST_STAND": (
        "A city cannot revoke the certificate with which it acts.", "城市不能撤銷其據以行事的證書。", "城市不能撤销其据以行事的证书。",
        "Uma cidade não pode revogar o certificado com que actua.",
    ),
}

CERTIFICATE_REFUSALS: dict[str, Words] = {
    "TOO_LARGE": ("It is too large.", "過大。", "过大。", "É demasiado grande."),
    "UNPARSEABLE": (
        "It is not an X.509 certificate.", "並非 X.509 證書。", "并非 X.509 证书。", "Não é um certificado X.509."
    ),
    "NON_CANONICAL": (
        "It is not in its one canonical encoding.", "並非唯一的標準編碼。", "并非唯一的标准编码。",
        "Não está na sua única codificação canónica.",
    ),
    "UNSUPPORTED_KEY": (
        "Its key is of a kind that the ledger does not know, or not sound.", "其密鑰類別不為賬本所識，或並非有效。",
        "其密钥类别不为账本所识，或并非有效。", "A chave é de espécie desconhecida do livro-razão, ou não é válida.",
    ),
    "UNKNOWN_ISSUER": (
        "Its issuer is not the authority of a member.", "簽發者並非成員的認證機構。", "签发者并非成员的认证机构。",
        "O emissor não é a autoridade de um membro.",
    ),
    "SELF_MADE": (
        "It is signed with its own key.", "以其自身密鑰簽署。", "以其自身密钥签署。", "Está assinado com a sua própria chave."
    ),
    "BAD_ISSUER_SIGNATURE": (
        "The issuer's signature does not verify.", "簽發者的簽署不符。", "签发者的签名不符。",
        "A assinatura do emissor não se verifica.",
    ),
    "WRONG_PURPOSE": (
        "It is not made for signing on this ledger.", "並非供在此賬本簽署之用。", "并非供在此账本签署之用。",
        "Não se destina a assinar neste livro-razão.",
    ),
    "UNKNOWN_CITY": (
        "It names none of the eleven cities.", "所載並非十一個城市之一。", "所载并非十一个城市之一。",
        "Não indica nenhuma das onze cidades.",
    ),
    "CITY_MISMATCH": (
        "It names another city than its authority's.", "所載城市與其認證機構不符。", "所载城市与其认证机构不符。",
        "Indica cidade diferente da da sua autoridade.",
    ),
    "BAD_HOLDER": (
        "Its holder's identifier is not well formed.", "持證人識別碼格式不符。", "持证人标识格式不符。",
        "O identificador do titular não está bem formado.",
    ),
    "BAD_ROLES": ("Its roles are not well formed.", "角色格式不符。", "角色格式不符。", "As funções não estão bem formadas."),
    "VALIDITY_TOO_LONG": (
        "Its validity is longer than allowed, or outside that of its authority.", "有效期過長，或超出其認證機構的有效期。",
        "有效期过长，或超出其认证机构的有效期。", "A validade é superior à permitida, ou excede a da sua autoridade.",
    ),
    "NEVER_VALID": (
        "It ends before it begins.", "其屆滿先於其生效。", "其届满先于其生效。", "Termina antes de começar."
    ),
    "NOT_YET_VALID": ("It is not valid yet.", "尚未生效。", "尚未生效。", "Ainda não é válido."),
    "EXPIRED": ("It has expired.", "已屆滿。", "已届满。", "Caducou."),
    "REVOKED": ("It has been revoked.", "已撤銷。", "已撤销。", "Foi revogado."),
}

EVIDENCE_REFUSALS: dict[str, Words] = {
    "file_must_be_within_size": (
        "the file is too large.", "檔案過大。", "文件过大。", "o ficheiro é demasiado grande."
    ),
    "file_must_be_undamaged": (
        "the file is damaged or is not an evidence file.", "檔案已損壞，或並非憑證檔案。", "文件已损坏，或并非凭证文件。",
        "o ficheiro está danificado ou não é um ficheiro de prova.",
    ),
    "file_must_decode": (
        "the file is not in the form of evidence.", "檔案並非憑證的格式。", "文件并非凭证的格式。",
        "o ficheiro não tem a forma de prova.",
    ),
    "members_must_be_the_headers": (
        "the members' list is not the one that the header names.", "成員名單並非區塊頭所指者。", "成员名单并非区块头所指者。",
        "a lista de membros não é a que o cabeçalho indica.",
    ),
    "members_must_be_the_trusted_ones": (
        "the members' list is not the one you trust.", "成員名單並非閣下所信任者。", "成员名单并非您所信任者。",
        "a lista de membros não é a da sua confiança.",
    ),
    "ledger_must_be_the_trusted_one": (
        "the ledger is not the one you trust.", "賬本並非閣下所信任者。", "账本并非您所信任者。",
        "o livro-razão não é o da sua confiança.",
    ),
    "header_must_be_final": (
        "the header is not signed by at least 8 of 11 cities.", "區塊頭未獲十一個城市中至少八個簽署。",
        "区块头未获十一个城市中至少八个签署。", "o cabeçalho não está assinado por pelo menos 8 das 11 cidades.",
    ),
    "transaction_must_stand_in_the_block": (
        "the transaction does not stand in that block.", "交易不在該區塊內。", "交易不在该区块内。",
        "a transacção não consta desse bloco.",
    ),
    "receipt_must_stand_in_the_block": (
        "the receipt does not stand in that block.", "回執不在該區塊內。", "回执不在该区块内。",
        "o recibo não consta desse bloco.",
    ),
    "receipt_must_be_the_transactions": (
        "the receipt belongs to another transaction.", "回執屬另一交易。", "回执属另一交易。",
        "o recibo pertence a outra transacção.",
    ),
    "program_must_be_the_receipts": (
        "the instrument is not the one that decided.", "文書並非作出決定者。", "文书并非作出决定者。",
        "o instrumento não é o que decidiu.",
    ),
    "receipt_must_be_legible": (
        "the receipt says what cannot be read with the instrument.", "回執所載無法依該文書讀取。", "回执所载无法依该文书读取。",
        "o recibo diz o que não se consegue ler com o instrumento.",
    ),
    "entry_must_stand_in_the_state": (
        "a register entry does not stand in the state.", "某條目不在狀態之內。", "某条目不在状态之内。",
        "uma entrada não consta do estado.",
    ),
    "later_header_must_follow": (
        "the header under which entries stand is not a later one of the same ledger and members.",
        "登記所屬的區塊頭並非同一賬本及成員的較後區塊頭。", "登记所属的区块头并非同一账本及成员的较后区块头。",
        "o cabeçalho dos assentos não é posterior, do mesmo livro-razão e dos mesmos membros.",
    ),
    "later_header_must_be_final": (
        "the later header is not signed by at least 8 of 11 cities.", "較後的區塊頭未獲十一個城市中至少八個簽署。",
        "较后的区块头未获十一个城市中至少八个签署。", "o cabeçalho posterior não está assinado por pelo menos 8 das 11 cidades.",
    ),
    "signer_must_stand_in_the_state": (
        "the certificate of who signed does not stand in the state.", "簽署人的證書不在狀態之內。", "签署人的证书不在状态之内。",
        "o certificado de quem assinou não consta do estado.",
    ),
    "signature_must_be_the_signers": (
        "the transaction's signature is not that of the certificate.", "交易的簽署與證書不符。", "交易的签名与证书不符。",
        "a assinatura da transacção não é a do certificado.",
    ),
}

_COLUMNS = ("en", "zh-Hant", "zh-Hans", "pt")


def fault_sentence(language: str, name: str) -> str:
    """Return what a fault of the machine says."""
    return FAULTS[name][_COLUMNS.index(language)]


def rejection_sentence(language: str, name: str) -> str:
    """Return why the ledger turns a transaction away."""
    return REJECTIONS[name][_COLUMNS.index(language)]


def certificate_refusal_sentence(language: str, name: str) -> str:
    """Return why a certificate is not acceptable."""
    return CERTIFICATE_REFUSALS[name][_COLUMNS.index(language)]


def evidence_refusal_sentence(language: str, name: str) -> str:
    """Return why an evidence file proves nothing."""
    return EVIDENCE_REFUSALS[name][_COLUMNS.index(language)]
