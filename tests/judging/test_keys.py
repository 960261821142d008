"""Tablets sign what is marked on them: what the server takes, stores and refuses."""

import json
from datetime import timedelta

import pytest

from contest import clock
from contest.audit.device_signatures import what_differs
from contest.audit.models import TrailRow
from contest.audit.work import work
from contest.db import db
from contest.judging import chief_actions, key_actions, key_queries
from contest.judging.key_models import DeviceKey, DeviceRuling
from contest.judging.ledger import add_revision
from contest.judging.models import SheetRevision
from contest.judging.tablet_actions import note_start
from contest.judging.tablet_models import RefusedOperation
from contest.setup.procedure_rules import stored_form
from tests import factories
from tests.audit.tampering import drop_guards, run
from tests.judging.keyed import KeyedTablet
from tests.judging.panels import RISK, make_panel
from tests.judging.tablets import carry, file_of

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
def panel(app):
    note_start()
    return make_panel()


@pytest.fixture
def chief(as_role, panel):
    return as_role("chief_judge", panel.contest)


@pytest.fixture
def tablet(app, panel):
    user = db.session.get(factories.User, panel.judges[0].user_id)
    return KeyedTablet(factories.browser_of(app, user), user.id)


@pytest.fixture
def known(tablet):
    assert tablet.show().status_code == 200
    return tablet


def rule(chief, panel, act, **form):
    return chief.post(f"/contests/{panel.contest.id}/chief/keys/{act}", data={"word": factories.WORD} | form)


def rows():
    return db.session.query(SheetRevision).order_by(SheetRevision.id).all()


@BOTH
def test_a_signed_mark_is_stored_with_what_was_signed(known, panel):
    answer = known.send(panel.sheet().id, kind="submit", marks=RISK)

    assert answer.status_code == 200
    row, = rows()
    assert row.signer == known.public
    assert row.signed.startswith("contest-operation/1\n")
    assert json.loads(row.signed.split("\n", 4)[4])["op_id"] == row.op_id
    assert what_differs(vars(row)) == ""


def test_a_key_that_the_server_does_not_know_is_asked_for_and_nothing_is_stored(tablet, panel):
    text = tablet.make()

    answer = tablet.send(panel.sheet().id, text)

    assert (answer.status_code, answer.json["error"]["code"]) == (412, "unknown_key")
    assert rows() == []
    tablet.show()
    assert tablet.send(panel.sheet().id, text).status_code == 200


@pytest.mark.parametrize("change", ["body", "sheet", "judge", "signature"])
def test_a_signature_of_something_else_is_refused_and_kept_for_the_chief_judge(known, panel, change):
    sheet, other = panel.sheet().id, panel.sheet(entrant=1).id
    text = known.make()
    headers = known.headers(sheet, text)
    if change == "body":
        text = text.replace('"8.5"', '"9.5"')
    elif change == "sheet":
        sheet = other
    elif change == "judge":
        known.user_id += 1
        headers = known.headers(sheet, text)
    else:
        headers["X-Signature"] = "A" * 86

    answer = known.send(sheet, text, headers)

    assert answer.status_code == 403
    assert "not that of this tablet's key" in answer.json["error"]["message"]
    assert rows() == []
    assert db.session.query(RefusedOperation).one().op_id == json.loads(text)["op_id"]


def test_a_key_is_written_down_once_and_only_when_the_tablet_holds_it(tablet, panel):
    assert tablet.show().json == {"key": tablet.short}
    assert tablet.show().json == {"key": tablet.short}

    other = KeyedTablet(tablet.client, tablet.user_id)
    refused = tablet.show(public=other.public)
    nonsense = tablet.show(public="AAAA")

    assert (refused.status_code, nonsense.status_code) == (422, 422)
    assert "not a key that the tablet holds" in refused.json["error"]["message"]
    assert db.session.query(DeviceKey).count() == 1
    assert db.session.query(TrailRow).filter_by(did="tablet.key").count() == 1


def test_a_browser_that_forgets_its_key_for_ever_is_stopped(tablet, monkeypatch):
    monkeypatch.setattr("contest.judging.key_rules.MOST_KEYS", 1)
    assert tablet.show().status_code == 200

    second = KeyedTablet(tablet.client, tablet.user_id)
    answer = second.show()

    assert answer.status_code == 409
    assert db.session.query(DeviceKey).count() == 1


def test_unsigned_marks_are_taken_until_the_chief_judge_asks_for_signatures(known, chief, panel):
    plain = {"X-Contest": "1"}
    first = known.send(panel.sheet().id, headers=plain)

    asked = rule(chief, panel, "ask")
    second = known.send(panel.sheet(entrant=1).id, headers=plain)

    assert (first.status_code, asked.status_code) == (200, 303)
    assert (second.status_code, second.json["error"]["code"]) == (412, "not_signed")
    assert len(rows()) == 1
    assert db.session.query(RefusedOperation).count() == 0  # it is not given up: the tablet sends it again


@BOTH
def test_where_signatures_are_asked_for_the_tablet_must_be_admitted(known, chief, panel):
    rule(chief, panel, "ask")
    text = known.make(kind="submit", marks=RISK)

    before = known.send(panel.sheet().id, text)
    admitted = rule(chief, panel, "admit", key=known.short)
    after = known.send(panel.sheet().id, text)
    rule(chief, panel, "withdraw", key=known.short, reason="lent to nobody knows whom")
    again = known.send(panel.sheet().id, text)
    later = known.send(panel.sheet(entrant=1).id)

    assert (before.status_code, before.json["error"]["code"]) == (412, "not_admitted")
    assert known.short[:4].upper() in before.json["error"]["message"]
    assert (admitted.status_code, after.status_code) == (303, 200)
    assert (again.status_code, again.json["replayed"]) == (200, True)
    assert (later.status_code, later.json["error"]["code"]) == (412, "not_admitted")
    assert len(rows()) == 1
    assert [row.kind for row in db.session.query(DeviceRuling).order_by(DeviceRuling.id)] == [
        "ask", "admit", "withdraw",
    ]


def test_a_plain_form_is_told_why_and_keeps_what_was_typed(known, chief, panel):
    rule(chief, panel, "ask")
    sheet = panel.sheet()

    answer = known.client.post(f"/judging/sheets/{sheet.id}", data={
        "op_id": json.loads(known.make())["op_id"], "base_rev": "0", "mark-A1": "7.5",
    })

    assert answer.status_code == 412
    assert "takes only marks that their tablet has signed" in answer.text
    assert 'value="7.5"' in answer.text
    assert rows() == []


def test_only_the_chief_judge_with_the_password_rules_on_keys(known, chief, panel, as_role):
    wrong = rule(chief, panel, "admit", key=known.short, word="guess")
    nothing = rule(chief, panel, "admit")
    foreign = rule(chief, panel, "admit", key="0" * 16)
    no_reason = rule(chief, panel, "ask-no-more")
    watcher = as_role("supervisor", panel.contest)

    assert [one.status_code for one in (wrong, nothing, foreign)] == [422, 422, 422]
    assert "Choose at least one tablet." in nothing.text
    assert "not of a tablet of this contest" in foreign.text
    assert no_reason.status_code == 422
    assert rule(watcher, panel, "ask").status_code == 403
    assert watcher.get(f"/contests/{panel.contest.id}/chief/keys").status_code == 200
    assert db.session.query(DeviceRuling).count() == 0


def test_asking_twice_and_after_the_end_is_refused(chief, panel):
    assert rule(chief, panel, "ask").status_code == 303
    assert rule(chief, panel, "ask").status_code == 409
    assert rule(chief, panel, "ask-no-more", reason="the school has no https").status_code == 303
    panel.contest.state = "final"
    db.session.commit()

    assert rule(chief, panel, "ask").status_code == 409


def test_a_file_brings_the_signatures_and_the_key_that_nobody_has_seen(tablet, chief, panel):
    rule(chief, panel, "ask")
    beat = {"v": 2, "device_id": tablet.device, "name": "7F3K", "now": "2026-11-23T04:00:00+00:00", "made": 3}
    tablet.client.post("/api/v1/tablets", json=beat, headers={"X-Contest": "1"})
    text = tablet.make(kind="submit", marks=RISK)
    sheet = panel.sheet().id
    sent = tablet.headers(sheet, text)
    entry = {"sheet": sheet, "body": json.loads(text), "text": text, "key": sent["X-Key"],
             "signature": sent["X-Signature"]}
    where = tablet.here()["X-Installation"]
    shown = {"public": tablet.public, "signature": tablet.sign(
        f"contest-key/1\n{where}\n{tablet.device}\n{tablet.public}")}
    a_file = {"operations": [entry], "key": shown, "installation": where}

    first = carry(chief, panel, file_of(panel, **a_file))
    rule(chief, panel, "admit", key=tablet.short)
    second = carry(chief, panel, file_of(panel, **a_file))
    entry["text"] = text.replace("8.5", "9.5")
    other = carry(chief, panel, file_of(panel, **a_file))

    assert "has not admitted this tablet" in first.text
    assert second.status_code == 200
    assert [what_differs(vars(row)) for row in rows()] == [""]
    assert other.status_code == 422
    assert "operations.0 is not as agreed" in other.text


def test_a_mark_that_somebody_puts_into_the_database_holds_the_results_back(known, chief, panel):
    panel.contest.procedure = stored_form(factories.BY_WORD)
    db.session.commit()
    rule(chief, panel, "admit", key=known.short)
    rule(chief, panel, "ask")
    clock.stand_still(clock.now() + timedelta(minutes=1))
    known.send(panel.sheet().id, kind="submit", marks=RISK)
    assert key_queries.signed_of(panel.contest.id).admitted == 1
    drop_guards()
    run("UPDATE sheet_revision SET marks = :marks", marks='{"A1": "9.5", "A2": {"0": 1}}')

    found = key_queries.signed_of(panel.contest.id)
    problems = []
    key_queries.hold_until_signed("publish", panel.contest.id, "provisional", problems)
    page = chief.get(f"/contests/{panel.contest.id}/chief/keys").text

    assert (found.admitted, len(found.wrong), len(found.unvouched)) == (0, 1, 1)
    assert [note.text[:40] for note in problems] == [
        "Sheets whose marks are not those that th", "Sheets that no admitted tablet has signe",
    ]
    assert {note.kind for note in problems} == {"todo"}
    assert "What stands in the database is not what the tablet signed" in page


def test_a_confirmation_of_other_marks_than_were_handed_in_holds_the_results_back(known, chief, panel):
    known.send(panel.sheet().id, kind="submit", marks=RISK)
    actor = factories.make_official("chief judge", "chief_judge", contest=panel.contest)
    chief_actions.reopen_sheet(actor, panel.contest.id, panel.sheet().id, "looked at again")
    answer = known.send(panel.sheet().id, kind="submit", base_rev=2, marks=RISK | {"A1": "7"})
    version = rows()[0].plan_version_id
    with work(actor, "thing.do", contest_id=panel.contest.id):
        add_revision(actor, panel.sheet(), "confirm", RISK | {"A1": "10"}, version)

    assert answer.json["state"] == "resubmitted"
    assert len(key_queries.signed_of(panel.contest.id).wrong) == 1
    problems = []
    key_queries.hold_until_signed("publish", panel.contest.id, "provisional", problems)
    assert "not those that their tablet signed" in problems[0].text


def test_what_was_handed_in_unsigned_before_is_no_reason_to_wait(known, chief, panel):
    known.send(panel.sheet().id, headers={"X-Contest": "1"}, kind="submit", marks=RISK)
    rule(chief, panel, "ask")

    found = key_queries.signed_of(panel.contest.id)

    assert (found.unsigned, found.unvouched) == (1, ())


def test_two_judges_who_show_one_tablet_at_once_make_one_row(known, panel):
    actor = factories.make_official("judge two", "judge", contest=panel.contest)
    short = key_actions.show_key(
        actor, known.device, "", known.public,
        known.sign(f"contest-key/1\n{known.here()['X-Installation']}\n{known.device}\n{known.public}"),
    )

    assert short == known.short
    assert db.session.query(DeviceKey).count() == 1
