"""A judge's pages without a script, and the door for tablets."""

import json
import re
from uuid import uuid4

import pytest
from sqlalchemy import select

from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.judging import chief_actions
from contest.judging.models import SheetRevision
from tests import factories
from tests.judging.panels import DRILL, RISK, make_panel, mark

TYPED = {"mark-A1": "8.5", "mark-A2-0": "1"}


@pytest.fixture
def panel(app):
    return make_panel()


@pytest.fixture
def browse(app, panel):
    """The browser of the first or second judge."""

    def open_browser(judge=0):
        return factories.browser_of(app, db.session.get(factories.User, user_ids[judge]))

    user_ids = [judge.user_id for judge in panel.judges]
    return open_browser


def form_of(page):
    """The hidden fields of a page's form."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))


def address(panel, rest="", **sheet):
    return f"/judging/sheets/{panel.sheet(**sheet).id}{rest}"


def post(client, panel, rest="", typed=TYPED, **sheet):
    fields = form_of(client.get(address(panel, "", **sheet)))
    return client.post(address(panel, rest, **sheet), data={**fields, **typed})


def test_a_judge_marks_checks_and_hands_in_without_a_script(browse, panel):
    client = browse()
    assert "701" in client.get("/judging").text

    saved = post(client, panel, "/check")
    summary = client.get(saved.location)
    done = client.post(address(panel, "/submit"), data=form_of(summary))
    closed = client.get(done.location)

    assert "16.50" in summary.text
    assert done.status_code == 303
    assert "701 is handed in." in closed.text
    assert address(panel, entrant=1) in closed.text
    assert panel.sheet().state == "submitted"


def test_a_draft_comes_back_as_it_was_saved(browse, panel):
    client = browse()

    answer = post(client, panel)

    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert 'value="8.5"' in page
    assert "sheet.draft" in db.session.scalars(select(TrailRow.did)).all()


@pytest.mark.parametrize("typed", ["NaN", "1,5", "10.5", "0.25", "1e1"])
def test_what_was_typed_stays_with_the_allowed_range(browse, panel, typed):
    answer = post(browse(), panel, typed={"mark-A1": typed})

    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert "between 0 and 10" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert db.session.query(SheetRevision).count() == 0
    assert "sheet.draft" not in db.session.scalars(select(TrailRow.did)).all()


def test_a_refused_page_still_stands_on_its_old_revision(browse, panel):
    client = browse()
    fields = form_of(client.get(address(panel)))
    refused = client.post(address(panel), data={**fields, "mark-A1": "NaN"})
    mark(panel, {"A1": "3"}, "draft")

    again = client.post(address(panel), data={**form_of(refused), "mark-A1": "4"})

    assert refused.status_code == 422
    assert again.status_code == 409
    assert panel.sheet().marks == {"A1": "3"}


def test_full_width_digits_are_understood(browse, panel):
    post(browse(), panel, typed={"mark-A1": "８．５"})

    assert panel.sheet().marks == {"A1": "8.5"}


def test_an_incomplete_sheet_cannot_be_handed_in(browse, panel):
    client = browse()
    saved = post(client, panel, "/check", {"mark-A1": "8.5"})
    summary = client.get(saved.location)

    assert "Not yet marked: 1" in summary.text
    assert 'id="submit-form"' not in summary.text
    forced = client.post(
        address(panel, "/submit"), data={"op_id": str(uuid4()), "base_rev": "1"}
    )
    assert forced.status_code == 422
    assert panel.sheet().state == "draft"


def test_two_tablets_choose_mark_by_mark(browse, panel):
    first, second = browse(), browse()
    old = form_of(second.get(address(panel)))
    post(first, panel, typed={"mark-A1": "3", "mark-A2-none": "1"})

    clash = second.post(address(panel), data={**old, "mark-A1": "9", "mark-A2-none": "1"})

    assert clash.status_code == 409
    assert "two versions" in clash.text
    assert 'name="choose-A1"' in clash.text
    assert 'name="choose-A2"' not in clash.text
    assert panel.sheet().marks["A1"] == "3"

    fields = form_of(clash) | {"mine": json.dumps({"A1": "9", "A2": {}})}
    undecided = second.post(address(panel, "/settle"), data=fields)
    assert undecided.status_code == 422
    assert panel.sheet().rev == 1

    settled = second.post(address(panel, "/settle"), data={**fields, "choose-A1": "mine"})
    assert settled.status_code == 303
    assert panel.sheet().marks == {"A1": "9", "A2": {}}
    assert panel.sheet().rev == 2


def test_a_third_change_during_the_choice_is_seen_again(browse, panel):
    client = browse()
    old = form_of(client.get(address(panel)))
    mark(panel, {"A1": "3"}, "draft")
    clash = client.post(address(panel), data={**old, "mark-A1": "9"})
    mark(panel, {"A1": "4"}, "draft")

    fields = form_of(clash) | {"mine": '{"A1": "9"}', "choose-A1": "mine"}
    again = client.post(address(panel, "/settle"), data=fields)

    assert again.status_code == 409
    assert panel.sheet().marks == {"A1": "4"}


def test_a_sheet_changed_after_its_summary_is_not_handed_in(browse, panel):
    client = browse()
    summary = client.get(post(client, panel, "/check").location)
    mark(panel, {"A1": "1", "A2": {}}, "draft")

    answer = client.post(address(panel, "/submit"), data=form_of(summary))

    assert answer.status_code == 409
    assert panel.sheet().state == "draft"


def test_a_double_tap_hands_in_once(browse, panel):
    client = browse()
    summary = client.get(post(client, panel, "/check").location)
    fields = form_of(summary)

    client.post(address(panel, "/submit"), data=fields)
    again = client.post(address(panel, "/submit"), data=fields)

    assert again.status_code == 303
    assert db.session.query(SheetRevision).count() == 2


def test_a_blind_page_holds_no_name_no_organisation_and_no_number(browse, panel):
    client = browse()
    secrets = []
    for entrant in panel.entrants:
        secrets += [entrant.human.name, entrant.organisation.name, entrant.number]
    pages = [client.get(address(panel)).text, client.get(address(panel, "/summary")).text]
    mark(panel, RISK)
    pages.append(client.get(address(panel)).text)

    for page in pages:
        assert "701" in page
        assert [word for word in secrets if f">{word}<" in page or f" {word} " in page] == []
        assert [word for word in secrets if len(word) > 3 and word in page] == []


def test_a_list_of_only_blind_modules_holds_no_name(browse, panel):
    page = browse(1).get("/judging").text

    assert "隐名" not in page
    assert "水泥公司" not in page
    assert "703" in page


def test_an_open_page_shows_the_name(browse, panel):
    page = browse().get(address(panel, module="drill")).text

    assert "隐名0" in page


def test_every_kind_of_mark_works_without_a_script(browse, panel):
    client = browse()
    typed = {
        "mark-A1": "18.5", "mark-A2-0": "1", "mark-A2-1": "1", "mark-A3-0": "yes",
        "mark-A3-1": "no", "mark-A4": "2", "mark-A5": "350",
    }

    answer = post(client, panel, "/check", typed, module="drill")

    assert panel.sheet(module="drill").marks == DRILL
    assert "70.17" in client.get(answer.location).text


def test_a_value_without_decimals_is_asked_for_as_a_whole_number(browse, panel):
    page = browse().get(address(panel, module="drill")).text

    assert "A whole number between 0 and 1800." in page
    assert "it must be a whole number between 0 and 1800." in page


def test_the_judge_reads_why_a_sheet_was_reopened(browse, panel):
    mark(panel, RISK)
    chief_actions.reopen_sheet(
        Actor(None, "chief"), panel.contest.id, panel.sheet().id, "A1 differs from the paper"
    )

    assert "A1 differs from the paper" in browse().get(address(panel)).text


def test_strangers_guests_and_missing_sheets(client, browse, as_role, panel):
    for rest in ("", "/summary"):
        assert browse(1).get(address(panel, rest)).status_code == 403
        assert as_role("organiser").get(address(panel, rest)).status_code == 403
        assert client.get(address(panel, rest)).status_code == 303
        assert browse().get(f"/judging/sheets/99999{rest}").status_code == 404
    assert browse(1).post(address(panel), data=TYPED).status_code == 403
    assert client.get("/judging").status_code == 303
    assert panel.sheet().rev == 0
