"""The pages of whole contests that came over: for everybody, for who reads the trail, for the curator."""

import io
import re
from pathlib import Path

import pytest
from sqlalchemy import select

from contest.db import db
from contest.registry import whole_actions, whole_queries, whole_rules
from contest.registry.whole_models import WholeContest
from tests import factories
from tests.registry.climbing import curators

ENGLISH = {"Accept-Language": "en"}
AWAY = Path(__file__).parent / "away.zip"


@pytest.fixture
def whole(app):
    """An archive that was written when its format was new: it must come over for good."""
    return whole_actions.bring_in(curators()[0], AWAY.read_bytes(), "ledger.zip").id


def words_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


def test_everybody_reads_lists_and_awards_and_what_is_missing(client, whole):
    page = words_of(client.get(f"/register/whole/{whole}", headers=ENGLISH))

    assert "A contest elsewhere" in page and "外地工会" in page
    assert "钟*" in page and "钟一" not in page and "一等奖" not in page and "First prize" in page
    assert "Provisional" not in page
    for each in (*whole_rules.LEFT_OUT, *whole_rules.NOT_BOUND):
        assert str(each).split(",")[0] in page
    assert "Trail" not in page and "Withdraw" not in page
    assert "A contest elsewhere" in words_of(client.get("/register/archive", headers=ENGLISH))


def test_it_is_shown_in_chinese_too(client, whole):
    page = words_of(client.get(f"/register/whole/{whole}", headers={"Accept-Language": "zh"}))

    assert "外地的比武" in page and "一等奖" in page and "存档不包含的内容" in page


def test_of_somebody_without_a_place_or_annulled_later_the_public_reads_nothing():
    rows = [{"name": "张三", "place": 1}, {"name": "李四", "place": None}]
    sheets = [
        {"id": number, "stage": "final", "kind": "final", "document": {"rows": own}}
        for number, own in ((1, [*rows, {"name": "王五", "place": 2}]), (2, rows))
    ]
    awards = [
        {"holder": "王五", "is_annulled": True}, {"holder": "张三", "is_annulled": False},
        {"holder": "红队", "is_annulled": False, "is_person": False},
    ]

    shown = whole_rules.for_everybody({"sheets": sheets, "awards": awards})

    assert [one["id"] for one in shown["sheets"]] == [2]
    assert [row["name"] for row in shown["sheets"][0]["document"]["rows"]] == ["张*"]
    assert [one["holder"] for one in shown["awards"]] == ["张*", "红队"]


def test_a_supervisor_of_one_contest_opens_no_archive_of_another(as_role, whole):
    browser = as_role("supervisor", factories.make_contest())

    for page in ("trail", "ledger.zip"):
        assert browser.get(f"/register/whole/{whole}/{page}").status_code == 403
    assert "钟一" not in words_of(browser.get(f"/register/whole/{whole}", headers=ENGLISH))


def test_a_provisional_list_says_that_it_is_one(as_role, whole):
    sheets = db.session.get(WholeContest, whole).shown["sheets"]
    assert [one["kind"] for one in sheets] == ["provisional", "final"]

    text = as_role("curator").get(f"/register/whole/{whole}?list={sheets[0]['id']}", headers=ENGLISH)

    current = re.search(r'list=\d+" aria-current="page">([^<]*)', text.get_data(as_text=True))[1]
    assert "Revision 1" in current


@pytest.mark.parametrize(("role", "status"), [("curator", 200), ("supervisor", 200), ("organiser", 403)])
def test_trail_and_archive_are_for_who_keeps_and_who_supervises(as_role, whole, role, status):
    browser = as_role(role)
    trail = browser.get(f"/register/whole/{whole}/trail")
    archive = browser.get(f"/register/whole/{whole}/ledger.zip")

    assert (trail.status_code, archive.status_code) == (status, status)
    if status == 200:
        assert "Granted the awards" in words_of(trail)
        assert archive.data == AWAY.read_bytes()


def test_the_curator_takes_one_over_and_withdraws_it(as_role, app):
    browser = as_role("curator")
    sent = {"file": (io.BytesIO(AWAY.read_bytes()), "ledger.zip")}

    answer = browser.post("/curation/whole", data=sent)

    whole = db.session.scalar(select(WholeContest.id))
    assert (answer.status_code, answer.location) == (303, f"/register/whole/{whole}")
    refused = browser.post(f"/register/whole/{whole}/withdraw", data={"reason": ""})
    assert refused.status_code == 422 and "Withdraw this contest" in words_of(refused)
    browser.post(f"/register/whole/{whole}/withdraw", data={"reason": "原单位要求"})
    page = words_of(browser.get(f"/register/whole/{whole}"))
    assert "原单位要求" in page and "钟一" not in page
    assert browser.get(f"/register/whole/{whole}/trail").status_code == 409
    assert browser.get(f"/register/whole/{whole}/ledger.zip").status_code == 409


@pytest.mark.parametrize(("data", "sentence"), [
    ({}, "Choose a file."), ({"file": b"no zip"}, "This is no archive"),
])
def test_the_page_refuses_with_a_sentence_and_stores_nothing(as_role, app, data, sentence):
    sent = {name: (io.BytesIO(value), "ledger.zip") for name, value in data.items()}

    answer = as_role("curator").post("/curation/whole", data=sent)

    assert answer.status_code == 422 and sentence in words_of(answer)
    assert db.session.scalar(select(WholeContest.id)) is None


@pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
def test_the_list_reads_what_a_list_needs_not_all_that_is_shown_of_each(app, whole):
    db.session.expunge_all()
    [line] = whole_queries.list_whole()

    assert (line.id, line.name_en, line.host) == (whole, "A contest elsewhere", "外地工会")
    assert line.held_on == db.session.get(WholeContest, whole).held_on
    assert not hasattr(line, "shown")
