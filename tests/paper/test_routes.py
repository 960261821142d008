"""Pages of sheets on paper: what a clerk sees of another, how a sheet is typed in, and what is printed."""

import pytest

from contest.accounts.models import User
from contest.audit.work import Actor
from contest.db import db
from contest.judging import substitution_actions
from contest.paper import queries, rules
from tests import factories
from tests.documents.paper_text import pages_of
from tests.judging.panels import DRILL, RISK, make_panel, mark

FORM = {"mark-A1": "8.5", "mark-A2-0": "1"}


@pytest.fixture
def panel(app):
    return make_panel()


@pytest.fixture
def clerk(panel, as_role):
    return as_role("clerk", panel.contest, factories.make_user("甲统分"))


def text_of_pdf(data):
    """All that is printed, without spaces."""
    return "".join(pages_of(data))


def address(panel, sheet=None, rest=""):
    number = rules.number_of((sheet or panel.sheet()).id)
    return f"/contests/{panel.contest.id}/paper/sheets/{number}{rest}"


def listing(panel):
    return f"/contests/{panel.contest.id}/paper"


def test_the_second_clerks_page_is_the_same_whatever_the_first_typed(panel, clerk, as_role):
    """Figure 22: not a byte tells of the first entry, nor does the answer tell whether they agree."""
    second = as_role("clerk", panel.contest, factories.make_user("乙统分"))
    pages, answers = [], []
    for entrant, first in enumerate((FORM, FORM | {"mark-A1": "2"}, {**FORM, "mark-A2-0": "?"})):
        sheet = panel.sheet(entrant)
        empty = second.get(address(panel, sheet)).text
        clerk.post(address(panel, sheet), data=first)
        page = second.get(address(panel, sheet)).text
        assert page == empty
        answer = second.post(address(panel, sheet), data=FORM)
        pages.append(page.replace(rules.number_of(sheet.id), "N").replace(str(701 + entrant), "C"))
        second.get(listing(panel))  # takes the message along
        answers.append((answer.status_code, answer.location, answer.text))
    assert len(set(pages)) == 1
    assert len(set(answers)) == 1


def test_a_number_leads_to_its_sheet_and_a_wrong_one_is_told_beside_its_field(panel, clerk):
    number = rules.number_of(panel.sheet().id)
    found = clerk.get(listing(panel), query_string={"number": number.lower()})
    assert found.location.endswith(f"/paper/sheets/{number}")
    wrong = clerk.get(listing(panel), query_string={"number": "123-T"})
    assert wrong.status_code == 422
    assert "letter does not belong" in wrong.text and 'value="123-T"' in wrong.text


def test_what_was_typed_comes_back_with_the_refusal(panel, clerk):
    answer = clerk.post(address(panel), data={"mark-A1": "16,10", "mark-A2-0": "1"})
    assert answer.status_code == 422
    assert 'value="16,10"' in answer.text and "is not a mark" in answer.text
    assert queries.latest_paper(panel.sheet().id) is None


def test_numbers_that_are_taken_in_wait_in_the_list(panel, clerk):
    numbers = "\n".join(rules.number_of(panel.sheet(at).id) for at in range(3))
    clerk.post(listing(panel), data={"numbers": numbers})
    assert {key: len(found) for key, found in queries.unsettled(panel.contest.id).items()} == {"first": 3}
    assert clerk.get(listing(panel)).text.count("Waits for the first clerk") == 3
    wrong = clerk.post(listing(panel), data={"numbers": "1-A"})
    assert wrong.status_code == 422 and "1-A" in wrong.text


def test_a_third_person_sees_both_and_decides(panel, clerk, as_role):
    second = as_role("clerk", panel.contest, factories.make_user("乙统分"))
    chief = as_role("chief_judge", panel.contest, factories.make_user("裁判长"))
    clerk.post(address(panel), data=FORM)
    second.post(address(panel), data=FORM | {"mark-A1": "3.5"})
    paper = queries.latest_paper(panel.sheet().id)
    door = f"{listing(panel)}/{paper.id}/settle"
    for one in (clerk, second):
        assert one.get(door).status_code == 403
    page = chief.get(door).text
    assert "甲统分" in page and "3.5" in page and "8.5" in page and "隐名" not in page

    refused = chief.post(door, data={"rev": "0", "took-A1": "second", "reason-A1": ""})
    assert refused.status_code == 422 and "Write why" in refused.text
    done = chief.post(door, data={"rev": "0", "took-A1": "typed", "mark-A1": "4", "reason-A1": "看纸"})
    assert done.status_code == 303
    assert panel.sheet().marks["A1"] == "4"


def test_a_blind_sheet_is_printed_with_its_code_and_no_name(panel, as_role):
    organiser = as_role("organiser", panel.contest)
    door = f"{listing(panel)}/print/sheets/{rules.number_of(panel.sheet().id)}.pdf"
    text = text_of_pdf(organiser.get(door).data)
    assert "701" in text and rules.number_of(panel.sheet().id) in text
    assert "隐名" not in text and panel.entrants[0].number not in text
    assert panel.judges[0].name.replace(" ", "") in text and "instepsof0.5" in text


def test_a_copy_holds_the_marks_and_an_empty_one_none(panel, as_role):
    mark(panel, DRILL, module="drill")
    organiser = as_role("organiser", panel.contest)
    door = f"{listing(panel)}/print/modules/drill.pdf"
    empty, copy = organiser.get(door), organiser.get(door, query_string={"copy": "1"})
    assert empty.mimetype == "application/pdf"
    assert "18.5" not in text_of_pdf(empty.data)
    assert "18.5" in text_of_pdf(copy.data) and "revision1" in text_of_pdf(copy.data)
    one = organiser.get(f"{listing(panel)}/print/modules/risk.pdf",
                        query_string={"judge": panel.judges[1].id})
    assert panel.judges[0].name.replace(" ", "") not in text_of_pdf(one.data)
    assert organiser.get(f"{door}?part=2").status_code == 404


def test_a_sheet_that_another_judge_took_over_says_so_on_paper_and_on_its_copy(panel, as_role):
    reserve = factories.make_judge(panel.contest)
    kept = panel.sheet(1).id
    mark(panel, RISK, entrant=1)
    chief = Actor(None, "chief")
    substitution_actions.substitute(chief, panel.contest.id, panel.judges[0].id, reserve.id, "突发疾病")
    mark(panel, RISK, entrant=0)
    organiser = as_role("organiser", panel.contest)

    def printed(sheet_id, copy):
        door = f"{listing(panel)}/print/sheets/{rules.number_of(sheet_id)}.pdf"
        return text_of_pdf(organiser.get(door, query_string={"copy": "1"} if copy else {}).data)

    for copy in (False, True):
        text = printed(panel.sheet().id, copy)
        assert "standsinforanotheroneonthissheet:突发疾病" in text, copy
        assert "突发疾病" not in printed(kept, copy), copy  # the first judge's own
    pile = organiser.get(f"{listing(panel)}/print/modules/risk.pdf", query_string={"judge": reserve.id})
    assert text_of_pdf(pile.data).count("突发疾病") == 2


def test_judges_do_not_type_in_even_when_they_are_clerks_too(panel, as_role):
    user = db.session.get(User, panel.judges[0].user_id)
    both = as_role("clerk", panel.contest, user)
    assert both.get(address(panel)).status_code == 403
    assert both.post(address(panel), data=FORM).status_code == 403
