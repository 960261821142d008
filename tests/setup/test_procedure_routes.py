"""The road to the results as a page."""

import pytest

from contest import clock
from contest.db import db
from contest.setup import procedure_forms, queries
from contest.setup.procedure_rules import FORMAL, SHORT, stored_form
from contest.setup.proposal_queries import find_open
from tests import factories

FORM = {key: str(value) for key, value in stored_form(FORMAL).items()}


@pytest.fixture
def contest(app):
    return factories.make_contest(state="setup")


def test_an_organiser_chooses_it_before_the_first_mark(as_role, contest):
    organiser, address = as_role("organiser", contest), f"/contests/{contest.id}/procedure"

    wrong = organiser.post(address, data=FORM | {"spot_percent": "101"})
    assert wrong.status_code == 422 and "from 15 to 100" in wrong.text and 'value="101"' in wrong.text
    assert queries.procedure_of(contest) == SHORT

    assert organiser.post(address, data=FORM).status_code == 303
    assert queries.procedure_of(contest) == FORMAL
    assert "Decoded" in organiser.get(address).text


@pytest.mark.parametrize(("name", "more", "status"), [
    ("formal", {"top_percent": "0"}, 422),
    ("formal", {"top_percent": "0", "top_count": "3"}, 303),
    ("formal", {"spot_percent": "14"}, 422),
    ("formal", {"error_percent": "6"}, 422),
    ("formal", {"spot_percent": "15", "top_percent": "30", "error_percent": "5"}, 303),
    ("own", {"top_percent": "0", "spot_percent": "0", "error_percent": "100"}, 303),
])
def test_the_formal_procedure_has_a_floor(as_role, contest, name, more, status):
    organiser, address = as_role("organiser", contest), f"/contests/{contest.id}/procedure"

    answer = organiser.post(address, data=FORM | {"name": name} | more)
    assert answer.status_code == status
    assert queries.procedure_of(contest).name == (name if status == 303 else "short")


def test_afterwards_two_people_change_it_and_a_wrong_word_loses_nothing(as_role, contest):
    queries.get_version(contest.id, 1).frozen_at = clock.now()
    db.session.commit()
    first, second = as_role("organiser", contest), as_role("chief_judge", contest)
    address = f"/contests/{contest.id}/procedure"
    form = FORM | {"reason": "the ministry asks", "word": "wrong"}

    wrong = first.post(address, data=form)
    assert wrong.status_code == 422 and "not your password or PIN" in wrong.text
    assert "the ministry asks" in wrong.text and 'value="wrong"' not in wrong.text
    assert first.post(address, data=form | {"word": factories.WORD}).status_code == 303
    proposal = find_open(contest.id, "procedure").id
    page = second.get(f"/contests/{contest.id}/proposals").text
    assert "the ministry asks" in page and f"/procedure/{proposal}" in page
    assert "Four eyes: reopening a sheet" in page and "four_eyes" not in page
    assert f"/procedure/{proposal}" not in first.get(f"/contests/{contest.id}/proposals").text
    mine = first.post(f"{address}/{proposal}", data={"word": factories.WORD})
    assert (mine.status_code, queries.procedure_of(contest)) == (403, SHORT)
    assert second.post(f"{address}/{proposal}", data={"word": factories.WORD}).status_code == 303
    assert queries.procedure_of(contest) == FORMAL


@pytest.mark.parametrize(("name", "more", "is_asked"), [
    ("formal", {}, True), ("own", {"notice": "1"}, True), ("own", {}, False),
])
def test_names_in_full_go_on_notice_on_a_ground_alone(as_role, contest, name, more, is_asked):
    organiser, address = as_role("organiser", contest), f"/contests/{contest.id}/procedure"
    form = {key: text for key, text in FORM.items() if key != "notice"}
    form |= {"name": name, "names": "full"} | more

    for ground in ("", "  ", "x" * 201):
        answer = organiser.post(address, data=form | {"names_ground": ground})
        assert answer.status_code == (422 if is_asked else 303)
        assert ("write down on what ground" in answer.text) is is_asked
        if not is_asked:
            return
    assert queries.procedure_of(contest) == SHORT
    page = organiser.post(address, data=form | {"names_ground": "y" * 201}).text
    assert "y" * 201 in page  # nothing typed is lost
    assert organiser.post(address, data=form | {"names_ground": " 报名表第四条 "}).status_code == 303
    assert queries.procedure_of(contest).names_ground == "报名表第四条"
    assert "Everybody reads and copies the whole name" in organiser.get(address).text
    trail = organiser.get(f"/contests/{contest.id}/trail").text
    assert "报名表第四条" in trail and "Ground for names in full" in trail


def test_a_masked_name_needs_no_ground_and_keeps_none(as_role, contest):
    organiser, address = as_role("organiser", contest), f"/contests/{contest.id}/procedure"
    assert organiser.post(address, data=FORM | {"names": "one", "names_ground": "x"}).status_code == 303
    assert queries.procedure_of(contest) == FORMAL and FORMAL.names == "one"


def test_every_figure_of_a_procedure_has_its_field():
    typed = {"name", "names", "names_ground", "factor_ground"}
    known = typed | {*procedure_forms.FIGURES, *procedure_forms.SWITCHES}
    assert known == set(stored_form(SHORT)) | {"decoding"}
