"""One difference between two plans as a plain sentence, in the language of this request."""

from flask_babel import gettext

from contest.i18n import pick_name
from contest.pages import language
from contest.scoring.scheme_fields import Choice, Choices, Flag, Listed, Table, Tables, Text
from contest.setup.plan_words import NODE_NAMES, TABLES, choices_of, field_name


def change_sentence(change):
    """One difference between two plans as a plain sentence."""
    node = gettext(NODE_NAMES[change.node])
    name = pick_name(change, language())
    where = gettext("%(node)s “%(name)s”", node=node, name=name) if name else node
    if change.act == "added":
        return gettext("%(where)s is new.", where=where)
    if change.act == "removed":
        return gettext("%(where)s is gone.", where=where)
    if change.act == "moved":
        return gettext(
            "The order changes (%(node)s): from %(old)s to %(new)s.", node=node,
            old=gettext(", ").join(change.old), new=gettext(", ").join(change.new),
        )
    return _field_sentence(change, where)


def _field_sentence(change, where):
    table, key, kind, names = _way_to(change)
    field = " · ".join(names)
    if change.field is None:
        old, new = change.old, change.new
        if old is None:
            return gettext("%(where)s, %(field)s is new: %(new)s.", where=where, field=field,
                           new=_row_text(table, key, new))
        return gettext("%(where)s, %(field)s is gone: %(old)s.", where=where, field=field,
                       old=_row_text(table, key, old))
    old, new = (_value_text(kind, key, change.field, value) for value in (change.old, change.new))
    return gettext(
        "%(where)s, %(field)s: from %(old)s to %(new)s.", where=where, field=field, old=old,
        new=new,
    )


def _way_to(change):
    """The table in which the field stands, its key, the field's kind, and the names on the way."""
    table, key, names = TABLES[change.node], change.node, []
    for step in change.inside:
        if isinstance(step, int):
            names[-1] = gettext("%(list)s, line %(number)s", list=names[-1], number=step)
            continue
        names.append(gettext(field_name(key, step)))
        kind = _kind_of(table, step)
        table, key = getattr(kind, "table", kind), step
    if change.field is None:
        return table, key, None, names
    names.append(gettext(field_name(key, change.field)))
    return table, key, _kind_of(table, change.field), names


def _kind_of(table, key):
    every = [table.fields, *table.variants.values()]
    return next(each.kind for fields in every for each in fields if each.key == key)


def _value_text(kind, table_key, key, value):
    if value is None or value in ("", [], ()):
        choice = isinstance(kind, Choice) and choices_of(table_key, key).get(value)
        return gettext(choice) if choice else gettext("nothing")
    if isinstance(kind, Flag):
        return gettext("yes") if value else gettext("no")
    if isinstance(kind, Choice):
        return gettext(choices_of(table_key, key)[value])
    if isinstance(kind, Choices):
        return _joined(gettext(choices_of(table_key, key)[word]) for word in value)
    if isinstance(kind, Listed):
        return _joined(map(str, value))
    if isinstance(kind, Table):
        return _row_text(kind, key, value)
    if isinstance(kind, Tables):
        return "[" + _joined(_row_text(kind.table, key, row) for row in value) + "]"
    return f"“{value}”" if isinstance(kind, Text) else str(value)


def _row_text(table, table_key, row):
    """A row or an inline table: its name, then its other fields with theirs."""
    if table.by == "by":
        return tie_text(row)
    facts = [
        f"{gettext(field_name(table_key, key))} "
        f"{_value_text(_kind_of(table, key), table_key, key, value)}"
        for key, value in row.items() if key not in ("name", "name_en")
    ]
    name = pick_name(row, language())
    if not name:
        return _joined(facts) or gettext("as usual")
    return f"{name} ({_joined(facts)})" if facts else name


def tie_text(tie):
    """A tie key of a document in words, with the keys of what it looks at."""
    name = f"{tie['module']}.{tie['key']}" if tie.get("module") else tie.get("key", "")
    name = " + ".join(tie.get("keys", ())) or name
    words, orders = choices_of("ties", "by"), choices_of("ties", "order")
    by, order = tie["by"], tie.get("order", "high")
    first = gettext(words[by])
    text = f"{first} {name}" if name else first
    if tie["by"] == "better_places":
        return text
    return gettext("%(key)s, %(order)s", key=text, order=gettext(orders[order]))


def _joined(texts):
    return gettext(", ").join(texts)
