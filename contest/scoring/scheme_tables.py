"""Clause 1, continued. The tables and fields of a plan file, each with what it may hold."""

from contest.scoring import scheme
from contest.scoring.scheme_aspect_tables import (  # noqa: F401  (all tables are found here)
    ASPECT,
    ASPECT_KEY,
    ASPECT_KINDS,
    AWARD_KEY,
    COUNT_ROUNDING,
    CRITERION,
    LONG,
    MODE,
    NAME,
    NAMES,
    ORDER,
    PERCENT,
    PLACES,
    POWER,
    STEPS,
    TOP_MARK,
    VALUE,
    WEIGHT,
)
from contest.scoring.scheme_fields import (
    BAD,
    POINTS_TOP,
    Choice,
    Choices,
    Day,
    Field,
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
            # What is wrong inside is told there; its sum is not found missing on top of that.
            top = 1 if found is BAD else sum(criterion.max for criterion in found)
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
        Field("to", Choice(("entrant", "team", "organisation", "judge", "coach"))),
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
