"""Contests, plans in force, and the notes on a desk."""

import pytest

from contest.db import db
from contest.errors import Missing
from contest.setup import queries
from contest.setup.models import PlanVersion
from contest.setup.rules import Note
from tests import factories


def test_a_contest_is_found_by_id_and_by_its_short_name(app):
    contest = factories.make_contest(slug="cement")

    assert queries.get_contest(contest.id) is contest
    assert queries.get_contest_by_slug("cement") is contest
    assert queries.find_contest(contest.id + 1) is None
    for find in (lambda: queries.get_contest(0), lambda: queries.get_contest_by_slug("x")):
        with pytest.raises(Missing):
            find()


def test_the_plan_in_force_is_read_once_and_shared(app):
    contest = factories.make_contest()

    first, second = queries.plan_in_force(contest.id), queries.plan_in_force(contest.id)

    assert first.plan is second.plan
    assert first.version_id == queries.get_version(contest.id, 1).id


def test_two_contests_with_different_plans_are_not_mixed_up(app):
    one = factories.make_contest()
    other = factories.make_contest(factories.plan_document(name="另一个"))

    assert queries.plan_in_force(one.id).plan.name == "小比武"
    assert queries.plan_in_force(other.id).plan.name == "另一个"


def test_a_contest_without_a_plan_is_missing_one(app):
    contest = factories.make_contest()
    db.session.query(PlanVersion).delete()

    assert queries.find_plan_in_force(contest.id) is None
    with pytest.raises(Missing):
        queries.plan_in_force(contest.id)


def test_later_areas_speak_on_the_desk_in_turn(app, monkeypatch):
    contest = factories.make_contest()
    tell = [lambda contest_id: [Note("one")], lambda contest_id: [Note("two")]]
    monkeypatch.setattr(queries, "DESK_NOTES", tell)

    assert [note.text for note in queries.desk_notes(contest.id)] == ["one", "two"]


def test_marks_of_all_areas_are_gathered(app, monkeypatch):
    tell = [lambda contest_id: {("risk", "A1")}, lambda contest_id: {("paper", "")}]
    monkeypatch.setattr(queries, "MARKED_KEYS", tell)

    assert queries.marked_keys(1) == {("risk", "A1"), ("paper", "")}


def test_an_untouched_draft_is_the_plan_in_force(app):
    contest = factories.make_contest()

    draft = queries.get_draft(contest.id)

    assert draft.rev == 0
    assert draft.plan == queries.plan_in_force(contest.id).plan
