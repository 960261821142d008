"""Chinese and English: marking sentences for translation and choosing between two names."""

LANGUAGES = ("zh", "en")


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


class TwoNames(str):
    """A Chinese name that knows the English one; a sentence takes the one of its language."""

    english = ""


def both_names(thing):
    """The name of a plan's piece for a sentence whose language is not known yet."""
    name = TwoNames(pick_name(thing, "zh"))
    name.english = pick_name(thing, "en")
    return name
