"""A table of figures as it is typed."""

VALUE, SEEN, LOOKED = "value-", "seen-", "looked-"
LONGEST = 40


def read_table(form):
    """{handle: (text as typed, id of the row that the page showed)} from value-… and seen-… fields."""
    typed = {}
    for name, text in form.items():
        handle = name.removeprefix(VALUE)
        if name != handle:
            seen = form.get(SEEN + handle, "")
            typed[handle] = (text.strip()[:LONGEST], int(seen) if _is_id(seen) else 0)
    return typed


def read_looked(form):
    """{handle: the text at which somebody was asked to look again}."""
    return {
        name.removeprefix(LOOKED): text for name, text in form.items() if name.startswith(LOOKED)
    }


def _is_id(text):
    return text.isascii() and text.isdecimal() and len(text) <= 9
