"""Ways in: invitation, one-time code by hand and by a sender; nobody learns who has an account."""

import smtplib
import socketserver
import stat
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from contest import clock
from contest.accounts import codes
from contest.accounts.models import AuthSession, User
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, NotAllowed
from contest.members import entry_actions, entry_routes, sending
from contest.members.models import CodeAddress, MemberInvitation
from contest.people.models import PersonAccount
from tests import factories
from tests.members.conftest import english

FORM = {"login": "zhongyi", "password": "four calm words here", "password_again": "four calm words here"}


@pytest.fixture(autouse=True)
def fresh_limits():
    entry_routes.CODES_ASKED.forget()
    entry_routes.CODES_TRIED.forget()


@pytest.fixture
def member(app, human):
    """The account of the person."""
    user = factories.make_user("钟一", login="zhongyi")
    db.session.add(PersonAccount(user_id=user.id, human_id=human.id, linked_at=clock.now()))
    db.session.commit()
    return user


def text_of(answer):
    return answer.get_data(as_text=True)


def try_code(app, login, code):
    return english(app).post("/sign-in/code", data={"login": login, "code": code})


def test_an_invitation_leads_to_the_address_that_people_outside_know(app, human, as_role):
    app.config["ADDRESS"] = "https://match.example.org"
    page = as_role("service_officer").post(f"/people/{human.id}/invitation")
    assert "https://match.example.org/join/" in text_of(page)


def test_an_invitation_makes_an_account_that_opens_the_own_page(app, human, as_role):
    page = as_role("service_officer").post(f"/people/{human.id}/invitation")
    token = text_of(page).split("/join/")[1].split("<")[0]
    browser = app.test_client()

    assert "钟一" in text_of(browser.get(f"/join/{token}"))
    answer = browser.post(f"/join/{token}", data=FORM)

    assert (answer.status_code, answer.location) == (303, "/my")
    assert "钟一" in text_of(browser.get("/my"))
    assert browser.get("/").location == "/my"
    assert db.session.scalar(select(PersonAccount.human_id)) == human.id
    assert db.session.scalar(select(User.name).filter_by(login="zhongyi")) == "钟一"


def test_an_invitation_works_once(app, human, keeper):
    token = entry_actions.invite(keeper, human.id)
    assert app.test_client().post(f"/join/{token}", data=FORM).status_code == 303

    again = app.test_client().post(f"/join/{token}", data={**FORM, "login": "other"})
    assert again.status_code == 409
    assert db.session.scalar(select(User.id).filter_by(login="other")) is None


def test_an_invitation_runs_out_is_replaced_and_withdrawn(app, human, keeper, client):
    first = entry_actions.invite(keeper, human.id)
    second = entry_actions.invite(keeper, human.id)
    assert client.get(f"/join/{first}").status_code == 409
    clock.stand_still(clock.now() + timedelta(days=15))
    assert client.get(f"/join/{second}").status_code == 409
    third = entry_actions.invite(keeper, human.id)
    assert client.get(f"/join/{third}").status_code == 200
    entry_actions.uninvite(keeper, human.id)
    assert client.get(f"/join/{third}").status_code == 409
    assert client.get("/join/guessed").status_code == 404


def test_only_the_hash_of_an_invitation_is_kept(app, human, keeper):
    token = entry_actions.invite(keeper, human.id)
    assert token not in db.session.scalar(select(MemberInvitation.token_hash))
    assert all(token not in str((row.subject, row.facts)) for row in db.session.scalars(select(TrailRow)))


def test_what_was_typed_wrong_is_said_and_the_invitation_stays(app, human, keeper, client):
    token = entry_actions.invite(keeper, human.id)
    factories.make_user(login="taken1")

    for changed in ({"login": "x"}, {"password": "short", "password_again": "short"},
                    {"password_again": "another"}, {"login": "taken1"}, {"address": "no address"}):
        assert client.post(f"/join/{token}", data={**FORM, **changed}).status_code == 422
    assert client.post(f"/join/{token}", data=FORM).status_code == 303


def test_somebody_with_an_account_ties_it(app, human, keeper, as_role):
    token = entry_actions.invite(keeper, human.id)
    browser = as_role("contact", factories.make_contest())
    assert browser.post(f"/join/{token}/take").status_code == 303
    assert "钟一" in text_of(browser.get("/my"))
    with pytest.raises(Conflict):
        entry_actions.invite(keeper, human.id)


def test_a_code_from_the_desk_opens_one_session(app, human, member, as_role):
    page = text_of(as_role("service_officer").post(f"/people/{human.id}/code"))
    code = page.split('own-digits"><code>')[1].split("<")[0]
    browser = app.test_client()

    answer = browser.post("/sign-in/code", data={"login": "ZhongYi", "code": code})

    assert answer.status_code == 303
    assert browser.get("/my").status_code == 200
    assert try_code(app, "zhongyi", code).status_code == 422
    begun = db.session.scalars(select(AuthSession.entered_by).filter_by(user_id=member.id)).all()
    assert begun == ["code"]


def test_a_new_session_ends_the_one_before_and_keeps_nothing_of_it(app, human, member, keeper):
    browser = factories.browser_of(app, factories.make_user())
    with browser.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        old = cookie["entry"]
    _, code = entry_actions.hand_out_code(keeper, human.id)

    browser.post("/sign-in/code", data={"login": "zhongyi", "code": code})

    with browser.session_transaction() as cookie:
        assert "planted" not in cookie and cookie["entry"] != old
    ended = db.session.scalars(select(AuthSession.ended_at)).all()
    assert [moment is None for moment in ended].count(True) == 1


def test_a_code_is_good_for_ten_minutes(app, human, member, keeper):
    _, code = entry_actions.hand_out_code(keeper, human.id)
    clock.stand_still(clock.now() + timedelta(minutes=10, seconds=1))
    assert try_code(app, "zhongyi", code).status_code == 422


def test_only_the_newest_code_works(app, human, member, keeper):
    _, first = entry_actions.hand_out_code(keeper, human.id)
    _, second = entry_actions.hand_out_code(keeper, human.id)
    if first != second:
        assert try_code(app, "zhongyi", first).status_code == 422
    assert try_code(app, "zhongyi", second).status_code == 303


def test_whoever_holds_a_role_gets_no_code(app, human, member, keeper):
    factories.make_grant(member, "organiser")
    with pytest.raises(NotAllowed, match="roles"):
        entry_actions.hand_out_code(keeper, human.id)


def test_a_code_that_waits_opens_nothing_once_the_account_has_roles(app, human, member, keeper):
    """Made for a member, typed in by whoever got hold of it when the member has become an organiser."""
    _, code = entry_actions.hand_out_code(keeper, human.id)
    grant = factories.make_grant(member, "organiser")
    refused = try_code(app, "zhongyi", code)
    assert refused.status_code == 422 and "is no longer good" in text_of(refused)

    db.session.delete(grant)
    db.session.commit()
    assert try_code(app, "zhongyi", code).status_code == 303


def test_wrong_codes_block_and_every_refusal_says_the_same(app, human, member, keeper):
    _, code = entry_actions.hand_out_code(keeper, human.id)
    wrong = "00000000" if code != "00000000" else "11111111"
    nobody = factories.make_user(login="nocode")

    pages = {text_of(try_code(app, "zhongyi", wrong)) for _ in range(6)}
    pages |= {text_of(try_code(app, "zhongyi", code))}  # blocked by now
    pages |= {text_of(try_code(app, "stranger", code)).replace("stranger", "zhongyi")}
    pages |= {text_of(try_code(app, nobody.login, code)).replace("nocode", "zhongyi")}

    assert db.session.get(User, member.id).blocked_until is not None
    assert len(pages) == 1


def test_a_stranger_cannot_block_an_account_that_waits_for_no_code(app, member):
    for _ in range(8):
        try_code(app, "zhongyi", "12345678")
    assert db.session.get(User, member.id).failures == 0


def test_too_many_tries_from_one_address_wait(app, member):
    for _ in range(60):
        entry_routes.CODES_TRIED.may_ask("127.0.0.1")
    answer = try_code(app, "zhongyi", "12345678")
    assert answer.status_code == 422 and "Wait ten minutes" in text_of(answer)


def test_without_a_sender_the_page_says_so(app, member):
    client = english(app)
    assert "No way of sending codes is set up here" in text_of(client.get("/sign-in/code"))
    assert client.post("/sign-in/code/send", data={"login": "zhongyi"}).status_code == 409


@pytest.fixture
def outbox(app, tmp_path, monkeypatch):
    """Codes go into a file, at once."""
    path = tmp_path / "codes"
    monkeypatch.setitem(app.config, "CODE_SENDER", f"file:{path}")
    send = sending.send_apart
    monkeypatch.setattr(entry_routes.sending, "send_apart", lambda *what: send(*what).join())
    return path


def give_address(human, member):
    db.session.add(CodeAddress(human_id=human.id, address="zhong@example.org", at=clock.now()))
    db.session.commit()


def test_a_code_is_sent_to_the_address_that_is_kept(app, human, member, outbox, client):
    give_address(human, member)

    client.post("/sign-in/code/send", data={"login": "zhongyi"})

    to, _, said = outbox.read_text().rstrip("\n").split("\t")
    assert to == "zhong@example.org"
    assert try_code(app, "zhongyi", said[:8]).status_code == 303


def test_whoever_asks_for_a_code_hears_the_same_of_everybody(app, human, member, outbox):
    known = text_of(app.test_client().post("/sign-in/code/send", data={"login": "zhongyi"}))
    assert not outbox.exists()  # no address is kept
    give_address(human, member)
    sent = text_of(app.test_client().post("/sign-in/code/send", data={"login": "zhongyi"}))
    again = text_of(app.test_client().post("/sign-in/code/send", data={"login": "zhongyi"}))
    stranger = text_of(app.test_client().post("/sign-in/code/send", data={"login": "nobody1"}))

    assert known == sent == again == stranger.replace("nobody1", "zhongyi")
    assert len(outbox.read_text().splitlines()) == 1  # within five minutes no second one


def asks(app, minutes):
    """Somebody asks for a code for the member, so many minutes later."""
    clock.stand_still(clock.now() + timedelta(minutes=minutes))
    entry_routes.CODES_ASKED.forget()
    app.test_client().post("/sign-in/code/send", data={"login": "zhongyi"})


def test_a_stranger_who_asks_each_minute_leaves_the_letter_its_code_and_does_not_flood(
    app, human, member, outbox
):
    give_address(human, member)
    asks(app, 0)
    code = outbox.read_text().rstrip("\n").split("\t")[2][:8]
    for _ in range(4):
        asks(app, 1)
    assert len(outbox.read_text().splitlines()) == 1
    assert try_code(app, "zhongyi", code).status_code == 303
    for _ in range(50):
        asks(app, 5)
    assert len(outbox.read_text().splitlines()) == codes.SENT_A_DAY
    asks(app, 24 * 60)
    assert len(outbox.read_text().splitlines()) == codes.SENT_A_DAY + 1


def test_nobody_ends_from_afar_the_code_that_the_desk_handed_out(app, human, member, keeper, outbox):
    give_address(human, member)
    _, code = entry_actions.hand_out_code(keeper, human.id)
    asks(app, 6)
    assert not outbox.exists()
    assert try_code(app, "zhongyi", code).status_code == 303


@pytest.mark.parametrize("setting", [
    "mail", "smtp://host", "smtp://?from=a@b.c", "file:", "https://host?from=a@b.c",
])
def test_a_sender_that_is_none_is_told(setting):
    with pytest.raises(sending.BadSender):
        sending.sender_of(setting)


class _Mailbox(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 here\r\n")
        in_data, lines = False, []
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            if in_data and line != ".":
                lines.append(line)
                continue
            word = line[:4].upper()
            if in_data:
                in_data, answer = False, "250 taken"
                self.server.letters.append("\n".join(lines))
            elif word == "DATA":
                in_data, answer = True, "354 go on"
            else:
                answer = "221 bye" if word == "QUIT" else "250 well"
            self.wfile.write(f"{answer}\r\n".encode())
            if word == "QUIT":
                return


def test_a_letter_goes_out_by_smtp():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mailbox) as server:
        server.letters = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sender = sending.sender_of(f"smtp://127.0.0.1:{server.server_address[1]}?from=office@example.org")
        sending.send_apart(sender, "zhong@example.org", "Code", "12345678").join()
        server.shutdown()
    [letter] = server.letters
    assert "To: zhong@example.org" in letter and "12345678" in letter


def test_a_sender_that_fails_neither_breaks_the_page_nor_logs_the_code(caplog):
    class Broken:
        def send(self, *_):
            raise smtplib.SMTPServerDisconnected("12345678 zhong@example.org")

    sending.send_apart(Broken(), "zhong@example.org", "Code", "12345678").join()
    assert "12345678" not in caplog.text and "zhong@" not in caplog.text
    assert "could not be sent" in caplog.text


def test_a_file_of_codes_is_its_owners_alone(app, human, member, outbox, client):
    """Also one that was there before, open to everybody."""
    give_address(human, member)
    outbox.write_text("")
    outbox.chmod(0o644)
    client.post("/sign-in/code/send", data={"login": "zhongyi"})
    assert "zhong" in outbox.read_text() and stat.S_IMODE(outbox.stat().st_mode) == 0o600
