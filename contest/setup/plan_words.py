"""The words of a plan's fields and choices, for forms and for sentences about what changes."""

from dataclasses import MISSING, fields

from contest.i18n import N_
from contest.scoring import scheme_tables as tables

# What a field is called. "lowest" stands for every table, "aspects.lowest" for that one alone.
FIELD_NAMES = {
    "name": N_("Chinese name"), "name_en": N_("English name"), "key": N_("Key"),
    "format": N_("Format"), "scenario": N_("Scenario"), "summary": N_("Summary in Chinese"),
    "summary_en": N_("Summary in English"), "note": N_("Note in Chinese"),
    "note_en": N_("Note in English"), "order": N_("Order"), "kind": N_("Kind"),
    "combine": N_("How it is added up"), "lowest": N_("Never below"), "cap": N_("Never above"),
    "pass_mark": N_("Pass mark"), "points": N_("Points"), "max": N_("Top mark"),
    # rounding, penalties, ranking
    "places": N_("Decimals"), "mode": N_("Way of rounding"), "steps": N_("Rounded after"),
    "own": N_("Steps with their own rounding"), "step": N_("Step"),
    "own.step": N_("Rounded after"), "compare": N_("Places are made from"),
    "penalties.order": N_("What comes first"), "percent": N_("Penalties are in percent"),
    "ranking.order": N_("Which total is better"), "shared": N_("Ties share a place"),
    "dense": N_("No place is left out after a tie"),
    "by_group": N_("A ranking for each group"),
    "passed_only": N_("Only who passed has a place"), "ties": N_("Ties are broken by"),
    # teams, organisations, prizes
    "method": N_("Method"), "best": N_("Best members that count"), "size": N_("Members of a team"),
    "place_points": N_("Points of each place"),
    "organisations.order": N_("Organisations are ranked by"),
    "organisations.points": N_("What each award counts"), "award": N_("Award"),
    "one_each": N_("One award for each person"),
    # stages
    "advance": N_("How many go on"), "advance_percent": N_("Percent that go on"),
    "advance_rounding": N_("Rounded to whole persons"),
    "advance_cap": N_("Most of one organisation"), "advance_line": N_("Ties at the cut-off"),
    "advance_by": N_("Key among equals on the line"),
    "carry_percent": N_("Percent carried over"), "base": N_("Points to begin with"),
    "scale": N_("A further column"),
    # parts and modules
    "stage": N_("Stage"), "within": N_("Within part"), "place": N_("Belongs to"),
    "part": N_("Part"), "weight": N_("Weight in percent"), "parts.best": N_("Best that count"),
    "parts.to": N_("Counts for"), "entry": N_("How marks come in"), "blind": N_("Judged blind"),
    "speciality": N_("Speciality of judges"), "adjust": N_("Most the chief judge may adjust"),
    "difficulty": N_("Degree of difficulty"), "difficulty.lowest": N_("Lowest"),
    "difficulty.highest": N_("Highest"), "adjustment": N_("Rooms made comparable"),
    "adjustment.least": N_("Smallest room"), "panel": N_("Panel"), "panels": N_("Panels"),
    # panels
    "judges": N_("Judges on the panel"), "panel.level": N_("What is combined"),
    "drop_high": N_("Highest dropped"), "drop_low": N_("Lowest dropped"),
    "drop_from": N_("Dropped from so many marks up"),
    "tolerance": N_("How far kept marks may lie apart"),
    "tolerance.least": N_("From a mean of"), "apart": N_("Largest difference"),
    "weights": N_("Weights of the judges"), "factor": N_("Multiplied by"),
    "spread": N_("Widest normal spread"),
    "remark": N_("Judgements far apart are given again"),
    # aspects
    "reasons": N_("Reasons for deductions"), "reasons.points": N_("Points off"),
    "reasons.name": N_("Reason in Chinese"), "reasons.name_en": N_("Reason in English"),
    "items.name": N_("Line in Chinese"), "items.name_en": N_("Line in English"),
    "levels.name": N_("Description in Chinese"),
    "levels.name_en": N_("Description in English"),
    "most": N_("At most (times)"), "loses": N_("All is lost"),
    "items": N_("Lines of the checklist"), "levels": N_("Descriptions of the levels"),
    "grades": N_("Grades"), "unit": N_("Unit in Chinese"), "unit_en": N_("Unit in English"),
    "aspects.lowest": N_("Lowest value"), "highest": N_("Highest value"),
    "way": N_("How the value earns points"), "table": N_("Table of points"),
    "upto": N_("Up to and including"), "beyond": N_("Points beyond the table"),
    "formula": N_("Formula for points"), "power": N_("Power formula for points"),
    "start": N_("Start"), "from": N_("From"), "formula.points": N_("Rate"), "per": N_("Per"),
    "whole": N_("Only whole steps count"), "power.scale": N_("Factor"),
    "exponent": N_("Exponent"), "better": N_("Which is better"),
    "itself": N_("The value itself is the points"),
    "clamp": N_("Kept between 0 and the top mark"), "attempts": N_("Attempts"),
    "aspects.apart": N_("Widest difference between judges"), "record": N_("Keeps a record"),
    "take": N_("Which attempt counts"), "drop_best": N_("Best attempts dropped"),
    "drop_worst": N_("Worst attempts dropped"), "key_item": N_("When it earns nothing"),
    # awards
    "to": N_("Goes to"), "rule": N_("Rule"), "ratio": N_("Ratio in percent"),
    "fraction": N_("Or as a fraction"), "of": N_("Ratio of"),
    "rounding": N_("Way of rounding"), "cumulative": N_("Ratio of all prizes up to this one"),
    "count": N_("How many"), "border": N_("Ties at the cut-off"), "least": N_("Least mark"),
    "looks": N_("Looks at"), "module": N_("Module"), "any": N_("Any module"),
    "first": N_("From place"), "last": N_("To place"), "passed": N_("Only who passed"),
    "unless": N_("Not for who has"), "from_competed": N_("Only if at least so many competed"),
    "only": N_("Only for"), "gender": N_("Sex"), "employment": N_("Employment"),
    "group": N_("Group"), "most_age": N_("Oldest age"), "least_age": N_("Youngest age"),
    "on": N_("Age on the day"), "without_title": N_("Not for holders of the title"),
    "shift": N_("Share of a group"), "shift.points": N_("Percentage points more"),
    "title": N_("It is a title"), "level": N_("Level"),
    # ties
    "by": N_("By"), "keys": N_("Modules"),
}
NODE_NAMES = {
    "plan": N_("Plan"), "rounding": N_("Rounding"), "penalties": N_("Penalties"),
    "ranking": N_("Ranking"), "teams": N_("Teams"), "organisations": N_("Organisations"),
    "prizes": N_("Prizes and titles"), "stages": N_("Stage"), "parts": N_("Part"),
    "modules": N_("Module"), "panels": N_("Panel"), "criteria": N_("Criterion"),
    "aspects": N_("Aspect"), "awards": N_("Award"), "panel": N_("Panel"),
}
# The words of each choice, by the name under which CHOICES_OF finds them.
CHOICES = {
    "mode": {"half_up": N_("Half up (9.125 becomes 9.13)"),
             "half_even": N_("Half to even (9.125 becomes 9.12)"), "down": N_("Always down")},
    "compare": {"rounded": N_("the rounded total, as printed"), "exact": N_("the exact total")},
    "steps": {"sheet": N_("each judge's sheet"), "panel": N_("the panel's mark"),
              "module": N_("the module"), "part": N_("the part"), "stage": N_("the stage"),
              "team": N_("the team")},
    "penalties": {"cap_first": N_("The limit, then the penalty"),
                  "penalty_first": N_("The penalty, then the limit")},
    "total": {"high": N_("The higher total is better"),
              "low": N_("The lower total is better (times)")},
    "method": {"mean": N_("Mean"), "sum": N_("Sum"), "median": N_("Median (the middle one)"),
               "majority": N_("Majority of places (skating system)"),
               "borda": N_("Points for places (Borda)")},
    "team_method": {"sum": N_("Sum of the members"), "mean": N_("Mean of the members"),
                    "best": N_("Sum of the best members"),
                    "places": N_("Points for the members' places")},
    "organisations": {"points": N_("Their points"), "average": N_("Points for each contestant"),
                      "medals": N_("Medals, as nations are ranked")},
    "combine": {"weights": N_("By weights, out of 100"), "points": N_("Points are added up"),
                "best": N_("The best are added up")},
    "line": {"in": N_("All go on"), "out": N_("None goes on"), "key": N_("A key decides")},
    "scale": {"none": N_("None"), "robust": N_("The result on a scale around 700")},
    "counts_for": {"entrant": N_("The contestant"), "team": N_("The team alone")},
    "adjustment": {"none": N_("Not at all"), "group_mean": N_("By the means of the rooms"),
                   "z": N_("By mean and deviation"),
                   "robust": N_("By the median, on a scale around 700")},
    "panel_level": {"sheet": N_("the judges' totals"), "aspect": N_("each aspect by itself")},
    "entry": {"sheets": N_("Judges mark on sheets"),
              "scores": N_("A score comes in (file or clerk)")},
    "module_kind": {"theory": N_("Theory"), "practical": N_("Practical"), "work": N_("Piece of work"),
                    "quiz": N_("Quiz")},
    "kind": {"points": N_("Points with a step"), "deductions": N_("Deductions from full marks"),
             "checklist": N_("Yes/no checklist"), "judgement": N_("Judgement from 0 to 3"),
             "measured": N_("Measured value"), "grade": N_("Grades"),
             "rank": N_("Rank among all contestants")},
    "way": {"table": N_("By a table"), "formula": N_("By a formula"),
            "power": N_("By a power formula"), "itself": N_("It is the points itself")},
    "take": {"best": N_("The best"), "worst": N_("The worst"), "last": N_("The last"),
             "sum": N_("The sum"), "mean": N_("The mean")},
    "better": {"high": N_("more is better"), "low": N_("less is better")},
    "key_item": {"": N_("Nothing else is lost"), "sheet": N_("The judge's whole sheet is 0"),
                 "module": N_("The module is 0, when most judges say so")},
    "to": {"entrant": N_("Contestant"), "team": N_("Team"), "organisation": N_("Organisation"),
           "judge": N_("Judge"), "coach": N_("Coach")},
    "rule": {"ratio": N_("A share of the entrants"), "count": N_("A fixed number"),
             "threshold": N_("Everyone above a mark"), "top": N_("From one place to another"),
             "vote": N_("By vote of the committee")},
    "of": {"competed": N_("those who competed"), "registered": N_("those who registered")},
    "award_rounding": {"half_up": N_("Half up"), "up": N_("Up"), "down": N_("Down")},
    "border": {"in": N_("All get it"), "out": N_("None gets it")},
    "order": {"high": N_("higher first"), "low": N_("lower first")},
    "gender": {"female": N_("Women"), "male": N_("Men")},
    "by": {"part": N_("part"), "module": N_("module"), "stage": N_("stage"),
           "aspect": N_("aspect"), "attempt": N_("best attempt at"),
           "untrimmed": N_("the total with no judge dropped"),
           "better_places": N_("more better places in the modules"),
           "data": N_("recorded number"), "sum": N_("sum of")},
}
# Which words a field's choice has: by the key of the table it stands in, and its own.
CHOICES_OF = {
    "mode": "mode", "own.step": "steps", "steps": "steps", "compare": "compare",
    "penalties.order": "penalties", "ranking.order": "total", "panel.method": "method",
    "panel.level": "panel_level", "teams.method": "team_method",
    "adjustment.method": "adjustment", "organisations.order": "organisations",
    "combine": "combine", "advance_rounding": "award_rounding", "advance_line": "line",
    "scale": "scale", "parts.to": "counts_for", "entry": "entry", "modules.kind": "module_kind",
    "aspects.kind": "kind", "way": "way", "take": "take", "better": "better",
    "key_item": "key_item", "to": "to", "rule": "rule", "of": "of",
    "awards.rounding": "award_rounding", "border": "border", "order": "order",
    "gender": "gender", "by": "by",
}
# The tables that have a page of their own or stand inside one, by their keys in the document.
TABLES = {
    "plan": tables.PLAN, "rounding": tables.ROUNDING, "penalties": tables.PENALTIES,
    "ranking": tables.RANKING, "teams": tables.TEAMS, "organisations": tables.ORGANISATIONS,
    "prizes": tables.PRIZES, "panel": tables.PANEL, "panels": tables.NAMED_PANEL,
    "stages": tables.STAGE, "parts": tables.PART, "modules": tables.MODULE,
    "criteria": tables.CRITERION, "aspects": tables.ASPECT, "awards": tables.AWARD,
}


def usual_of(table, field):
    """What a field is when the document leaves it out, as it would be written; None for nothing."""
    default = next(each.default for each in fields(table.cls) if each.name == field.name)
    if default is MISSING or default is None:
        return None
    written, problems = field.kind.write(default), []
    field.kind.read("", written, problems)
    return None if problems else written  # an age of 0 asks for no age


def field_name(table, key):
    """What the field `key` of a table is called, in English, to be translated."""
    table = "panel" if table == "panels" else table
    return FIELD_NAMES.get(f"{table}.{key}") or FIELD_NAMES[key]


def choices_of(table, key):
    """The words of a field's choice, {value: English words}; KeyError when it is none."""
    table = "panel" if table == "panels" else table
    return CHOICES[CHOICES_OF.get(f"{table}.{key}") or CHOICES_OF[key]]
