"""Two scorers that share no code give the same answer, to the last figure, place and prize.

CONTEST_CONTESTS says how many contests made by chance are compared; `make soak` compares 10,000.
"""

import os
import random

import pytest

from contest.recount import recount
from tests.offline.first import differences, first
from tests.scoring.plans import random_contest

CONTESTS = int(os.environ.get("CONTEST_CONTESTS", "200"))
AT_ONCE = min(50, CONTESTS)


@pytest.mark.parametrize("start", range(0, CONTESTS, AT_ONCE))
def test_both_scorers_agree(start, tmp_path):
    for seed in range(start, start + AT_ONCE):
        document, marks, entrants = random_contest(random.Random(seed))

        answer = first(tmp_path, document, marks, entrants)

        found = differences(answer, recount(document, marks, entrants))
        assert (seed, found) == (seed, [])


def test_a_difference_would_be_seen(tmp_path):
    """The comparison itself: a mark that the second scorer does not get is found."""
    document, marks, entrants = random_contest(random.Random(1))
    answer = first(tmp_path, document, marks, entrants)

    fewer = [marks[:i] + marks[i + 1 :] for i, row in enumerate(marks) if row["value"]]

    found = [differences(answer, recount(document, some, entrants)) for some in fewer]
    assert sum(bool(each) for each in found) > len(found) // 2


def lets_on(document):
    """The key of the stage after one that lets on; None without one."""
    stages = document["stages"]
    if len(stages) > 1 and {"advance", "advance_percent"} & set(stages[0]):
        return stages[1]["key"]
    return None


def test_both_scorers_take_those_of_whom_the_file_says_that_they_take_part(tmp_path):
    compared = told = 0
    for seed in range(60):
        rng = random.Random(seed)
        document, marks, entrants = random_contest(rng, ("two_stages", "advance"))
        if (stage := lets_on(document)) is None:
            continue
        those = [each["code"] for each in entrants if rng.random() < 0.6] or [entrants[0]["code"]]
        marks += [{"entrant": code, "item": stage, "judge": "", "value": "", "status": "takes_part"}
                  for code in those]

        answer = first(tmp_path, document, marks, entrants, stage)

        assert (seed, differences(answer, recount(document, marks, entrants, stage))) == (seed, [])
        entered = [line["code"] for line in answer["entrants"] if line["entered"]]
        assert entered == those
        compared, told = compared + 1, told + (len(those) < len(entrants))
    assert compared > 20 and told > 10


def test_a_judge_is_struck_out_in_one_panel_by_its_key(tmp_path):
    """A seat on which nobody handed anything in is struck out for all, also with several panels."""
    compared = 0
    for seed in range(60):
        document, marks, entrants = random_contest(random.Random(seed), "panels")
        module = next((m for m in document["modules"] if m.get("panels")), None)
        if module is None:
            continue
        panel = module["panels"][-1]
        own = [a["key"] for c in module["criteria"] if c["panel"] == panel["key"] for a in c["aspects"]]
        items = {f"{module['key']}.{key}" for key in own}
        gone = f"{panel['key'][0]}j{panel['judges']}"
        marks = [row for row in marks if not (row["item"] in items and row["judge"] == gone)
                 and not (row["status"] == "excused" and row["item"] == module["key"])]
        marks += [
            {"entrant": each["code"], "item": f"{module['key']}.{panel['key']}", "judge": gone,
             "value": "", "status": "excused"} for each in entrants
        ]

        answer = first(tmp_path, document, marks, entrants)

        assert (seed, differences(answer, recount(document, marks, entrants))) == (seed, [])
        compared += 1
    assert compared > 10


def test_both_scorers_pass_over_whom_the_committee_passed_over(tmp_path):
    """Columns of ENTRANTS.csv; a team's stands with any of its members."""
    compared = moved = 0
    for seed in range(80):
        rng = random.Random(seed)
        document, marks, entrants = random_contest(rng)
        awards = document.get("awards", ())
        keys = {to: [a["key"] for a in awards if a["to"] == to] for to in ("entrant", "team")}
        if not entrants or not keys["entrant"] + keys["team"]:
            continue
        before = recount(document, marks, entrants)["awards"]
        for one in entrants:
            one["passed_over"] = "; ".join(key for key in keys["entrant"] if rng.random() < 0.3)
            one["team_passed_over"] = ";".join(key for key in keys["team"] if rng.random() < 0.1)

        answer = first(tmp_path, document, marks, entrants)

        assert (seed, differences(answer, recount(document, marks, entrants))) == (seed, [])
        compared, moved = compared + 1, moved + (answer["awards"] != before)
        passed = {(one["code"], key) for one in entrants for key in one["passed_over"].split("; ")}
        given = {(row["code"], row["award"]) for row in answer["awards"] if row["to"] == "entrant"}
        assert not passed & given
    assert compared > 20 and moved > 10
