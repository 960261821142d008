"""Chinese and English: marking sentences for translation and choosing between two names."""

from contest.scoring.words import TwoNames, in_english, listed, two_names

LANGUAGES = ("zh", "en")
__all__ = [
    "LANGUAGES", "N_", "TwoNames", "both_names", "in_english", "joined", "listed", "pick_name",
    "stored_params", "two_names",
]


def N_(text):  # noqa: N802  (the catalogue's tools look for this name)
    """Mark a sentence for the catalogue; it is translated where it is shown."""
    return text


def pick_name(thing, language):
    """The name of a plan's piece, row or dict in `language`; Chinese when English is not given."""
    def read(key):
        if isinstance(thing, dict):
            return thing.get(key) or ""
        return getattr(thing, key, "") or ""

    return (read("name_en") if language == "en" else "") or read("name")


def joined(names, most=6):
    """The first names as a list in a sentence, each once, and how many more, in both languages."""
    names = list(dict.fromkeys(names))
    more = f" … +{len(names) - most}" if len(names) > most else ""
    shown = listed(names[:most])
    return two_names(shown + more, shown.english + more)


def stored_params(params):
    """A sentence's parameters as JSON keeps them, names in both languages."""
    return {
        key: {"zh": str(value), "en": value.english} if isinstance(value, TwoNames) else value
        for key, value in params.items()
    }


def both_names(thing):
    """The name of a plan's piece for a sentence whose language is not known yet."""
    return two_names(pick_name(thing, "zh"), pick_name(thing, "en"))
