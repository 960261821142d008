"""The few words that stand on every paper: page numbers, dates to sign, annexes, the seal."""

WORDS = {
    "zh": {
        "annex_mark": "附件 %(number)s",
        "annex_item": "附件 %(number)s：%(title)s",
        "chain": "存证链尾",
        "colon": "：",
        "cut": "沿裁切线剪开",
        "date_line": "年　　月　　日",
        "certificate_title": "荣誉证书",
        "certificate_to": "授予",
        "certificate_in": "在",
        "certificate_won": "中荣获",
        "certificate_so": "特发此证，以资鼓励。",
        "certificate_number": "证书编号",
        "certificate_check": "扫码或登录查验真伪",
        "certificate_void": "已失效",
        "answer_no": "否",
        "answer_yes": "是",
        "missing_note": (
            "注意：本文件的字体缺少下列字符，文中以“〓”代替，请核对原始数据后手工补正：%(signs)s"
        ),
        "page": "第 %(page)s 页　共 %(pages)s 页",
        "seal": "（盖章处）",
        "rows_none": "（无）",
    },
    "en": {
        "annex_mark": "Annex %(number)s",
        "annex_item": "Annex %(number)s: %(title)s",
        "chain": "Head of the chain",
        "colon": ": ",
        "cut": "Cut along the marks",
        "date_line": "Date:",
        "certificate_title": "Certificate of Honour",
        "certificate_to": "is awarded to",
        "certificate_in": "in ",
        "certificate_won": " wins",
        "certificate_so": "In recognition of which this certificate is given.",
        "certificate_number": "Number",
        "certificate_check": "Scan to verify, or type the number at",
        "certificate_void": "VOID",
        "answer_no": "No",
        "answer_yes": "Yes",
        "missing_note": (
            "Note: the fonts of this document lack the characters below. Each is shown as “〓”; "
            "check the original data and complete them by hand: %(signs)s"
        ),
        "page": "Page %(page)s of %(pages)s",
        "seal": "(Seal)",
        "rows_none": "(none)",
    },
}


def words_of(language):
    """The fixed words in one language."""
    return WORDS[language]
