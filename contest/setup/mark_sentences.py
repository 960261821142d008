"""The plan in words: how judges mark, and how their marks become one."""

from flask_babel import gettext

from contest.i18n import N_, pick_name
from contest.pages import language
from contest.scoring.scheme_tables import POWER
from contest.scoring.units import text_of
from contest.setup.plan_words import CHOICES

METHODS = {
    "mean": N_("their mean counts"), "sum": N_("their sum counts"),
    "median": N_("the middle one counts"),
}
ORDERS = {
    "majority": N_("Only the order in which each judge puts the contestants counts: a majority of "
                   "the judges decides each place (skating system)."),
    "borda": N_("Only the order in which each judge puts the contestants counts: one point for "
                "everybody behind, half a point for equals (Borda)."),
}
TAKES = {
    "best": N_("the best counts"), "worst": N_("the worst counts"),
    "last": N_("the last counts"), "sum": N_("their sum counts"), "mean": N_("their mean counts"),
}


def name_of(thing):
    """The name of a plan's piece in the language of this request."""
    return pick_name(thing, language())


def joined(sentences):
    """Sentences one after the other, without those that say nothing; Chinese has no spaces."""
    return (" " if language() == "en" else "").join(filter(None, sentences))


def panel_sentence(panel):
    """How many judges there are and how their marks become one."""
    if panel.level == "sheet":
        first = gettext("Judges for each contestant: %(judges)s.", judges=panel.judges)
    else:
        first = gettext(
            "%(judges)s judges mark each sheet; every aspect is combined by itself, "
            "then the aspects are added.", judges=panel.judges,
        )
    return joined([first, _method_sentence(panel), *_panel_extras(panel)])


def _method_sentence(panel):
    if panel.by_order:
        return gettext(ORDERS[panel.method])
    method = gettext(METHODS[panel.method])
    if panel.weights:
        weights = " : ".join(map(text_of, panel.weights))
        return gettext("All count with the weights %(weights)s: %(method)s.", weights=weights,
                       method=method)
    if not panel.drop_high and not panel.drop_low:
        return gettext("All count: %(method)s.", method=method)
    dropped = gettext(
        "The %(high)s highest and the %(low)s lowest are dropped; of the other %(rest)s, "
        "%(method)s.", high=panel.drop_high, low=panel.drop_low,
        rest=panel.judges - panel.drop_high - panel.drop_low, method=method,
    )
    if not panel.drop_from:
        return dropped
    return joined([dropped, gettext("With fewer than %(count)s marks none is dropped.",
                                    count=panel.drop_from)])


def _panel_extras(panel):
    for row in panel.tolerance:
        yield gettext(
            "Where the kept marks have a mean of %(least)s or more and lie more than %(apart)s "
            "apart, the dropped ones count too.", least=text_of(row.least),
            apart=text_of(row.apart),
        )
    if panel.factor != 10_000:
        yield gettext("What comes out is multiplied by %(factor)s.", factor=text_of(panel.factor))
    if panel.spread is not None:
        yield gettext("Totals more than %(spread)s points apart are shown to the chief judge.",
                      spread=text_of(panel.spread))
    if panel.remark:
        yield gettext("Judgements more than one step apart are given again.")


def aspect_sentence(aspect):
    """What a judge enters for an aspect and how it becomes points."""
    first = {
        "points": _points_sentence, "deductions": _deductions_sentence,
        "checklist": _checklist_sentence, "judgement": _judgement_sentence,
        "measured": _measured_sentence, "grade": _grade_sentence, "rank": _rank_sentence,
    }[aspect.kind](aspect)
    return joined([
        first, _attempts_sentence(aspect), _apart_sentence(aspect), _key_item_sentence(aspect),
    ])


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


def _grade_sentence(aspect):
    grades = gettext(", ").join(f"{grade.key} = {text_of(grade.points)}" for grade in aspect.grades)
    return gettext("One of these grades: %(grades)s.", grades=grades)


def _rank_sentence(aspect):
    return gettext("The contestant's rank with this judge, from 1; 1 is the best.")


def _measured_sentence(aspect):
    unit = pick_name({"name": aspect.unit, "name_en": aspect.unit_en}, language())
    first = gettext(
        "A value from %(lowest)s to %(highest)s %(unit)s with %(places)s decimals.",
        lowest=text_of(aspect.lowest), highest=text_of(aspect.highest), unit=unit,
        places=aspect.places,
    )
    ways = [
        _formula_sentence(aspect, unit) if aspect.formula else "",
        _power_sentence(aspect.power, unit) if aspect.power else "",
        gettext("The value itself is the points.") if aspect.itself else "",
        "" if aspect.clamp else gettext("It may earn more than the top mark, and less than 0."),
        gettext("Its best valid value may be a record.") if aspect.record else "",
    ]
    return joined([first, *ways])


def _formula_sentence(aspect, unit):
    formula = aspect.formula
    facts = {"start": text_of(formula.start), "origin": text_of(formula.origin),
             "per": text_of(formula.per), "unit": unit, "top": text_of(aspect.max)}
    rate = text_of(abs(formula.points))
    if formula.points < 0:
        text = gettext(
            "%(start)s points up to %(origin)s %(unit)s; %(rate)s points off for every "
            "%(per)s %(unit)s more; between 0 and %(top)s.", rate=rate, **facts)
    else:
        text = gettext(
            "%(start)s points at %(origin)s %(unit)s; %(rate)s points more for every "
            "%(per)s %(unit)s above that; between 0 and %(top)s.", rate=rate, **facts)
    return joined([text, gettext("Only whole steps count.") if formula.whole else ""])


def _power_sentence(power, unit):
    written = POWER.write(power)
    facts = {"scale": written["scale"], "origin": written["from"], "unit": unit,
             "exponent": written["exponent"]}
    if power.better == "low":
        return gettext(
            "Whole points: %(scale)s × (%(origin)s %(unit)s − value) to the power of %(exponent)s.",
            **facts)
    return gettext(
        "Whole points: %(scale)s × (value − %(origin)s %(unit)s) to the power of %(exponent)s.",
        **facts)


def _attempts_sentence(aspect):
    if aspect.attempts == 1:
        return ""
    text = gettext("%(count)s attempts: %(take)s.", count=aspect.attempts,
                   take=gettext(TAKES[aspect.take]))
    sentences = [text]
    if aspect.drop_best or aspect.drop_worst:
        sentences.append(gettext(
            "Before that the %(best)s best and the %(worst)s worst are dropped.",
            best=aspect.drop_best, worst=aspect.drop_worst,
        ))
    if aspect.better == "low":
        sentences.append(gettext("Less is better."))
    return joined(sentences)


def _apart_sentence(aspect):
    if aspect.apart is None:
        return ""
    unit = pick_name({"name": aspect.unit, "name_en": aspect.unit_en}, language())
    if unit:
        return gettext("Judges' marks more than %(apart)s %(unit)s apart are shown to the chief judge.",
                       apart=text_of(aspect.apart), unit=unit)
    return gettext("Judges' marks more than %(apart)s apart are shown to the chief judge.",
                   apart=text_of(aspect.apart))


def _key_item_sentence(aspect):
    if not aspect.key_item:
        return ""
    words = CHOICES["key_item"][aspect.key_item]
    return gettext("A key item: when it earns nothing: %(lost)s.", lost=gettext(words))
