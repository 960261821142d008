"""The plan in words: to whom awards go, and the table of the organisations."""

from fractions import Fraction

from flask_babel import gettext

from contest.i18n import N_
from contest.scoring.units import text_of
from contest.setup.mark_sentences import joined, name_of
from contest.setup.plan_words import CHOICES

ORGANISATIONS = {
    "points": N_("Organisations are ranked by their points: %(rows)s."),
    "average": N_("Organisations are ranked by points for each contestant who competed: %(rows)s."),
    "medals": N_("Organisations are ranked by the number of each award, the first award first."),
}


def _word(choice, key):
    return gettext(CHOICES[choice][key])


def award_sentence(award, plan):
    """To whom an award goes, and by which rule."""
    first = RULES[award.rule](award, plan, _word("to", award.to))
    return joined([first, *_conditions(award, plan)])


def _ratio_sentence(award, _plan, to):
    if award.fraction:
        share = Fraction(award.fraction)
        text = gettext("%(to)s: %(fraction)s of %(of)s, rounded: %(rounding)s.", to=to,
                       fraction=f"{share.numerator}/{share.denominator}", of=_word("of", award.of),
                       rounding=_word("award_rounding", award.rounding))
    else:
        text = gettext(
            "%(to)s: %(ratio)s %% of %(of)s, rounded: %(rounding)s.", to=to,
            ratio=text_of(award.ratio), of=_word("of", award.of),
            rounding=_word("award_rounding", award.rounding),
        )
    whole = gettext("That is the share of all prizes up to this one.") if award.cumulative else ""
    return joined([text, whole])


def _count_sentence(award, _plan, to):
    return gettext("%(to)s: %(count)s in all.", to=to, count=award.count)


def _threshold_sentence(award, plan, to):
    things = plan.parts if award.part else plan.modules
    thing = next((t for t in things if t.key == (award.part or award.module)), None)
    what = gettext("any module") if award.any_module else gettext("the total")
    return gettext("%(to)s: everyone with at least %(least)s in %(what)s.", to=to,
                   least=text_of(award.least), what=name_of(thing) if thing else what)


def _top_sentence(award, _plan, to):
    if award.first == award.last:
        return gettext("%(to)s: place %(place)s.", to=to, place=award.first)
    return gettext("%(to)s: places %(first)s to %(last)s.", to=to, first=award.first,
                   last=award.last)


def _vote_sentence(award, _plan, to):
    return gettext("%(to)s: %(count)s by vote of the committee.", to=to, count=award.count)


RULES = {
    "ratio": _ratio_sentence, "count": _count_sentence, "threshold": _threshold_sentence,
    "top": _top_sentence, "vote": _vote_sentence,
}


def _conditions(award, plan):
    if award.passed:
        yield gettext("Every part with a pass mark must be passed.")
    if award.rule in ("ratio", "count", "top") and award.border == "out":
        yield gettext("Nobody tied at the cut-off gets it.")
    if award.unless:
        names = [name_of(a) for a in plan.awards if a.key in award.unless]
        yield gettext("Not for who has: %(awards)s.", awards=_listed(names))
    if award.from_competed:
        yield gettext("It is given when at least %(count)s competed.", count=award.from_competed)
    if award.only is not None:
        yield from _only_sentences(award.only)
    if award.shift is not None:
        yield gettext(
            "Of these prizes the group “%(group)s” gets its share of those who competed, "
            "%(points)s percentage points added.", group=award.shift.group,
            points=text_of(award.shift.points),
        )


def _only_sentences(only):
    who = [
        _word("gender", only.gender) if only.gender else "", only.employment,
        gettext("group “%(group)s”", group=only.group) if only.group else "",
        gettext("at least %(age)s years old", age=only.least_age) if only.least_age else "",
        gettext("at most %(age)s years old", age=only.most_age) if only.most_age else "",
        gettext("on %(day)s", day=only.on) if only.on else "",
    ]
    if any(who):
        yield gettext("Only for: %(who)s.", who=_listed(filter(None, who)))
    if only.without_title:
        yield gettext("Who holds the title “%(title)s” already is passed over.",
                      title=only.without_title)


def organisations_sentence(organisations, plan):
    """How the table of the organisations is made."""
    if organisations is None:
        return gettext("There is no table of the organisations.")
    names = {award.key: name_of(award) for award in plan.awards}
    rows = _listed(f"{names.get(row.award, row.award)} {text_of(row.points)}"
                   for row in organisations.points)
    return gettext(ORGANISATIONS[organisations.order], rows=rows or gettext("nothing"))


def prizes_sentence(prizes):
    """Whether one person may take several."""
    if prizes.one_each:
        return gettext("Each person gets one award at most, titles aside; the next one moves up.")
    return ""


def _listed(texts):
    return gettext(", ").join(texts)
