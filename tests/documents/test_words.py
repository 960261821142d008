"""The fixed words of papers are there in both languages, with the same places to fill."""

import re

from contest.documents.fonts import missing_glyphs
from contest.documents.words import WORDS


def test_both_languages_have_the_same_words_and_places():
    def places(language):
        return {word: sorted(re.findall(r"%\(\w+\)s", text))
                for word, text in WORDS[language].items()}

    assert places("zh") == places("en")


def test_every_fixed_word_can_be_printed():
    texts = [text for words in WORDS.values() for text in words.values()]

    assert missing_glyphs("".join(texts)) == []


def test_no_fixed_word_is_left_over():
    from contest.config import ROOT

    folder = ROOT / "contest" / "documents"
    code = "".join(path.read_text(encoding="utf-8") for path in
                   [*folder.glob("*.py"), *folder.glob("typst/*.typ")] if path.stem != "words")

    used = set(re.findall(r"""words(?:_of\(\w+\))?(?:\[["']|\.)(\w+)|say\("(\w+)\"""", code))
    assert set(WORDS["zh"]) <= {word for pair in used for word in pair}
