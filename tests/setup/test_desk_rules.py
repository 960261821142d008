"""The desk offers first what a contest's kind and state call for, and hides nothing for good."""

import re
from datetime import date

import pytest

from contest import clock
from contest.db import db
from contest.scoring.scheme_reading import plan_from
from contest.selection.models import Call
from contest.setup.desk_rules import DOORS, FEW, kinds_held, split
from contest.setup.procedure_rules import FORMAL, SHORT
from contest.setup.rules import STATES
from tests import factories

PAIRS = [(door, f"/{door.endpoint}") for door in DOORS]


def first(state, held=frozenset()):
    return {door.endpoint for door, _ in split(PAIRS, state, held)[0]}


@pytest.mark.parametrize("state", STATES)
def test_every_room_is_on_one_of_the_two_lists(state):
    called, rest = split(PAIRS, state, {"sheets"})

    assert sorted(called + rest, key=PAIRS.index) == PAIRS
    assert 1 <= len(called) < len(rest)


def test_rooms_come_with_the_state():
    held = {"sheets", "theory"}

    assert {"people.list_judges", "accounts.list_accounts"} < first("setup", held)
    assert "results.show_results" not in first("setup", held)
    assert {"judging.show_chief_desk", "theory.list_scores", "results.show_results"} < first("scoring", held)
    assert first("archived", held) == {"results.show_results", "awards.show_awards"}


def test_a_room_of_another_kind_of_contest_is_not_offered_first():
    assert {"quiz.show_desk", "selection.show_desk"} & first("scoring", {"sheets"}) == set()
    assert "quiz.show_desk" in first("scoring", {"quiz"})
    assert "selection.show_desk" in first("registration", {"selection"})
    assert "judging.show_chief_desk" not in first("scoring", {"quiz"})


def test_who_has_few_doors_is_shown_all():
    assert split(PAIRS[-FEW:], "setup", set()) == (PAIRS[-FEW:], [])


def test_the_plan_and_the_procedure_tell_what_is_held():
    plan = plan_from(factories.plan_document())

    assert "sheets" in kinds_held(plan, SHORT) and "review" not in kinds_held(plan, SHORT)
    assert {"review", "signing", "notice", "four_eyes"} < kinds_held(plan, FORMAL)
    assert {"sheets", "theory", "quiz"} < kinds_held(None, FORMAL)


def test_the_desk_folds_the_rest_and_shows_a_selection_once_there_is_a_call(as_role, app):
    contest = factories.make_contest(state="registration")
    organiser = as_role("organiser", contest)

    def offered():
        page = organiser.get(f"/contests/{contest.id}").text
        before, _, folded = page.partition('<details class="fold desk-further">')
        rooms = [set(re.findall(r'card-link" href="([^"]+)"', part)) for part in (before, folded)]
        assert rooms[0] & rooms[1] == set()
        return rooms

    selection = f"/contests/{contest.id}/selection"
    called, rest = offered()
    assert f"/contests/{contest.id}/entrants" in called and selection in rest
    db.session.add(Call(
        contest_id=contest.id, title="工匠", opens_on=date(2026, 11, 1), closes_on=date(2026, 11, 30),
        terms={}, changed_at=clock.now(),
    ))
    db.session.commit()
    called, rest = offered()
    assert selection in called and selection not in rest
