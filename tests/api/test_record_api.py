"""Programs read of records what the public page tells, and no proposal."""

import pytest

from contest.accounts.models import User
from contest.db import db
from contest.registry import record_actions
from contest.registry.listing import list_person
from tests import factories
from tests.registry.test_record_rules import EARLIER
from tests.registry.test_records import House


@pytest.fixture
def house(app):
    return House()


@pytest.fixture
def ask(app):
    def ask(path):
        answer = app.test_client().get(f"/api/v1{path}", headers={"Accept-Language": "en"})
        return answer.status_code, answer.json

    return ask


def test_a_proposal_is_not_told_and_a_confirmed_record_with_its_evidence_is(house, ask):
    contest = house.held({"甲": ("90", "9")}, "2026-05-01")
    line = house.line(contest, **EARLIER)
    _, told = ask(f"/records/{line.id}")
    assert [(one["name"], one["source"], one["contest"]) for one in told["history"]] == [
        ("老钟", EARLIER["earlier_source"], None),
    ]
    assert (told["top"], told["is_compared"], told["taken_back"]) == ("100.00", True, [])

    mark = house.confirm(line, "甲")
    _, told = ask(f"/records/{line.id}")
    assert [(one["name"], one["value"], one["on"], one["until"]) for one in told["history"]] == [
        ("甲", "93.50", "2026-05-01", None), ("老钟", "91.25", "2019-10-12", "2026-05-01"),
    ]
    [now] = told["standing"]
    assert now["contest"] == {"slug": contest.slug, "name": contest.name, "name_en": contest.name_en}
    assert (now["craftsman"], now["revision"], len(now["document_hash"])) == (None, 2, 64)
    assert mark.contest_id == contest.id and "entrant" not in str(told)


def test_the_holder_leads_to_the_register_and_a_contest_that_is_hidden_to_nobody(house, ask):
    contest = house.held({"甲": ("90", "9")}, "2026-05-01")
    line = house.line(contest)
    house.confirm(line, "甲")
    craftsman = list_person(house.entrants["甲"].human, "灭火器")
    db.session.commit()
    assert ask(f"/records/{line.id}")[1]["standing"][0]["craftsman"] == craftsman.token

    contest.is_public = False
    db.session.commit()
    [now] = ask(f"/records/{line.id}")[1]["standing"]
    assert (now["name"], now["unit"], now["craftsman"], now["contest"], now["document_hash"]) == (
        "", "", None, None, None,
    )
    assert now["value"] == "93.50"


def test_the_list_comes_in_pages_and_tells_what_was_taken_back_and_laid_down(house, ask):
    contest = house.held({"甲": ("90", "9")}, "2026-05-01")
    first, second = house.line(contest), house.line(record_what="figure", record_key="time", record_top="")
    house.confirm(first, "甲")
    record_actions.take_out(house.curator, first.id, contest.id, "任务不同")
    record_actions.lay_down(house.curator, second.id, "不再比较")

    _, page = ask("/records?limit=1")
    assert [(one["id"], one["standing"]) for one in page["items"]] == [(first.id, [])]
    _, rest = ask(f"/records?limit=1&after={page['next']}")
    [other] = rest["items"]
    assert (other["id"], other["top"], other["is_compared"], rest["next"]) == (second.id, None, False, None)
    _, told = ask(f"/records/{first.id}")
    assert [(one["value"], one["on"]) for one in told["taken_back"]] == [("93.50", "2026-05-01")]
    assert "任务不同" not in str(told)
    assert ask("/records/999")[0] == 404


def test_a_signed_in_person_reads_no_more_than_a_guest(house, app, ask):
    line = house.line(house.held({"甲": ("90", "9")}, "2026-05-01"))
    curator = factories.browser_of(app, db.session.get(User, house.second.user_id))

    assert curator.get(f"/api/v1/records/{line.id}").json == ask(f"/records/{line.id}")[1]
