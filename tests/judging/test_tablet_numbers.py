"""Tablets' order numbers against what has arrived; excusing a tablet; two installations at one address."""

import io
import json
from datetime import timedelta

import pytest

from contest import clock
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Conflict, Invalid, Missing, NotAllowed
from contest.judging import number_actions, number_queries, tablet_actions, tablet_queries
from contest.judging.models import SheetRevision
from contest.judging.number_rules import DENIED, LOST, UNSENT
from contest.judging.tablet_models import ServerStart, Tablet, TabletExcuse
from contest.setup.procedure_rules import Procedure, stored_form
from tests import factories
from tests.judging.panels import make_panel
from tests.judging.tablets import DEVICE, HEADERS, beat, made, pulse, report, send

WHY = "The tablet fell into the pool; its judge signed every sheet on paper."


@pytest.fixture
def panel(app):
    return make_panel()


@pytest.fixture
def tablet(app, panel):
    return factories.browser_of(app, db.session.get(factories.User, panel.judges[0].user_id))


@pytest.fixture
def chief(panel):
    return factories.make_official("chief", "chief_judge", contest=panel.contest)


def tells(panel, accepted=(), waiting=(), refused=(), contest=None, others=()):
    """The numbers of a pulse."""
    own = {"contest": panel.contest.id if contest is None else contest,
           "accepted": list(accepted), "waiting": list(waiting), "refused": list(refused)}
    return {"contests": [own], "others": list(others)}


def numbers_of(panel, device=DEVICE):
    rows = number_queries.judge_tablets(panel.contest.id)
    return number_queries.numbers_of(panel.contest.id, rows)[device]


def gate(panel, four_eyes=True):
    """What stands in the way of publishing because of tablets."""
    panel.contest.procedure = stored_form(Procedure("own", four_eyes=four_eyes))
    db.session.commit()
    problems = []
    tablet_queries.hold_until_settled("publish", panel.contest.id, "provisional", problems)
    return [(note.text % note.params, note.kind) for note in problems]


def excuse(panel, actor, seen=None, reason=WHY):
    row = db.session.query(Tablet).filter_by(device_id=DEVICE).first()
    number_actions.excuse_tablet(
        actor, panel.contest.id, row.id, reason, numbers_of(panel).seal if seen is None else seen
    )


@pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
def test_what_arrived_by_every_door_is_no_hole(tablet, panel):
    sheet = panel.sheet().id
    assert send(tablet, sheet, made(1)).status_code == 200
    assert report(tablet, sheet, device_seq=2).status_code == 200
    assert send(tablet, panel.sheet(1).id, made(4)).status_code == 200
    beat(tablet, made=5, numbers=tells(panel, [[1, 2], [4, 4]], [[5, 5]], [[3, 3]]))

    found = numbers_of(panel)
    assert found.held == ((1, 2), (4, 4))
    assert found.missing == {DENIED: (), LOST: (), UNSENT: ((5, 5),)}


def test_another_contest_and_another_judge_of_the_same_tablet_leave_no_hole(app, tablet, panel):
    other = factories.browser_of(app, db.session.get(factories.User, panel.judges[1].user_id))
    send(tablet, panel.sheet().id, made(1))
    send(other, panel.sheet(seat=2).id, made(2))
    beat(tablet, made=2, numbers=tells(panel, [[1, 2]]))
    clock.stand_still(clock.now() + timedelta(minutes=1))
    elsewhere = tells(panel, [[3, 9]], contest=99)["contests"] + tells(panel, [[1, 2]])["contests"]
    beat(other, made=12, numbers={"contests": elsewhere, "others": [[10, 12]]})

    assert numbers_of(panel).missing == {DENIED: (), LOST: (), UNSENT: ()}
    assert gate(panel) == []


def test_a_tablet_that_tells_nothing_is_judged_by_its_counts_as_before(tablet, panel, as_role):
    beat(tablet, made=7)
    assert numbers_of(panel).told is None and gate(panel) == []
    beat(tablet, made=7, unsent=2)
    [(sentence, kind)] = gate(panel)
    assert sentence.endswith(f"in conflict: 7F3K ({panel.judges[0].name}).") and kind == "todo"
    page = as_role("chief_judge", panel.contest).get(f"/contests/{panel.contest.id}/chief/tablets").text
    assert "unknown" in page


def test_numbers_that_were_told_once_are_not_forgotten_by_an_old_page(app, tablet, panel):
    """Another judge's page of an older release is open on the same tablet."""
    beat(tablet, made=3, numbers=tells(panel, [[1, 3]]))
    clock.stand_still(clock.now() + timedelta(minutes=1))
    beat(factories.browser_of(app, db.session.get(factories.User, panel.judges[1].user_id)), made=3)
    assert numbers_of(panel).left[DENIED] == ((1, 3),)


def test_the_gate_names_tablet_judge_and_numbers(tablet, panel):
    send(tablet, panel.sheet().id, made(1))
    beat(tablet, made=9, unsent=1, numbers=tells(panel, [[1, 3]], [[8, 9]], [[4, 4]]))
    judge = panel.judges[0].name

    assert gate(panel) == [
        ("Tablets with something that is not sent, was refused or is in conflict: "
         f"7F3K ({judge}): 8–9.", "todo"),
        ("Operations that tablets made and that never arrived, by order number: "
         f"7F3K ({judge}): 2–3, 5–7.", "todo"),
    ]
    alone = gate(panel, four_eyes=False)
    assert [kind for _, kind in alone] == ["confirm", "confirm"]
    assert alone[1][0] == (
        f"The tablet 7F3K of {judge} made operations that never arrived, by order number: 2–3, 5–7.")


def test_what_waits_is_told_also_when_no_judge_is_at_the_tablet(tablet, panel):
    """The counts are those of the judge who is signed in; another one's operations wait all the same."""
    beat(tablet, made=2, numbers=tells(panel, [], [[1, 2]]))
    [(sentence, _)] = gate(panel)
    assert sentence.endswith("): 1–2.")


def test_an_excuse_opens_the_gate_for_what_was_missing_and_nothing_else(tablet, panel, chief):
    beat(tablet, made=4, unsent=1, numbers=tells(panel, [[1, 2]], [[4, 4]]))
    assert len(gate(panel)) == 2
    excuse(panel, chief)

    assert gate(panel) == [] and numbers_of(panel).is_excused
    [row] = db.session.query(TabletExcuse)
    assert (row.missing, row.reason, row.by_id) == (
        {DENIED: [[1, 2]], LOST: [[3, 3]], UNSENT: [[4, 4]]}, WHY, chief.user_id)
    [trail] = db.session.query(TrailRow).filter_by(did="tablet.excuse")
    told = [trail.facts[name] for name in ("never_seen", "still_waiting", "reason")]
    assert (trail.subject, told) == ("tablet 7F3K", ["1–3", "4", WHY])
    # The same word again changes nothing; one operation more does.
    beat(tablet, made=4, unsent=1, numbers=tells(panel, [[1, 2]], [[4, 4]]))
    assert gate(panel) == []
    beat(tablet, made=5, unsent=1, numbers=tells(panel, [[1, 2]], [[4, 5]]))
    [(sentence, _)] = gate(panel)
    assert "not sent" in sentence and sentence.endswith("): 5.")
    # Number 4 waited when it was excused: the server has taken it since, it says, and does not have it.
    beat(tablet, made=5, numbers=tells(panel, [[1, 2], [4, 4]], [], [[5, 5]]))
    [(sentence, _)] = gate(panel)
    assert "never arrived" in sentence and sentence.endswith("): 4.")


def test_what_arrives_after_all_closes_the_hole(tablet, panel):
    beat(tablet, made=1, numbers=tells(panel, [[1, 1]]))
    assert len(gate(panel)) == 1
    send(tablet, panel.sheet().id, made(1))
    assert gate(panel) == [] and not numbers_of(panel).is_excused


def test_an_excuse_needs_words_the_password_and_the_eyes_on_what_is_missing(tablet, panel, chief):
    beat(tablet, made=4, numbers=tells(panel, [[1, 4]]))
    with pytest.raises(Invalid):
        excuse(panel, chief, reason=" ")
    with pytest.raises(NotAllowed, match="again"):
        excuse(panel, Actor(chief.user_id, chief.name))
    with pytest.raises(NotAllowed, match="again"):
        excuse(panel, Actor(chief.user_id, chief.name, word_at=clock.now() - timedelta(minutes=6)))
    seen = numbers_of(panel).seal
    beat(tablet, made=5, numbers=tells(panel, [[1, 5]]))
    with pytest.raises(Conflict, match="changed since"):
        excuse(panel, chief, seen)
    other = make_panel()
    with pytest.raises(Missing):
        number_actions.excuse_tablet(
            chief, other.contest.id, db.session.query(Tablet).one().id, WHY, numbers_of(panel).seal)
    panel.contest.state = "final"
    db.session.commit()
    with pytest.raises(Conflict, match="final"):
        excuse(panel, chief)
    db.session.rollback()
    assert db.session.query(TabletExcuse).count() == 0


@pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
def test_an_excuse_cannot_be_changed_or_taken_away(tablet, panel, chief):
    beat(tablet, made=4, numbers=tells(panel, [[1, 4]]))
    excuse(panel, chief)
    for statement in ("UPDATE tablet_excuse SET reason = ''", "DELETE FROM tablet_excuse"):
        with pytest.raises(Exception, match="append-only"):
            db.session.execute(db.text(statement))
        db.session.rollback()


def test_the_page_of_a_tablet_tells_each_kind_and_excuses(tablet, panel, as_role):
    beat(tablet, made=9, unsent=1, numbers=tells(panel, [[1, 3]], [[8, 9]], [[4, 4]]))
    browser = as_role("chief_judge", panel.contest)
    base = f"/contests/{panel.contest.id}/chief/tablets"
    listed = browser.get(base).text
    address = f"{base}/{db.session.query(Tablet).one().id}"
    assert f'href="{address}"' in listed
    assert "missing: 1–3 …" in listed and "wait there: 8–9" in listed

    page = browser.get(address).text
    assert "accepted these, and the server does not have them: 1–3." in page
    assert "knows nothing of them any more: 5–7." in page and "on their way: 8–9." in page
    form = {"seen": numbers_of(panel).seal, "reason": WHY, "word": factories.WORD}
    wrong = browser.post(address, data=form | {"word": "wrong"})
    assert wrong.status_code == 422 and WHY in wrong.text
    assert browser.post(address, data=form | {"reason": ""}).status_code == 422
    assert browser.post(address, data=form | {"seen": "0" * 32}).status_code == 409
    done = browser.post(address, data=form, follow_redirects=True).text
    assert WHY in done and "excused" in done and "Excuse this tablet" not in done
    trail = browser.get(f"/contests/{panel.contest.id}/trail").text
    assert "Excused tablet 7F3K" in trail and WHY in trail and "1–3, 5–7" in trail
    assert as_role("supervisor", panel.contest).post(address, data=form).status_code == 403
    assert "Excuse this tablet" not in as_role("supervisor", panel.contest).get(address).text


@pytest.mark.parametrize("numbers", [
    {"contests": [{"contest": 1, "accepted": [[2, 1]]}]},
    {"contests": [{"contest": 1, "accepted": [[0, 1]]}]},
    {"contests": [{"contest": 1, "accepted": [[1]]}]}, {"contests": [{"contest": -1}]},
    {"others": [[1, 2_000_000_000]]}, {"others": [[1, 1]] * 1001}, {"contests": [{"contest": 1}] * 51}, [],
])
def test_ranges_that_are_none_are_refused(tablet, panel, numbers):
    assert beat(tablet, numbers=numbers).status_code == 422


def test_a_long_day_makes_a_small_pulse(panel):
    """Every third operation was refused: as torn as numbers can be, and still far below the door's limit."""
    torn = tells(panel, [[n, n + 1] for n in range(1, 2998, 3)], [], [[n, n] for n in range(3, 3000, 3)])
    assert len(json.dumps(pulse(numbers=torn))) < 64 * 1024
    calm = tells(panel, [[1, 3600]])
    assert len(json.dumps(pulse(numbers=calm))) < 500


# Two installations at one address.


def from_page_of(installation):
    return HEADERS | {"X-Installation": installation}


def test_what_was_made_for_another_installation_is_refused_with_a_sentence(tablet, panel):
    tablet_actions.note_start()
    own, sheet = tablet_queries.installation(), panel.sheet().id
    doors = {
        f"/api/v1/sheets/{sheet}/operations": made(1),
        f"/api/v1/sheets/{sheet}/flags": {"v": 2, "op_id": made(2)["op_id"], "reason": "work", "text": "",
                                          "device_id": DEVICE, "device_seq": 2},
        "/api/v1/tablets": pulse(),
    }
    for door, body in doors.items():
        refused = tablet.post(door, json=body, headers=from_page_of("rehearsal"))
        assert (refused.status_code, refused.json["error"]["code"]) == (412, "elsewhere")
        assert "nothing was stored; it stays on the tablet" in refused.json["error"]["message"]
    assert db.session.query(SheetRevision).count() == db.session.query(Tablet).count() == 0
    for door, body in doors.items():
        assert tablet.post(door, json=body, headers=from_page_of(own)).status_code == 200
    # Pages say whose they are.
    assert tablet.get(f"/judging/sheets/{sheet}").text.count(f'data-installation="{own}"') == 3


def test_a_file_of_another_installation_is_not_read_in(tablet, panel, as_role):
    tablet_actions.note_start()
    tablet.post("/api/v1/tablets", json=pulse(), headers=HEADERS)
    browser = as_role("chief_judge", panel.contest)
    file = {"format": "contest-operations", "v": 2, "user": panel.judges[0].user_id, "device_id": DEVICE,
            "operations": [{"sheet": panel.sheet().id, "body": made(1)}]}

    def carry(**more):
        data = {"file": (io.BytesIO(json.dumps(file | more).encode()), "tablet.json"),
                "word": factories.WORD}
        return browser.post(f"/contests/{panel.contest.id}/chief/tablets/file", data=data)

    refused = carry(installation="rehearsal")
    assert refused.status_code == 412 and "nothing was stored" in refused.text
    assert db.session.query(SheetRevision).count() == 0
    assert carry(installation=tablet_queries.installation()).status_code == 200
    assert db.session.query(SheetRevision).count() == 1


def test_every_start_and_every_copy_is_the_same_installation_and_a_rehearsal_is_not(app):
    tablet_actions.note_birth()
    own = tablet_queries.installation()
    assert own
    tablet_actions.note_birth()
    tablet_actions.note_start()
    assert tablet_queries.installation() == own != tablet_queries.epoch()
    assert db.session.query(ServerStart).count() == 2

    tablet_actions.become_another()
    assert tablet_queries.installation() not in ("", own) and db.session.query(ServerStart).count() == 2


def test_a_copy_that_was_never_started_becomes_one_of_its_own_too(app):
    tablet_actions.become_another()
    assert tablet_queries.installation()


@pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
def test_a_device_that_sends_and_never_speaks_is_judged_by_what_arrived(tablet, panel, as_role):
    sheet = panel.sheet().id
    assert send(tablet, sheet, made(2)).status_code == 200
    assert report(tablet, sheet, device_seq=5).status_code == 200

    assert numbers_of(panel).missing == {DENIED: (), LOST: (), UNSENT: ((1, 1), (3, 4))}
    [(sentence, kind)] = gate(panel)
    assert sentence.endswith(f"by order number: 7F3K ({panel.judges[0].name}): 1, 3–4.") and kind == "todo"
    [line] = tablet_queries.tablets_of(panel.contest.id)
    assert line.needs_eye
    page = as_role("chief_judge", panel.contest).get(
        f"/contests/{panel.contest.id}/chief/tablets/{line.id}").text
    assert "has never said how it stands" in page and "1, 3–4" in page

    beat(tablet, made=5, numbers=tells(panel, [[2, 2], [5, 5]], refused=[[1, 1], [3, 4]]))
    assert db.session.query(Tablet).count() == 1
    assert numbers_of(panel).is_heard and gate(panel) == []


def test_a_device_that_never_speaks_is_excused_like_another(tablet, panel, chief):
    assert send(tablet, panel.sheet().id, made(3)).status_code == 200
    assert gate(panel) != []

    excuse(panel, chief)

    assert gate(panel) == []
