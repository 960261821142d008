"""A quiz of four teams and a timed event, with their contests."""

from itertools import count

from contest.audit.work import Actor
from contest.quiz import actions, queries
from tests import factories

HOST = Actor(None, "host")
_ids = count(1)

QUIZ = {
    "ranking": {"shared": True, "ties": []},
    "teams": {"method": "sum", "size": 1},
    "rounding": {"places": 2, "mode": "half_up", "steps": ["module", "part", "stage"], "compare": "exact"},
    "stages": [{"key": "final", "name": "决赛", "name_en": "Final", "lowest": "-100"}],
    "parts": [{"key": "quiz", "stage": "final", "name": "抢答赛", "name_en": "Quiz", "weight": 100,
               "lowest": "-100"}],
    "modules": [
        {"key": "stage", "part": "quiz", "name": "知识抢答", "name_en": "Knowledge quiz", "weight": 100,
         "max": 200, "lowest": "-100", "entry": "scores", "kind": "quiz"},
    ],
    "awards": [],
}
TIMED = {
    **QUIZ, "ranking": {"shared": True, "order": "low", "ties": []},
    "stages": [{"key": "final", "name": "决赛", "name_en": "Final", "combine": "points"}],
    "parts": [{"key": "drill", "stage": "final", "name": "消防", "name_en": "Drill", "combine": "points"}],
    "modules": [
        {"key": "hose", "part": "drill", "name": "消火栓出水", "name_en": "Hydrant",
         "max": 600, "entry": "scores", "kind": "practical"},
    ],
}


def make_stage(teams=("甲队", "乙队", "丙队", "丁队"), rules=None, **values):
    """A contest with one entrant for each team; (contest, ids of the entrants)."""
    contest = factories.make_contest(factories.plan_document(**(rules or QUIZ)), **values)
    ids = []
    for number, name in enumerate(teams, 1):
        team = factories.make_team(contest, name=name)
        ids.append(factories.make_entrant(contest, team=team, number=f"T{number:02d}").id)
    return contest, ids


def press(contest, key="stage"):
    """What a page that is up to date sends: (number of the last entry, an id of its own)."""
    return queries.latest_seq(contest.id, key), f"operation-{next(_ids)}"


def answer(contest, entrant_id, kind, is_right, question=""):
    """One answer as a host enters it."""
    return actions.enter_answer(
        HOST, contest.id, "stage", entrant_id, kind, is_right, question, *press(contest)
    )


def stake(contest, entrant_id, points):
    """One wager chosen."""
    return actions.choose_stake(
        HOST, contest.id, "stage", entrant_id, points * 10_000, *press(contest)
    )


def run(contest, entrant_id, time, *counts):
    """One time with its faults."""
    return actions.enter_time(
        HOST, contest.id, "hose", entrant_id, time, list(counts), *press(contest, "hose")
    )


def totals(contest, key="stage"):
    """The running totals as text, in the order of columns; "" for none."""
    return [column.score.text for column in queries.desk(contest.id, key).columns]
