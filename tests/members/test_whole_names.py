"""Names in contests from elsewhere: seen by the curator, erased on request, gone with the archive in time."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from contest import clock
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, Invalid, Missing
from contest.members import data_map, erasing, retention, retention_rules
from contest.members.models import Erasure
from contest.people.personal_models import PersonalAccess
from contest.registry import (
    whole_actions,
    whole_emptying,
    whole_queries,
    whole_rules,
    whole_trail_queries,
)
from contest.registry.whole_models import WholeContest
from tests import factories
from tests.conftest import NOON
from tests.registry.test_whole import changed
from tests.registry.test_whole_trail import row

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
AWAY = (Path(__file__).parent.parent / "registry" / "away.zip").read_bytes()
WHY = "本人书面申请"
TERMS = retention_rules.load_terms("")


@pytest.fixture
def whole(app, keeper):
    return whole_actions.bring_in(keeper, AWAY, "ledger.zip")


def entrant_of(name):
    [found] = whole_emptying.find_named(name)
    return found.entrant_id


def readable(whole):
    return json.dumps(whole.shown, ensure_ascii=False)


@BOTH
def test_a_name_goes_from_lists_awards_and_trail_and_the_archive_stays(whole, keeper, client):
    entrant_id = entrant_of("钟一")
    assert "钟*" in client.get(f"/register/whole/{whole.id}").text

    erasing.erase_whole_name(keeper, whole.id, entrant_id, WHY)

    assert "钟一" not in readable(whole) and "华二" in readable(whole)
    assert [one["holder"] for one in whole.shown["awards"]] == ["–", "华二"]
    page = client.get(f"/register/whole/{whole.id}").text
    assert "钟" not in page and "–*" not in page and "93.50" in page
    assert whole_queries.archive_of(whole.id)[1] == AWAY
    assert whole_emptying.find_named("钟一") == whole_emptying.find_named("–") == []
    log = db.session.scalars(select(PersonalAccess).order_by(PersonalAccess.id.desc())).first()
    assert (log.kind, log.fields, log.reason) == ("erase", ["whole_names"], WHY)
    trail = db.session.scalars(select(TrailRow).filter_by(did="personal.erase_whole_name")).one()
    assert "钟一" not in json.dumps(trail.facts, ensure_ascii=False) + trail.subject
    assert db.session.scalar(select(Erasure)).whole_names == [[whole.genesis, entrant_id]]
    with pytest.raises(Missing):
        erasing.erase_whole_name(keeper, whole.id, entrant_id, WHY)


def test_the_trail_from_elsewhere_tells_the_name_no_more(whole, keeper):
    lines = [row(1, "entrant.add", "钟一", {"note": "钟一代报", "entrant": 1}, who="钟一"),
             row(2, "entrant.state", "entrant 1", {"old": "normal", "new": "absent"})]
    whole.content = changed(AWAY, "chain.tsv", lambda _: "\n".join(("contest-chain\t1", *lines, "")).encode())
    whole.shown = {**whole.shown, "trail": 2}
    db.session.commit()
    erasing.erase_whole_name(keeper, whole.id, entrant_of("钟一"), WHY)

    told = repr(whole_trail_queries.trail_page(whole.id, 1))

    assert "钟一" not in told and "–代报" in told and "A7 –" in told


def test_awards_that_earlier_releases_took_over_are_found_by_name_and_unit(whole, keeper):
    whole.shown = {**whole.shown, "awards": [
        {key: value for key, value in one.items() if key != "entrant_id"} for one in whole.shown["awards"]
    ]}
    db.session.commit()
    erasing.erase_whole_name(keeper, whole.id, entrant_of("钟一"), WHY)
    assert [one["holder"] for one in whole.shown["awards"]] == ["–", "华二"]


@BOTH
def test_an_older_copy_and_a_second_import_do_not_bring_the_name_back(whole, keeper):
    before, entrant_id = dict(whole.shown), entrant_of("钟一")
    erasing.erase_whole_name(keeper, whole.id, entrant_id, WHY)
    whole_actions.withdraw_whole(keeper, whole.id, "原单位要求")
    again = whole_actions.bring_in(keeper, AWAY, "ledger.zip")
    assert "钟一" not in readable(again) and "华二" in readable(again)

    [(mark, line)] = erasing.read_journal().items()
    assert line["whole_names"] == [[again.genesis, entrant_id]]
    again.shown = before  # as a copy has it that was taken before
    path = erasing._journal()
    path.write_text(json.dumps({**line, "mark": "another"}) + "\n")
    db.session.commit()
    assert erasing.erase_again(keeper) == 1
    assert "钟一" not in readable(again) and mark in erasing.read_journal()
    assert erasing.erase_again(keeper) == 0


@BOTH
def test_the_curator_sees_where_a_name_stands_and_what_can_be_done(whole, as_role, app):
    human = factories.make_person("钟一")
    desk = as_role("curator")
    person = desk.get(f"/people/{human.id}").text
    assert f"/register/whole/{whole.id}" in person and "namesake" in person
    found = desk.get("/people?text=钟").text
    at = f"/people/whole/{whole.id}/{entrant_of('钟一')}/erase"
    assert at in found and "evidence as a whole" in found
    assert at not in as_role("service_officer").get("/people?text=钟").text
    typed = {"text": "钟", "reason": WHY, "word": factories.WORD}
    for slip in ({"reason": ""}, {"word": ""}, {"word": "guessed"}):
        answer = desk.post(at, data={**typed, **slip})
        assert answer.status_code == 422 and slip.get("reason", WHY) in answer.text
    assert "钟一" in readable(whole)

    assert desk.post(at, data=typed).status_code == 303

    db.session.expire_all()
    assert "钟一" not in readable(whole)
    assert desk.post(at, data=typed).status_code == 404
    assert at not in desk.get("/people?text=钟").text
    assert "erased from the lists" in desk.get(f"/register/whole/{whole.id}").text


def test_only_with_a_reason_and_only_while_the_contest_stands(whole, keeper):
    entrant_id = entrant_of("钟一")
    with pytest.raises(Invalid):
        erasing.erase_whole_name(keeper, whole.id, entrant_id, " ")
    with pytest.raises(Missing):
        erasing.erase_whole_name(keeper, whole.id, 999, WHY)
    whole_actions.withdraw_whole(keeper, whole.id, "原单位要求")
    assert whole_emptying.find_named("钟一") == []
    with pytest.raises(Missing):
        erasing.erase_whole_name(keeper, whole.id, entrant_id, WHY)


@BOTH
def test_the_archive_goes_in_time_with_the_names_of_whoever_has_no_place(whole, keeper, as_role):
    rows = whole.shown["sheets"][-1]["document"]["rows"]
    out = {**rows[0], "entrant_id": 9, "number": "A99", "name": "钱九", "place": None}
    sheets = [one | {"document": one["document"] | {"rows": [*one["document"]["rows"], out]}}
              for one in whole.shown["sheets"]]
    whole.shown = {**whole.shown, "sheets": sheets}
    db.session.commit()
    clock.stand_still(NOON + timedelta(days=3650, seconds=-1))
    assert {one.field: one.ids for one in retention.find_due(TERMS)}["whole_contests"] == ()
    clock.stand_still(NOON + timedelta(days=3650))
    assert {one.field: one.ids for one in retention.find_due(TERMS)}["whole_contests"] == (whole.id,)

    retention.erase_due(keeper, TERMS)

    db.session.expire_all()
    assert "钱九" not in readable(whole) and "钟一" in readable(whole) and whole.shown["report"] == []
    assert db.session.scalar(select(WholeContest.content)) is None
    with pytest.raises(Conflict, match="time for which this archive is kept"):
        whole_queries.archive_of(whole.id)
    browser = as_role("curator")
    page = browser.get(f"/register/whole/{whole.id}").text
    assert "was deleted" in page and "ledger.zip" not in page
    assert browser.get(f"/register/whole/{whole.id}/trail").status_code == 409
    assert all(not one.ids for one in retention.find_due(TERMS) if one.field == "whole_contests")


def test_the_map_says_so():
    assert set(data_map.archived()) == {WholeContest.__tablename__}
    assert "archived" not in data_map.data_map() and whole_rules.WITHHELD == "–"
