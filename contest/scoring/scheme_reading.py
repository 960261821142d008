"""Clause 1, continued. From a plan document (TOML or JSON) to a Plan, and back.

`plan_from` notes every problem before it refuses: first the form of each field; when all fields can
be read, whether they agree with each other; and then whether the sums stay within 64 bits.
"""

import hashlib
import json
import tomllib
from decimal import Decimal

from contest.scoring import scheme
from contest.scoring.limits import limit_problems
from contest.scoring.scheme import Plan, PlanError, Problem
from contest.scoring.scheme_checks import sense_problems
from contest.scoring.scheme_fields import (
    BAD,
    POINTS_TOP,
    Choice,
    Choices,
    Field,
    Flag,
    Key,
    Points,
    Table,
    Tables,
    Text,
    Whole,
)
from contest.scoring.words import N_

NAME = Text(empty=False)
LONG = Text(longest=4000)
WEIGHT = Points(low=0, high=100 * 10_000, above_low=True)
TOP_MARK = Points(low=0, above_low=True)
VALUE = Points(low=-POINTS_TOP)
CRITERION_KEY = Key(r"[A-Z]", N_("The key must be one capital letter, such as A."))
ASPECT_KEY = Key(
    r"[A-Z][1-9][0-9]?", N_("The key must be a capital letter and a number, such as A1.")
)
STEPS = ("sheet", "module", "part", "stage", "team")
NAMES = (Field("name", NAME), Field("name_en", Text()))
WORTH = (*NAMES, Field("points", Points()))

REASON = Table(scheme.Reason, (*WORTH, Field("most", Whole(1, 999))))
ITEM = Table(scheme.Item, WORTH)
LEVEL = Table(scheme.Level, (Field("name", LONG), Field("name_en", LONG)))
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
MEASURED = (
    Field("max", TOP_MARK),
    Field("unit", Text()),
    Field("unit_en", Text()),
    Field("places", Whole(0, 4)),
    Field("lowest", VALUE),
    Field("highest", VALUE, required=True),
    Field("table", Tables(BRACKET)),
    Field("beyond", Points()),
    Field("formula", FORMULA),
)
ASPECT_KINDS = {
    "points": (Field("max", TOP_MARK), Field("step", TOP_MARK)),
    "deductions": (Field("max", TOP_MARK), Field("reasons", Tables(REASON), required=True)),
    # Its top mark is the sum of its items, so it need not be said.
    "checklist": (
        Field("max", TOP_MARK, required=False),
        Field("items", Tables(ITEM), required=True),
    ),
    "judgement": (Field("max", TOP_MARK), Field("levels", Tables(LEVEL), required=True)),
    "measured": MEASURED,
}


class AspectTable(Table):
    """An aspect; a checklist without `max` gets the sum of its items."""

    def read(self, path, value, problems):
        if isinstance(value, dict) and value.get("kind") == "checklist" and "max" not in value:
            items = Tables(ITEM).read(f"{path}.items", value.get("items", ()), [])
            total = 0 if items is BAD else sum(item.points for item in items)
            value = {**value, "max": Points().write(max(total, 1))}
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
        Field("aspects", Tables(ASPECT, most=99)),
    ),
)
PANEL = Table(
    scheme.Panel,
    (
        Field("judges", Whole(1, 99)),
        Field("level", Choice(("sheet", "aspect"))),
        Field("method", Choice(("mean", "sum", "median"))),
        Field("drop_high", Whole(0, 9)),
        Field("drop_low", Whole(0, 9)),
        Field("spread", Points()),
    ),
)
MODULE = Table(
    scheme.Module,
    (
        Field("key", Key()),
        Field("part", Key()),
        *NAMES,
        Field("weight", WEIGHT),
        Field("max", TOP_MARK),
        Field("entry", Choice(("sheets", "scores"))),
        Field("kind", Choice(("theory", "practical", "work", "quiz"))),
        Field("blind", Flag()),
        Field("speciality", Text()),
        Field("panel", PANEL),
        Field("criteria", Tables(CRITERION, most=26)),
    ),
)
PART = Table(
    scheme.Part,
    (
        Field("key", Key()),
        Field("stage", Key()),
        *NAMES,
        Field("weight", WEIGHT),
        Field("pass_mark", Points(high=100 * 10_000)),
    ),
)
STAGE = Table(
    scheme.Stage,
    (
        Field("key", Key()),
        *NAMES,
        Field("advance", Whole(1, 1_000_000)),
        Field("carry_percent", Points(high=100 * 10_000)),
    ),
)
ORDER = Field("order", Choice(("high", "low")))
TIE_KINDS = {
    "part": (Field("key", Key(), required=True), ORDER),
    "module": (Field("key", Key(), required=True), ORDER),
    "aspect": (
        Field("module", Key(), required=True),
        Field("key", ASPECT_KEY, required=True),
        ORDER,
    ),
    "untrimmed": (ORDER,),
}
TIE = Table(
    scheme.Tie, (Field("by", Choice(tuple(TIE_KINDS))),), by="by", variants=TIE_KINDS
)
RANKING = Table(
    scheme.Ranking,
    (Field("shared", Flag()), Field("by_group", Flag()), Field("ties", Tables(TIE))),
)
ROUNDING = Table(
    scheme.Rounding,
    (
        Field("places", Whole(0, 4)),
        Field("mode", Choice(("half_up", "half_even", "down"))),
        Field("steps", Choices(STEPS)),
        Field("compare", Choice(("rounded", "exact"))),
    ),
)
TEAMS = Table(
    scheme.Teams,
    (
        Field("method", Choice(("sum", "mean", "best"))),
        Field("best", Whole(1, 100)),
        Field("size", Whole(1, 100)),
    ),
)
BORDER = Field("border", Choice(("in", "out")))
PASSED = Field("passed", Flag())
AWARD_RULES = {
    "ratio": (
        Field("ratio", WEIGHT, required=True),
        Field("of", Choice(("competed", "registered"))),
        Field("rounding", Choice(("half_up", "up", "down"))),
        BORDER,
        PASSED,
    ),
    "count": (Field("count", Whole(1, 100_000), required=True), BORDER, PASSED),
    "threshold": (Field("least", Points(), required=True), Field("part", Key()), PASSED),
    "top": (
        Field("first", Whole(1, 100_000)),
        Field("last", Whole(1, 100_000), required=True),
        BORDER,
        PASSED,
    ),
    "vote": (Field("count", Whole(1, 100_000), required=True),),
}
AWARD = Table(
    scheme.Award,
    (
        Field("key", Key()),
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
PLAN = Table(
    Plan,
    (
        Field("format", Whole(1, 1), required=True),
        *NAMES,
        Field("scenario", Text()),
        Field("summary", LONG),
        Field("summary_en", LONG),
        Field("rounding", ROUNDING),
        Field("ranking", RANKING),
        Field("teams", TEAMS),
        Field("stages", Tables(STAGE, most=10)),
        Field("parts", Tables(PART, most=50)),
        Field("modules", Tables(MODULE, most=100)),
        Field("awards", Tables(AWARD)),
    ),
)


def plan_from(document: dict) -> Plan:
    """The plan in a document; PlanError with every problem found when it cannot be used."""
    problems = []
    plan = PLAN.read("", document, problems)
    if not problems:
        problems += sense_problems(plan)
    if not problems:
        problems += limit_problems(plan)
    if problems:
        raise PlanError(problems)
    return plan


def document_from(text: str) -> dict:
    """The document in a TOML text, decimals kept exactly; PlanError saying which line is wrong."""
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problem = Problem("", "This is not a TOML file: %(error)s.", {"error": str(error)})
        raise PlanError([problem]) from None


def plan_document(plan: Plan) -> dict:
    """The plan as a document of text, whole numbers, lists and tables; what is default is left out.

    `plan_from(plan_document(plan)) == plan`, always.
    """
    return PLAN.write(plan)


def canonical(document: dict) -> str:
    """The one way to write a plan document: JSON, keys sorted, amounts as decimal text.

    Two documents that mean the same plan give the same text. PlanError as `plan_from`.
    """
    return _canonical(plan_from(document))


def plan_hash(plan: Plan) -> str:
    """SHA-256, hexadecimal, of the plan's canonical text: its version's fingerprint."""
    return hashlib.sha256(_canonical(plan).encode()).hexdigest()


def _canonical(plan):
    return json.dumps(plan_document(plan), ensure_ascii=False, sort_keys=True)
