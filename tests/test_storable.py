"""A character that a database cannot keep is refused with a sentence, on both engines and at every door."""

import io
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from contest.accounts.models import User
from contest.audit.models import TrailRow
from contest.audit.work import Actor, work
from contest.db import Unstorable, as_json, check_texts, db
from contest.people.models import Organisation
from contest.registry import whole_actions
from contest.registry.whole_models import WholeContest
from contest.setup.plan_text import toml_of
from contest.setup.queries import has_draft, plan_in_force
from tests import factories
from tests.judging.panels import make_panel
from tests.judging.tablets import report
from tests.registry.climbing import curators
from tests.registry.test_whole import about, changed

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
AWAY = Path(__file__).parent / "registry" / "away.zip"
HALF = "\ud83d"
SENTENCE = "a character that cannot be stored"


def trail_rows():
    return db.session.scalar(select(func.count()).select_from(TrailRow))


@BOTH
@pytest.mark.parametrize("bad", ["望湖\x00水泥", f"望湖{HALF}"])
def test_neither_a_text_nor_a_document_nor_a_search_brings_one_in(app, bad):
    before = trail_rows()
    with pytest.raises(Unstorable, match="After “望湖” stands"), work(Actor(None, "a"), "x"):
        db.session.add(Organisation(name=bad))
    inner = [{"b": bad}]
    with pytest.raises(Unstorable, match="After “望湖” stands"), work(Actor(None, "a"), "x", inner=inner):
        pass
    with pytest.raises(Unstorable):
        db.session.scalars(select(Organisation).filter_by(name=bad))
    with pytest.raises(Unstorable):
        db.session.execute(text("SELECT :x"), [{"x": bad}])
    assert trail_rows() == before


@BOTH
def test_every_other_character_comes_back_as_it_went(app):
    odd = "张三 “quoted” \\u0000 \\ud83d \x01\x1f\u2028 😀"
    with work(Actor(None, "a"), "x", subject=odd, odd=odd, **{odd: 1}):
        pass
    row = db.session.scalars(select(TrailRow).order_by(TrailRow.id.desc())).first()
    assert (row.subject, row.facts) == (odd, {"odd": odd, odd: 1})


@pytest.mark.parametrize("document", ["\x00", [1, ["\x00"]], {"a": {"\x00": 1}}, {"a": ("x", HALF)}])
def test_a_document_is_looked_through(document):
    with pytest.raises(Unstorable):
        check_texts(document)
    with pytest.raises(Unstorable):
        as_json(document)
    check_texts(["a", {"b": None, "c": 1}])


@BOTH
def test_an_uploaded_plan_that_writes_one_as_an_escape(app, as_role):
    contest = factories.make_contest()
    plan = toml_of(plan_in_force(contest.id).plan).replace('"小比武"', '"小比武\\u0000"')
    assert "\\u0000" in plan
    sent = {"file": (io.BytesIO(plan.encode()), "plan.toml")}

    answer = as_role("organiser").post(f"/contests/{contest.id}/plan/upload", data=sent)

    assert answer.status_code == 422 and SENTENCE in answer.text
    assert not has_draft(contest.id)


@BOTH
@pytest.mark.parametrize("bad", ["\x00", HALF])
def test_programs_and_tablets_hear_it_as_an_answer(app, client, bad):
    panel = make_panel(entrants=1)
    tablet = factories.browser_of(app, db.session.get(User, panel.judges[0].user_id))
    letter = {"name": "钟一", "phone": "0571 8765 4321", "topic": "safety", "words": f"灯坏了{bad}"}
    at = "/api/v1/services/letterbox/applications"

    answers = [
        client.post(at, json={"answers": letter}, headers={"X-Contest": "1", "Accept-Language": "en"}),
        report(tablet, panel.sheet().id, text=f"Lid{bad}"),
    ]

    assert [each.json["error"]["code"] for each in answers] == ["bad_json", "invalid"]
    assert (SENTENCE in answers[1].json["error"]["message"]) is (bad == "\x00")


@BOTH
@pytest.mark.parametrize("bad", ["\x00", HALF])
def test_an_imported_archive(app, bad):
    [curator, *_] = curators()
    before = trail_rows()
    data = changed(AWAY.read_bytes(), "archive.json", about(host=f"外地{bad}工会"))

    with pytest.raises(Unstorable, match="After “外地” stands"):
        whole_actions.bring_in(curator, data, "ledger.zip")

    assert (db.session.scalar(select(WholeContest.id)), trail_rows()) == (None, before)
