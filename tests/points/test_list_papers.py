"""The office reads a list of points with full names and takes it as a file: who is rewarded (mission C12)."""

import csv
import io
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from contest.members import erasing
from contest.points import actions
from tests import factories
from tests.members.test_erasing import WHY
from tests.points.test_erasing import human_named
from tests.points.test_points import QUARTER, line, tell

PEOPLE = "/points/office/2026-Q3/people"
HEAD = ["Place", "Name", "Unit", "Points earned", "Rewarded"]


@pytest.fixture
def learners(app):
    """The ledger with one learner more than are rewarded, 学员000 first; the curator."""
    curator = factories.make_official("顾馆长", "curator")
    tell(curator, *(
        line(f"R-{n}", f"学员{n:03}", "苍岭林场", "contest", str(200 - n)) for n in range(101)
    ))
    return curator


@pytest.fixture
def office(as_role):
    return as_role("curator")


def table_of(answer):
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    return rows[0], rows[1:]


def test_the_office_takes_the_list_with_full_names_and_who_is_rewarded(learners, office):
    actions.publish_lists(learners, QUARTER)

    head, rows = table_of(office.get(f"{PEOPLE}/paper.csv"))

    assert head == HEAD
    assert rows[0] == ["1", "学员000", "苍岭林场", "10000", "yes"]
    assert [row[1] for row in rows if row[4] == "no"] == ["学员100"]
    assert len(rows) == 101


def test_each_form_has_the_names(learners, office):
    actions.publish_lists(learners, QUARTER)
    answers = {form: office.get(f"{PEOPLE}/paper.{form}") for form in ("xlsx", "docx", "pdf")}
    assert {one.status_code for one in answers.values()} == {200}
    assert 'filename="points-2026-Q3-people.xlsx"' in answers["xlsx"].headers["Content-Disposition"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(answers["xlsx"].data))
    cells = [cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()
             for cell in row]
    assert "学员007" in cells and "Tallied by" in " ".join(map(str, cells))
    with zipfile.ZipFile(io.BytesIO(answers["docx"].data)) as paper:
        words = paper.read("word/document.xml").decode()
    assert "学员007" in words and "with the fingerprint" in words
    assert answers["pdf"].data.startswith(b"%PDF-")
    assert office.get(f"{PEOPLE}/paper.ods").status_code == 404


def test_the_office_reads_it_on_a_page_that_the_ledgers_page_leads_to(learners, office, client):
    actions.publish_lists(learners, QUARTER)
    desk = office.get("/points/office").text
    assert f'href="{PEOPLE}"' in desk and 'href="/points/office/2026-Q3/organisations"' in desk
    page = office.get(PEOPLE).text
    assert "学员000" in page and "学员099" in page and "学员100" not in page
    assert f'href="{PEOPLE}/paper.xlsx"' in page and f'href="{PEOPLE}?page=2"' in page
    assert "学员100" in office.get(f"{PEOPLE}?page=2").text
    public = client.get("/points?period=2026-Q3").text
    assert "学***0" in public and "学员000" not in public


def test_before_it_is_published_it_says_so_and_nobody_signs_it(learners, office):
    with zipfile.ZipFile(io.BytesIO(office.get(f"{PEOPLE}/paper.docx").data)) as paper:
        words = paper.read("word/document.xml").decode()
    assert "may still change" in words and "Tallied by" not in words
    assert "may still change" in office.get(PEOPLE).text


def test_units_are_no_people_to_be_rewarded(learners, office):
    head, rows = table_of(office.get("/points/office/2026-Q3/organisations/paper.csv"))
    assert head == ["Place", "Name", "Points earned"]
    assert rows == [["1", "苍岭林场", "757500"]]


def test_of_a_year_it_says_who_is_put_forward(learners, office):
    head, rows = table_of(office.get("/points/office/2026/people/paper.csv"))
    assert head[4] == "Put forward for a title"
    assert [row[4] for row in rows] == ["yes"] * 10 + ["no"] * 91


def test_an_erased_name_is_in_no_file(learners, office):
    actions.publish_lists(learners, QUARTER)
    erasing.erase(learners, human_named("学员003").id, "学员003", WHY)
    _, rows = table_of(office.get(f"{PEOPLE}/paper.csv"))
    assert rows[3] == ["4", "–", "苍岭林场", "9850", "yes"]


@pytest.mark.parametrize("address", [PEOPLE, f"{PEOPLE}/paper.pdf"])
def test_nobody_else_reads_full_names(learners, client, as_role, address):
    assert client.get(address).status_code in (303, 401, 403)
    assert as_role("clerk").get(address).status_code == 403
    assert as_role("organiser", factories.make_contest()).get(address).status_code == 403


@pytest.mark.parametrize("address", ["/points/office/2026-Q9/people", "/points/office/2026-Q3/nobody"])
def test_a_list_that_is_none_is_not_there(learners, office, address):
    assert office.get(address).status_code == 404
    assert office.get(f"{address}/paper.csv").status_code == 404
