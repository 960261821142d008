"""The roster as a spreadsheet: the columns of the template but for telephone numbers, to be sent in again."""

from contest.documents import Column, Table, as_xlsx
from contest.people.columns import ROSTER
from contest.people.queries import values_of
from contest.people.rules import ENTRANT_STATES

STATE_NAMES = {
    "normal": "正常",
    "absent": "缺考",
    "withdrawn": "弃权",
    "disqualified": "取消资格",
    "not_finished": "未完赛",
}


def roster_as_xlsx(contest, entrants, states, language):
    """Every entrant in the columns of the import, with the state behind them."""
    chinese = language == "zh"
    columns = [
        Column(c.key, c.headers[0] if chinese else c.label, width=24 if c.key in WIDE else 14)
        for c in ROSTER
    ]
    columns.append(Column("state", "状态" if chinese else "State", width=12))
    rows = []
    for entrant in entrants:
        row = {
            "organisation": entrant.organisation.name,
            "name": entrant.human.name,
            **values_of(entrant),
        }
        for column in ROSTER:
            if column.choices and row[column.key]:
                row[column.key] = column.choices[row[column.key]][0 if chinese else -1]
        state = states.get((entrant.id, ""), "normal")
        row["state"] = STATE_NAMES[state] if chinese else ENTRANT_STATES[state]
        rows.append(row)
    title = contest.name if chinese or not contest.name_en else contest.name_en
    return as_xlsx(Table(title, tuple(columns), tuple(rows)))


WIDE = {"organisation", "team"}
