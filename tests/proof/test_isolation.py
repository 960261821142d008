"""Figure 30: what is done to one sheet changes nothing else in the whole database."""

import random
import shutil
from pathlib import Path

from sqlalchemy import select

from contest.audit.work import Actor
from contest.db import Base, db
from contest.errors import Refusal
from contest.judging import chief_actions, confirm_actions
from contest.judging.models import Sheet
from contest.paper import actions as papers
from contest.people.models import Judge
from contest.results.readings import forget_readings
from tests import factories
from tests.judging.panels import actor_of, make_panel, mark
from tests.proof.sizes import report, size

ACTS = size(60, 10_000)
# Acts that a contest's six sheets bear before most of them are struck out or on paper.
A_GAME = 60
# What an act writes besides the sheet itself: counters of the contest, the plan being frozen by the
# first mark, and links that bind what happened together.
COUNTERS = {"contest": {"marks_version"}, "plan_version": {"frozen_at"}}
GROWS = {"sheet_revision", "trail", "chain_link", "paper_sheet", "paper_entry", "paper_outcome"}


def everything():
    """{table: {primary key: row}} of the whole database."""
    db.session.rollback()
    found = {}
    for table in Base.metadata.sorted_tables:
        keys = [column.name for column in table.primary_key]
        free = COUNTERS.get(table.name, set())
        found[table.name] = {
            tuple(row[key] for key in keys): {k: v for k, v in row.items() if k not in free}
            for row in db.session.execute(select(table)).mappings()
        }
    db.session.rollback()
    return found


def acts_on(panel, sheet_id, chance, people):
    """One act on a sheet, as likely as not refused."""
    contest_id, chief, clerks = panel.contest.id, people[0], people[1:]
    sheet = db.session.get(Sheet, sheet_id)
    judge = db.session.get(Judge, sheet.judge_id)
    at = [entrant.id for entrant in panel.entrants].index(sheet.entrant_id)
    marks = {"A1": f"{chance.randrange(21) / 2:g}", "A2": {}}
    typed = {"A1": [f"{chance.randrange(3)}"], "A2": ["0"]}
    return chance.choice([
        lambda: mark(panel, marks, "draft", at, sheet.seat),
        lambda: mark(panel, marks, "submit", at, sheet.seat),
        lambda: chief_actions.reopen_sheet(chief, contest_id, sheet_id, "再看"),
        lambda: chief_actions.excuse_seat(chief, contest_id, sheet_id, "缺席"),
        lambda: confirm_actions.confirm_sheets(
            chief, contest_id, "risk", sheet.entrant_id, {sheet_id: sheet.rev}
        ),
        lambda: papers.take_in(chief, contest_id, [sheet_id]),
        lambda: papers.type_in(chance.choice(clerks), contest_id, sheet_id, typed),
        lambda: papers.type_in(actor_of(judge), contest_id, sheet_id, typed),
    ])


def begin_anew(empty_database):
    """An empty database in place of the one that is there."""
    db.session.remove()
    db.engine.dispose()
    forget_readings()
    path = Path(db.engine.url.database)
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    shutil.copy(empty_database, path)


def play(chance, most):
    """Chance acts on a new contest's sheets: how many were done and how many refused."""
    panel = make_panel()
    mark(panel, {"A1": "1", "A2": {}}, entrant=2, seat=2)
    users = [factories.make_user(name) for name in ("裁判长", "甲统分", "乙统分", "丙统分")]
    people = [Actor(user.id, user.name) for user in users]
    sheets = [panel.sheet(at, seat).id for at in range(3) for seat in (1, 2)]
    done = refused = 0
    before = everything()
    while done < most and done + refused < A_GAME:
        sheet_id = chance.choice(sheets)
        try:
            acts_on(panel, sheet_id, chance, people)()
            done += 1
        except Refusal:
            refused += 1
        after = everything()
        for table, rows in before.items():
            changed = {key for key, row in rows.items() if after[table].get(key) != row}
            assert changed <= ({(sheet_id,)} if table == "sheet" else set()), table
            new = set(after[table]) - set(rows)
            assert not new or table in GROWS, table
            if table == "sheet_revision":
                assert all(after[table][key]["sheet_id"] == sheet_id for key in new)
        before = after
    return done, refused


def test_an_act_on_one_sheet_changes_no_other_row(app, empty_database):
    chance, done, refused = random.Random(30), 0, 0
    while done < ACTS:
        begin_anew(empty_database)
        more, less = play(chance, ACTS - done)
        done, refused = done + more, refused + less
    report(30, acts=done, refused=refused, other_rows_changed=0)
    assert refused > 0
