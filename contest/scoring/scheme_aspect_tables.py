"""Clause 1, continued. The tables of criteria and aspects, and the fields that many tables share."""

from contest.scoring import scheme
from contest.scoring.scheme_fields import (
    BAD,
    POINTS_TOP,
    Choice,
    Field,
    Fine,
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
APART = Field("apart", Points())
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
    APART,
    Field("record", Flag()),
)
ASPECT_KINDS = {
    "points": (Field("max", TOP_MARK), Field("step", TOP_MARK), *ATTEMPTS, KEY_ITEM, APART),
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
