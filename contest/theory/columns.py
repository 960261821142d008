"""The columns of a list of scores."""

from contest.i18n import N_
from contest.people.tables import Column

SCORES = (
    Column("number", N_("Number"),
           ("参赛号", "参赛编号", "准考证号", "编号", "number", "entry number"), required=True,
           most=40),
    Column("name", N_("Name"), ("姓名", "选手姓名", "选手", "name"), kind="name", required=True,
           most=60),
    # Text, because 缺考 stands in the same column; the module's rule reads the number.
    Column("score", N_("Score"), ("成绩", "理论成绩", "分数", "得分", "score", "points"), most=40),
)
