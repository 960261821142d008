"""Typed fields about people: the same rules as for a file, one sentence beside each field."""

from contest.errors import Invalid
from contest.numbers import read_whole
from contest.people import cells
from contest.people.columns import JUDGES, ROSTER

ALL_WRONG = Invalid("Nothing was saved: please look at the marked fields.")


def read_entrant(form, keys):
    """Typed values of an entrant's form for `keys` (names of the roster's columns)."""
    return _read(form, [column for column in ROSTER if column.key in keys])


def read_judge(form):
    """Typed values of a judge's form; empty texts are None, specialities a list."""
    return _read(form, JUDGES)


def _read(form, columns):
    values, wrong = {}, {}
    for column in columns:
        text = form.get(column.key, "")
        values[column.key] = [] if column.kind == "list" else None
        if not text.strip():
            if column.required:
                wrong[column.key] = Invalid("Please fill this in.")
            continue
        try:
            values[column.key] = _read_one(text, column)
        except Invalid as refused:
            wrong[column.key] = refused
    if wrong:
        raise Invalid(ALL_WRONG.message, fields=wrong)
    return values


def _read_one(text, column):
    if column.kind == "name":
        return cells.read_name(text, column.most)[0]
    if column.kind == "date":
        return cells.read_date(text)[0]
    if column.kind == "choice":
        return cells.read_choice(text, column.choices)[0]
    if column.kind == "list":
        return cells.read_list(text, column.most)[0]
    return cells.read_text(text, column.most)[0]


def read_reason(form):
    """A reason in words, at most 300 characters."""
    text, _ = cells.clean_text(form.get("reason", ""))
    if len(text) > 300:
        raise Invalid(ALL_WRONG.message, fields={"reason": Invalid("At most 300 characters.")})
    return text


def read_ids(texts):
    """Whole numbers from a form's fields; blanks are left out."""
    numbers = []
    for text in texts:
        if not text.strip():
            continue
        number = read_whole(text)
        if number is None:
            raise Invalid("The form holds something that is no choice of ours; reload the page.")
        numbers.append(number)
    return numbers


def read_places(texts):
    """Whole numbers from a form's fields in their order; None for a blank."""
    return [read_ids([text])[0] if text.strip() else None for text in texts]


def read_reserves(text, most):
    """How many reserves each panel is to have, from none to `most`."""
    number = read_whole(text)
    if number is None or number > most:
        raise Invalid("The number of reserves a panel is from 0 to %(most)s.", most=most)
    return number


def read_page(text):
    """A page number of at least 1; anything else is page 1."""
    return read_whole(text) or 1
