"""The public register: searched by place and year, a picture with consent, contact when the person agrees."""

from datetime import date

import pytest

from contest import clock, signals
from contest.audit.work import Actor, work
from contest.db import db
from contest.errors import Conflict, Invalid, NotAllowed
from contest.people.models import PersonAccount
from contest.registry import contact_actions, contact_queries
from contest.registry.person_models import ContactRequest
from tests import factories
from tests.world_register import PNG

FORM = {"employer": "某机械厂", "asker": "王", "contact": "0571 1234", "purpose": "请来带徒"}


def listed(**values):
    honour = factories.make_honour(**values)
    return honour.craftsman


def curator():
    return factories.make_official("顾馆长", "curator")


def test_an_employer_asks_and_learns_only_what_the_person_lets_be_told(app, client):
    craftsman = listed()
    answer = client.post(f"/register/{craftsman.token}/contact", data=FORM)
    assert answer.status_code == 303
    waiting = client.get(answer.location).text
    asked = db.session.query(ContactRequest).one()
    with pytest.raises(Invalid, match="how and when"):
        contact_actions.answer_for(curator(), asked.id, True, "可致电", "")
    with pytest.raises(Invalid, match="reach"):
        contact_actions.answer_for(curator(), asked.id, True, " ", "11月20日电话")
    contact_actions.answer_for(curator(), asked.id, True, "周三可致电 139 0000", "11月20日电话")

    assert "139 0000" not in waiting
    page = client.get(answer.location).text
    assert "139 0000" in page and "11月20日电话" not in page
    assert "139 0000" not in client.get(f"/register/{craftsman.token}").text
    assert client.get("/register/contact/2222222222222222").status_code == 404
    with pytest.raises(Conflict):
        contact_actions.answer_for(curator(), asked.id, False, "", "又问")


def test_the_person_decides_when_there_is_an_account(app):
    craftsman, other = listed(), listed()
    user, stranger = factories.make_user(), factories.make_user()
    for one, human_id in ((user, craftsman.human_id), (stranger, other.human_id)):
        db.session.add(PersonAccount(user_id=one.id, human_id=human_id, linked_at=clock.now()))
    db.session.commit()
    asked = contact_actions.ask_contact(craftsman.token, FORM)
    mine, theirs = factories.browser_of(app, user), factories.browser_of(app, stranger)

    assert "某机械厂" in mine.get("/register/mine").text
    assert "某机械厂" not in theirs.get("/register/mine").text
    assert theirs.post(f"/register/mine/{asked.id}", data={"agrees": "yes", "answer": "x"}).status_code == 403
    assert mine.post(f"/register/mine/{asked.id}", data={"agrees": "yes", "answer": ""}).status_code == 422
    assert mine.post(f"/register/mine/{asked.id}", data={"agrees": "no"}).status_code == 303
    assert db.session.get(ContactRequest, asked.id).state == "declined"
    with pytest.raises(NotAllowed):
        contact_actions.answer_own(Actor(factories.make_user().id, "谁"), asked.id, False, "")


def test_the_same_request_twice_is_one_and_a_flood_is_stopped(app):
    craftsman = listed()
    first = contact_actions.ask_contact(craftsman.token, FORM)
    assert contact_actions.ask_contact(craftsman.token, FORM).id == first.id
    for number in range(19):
        contact_actions.ask_contact(craftsman.token, {**FORM, "purpose": f"事由{number}"})
    with pytest.raises(Conflict, match="Many"):
        contact_actions.ask_contact(craftsman.token, {**FORM, "purpose": "再来"})


def test_a_form_that_lacks_something_comes_back_with_what_was_typed(client):
    craftsman = listed()

    answer = client.post(f"/register/{craftsman.token}/contact", data={**FORM, "purpose": ""})

    assert answer.status_code == 422
    assert "某机械厂" in answer.text
    assert db.session.query(ContactRequest).count() == 0


def test_a_picture_needs_consent_and_can_be_taken_off(app, client):
    craftsman, keeper = listed(), curator()
    with pytest.raises(Invalid, match="agreed"):
        contact_actions.set_picture(keeper, craftsman.token, [("a.png", PNG)], " ")
    with pytest.raises(Invalid, match="one picture"):
        contact_actions.set_picture(keeper, craftsman.token, [], "书面")
    contact_actions.set_picture(keeper, craftsman.token, [("a.png", PNG)], "书面同意")

    address = f"/register/{craftsman.token}/picture"
    assert client.get(address).data == PNG and client.get(address).mimetype == "image/png"
    assert address in client.get(f"/register/{craftsman.token}").text
    contact_actions.remove_picture(keeper, craftsman.token)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(("query", "found"), [
    ("year=2024", ["甲"]), ("year=2026", ["乙"]), ("place=青州", ["甲"]), ("place=青州&year=2026", []),
    ("year=nonsense", []), ("", ["甲", "乙"]),
])
def test_the_register_is_searched_by_place_and_year(client, query, found):
    for name, place, granted in (("甲", "青州", date(2024, 5, 1)), ("乙", "汝州", date(2026, 5, 1))):
        contest = factories.make_contest(state="final")
        entrant = factories.make_entrant(contest, name=f"{name}工匠")
        honour = factories.make_honour(contest, factories.make_award(contest, entrant), granted_on=granted)
        honour.craftsman.place = place
    db.session.commit()

    page = client.get(f"/register?{query}").text

    assert [name for name in "甲乙" if f"{name}工匠" in page] == found


def test_what_is_kept_is_told_and_erased_for_the_person(app):
    craftsman, keeper = listed(), curator()
    asked = contact_actions.ask_contact(craftsman.token, FORM)
    contact_actions.answer_for(keeper, asked.id, True, "139 0000", "电话")
    contact_actions.set_picture(keeper, craftsman.token, [("a.png", PNG)], "书面同意")
    data = {}
    with work(keeper, "registry.tell", subject="person"):
        signals.person_told.send("registry.tell", human_id=craftsman.human_id, data=data, reader_id=None)
    assert data["contact_requests"][0]["answer"] == "139 0000" and data["has_picture"]

    with work(keeper, "registry.erase", subject="person"):
        signals.person_erased.send("registry.erase", human_id=craftsman.human_id, data={})
    assert db.session.get(ContactRequest, asked.id).answer == "–"
    assert contact_queries.find_picture(craftsman.id) is None
