"""A simulated judge: keeps from a visitor's sheets, and comes back when the server was too busy."""

import pytest

from contest.demo import simulate
from contest.setup.presets import find_preset

CARD = {"user_id": 1, "login": "judge1", "token": "t", "pin": "1", "spared": 0}


def home(states):
    rows = "".join(
        f'<a class="own-sheet is-{state}" data-sheet="{n}"><span class="own-code">X{n}</span></a>'
        for n, state in enumerate(states)
    )
    return f'<section aria-labelledby="module-1-digital">{rows}</section>'


def judge_at(pages, **card):
    """A judge whose server answers with `pages`, one after the other; an exception is raised."""
    judge = simulate.Judge("http://here", CARD | card, find_preset("c1_cement").plan)
    left = list(pages)

    def ask(path, data=None, headers=None):
        page = left.pop(0)
        if isinstance(page, Exception):
            raise page
        judge.at = "http://here/judging" if "own-sheet" in page else "http://here/sign-in"
        return page

    judge.ask = ask
    return judge


@pytest.mark.parametrize(("spared", "states", "found"), [
    (0, ["submitted", "empty", "draft"], 1),
    (2, ["submitted", "empty", "empty", "empty", "empty"], 4),
    (2, ["empty", "submitted", "empty", "submitted"], None),
    (0, ["submitted"], None),
])
def test_the_first_open_sheets_are_spared_and_the_work_goes_on_from_the_end(spared, states, found):
    sheet = judge_at([home(states)], spared=spared).next_sheet()

    assert (sheet and sheet[1]) == found


def test_a_judge_who_is_not_let_in_tries_again():
    waits = []
    done = home(["submitted"])
    judge = judge_at([
        simulate.Gone("timed out"), "<form>", "wrong", "sign in", "<form>", "in", done, done,
    ])

    judge.work(lambda seconds: waits.append(seconds) or False)

    assert waits[1:] == [simulate.PAUSE, simulate.PAUSE]


def test_a_judge_who_is_told_to_stop_stops():
    judge = judge_at([simulate.Gone("timed out")])
    told = iter([False, True])

    judge.work(lambda seconds: next(told))
