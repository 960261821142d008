"""An application becomes values by the fields of its service; all that is wrong is said at once."""

import re
import unicodedata
from datetime import date

from contest.errors import Invalid
from contest.member_services.money_rules import read_yuan
from contest.people import id_rules

MONTH = re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])", re.ASCII)
PHONE = re.compile(r"\+?[0-9][0-9 -]{5,18}[0-9]", re.ASCII)
ACCOUNT = re.compile(r"[0-9]{8,32}", re.ASCII)
WHOLE = re.compile(r"-?[0-9]{1,9}", re.ASCII)


def read_application(service, form, file_keys=()):
    """{name, phone, words, answers} of a form; Invalid names every field that is wrong.

    form: with get and getlist, as werkzeug's; file_keys: the fields for which a file came along.
    """
    wrong, taken = {}, {}
    for key, most in (("name", 40), ("phone", 20), ("words", 2000)):
        taken[key] = _text(form, key)
        if len(taken[key]) > most:
            wrong[key] = Invalid("At most %(most)s characters are taken here.", most=most)
    if not taken["name"]:
        wrong["name"] = Invalid("Please write your name.")
    if not PHONE.fullmatch(taken["phone"]):
        wrong["phone"] = Invalid("A telephone number has 7 to 20 digits, with spaces or hyphens.")
    if service.own_words and not taken["words"]:
        wrong["words"] = Invalid("This is needed for the service.")
    answers = {}
    for field in service.fields:
        if not is_asked(field, answers):
            continue
        try:
            answers[field.key] = read_field(field, form, field.key, file_keys)
        except Invalid as refused:
            wrong[field.key] = refused
            wrong |= refused.fields
    if wrong:
        raise Invalid("Some fields are missing or wrong; nothing was sent.", fields=wrong)
    return {**taken, "answers": answers}


def is_asked(field, answers):
    """False for a field that belongs to a choice which was not made."""
    if field.when is None:
        return True
    key, wanted = field.when
    given = answers.get(key)
    return bool(set(wanted) & set(given)) if isinstance(given, list) else given in wanted


def read_field(field, form, name, file_keys=()):
    """The value of one field: text, int (numbers; fen for money), list, or None where nothing is needed."""
    if field.kind == "table":
        return _table(field, form, name)
    if field.kind == "several":
        return _several(field, form.getlist(name))
    if field.kind == "file":
        if field.key not in file_keys and not field.optional:
            raise Invalid("A file is needed here: PDF, JPG or PNG.")
        return field.key in file_keys
    text = _text(form, name)
    if not text:
        if field.kind == "consent" and not field.optional:
            raise Invalid("Without this consent the application cannot be checked.")
        if not field.optional:
            raise Invalid("This is needed for the service.")
        return None if field.kind in ("number", "money") else ""
    return _value(field, text)


def _value(field, text):
    if field.kind == "consent":
        return True
    if field.kind == "money":
        return read_money(field, text)
    if field.kind == "number":
        return _number(field, text)
    if field.kind == "month" and not MONTH.fullmatch(text):
        raise Invalid("Write the year and the month, for example 2019-05.")
    if field.kind == "day":
        return _day(text)
    if field.kind == "account":
        return _account(text)
    if field.kind == "id_number":
        return _id_number(text)
    if field.kind == "choice" and field.option(text) is None:
        raise Invalid("Choose one of the answers.")
    if len(text) > field.most:
        raise Invalid("At most %(most)s characters are taken here.", most=field.most)
    return text


def read_money(field, text):
    """An amount of a field in fen; Invalid above the most that it takes."""
    fen = read_yuan(text)
    if field.largest is not None and fen > field.largest * 100:
        raise Invalid("At most %(yuan)s yuan are taken here.", yuan=f"{field.largest:,}")
    return fen


def _number(field, text):
    plain = unicodedata.normalize("NFKC", text)
    least = 0 if field.least is None else field.least
    largest = 10**9 if field.largest is None else field.largest
    if not WHOLE.fullmatch(plain) or not least <= int(plain) <= largest:
        raise Invalid("Write a whole number from %(least)s to %(most)s.", least=least, most=largest)
    return int(plain)


def _account(text):
    plain = re.sub(r"[ -]", "", unicodedata.normalize("NFKC", text))
    if not ACCOUNT.fullmatch(plain):
        raise Invalid("An account number has 8 to 32 digits, with spaces or hyphens.")
    return plain


def _id_number(text):
    try:
        return id_rules.read_id_number(text)
    except Invalid as refused:  # it names the field by the name that another form has for it
        raise Invalid(refused.message) from refused


def _day(text):
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Invalid("Write the date as year-month-day, for example 2026-11-23.") from None


def _several(field, given):
    chosen = [one.key for one in field.options if one.key in given]
    if set(given) - set(chosen):
        raise Invalid("Choose among the answers that are offered.")
    if not chosen and not field.optional:
        raise Invalid("Choose at least one.")
    return chosen


def _table(field, form, name):
    rows, wrong = [], {}
    for number in range(field.rows):
        names = {column.key: f"{name}-{number}-{column.key}" for column in field.columns}
        if not any(_text(form, each) for each in names.values()):
            continue
        row = {}
        for column in field.columns:
            try:
                row[column.key] = read_field(column, form, names[column.key])
            except Invalid as refused:
                wrong[names[column.key]] = refused
        rows.append(row)
    if wrong:
        raise Invalid("A line of this table is not complete.", fields=wrong)
    if not rows and not field.optional:
        raise Invalid("Fill in at least one line.")
    return rows


def _text(form, key):
    return unicodedata.normalize("NFC", (form.get(key) or "").strip())


def as_form(service, case):
    """The form that made a case, so that it can be shown again: {name of a field: text, or list of texts}."""
    shown = {"name": case.name, "phone": case.phone, "words": case.words}
    for field in service.fields:
        value = (case.answers or {}).get(field.key)
        if field.kind == "table":
            for number, row in enumerate(value or ()):
                for column in field.columns:
                    shown[f"{field.key}-{number}-{column.key}"] = _typed(column, row.get(column.key))
        elif field.kind == "several":
            shown[field.key] = list(value or ())
        else:
            shown[field.key] = _typed(field, value)
    return shown


def number_field(service):
    """The field that asks for an identity number, or None."""
    return next((one for one in service.fields if one.kind == "id_number"), None)


def without_number(service, answers):
    """Answers without the identity number: it is told to nobody, and shown nowhere."""
    field = number_field(service)
    return {key: value for key, value in (answers or {}).items() if field is None or key != field.key}


def _typed(field, value):
    if value is None or field.kind == "id_number":
        return ""
    if field.kind == "money":
        return f"{value // 100}.{value % 100:02d}"
    if field.kind == "consent":
        return "1" if value else ""
    return str(value)
