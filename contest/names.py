"""The Latin spelling of a Chinese name, for sorting and for searching without an input method."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin

# Surnames that are read otherwise than the same character elsewhere.
SURNAMES = {
    "曾": "zeng",
    "单": "shan",
    "解": "xie",
    "仇": "qiu",
    "区": "ou",
    "查": "zha",
    "朴": "piao",
    "盖": "ge",
    "尉迟": "yuchi",
    "万俟": "moqi",
    "任": "ren",
    "华": "hua",
    "宁": "ning",
    "纪": "ji",
    "乐": "yue",
    "缪": "miao",
    "翟": "zhai",
    "召": "shao",
    "员": "yun",
    "种": "chong",
    "秘": "bi",
    "冼": "xian",
    "繁": "po",
    "黑": "he",
    "折": "she",
    "令狐": "linghu",
    "车": "che",
    "重": "chong",
    "石": "shi",
    "覃": "qin",
    "长孙": "zhangsun",
    "澹台": "tantai",
}


@lru_cache(maxsize=20_000)
def name_key(name):
    """ "单立新" is "shan li xin", then the name itself so that equal spellings keep an order."""
    surname = next((s for s in (name[:2], name[:1]) if s in SURNAMES), "")
    rest = lazy_pinyin(name[len(surname) :], style=Style.NORMAL)
    return " ".join([SURNAMES[surname], *rest] if surname else rest)[:200]


@lru_cache(maxsize=20_000)
def title_key(title):
    """The same for an organisation, a team or a trade: "黑龙江" is "hei long jiang", no surname."""
    return " ".join(lazy_pinyin(title, style=Style.NORMAL))[:200]


def by_name(people):
    """Rows with a `name`, people, in the order of a register; equal names stay as they come."""
    return sorted(people, key=lambda one: (name_key(one.name).casefold(), one.name))


def by_title(things):
    """Rows with a `name`, no people (organisations, teams), in the order of a register."""
    return sorted(things, key=lambda one: (title_key(one.name).casefold(), one.name))


def titles_in_order(titles):
    """Plain titles in the order of a register."""
    return sorted(titles, key=lambda title: (title_key(title).casefold(), title))
