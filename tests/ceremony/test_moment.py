"""The deadlines of corrections are counted from a moment that the ceremony's desk saw itself."""

from datetime import timedelta

import pytest

from contest import clock
from contest.audit.models import TrailRow
from contest.ceremony import actions, queries
from contest.ceremony.models import Reveal
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.review import appeal_actions, correction_actions, correction_queries
from contest.review.models import StatedMoment
from contest.review.queries import find_ceremony, offered_moments
from contest.setup.models import Contest
from contest.setup.queries import desk_notes
from tests import factories
from tests.ceremony.stages import begin, host, make_ready


@pytest.fixture
def scene(app):
    """A reveal that began, and ended 20 minutes later; nobody has stated anything for an hour."""
    scene = make_ready()
    begin(scene)
    clock.stand_still(clock.now() + timedelta(minutes=20))
    last = queries.script_of(queries.get_running(scene.contest.id)).last
    actions.move_reveal(host(scene), scene.contest.id, 0, last)
    actions.end_reveal(host(scene), scene.contest.id, opens_board=True)
    clock.stand_still(clock.now() + timedelta(hours=1))
    return scene


def organiser(scene):
    return factories.make_official("组织者", "organiser", contest=scene.contest)


@pytest.mark.parametrize(("key", "ago"), [
    ("reveal_ended", timedelta(hours=1)), ("reveal_began", timedelta(hours=1, minutes=20)),
    ("now", timedelta(0)),
])
def test_the_moment_that_is_chosen_is_the_one_from_which_is_counted(scene, key, ago):
    contest = db.session.get(Contest, scene.contest.id)
    assert [one.key for one in offered_moments(contest.id, "final")] == ["reveal_ended", "reveal_began"]

    appeal_actions.state_ceremony(organiser(scene), contest.id, key)

    moment = clock.now() - ago
    stated = find_ceremony(contest.id, "final")
    assert (stated.ends_at, stated.at) == (moment, clock.now())
    deadlines = correction_queries.deadlines(contest, "final")
    assert deadlines == {"arithmetic": moment + timedelta(hours=48), "identity": moment}
    facts = db.session.query(TrailRow).filter_by(did="appeal.ceremony").one().facts
    assert facts == {"counted_from": key, "moment": moment.isoformat()}


def test_two_days_are_over_an_hour_earlier_than_by_the_hand(scene):
    contest_id = scene.contest.id
    appeal_actions.state_ceremony(organiser(scene), contest_id, "reveal_ended")
    clock.stand_still(clock.now() + timedelta(hours=47))
    with pytest.raises(Conflict, match="could be corrected until"):
        correction_actions.file_correction(organiser(scene), contest_id, "arithmetic", "合计有误")


@pytest.mark.parametrize("key", ["", "2026-01-01T10:00", "reveal_middle"])
def test_nobody_types_a_moment(scene, key):
    with pytest.raises(Invalid, match="Choose one of the moments"):
        appeal_actions.state_ceremony(organiser(scene), scene.contest.id, key)
    assert db.session.query(StatedMoment).filter_by(kind="ceremony").count() == 0


def test_without_a_reveal_of_this_stage_only_now_is_offered(scene):
    assert offered_moments(scene.contest.id, "heats") == []
    db.session.query(Reveal).delete()
    db.session.commit()
    assert offered_moments(scene.contest.id, "final") == []
    with pytest.raises(Invalid):
        appeal_actions.state_ceremony(organiser(scene), scene.contest.id, "reveal_ended")
    appeal_actions.state_ceremony(organiser(scene), scene.contest.id)
    assert find_ceremony(scene.contest.id, "final").ends_at == clock.now()


def test_the_page_offers_both_and_the_desk_asks_for_it(scene, as_role):
    contest = db.session.get(Contest, scene.contest.id)
    assert any("State when the ceremony was" in note.text for note in desk_notes(contest.id))
    browser = as_role("organiser", contest)
    address = f"/contests/{contest.id}/appeals"

    page = browser.get(address).text
    assert "When the reveal ended" in page and "When the reveal began" in page
    wrong = browser.post(f"{address}/ceremony", data={"moment": "tomorrow"})
    assert wrong.status_code == 422 and "Choose one of the moments that are offered." in wrong.text
    done = browser.post(f"{address}/ceremony", data={"moment": "reveal_ended"}, follow_redirects=True)
    assert "The moment of the ceremony is stated." in done.text
    assert not any("State when the ceremony was" in note.text for note in desk_notes(contest.id))
    assert "When the reveal ended" in browser.get(f"/contests/{contest.id}/trail").text


def test_a_reveal_that_still_runs_offers_its_beginning(app):
    scene = make_ready()
    began = begin(scene).began_at
    [one] = offered_moments(scene.contest.id, "final")
    assert (one.key, one.at) == ("reveal_began", began)
