"""The columns of a spreadsheet of points."""

from contest.i18n import N_
from contest.people.columns import NAME, ORGANISATION
from contest.people.tables import Column

POINTS = (
    Column("reference", N_("Reference"), ("流水号", "编号", "reference", "ref"), required=True, most=80),
    NAME,
    ORGANISATION,
    Column("born_on", N_("Date of birth"), ("出生日期", "born on", "date of birth"), kind="date"),
    Column("kind", N_("Kind"), ("类别", "积分类别", "kind"), required=True, most=30),
    Column("quantity", N_("Quantity"), ("数量", "次数", "quantity"), kind="number", required=True,
           least="1", top="100000", places=0),
    Column("earned_on", N_("Day"), ("日期", "day", "date"), kind="date", required=True),
    Column("what", N_("What"), ("内容", "事由", "what"), most=100),
)
