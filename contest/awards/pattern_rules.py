"""The pattern of certificates' numbers in words that people read, and back into the one that is stored."""

import re

# What stands for a part of a number in a Chinese pattern; an English one says the part's own name.
CHINESE = {"issuer": "单位", "year": "年份", "event": "竞赛", "group": "组别", "level": "奖项"}
PART = re.compile(r"\{([^{}:]*)\}")
SERIAL = re.compile(r"\{serial:0([1-8])d\}")
# The running number as it will begin: {0001} has four digits.
FIRST = re.compile(r"\{(0{0,7}1)\}")


def readable(pattern, language):
    """A stored pattern as its field shows it: {单位}-{年份}-{0001}, or {issuer}-{year}-{0001}."""
    text = SERIAL.sub(lambda found: "{" + "1".zfill(int(found[1])) + "}", pattern)
    if language == "en":
        return text
    return PART.sub(lambda found: "{" + CHINESE.get(found[1], found[1]) + "}", text)


def stored(typed):
    """What somebody typed, in words of either language, as it is stored; strange parts stay as they are."""
    text = (typed or "").strip().replace("｛", "{").replace("｝", "}")
    text = FIRST.sub(lambda found: "{serial:0" + str(len(found[1])) + "d}", text)
    parts = {word: part for part, word in CHINESE.items()}
    return PART.sub(lambda found: "{" + parts.get(found[1].strip(), found[1].strip()) + "}", text)
