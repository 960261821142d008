"""The second factor: set up, asked for at the door and for acts that are worth it, lost, and reset."""

from datetime import timedelta

import pytest

from contest import clock
from contest.accounts import account_actions, factor_actions, factor_queries, totp
from contest.accounts.factor_models import RecoveryCode, SecondFactor
from contest.accounts.factor_sealing import open_secret, seal_secret
from contest.accounts.models import AuthSession, User
from contest.accounts.passwords import hash_secret
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Conflict, Invalid
from tests import factories
from tests.conftest import NOON

RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
PASSWORD = factories.WORD
FACTOR = "/my/account/factor"


# RFC 6238, appendix B, SHA-1.
@pytest.mark.parametrize(("seconds", "code"), [
    (59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"), (1234567890, "89005924"),
    (2000000000, "69279037"), (20000000000, "65353130"),
])
def test_codes_are_those_of_the_rfc(seconds, code):
    assert totp.code_at(RFC_SECRET, seconds // 30, 8) == code


def test_a_phones_clock_may_be_half_a_minute_off_and_no_more():
    here = totp.step_at(NOON)
    offsets = [
        totp.matching_step(RFC_SECRET, totp.code_at(RFC_SECRET, here + off), NOON) for off in range(-2, 3)
    ]

    assert offsets == [None, here - 1, here, here + 1, None]


def test_a_code_of_other_letters_is_no_code():
    assert totp.matching_step(RFC_SECRET, "１２３４５６", NOON) is None


def text_of(answer):
    return answer.get_data(as_text=True)


def staff(app, role="organiser", contest=None):
    """(browser, user) of somebody on the staff who knows PASSWORD."""
    user = factories.make_user()  # browser_of gives the password
    factories.make_grant(user, role, contest)
    return factories.browser_of(app, user), user.id


def secret_of(user_id):
    return open_secret(db.session.get(SecondFactor, user_id).sealed, user_id)


def code_of(user_id, later=0):
    """The code that the person's app shows, so many half minutes from now."""
    return totp.code_at(secret_of(user_id), totp.step_at(clock.now()) + later)


def enrol(browser, user_id):
    """Set the second factor up; returns the recovery codes. A new half minute has begun afterwards."""
    browser.post(FACTOR, data={"word": PASSWORD})
    answer = browser.post(f"{FACTOR}/confirm", data={"factor": code_of(user_id)})
    assert answer.status_code == 200, text_of(answer)
    wait()
    return [part.split("<")[0] for part in text_of(answer).split('<li class="code">')[1:]]


def enrolled(app, role="organiser", contest=None):
    """(browser, user) of somebody on the staff who has a second factor, and no recovery codes."""
    browser, user_id = staff(app, role, contest)
    db.session.add(SecondFactor(
        user_id=user_id, sealed=seal_secret(totp.new_secret(), user_id), made_at=clock.now(),
        confirmed_at=clock.now(), last_step=0,
    ))
    db.session.commit()
    return browser, user_id


def wait(**how):
    clock.stand_still(clock.now() + timedelta(**(how or {"seconds": 30})))


def sign_in(app, user_id, **more):
    """A new browser that has given login and password."""
    browser = app.test_client()
    login = db.session.get(User, user_id).login
    return browser, browser.post("/sign-in", data={"login": login, "password": PASSWORD, **more},
                                 headers={"Accept-Language": "en"})


def is_in(browser):
    return browser.get("/my/account").status_code == 200


def give(browser, code, **more):
    return browser.post("/sign-in/factor", data={"factor": code, **more}, headers={"Accept-Language": "en"})


def test_nobody_is_asked_before_it_is_set_up(app):
    _, user_id = staff(app)

    browser, answer = sign_in(app, user_id)

    assert answer.status_code == 303
    assert is_in(browser)


def test_setting_up_shows_a_qr_code_and_ten_recovery_codes_that_are_kept_as_hashes(app):
    browser, user_id = staff(app)
    browser.post(FACTOR, data={"word": PASSWORD})
    page = text_of(browser.get(FACTOR))
    assert secret_of(user_id) in page
    assert "data:image/svg+xml;base64," in page

    codes = enrol(browser, user_id)

    assert len(set(codes)) == 10
    kept = db.session.query(RecoveryCode).filter_by(user_id=user_id).all()
    assert all(row.code_hash.startswith("$argon2id$") for row in kept)
    assert secret_of(user_id) not in db.session.get(SecondFactor, user_id).sealed
    assert secret_of(user_id) not in text_of(browser.get(FACTOR))
    assert [row.did for row in db.session.query(TrailRow).order_by(TrailRow.id)] == [
        "factor.begin", "factor.begin", "factor.confirm"
    ]


def test_a_wrong_first_code_sets_nothing_up(app):
    browser, user_id = staff(app)
    browser.post(FACTOR, data={"word": PASSWORD})

    answer = browser.post(f"{FACTOR}/confirm", data={"factor": code_of(user_id, later=5)})

    assert answer.status_code == 422
    assert not factor_queries.is_enrolled(user_id)


def test_setting_up_asks_for_the_password(app):
    browser, user_id = staff(app)

    assert browser.post(FACTOR, data={"word": "not this one"}).status_code == 422
    assert db.session.get(SecondFactor, user_id) is None


def test_other_devices_are_signed_out_when_it_is_set_up(app):
    browser, user_id = staff(app)
    other = factories.browser_of(app, db.session.get(User, user_id))

    enrol(browser, user_id)

    assert is_in(browser)
    assert not is_in(other)


def test_the_password_alone_opens_no_session(app):
    _, user_id = enrolled(app)
    before = db.session.query(AuthSession).count()

    browser, answer = sign_in(app, user_id, next="/accounts")

    assert "Code of your second factor" in text_of(answer)
    assert not is_in(browser)
    assert db.session.query(AuthSession).count() == before
    answer = give(browser, code_of(user_id), next="/accounts")
    assert (answer.status_code, answer.location) == (303, "/accounts")
    assert is_in(browser)


def test_a_code_works_once_even_for_whoever_looked_over_the_shoulder(app):
    _, user_id = enrolled(app)
    code = code_of(user_id)
    one, _ = sign_in(app, user_id)
    give(one, code)
    other, _ = sign_in(app, user_id)

    answer = give(other, code)

    assert "This code was used already." in text_of(answer)
    assert not is_in(other)
    # Nor does the one of the half minute before, which would still be within the drift.
    assert give(other, code_of(user_id, later=-1)).status_code == 422
    assert not is_in(other)


def test_five_wrong_codes_make_the_account_wait(app):
    _, user_id = enrolled(app)
    browser, _ = sign_in(app, user_id)
    for _ in range(5):
        answer = give(browser, "000000")

    assert "Too many failed attempts" in text_of(answer)
    assert "Too many failed attempts" in text_of(give(browser, code_of(user_id)))
    wait(seconds=30)
    give(browser, code_of(user_id))
    assert is_in(browser)


def test_the_right_password_gives_no_new_guesses_at_the_code(app):
    _, user_id = enrolled(app)
    for _ in range(5):
        browser, answer = sign_in(app, user_id)
        give(browser, "000000")

    _, answer = sign_in(app, user_id)

    assert "Too many failed attempts" in text_of(answer)


def test_a_recovery_code_works_once(app):
    first, user_id = staff(app)
    codes = enrol(first, user_id)
    browser, _ = sign_in(app, user_id)

    give(browser, codes[9].lower().replace("-", " "))

    assert is_in(browser)
    assert factor_queries.recovery_left(user_id) == 9
    last = db.session.query(TrailRow).filter_by(did="session.start").one()
    assert (last.facts["factor"], last.facts["codes_left"]) == ("recovery code", 9)
    again, _ = sign_in(app, user_id)
    assert give(again, codes[9]).status_code == 422
    assert not is_in(again)


def test_the_code_is_asked_for_within_five_minutes_of_the_password(app):
    _, user_id = enrolled(app)
    browser, _ = sign_in(app, user_id)
    wait(minutes=5, seconds=1)

    answer = give(browser, code_of(user_id))

    assert answer.status_code == 409
    assert not is_in(browser)


def test_a_password_changed_meanwhile_makes_the_half_entry_void(app):
    _, user_id = enrolled(app)
    browser, _ = sign_in(app, user_id)
    db.session.get(User, user_id).password_hash = hash_secret("another four calm words")
    db.session.commit()

    give(browser, code_of(user_id))

    assert not is_in(browser)


def test_a_card_and_its_pin_ask_for_the_code_as_well(app):
    """Whoever issued the card knows both, and still does not come in."""
    contest = factories.make_contest()
    _, user_id = enrolled(app, "chief_judge", contest)
    organiser = factories.make_user()
    factories.make_grant(organiser, "organiser")
    token, pin = account_actions.issue_card(factories.person_of(organiser), user_id)
    tablet = app.test_client()

    answer = tablet.post(f"/enter/{token}", data={"pin": pin})

    assert "/sign-in/factor" in text_of(answer)
    assert not is_in(tablet)
    give(tablet, code_of(user_id))
    assert is_in(tablet)


def test_an_act_that_asks_for_the_password_asks_for_the_code_too(app):
    browser, user_id = enrolled(app)
    assert 'name="factor"' in text_of(browser.get("/accounts/factor"))

    without = browser.post("/accounts/factor", data={"word": PASSWORD, "roles": "supervisor"})
    assert without.status_code == 422
    assert factor_queries.required_roles() == ()

    browser.post("/accounts/factor", data={
        "word": PASSWORD, "factor": code_of(user_id), "roles": "supervisor",
    })
    assert factor_queries.required_roles() == ("supervisor",)


def test_a_wrong_password_does_not_use_the_code_up(app):
    browser, user_id = enrolled(app)
    form = {"factor": code_of(user_id), "roles": "supervisor"}

    browser.post("/accounts/factor", data=form | {"word": "not this one"})
    browser.post("/accounts/factor", data=form | {"word": PASSWORD})

    assert factor_queries.required_roles() == ("supervisor",)


def test_a_second_person_who_has_one_types_the_own_code(app):
    contest = factories.make_contest()
    first, _ = staff(app, "organiser")
    _, helper_id = enrolled(app, "supervisor", contest)
    _, lost_id = enrolled(app, "chief_judge", contest)
    address = f"/contests/{contest.id}/accounts/{lost_id}/factor/reset"
    form = {
        "word": PASSWORD, "reason": "phone lost", "second": db.session.get(User, helper_id).login,
        "second_word": PASSWORD,
    }

    assert first.post(address, data=form).status_code == 422
    assert factor_queries.is_enrolled(lost_id)

    first.post(address, data=form | {"second_factor": code_of(helper_id)})
    assert not factor_queries.is_enrolled(lost_id)


def test_two_others_reset_a_lost_factor_and_the_trail_says_so(app):
    contest = factories.make_contest()
    first, first_id = staff(app, "organiser")
    _, helper_id = staff(app, "supervisor", contest)
    lost, lost_id = enrolled(app, "chief_judge", contest)

    answer = first.post(f"/contests/{contest.id}/accounts/{lost_id}/factor/reset", data={
        "word": PASSWORD, "reason": "phone lost", "second": db.session.get(User, helper_id).login,
        "second_word": PASSWORD,
    })

    assert answer.status_code == 303
    assert db.session.query(RecoveryCode).count() == 0
    assert not is_in(lost)
    row = db.session.query(TrailRow).filter_by(did="factor.reset").one()
    assert (row.user_id, row.contest_id) == (first_id, contest.id)
    assert row.facts == {"reason": "phone lost", "second": db.session.get(User, helper_id).name}


def reset_by(first, second, user_id, contest=None):
    """What becomes of a reset by these two accounts."""
    factor_actions.reset(
        Actor(first, "first", clock.now()), Actor(second, "second", clock.now()), user_id, "phone lost"
    )


def test_nobody_resets_the_own_factor_nor_alone(app):
    _, lost_id = enrolled(app)
    _, other = staff(app)

    with pytest.raises(Conflict):
        reset_by(lost_id, other, lost_id)
    with pytest.raises(Conflict):
        reset_by(other, lost_id, lost_id)
    with pytest.raises(Invalid):
        reset_by(other, other, lost_id)
    assert factor_queries.is_enrolled(lost_id)


def test_a_second_person_made_for_the_purpose_is_refused(app):
    _, lost_id = enrolled(app)
    _, first = staff(app)
    _, made = staff(app, "supervisor")
    user = db.session.get(User, made)
    user.password_by_id, user.password_at = first, clock.now()
    db.session.commit()

    with pytest.raises(Conflict):
        reset_by(first, made, lost_id)

    wait(days=2)
    reset_by(first, made, lost_id)
    assert not factor_queries.is_enrolled(lost_id)


def ask_of(*roles):
    organiser = factories.make_user()
    factories.make_grant(organiser, "organiser")
    person = factories.person_of(organiser)
    factor_actions.require(factories.proven(organiser), person, roles)


def test_a_required_role_is_led_to_the_set_up_and_free_afterwards(app):
    _, user_id = staff(app, "curator")
    ask_of("curator")

    browser, _ = sign_in(app, user_id)

    assert browser.get("/accounts", headers={"Accept-Language": "en"}).location == FACTOR
    assert browser.get("/my/account").location == FACTOR
    assert browser.get("/").status_code == 200
    enrol(browser, user_id)
    assert is_in(browser)


def test_who_was_in_before_a_role_was_required_reads_on_but_proves_nothing(app):
    browser, _ = staff(app)
    ask_of("organiser")

    assert is_in(browser)
    answer = browser.post("/accounts/factor", data={"word": PASSWORD}, headers={"Accept-Language": "en"})

    assert "Your role asks for a second factor." in text_of(answer)
    assert factor_queries.required_roles() == ("organiser",)


def test_a_judges_operations_pass_while_the_chief_still_has_to_set_one_up(app):
    """He may be a judge as well, with marks that wait on the tablet."""
    contest = factories.make_contest()
    _, user_id = staff(app, "chief_judge", contest)
    ask_of("chief_judge")
    browser, _ = sign_in(app, user_id)

    answer = browser.post("/api/v1/sheets/1/operations", json={}, headers={"X-Contest": "1"})

    assert answer.status_code == 404  # there is no such sheet; the door was reached
    blocked = browser.get("/api/v1/contests/1/board", headers={"Accept-Language": "en"})
    assert blocked.status_code in (403, 404)


def test_judges_and_contacts_cannot_be_held_to_it(app):
    with pytest.raises(Invalid):
        ask_of("judge")


def test_another_server_key_opens_no_secret_and_recovery_codes_still_work(app):
    first, user_id = staff(app)
    codes = enrol(first, user_id)
    browser, _ = sign_in(app, user_id)
    kept, app.config["SECRET_KEY"] = app.config["SECRET_KEY"], "another-key-another-key-another-key-1"
    try:
        browser, _ = sign_in(app, user_id)
        answer = give(browser, "123456")
        assert answer.status_code == 409
        give(browser, codes[0])
        assert is_in(browser)
    finally:
        app.config["SECRET_KEY"] = kept


@pytest.mark.parametrize("app", ["postgres"], indirect=True)
def test_it_is_the_same_on_postgresql(app):
    first, user_id = staff(app)
    codes = enrol(first, user_id)
    browser, _ = sign_in(app, user_id)
    give(browser, code_of(user_id))
    assert is_in(browser)
    other, _ = sign_in(app, user_id)
    assert give(other, code_of(user_id)).status_code == 422
    give(other, codes[3])
    assert is_in(other)


def test_the_command_line_resets_a_factor_when_nobody_else_can(app):
    _, user_id = enrolled(app)

    answer = app.test_cli_runner().invoke(args=[
        "user", "reset-factor", db.session.get(User, user_id).login, "--reason", "only organiser, phone lost",
    ])

    assert answer.exit_code == 0, answer.output
    assert not factor_queries.is_enrolled(user_id)
    row = db.session.query(TrailRow).filter_by(did="factor.reset").one()
    assert row.user_id is None
