"""Marking the sentences of this folder for the translators' catalogue, and names in both languages."""


class TwoNames(str):
    """A Chinese name that knows the English one; a sentence takes the one of its language."""

    english = ""


def two_names(chinese: str, english: str) -> TwoNames:
    """A name in both languages."""
    name = TwoNames(chinese)
    name.english = english
    return name


def N_(text: str) -> str:  # noqa: N802  the name the catalogue's tools look for
    """The same text; the catalogue's tools find the call, and pages translate it when shown."""
    return text
