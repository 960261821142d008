"""A screen left alone asks for the word again, and loses nothing; a judge is on two tablets at most."""

from datetime import timedelta

import pytest

from contest import clock
from contest.accounts import account_actions, session_rules
from contest.accounts.models import AuthSession, User
from contest.accounts.session_rules import Limits, idle_seconds, untouched
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Invalid
from tests import factories
from tests.conftest import NOON

ENGLISH = {"Accept-Language": "en"}
PULSE = "/api/v1/tablets"


def text_of(answer):
    return answer.get_data(as_text=True)


def wait(minutes):
    clock.stand_still(clock.now() + timedelta(minutes=minutes))


@pytest.fixture
def contest(app):
    return factories.make_contest()


@pytest.fixture
def judge(contest):
    """(id, card's token, PIN) of a judge."""
    user = factories.make_user()
    factories.make_grant(user, "judge", contest)
    organiser = factories.make_user()
    factories.make_grant(organiser, "organiser")
    return user.id, *account_actions.issue_card(factories.person_of(organiser), user.id)


def tablet_of(app, judge, device="Chrome Android"):
    """A tablet on which the judge has entered by card."""
    browser = app.test_client()
    browser.post(f"/enter/{judge[1]}", data={"pin": judge[2]}, headers={"User-Agent": device, **ENGLISH})
    return browser


def pulse(browser, idle):
    """What a tablet hears that says so many seconds ago it was touched last."""
    return browser.post(PULSE, json={}, headers={"X-Contest": "1", "X-Idle": str(idle), **ENGLISH})


def office_of(app, contest, role="chief_judge"):
    """A browser that signed in with login and password."""
    user = factories.make_user()
    factories.make_grant(user, role, contest)
    factories.browser_of(app, user)  # gives the password
    browser = app.test_client()
    browser.post("/sign-in", data={"login": user.login, "password": factories.WORD}, headers=ENGLISH)
    return browser


@pytest.mark.parametrize(("roles", "limits", "seconds"), [
    pytest.param({"judge"}, [], 1800, id="a judge, half an hour where nobody chose"),
    pytest.param({"organiser"}, [], 900, id="staff, a quarter of an hour"),
    pytest.param({"judge", "chief_judge"}, [], 1800, id="who marks, too, sits at a tablet"),
    pytest.param({"contact"}, [], None, id="a unit's contact is never asked"),
    pytest.param(set(), [], None, id="a member is never asked"),
    pytest.param({"judge"}, [Limits(60), Limits(20)], 1200, id="of two contests the stricter"),
    pytest.param({"judge"}, [Limits(0)], None, id="0 is never"),
    pytest.param({"judge"}, [Limits(0), Limits(45)], 2700, id="never in one contest, asked in another"),
])
def test_how_long_a_screen_may_be_left_alone(roles, limits, seconds):
    assert idle_seconds(roles, limits) == seconds


@pytest.mark.parametrize(("said", "minutes"), [
    pytest.param(None, 50, id="a page that says nothing"),
    pytest.param(5, 5 / 60, id="worked on without a network for fifty minutes"),
    pytest.param(86_400, 50, id="a clock that jumped a day ahead"),
])
def test_the_shorter_of_what_the_server_knows_and_the_device_says(said, minutes):
    assert untouched(NOON, NOON - timedelta(minutes=50), said) == timedelta(minutes=minutes)


def test_a_tablet_that_is_touched_is_never_asked(app, judge):
    tablet = tablet_of(app, judge)
    for _ in range(30):
        wait(minutes=20)
        assert pulse(tablet, 10).status_code == 422  # the pulse itself is empty; the door was open


def test_a_tablet_left_alone_is_locked_until_its_judge_types_the_pin(app, judge):
    tablet = tablet_of(app, judge)
    for minute in range(1, 31):
        wait(minutes=1)
        answer = pulse(tablet, minute * 60)

    assert (answer.status_code, answer.json["error"]["code"]) == (401, "locked")
    assert "What you typed stays here" in answer.json["error"]["message"]
    # Taking it up does not open it again.
    assert pulse(tablet, 0).status_code == 401
    page = text_of(tablet.get("/sign-in?next=/judging", headers=ENGLISH))
    assert db.session.get(User, judge[0]).name in page
    assert tablet.post("/unlock", data={"word": "000000" if judge[2] != "000000" else "1"}).status_code == 422
    assert pulse(tablet, 0).status_code == 401

    assert tablet.post("/unlock", data={"word": judge[2], "next": "/judging"}).location == "/judging"
    assert pulse(tablet, 0).status_code == 422
    assert db.session.query(TrailRow).filter_by(did="session.unlock").one().user_id == judge[0]


def test_a_judge_who_watches_for_twenty_minutes_is_not_asked(app, judge):
    tablet = tablet_of(app, judge)
    for minute in range(1, 21):
        wait(minutes=1)
        assert pulse(tablet, minute * 60).status_code == 422


def test_an_operation_of_a_locked_tablet_waits_and_is_taken_after_the_pin(app, judge):
    tablet = tablet_of(app, judge)
    wait(minutes=31)
    send = {"json": {}, "headers": {"X-Contest": "1", "X-Idle": "1860"}}

    assert tablet.post("/api/v1/sheets/1/operations", **send).status_code == 401
    tablet.post("/unlock", data={"word": judge[2]})

    assert tablet.post("/api/v1/sheets/1/operations", **send).status_code == 404  # there is no such sheet


def test_a_tablet_that_worked_all_day_without_a_network_is_not_asked(app, judge):
    tablet = tablet_of(app, judge)
    wait(minutes=8 * 60)

    assert pulse(tablet, 3).status_code == 422


def test_another_judge_does_not_unlock_it(app, judge, contest):
    tablet = tablet_of(app, judge)
    wait(minutes=31)
    pulse(tablet, 1860)
    other = factories.make_user()
    factories.make_grant(other, "judge", contest)
    factories.browser_of(app, other)  # gives the password

    assert tablet.post("/unlock", data={"word": factories.WORD}).status_code == 422
    assert pulse(tablet, 0).status_code == 401


def test_an_office_screen_is_locked_after_a_quarter_of_an_hour_and_keeps_what_was_typed(app, contest):
    office = office_of(app, contest)
    assert office.get("/my/account", headers=ENGLISH).status_code == 200
    wait(minutes=15)

    answer = office.post(
        f"/contests/{contest.id}/sessions",
        data={"judge_minutes": "45", "staff_minutes": "20", "judge_sessions": "2"},
        headers={"Origin": "http://localhost", **ENGLISH},
    )

    assert answer.status_code == 401
    page = text_of(answer)
    assert "What you typed is kept" in page
    assert 'action="/unlock"' in page
    packed = page.split('name="kept" value="')[1].split('"')[0]
    answer = office.post("/unlock", data={"word": factories.WORD, "kept": packed}, headers=ENGLISH)
    assert 'name="judge_minutes" value="45"' in text_of(answer)


def test_a_page_that_asks_by_itself_does_not_keep_an_office_open(app, contest):
    office = office_of(app, contest)
    polls = {"X-Idle": "0", "HX-Request": "true", **ENGLISH}
    address = f"/contests/{contest.id}/sessions"
    for minute in range(1, 15):
        wait(minutes=1)
        assert office.get(address, headers=polls | {"X-Idle": str(minute * 60)}).status_code == 200
    wait(minutes=1)

    answer = office.get(address, headers=polls | {"X-Idle": "900"})

    assert answer.status_code == 401
    assert answer.headers["HX-Retarget"] == "#notice"
    assert "HX-Redirect" not in answer.headers  # a half-typed form stays on the screen


def test_a_page_that_is_written_on_says_that_it_is_in_use(app, contest):
    office = office_of(app, contest)
    for _ in range(20):
        wait(minutes=1)
        assert office.get("/my/account/here", headers={"X-Idle": "5"}).status_code == 204

    assert office.get("/my/account", headers=ENGLISH).status_code == 200


def test_a_locked_screen_can_be_signed_out(app, contest):
    office = office_of(app, contest)
    wait(minutes=16)
    office.get("/my/account", headers=ENGLISH)

    office.post("/sign-out")

    assert "Unlock" not in text_of(office.get("/sign-in", headers=ENGLISH))


def open_devices(user_id):
    rows = db.session.query(AuthSession).filter_by(user_id=user_id, ended_at=None)
    return [row.device for row in rows.order_by(AuthSession.id)]


def test_a_third_tablet_signs_out_the_one_that_was_seen_longest_ago(app, judge):
    first = tablet_of(app, judge, "Firefox Windows")
    wait(minutes=1)
    tablet_of(app, judge, "Chrome Android")
    wait(minutes=1)
    first.get("/my/account")  # is in use
    wait(minutes=1)

    third = tablet_of(app, judge, "Safari iPad")

    assert open_devices(judge[0]) == ["Firefox · Windows", "Safari · iPad"]
    page = text_of(third.get("/my/account", headers=ENGLISH))
    assert "You were signed in on too many devices, so this one was signed out: Chrome · Android." in page
    assert "You are signed in elsewhere, too: Firefox · Windows." in page


def test_who_judges_nowhere_is_signed_in_on_as_many_devices_as_wanted(app, contest):
    user = factories.make_user()
    factories.make_grant(user, "organiser")
    factories.browser_of(app, user)
    for _ in range(3):
        app.test_client().post("/sign-in", data={"login": user.login, "password": factories.WORD})

    assert len(open_devices(user.id)) == 4


def test_the_chief_judge_sees_and_ends_judges_sessions_of_the_own_contest_alone(app, judge, contest):
    tablet = tablet_of(app, judge)
    chief = office_of(app, contest)
    stranger = factories.make_user()
    factories.make_grant(stranger, "judge", factories.make_contest())
    factories.browser_of(app, stranger)
    rows = {row.user_id: row.id for row in db.session.query(AuthSession)}
    address = f"/contests/{contest.id}/sessions"

    page = text_of(chief.get(address))
    assert db.session.get(User, judge[0]).name in page
    assert stranger.name not in page
    assert chief.post(f"{address}/{rows[stranger.id]}/end").status_code == 404

    chief.post(f"{address}/{rows[judge[0]]}/end")
    assert pulse(tablet, 0).json["error"]["code"] == "signed_out"
    row = db.session.query(TrailRow).filter_by(did="session.end").one()
    assert (row.contest_id, row.facts["device"]) == (contest.id, "Chrome · Android")


def test_a_supervisor_sees_them_and_ends_none(app, judge, contest):
    tablet_of(app, judge)
    supervisor = office_of(app, contest, "supervisor")
    [row] = db.session.query(AuthSession).filter_by(user_id=judge[0])

    assert supervisor.get(f"/contests/{contest.id}/sessions").status_code == 200
    assert supervisor.post(f"/contests/{contest.id}/sessions/{row.id}/end").status_code == 403


def test_the_limits_of_a_contest_hold_from_the_next_entry(app, judge, contest):
    chief = office_of(app, contest)
    form = {"judge_minutes": "0", "staff_minutes": "20", "judge_sessions": "1"}
    assert chief.post(f"/contests/{contest.id}/sessions", data=form).status_code == 303

    tablet_of(app, judge)
    tablet = tablet_of(app, judge)

    assert len(open_devices(judge[0])) == 1
    wait(minutes=300)
    assert pulse(tablet, 18_000).status_code == 422


@pytest.mark.parametrize("wrong", [{"judge_minutes": "3"}, {"judge_sessions": "0"}, {"staff_minutes": "a"}])
def test_a_limit_out_of_range_is_refused_with_its_range(wrong):
    form = {"judge_minutes": "30", "staff_minutes": "15", "judge_sessions": "2"} | wrong

    with pytest.raises(Invalid) as refused:
        session_rules.read_limits(form)

    assert list(refused.value.fields) == list(wrong)
    assert "from" in str(refused.value.fields[next(iter(wrong))])


@pytest.mark.parametrize("app", ["postgres"], indirect=True)
def test_locking_and_the_limit_are_the_same_on_postgresql(app, judge):
    for _ in range(3):
        tablet = tablet_of(app, judge)
    assert len(open_devices(judge[0])) == 2
    wait(minutes=31)
    assert pulse(tablet, 1860).status_code == 401
    tablet.post("/unlock", data={"word": judge[2]})
    assert pulse(tablet, 0).status_code == 422
