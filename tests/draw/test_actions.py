"""The draw is held once, can be redone from its seed, and stands once marks rest on it."""

import pytest

from contest import clock
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.draw import actions, desk_queries, queries, rules
from contest.draw.models import Draw
from contest.errors import Conflict, Invalid, Missing
from contest.people.models import StateEvent
from contest.setup import queries as setup
from tests.factories import make_contest, make_entrant, make_grant, make_user


@pytest.fixture
def coder(app):
    user = make_user("Kira")
    return Actor(user.id, user.name)


@pytest.fixture
def scoring(app):
    contest = make_contest()
    for number in ("A1", "A2", "A3", "A4"):
        make_entrant(contest, number=number)
    return contest


@pytest.fixture
def marked(monkeypatch):
    """Says that marks were given in the module `risk`, as judging does."""
    monkeypatch.setattr(setup, "MARKED_KEYS", [lambda contest_id: {("risk", "A1")}])


def held(contest):
    found = queries.codes(contest.id, "final")
    return {
        e.number: (found[e.id].code, found[e.id].start_order)
        for e in queries.drawable(contest.id)
        if e.id in found
    }


def test_a_given_seed_gives_the_published_order(scoring, coder):
    actions.hold_draw(coder, scoring.id, "final", "lottery-478")

    assert held(scoring) == rules.draw(["A1", "A2", "A3", "A4"], "lottery-478")


def test_without_a_seed_one_is_made_and_kept(scoring, coder):
    actions.hold_draw(coder, scoring.id, "final")

    [draw] = db.session.query(Draw)
    assert len(draw.seed) == 32
    assert held(scoring) == rules.draw(["A1", "A2", "A3", "A4"], draw.seed)


def test_the_trail_tells_of_the_draw_but_not_the_seed(scoring, coder):
    actions.hold_draw(coder, scoring.id, "final", "lottery-478")

    [row] = db.session.query(TrailRow)
    assert row.did == "draw.hold"
    assert "lottery" not in str(row.facts) and row.facts["entrants"] == 4


def test_whoever_withdrew_is_not_drawn(scoring, coder):
    first = queries.drawable(scoring.id)[0]
    db.session.add(
        StateEvent(
            contest_id=scoring.id,
            entrant_id=first.id,
            state="withdrawn",
            reason="x",
            at=clock.now(),
        )
    )
    db.session.commit()

    actions.hold_draw(coder, scoring.id, "final")

    assert len(held(scoring)) == 3


def test_a_new_draw_replaces_the_old_one(scoring, coder):
    actions.hold_draw(coder, scoring.id, "final", "seed-one")
    actions.hold_draw(coder, scoring.id, "final", "seed-two", "one was forgotten")

    assert held(scoring) == rules.draw(["A1", "A2", "A3", "A4"], "seed-two")
    assert [line.count for line in queries.list_draws(scoring.id, "final")] == [4, 0]


def test_after_the_first_mark_the_draw_stands(scoring, coder, marked):
    with pytest.raises(Conflict, match="Marks have been entered"):
        actions.hold_draw(coder, scoring.id, "final")
    assert (held(scoring), db.session.query(TrailRow).count()) == ({}, 0)


def test_newcomers_start_behind_the_others_whose_codes_stay(scoring, coder, monkeypatch):
    actions.hold_draw(coder, scoring.id, "final", "seed-one")
    before = held(scoring)
    make_entrant(scoring, number="A5")
    make_entrant(scoring, number="A0")
    monkeypatch.setattr(setup, "MARKED_KEYS", [lambda contest_id: {("risk", "A1")}])

    actions.draw_newcomers(coder, scoring.id, "final")

    after = held(scoring)
    assert {number: after[number] for number in before} == before
    assert sorted(place for _, place in after.values()) == [1, 2, 3, 4, 5, 6]
    assert {after["A5"][1], after["A0"][1]} == {5, 6}
    assert len({code for code, _ in after.values()}) == 6


def test_without_newcomers_nothing_is_drawn(scoring, coder):
    actions.hold_draw(coder, scoring.id, "final")

    with pytest.raises(Conflict):
        actions.draw_newcomers(coder, scoring.id, "final")


def test_what_cannot_be_drawn_is_refused(scoring, coder):
    with pytest.raises(Missing):
        actions.hold_draw(coder, scoring.id, "nope")
    with pytest.raises(Invalid):
        actions.hold_draw(coder, scoring.id, "final", "a b")
    with pytest.raises(Conflict):
        actions.hold_draw(coder, make_contest().id, "final")
    assert db.session.query(Draw).count() == 0


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_drawing_again_needs_a_reason(scoring, coder, reason):
    actions.hold_draw(coder, scoring.id, "final", "seed-one")
    before = held(scoring)

    with pytest.raises(Invalid) as refused:
        actions.hold_draw(coder, scoring.id, "final", "seed-two", reason)

    assert list(refused.value.fields) == ["reason"]
    assert (held(scoring), db.session.query(TrailRow).count()) == (before, 1)


def test_the_reason_of_a_new_draw_stands_in_the_trail(scoring, coder):
    actions.hold_draw(coder, scoring.id, "final", "seed-one")
    actions.hold_draw(coder, scoring.id, "final", "seed-two", " papers fell down ")

    row = db.session.query(TrailRow).order_by(TrailRow.id.desc()).first()
    assert (row.facts["reason"], row.facts["replaced"]) == ("papers fell down", 4)


def test_the_desk_holds_the_scoring_back_until_the_draw(coder):
    contest = make_contest(state="registration")
    make_entrant(contest)

    without = {note.text: note for note in desk_queries.desk_notes(contest.id)}
    make_grant(make_user("Ola"), "coding_judge", contest)
    waiting = {note.text: note for note in desk_queries.desk_notes(contest.id)}
    actions.hold_draw(coder, contest.id, "final")
    make_entrant(contest)
    late = desk_queries.desk_notes(contest.id)

    assert [note.endpoint for note in without.values()] == ["accounts.new_person", "draw.show_draw"]
    assert list(waiting) == ["The draw has not been held yet."]
    assert [note.blocks for note in waiting.values()] == ["scoring"]
    assert [(note.text[:6], note.params, note.blocks) for note in late] == [
        ("Draws ", {"count": 1}, ""), ("Joined", {"count": 1}, ""),
    ]
