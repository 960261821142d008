"""The Chinese pages use one word for one thing: the glossary's, and none of its rivals."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "contest" / "translations" / "zh" / "LC_MESSAGES" / "messages.po"
# A pattern of words that must not occur, and the glossary's word that stands instead.
RIVALS = {
    r"盲码|盲号|加密号|(?<!UTF-8 )(?<!GB18030 )编码": "加密编号",
    r"评委|裁判卡|卡片": "裁判证",
    r"裁判员": "裁判",
    r"裁判组": "评分组",
    r"主裁判|总裁判": "裁判长",
    r"联络人|联系人|领队员": "领队",
    r"组织者|主办方|承办方": "组委会",
    r"录入员|计分员|记分员": "统分员",
    r"监督员": "监督",
    r"会员服务专员|经办人": "服务专员",
    r"名录|工匠名册|工匠名单": "工匠库",
    r"(?<!工匠库)管理员": "工匠库管理员",
    r"团体|团队|队伍": "代表队",
    r"评分项|评分要素": "评分标准，评分点",
    r"揭晓|解榜|冻结": "揭榜，封榜",
    r"判罚|罚分|扣分处罚": "违规扣分",
    r"计分单|收据": "成绩明细",
    r"留痕|操作记录|审计": "操作日志",
    r"参赛编号|考号|准考证号": "参赛号",
    r"赛事|比赛": "竞赛",
    r"预设|现成方案": "方案模板",
    r"裁决": "裁定",
    r"最小分差|步长": "最小间隔",
}
# English words that are one term of the glossary, each with what a Chinese page calls it.
TERMS = {
    "Aspect": "评分点",
    "Blind code": "加密编号",
    "Card": "裁判证",
    "Chief judge": "裁判长",
    "Clerk": "统分员",
    "Code": "加密编号",
    "Coding judge": "加密裁判",
    "Criterion": "评分标准",
    "Entry number": "参赛号",
    "Freeze": "封榜",
    "Judge": "评分裁判",
    "Organiser": "组委会",
    "Panel": "评分组",
    "Penalties": "违规扣分",
    "Place": "名次",
    "Receipt": "成绩明细",
    "Registry curator": "工匠库管理员",
    "Reveal everything": "揭榜",
    "Service officer": "服务专员",
    "Stage": "赛段",
    "Starting order": "出场顺序",
    "Supervisor": "监督",
    "Taken from": "扣自",
    "Team": "代表队",
    "Theory": "理论",
    "Trail": "操作日志",
    "Unit contact": "领队",
}


@pytest.fixture(scope="module")
def chinese():
    """Every sentence with its Chinese."""
    with open(CATALOGUE, "rb") as file:
        messages = [message for message in read_po(file, locale="zh") if message.id]
    return {_first(message.id): _first(message.string) for message in messages}


def _first(text):
    return text if isinstance(text, str) else text[0]


@pytest.mark.parametrize("rival", RIVALS, ids=RIVALS.values())
def test_no_rival_of_a_glossary_word_occurs(chinese, rival):
    assert {text: said for text, said in chinese.items() if re.search(rival, said)} == {}


def test_a_term_is_called_what_the_glossary_calls_it(chinese):
    wrong = {term: chinese[term] for term in TERMS if term in chinese}

    assert wrong == {term: TERMS[term] for term in wrong}
    assert len(wrong) > 20


def test_a_stage_is_never_a_state(chinese):
    """阶段 is the contest's state; a stage of its plan is 赛段."""
    stages = re.compile(r"\bstages?\b", re.I)

    assert {t: said for t, said in chinese.items() if stages.search(t) and "阶段" in said} == {}


@pytest.mark.parametrize(
    ("text", "is_rival"),
    [("请输入盲码", True), ("抽取编码", True), ("UTF-8 编码的文本", False), ("加密编号", False),
     ("请交还卡片", True), ("管理员", True), ("工匠库管理员", False)],
)
def test_the_search_for_rivals_sees_them(text, is_rival):
    assert any(re.search(rival, text) for rival in RIVALS) is is_rival
