"""From final results to granted awards and the papers that go out."""

import io
import re
from datetime import timedelta

import docx
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from contest import clock
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.awards.models import Award, CommitteeVote
from contest.db import db
from contest.errors import Conflict
from contest.results import actions as results
from tests import factories

AWARDS = [
    {"key": "first", "name": "一等奖", "name_en": "First prize", "to": "entrant",
     "rule": "count", "count": 1},
    {"key": "expert", "name": "技术能手", "name_en": "Expert", "to": "entrant", "rule": "top",
     "first": 1, "last": 2, "title": True, "level": "技术能手"},
    {"key": "organiser", "name": "优秀组织奖", "name_en": "Best organiser", "to": "organisation",
     "rule": "vote", "count": 1},
]
# Theory 30 %, practical 70 % of (A1 + 10) out of 20: 张 80 and 9.5, 李 90 and 8, 王 60 and 5.
POINTS = {"张三": ("80", "9.5"), "李四": ("90", "8"), "王五": ("60", "5")}


@pytest.fixture
def contest(app):
    contest, _ = factories.make_marked_contest(
        POINTS, document=factories.plan_document(awards=AWARDS)
    )
    return contest


def make_final(contest):
    first, second = (factories.make_official(name, "organiser") for name in ("Petra", "Milan"))
    results.publish_results(first, contest.id, "provisional")
    results.publish_results(second, contest.id, "final")


def vote(client, contest, *numbers):
    organisations = db.session.scalars(
        select(factories.Entrant.organisation_id).filter_by(contest_id=contest.id)
    ).all()
    data = {f"votes-{key}": number for key, number in zip(organisations, numbers, strict=True)}
    data |= {"minutes": "纪要〔2026〕3号", "decided_on": clock.now().date().isoformat()}
    return client.post(f"/contests/{contest.id}/awards/votes/organiser", data=data)


def test_a_preview_shows_the_lines_and_says_that_it_is_one(contest, as_role):
    page = as_role("organiser").get(f"/contests/{contest.id}/awards")

    assert page.status_code == 200
    assert "preview" in page.text
    assert "张三" in page.text


def test_awards_are_not_granted_before_the_results_are_final(contest, as_role):
    answer = as_role("organiser").post(f"/contests/{contest.id}/awards")

    assert answer.status_code == 409
    assert db.session.scalars(select(Award)).all() == []


def test_final_results_and_votes_give_the_awards_with_their_reasons(contest, as_role):
    make_final(contest)
    organiser = as_role("organiser")
    assert vote(organiser, contest, "7", "2", "").status_code == 303

    assert organiser.post(f"/contests/{contest.id}/awards").status_code == 303

    rows = db.session.scalars(select(Award).order_by(Award.id)).all()
    named = [(row.award_key, row.entrant.human.name if row.entrant else "", row.place) for row in rows]
    assert named == [
        ("first", "张三", 1), ("expert", "张三", 1), ("expert", "李四", 2), ("organiser", "", None),
    ]
    # 张三: module 19.5 of 20 is 97.5 % … the stage's total is printed on the award.
    assert all(row.total for row in rows if row.entrant)
    assert all(row.why["message"] for row in rows)
    assert db.session.scalar(select(TrailRow).filter_by(did="award.grant"))


def test_awards_are_granted_once(contest, as_role):
    make_final(contest)
    organiser = as_role("organiser")
    vote(organiser, contest, "0", "0", "0")
    organiser.post(f"/contests/{contest.id}/awards")
    count = len(db.session.scalars(select(Award)).all())

    assert organiser.post(f"/contests/{contest.id}/awards").status_code == 409
    assert len(db.session.scalars(select(Award)).all()) == count


def test_the_desk_says_that_final_results_have_no_prizes_yet(contest, as_role):
    reminder, desk = "have not been granted yet", f"/contests/{contest.id}"
    assert reminder not in as_role("organiser").get(desk).text
    make_final(contest)
    organiser = as_role("organiser")
    assert reminder in organiser.get(desk).text

    vote(organiser, contest, "4", "3", "1")
    organiser.post(f"/contests/{contest.id}/awards")

    assert reminder not in organiser.get(desk).text


def test_an_open_vote_holds_the_awards(contest, as_role):
    make_final(contest)
    organiser = as_role("organiser")
    vote(organiser, contest, "4", "4", "1")

    assert organiser.post(f"/contests/{contest.id}/awards").status_code == 409
    assert db.session.scalars(select(Award)).all() == []
    assert "vote between them again" in organiser.get(f"/contests/{contest.id}/awards").text


def test_awards_wait_for_the_committees_votes(contest, as_role):
    make_final(contest)

    answer = as_role("organiser").post(f"/contests/{contest.id}/awards")

    assert answer.status_code == 409
    assert "have not been entered" in answer.text


def test_marks_that_no_longer_give_the_published_totals_hold_the_awards(contest, as_role):
    make_final(contest)
    entrant = db.session.scalars(select(factories.Entrant)).first()
    factories.make_theory(contest, entrant, "99")
    contest.marks_version += 1
    db.session.commit()
    organiser = as_role("organiser")
    vote(organiser, contest, "1", "0", "0")

    answer = organiser.post(f"/contests/{contest.id}/awards")

    assert answer.status_code == 409
    assert entrant.number in answer.text


def test_a_strange_vote_brings_the_form_back(contest, as_role):
    answer = vote(as_role("organiser"), contest, "many", "3", "2")

    assert answer.status_code == 422
    assert "many" in answer.text
    assert db.session.scalars(select(CommitteeVote)).all() == []


@pytest.mark.parametrize("paper", ["awards", "summary", "reports"])
@pytest.mark.parametrize(
    ("form", "mark"), [("pdf", b"%PDF"), ("xlsx", b"PK"), ("docx", b"PK"), ("csv", b"\xef\xbb\xbf")]
)
def test_every_paper_comes_in_every_form(contest, as_role, paper, form, mark):
    answer = as_role("organiser").get(f"/contests/{contest.id}/papers/{paper}.{form}")

    assert answer.status_code == 200
    assert answer.data.startswith(mark)


def test_the_summary_prints_the_same_totals_as_the_results(contest, as_role):
    answer = as_role("organiser").get(f"/contests/{contest.id}/papers/summary.xlsx")

    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    cells = [str(cell) for row in rows for cell in row]
    assert {"张三", "李四", "王五"} <= set(cells)
    # By hand: theory 80 × 30 % + (19.5 ÷ 20 × 100 = 97.5) × 70 % = 24 + 68.25 = 92.25
    assert "92.25" in cells


def test_a_contestants_report_holds_the_road_to_the_place(contest, as_role):
    entrant = db.session.scalars(select(factories.Entrant)).first()

    answer = as_role("chief_judge").get(f"/contests/{contest.id}/papers/reports/{entrant.id}.csv")

    assert answer.status_code == 200
    assert "92.25" in answer.data.decode("utf-8-sig")


def test_unknown_papers_are_missing(contest, as_role):
    organiser = as_role("organiser")

    assert organiser.get(f"/contests/{contest.id}/papers/none.pdf").status_code == 404
    assert organiser.get(f"/contests/{contest.id}/papers/awards.exe").status_code == 404
    assert organiser.get(f"/contests/{contest.id}/papers/reports/999999.pdf").status_code == 404


def test_strangers_and_guests_stay_out(contest, client, as_role):
    other = factories.make_contest()

    assert client.get(f"/contests/{contest.id}/awards").status_code == 303
    assert as_role("judge", contest).get(f"/contests/{contest.id}/awards").status_code == 403
    assert as_role("organiser", other).get(f"/contests/{contest.id}/awards").status_code == 403
    assert as_role("host", contest).post(f"/contests/{contest.id}/awards").status_code == 403


def test_a_name_leads_to_its_report_for_those_alone_who_may_read_it(contest, as_role):
    for role, may_read in (("chief_judge", True), ("host", False)):
        page = as_role(role, contest).get(f"/contests/{contest.id}/awards").text
        assert "张三" in page and ("/papers/reports/" in page) is may_read, role


def test_granted_awards_hold_the_results_and_stand_in_the_list_as_granted(contest, as_role):
    make_final(contest)
    organiser = as_role("organiser")
    vote(organiser, contest, "7", "2", "")
    organiser.post(f"/contests/{contest.id}/awards")
    award = db.session.scalars(select(Award).filter_by(award_key="first")).one()
    award.total = "12.34"  # what was granted is printed, not what would be reckoned today
    db.session.commit()

    listed = organiser.get(f"/contests/{contest.id}/papers/awards.csv").data.decode("utf-8-sig")
    assert "12.34" in listed
    with pytest.raises(Conflict):
        results.propose_reopening(Actor(None, "Petra"), contest.id, "a correction")
    page = organiser.get(f"/contests/{contest.id}/results").text
    assert "can no longer be opened again" in page and "/results/reopening" not in page


def test_no_award_is_granted_while_it_is_open_whether_the_results_hold(contest, as_role):
    make_final(contest)
    organiser = as_role("organiser")
    vote(organiser, contest, "7", "2", "")
    results.propose_reopening(Actor(None, "Petra"), contest.id, "a correction")

    assert organiser.post(f"/contests/{contest.id}/awards").status_code == 409
    assert db.session.scalars(select(Award)).all() == []


def test_an_award_list_before_the_results_are_final_says_so(contest, as_role):
    title = "Preview of the awards"

    before = as_role("organiser").get(f"/contests/{contest.id}/papers/awards.docx").data
    make_final(contest)
    after = as_role("organiser").get(f"/contests/{contest.id}/papers/awards.docx").data

    assert title in docx.Document(io.BytesIO(before)).core_properties.title
    assert title not in docx.Document(io.BytesIO(after)).core_properties.title


def test_papers_print_no_zero_for_whoever_has_no_mark(contest, as_role):
    factories.make_entrant(contest, name="赵六", number="A999")
    client = as_role("organiser")

    answer = client.get(f"/contests/{contest.id}/papers/summary.csv")
    text = answer.get_data().decode("utf-8-sig")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"

    [line] = [line for line in text.splitlines() if "赵六" in line]
    assert "0.00" not in line and line.count("–") == 4  # place, two modules, total


def test_the_preliminary_has_its_papers_too(as_role):
    document = factories.plan_document(
        stages=[
            {"key": "first", "name": "初赛", "name_en": "Heats", "advance": 1},
            {"key": "final", "name": "决赛", "name_en": "Final"},
        ]
    )
    document["parts"][0].update(stage="first", weight=100)
    document["parts"][1].update(weight=100)
    contest, entrants = factories.make_marked_contest(POINTS, document=document)
    contest.stage = "first"
    make_final(contest)
    client, papers = as_role("organiser"), f"/contests/{contest.id}/papers"

    page = client.get(f"/contests/{contest.id}/awards").text
    rows = CalamineWorkbook.from_filelike(
        io.BytesIO(client.get(f"{papers}/summary.xlsx?stage=first").data)
    ).get_sheet_by_index(0).to_python()

    assert "summary.xlsx?stage=first" in page and "Reports of all contestants · Heats" in page
    assert any("Heats · Final" in str(cell) for row in rows for cell in row)
    assert [row[-3] for row in rows if "李四" in row] == [90.0]
    final = client.get(f"{papers}/summary.docx").data
    text = "".join(one.text for one in docx.Document(io.BytesIO(final)).paragraphs)
    assert "Final · Provisional, not final" in text
    report = client.get(f"{papers}/reports/{entrants['李四'].id}.docx?stage=first").data
    cells = [c.text for t in docx.Document(io.BytesIO(report)).tables for r in t.rows for c in r.cells]
    assert "90.00" in cells and not any("Risk" in cell for cell in cells)
    assert client.get(f"{papers}/summary.xlsx?stage=semi").status_code == 404


def listed(browser, contest, paper="awards"):
    text = browser.get(f"/contests/{contest.id}/papers/{paper}.csv").data.decode("utf-8-sig")
    return re.sub(r" \d+:[0-9a-f]{64}", "", text)  # the head of the chain, which grows with every act


def test_results_taken_back_are_not_called_final_and_name_what_was_published(contest, as_role):
    """A correction changes neither page nor papers until a revision is published."""
    make_final(contest)
    organiser = as_role("organiser")
    before = {paper: listed(organiser, contest, paper) for paper in ("awards", "summary", "reports")}
    contest.state = "scoring"
    clock.stand_still(clock.now() + timedelta(minutes=1))
    best = db.session.scalars(select(factories.Entrant)).first()
    factories.make_theory(contest, best, "0")
    contest.marks_version += 1
    db.session.commit()

    page = organiser.get(f"/contests/{contest.id}/awards").text
    title = docx.Document(io.BytesIO(
        organiser.get(f"/contests/{contest.id}/papers/awards.docx").data
    )).core_properties.title

    assert "being corrected: what stands here is revision 2" in page
    assert "The results are final" not in page and "Grant the awards" not in page
    assert title.startswith("Preview of the awards")
    assert {paper: listed(organiser, contest, paper) for paper in before} == before
    summary = docx.Document(io.BytesIO(
        organiser.get(f"/contests/{contest.id}/papers/summary.docx").data
    ))
    assert any("Revision 2, being corrected" in line.text for line in summary.paragraphs)


def test_provisional_papers_show_the_published_revision(contest, as_role):
    organiser = as_role("organiser")
    results.publish_results(
        factories.make_official("Petra", "organiser"), contest.id, "provisional"
    )
    before = listed(organiser, contest, "summary")

    clock.stand_still(clock.now() + timedelta(minutes=1))
    best = db.session.scalars(select(factories.Entrant)).first()
    factories.make_theory(contest, best, "0")
    contest.marks_version += 1
    db.session.commit()

    assert listed(organiser, contest, "summary") == before
    assert "made from revision 1" in organiser.get(f"/contests/{contest.id}/awards").text
