"""Of two who act on one honour, person or request at once the second meets what the first did."""

import pytest

from contest.awards import certificate_actions
from contest.awards.certificate_models import Certificate
from contest.db import db
from contest.errors import Conflict
from contest.people.models import Organisation
from contest.people.person_queries import former_names
from contest.registry import (
    actions,
    contact_actions,
    honour_actions,
    level_actions,
    level_queries,
    person_actions,
)
from contest.registry.level_models import LevelEvent
from contest.registry.models import Craftsman, Honour
from contest.registry.person_models import ContactRequest
from tests import factories
from tests.awards.certified import DAY, PETRA, issued_contest
from tests.member_services.walking import one_behind_the_other
from tests.registry.climbing import curators, take_up, winner

pytestmark = pytest.mark.parametrize("app", ["postgres"], indirect=True)


def test_a_revoked_honour_is_not_listed_behind_its_revocation(app):
    one, two = curators()
    honour_id = factories.make_honour(state="granted").id

    _, refused = one_behind_the_other(
        app, lambda: actions.revoke_honour(one, honour_id, "作弊"),
        lambda: honour_actions.list_honour(two, honour_id, True),
    )

    assert isinstance(refused, Conflict)
    assert db.session.get(Honour, honour_id).state == "revoked"


def test_two_honours_revoked_at_once_leave_no_level(app):
    one, two = curators()
    first = factories.make_honour(level="技术能手", state="listed")
    second = factories.make_honour(level="技术能手", state="listed")
    craftsman_id = second.craftsman_id = first.craftsman_id
    first.craftsman.level = "技术能手"
    db.session.commit()
    ids = first.id, second.id

    one_behind_the_other(
        app, *[lambda each=each: actions.revoke_honour(one, each, "作弊").id for each in ids]
    )

    assert db.session.get(Craftsman, craftsman_id).level == ""


def test_one_honour_by_one_document_is_granted_once(app):
    one, two = curators()
    human = factories.make_honour().craftsman.human
    form = {"holder": f"person-{human.id}", "name": "五一奖章", "authority": "省总",
            "document_number": "9",
            "granted_on": "2026-11-01"}

    first, second = one_behind_the_other(
        app, *[lambda each=each: honour_actions.grant_honour(each, form).id for each in (one, two)]
    )

    assert isinstance(first, int) and isinstance(second, Conflict)
    assert db.session.query(Honour).filter_by(name="五一奖章").count() == 1


def test_the_persons_no_is_not_overwritten_by_the_officers_yes(app):
    one, two = curators()
    token = factories.make_honour().craftsman.token
    asked = contact_actions.ask_contact(token, {
        "employer": "某厂", "asker": "某人", "contact": "010-1", "purpose": "招聘",
    }).id

    _, refused = one_behind_the_other(
        app, lambda: contact_actions.answer_for(one, asked, False, "", "电话").id,
        lambda: contact_actions.answer_for(two, asked, True, "139 0000", "电话").id,
    )

    assert isinstance(refused, Conflict)
    assert db.session.get(ContactRequest, asked).answer == ""


def test_no_certificate_is_issued_anew_beside_a_revoked_honour(app):
    contest, _, made, signer = issued_contest(app)
    award, old = made[0].award_id, made[0].id
    honour = factories.make_honour(contest, made[0].award).id
    contest_id, [one, _] = contest.id, curators()

    one_behind_the_other(
        app, lambda: certificate_actions.reissue_certificate(PETRA, contest_id, old, signer, DAY).id,
        lambda: actions.revoke_honour(one, honour, "作弊").id,
    )

    states = [one.state for one in db.session.query(Certificate).filter_by(award_id=award)]
    assert states == ["revoked", "revoked"]


def test_a_certificate_is_not_revoked_behind_its_successor(app):
    contest, _, made, signer = issued_contest(app)
    contest_id, old = contest.id, made[0].id

    new, refused = one_behind_the_other(
        app, lambda: certificate_actions.reissue_certificate(PETRA, contest_id, old, signer, DAY).id,
        lambda: certificate_actions.revoke_certificate(PETRA, contest_id, old, "作弊"),
    )

    assert isinstance(new, int) and isinstance(refused, Conflict)
    assert db.session.get(Certificate, old).state == "replaced"


def test_two_who_rename_a_unit_at_once_leave_every_name_in_its_history(app):
    one, two = curators()
    unit = factories.make_organisation("甲厂").id

    one_behind_the_other(app, *[
        lambda actor=actor, name=name: person_actions.rename_organisation(
            actor, unit, name, "", "2026-11-01", "1号"
        ).id for actor, name in ((one, "乙厂"), (two, "丙厂"))
    ])

    assert db.session.get(Organisation, unit).name == "丙厂"
    assert {row.name for row in former_names(unit)} == {"甲厂", "乙厂"}


def test_two_who_second_a_move_at_once_move_once(app):
    one, two = curators()
    three = factories.make_official("顾三", "curator")
    take_up(one)
    _, person = winner(one, "unit", place=3)
    level_actions.confirm_level(one, "three_step", person.id, "backbone")
    [decision] = [each.id for each in level_queries.open_decisions()]

    _, refused = one_behind_the_other(
        app, *[lambda each=each: level_actions.second_level(each, decision).id for each in (two, three)]
    )

    assert isinstance(refused, Conflict) and db.session.query(LevelEvent).count() == 1
