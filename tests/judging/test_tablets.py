"""Tablets: order numbers, pulses, the server's epoch, a restored backup, files, reports."""

import io
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from contest import clock
from contest.accounts.models import Grant
from contest.audit.models import TrailRow
from contest.db import db
from contest.judging import tablet_actions
from contest.judging.models import Sheet, SheetRevision
from contest.judging.tablet_models import SheetFlag, Tablet
from contest.setup.procedure_rules import SHORT, stored_form
from tests import factories
from tests.conftest import NOON
from tests.judging.panels import DRILL, RISK, make_panel, mark
from tests.judging.tablets import DEVICE, beat, carry, file_of, made, report, send


@pytest.fixture
def panel(app):
    return make_panel()


@pytest.fixture
def tablet(app, panel):
    return factories.browser_of(app, db.session.get(factories.User, panel.judges[0].user_id))


@pytest.fixture
def chief(as_role, panel):
    return as_role("chief_judge", panel.contest)


def ledger():
    rows = db.session.query(SheetRevision).order_by(SheetRevision.sheet_id, SheetRevision.rev)
    return [(r.sheet_id, r.rev, r.kind, r.op_id, r.marks, r.device_id, r.device_seq) for r in rows]


def test_the_ledger_keeps_device_and_order_number_and_old_tablets_are_still_understood(tablet, panel):
    sheet_id = panel.sheet().id

    assert send(tablet, sheet_id, made(1)).status_code == 200
    old = made(2, base_rev=1)
    for new in ("v", "device_id", "device_seq"):
        del old[new]
    assert send(tablet, sheet_id, old).status_code == 200

    assert [row[5:] for row in ledger()] == [(DEVICE, 1), ("", None)]


@pytest.mark.parametrize("change", [
    {"device_seq": None}, {"device_id": ""}, {"device_seq": 0}, {"device_id": "ZZ"}, {"v": 3},
])
def test_half_an_identity_or_an_unknown_protocol_is_refused(tablet, panel, change):
    answer = send(tablet, panel.sheet().id, made(1) | change)

    assert answer.status_code == 422
    assert "not as agreed" in answer.json["error"]["message"]


def test_the_same_id_from_another_place_in_the_order_is_another_content(tablet, panel):
    body = made(1)
    send(tablet, panel.sheet().id, body)

    assert send(tablet, panel.sheet().id, body | {"device_seq": 2}).status_code == 422
    assert send(tablet, panel.sheet().id, body).json["replayed"] is True


def test_a_pulse_says_where_every_sheet_stands_and_which_start_of_the_server_answers(tablet, panel):
    tablet_actions.note_start()
    mark(panel, {"A1": "3"}, "draft")

    first = beat(tablet).json
    tablet_actions.note_start()
    second = beat(tablet).json

    own = {str(s.id): s.rev for s in db.session.query(Sheet).filter_by(judge_id=panel.judges[0].id)}
    assert first["revs"] == own and own[str(panel.sheet().id)] == 1
    assert first["epoch"] and first["epoch"] != second["epoch"]
    assert (first["offset_s"], first["clock"], first["over"]) == (0, "", [])
    row = db.session.query(Tablet).one()
    assert (row.battery, row.made, row.keeps_pages) == (80, 3, True)


def test_a_contest_that_is_over_frees_the_tablet(tablet, panel):
    panel.contest.state = "final"
    db.session.commit()

    told = beat(tablet).json

    assert (told["over"], told["revs"]) == ([panel.contest.id], {})


@pytest.mark.parametrize(("now", "word", "is_noted"), [
    ("2026-11-24T04:00:00+00:00", "ahead by 24 h 0 min", True),
    ("2026-11-22T04:00:00+00:00", "behind by 24 h 0 min", True),
    ("2026-11-23T04:00:42+00:00", "ahead by 42 s", False),
    ("2026-11-23T04:00:20+00:00", "", False),
])
def test_a_wrong_clock_is_said_and_changes_nothing(tablet, chief, panel, now, word, is_noted):
    for _ in range(2):
        told = beat(tablet, now=now).json
    assert word in told["clock"] and bool(word) == bool(told["clock"])
    assert db.session.query(TrailRow).filter_by(did="tablet.clock").count() == int(is_noted)
    page = chief.get(f"/contests/{panel.contest.id}/chief").text
    assert ("24 h 0 min" in page) == is_noted

    # The tablet says the earlier of the two was made a day later: arrival decides.
    send(tablet, panel.sheet().id, made(1, entered_at="2026-11-25T12:00:00+08:00"))
    send(tablet, panel.sheet().id, made(2, 1, marks={"A1": "2"}, entered_at="2026-11-22T12:00:00+08:00"))
    assert panel.sheet().marks == {"A1": "2"}


def test_the_second_tablet_of_a_judge_hears_of_the_first(tablet, panel):
    sheet_id = panel.sheet().id
    other = "fedcba9876543210"
    assert beat(tablet, sheet=sheet_id).json["elsewhere"] == []

    told = beat(tablet, device_id=other, name="9A1B", sheet=sheet_id).json
    assert told["elsewhere"] == ["This sheet is also open on tablet 7F3K, since 2026-11-23 12:00."]

    clock.stand_still(NOON + timedelta(minutes=3))
    assert beat(tablet, device_id=other, name="9A1B", sheet=sheet_id).json["elsewhere"] == []


def test_the_chief_sees_each_tablet_and_what_it_has_not_sent(tablet, chief, panel):
    beat(tablet, unsent=2, battery=9, keeps_pages=False)
    page = chief.get(f"/contests/{panel.contest.id}/chief/tablets").text

    assert "7F3K" in page and panel.judges[0].name in page
    assert "9 %" in page and "low" in page and "only the page that is open" in page


def restore(copy):
    """The tables as they were in an earlier copy of the database."""
    db.session.remove()
    db.engine.dispose()
    path = db.engine.url.database
    with open(path, "wb") as file:
        file.write(copy)
    for ending in ("-wal", "-shm"):
        Path(path + ending).unlink(missing_ok=True)


def copy_now():
    """The database as it stands, as a backup has it."""
    db.session.commit()
    db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    db.session.remove()
    db.engine.dispose()
    return Path(db.engine.url.database).read_bytes()


def test_after_a_restore_the_offered_operations_make_the_same_ledger(tablet, panel):
    """What the tablet keeps is sent again in its order; what the server still knows is not doubled."""
    tablet_actions.note_start()
    first, second = panel.sheet(0).id, panel.sheet(1).id
    epoch = beat(tablet).json["epoch"]
    done = [(first, made(1)), (second, made(2))]
    for sheet_id, body in done:
        assert send(tablet, sheet_id, body, epoch).status_code == 200
    copy = copy_now()
    later = [(first, made(3, 1, "submit", RISK)), (second, made(4, 1, marks={"A1": "2"})),
             (second, made(5, 2, "submit", RISK))]
    for sheet_id, body in later:
        assert send(tablet, sheet_id, body, epoch).status_code == 200
    before = ledger()

    restore(copy)
    tablet_actions.note_start()
    told = beat(tablet).json
    assert told["epoch"] != epoch
    assert (told["revs"][str(first)], told["revs"][str(second)]) == (1, 1)
    answers = [
        send(tablet, sheet_id, body, told["epoch"]).json for sheet_id, body in done + later
    ]

    assert [answer["replayed"] for answer in answers] == [True, True, False, False, False]
    assert ledger() == before


def test_new_marks_wait_until_the_tablet_has_met_the_server_that_answers(tablet, panel):
    """Another tablet has filled the same revision meanwhile: without this they would be covered unseen."""
    tablet_actions.note_start()
    epoch, sheet_id = beat(tablet).json["epoch"], panel.sheet().id
    copy = copy_now()
    accepted, new = made(1), made(2, 1, marks={"A1": "2"})
    assert send(tablet, sheet_id, accepted, epoch).status_code == 200
    restore(copy)
    tablet_actions.note_start()
    now = beat(tablet).json["epoch"]
    other = made(1, marks={"A1": "3"}, device_id="fedcba9876543210")
    assert send(tablet, sheet_id, other, now).status_code == 200
    before = ledger()

    answer = send(tablet, sheet_id, new, epoch)

    assert answer.status_code == 412
    assert answer.json["error"]["code"] == "set_back"
    assert "first offers again what was accepted" in answer.json["error"]["message"]
    assert answer.json["epoch"] == now != epoch
    # It does what it was told, and hears what stands in its way.
    assert send(tablet, sheet_id, accepted, answer.json["epoch"]).status_code == 409
    assert ledger() == before


@pytest.mark.parametrize(("said", "status"), [("-", 412), ("another", 412), (None, 200)])
def test_whoever_has_met_no_start_of_the_server_is_told_it_and_old_tablets_are_let_in(
    tablet, panel, said, status
):
    tablet_actions.note_start()

    answer = send(tablet, panel.sheet().id, made(1), said)

    assert answer.status_code == status
    assert panel.sheet().rev == (1 if status == 200 else 0)
    if status == 412:
        again = send(tablet, panel.sheet().id, made(1), answer.json["epoch"])
        assert (again.status_code, again.json["rev"]) == (200, 1)


def test_a_start_that_lost_nothing_costs_only_replays(tablet, panel):
    tablet_actions.note_start()
    epoch, sheet_id, first = beat(tablet).json["epoch"], panel.sheet().id, made(1)
    send(tablet, sheet_id, first, epoch)
    tablet_actions.note_start()

    # What is known is known to every start; a refusal comes only when all is offered.
    assert send(tablet, sheet_id, first, epoch).json["replayed"] is True
    new = made(2, 1, marks={"A1": "99"})
    now = send(tablet, sheet_id, new, epoch)
    assert now.status_code == 412
    assert send(tablet, sheet_id, new, now.json["epoch"]).status_code == 422


@pytest.fixture
def alone(tablet, panel):
    """A contest in which one person is enough, and a tablet that said it has made four."""
    panel.contest.procedure = stored_form(SHORT)
    db.session.commit()
    beat(tablet, made=4)


def test_a_file_goes_through_the_same_door_and_the_trail_names_who_brought_it(
    tablet, chief, panel, alone
):
    sheet_id, foreign = panel.sheet().id, panel.sheet(seat=2).id
    draft, submit = made(1), made(2, 1, "submit", RISK)
    bad = made(3, 0, marks={"A1": "99"})
    file = file_of(panel, (sheet_id, submit), (sheet_id, draft), (foreign, made(4)),
                   (panel.sheet(1).id, bad))

    page = carry(chief, panel, file)

    assert page.status_code == 200
    assert page.text.count("Accepted") == 2
    assert "This sheet belongs to another judge." in page.text
    revisions = db.session.query(SheetRevision).order_by(SheetRevision.rev).all()
    assert [(r.kind, r.by_id, r.device_seq) for r in revisions] == [
        ("draft", panel.judges[0].user_id, 1), ("submit", panel.judges[0].user_id, 2),
    ]
    row = db.session.query(TrailRow).filter_by(did="sheet.submit").one()
    assert row.user_id != panel.judges[0].user_id
    assert row.facts["carried_for"] == panel.judges[0].name
    # The tablet came back to life: it hears that everything is here.
    assert send(tablet, sheet_id, submit).json["replayed"] is True


def test_the_same_file_twice_changes_nothing_and_a_broken_one_says_so(chief, panel, alone):
    operation = (panel.sheet().id, made(1))
    carry(chief, panel, file_of(panel, operation))
    before = ledger()

    assert "Was here already" in carry(chief, panel, file_of(panel, operation)).text
    assert ledger() == before
    broken = carry(chief, panel, io.BytesIO(b"{}"))
    assert broken.status_code == 422
    assert "not as agreed" in broken.text
    assert carry(chief, panel, file_of(panel, (10_000, made(2)))).text.count("There is no such sheet") == 1


def test_something_is_wrong_here_reaches_the_chief_and_the_answer_the_judge(tablet, chief, panel):
    sheet_id = panel.sheet().id
    body = {"op_id": "5b0e7f7e-9c1c-4b43-9d0f-0d6f7c0f4f11"}
    assert report(tablet, sheet_id, **body).json["replayed"] is False
    assert report(tablet, sheet_id, **body).json["replayed"] is True
    assert report(tablet, sheet_id, **body, text="other").status_code == 422
    desk = chief.get(f"/contests/{panel.contest.id}/chief").text
    assert "701" in desk and "The work is missing, damaged or mixed up" in desk
    flag = db.session.query(SheetFlag).one()
    address = f"/contests/{panel.contest.id}/chief/flags/{flag.id}"

    assert chief.post(address, data={"reason": " "}).status_code == 422
    assert chief.post(address, data={"reason": "Mark what is there."}).status_code == 303
    assert chief.post(address, data={"reason": "Twice"}).status_code == 409

    assert beat(tablet).json["answers"] == [{
        "op_id": body["op_id"], "sheet": sheet_id, "answer": "Mark what is there.",
        "at": NOON.isoformat(),
    }]
    assert "Mark what is there." in tablet.get(f"/judging/sheets/{sheet_id}").text
    assert flag.text not in chief.get(f"/contests/{panel.contest.id}/chief").text


@pytest.mark.parametrize("change", [{"reason": "nonsense"}, {"reason": "other", "text": " "}])
def test_a_report_needs_a_reason(tablet, panel, change):
    assert report(tablet, panel.sheet().id, **change).status_code == 422
    assert db.session.query(SheetFlag).count() == 0


def test_a_report_is_the_own_judges_also_on_a_closed_sheet(app, tablet, panel):
    mark(panel, RISK)
    other = factories.browser_of(app, db.session.get(factories.User, panel.judges[1].user_id))

    assert report(tablet, panel.sheet().id, reason="mistake").status_code == 200
    assert report(other, panel.sheet().id).status_code == 403
    assert report(other, 10_000).status_code == 404


def test_who_lost_the_role_or_the_sheet_hears_of_a_report_that_was_kept_and_brings_no_new_one(tablet, panel):
    sheet = panel.sheet(module="drill")
    known = {"op_id": made(1)["op_id"], "device_seq": 1}
    assert report(tablet, sheet.id, **known).status_code == 200
    sheet.judge_id = panel.judges[1].id
    db.session.query(Grant).filter_by(user_id=panel.judges[0].user_id, role="judge").delete()
    db.session.commit()

    again, new = report(tablet, sheet.id, **known), report(tablet, panel.sheet(1).id)

    assert (again.status_code, again.json["replayed"]) == (200, True)
    assert new.status_code == 403
    assert "no longer a judge of this contest" in new.json["error"]["message"]
    assert db.session.query(SheetFlag).count() == 1


def test_the_pages_that_a_tablet_keeps_name_nobody(tablet, panel):
    """Also in an open module, whose own page does name its contestants."""
    mark(panel, DRILL, module="drill")
    addresses = ["/judging", "/judging/tablet", *(
        f"/judging/sheets/{sheet.id}"
        for sheet in db.session.query(Sheet).filter_by(judge_id=panel.judges[0].id)
    )]
    secrets = [e.human.name for e in panel.entrants] + [e.organisation.name for e in panel.entrants]
    open_pages = "".join(tablet.get(address).text for address in addresses)
    assert panel.entrants[0].human.name in open_pages

    copies = "".join(tablet.get(f"{address}?copy=1").text for address in addresses)

    assert [secret for secret in secrets if secret in copies] == []
    assert panel.entrants[0].number in copies and "701" in copies


def test_the_worker_is_served_where_it_covers_the_judges_pages(client):
    answer = client.get("/judging-worker.js")

    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")


def fill_disk(listen):
    """From now on SQLite may not take one more page, as on a full disk."""

    def limit(connection, _record):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    db.session.remove()
    db.engine.dispose()
    listen(db.engine, "connect", limit)


def test_a_full_disk_is_said_and_never_acknowledged(tablet, panel, listen):
    """Some operations still fit into pages that are there; whoever is refused hears it as it is."""
    sheet_id = panel.sheet().id
    fill_disk(listen)
    acknowledged, refused = [], None
    for seq in range(1, 400):
        answer = send(tablet, sheet_id, made(seq, len(acknowledged), marks={"A1": str(seq % 10)}))
        if answer.status_code != 200:
            refused = answer
            break
        acknowledged.append(answer.json["rev"])

    assert refused.status_code == 503
    assert refused.json["error"]["code"] == "disk_full"
    assert "disk is full" in refused.json["error"]["message"]
    assert refused.headers["X-App"] == "contest" and refused.headers["Retry-After"]
    db.session.remove()
    assert [row[1] for row in ledger()] == acknowledged


def test_a_locked_database_is_said_and_the_operation_can_come_again(tablet, panel, listen):
    """Another program holds the write lock for longer than we wait."""
    body, sheet_id = made(1), panel.sheet().id
    db.session.remove()
    db.engine.dispose()

    def hurry(connection, _record):
        connection.execute("PRAGMA busy_timeout = 20")

    listen(db.engine, "connect", hurry)
    holder = sqlite3.connect(db.engine.url.database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    answer = send(tablet, sheet_id, body)
    holder.rollback()
    holder.close()

    assert (answer.status_code, answer.json["error"]["code"]) == (503, "busy")
    assert send(tablet, sheet_id, body).json["replayed"] is False
