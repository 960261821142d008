"""Words of one's own that are no password: what organisation and contest are called."""

import unicodedata

from pypinyin import Style, lazy_pinyin

SHORTEST = 4  # letters of a word that is looked for; a Chinese one is longer once it is written in pinyin
LEAST_MORE = 4  # so many letters have to stand beside such a word


def fold(text):
    """A text by which passwords and names are compared: ordinary width, small, letters and digits alone.

    >>> fold("Ｓkills-Contest 2026!")
    'skillscontest2026'
    """
    return "".join(c for c in unicodedata.normalize("NFKC", text or "").lower() if c.isalnum())


def words_of(name):
    """The ways in which somebody types a name: as it stands, in pinyin, and by its first letters.

    >>> sorted(words_of("技能大赛"))
    ['jinengdasai', 'jnds', '技能大赛']
    """
    ways = (
        name or "", "".join(lazy_pinyin(name or "", style=Style.NORMAL)),
        "".join(lazy_pinyin(name or "", style=Style.FIRST_LETTER)),
    )
    return {word for word in map(fold, ways) if len(word) >= SHORTEST or not word.isascii() and len(word) > 1}


def is_own_word(password, words):
    """True when a password is little more than one of these words.

    >>> is_own_word("Jinengdasai-2026", {"jinengdasai"}), is_own_word("jinengdasai lamp", {"jinengdasai"})
    (True, False)
    """
    plain = fold(password)
    return any(
        word in plain and sum(c.isalpha() for c in plain.replace(word, "")) < LEAST_MORE for word in words
    )
