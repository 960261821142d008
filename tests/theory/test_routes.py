"""Pages of theory scores."""

import io

import pytest
from sqlalchemy import select

from contest.audit.models import TrailRow
from contest.db import db
from contest.theory import queries
from contest.theory.models import TheoryEntry
from tests import factories


@pytest.fixture
def contest(app):
    contest = factories.make_contest()
    factories.make_entrant(contest, name="张伟", number="A001")
    factories.make_entrant(contest, name="李娜", number="A002")
    return contest


@pytest.fixture
def clerk(as_role, contest):
    return as_role("clerk", contest)


def ids(contest):
    return [row.entrant_id for row in queries.list_scores(contest.id, "paper")]


def at(contest, rest=""):
    return f"/contests/{contest.id}/theory{rest}"


def test_the_list_says_who_has_no_score_yet(clerk, contest):
    page = clerk.get(at(contest))

    assert page.status_code == 200
    assert "张伟" in page.text
    assert "no score yet" in page.text
    assert "Scored: 0 of 2." in page.text


def test_enter_goes_on_to_the_next_contestant(clerk, contest):
    first, second = ids(contest)

    answer = clerk.post(at(contest, f"/paper/{first}"), data={"score": "87.5", "seen": "0"})

    assert answer.status_code == 303
    assert answer.location.endswith(f"/paper/{second}")
    assert queries.scores(contest.id)["paper"][first].units == 875_000


def test_after_the_last_one_the_list_is_shown(clerk, contest):
    for entrant_id in ids(contest):
        answer = clerk.post(at(contest, f"/paper/{entrant_id}"), data={"score": "1", "seen": "0"})

    assert answer.location.endswith("/theory?module=paper")


@pytest.mark.parametrize("typed", ["NaN", "1,5", "100.5"])
def test_a_bad_score_comes_back_with_its_reason(clerk, contest, typed):
    first, _ = ids(contest)

    answer = clerk.post(at(contest, f"/paper/{first}"), data={"score": typed, "seen": "0"})

    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert "between 0 and 100" in answer.text
    assert db.session.query(TheoryEntry).count() == 0
    assert db.session.query(TrailRow).count() == 0


def test_a_stale_page_is_a_conflict(clerk, contest):
    first, _ = ids(contest)
    clerk.post(at(contest, f"/paper/{first}"), data={"score": "1", "seen": "0"})

    assert clerk.post(
        at(contest, f"/paper/{first}"), data={"score": "2", "seen": "0"}
    ).status_code == 409


def test_a_number_leads_to_its_contestant(clerk, contest):
    answer = clerk.get(at(contest, "?module=paper&number=A002"))

    assert answer.location.endswith(f"/paper/{ids(contest)[1]}")
    assert clerk.get(at(contest, "?module=paper&number=Z9")).status_code == 404


def send(client, contest, data, name="scores.csv"):
    return client.post(at(contest, "/paper/import"), data={"file": (io.BytesIO(data), name)})


def test_a_list_is_previewed_and_then_stored(clerk, contest):
    data = "参赛号,姓名,成绩\nA001,张伟,87.5\nA002,李娜,缺考\n".encode("gb18030")

    answer = send(clerk, contest, data)
    preview = clerk.get(answer.location)
    assert "Store this list" in preview.text
    assert db.session.query(TheoryEntry).count() == 0

    done = clerk.post(answer.location)
    assert done.status_code == 303
    assert sorted(db.session.scalars(select(TheoryEntry.state))) == ["absent", "scored"]


def test_a_list_that_changes_what_is_recorded_wants_one_reason(clerk, contest):
    first, _ = ids(contest)
    new = send(clerk, contest, "参赛号,姓名,成绩\nA002,李娜,70\n".encode())
    assert 'name="reason"' not in clerk.get(new.location).text
    clerk.post(at(contest, f"/paper/{first}"), data={"score": "80", "seen": "0"})
    answer = send(clerk, contest, "参赛号,姓名,成绩\nA001,张伟,81\nA002,李娜,70\n".encode())
    assert 'name="reason"' in clerk.get(answer.location).text

    bare = clerk.post(answer.location, data={"reason": " "})
    assert bare.status_code == 422
    assert "write down why it changes" in bare.text and "Store this list" in bare.text
    long = clerk.post(answer.location, data={"reason": "x" * 301})
    assert long.status_code == 422 and "x" * 301 in long.text

    assert clerk.post(answer.location, data={"reason": "marked anew"}).status_code == 303
    reasons = {row.entrant_id: row.reason for row in db.session.scalars(select(TheoryEntry))}
    assert sorted(reasons.values()) == ["", "marked anew"]


def test_what_was_stored_is_said(clerk, contest):
    first, second = ids(contest)
    absent = clerk.post(at(contest, f"/paper/{first}"), data={"score": "", "seen": "0", "act": "absent"})
    assert "A001 张伟: stored as absent." in clerk.get(absent.location).text
    scored = clerk.post(at(contest, f"/paper/{second}"), data={"score": "87.5", "seen": "0"})
    assert "A002 李娜: 87.5 stored." in clerk.get(scored.location).text


def test_every_bad_cell_is_named_and_nothing_is_kept(clerk, contest):
    answer = send(clerk, contest, "参赛号,姓名,成绩\nA001,李娜,87.5\nA002,李娜,200\n".encode())

    assert answer.status_code == 422
    assert "Row 2" in answer.text
    assert "belongs to 张伟" in answer.text
    assert "Row 3" in answer.text
    assert db.session.query(TrailRow).count() == 0


def test_no_file_is_a_reason_too(clerk, contest):
    answer = clerk.post(at(contest, "/paper/import"), data={})

    assert answer.status_code == 422
    assert "Choose a file first." in answer.text


def test_the_list_to_fill_in_can_be_sent_back(clerk, contest):
    template = clerk.get(at(contest, "/paper/template.xlsx"))

    answer = send(clerk, contest, template.data, "scores.xlsx")

    assert answer.status_code == 303
    assert "Rows without a score: 2." in clerk.get(answer.location).text


def test_a_preview_belongs_to_its_clerk(clerk, contest, as_role):
    answer = send(clerk, contest, "参赛号,姓名,成绩\nA001,张伟,87.5\n".encode())

    assert as_role("clerk", contest).get(answer.location).status_code == 404


PAGES = ["", "/paper/{entrant}", "/paper/import", "/paper/template.xlsx"]


@pytest.mark.parametrize("page", PAGES)
def test_strangers_guests_and_what_is_missing(client, as_role, clerk, contest, page):
    address = at(contest, page.format(entrant=ids(contest)[0]))

    assert as_role("judge", contest).get(address).status_code == 403
    assert as_role("clerk", factories.make_contest()).get(address).status_code == 403
    assert client.get(address).status_code == 303
    assert clerk.get(address).status_code == 200


def test_what_is_not_there_is_missing(clerk, contest):
    assert clerk.get(at(contest, "/risk/import")).status_code == 404
    assert clerk.get(at(contest, "/paper/99999")).status_code == 404
    assert clerk.get(at(contest, "?module=zz")).status_code == 404


def test_the_list_opens_on_the_stage_that_is_being_held(as_role, app):
    document = factories.plan_document()
    paper = next(module for module in document["modules"] if module["entry"] == "scores")
    part = next(part for part in document["parts"] if part["key"] == paper["part"])
    document["stages"].insert(0, {"key": "heats", "name": "预赛", "name_en": "Heats"})
    document["parts"].insert(0, {**part, "key": "quiz", "stage": "heats", "weight": 100})
    document["modules"].insert(0, {**paper, "key": "heat_paper", "part": "quiz", "weight": 100})
    contest = factories.make_contest(document)

    assert queries.first_module(contest.id).key == paper["key"]
    contest.stage = "heats"
    db.session.commit()
    assert queries.first_module(contest.id).key == "heat_paper"
    assert as_role("clerk", contest).get(at(contest)).status_code == 200


def test_a_correction_without_a_reason_comes_back_as_it_was_typed(clerk, contest):
    first, _ = ids(contest)
    clerk.post(at(contest, f"/paper/{first}"), data={"score": "87.5", "seen": "0"})
    page = clerk.get(at(contest, f"/paper/{first}")).text
    assert "Recorded:" in page and "Correct the score" in page and "Clear the score" in page
    seen = queries.latest_entry_id(contest.id, "paper", first)

    bare = clerk.post(at(contest, f"/paper/{first}"), data={"score": "78.5", "seen": seen, "reason": ""})
    assert bare.status_code == 422
    assert 'value="78.5"' in bare.text and "write down why it changes" in bare.text

    wrong = clerk.post(
        at(contest, f"/paper/{first}"), data={"score": "785", "seen": seen, "reason": "misread"}
    )
    assert 'value="785"' in wrong.text and 'value="misread"' in wrong.text

    done = clerk.post(
        at(contest, f"/paper/{first}"), data={"score": "78.5", "seen": seen, "reason": "misread"}
    )
    assert done.status_code == 303
    assert "misread" in clerk.get(at(contest, f"/paper/{first}")).text


@pytest.mark.parametrize(("act", "state"), [("clear", None), ("absent", "absent")])
def test_a_wrong_score_is_cleared_or_becomes_absence(clerk, contest, act, state):
    first, _ = ids(contest)
    clerk.post(at(contest, f"/paper/{first}"), data={"score": "87.5", "seen": "0"})
    seen = queries.latest_entry_id(contest.id, "paper", first)

    answer = clerk.post(at(contest, f"/paper/{first}"), data={
        "score": "87.5", "seen": seen, "reason": "of somebody else", "act": act,
    })

    assert answer.status_code == 303
    standing = queries.scores(contest.id).get("paper", {}).get(first)
    assert (standing.state if standing else None) == state
    if act == "clear":
        assert "cleared." in clerk.get(answer.location).text


def test_a_first_score_needs_no_reason(clerk, contest):
    first, _ = ids(contest)

    assert "Reason for the change" not in clerk.get(at(contest, f"/paper/{first}")).text
    answer = clerk.post(at(contest, f"/paper/{first}"), data={"score": "", "seen": "0", "act": "absent"})
    assert answer.status_code == 303
