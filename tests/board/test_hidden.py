"""Results became final behind a frozen board and prizes were given: no door tells before the reveal."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from contest import clock
from contest.awards import actions as awards
from contest.awards import certificate_actions
from contest.awards.certificate_models import Certificate
from contest.awards.models import Award
from contest.board import actions as board
from contest.board import pulse_queries
from contest.db import db
from contest.members import telling
from contest.people.models import Entrant, PersonAccount
from contest.results import actions as results
from contest.results.models import ResultSheet
from contest.selection import queries as selection
from contest.setup.models import Contest
from tests import factories
from tests.awards import certified
from tests.conftest import NOON
from tests.kept_scenes import kept_scene

SECRET, WINNER = "一等奖", "张三"
LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def frozen(app):
    """(contest, {name: entrant}) with certificates of prizes that the hall is still to be told."""
    contest_id, people = kept_scene("hidden", lambda: build(app))
    clock.stand_still(LATER)
    return db.session.get(Contest, contest_id), {
        name: db.session.get(Entrant, entrant_id) for name, entrant_id in people.items()
    }


def build(app):
    key = certified.key_actions.make_key(certified.PETRA, app.config["SIGNING_KEY"])
    contest, entrants = factories.make_marked_contest(
        certified.POINTS, document=factories.plan_document(awards=certified.AWARDS), slug="hidden"
    )
    first, second = (factories.make_official(name, "organiser") for name in ("Petra", "Milan"))
    board.freeze_board(first, contest.id)
    clock.stand_still(LATER)
    results.publish_results(first, contest.id, "provisional")
    results.publish_results(second, contest.id, "final")
    awards.grant_awards(certified.PETRA, contest.id)
    certificate_actions.set_style(certified.PETRA, contest.id, certified.STYLE)
    certificate_actions.issue_certificates(certified.PETRA, contest.id, key, certified.DAY)
    return contest.id, {name: one.id for name, one in entrants.items()}


def winner_of(app, entrants):
    """The account of the contestant who came first."""
    user = factories.make_user(WINNER)
    human_id = entrants[WINNER].human_id
    db.session.add(PersonAccount(user_id=user.id, human_id=human_id, linked_at=clock.now()))
    db.session.commit()
    return factories.browser_of(app, user)


def reveal(contest):
    board.reveal_board(factories.make_official("Host", "host"), contest.id)


def test_a_running_number_tells_nothing(app, frozen):
    contest, _ = frozen
    numbers = db.session.scalars(select(Certificate.number)).all()
    guest = app.test_client()
    csrf = {"headers": {"HX-Request": "true"}}

    told = [guest.post("/c", data={"number": number}, **csrf).text for number in numbers]
    nothing = guest.post("/c", data={"number": "ZGH-2026-SN26-GES-0099-9"}, **csrf).text
    assert numbers and set(told) == {nothing}

    reveal(contest)
    assert any(SECRET in guest.post("/c", data={"number": number}, **csrf).text for number in numbers)


def test_the_winners_own_page_says_nothing_yet(app, frozen):
    contest, entrants = frozen
    browser = winner_of(app, entrants)
    certificates = db.session.scalars(select(Certificate)).all()

    assert SECRET not in browser.get("/my").text
    assert {browser.get(f"/my/certificates/{one.id}.pdf").status_code for one in certificates} == {404}

    reveal(contest)
    assert SECRET in browser.get("/my").text


def test_a_copy_of_what_is_kept_holds_the_prize_only_afterwards(frozen):
    contest, entrants = frozen
    human_id = entrants[WINNER].human_id

    assert db.session.get(Contest, contest.id).state == "final"
    kept = telling.everything(human_id)["tables"]
    assert not kept["award"] and not kept["certificate"] and not kept["theory_entry"]

    reveal(contest)
    assert telling.everything(human_id)["tables"]["award"]


def test_the_curators_desk_lists_winners_after_the_reveal(frozen, as_role):
    contest, _ = frozen
    curator = as_role("curator")
    assert WINNER not in curator.get("/curation").text
    reveal(contest)
    assert WINNER in curator.get("/curation").text


def test_another_contests_nominations_do_not_name_the_prize(frozen):
    contest, entrants = frozen
    human_id = entrants[WINNER].human_id
    assert selection.prizes_of(human_id) == ()
    reveal(contest)
    assert any(SECRET in one for one in selection.prizes_of(human_id))


def test_a_lost_nudge_does_not_leave_prizes_or_names_as_they_were(frozen):
    """The table of the organisations counts granted prizes: who looks at the database finds them."""
    contest, entrants = frozen
    behind = pulse_queries.pulses(clock.now())[contest.slug]
    award = db.session.scalars(select(Award)).first()
    sheet = db.session.get(ResultSheet, award.result_sheet_id)
    factories.make_award(contest, entrants["李四"], sheet)
    assert pulse_queries.pulses(clock.now())[contest.slug].public == behind.public

    reveal(contest)
    before = pulse_queries.pulses(clock.now())[contest.slug]
    factories.make_award(contest, entrants["王五"], sheet)
    after = pulse_queries.pulses(clock.now())[contest.slug]
    contest.procedure = {**contest.procedure, "names": "one"}
    db.session.commit()
    assert len({before, after, pulse_queries.pulses(clock.now())[contest.slug]}) == 3
