"""The office adds files to a case, and sends it back from whatever step examines it."""

import io

import pytest
from sqlalchemy import select

from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.member_services import (
    apply_actions,
    case_queries,
    catalogue_queries,
    catalogue_rules,
    item_queries,
    office_actions,
    office_file_actions,
)
from contest.member_services.models import Case
from tests.member_services.test_s02_hardship import FAMILY
from tests.member_services.walking import GUEST, PDF, WHO, act, apply, form, local, officer, person


def files(case):
    return [(one.number, one.field_key, one.name) for one in case_queries.files_of(case.id)]


def test_an_officer_adds_a_file_that_the_office_alone_sees(app, as_role):
    case = apply("hardship", person("李四"), files=[("proof", "证明.pdf", PDF)], **FAMILY)
    browser = as_role("service_officer")
    address = f"/service-desk/cases/{case.id}/files"

    answer = browser.post(address, data={
        "paper": (io.BytesIO(PDF), "入户走访记录.pdf"), "about_files": "走访记录",
    }, content_type="multipart/form-data")

    assert answer.status_code == 303
    assert files(case) == [(1, "proof", "证明.pdf"), (2, "", "入户走访记录.pdf")]
    page = browser.get(f"/service-desk/cases/{case.id}").text
    assert "入户走访记录.pdf" in page and "of the office" in page and "走访记录" in page
    assert browser.get(f"{address}/2").data == PDF
    guest = app.test_client()
    assert "走访记录" not in guest.get(f"/applications/{case.receipt}").text
    assert guest.post(address, data={}).status_code == 303  # to sign in
    row = db.session.scalars(select(TrailRow).filter_by(did="service.file")).one()
    assert row.facts["files"] == [case_queries.files_of(case.id)[1].sha256]


@pytest.mark.parametrize(("content", "name", "sentence"), [
    (b"MZ\x90", "记录.exe", "is not taken"), (b"<html>", "记录.pdf", "is not what its name says"),
    (b"", "记录.pdf", "is empty"), (b"%PDF-" + b"x" * (5 * 1024 * 1024) + b"%%EOF", "记录.pdf", "too large"),
])
def test_what_is_no_paper_is_refused_with_what_was_typed(app, as_role, content, name, sentence):
    case = apply("hardship", person("李四"), **FAMILY)
    answer = as_role("service_officer").post(f"/service-desk/cases/{case.id}/files", data={
        "paper": (io.BytesIO(content), name), "about_files": "走访记录",
    }, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert sentence in answer.text and 'value="走访记录"' in answer.text
    assert files(case) == []


def test_nothing_chosen_and_too_many_are_said_and_the_applicants_own_do_not_count(app):
    desk = officer()
    mine = [("proof", f"{n}.pdf", PDF) for n in range(6)]
    case = apply("hardship", person("李四"), files=mine, **FAMILY)
    with pytest.raises(Invalid, match="Choose a file"):
        office_file_actions.add_files(desk, case.id, [])
    for _ in range(2):
        office_file_actions.add_files(desk, case.id, [(f"{n}.pdf", PDF) for n in range(6)])
    with pytest.raises(Invalid, match="At most 6 files"):
        office_file_actions.add_files(desk, case.id, [("13.pdf", PDF)])
    assert len(files(case)) == 18
    act(desk, case, "return", words="请补充收入证明")
    apply_actions.complete_case(GUEST, case.receipt, form(**WHO, **FAMILY), mine)  # 12 of the applicant's
    assert len(files(case)) == 24


def test_nothing_is_added_to_a_case_that_is_closed(app):
    desk = officer()
    case = apply("hardship", person("李四"), **FAMILY)
    act(desk, case, "refuse", words="材料不实")
    with pytest.raises(Conflict, match="closed"):
        office_file_actions.add_files(desk, case.id, [("1.pdf", PDF)])


def test_a_file_of_the_office_is_none_of_those_that_the_form_asks_for(app):
    desk = officer()
    case = apply("hardship", person("李四"), **FAMILY)
    document = dict(catalogue_queries.document_of("hardship"))
    document["fields"] = [
        {key: value for key, value in one.items() if key != "optional" or one["key"] != "proof"}
        for one in document["fields"]
    ]
    office_actions.enter_version(officer("组委会", role="organiser"), catalogue_rules.write_toml(document))
    case.version_id = apply_actions.keep_version("hardship").id  # as if proof had been asked for
    db.session.commit()
    office_file_actions.add_files(desk, case.id, [("走访.pdf", PDF)])
    act(desk, case, "return", words="请补充证明")
    with pytest.raises(Invalid) as refused:
        apply_actions.complete_case(GUEST, case.receipt, form(**WHO, **FAMILY))
    assert set(refused.value.fields) == {"proof"}


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_a_case_is_returned_from_each_step_that_examines_it_and_comes_back_to_it(app, steps):
    desk = officer()
    case = apply("hardship", person("李四"), **FAMILY)
    act(desk, case, "accept")
    for _ in range(steps):
        act(desk, case, "step")
    key, due = case.step_key, case.due_at
    with pytest.raises(Invalid, match="what is missing"):
        act(desk, case, "return")

    act(desk, case, "return", words="请补充房产证明")

    assert (case.state, case.step_key, case.due_at, case.answer) == ("returned", "", None, "请补充房产证明")
    moves = select(TrailRow).filter_by(did="service.move").order_by(TrailRow.id.desc())
    facts = db.session.scalars(moves).first().facts
    assert (facts["was"], facts["now"], facts["reason"]) == ("accepted", "returned", "请补充房产证明")
    apply_actions.complete_case(GUEST, case.receipt, form(**WHO, **{**FAMILY, "spending": "2100"}))
    assert (case.state, case.step_key, local(case.due_at)) == ("accepted", key, local(due))
    assert case.answers["spending"] == 210_000
    last = case_queries.history(case, for_office=False)[-1]
    assert (last.kind, last.was, last.now) == ("completed", "returned", "accepted")


def test_a_case_that_comes_back_is_not_put_on_the_list_twice(app):
    desk = officer()
    case = apply("council", words="食堂夜班没有热饭", **{"class": "canteen"})
    act(desk, case, "accept")
    act(desk, case, "return", words="哪个食堂？")
    apply_actions.complete_case(GUEST, case.receipt, form(
        **WHO, words="二号食堂夜班没有热饭", **{"class": "canteen"},
    ))
    assert case.state == "accepted"
    [item] = item_queries.lines_of_case(case.id)
    assert item.text == "二号食堂夜班没有热饭"
    assert [(one.kind, one.words) for one in item_queries.history_of(item.id)] == [
        ("added", ""), ("corrected", ""),
    ]


def test_a_line_that_the_office_has_worded_or_answered_stays_as_it_is(app):
    desk = officer("郑秘书", "council_secretary")
    worded, answered = (apply("council", words=words, **{"class": "canteen"}) for words in ("饭凉", "汤凉"))
    for case in (worded, answered):
        act(desk, case, "accept")
    [item], [other] = (item_queries.lines_of_case(one.id) for one in (worded, answered))
    item.text = "夜班供餐"
    db.session.commit()
    act(desk, answered, "step", words="加窗口")
    act(desk, answered, "step", words="已落实")
    act(desk, worded, "return", words="哪个食堂？")
    apply_actions.complete_case(GUEST, worded.receipt, form(
        **WHO, words="二号食堂饭凉", **{"class": "canteen"},
    ))
    assert (item.text, other.text, other.state) == ("夜班供餐", "汤凉", "done")


def test_what_is_decided_is_not_returned(app):
    desk = officer()
    case = apply("micro_wish", team="team_1", cost="1", words="书包")
    case.state = "decided"
    db.session.commit()
    with pytest.raises(Conflict, match="does not follow"):
        act(desk, case, "return", words="请补充")
    assert db.session.scalars(select(Case.state)).one() == "decided"
