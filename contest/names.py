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


# The same with their tones, for whoever reads a name out.
SURNAMES_SPOKEN = {
    "曾": "zēng", "单": "shàn", "解": "xiè", "仇": "qiú", "区": "ōu", "查": "zhā", "朴": "piáo",
    "盖": "gě", "尉迟": "yùchí", "万俟": "mòqí", "任": "rén", "华": "huà", "宁": "nìng",
    "纪": "jǐ", "乐": "yuè", "缪": "miào", "翟": "zhái", "召": "shào", "员": "yùn",
    "种": "chóng", "秘": "bì", "冼": "xiǎn", "繁": "pó", "黑": "hè", "折": "shé",
    "令狐": "línghú", "车": "chē", "重": "chóng", "石": "shí", "覃": "qín", "长孙": "zhǎngsūn",
    "澹台": "tántái",
}


def _unsaid(text):
    return "?" * len(text) if ord(text[0]) >= 0x3400 else text


@lru_cache(maxsize=20_000)
def spoken_name(name):
    """How a Chinese name is read out, with tones; empty for a name without Chinese characters.

    >>> spoken_name("单立新"), spoken_name("Jana")
    ('shàn lì xīn', '')
    """
    if all(ord(character) < 0x3400 for character in name):
        return ""
    surname = next((s for s in (name[:2], name[:1]) if s in SURNAMES_SPOKEN), "")
    # Who reads must see where nobody has told how: a question mark for a character without a sound.
    rest = lazy_pinyin(name[len(surname) :], style=Style.TONE, errors=_unsaid)
    return " ".join([SURNAMES_SPOKEN[surname], *rest] if surname else rest)


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


def masked(name):
    """A name as the public sees it; of a name between Chinese characters only the ends, of Latin words each.

    >>> masked("张三"), masked("欧阳小明"), masked("阿卜杜热合曼·买买提江"), masked("Ann Lee")
    ('张*', '欧**明', '阿*********江', 'A** L**')
    """
    if not name.isascii():
        return name[:1] + "*" * max(1, len(name) - 2) + (name[-1] if len(name) > 2 else "")
    return " ".join(word[:1] + "*" * max(1, len(word) - 1) for word in name.split())


def shown_name(name, policy):
    """A person's name as a public list prints it under a policy ("one": masked).

    Masked as the bulletins are: two ways side by side would tell more than either.

    >>> shown_name("王小明", "one"), shown_name("张三", "one"), shown_name("张三", "full")
    ('王*明', '张*', '张三')
    """
    return masked(name) if policy == "one" and name.strip("–-") else name
