"""Parting two rows that were made one by mistake: each has what is its own, whatever came in between."""

from datetime import date, timedelta

import pytest

from contest import clock
from contest.db import db
from contest.people.models import Human
from contest.registry import honour_actions, listing, person_actions
from contest.registry.life_models import CraftsmanWork, Studio
from contest.registry.models import Craftsman, Honour
from contest.registry.person_models import ContactRequest, CraftsmanPicture
from tests import factories
from tests.member_services.walking import one_behind_the_other
from tests.registry.climbing import curators, winner
from tests.registry.test_persons import BOTH, same


def grant(actor, person, name="五一奖章"):
    """An honour by hand, on the list."""
    honour = honour_actions.grant_honour(actor, {
        "holder": f"person-{person.id}", "name": name, "authority": "省总工会", "document_number": "9号",
        "granted_on": "2026-11-01",
    })
    return honour_actions.list_honour(actor, honour.id, True)


def merged(actor, keep, gone):
    same(keep, gone)
    return person_actions.merge_people(actor, keep.id, gone.id, "同一身份证")


def test_who_was_listed_by_the_merge_alone_is_on_the_list_no_more(app, client):
    one, _ = curators()
    _, gone = winner(one, "province")
    keep = factories.make_person("林工")
    mine = listing.keep_person(keep, "焊工")
    db.session.commit()
    merge = merged(one, keep, gone)
    assert client.get(f"/register/{mine.token}").status_code == 200

    person_actions.split_people(one, merge.id, "另有其人")

    assert client.get(f"/register/{mine.token}").status_code == 404


def test_who_got_something_since_stays_on_the_list(app, client):
    one, _ = curators()
    _, gone = winner(one, "province")
    keep = factories.make_person("林工")
    mine = listing.keep_person(keep, "焊工")
    db.session.commit()
    merge = merged(one, keep, gone)
    grant(one, keep)

    person_actions.split_people(one, merge.id, "另有其人")

    assert "五一奖章" in client.get(f"/register/{mine.token}").text


@BOTH
def test_what_came_later_stays_where_the_row_of_the_register_goes_back(app):
    one, _ = curators()
    won, gone = winner(one, "province")
    keep = factories.make_person("林工")
    merge = merged(one, keep, gone)
    later = grant(one, keep)
    db.session.add(CraftsmanWork(
        craftsman_id=later.craftsman_id, kind="work", title="夹具", number="", on=date(2026, 11, 2),
        by_id=one.user_id, at=clock.now(),
    ))
    db.session.commit()

    person_actions.split_people(one, merge.id, "另有其人")

    db.session.expire_all()
    assert db.session.get(Honour, won.id).craftsman.human_id == gone.id
    stays = db.session.get(Honour, later.id).craftsman
    assert stays.human_id == keep.id and stays.listed_at is not None
    assert db.session.query(CraftsmanWork).one().craftsman_id == stays.id


def picture_of(craftsman, actor):
    """A picture that was put on the page now."""
    db.session.add(CraftsmanPicture(
        craftsman_id=craftsman.id, content=b"png", ending="png", sha256="0" * 64, consent="当面同意",
        by_id=actor.user_id, at=clock.now(),
    ))
    db.session.commit()


def request_for(craftsman, receipt):
    """An employer asks now."""
    db.session.add(ContactRequest(
        craftsman_id=craftsman.id, receipt=receipt, employer="装备厂", asker="赵经理", contact="0571-1",
        purpose="授课", at=clock.now(),
    ))
    db.session.commit()


def studio_of(craftsman, name):
    db.session.add(Studio(name=name, craftsman_id=craftsman.id, founded_on=date(2026, 1, 1), at=clock.now()))
    db.session.commit()


def a_minute_later():
    clock.stand_still(clock.now() + timedelta(minutes=1))


@BOTH
@pytest.mark.parametrize("has_honour", [True, False])
def test_what_was_asked_shown_and_written_later_stays_where_the_row_goes_back(app, has_honour):
    one, _ = curators()
    won, gone = winner(one, "province")
    row = won.craftsman
    request_for(row, "BEFORE")
    studio_of(row, "林师傅工作室")
    keep = factories.make_person("林工")
    a_minute_later()
    merge = merged(one, keep, gone)
    a_minute_later()
    if has_honour:
        grant(one, keep)
    request_for(row, "AFTER")
    studio_of(row, "林工工作室")
    picture_of(row, one)
    row.words = "二十年守一条窑。"
    db.session.commit()

    person_actions.split_people(one, merge.id, "另有其人")

    db.session.expire_all()
    goes = db.session.get(Craftsman, row.id)
    stays = db.session.query(Craftsman).filter_by(human_id=keep.id).one()
    assert goes.human_id == gone.id
    behind = {each.receipt: each.craftsman_id for each in db.session.query(ContactRequest)}
    assert behind == {"BEFORE": goes.id, "AFTER": stays.id}
    assert {each.name: each.craftsman_id for each in db.session.query(Studio)} == {
        "林师傅工作室": goes.id, "林工工作室": stays.id,
    }
    assert db.session.query(CraftsmanPicture).one().craftsman_id == stays.id
    assert (goes.words, stays.words) == ("", "二十年守一条窑。")
    assert (goes.listed_at is not None, stays.listed_at is not None) == (True, has_honour)


@BOTH
def test_what_came_with_the_row_goes_back_with_it(app):
    one, _ = curators()
    won, gone = winner(one, "province")
    row = won.craftsman
    row.words = "守窑人。"
    picture_of(row, one)
    keep = factories.make_person("林工")
    a_minute_later()
    merge = merged(one, keep, gone)
    a_minute_later()

    person_actions.split_people(one, merge.id, "另有其人")

    db.session.expire_all()
    assert db.session.query(Craftsman).one().human_id == gone.id
    assert db.session.query(Craftsman).one().words == "守窑人。"
    assert db.session.query(CraftsmanPicture).one().craftsman_id == row.id


@BOTH
def test_a_picture_of_the_row_that_goes_is_shown_and_goes_back(app):
    one, _ = curators()
    won, gone = winner(one, "province")
    keep = factories.make_person("林工")
    grant(one, keep)
    mine, other = db.session.query(Craftsman).filter_by(human_id=keep.id).one(), won.craftsman
    picture_of(other, one)
    a_minute_later()
    merge = merged(one, keep, gone)
    assert db.session.query(CraftsmanPicture).one().craftsman_id == mine.id
    a_minute_later()

    person_actions.split_people(one, merge.id, "另有其人")

    db.session.expire_all()
    assert db.session.query(CraftsmanPicture).one().craftsman_id == other.id


def test_what_an_entry_won_since_goes_back_with_the_entry(app):
    one, _ = curators()
    grant(one, factories.make_person("林工"))
    keep = db.session.query(Craftsman).one().human
    contest = factories.make_contest(state="final")
    award = factories.make_award(contest, factories.make_entrant(contest, "林工"))
    gone = award.entrant.human
    merge = merged(one, keep, gone)
    won = listing.add_honour(
        "registry.confirm", one.user_id, listing.holder_of_award(award), award_id=award.id,
        contest_id=contest.id, name=award.name, granted_on=date(2026, 11, 3), evidence={},
    )
    db.session.commit()

    person_actions.split_people(one, merge.id, "另有其人")

    db.session.expire_all()
    craftsman = db.session.get(Honour, won.id).craftsman
    assert craftsman.human_id == gone.id and craftsman.listed_at is not None


def test_a_row_without_honours_takes_none_away(app):
    one, _ = curators()
    keep, gone = (factories.make_person("林工") for _ in range(2))
    held = grant(one, keep)
    merge = merged(one, keep, gone)

    person_actions.split_people(one, merge.id, "另有其人")

    assert held.craftsman.human_id == keep.id


@pytest.mark.parametrize("app", ["postgres"], indirect=True)
def test_two_who_make_them_one_at_once_make_no_circle(app):
    one, two = curators()
    unit = factories.make_organisation()
    this, that = (factories.make_person("林工", unit).id for _ in range(2))

    found = one_behind_the_other(
        app, lambda: person_actions.merge_people(one, this, that, "同一人").id,
        lambda: person_actions.merge_people(two, that, this, "同一人").id,
    )

    db.session.expire_all()
    assert str(found[1]) == "There is no such person."
    assert [db.session.get(Human, each).merged_into_id for each in (this, that)] == [None, this]


@pytest.mark.parametrize("app", ["postgres"], indirect=True)
def test_two_who_part_them_at_once_part_them_once(app):
    one, two = curators()
    keep, gone = (factories.make_person("林工") for _ in range(2))
    merge_id = merged(one, keep, gone).id

    found = one_behind_the_other(
        app, lambda: person_actions.split_people(one, merge_id, "两人").id,
        lambda: person_actions.split_people(two, merge_id, "两人").id,
    )

    assert found[0] == merge_id and str(found[1]) == "These two have been parted already."
