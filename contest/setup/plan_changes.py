"""What differs between two plans, as single facts; and which differences marks already forbid."""

from dataclasses import dataclass, fields, replace

from contest.i18n import N_
from contest.scoring import scheme_tables as reading
from contest.scoring.scheme import Problem
from contest.scoring.units import text_of

FIELD_NAMES = {
    "name": N_("Chinese name"), "name_en": N_("English name"), "scenario": N_("Scenario"),
    "summary": N_("Summary in Chinese"), "summary_en": N_("Summary in English"),
    "places": N_("Decimals"), "mode": N_("Way of rounding"), "steps": N_("Rounded after"),
    "compare": N_("Places are made from"), "shared": N_("Equals share a place"),
    "by_group": N_("A ranking for each group"), "ties": N_("Ties are broken by"),
    "method": N_("Method"), "best": N_("Best members that count"), "size": N_("Members of a team"),
    "advance": N_("How many go on"), "carry_percent": N_("Percent carried over"),
    "stage": N_("Stage"), "part": N_("Part"), "weight": N_("Weight in percent"),
    "pass_mark": N_("Pass mark"), "max": N_("Top mark"), "entry": N_("How marks come in"),
    "kind": N_("Kind"), "blind": N_("Judged blind"), "speciality": N_("Speciality of judges"),
    "judges": N_("Judges on the panel"), "level": N_("What is combined"),
    "drop_high": N_("Highest dropped"), "drop_low": N_("Lowest dropped"),
    "spread": N_("Widest normal spread"), "step": N_("Step"),
    "reasons": N_("Reasons for deductions"), "items": N_("Lines of the checklist"),
    "levels": N_("Descriptions of the levels"), "unit": N_("Unit in Chinese"),
    "unit_en": N_("Unit in English"), "lowest": N_("Lowest value"),
    "highest": N_("Highest value"), "table": N_("Table of points"),
    "beyond": N_("Points beyond the table"), "formula": N_("Formula for points"),
    "to": N_("Goes to"), "rule": N_("Rule"), "ratio": N_("Ratio in percent"), "of": N_("Ratio of"),
    "rounding": N_("Way of rounding"), "count": N_("How many"), "border": N_("Equals on the line"),
    "least": N_("Least mark"), "first": N_("From place"), "last": N_("To place"),
    "passed": N_("Only who passed"), "title": N_("It is a title"), "note": N_("Note in Chinese"),
    "note_en": N_("Note in English"), "order": N_("Order"), "key": N_("Key"),
}
NODE_NAMES = {
    "plan": N_("Plan"), "rounding": N_("Rounding"), "ranking": N_("Ranking"), "teams": N_("Teams"),
    "stages": N_("Stage"), "parts": N_("Part"), "modules": N_("Module"),
    "criteria": N_("Criterion"), "aspects": N_("Aspect"), "awards": N_("Award"),
    "panel": N_("Panel"),
}
TABLES = {
    "plan": reading.PLAN, "rounding": reading.ROUNDING, "ranking": reading.RANKING,
    "teams": reading.TEAMS, "panel": reading.PANEL, "stages": reading.STAGE,
    "parts": reading.PART, "modules": reading.MODULE, "criteria": reading.CRITERION,
    "aspects": reading.ASPECT, "awards": reading.AWARD,
}
LISTS = {"stages", "parts", "modules", "criteria", "aspects", "awards"}
GROUPS = {"rounding", "ranking", "teams", "panel"}


@dataclass(frozen=True)
class Change:
    """One difference. act: added, removed, changed, moved. node: a word of NODE_NAMES.

    path: the keys that lead to it. name, name_en: the node's. field: a word of FIELD_NAMES, old and
    new its values (text, numbers, yes/no, lists), for act "changed".
    """

    act: str
    node: str
    path: tuple[str, ...]
    name: str = ""
    name_en: str = ""
    field: str = ""
    old: object = None
    new: object = None


def changes_between(old, new):
    """Every difference between two canonical plan documents, from the top of the plan down."""
    return list(_compare(old, new, "plan", ()))


def _compare(old, new, node, path):
    label = {"name": new.get("name", ""), "name_en": new.get("name_en", "")}
    old, new = _spelled_out(node, old), _spelled_out(node, new)
    word = TABLES[node].by
    is_other_kind = bool(word) and old[word] != new[word]
    for key in [*old, *(key for key in new if key not in old)]:
        if is_other_kind and not (key in old and key in new):
            continue  # what belongs to one kind alone comes and goes with it
        if key in LISTS:
            yield from _compare_lists(old[key], new[key], key, path)
        elif key in GROUPS and node != "awards":  # an award has a field called rounding too
            owner = {} if node == "plan" else label
            yield from _compare_groups(old[key], new[key], key, path, owner)
        elif old[key] != new[key]:
            yield Change("changed", node, path, **label, field=key, old=old[key], new=new[key])


def _spelled_out(node, row):
    """A canonical row with what it leaves out because it is the usual."""
    table = TABLES[node]
    usual = {each.name: each.default for each in fields(table.cls)}
    variant = table.variants.get(row.get(table.by), ()) if table.by else ()
    return {
        each.key: row[each.key] if each.key in row else each.kind.write(usual[each.name])
        for each in (*table.fields, *variant)
    }


def _compare_groups(old, new, key, path, owner):
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


def kept_marks_problems(old, new, marked):
    """What the new plan would do to marks that are already there, as problems.

    old, new: Plans. marked: set of (module key, aspect key), aspect "" for a score without sheets.
    """
    problems = []
    for key in sorted({module for module, _ in marked}):
        aspects = sorted(aspect for module, aspect in marked if module == key and aspect)
        problems += _module_problems(old, new, key, aspects)
    return problems


def _index_of(things, key):
    return next((index for index, thing in enumerate(things) if thing.key == key), None)


def _module_problems(old, new, key, aspects):
    before_at, at = _index_of(old.modules, key), _index_of(new.modules, key)
    if before_at is None:
        return
    if at is None:
        yield Problem(
            "modules", "Module %(module)s already has marks, so it cannot be removed.",
            {"module": key},
        )
        return
    before, after, path = old.modules[before_at], new.modules[at], f"modules[{at}]"
    if before.entry != after.entry:
        yield Problem(
            f"{path}.entry",
            "Module %(module)s already has marks, so the way they come in cannot change.",
            {"module": key},
        )
        return
    if after.entry == "scores" and after.max < before.max:
        yield Problem(
            f"{path}.max",
            "Module %(module)s already has scores out of %(top)s, so its top mark cannot be lower.",
            {"module": key, "top": text_of(before.max)},
        )
    if after.panel and before.panel and after.panel.judges < before.panel.judges:
        yield Problem(
            f"{path}.panel.judges",
            "Module %(module)s is already being marked by %(judges)s judges; "
            "there cannot be fewer. The chief judge can excuse a seat instead.",
            {"module": key, "judges": before.panel.judges},
        )
    for aspect in aspects:
        yield from _aspect_problems(before, after, aspect, path)


def _aspect_problems(before, after, key, path):
    was = next((aspect for aspect in before.aspects if aspect.key == key), None)
    if was is None:
        return
    place = {"module": after.key, "aspect": key}
    for c, criterion in enumerate(after.criteria):
        for a, now in enumerate(criterion.aspects):
            if now.key == key:
                yield from _kind_problems(was, now, place, f"{path}.criteria[{c}].aspects[{a}]")
                return
    yield Problem(
        path, "Aspect %(aspect)s of module %(module)s already has marks, so it cannot be removed.",
        place,
    )


def _kind_problems(was, now, place, path):
    if was.kind != now.kind:
        yield Problem(
            f"{path}.kind",
            "Aspect %(aspect)s of module %(module)s already has marks, "
            "so its kind of marking cannot change.",
            place,
        )
    elif any(check(was, now) for check in NARROWER[was.kind]):
        yield Problem(
            path,
            "Aspect %(aspect)s of module %(module)s already has marks that this change would make "
            "impossible: what could be entered must stay possible.",
            place,
        )


def _fewer_reasons(was, now):
    # Marks name a reason by its place in the list.
    return len(now.reasons) < len(was.reasons) or any(
        after.most < before.most for before, after in zip(was.reasons, now.reasons, strict=False)
    )


NARROWER = {
    "points": (
        lambda was, now: now.max < was.max,
        lambda was, now: was.step % now.step != 0,
    ),
    "deductions": (_fewer_reasons,),
    "checklist": (lambda was, now: len(was.items) != len(now.items),),
    "judgement": (),
    "measured": (
        lambda was, now: now.places < was.places,
        lambda was, now: now.lowest > was.lowest or now.highest < was.highest,
    ),
}
