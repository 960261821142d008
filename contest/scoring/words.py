"""Marking the sentences of this folder for the translators' catalogue, and names in both languages."""


class TwoNames(str):
    """A Chinese name that knows the English one; a sentence takes the one of its language."""

    english = ""


def two_names(chinese: str, english: str) -> TwoNames:
    """A name in both languages."""
    name = TwoNames(chinese)
    name.english = english
    return name


def listed(names) -> TwoNames:
    """A list in a sentence: 甲、乙 in Chinese, A, B in English; each name may be in both languages."""
    names = list(names)
    english = (getattr(name, "english", "") or str(name) for name in names)
    return two_names("、".join(map(str, names)), ", ".join(english))


def in_english(message: str, params: dict) -> str:
    """An English sentence with its parameters, of names and lists the English ones."""
    own = {key: getattr(value, "english", "") or value for key, value in params.items()}
    return message % own if own else message


def N_(text: str) -> str:  # noqa: N802  the name the catalogue's tools look for
    """The same text; the catalogue's tools find the call, and pages translate it when shown."""
    return text
