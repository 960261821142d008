"""S6: a letter goes straight to the chair, is answered and followed up; recurring ones become a survey."""

import pytest
from sqlalchemy import delete, select

from contest.accounts.models import Grant, User
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Invalid, NotAllowed
from contest.member_services import (
    case_actions,
    case_queries,
    catalogue_queries,
    duty_queries,
    load_queries,
    look_actions,
    office_actions,
)
from contest.member_services.models import CaseFile
from contest.people.personal_models import PersonalAccess
from contest.people.sealing import pseudonym
from tests import factories
from tests.member_services.walking import act, apply, feedback, officer, person


def test_a_letter_reaches_the_chair_alone_and_satisfaction_is_asked(app):
    chair = officer("主席", "chair")
    case = apply("letterbox", topic="safety", words="车间通风不好")

    assert case.assignee_id == chair.user_id
    act(chair, case, "accept", words="已批转安全部")
    act(chair, case, "step", words="下周装排风扇")
    act(chair, case, "step", words="电话回访")
    feedback(case, 2, text="还没装")
    assert case.state == "feedback"
    assert case.due_at is not None  # the office asks again within three working days
    act(chair, case, "close", words="已装好，来信人满意")
    assert case.state == "closed"
    kinds = [one.kind for one in case_queries.history(case, for_office=False)]
    assert kinds == ["applied", "accepted", "step", "step", "done", "feedback", "closed"]


def test_three_letters_about_one_topic_suggest_a_survey(app):
    officer("主席", "chair")
    for number in range(3):
        assert load_queries.recurring() == []
        apply("letterbox", topic="pay", words=f"年终奖何时发 {number}")
    [found] = load_queries.recurring()
    assert (found.service.key, found.option.name, found.count) == ("letterbox", "工资与社保", 3)


@pytest.fixture
def letter(app):
    """A letter, with the chair who keeps it: (case, the chair's Actor)."""
    chair = officer("主席", "chair")
    return apply("letterbox", person(), topic="pay", words="年终奖何时发"), chair


@pytest.mark.parametrize("role", ["service_officer", "organiser"])
def test_nobody_of_the_desk_reads_or_moves_a_letter(app, letter, role):
    case, _ = letter
    other, human = officer("段专员", role=role), person("王五")

    for what in ("accept", "return", "refuse"):
        with pytest.raises(NotAllowed, match="Only who is named"):
            act(other, case, what, words="不予受理")
    for deed in (
        lambda: case_actions.add_note(other, case.id, "转发", True),
        lambda: case_actions.assign_case(other, case.id, case.revision, other.user_id),
        lambda: case_actions.link_person(other, case.id, case.revision, human.id),
    ):
        with pytest.raises(NotAllowed):
            deed()
    db.session.refresh(case)
    assert (case.state, len(case_queries.history(case, for_office=True))) == ("applied", 1)


def test_its_page_and_its_files_are_closed_and_the_desk_does_not_list_it(app, letter, as_role):
    case, chair = letter
    db.session.add(CaseFile(
        case_id=case.id, number=1, name="a.pdf", ending="pdf", size=3, sha256="0" * 64, content=b"abc",
        at=case.at,
    ))
    db.session.commit()
    at = f"/service-desk/cases/{case.id}"
    reader = factories.browser_of(app, db.session.get(User, chair.user_id))
    for role in ("service_officer", "organiser"):
        browser = as_role(role)
        assert [browser.get(one).status_code for one in (at, f"{at}/files/1")] == [403, 403]
        refused = browser.post(at, data={"rev": case.revision, "act": "refuse", "words": "不办"})
        assert refused.status_code == 403
        assert case.receipt[:4] not in browser.get("/service-desk").text
    assert "年终奖何时发" in reader.get(at).text
    assert reader.get(f"{at}/files/1").data == b"abc"
    assert case.receipt[:4] in reader.get("/service-desk").text


def test_an_officer_who_typed_a_letter_in_sees_its_receipt(app, as_role):
    officer("主席", "chair")
    answer = as_role("service_officer").post("/services/letterbox", data={
        "name": "李四", "phone": "13800138000", "topic": "pay", "words": "年终奖", "channel": "station",
    })
    assert answer.status_code == 303
    assert "/applications/" in answer.location


def test_only_an_organiser_names_who_reads_letters(app, letter, as_role):
    _, chair = letter
    desk, user = officer("段专员"), factories.make_user("另一位")
    factories.make_grant(user, "service_officer")

    with pytest.raises(NotAllowed, match="organiser"):
        office_actions.name_for_duty(desk, "chair", desk.user_id)
    text = catalogue_queries.toml_of("letterbox", catalogue_queries.document_of("letterbox"))
    with pytest.raises(NotAllowed, match="organiser"):
        office_actions.enter_version(desk, text.replace('who = "chair"', 'who = "service_officer"'))
    page = as_role("service_officer").get("/service-desk/settings").text
    assert '<option value="chair"' not in page
    assert '<option value="chair"' in as_role("organiser").get("/service-desk/settings").text
    office_actions.name_for_duty(officer("组委会", role="organiser"), "chair", user.id)


def test_a_letter_is_given_only_to_somebody_who_may_read_it(app, letter):
    case, chair = letter
    desk, other = officer("段专员"), officer("副主席", "chair")
    with pytest.raises(Invalid):
        case_actions.assign_case(chair, case.id, case.revision, desk.user_id)
    case_actions.assign_case(chair, case.id, case.revision, other.user_id)
    assert case.assignee_id == other.user_id


def test_a_letter_that_nobody_may_read_is_told_at_the_desk_without_its_words(app, as_role):
    case = apply("letterbox", topic="pay", words="年终奖何时发")
    page = as_role("service_officer").get("/service-desk").text
    assert "Letters that nobody may read yet: 1" in page
    assert case.receipt[:4] not in page


def test_who_reads_the_log_or_the_trail_finds_neither_the_receipt_nor_the_reason_there(app, letter):
    case, chair = letter
    for _ in range(2):
        look_actions.note_look(chair, case)
    act(chair, case, "return", words="请写明车间")
    act(chair, case, "refuse", words="家事不在此列")

    [look] = db.session.scalars(select(PersonalAccess)).all()
    assert look.reason == f"case {case.id}"
    deeds = select(TrailRow).where(TrailRow.did.in_(["service.look", "service.move"]))
    assert [row.subject for row in db.session.scalars(deeds)] == [f"case {case.id}"] * 3
    for row in db.session.scalars(select(TrailRow)):
        told = f"{row.subject} {row.facts}"
        assert not [one for one in (case.receipt, "请写明车间", "家事不在此列") if one in told], row.did


def test_who_left_the_desk_keeps_no_letters(app, letter):
    case, chair = letter
    other = officer("副主席", "chair")
    db.session.execute(delete(Grant).where(Grant.user_id == chair.user_id))
    db.session.commit()

    assert list(duty_queries.holders("chair")) == [other.user_id]
    with pytest.raises(NotAllowed):
        act(chair, case, "accept")
    act(other, case, "accept")
    assert case.assignee_id == other.user_id


def test_the_trail_names_nobody_for_ever_whose_case_it_is(app, letter):
    case, chair = letter
    human = person("王五")

    case_actions.link_person(chair, case.id, case.revision, human.id)

    row = db.session.query(TrailRow).filter_by(did="service.link").one()
    assert row.facts["person"] == pseudonym(human.id) and "王五" not in str(row.facts)
