"""The plan in words: panels, aspects, ties, prizes, and what changes between two versions."""

from flask_babel import gettext

from contest.i18n import N_, pick_name
from contest.pages import language
from contest.scoring.units import text_of
from contest.setup.node_forms import CHOICES
from contest.setup.plan_changes import FIELD_NAMES, NODE_NAMES

CHOICE_OF_FIELD = {
    "mode": "mode", "compare": "compare", "entry": "entry", "to": "to", "rule": "rule", "of": "of",
    "border": "border", "order": "order",
}
QUOTED = {
    "name", "name_en", "summary", "summary_en", "scenario", "unit", "unit_en", "speciality",
    "level", "note", "note_en",
}
METHODS = {
    "mean": N_("their mean counts"), "sum": N_("their sum counts"),
    "median": N_("the middle one counts"),
}


def _word(choice, key):
    return gettext(CHOICES[choice][key])


def name_of(thing):
    """The name of a plan's piece in the language of this request."""
    return pick_name(thing, language())


def panel_sentence(panel):
    """How many judges there are and how their marks become one."""
    if panel.level == "sheet":
        first = gettext("%(judges)s judges mark each sheet.", judges=panel.judges)
    else:
        first = gettext(
            "%(judges)s judges mark each sheet; every aspect is combined by itself, "
            "then the aspects are added.", judges=panel.judges,
        )
    method = gettext(METHODS[panel.method])
    if panel.dropped:
        second = gettext(
            "The %(high)s highest and the %(low)s lowest are dropped; of the other %(rest)s, "
            "%(method)s.", high=panel.drop_high, low=panel.drop_low, rest=panel.counting,
            method=method,
        )
    else:
        second = gettext("All count: %(method)s.", method=method)
    sentences = [first, second]
    if panel.spread is not None:
        sentences.append(gettext(
            "Totals more than %(spread)s points apart are shown to the chief judge.",
            spread=text_of(panel.spread),
        ))
    return (" " if language() == "en" else "").join(sentences)


def aspect_sentence(aspect):
    """What a judge enters for an aspect and how it becomes points."""
    return {
        "points": _points_sentence, "deductions": _deductions_sentence,
        "checklist": _checklist_sentence, "judgement": _judgement_sentence,
        "measured": _measured_sentence,
    }[aspect.kind](aspect)


def _points_sentence(aspect):
    return gettext("Points from 0 to %(top)s in steps of %(step)s.", top=text_of(aspect.max),
                   step=text_of(aspect.step))


def _deductions_sentence(aspect):
    return gettext("Starts at %(top)s; what is ticked is taken off, never below 0.",
                   top=text_of(aspect.max))


def _checklist_sentence(aspect):
    return gettext("Yes or no for each line; each yes earns its points.")


def _judgement_sentence(aspect):
    return gettext("A judgement of 0, 1, 2 or 3; it earns that many thirds of %(top)s points.",
                   top=text_of(aspect.max))


def _measured_sentence(aspect):
    unit = pick_name({"name": aspect.unit, "name_en": aspect.unit_en}, language())
    first = gettext(
        "A value from %(lowest)s to %(highest)s %(unit)s with %(places)s decimals.",
        lowest=text_of(aspect.lowest), highest=text_of(aspect.highest), unit=unit,
        places=aspect.places,
    )
    formula = aspect.formula
    if formula is None:
        return first
    facts = {"start": text_of(formula.start), "origin": text_of(formula.origin),
             "per": text_of(formula.per), "unit": unit, "top": text_of(aspect.max)}
    rate = text_of(abs(formula.points))
    if formula.points < 0:
        second = gettext(
            "%(start)s points up to %(origin)s %(unit)s; %(rate)s points off for every "
            "%(per)s %(unit)s more; between 0 and %(top)s.", rate=rate, **facts)
    else:
        second = gettext(
            "%(start)s points at %(origin)s %(unit)s; %(rate)s points more for every "
            "%(per)s %(unit)s above that; between 0 and %(top)s.", rate=rate, **facts)
    third = gettext("Only whole steps count.") if formula.whole else ""
    return (" " if language() == "en" else "").join(filter(None, [first, second, third]))


def tie_sentence(tie, plan):
    """By what equals are separated, in words; a name that does not exist is given as its key."""
    order = _word("order", tie.order)
    if tie.by == "untrimmed":
        return gettext("the total with no judge dropped, %(order)s", order=order)
    if tie.by == "aspect":
        module = next((m for m in plan.modules if m.key == tie.module), None)
        aspect = next((a for a in module.aspects if a.key == tie.key), None) if module else None
        name = f"{name_of(module)} · {name_of(aspect)}" if aspect else f"{tie.module}.{tie.key}"
        return gettext("the aspect “%(name)s”, %(order)s", name=name, order=order)
    things = plan.parts if tie.by == "part" else plan.modules
    thing = next((thing for thing in things if thing.key == tie.key), None)
    return gettext("“%(name)s”, %(order)s", name=name_of(thing) if thing else tie.key, order=order)


def rounding_sentence(rounding):
    """Where and how numbers are rounded."""
    steps = [_word("steps", step) for step in rounding.steps]
    comma = "、" if language() == "zh" else ", "
    where = comma.join(steps) or gettext("nothing")
    return gettext(
        "%(places)s decimals, %(mode)s; rounded after: %(steps)s. "
        "Places are made from %(compare)s.",
        places=rounding.places, mode=_word("mode", rounding.mode), steps=where,
        compare=_word("compare", rounding.compare),
    )


def teams_sentence(teams):
    """How members make a team's result."""
    if teams is None:
        return gettext("There are no teams.")
    if teams.method == "best":
        text = gettext("A team's result is the sum of its %(best)s best members.", best=teams.best)
    elif teams.method == "mean":
        text = gettext("A team's result is the mean of its members.")
    else:
        text = gettext("A team's result is the sum of its members.")
    if teams.size is None:
        return text
    size = gettext("A team has %(size)s members.", size=teams.size)
    return (" " if language() == "en" else "").join([text, size])


def award_sentence(award, plan):
    """To whom an award goes, and by which rule."""
    to = _word("to", award.to)
    if award.rule == "ratio":
        text = gettext(
            "%(to)s: %(ratio)s %% of %(of)s, rounded: %(rounding)s.", to=to,
            ratio=text_of(award.ratio), of=_word("of", award.of),
            rounding=_word("award_rounding", award.rounding),
        )
    elif award.rule == "count":
        text = gettext("%(to)s: %(count)s in all.", to=to, count=award.count)
    elif award.rule == "threshold":
        part = next((part for part in plan.parts if part.key == award.part), None)
        what = name_of(part) if part else gettext("the total")
        text = gettext("%(to)s: everyone with at least %(least)s in %(what)s.", to=to,
                       least=text_of(award.least), what=what)
    elif award.rule == "top" and award.first == award.last:
        text = gettext("%(to)s: place %(place)s.", to=to, place=award.first)
    elif award.rule == "top":
        text = gettext("%(to)s: places %(first)s to %(last)s.", to=to, first=award.first,
                       last=award.last)
    else:
        text = gettext("%(to)s: %(count)s by vote of the committee.", to=to, count=award.count)
    extras = []
    if award.passed:
        extras.append(gettext("Every part with a pass mark must be passed."))
    if award.rule in ("ratio", "count", "top") and award.border == "out":
        extras.append(gettext("Equals on the line do not get it."))
    return (" " if language() == "en" else "").join([text, *extras])


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
            old=", ".join(change.old), new=", ".join(change.new),
        )
    field = gettext(FIELD_NAMES.get(change.field, change.field))
    old, new = (_value_text(change, value) for value in (change.old, change.new))
    return gettext(
        "%(where)s, %(field)s: from %(old)s to %(new)s.", where=where, field=field, old=old,
        new=new,
    )


def _value_text(change, value):
    if value is None:
        return gettext("nothing")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        comma = "、" if language() == "zh" else ", "
        return "[" + comma.join(_row_text(row) for row in value) + "]"
    if isinstance(value, dict):
        return _row_text(value)
    choices = CHOICES.get(_choice_of(change), {})
    if value in choices:
        return gettext(choices[value])
    return f"“{value}”" if change.field in QUOTED else str(value)


def _choice_of(change):
    return {
        ("aspects", "kind"): "kind", ("modules", "kind"): "module_kind",
        ("teams", "method"): "team_method", ("panel", "level"): "panel_level",
        ("panel", "method"): "method", ("awards", "rounding"): "award_rounding",
    }.get((change.node, change.field)) or CHOICE_OF_FIELD.get(change.field, "")


def _row_text(row):
    if not isinstance(row, dict):
        return str(row)
    name = pick_name(row, language())
    rest = " ".join(
        f"{key}={value}" for key, value in row.items() if key not in ("name", "name_en")
    )
    return f"{name} ({rest})" if name and rest else name or rest
