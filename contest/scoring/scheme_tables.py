"""Clause 1, continued. The tables and fields of a plan file, each with what it may hold."""

from contest.scoring import scheme
from contest.scoring.scheme_fields import (
    BAD,
    POINTS_TOP,
    Choice,
    Choices,
    Day,
    Field,
    Fine,
    Flag,
    Key,
    Listed,
    PartOfAll,
    Points,
    Table,
    Tables,
    Text,
    Whole,
)
from contest.scoring.words import N_

NAME = Text(empty=False)
LONG = Text(longest=4000)
PERCENT = Points(high=100 * 10_000)
WEIGHT = Points(high=100 * 10_000)
TOP_MARK = Points(above_low=True)
VALUE = Points(low=-POINTS_TOP)
PLACES = Whole(0, 4)
MODE = Choice(("half_up", "half_even", "down"))
COUNT_ROUNDING = Choice(("half_up", "up", "down"))
ORDER = Field("order", Choice(("high", "low")))
CRITERION_KEY = Key(r"[A-Z]", N_("The key must be one capital letter, such as A."))
ASPECT_KEY = Key(
    r"[A-Z][1-9][0-9]?", N_("The key must be a capital letter and a number, such as A1.")
)
GRADE_KEY = Key(
    r"[A-Za-z0-9_][A-Za-z0-9_+-]{0,11}", N_("The key of a grade is at most 12 letters, digits, + or -.")
)
AWARD_KEY = Key(
    r"[A-Za-z][A-Za-z0-9_]{0,31}",
    N_("The key must begin with a letter, then letters, digits and _, at most 32."),
)
STEPS = ("sheet", "panel", "module", "part", "stage", "team")
NAMES = (Field("name", NAME), Field("name_en", Text()))
WORTH = (*NAMES, Field("points", Points()))

REASON = Table(scheme.Reason, (*WORTH, Field("most", Whole(1, 999)), Field("loses", Flag())))
ITEM = Table(scheme.Item, WORTH)
LEVEL = Table(scheme.Level, (Field("name", LONG), Field("name_en", LONG)))
GRADE = Table(scheme.Grade, (Field("key", GRADE_KEY), *WORTH))
BRACKET = Table(scheme.Bracket, (Field("upto", VALUE), Field("points", Points())))
FORMULA = Table(
    scheme.Formula,
    (
        Field("start", VALUE),
        Field("from", VALUE, attribute="origin"),
        Field("points", VALUE),
        Field("per", TOP_MARK),
        Field("whole", Flag()),
    ),
)
POWER = Table(
    scheme.Power,
    (
        Field("scale", Fine(8, 100_000)),
        Field("from", VALUE, attribute="origin"),
        Field("exponent", Fine(3, 5)),
        Field("better", Choice(("high", "low"))),
    ),
)
KEY_ITEM = Field("key_item", Choice(("", "sheet", "module")))
ATTEMPTS = (
    Field("attempts", Whole(1, 20)),
    Field("take", Choice(("best", "worst", "last", "sum", "mean"))),
    Field("better", Choice(("high", "low"))),
    Field("drop_best", Whole(0, 9)),
    Field("drop_worst", Whole(0, 9)),
)
MEASURED = (
    Field("max", TOP_MARK),
    Field("unit", Text()),
    Field("unit_en", Text()),
    Field("places", PLACES),
    Field("lowest", VALUE),
    Field("highest", VALUE, required=True),
    Field("table", Tables(BRACKET)),
    Field("beyond", Points()),
    Field("formula", FORMULA),
    Field("power", POWER),
    Field("itself", Flag()),
    Field("clamp", Flag()),
    *ATTEMPTS,
    KEY_ITEM,
)
ASPECT_KINDS = {
    "points": (Field("max", TOP_MARK), Field("step", TOP_MARK), *ATTEMPTS, KEY_ITEM),
    "deductions": (
        Field("max", TOP_MARK),
        Field("reasons", Tables(REASON), required=True),
        KEY_ITEM,
    ),
    # Its top mark is the sum of its items, so it need not be said.
    "checklist": (
        Field("max", TOP_MARK, required=False),
        Field("items", Tables(ITEM), required=True),
        KEY_ITEM,
    ),
    "judgement": (Field("max", TOP_MARK), Field("levels", Tables(LEVEL), required=True), KEY_ITEM),
    "measured": MEASURED,
    "grade": (Field("max", TOP_MARK), Field("grades", Tables(GRADE), required=True), KEY_ITEM),
    "rank": (Field("max", TOP_MARK, required=False),),
}


class AspectTable(Table):
    """An aspect; where its kind settles the top mark, that need not be said."""

    def read(self, path, value, problems):
        if isinstance(value, dict) and "max" not in value:
            top = None
            if value.get("kind") == "checklist":
                items = Tables(ITEM).read(f"{path}.items", value.get("items", ()), [])
                top = 0 if items is BAD else sum(item.points for item in items)
            elif value.get("kind") == "rank":
                top = 10_000
            if top is not None:
                value = {**value, "max": Points().write(max(top, 1))}
        return super().read(path, value, problems)


ASPECT = AspectTable(
    scheme.Aspect,
    (
        Field("key", ASPECT_KEY),
        *NAMES,
        Field("kind", Choice(tuple(ASPECT_KINDS))),
    ),
    by="kind",
    variants=ASPECT_KINDS,
)
CRITERION = Table(
    scheme.Criterion,
    (
        Field("key", CRITERION_KEY),
        *NAMES,
        Field("panel", Key()),
        Field("aspects", Tables(ASPECT, most=99)),
    ),
)
TOLERANCE = Table(scheme.Tolerance, (Field("least", VALUE), Field("apart", Points())))
PANEL_FIELDS = (
    Field("judges", Whole(1, 99)),
    Field("level", Choice(("sheet", "aspect"))),
    Field("method", Choice(("mean", "sum", "median", "majority", "borda"))),
    Field("drop_high", Whole(0, 9)),
    Field("drop_low", Whole(0, 9)),
    Field("drop_from", Whole(0, 99)),
    Field("tolerance", Tables(TOLERANCE, most=20)),
    Field("weights", Listed(TOP_MARK, most=12)),
    Field("factor", TOP_MARK),
    Field("spread", Points()),
    Field("remark", Flag()),
)
PANEL = Table(scheme.Panel, PANEL_FIELDS)
NAMED_PANEL = Table(
    scheme.Panel,
    (
        Field("key", Key(), required=True),
        Field("name", NAME, required=True),
        Field("name_en", Text()),
        *PANEL_FIELDS,
    ),
)
DIFFICULTY = Table(
    scheme.Difficulty,
    (Field("lowest", Points()), Field("highest", TOP_MARK), Field("places", PLACES)),
)
ADJUSTMENT = Table(
    scheme.Adjustment,
    (
        Field("method", Choice(("none", "group_mean", "z", "robust"))),
        Field("least", Whole(2, 10_000)),
    ),
)
HELD = (
    Field("lowest", Points(low=-POINTS_TOP, high=0)),
    Field("cap", TOP_MARK),
    Field("pass_mark", Points()),
)
class ModuleTable(Table):
    """A module; marked on sheets, its top mark is that of its aspects and need not be said."""

    settled = {"max": "criteria"}

    def read(self, path, value, problems):
        if isinstance(value, dict) and "max" not in value and value.get("criteria"):
            found = Tables(CRITERION, most=26).read(f"{path}.criteria", value["criteria"], [])
            if found is not BAD:
                top = sum(criterion.max for criterion in found)
                value = {**value, "max": Points().write(max(top, 1))}
        return super().read(path, value, problems)


MODULE = ModuleTable(
    scheme.Module,
    (
        Field("key", Key()),
        Field("part", Key()),
        *NAMES,
        Field("weight", WEIGHT),
        Field("max", TOP_MARK, required=True),
        Field("entry", Choice(("sheets", "scores"))),
        Field("kind", Choice(("theory", "practical", "work", "quiz"))),
        Field("blind", Flag()),
        Field("speciality", Text()),
        *HELD,
        Field("adjust", TOP_MARK),
        Field("difficulty", DIFFICULTY),
        Field("adjustment", ADJUSTMENT),
        Field("panel", PANEL),
        Field("panels", Tables(NAMED_PANEL, most=9)),
        Field("criteria", Tables(CRITERION, most=26)),
    ),
)
PART = Table(
    scheme.Part,
    (
        Field("key", Key()),
        Field("stage", Key()),
        Field("within", Key()),
        *NAMES,
        Field("weight", WEIGHT),
        Field("combine", Choice(("weights", "points", "best"))),
        Field("best", Whole(1, 100)),
        *HELD,
        Field("to", Choice(("entrant", "team"))),
    ),
)
TIE_KINDS = {
    "part": (Field("key", Key(), required=True), ORDER),
    "module": (Field("key", Key(), required=True), ORDER),
    "stage": (Field("key", Key(), required=True), ORDER),
    "aspect": (
        Field("module", Key(), required=True),
        Field("key", ASPECT_KEY, required=True),
        ORDER,
    ),
    "attempt": (
        Field("module", Key(), required=True),
        Field("key", ASPECT_KEY, required=True),
        ORDER,
    ),
    "untrimmed": (ORDER,),
    "better_places": (),
    "data": (Field("key", Key(), required=True), ORDER),
    "sum": (Field("keys", Listed(Key(), most=50), required=True), ORDER),
}
TIE = Table(
    scheme.Tie, (Field("by", Choice(tuple(TIE_KINDS))),), by="by", variants=TIE_KINDS
)
STAGE = Table(
    scheme.Stage,
    (
        Field("key", Key()),
        *NAMES,
        Field("combine", Choice(("weights", "points"))),
        Field("advance", Whole(1, 1_000_000)),
        Field("advance_percent", WEIGHT),
        Field("advance_rounding", COUNT_ROUNDING),
        Field("advance_cap", Whole(0, 10_000)),
        Field("advance_line", Choice(("in", "out", "key"))),
        Field("advance_by", TIE),
        Field("carry_percent", PERCENT),
        Field("base", Points()),
        *HELD,
        Field("scale", Choice(("none", "robust"))),
    ),
)
RANKING = Table(
    scheme.Ranking,
    (
        ORDER,
        Field("shared", Flag()),
        Field("dense", Flag()),
        Field("by_group", Flag()),
        Field("passed_only", Flag()),
        Field("ties", Tables(TIE)),
    ),
)
OWN_ROUNDING = Table(
    scheme.StepRounding,
    (Field("step", Choice(STEPS)), Field("places", PLACES), Field("mode", MODE)),
)
ROUNDING = Table(
    scheme.Rounding,
    (
        Field("places", PLACES),
        Field("mode", MODE),
        Field("steps", Choices(STEPS)),
        Field("own", Tables(OWN_ROUNDING, most=len(STEPS))),
        Field("compare", Choice(("rounded", "exact"))),
    ),
)
PENALTIES = Table(
    scheme.Penalties,
    (Field("order", Choice(("cap_first", "penalty_first"))), Field("percent", Flag())),
)
TEAMS = Table(
    scheme.Teams,
    (
        Field("method", Choice(("sum", "mean", "best", "places"))),
        Field("best", Whole(1, 100)),
        Field("size", Whole(1, 100)),
        Field("place_points", Listed(Points())),
    ),
)
AWARD_POINTS = Table(
    scheme.AwardPoints, (Field("award", AWARD_KEY), Field("points", Points()))
)
ORGANISATIONS = Table(
    scheme.Organisations,
    (
        Field("points", Tables(AWARD_POINTS)),
        Field("order", Choice(("points", "average", "medals"))),
    ),
)
ONLY = Table(
    scheme.Only,
    (
        Field("gender", Choice(("female", "male"))),
        Field("employment", Text()),
        Field("group", Text()),
        Field("most_age", Whole(1, 120)),
        Field("least_age", Whole(1, 120)),
        Field("on", Day()),
        Field("without_title", Text()),
    ),
)
SHIFT = Table(
    scheme.Shift,
    (Field("group", NAME), Field("points", Points(low=-100 * 10_000, high=100 * 10_000))),
)
BORDER = Field("border", Choice(("in", "out")))
CONDITIONS = (
    Field("passed", Flag()),
    Field("unless", Listed(AWARD_KEY)),
    Field("from_competed", Whole(0, 100_000)),
    Field("only", ONLY),
)
PRIZE = (BORDER, *CONDITIONS, Field("shift", SHIFT))
AWARD_RULES = {
    "ratio": (
        Field("ratio", WEIGHT),
        Field("fraction", PartOfAll()),
        Field("of", Choice(("competed", "registered"))),
        Field("rounding", COUNT_ROUNDING),
        Field("cumulative", Flag()),
        *PRIZE,
    ),
    "count": (Field("count", Whole(1, 100_000), required=True), *PRIZE),
    "threshold": (
        Field("least", Points(), required=True),
        Field("part", Key()),
        Field("module", Key()),
        Field("any", Flag(), attribute="any_module"),
        *CONDITIONS,
    ),
    "top": (
        Field("first", Whole(1, 100_000)),
        Field("last", Whole(1, 100_000), required=True),
        BORDER,
        *CONDITIONS,
    ),
    "vote": (Field("count", Whole(1, 100_000), required=True),),
}
AWARD = Table(
    scheme.Award,
    (
        Field("key", AWARD_KEY),
        *NAMES,
        Field("to", Choice(("entrant", "team", "organisation"))),
        Field("rule", Choice(tuple(AWARD_RULES))),
        Field("title", Flag()),
        Field("level", Text()),
        Field("note", LONG),
        Field("note_en", LONG),
    ),
    by="rule",
    variants=AWARD_RULES,
)
PRIZES = Table(scheme.Prizes, (Field("one_each", Flag()),))
PLAN = Table(
    scheme.Plan,
    (
        Field("format", Whole(1, 1), required=True),
        *NAMES,
        Field("scenario", Text()),
        Field("summary", LONG),
        Field("summary_en", LONG),
        Field("rounding", ROUNDING),
        Field("penalties", PENALTIES),
        Field("ranking", RANKING),
        Field("teams", TEAMS),
        Field("organisations", ORGANISATIONS),
        Field("prizes", PRIZES),
        Field("stages", Tables(STAGE, most=10)),
        Field("parts", Tables(PART, most=50)),
        Field("modules", Tables(MODULE, most=100)),
        Field("awards", Tables(AWARD)),
    ),
)
