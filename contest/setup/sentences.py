"""The plan in words: stages, ties, teams, prizes. How judges mark is in mark_sentences."""

from flask_babel import gettext

from contest.i18n import N_
from contest.scoring.units import text_of
from contest.setup.award_sentences import award_sentence, organisations_sentence, prizes_sentence
from contest.setup.change_words import change_sentence
from contest.setup.mark_sentences import aspect_sentence, joined, name_of, panel_sentence
from contest.setup.plan_words import CHOICES

__all__ = [
    "aspect_sentence", "award_sentence", "change_sentence", "module_sentence", "name_of",
    "organisations_sentence", "panel_sentence", "part_sentence", "penalties_sentence",
    "prizes_sentence", "ranking_sentence", "rounding_sentence", "stage_sentence",
    "teams_sentence", "tie_sentence", "tie_subject",
]
ADJUSTMENTS = {
    "group_mean": N_("Rooms with different judges are made comparable by their means."),
    "z": N_("Rooms with different judges are made comparable by mean and deviation."),
    "robust": N_("Rooms with different judges are made comparable by the median; "
                 "marks go from 0 to 1000, with 700 in the middle."),
}


def _word(choice, key):
    return gettext(CHOICES[choice][key])


def _comma():
    return gettext(", ")


def tie_sentence(tie, plan):
    """By what equals are separated, in words; a name that does not exist is given as its key."""
    subject = tie_subject(tie, plan)
    if tie.by == "better_places":
        return subject
    return gettext("%(key)s, %(order)s", key=subject, order=_word("order", tie.order))


def tie_subject(tie, plan):
    """What a tie key looks at, in words, without its order."""
    if tie.by in ("aspect", "attempt"):
        name = _aspect_name(tie, plan)
        if tie.by == "attempt":
            return gettext("the best attempt at “%(name)s”", name=name)
        return gettext("the aspect “%(name)s”", name=name)
    if tie.by == "data":
        return gettext("the recorded number “%(name)s”", name=tie.key)
    if tie.by == "sum":
        names = " + ".join(_name_at(plan.modules, key) for key in tie.keys)
        return gettext("the sum of %(names)s", names=names)
    if tie.by in ("untrimmed", "better_places"):
        return _word("by", tie.by)
    things = {"part": plan.parts, "stage": plan.stages}.get(tie.by, plan.modules)
    return gettext("“%(name)s”", name=_name_at(things, tie.key))


def _aspect_name(tie, plan):
    module = next((m for m in plan.modules if m.key == tie.module), None)
    aspect = next((a for a in module.aspects if a.key == tie.key), None) if module else None
    return f"{name_of(module)} · {name_of(aspect)}" if aspect else f"{tie.module}.{tie.key}"


def _name_at(things, key):
    thing = next((thing for thing in things if thing.key == key), None)
    return name_of(thing) if thing else key


def rounding_sentence(rounding):
    """Where and how numbers are rounded."""
    steps = [_word("steps", step) for step in rounding.steps]
    where = _comma().join(steps) or gettext("nothing")
    first = gettext(
        "%(places)s decimals, %(mode)s; rounded after: %(steps)s. "
        "Places are made from %(compare)s.",
        places=rounding.places, mode=_word("mode", rounding.mode), steps=where,
        compare=_word("compare", rounding.compare),
    )
    own = [
        gettext("After %(step)s: %(places)s decimals, %(mode)s.", step=_word("steps", row.step),
                places=row.places, mode=_word("mode", row.mode))
        for row in rounding.own
    ]
    return joined([first, *own])


def penalties_sentence(penalties):
    """What a penalty comes off, and when."""
    how = (gettext("Penalties are in percent of what they come off.") if penalties.percent
           else gettext("Penalties are in points."))
    if penalties.order == "penalty_first":
        return joined([how, gettext("They come off before the upper limit is looked at.")])
    return how


def ranking_sentence(ranking):
    """What is unusual about the places."""
    return joined([
        gettext("The lower total is better; an unfinished attempt comes last.")
        if ranking.order == "low" else "",
        gettext("Who misses a pass mark has no place.") if ranking.passed_only else "",
    ])


def stage_sentence(stage):
    """How a stage is added up, who goes on from it, and its limits."""
    return joined([
        gettext("The points of its parts are added up.") if stage.combine == "points" else "",
        gettext("Everybody starts with %(base)s points.", base=text_of(stage.base))
        if stage.base else "",
        _carry_sentence(stage), _advance_sentence(stage), _limits_sentence(stage),
        gettext("The result is also shown on a scale around 700.")
        if stage.scale == "robust" else "",
    ])


def _carry_sentence(stage):
    if not stage.carry_percent:
        return ""
    percent = text_of(stage.carry_percent)
    if stage.combine == "points":
        return gettext("%(percent)s %% of the result of the stage before is added.",
                       percent=percent)
    return gettext(
        "%(percent)s %% of the result of the stage before count here; this stage's own parts make "
        "up the rest.", percent=percent,
    )


def _advance_sentence(stage):
    if not stage.lets_on:
        return ""
    if stage.advance is not None:
        first = gettext("The best %(count)s go on.", count=stage.advance)
    else:
        first = gettext(
            "%(percent)s %% of those who competed go on, rounded: %(rounding)s.",
            percent=text_of(stage.advance_percent),
            rounding=_word("award_rounding", stage.advance_rounding),
        )
    line = {
        "in": gettext("Everybody tied at the cut-off goes on."),
        "out": gettext("Nobody tied at the cut-off goes on."),
        "key": gettext("Ties at the cut-off are decided by a further key."),
    }[stage.advance_line]
    cap = (gettext("At most %(count)s of one organisation go on.", count=stage.advance_cap)
           if stage.advance_cap else "")
    return joined([first, line, cap])


def _limits_sentence(thing):
    return joined([
        gettext("Never below %(lowest)s.", lowest=text_of(thing.lowest)) if thing.lowest else "",
        gettext("Never above %(cap)s.", cap=text_of(thing.cap)) if thing.cap is not None else "",
    ])


def part_sentence(part):
    """What is unusual about a part: how it is added up, whose it is, its limits."""
    how = {
        "weights": "", "points": gettext("The points of what is in it are added up."),
        "best": gettext("The best %(count)s of what is in it are added up.", count=part.best),
    }[part.combine]
    whose = gettext("It counts for the team alone.") if part.to == "team" else ""
    return joined([how, whose, _limits_sentence(part)])


def module_sentence(module):
    """What is unusual about a module's mark after its panels."""
    difficulty, adjustment = module.difficulty, module.adjustment
    return joined([
        gettext("It is multiplied by the contestant's degree of difficulty, %(lowest)s to "
                "%(highest)s.", lowest=text_of(difficulty.lowest),
                highest=text_of(difficulty.highest)) if difficulty else "",
        gettext("The chief judge may adjust it by up to %(adjust)s points, with a reason.",
                adjust=text_of(module.adjust)) if module.adjust is not None else "",
        gettext(ADJUSTMENTS[adjustment.method]) if adjustment.method != "none" else "",
        gettext("Pass mark %(mark)s.", mark=text_of(module.pass_mark))
        if module.pass_mark is not None else "",
        _limits_sentence(module),
    ])


def teams_sentence(teams):
    """How members make a team's result."""
    if teams is None:
        return gettext("There are no teams.")
    if teams.method == "best":
        text = gettext("A team's result is the sum of its %(best)s best members.", best=teams.best)
    elif teams.method == "mean":
        text = gettext("A team's result is the mean of its members.")
    elif teams.method == "places":
        points = gettext(", ").join(map(text_of, teams.place_points))
        text = gettext("A team's result is the sum of the points for its members' places, from "
                       "the first on: %(points)s.", points=points)
    else:
        text = gettext("A team's result is the sum of its members.")
    size = (gettext("A team has %(size)s members.", size=teams.size)
            if teams.size is not None else "")
    return joined([text, size])
