"""F76: the organiser tells those who take part something, and each reads it on the own page."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from contest import clock
from contest.accounts.models import Invitation
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.people import message_actions, message_queries, unit_actions
from contest.people.message_models import ParticipantMessage
from contest.people.models import PersonAccount
from tests import factories

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
PETRA = Actor(None, "Petra")
TOLD = {"audience": "everybody", "title": "场地变更", "words": "实操改在二号车间。\n请提前半小时到。"}


@pytest.fixture
def scene(app):
    """A contest with a contestant who has an account, a judge, and a contact of the unit."""
    contest = factories.make_contest()
    entrant = factories.make_entrant(contest)
    own, judge, contact = (factories.make_user(name) for name in ("Vera", "Jana", "Karel"))
    db.session.add(PersonAccount(user_id=own.id, human_id=entrant.human_id, linked_at=clock.now()))
    db.session.commit()
    factories.make_grant(judge, "judge", contest)
    return contest, entrant, own, judge, contact


def send(contest, **change):
    return message_actions.send_message(PETRA, contest.id, TOLD | change)


def pages(app, scene):
    """{who: the text of the own page}."""
    _, entrant, own, judge, _ = scene
    card = app.test_client().get(f"/check-in/{entrant.check_in_token}", follow_redirects=True)
    return {
        "card": card.text, "own": factories.browser_of(app, own).get("/my").text,
        "judge": factories.browser_of(app, judge).get("/judging").text,
    }


@pytest.mark.parametrize(("audience", "readers"), [
    ("everybody", {"card", "own", "judge"}), ("contestants", {"card", "own"}), ("judges", {"judge"}),
    ("contacts", set()),
])
def test_a_message_is_read_by_those_to_whom_it_goes(app, scene, audience, readers):
    send(scene[0], audience=audience)
    found = pages(app, scene)
    assert {who for who, page in found.items() if "场地变更" in page} == readers
    assert all("请提前半小时到" in found[who] for who in readers)


def test_a_message_of_another_contest_or_of_an_archived_one_is_not_read(app, scene):
    contest, entrant, own, judge, _ = scene
    send(factories.make_contest(slug="other"))
    assert message_queries.messages_to_judge(judge.id) == []
    assert message_queries.messages_to_contestant(entrant.human_id) == []
    send(contest)
    assert len(message_queries.messages_to_judge(judge.id)) == 1
    contest.state = "archived"
    db.session.commit()
    assert message_queries.messages_to_judge(judge.id) == []
    with pytest.raises(Conflict, match="archived"):
        send(contest)


def test_the_organiser_writes_it_on_a_page_and_the_trail_knows_it(app, scene, as_role):
    contest = scene[0]
    office = as_role("organiser")
    address = f"/contests/{contest.id}/messages"
    assert office.post(address, data=TOLD).status_code == 303
    page = office.get(address).text
    assert "场地变更" in page and "Everybody who takes part" in page
    row = db.session.scalars(select(TrailRow).filter_by(did="message.send")).one()
    assert (row.contest_id, row.subject, row.facts["audience"]) == (contest.id, "场地变更", "everybody")
    assert as_role("judge").post(address, data=TOLD).status_code == 403
    assert as_role("clerk").get(address).status_code == 200


@pytest.mark.parametrize(("change", "field"), [
    ({"audience": "king"}, "audience"), ({"title": " "}, "title"), ({"title": "x" * 81}, "title"),
    ({"words": ""}, "words"), ({"words": "x" * 2001}, "words"),
])
def test_a_message_that_cannot_be_taken_names_its_field_and_loses_nothing(app, scene, as_role, change, field):
    with pytest.raises(Invalid) as refused:
        send(scene[0], **change)
    assert list(refused.value.fields) == [field]
    answer = as_role("organiser").post(f"/contests/{scene[0].id}/messages", data=TOLD | change)
    assert answer.status_code == 422
    assert ("场地变更" if field != "title" else "实操改在二号车间") in answer.text
    assert db.session.scalars(select(ParticipantMessage)).all() == []


def test_the_contact_of_a_unit_reads_it_on_the_units_page(app, scene, as_role):
    _, entrant, _, _, contact = scene
    contest = factories.make_contest(state="registration")
    unit_actions.invite_unit(PETRA, contest.id, entrant.organisation.name)
    db.session.query(Invitation).one().used_by_id = contact.id
    db.session.commit()
    send(contest, audience="contacts")
    assert "场地变更" in as_role("contact", contest, contact).get(f"/contests/{contest.id}/my-unit").text


@BOTH
def test_a_message_is_never_changed_and_the_table_comes_with_0046(app):
    contest = factories.make_contest()
    contest_id = contest.id
    send(contest)
    for statement in ("UPDATE participant_message SET words = 'x'", "DELETE FROM participant_message"):
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(text(statement))
        db.session.rollback()
    db.session.remove()
    downgrade(revision="0042_gates_in_the_chain")
    assert "participant_message" not in inspect(db.engine).get_table_names()
    upgrade()
    send(db.session.get(factories.Contest, contest_id))
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text("DELETE FROM participant_message"))
