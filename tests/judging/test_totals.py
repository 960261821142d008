"""Live reconciliation (reliability.md, 4.8.9): tablet and server reckon one code over what was handed in."""

import pytest
from sqlalchemy import text

from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.judging import chief_actions, total_queries
from contest.judging.models import Sheet, SheetRevision
from contest.judging.total_models import SheetTotal
from contest.judging.total_rules import (
    Held,
    Told,
    code_of,
    compare,
    plain_mark,
    sheet_digest,
    total_digest,
)
from tests import factories
from tests.audit.tampering import drop_guards
from tests.judging.panels import RISK, make_panel, mark
from tests.judging.tablets import DEVICE, HEADERS, made, send

OP = "2f6c5f0e-0000-4000-8000-000000000001"


@pytest.fixture
def panel(app):
    return make_panel()


@pytest.fixture
def tablet(app, panel):
    return factories.browser_of(app, db.session.get(factories.User, panel.judges[0].user_id))


def tell(client, contest_id, sheets, **changes):
    body = {
        "v": 1, "device_id": DEVICE, "name": "7F3K",
        "contests": [{"contest": contest_id, "sheets": [
            {"sheet": sheet, "rev": rev, "digest": digest} for sheet, rev, digest in sheets
        ]}],
    } | changes
    return client.post("/api/v1/tablets/totals", json=body, headers=HEADERS)


def hand_in(client, sheet_id, seq=1, marks=RISK, base_rev=0):
    """A tablet hands a sheet in; what it keeps of it: (sheet, revision, digest), from what it sent."""
    body = made(seq, base_rev, "submit", marks)
    answer = send(client, sheet_id, body)
    assert answer.status_code == 200, answer.json
    return sheet_id, answer.json["rev"], sheet_digest(sheet_id, answer.json["rev"], body["op_id"], marks)


CHIEF = Actor(None, "chief")


def outcome(panel):
    db.session.expire_all()
    row = db.session.query(SheetTotal).filter_by(contest_id=panel.contest.id).one()
    return {name: ids for name, ids in row.found.items() if ids}


@pytest.mark.parametrize(("sent", "stored"), [
    ("9.50", "9.5"), ("９．５", "9.5"), (" 08 ", "8"), ("+3", "3"), ("-0.00", "0"), ("-1.20", "-1.2"),
    ("100", "100"), ("0.0000", "0"), (3, "3"), ("3", 3), ("DNF", "x"), ("×", "x"),
    (["5.870", "X", None], ["5.87", "x"]), ([None, "2"], [None, "2", None]), ([True, False], [True, False]),
    ({"1": 2, "0": 0}, {"1": 2}), ({10: 1, 2: 1}, {"2": 1, "10": 1}), ({}, {}), ("A", "A"),
])
def test_what_is_sent_and_what_is_stored_are_one_mark(sent, stored):
    assert plain_mark(sent) == plain_mark(stored) is not None


@pytest.mark.parametrize(("one", "other"), [
    ("9.5", "9.05"), ("1", "10"), ("5", "-5"), ([True], [False]), ([True, None], [None, True]),
    ({"0": 1}, {"1": 1}), ({"0": 1}, {"0": 2}), ({}, None), ("0", None), ("x", "0"), (False, None),
    (["1", "2"], ["2", "1"]), (["1"], "1"),
])
def test_different_marks_stay_different(one, other):
    assert plain_mark(one) != plain_mark(other)
    assert sheet_digest(1, 1, OP, {"A": one, "B": "1"}) != sheet_digest(1, 1, OP, {"A": other, "B": "1"})


def test_what_is_not_marked_is_left_out_and_the_order_of_aspects_is_none():
    assert sheet_digest(7, 2, OP, {"B": "1", "A": None}) == sheet_digest(7, 2, OP, {"A": "", "B": "1.0"})


def test_sheet_revision_and_operation_are_part_of_it():
    digests = {
        sheet_digest(1, 1, OP, RISK), sheet_digest(2, 1, OP, RISK), sheet_digest(1, 2, OP, RISK),
        sheet_digest(1, 1, OP.replace("2f", "3f"), RISK),
    }
    assert len(digests) == 4


def test_the_vectors_of_the_protocol():
    """As docs/protocol.md has them: whoever writes another tablet starts here."""
    one = sheet_digest(12, 3, OP, {"A2": {"0": 1}, "A1": "9.50", "A3": [True, False], "A4": None})
    assert one == "2eef44f74fa1952474e16fc91c181bbd6f56b9ce3981e05c1ec97d66c4c08785"
    assert code_of(total_digest({12: one, 2: one})) == "C6-XV-3H"


def test_each_sheet_is_equal_elsewhere_missing_or_differs():
    told = [Told(1, 3, "a"), Told(2, 3, "a"), Told(3, 3, "a"), Told(4, 3, "a"), Told(5, 3, "a")]
    held = {1: Held(1, 4, 3, "a"), 2: Held(2, 3, 3, "b"), 3: Held(3, 2), 4: Held(4, 4),
            6: Held(6, 1, 1, "c"), 7: Held(7, 1)}

    found = compare(told, held)

    assert (found.equal, found.differing, found.missing, found.elsewhere, found.untold) == (
        (1,), (2,), (3, 5), (4,), (6,))
    assert found.is_alarm and not found.is_whole


def test_tablet_and_server_agree_and_say_how_many_there_are(tablet, panel):
    kept = [hand_in(tablet, panel.sheet(n).id, n + 1) for n in range(2)]

    answer = tell(tablet, panel.contest.id, kept)

    assert answer.status_code == 200
    [one] = answer.json["contests"]
    assert one["digest"] == total_digest({sheet: digest for sheet, _, digest in kept})
    handed = {(row["sheet"], row["rev"], row["digest"]) for row in one["sheets"] if row["rev"]}
    assert handed == set(kept)
    assert one["count"] == len(one["sheets"]) == 6  # three of each module
    assert outcome(panel) == {"equal": [sheet for sheet, _, _ in kept]}


def test_a_confirmation_changes_nothing_and_an_opened_sheet_counts_no_more(tablet, panel):
    kept = hand_in(tablet, panel.sheet().id)
    chief_actions.reopen_sheet(CHIEF, panel.contest.id, kept[0], "one line was overlooked")
    assert tell(tablet, panel.contest.id, [kept]).json["contests"][0]["sheets"][0]["rev"] == 0
    assert outcome(panel) == {"elsewhere": [kept[0]]}

    again = hand_in(tablet, kept[0], 2, RISK, base_rev=2)
    tell(tablet, panel.contest.id, [again])

    assert outcome(panel) == {"equal": [kept[0]]}
    assert again[1] == 3


def test_what_another_tablet_or_a_plain_page_handed_in_is_untold_and_no_alarm(tablet, panel):
    kept = hand_in(tablet, panel.sheet().id)
    mark(panel, RISK, entrant=1)

    tell(tablet, panel.contest.id, [kept])

    assert outcome(panel) == {"equal": [kept[0]], "untold": [panel.sheet(1).id]}
    assert db.session.query(TrailRow).filter_by(did="tablet.total").count() == 0


def test_marks_changed_in_the_database_are_an_alarm_told_once(tablet, panel):
    kept = hand_in(tablet, panel.sheet().id)
    drop_guards()
    db.session.execute(text("UPDATE sheet_revision SET marks = '{\"A1\": \"10\", \"A2\": {}}'"))
    db.session.commit()

    for _ in range(2):
        assert tell(tablet, panel.contest.id, [kept]).status_code == 200

    assert outcome(panel) == {"differing": [kept[0]]}
    [row] = db.session.query(TrailRow).filter_by(did="tablet.total")
    assert (row.contest_id, row.facts) == (panel.contest.id, {"sheets": [kept[0]]})


def test_what_a_restore_lost_is_missing_until_it_is_offered_again(tablet, panel):
    sheet_id = panel.sheet().id
    first = send(tablet, sheet_id, made(1, 0, "draft", RISK))
    kept = hand_in(tablet, sheet_id, 2, base_rev=first.json["rev"])
    drop_guards()
    db.session.execute(text("DELETE FROM sheet_revision WHERE rev = 2"))
    db.session.execute(text("UPDATE sheet SET rev = 1, state = 'draft' WHERE id = :one"), {"one": sheet_id})
    db.session.commit()

    tell(tablet, panel.contest.id, [kept])

    assert outcome(panel) == {"missing": [sheet_id]}


def test_a_sheet_that_went_to_another_judge_is_elsewhere(tablet, panel):
    kept = hand_in(tablet, panel.sheet().id)
    chief_actions.reopen_sheet(CHIEF, panel.contest.id, kept[0], "handed to another")
    third = factories.make_judge(panel.contest)
    db.session.execute(db.update(Sheet).where(Sheet.id == kept[0]).values(judge_id=third.id))
    db.session.commit()

    tell(tablet, panel.contest.id, [kept])

    assert outcome(panel) == {"elsewhere": [kept[0]]}
    [total] = [one for one in total_queries.totals_of(panel.judges[0].user_id)]
    assert kept[0] not in total.held


def test_another_contest_or_judge_is_neither_told_nor_asked(tablet, panel):
    """What a tablet says of a contest that its judge is not in is dropped."""
    foreign = make_panel(1)
    mark(foreign, RISK)

    answer = tell(tablet, foreign.contest.id, [(foreign.sheet().id, 1, "0" * 64)])

    assert [one["contest"] for one in answer.json["contests"]] == [panel.contest.id]
    assert db.session.query(SheetTotal).count() == 0


def test_told_of_a_colleagues_sheet_its_content_is_not_given_out(tablet, panel):
    mark(panel, RISK, seat=2)
    theirs = panel.sheet(0, 2).id

    answer = tell(tablet, panel.contest.id, [(theirs, 1, "0" * 64)])

    [row] = [one for one in answer.json["contests"][0]["sheets"] if one["sheet"] == theirs]
    assert (row["rev"], row["digest"]) == (0, "")


@pytest.mark.parametrize("changes", [
    {"v": 2}, {"device_id": "x"}, {"name": ""}, {"more": 1},
    {"contests": [{"contest": 1, "sheets": [{"sheet": 1, "rev": 0, "digest": "0" * 64}]}]},
    {"contests": [{"contest": 1, "sheets": [{"sheet": 1, "rev": 1, "digest": "A" * 64}]}]},
])
def test_what_is_not_as_agreed_is_refused_and_nothing_kept(tablet, panel, changes):
    assert tell(tablet, panel.contest.id, [], **changes).status_code == 422
    assert db.session.query(SheetTotal).count() == 0


def test_only_pages_of_ours_may_ask(tablet, panel):
    body = {"v": 1, "device_id": DEVICE, "name": "7F3K", "contests": []}
    assert tablet.post("/api/v1/tablets/totals", json=body).status_code == 403
    assert tablet.post("/api/v1/tablets/totals", json=body,
                       headers=HEADERS | {"X-Installation": "other"}).status_code == 412


def test_the_list_shows_the_servers_code_and_a_copy_does_not(tablet, panel):
    hand_in(tablet, panel.sheet().id)
    [total] = total_queries.totals_of(panel.judges[0].user_id)

    page, copy = tablet.get("/judging").text, tablet.get("/judging?copy=1").text

    assert "1 of 6 sheets stored" in page and total.code in page
    assert total.code not in copy and "data-total-of" in copy


def test_the_chief_sees_each_judge_and_what_the_tablets_told(tablet, panel, as_role):
    kept = hand_in(tablet, panel.sheet().id)
    mark(panel, RISK, seat=2)
    chief = as_role("chief_judge", panel.contest)
    address = f"/contests/{panel.contest.id}/chief/tablets"
    assert "no tablet has compared yet" in chief.get(address).text

    tell(tablet, panel.contest.id, [kept])
    page = chief.get(address).text
    [total] = total_queries.totals_of(panel.judges[0].user_id)
    assert page.count(total.code) == 2 and "badge-good" in page and "1 / 6" in page

    hand_in(tablet, panel.sheet(1).id, 2)
    assert "compared before the latest change" in chief.get(address).text
    tell(tablet, panel.contest.id, [(kept[0], 1, "0" * 64)])
    assert f"not equal: sheets {kept[0]}" in chief.get(address).text


def test_the_code_of_one_mark_cannot_be_guessed_without_the_operation(panel):
    """Whoever sees codes and marks too must not read a colleague's mark out of them by trying all."""
    mark(panel, RISK)
    [total] = total_queries.totals_of(panel.judges[0].user_id)
    row = db.session.query(SheetRevision).one()
    guessed = {total_digest({row.sheet_id: sheet_digest(row.sheet_id, 1, other, row.marks)})
               for other in ("", OP, row.fingerprint)}

    assert total.digest not in guessed
    assert total.digest == total_digest({row.sheet_id: sheet_digest(row.sheet_id, 1, row.op_id, row.marks)})
