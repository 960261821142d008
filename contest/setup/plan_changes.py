"""What differs between two plans, as single facts."""

from dataclasses import dataclass, replace

from contest.scoring.scheme_fields import Table, Tables
from contest.setup.plan_words import TABLES, usual_of

LISTS = {"stages", "parts", "modules", "panels", "criteria", "aspects", "awards"}
GROUPS = {
    "rounding", "penalties", "ranking", "teams", "organisations", "prizes", "panel",
}
USUAL_WHEN_ABSENT = {"rounding", "penalties", "ranking", "prizes"}


@dataclass(frozen=True)
class Change:
    """One difference. act: added, removed, changed, moved. node: a word of NODE_NAMES.

    path: the keys that lead to it. name, name_en: the node's. field: a word of FIELD_NAMES, old and
    new its values (text, numbers, yes/no, lists), for act "changed". inside: where the field does
    not stand in the node itself, the way to it: ("difficulty",), ("reasons", 2) for the second row;
    a row that came or went is a change from or to None of the field None.
    """

    act: str
    node: str
    path: tuple[str, ...]
    name: str = ""
    name_en: str = ""
    field: str | None = ""
    old: object = None
    new: object = None
    inside: tuple = ()


def changes_between(old, new):
    """Every difference between two canonical plan documents, from the top of the plan down."""
    return list(_compare(old, new, "plan", ()))


def _compare(old, new, node, path):
    label = {"name": new.get("name", ""), "name_en": new.get("name_en", "")}
    table = TABLES[node]
    is_other_kind = bool(table.by) and old[table.by] != new[table.by]
    kinds = _kinds(table, new)
    old, new = _spelled_out(table, old), _spelled_out(table, new)
    for key in [*old, *(key for key in new if key not in old)]:
        if is_other_kind and not (key in old and key in new):
            continue  # what belongs to one kind alone comes and goes with it
        if key in LISTS and isinstance(kinds[key], Tables):
            yield from _compare_lists(old[key] or (), new[key] or (), key, path)
        elif key in GROUPS and isinstance(kinds[key], Table):
            owner = {} if node == "plan" else label
            yield from _compare_groups(old[key], new[key], key, path, owner)
        elif old[key] != new[key]:
            blank = Change("changed", node, path, **label)
            yield from _compare_values(old[key], new[key], key, kinds[key], blank)


def _compare_values(old, new, key, kind, blank):
    """One field: as a whole, or what differs inside it, field by field and row by row."""
    if isinstance(kind, Table) and not kind.by and old is not None and new is not None:
        kinds = _kinds(kind, new)
        old, new = _spelled_out(kind, old), _spelled_out(kind, new)
        deeper = replace(blank, inside=(*blank.inside, key))
        for inner, each in kinds.items():
            if old[inner] != new[inner]:
                yield from _compare_values(old[inner], new[inner], inner, each, deeper)
    elif isinstance(kind, Tables) and not kind.table.by:
        yield from _compare_rows(old or (), new or (), key, kind.table, blank)
    else:
        yield replace(blank, field=key, old=old, new=new)


def _compare_rows(old, new, key, table, blank):
    """Rows have no keys: marks name a reason by its place in the list, and so does this."""
    for number in range(1, max(len(old), len(new)) + 1):
        was = old[number - 1] if number <= len(old) else None
        now = new[number - 1] if number <= len(new) else None
        deeper = replace(blank, inside=(*blank.inside, key, number))
        if was is None or now is None:
            yield replace(deeper, field=None, old=was, new=now)
        else:
            was, now = _spelled_out(table, was), _spelled_out(table, now)
            for inner, value in now.items():
                if was[inner] != value:
                    yield replace(deeper, field=inner, old=was[inner], new=value)


def _kinds(table, row):
    further = table.variants.get(row.get(table.by), ()) if table.by else ()
    return {each.key: each.kind for each in (*table.fields, *further)}


def _spelled_out(table, row):
    """A canonical row with what it leaves out because it is the usual."""
    further = table.variants.get(row.get(table.by), ()) if table.by else ()
    return {
        each.key: row[each.key] if each.key in row else usual_of(table, each)
        for each in (*table.fields, *further)
    }


def _compare_groups(old, new, key, path, owner):
    if key in USUAL_WHEN_ABSENT:
        old, new = old or {}, new or {}
    if old is None or new is None:
        if old != new:
            yield Change("added" if old is None else "removed", key, (*path, key), **owner)
        return
    for change in _compare(old, new, key, (*path, key)):
        yield replace(change, **owner)


def _compare_lists(old, new, node, path):
    before = {row["key"]: row for row in old}
    after = {row["key"]: row for row in new}
    for key, row in before.items():
        if key not in after:
            yield _listed("removed", node, (*path, key), row)
    for key, row in after.items():
        if key in before:
            yield from _compare(before[key], row, node, (*path, key))
        else:
            yield _listed("added", node, (*path, key), row)
    kept_before = [key for key in before if key in after]
    kept_after = [key for key in after if key in before]
    if kept_before != kept_after:
        yield Change("moved", node, path, old=kept_before, new=kept_after)


def _listed(act, node, path, row):
    return Change(act, node, path, row.get("name", ""), row.get("name_en", ""))
