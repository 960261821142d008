"""What happens to a person is written to that person: on the own page, and outside by chosen ways."""

import smtplib
from datetime import timedelta

import pytest

from contest import clock, signals
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.config import BadSetting, sms_gateway
from contest.db import db
from contest.errors import Conflict, Invalid, Missing
from contest.letters import actions, channels, outbox_actions, queries, rules
from contest.letters.models import LetterNotice, LetterTry, PersonLetter
from contest.members import entry_actions, own_actions, personal_actions, personal_queries, personal_rules
from contest.people.models import Human
from contest.people.personal_models import PersonalAccess
from contest.registry import person_actions
from tests import factories
from tests.members.conftest import english, human, keeper, keys  # noqa: F401
from tests.members.test_own_page import browser_of
from tests.webhooks.scenes import LOOPBACK, Receiver, make_honour, revoke

SELF = Actor(None, "本人")
SECRET = "whsec_" + "QUJD" * 10 + "QUI="


class Ways:
    """Keeps what it is handed, or gives the problems that it was told to."""

    def __init__(self, *problems):
        self.sent, self.problems = [], list(problems)

    def __call__(self, way, message_id, to, subject, text):
        if self.problems and (problem := self.problems.pop(0)):
            return problem
        self.sent.append((way, message_id, to, text))
        return ""


@pytest.fixture(autouse=True)
def set_up(app, monkeypatch):
    for name, value in (("CODE_SENDER", "console"), ("SMS_URL", "https://sms.example/"),
                        ("SMS_SECRET", SECRET), ("ADDRESS", "https://contest.example"),
                        ("CODES_KEY", "the-key-of-the-codes-of-this-test-only")):
        monkeypatch.setitem(app.config, name, value)


def wait(**how):
    clock.stand_still(clock.now() + timedelta(**how))


@pytest.fixture
def told(app):
    """Somebody with an address who wants to hear by mail, and whose honour was revoked just now."""
    honour = make_honour()
    person = honour.craftsman.human
    personal_actions.set_address(SELF, person.id, "zhong@example.org", "本人到场要求")
    own_actions.tell_by_mail(SELF, person.id, True)
    revoke(honour)
    return person


def kinds_of(person):
    return [one.letter.kind for one in queries.list_letters(person.id)[0]]


def states():
    db.session.expire_all()
    return [one.state for one in db.session.query(LetterNotice).order_by(LetterNotice.id)]


def test_a_revoked_honour_is_written_with_it_and_the_page_names_it(app, told):
    assert kinds_of(told) == ["honour.revoked"]
    browser = browser_of(app, told)
    page = browser.get("/my", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert "An honour of yours was revoked." in page and "技术能手" in page
    assert queries.count_unread(told.id) == 1

    [line] = queries.list_letters(told.id)[0]
    answer = browser.post(f"/my/letters/{line.letter.id}/open")
    assert answer.status_code == 303 and answer.location.endswith("/my#honours")
    assert queries.count_unread(told.id) == 0


def test_an_act_that_fails_writes_nothing(app, told, monkeypatch):
    honour = make_honour("孙二")

    def fail(_did, **_facts):
        raise Conflict("The act goes wrong at its end.")

    with signals.honour_changed.connected_to(fail), pytest.raises(Conflict):
        revoke(honour)
    db.session.rollback()
    assert kinds_of(honour.craftsman.human) == []


def test_letters_of_others_are_not_there(app, told):
    other = make_honour("孙二").craftsman.human
    [line] = queries.list_letters(told.id)[0]
    browser = browser_of(app, other)
    assert browser.post(f"/my/letters/{line.letter.id}/open").status_code == 404
    assert queries.list_letters(other.id)[0] == []
    with pytest.raises(Missing):
        queries.get_letter(other.id, line.letter.id)


@pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
def test_outside_it_is_said_once_in_both_languages_and_never_what_it_is(told):
    ways = Ways()
    assert outbox_actions.send_once(ways) == 0  # within the minute more may happen
    wait(minutes=1)

    assert outbox_actions.send_once(ways) == 1
    wait(hours=5)
    assert outbox_actions.send_once(ways) == 0

    [(way, _, to, text)] = ways.sent
    assert (way, to) == ("mail", "zhong@example.org")
    assert "新消息" in text and "something to read" in text and "https://contest.example/my" in text
    assert "技术能手" not in text and "钟一" not in text and "revoked" not in text
    assert states() == ["sent"]


def test_what_happens_together_is_said_once_by_each_way(told):
    own_actions.set_phone(SELF, told.id, "138 0013 8000")
    actions.write("level.changed", told.id)
    db.session.commit()
    wait(minutes=2)
    ways = Ways()

    assert outbox_actions.send_once(ways) == 2
    assert sorted((way, to) for way, _, to, _ in ways.sent) == [
        ("mail", "zhong@example.org"), ("sms", "+8613800138000")]


def test_who_chose_nothing_or_has_read_it_is_told_nothing_outside(app):
    silent, reader = make_honour("孙二"), make_honour("李三")
    for each in (silent, reader):
        personal_actions.set_address(SELF, each.craftsman.human_id, "a@example.org", "本人到场要求")
    own_actions.tell_by_mail(SELF, reader.craftsman.human_id, True)
    revoke(silent)
    revoke(reader)
    actions.read_all(reader.craftsman.human_id, 10**6)
    wait(minutes=2)
    ways = Ways()
    assert outbox_actions.send_once(ways) == 0 and ways.sent == [] and states() == []
    # Who chooses later does not get what was before.
    own_actions.tell_by_mail(SELF, silent.craftsman.human_id, True)
    wait(minutes=2)
    assert outbox_actions.send_once(ways) == 0 and ways.sent == []


def test_a_failure_is_tried_again_ever_later_and_given_up_after_the_last(app, told):
    wait(minutes=1)
    ways = Ways(*["connect"] * (len(rules.DELAYS) + 1))
    outbox_actions.send_once(ways)
    for delay in rules.DELAYS:
        wait(seconds=delay.total_seconds() - 1)
        assert outbox_actions.send_once(ways) == 0
        assert states() == ["waiting"]
        wait(seconds=1)
        outbox_actions.send_once(ways)
    assert states() == ["failed"] and ways.problems == [] and ways.sent == []
    assert db.session.query(LetterTry).count() == len(rules.DELAYS) + 1

    [row] = db.session.query(LetterNotice)
    actions.try_again(SELF, row.id)
    assert outbox_actions.send_once(ways) == 1 and states() == ["sent"]
    assert db.session.query(TrailRow).filter_by(did="letter.again").count() == 1
    with pytest.raises(Conflict):
        actions.try_again(SELF, row.id)


def test_an_address_that_is_not_taken_is_given_up_at_once(told):
    wait(minutes=1)
    outbox_actions.send_once(Ways("recipient"))
    assert states() == ["failed"]


def test_a_server_that_is_away_is_asked_once_in_a_round_and_the_other_way_goes_on(told):
    other = make_honour("孙二")
    personal_actions.set_address(SELF, other.craftsman.human_id, "sun@example.org", "本人到场要求")
    own_actions.tell_by_mail(SELF, other.craftsman.human_id, True)
    own_actions.set_phone(SELF, other.craftsman.human_id, "13800138000")
    revoke(other)
    wait(minutes=2)
    asked = []

    def send(way, *_):
        asked.append(way)
        return "connect" if way == "mail" else ""

    assert outbox_actions.send_once(send) == 1
    assert sorted(asked) == ["mail", "sms"]


def test_stopped_meanwhile_it_is_left_out(told):
    wait(minutes=1)
    outbox_actions.send_once(Ways("connect"))
    own_actions.tell_by_mail(SELF, told.id, False)
    wait(minutes=1)
    ways = Ways()
    assert outbox_actions.send_once(ways) == 0 and ways.sent == [] and states() == ["dropped"]


@pytest.mark.parametrize(("way", "wanted", "again"), [("mail", "unsure", 0), ("sms", "sent", 1)])
def test_a_sender_that_was_killed_never_mails_twice_and_a_gateway_knows_the_id(told, way, wanted, again):
    actions.new_notice(told.id, way, "news")
    own_actions.set_phone(SELF, told.id, "13800138000")
    db.session.query(PersonLetter).update({"said_at": clock.now()})
    db.session.commit()
    sent = []

    def killed(way, message_id, *_):
        sent.append(message_id)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outbox_actions.send_once(killed)
    ways = Ways()
    assert outbox_actions.send_once(ways) == 0 and states() == ["sending"]
    wait(minutes=2)
    assert outbox_actions.send_once(ways) == again and states() == [wanted]
    assert {one[1] for one in ways.sent} <= set(sent)


@pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
def test_two_senders_do_not_both_take_one(told):
    wait(minutes=1)
    ways = Ways()

    def second_sender_comes_in_between(*given):
        assert outbox_actions.send_once(ways) == 0
        return ways(*given)

    assert outbox_actions.send_once(second_sender_comes_in_between) == 1
    assert len(ways.sent) == 1


def test_an_invitation_is_mailed_once_and_only_while_it_works(app, human, keeper):  # noqa: F811
    def link_of(token):
        return f"https://contest.example/join/{token}"

    with pytest.raises(Conflict, match="No e-mail address"):
        entry_actions.invite(keeper, human.id, link_of)
    personal_actions.set_address(keeper, human.id, "zhong@example.org", "本人到场要求")
    entry_actions.invite(keeper, human.id, link_of)
    token = entry_actions.invite(keeper, human.id, link_of)  # replaces the first
    stored = db.session.execute(db.text("SELECT sealed FROM letter_notice")).scalars().all()
    assert all(token not in text for text in stored)
    ways = Ways()

    assert outbox_actions.send_once(ways) == 1
    [(_, _, to, text)] = ways.sent
    assert to == "zhong@example.org" and link_of(token) in text and "受邀" in text
    assert states() == ["dropped", "sent"]
    stored = db.session.execute(db.text("SELECT sealed FROM letter_notice")).scalars().all()
    assert stored == ["", ""]


def test_choosing_is_logged_for_the_person_and_the_number_lies_sealed(told):
    own_actions.set_phone(SELF, told.id, "+86 138-0013-8000")
    kinds = [one.kind for one in db.session.query(PersonalAccess).filter_by(human_id=told.id)]
    assert kinds == ["address", "ways", "ways"]
    assert "13800138000" not in db.session.execute(db.text("SELECT number FROM news_phone")).scalar()
    assert personal_queries.ways_of(told.id) == {
        "mail": ("z***@example.org", True), "sms": ("+86138****8000", True)}
    own_actions.set_phone(SELF, told.id, "")
    assert "sms" not in personal_queries.news_addresses(told.id)


@pytest.mark.parametrize(("text", "wanted"), [
    ("13800138000", "+8613800138000"), ("+86 138 0013 8000", "+8613800138000"), ("", ""),
    ("+44 7700 900123", "+447700900123"),
])
def test_a_number_is_read(text, wanted):
    assert personal_rules.read_phone(text) == wanted


@pytest.mark.parametrize("text", [
    "12345", "23800138000", "+86 010 12345", "138001380001", "a@b.cn", "1" * 40,
])
def test_what_takes_no_text_message_is_refused(text):
    with pytest.raises(Invalid):
        personal_rules.read_phone(text)


def test_letters_follow_a_merge_and_go_back(app, told, keeper):  # noqa: F811
    keep = Human(name="钟一")
    db.session.add(keep)
    db.session.commit()
    own_actions.set_phone(SELF, told.id, "13800138000")
    merge = person_actions.merge_people(keeper, keep.id, told.id, "同一个人")
    assert "honour.revoked" in kinds_of(keep)
    assert personal_queries.news_addresses(keep.id) == {
        "mail": "zhong@example.org", "sms": "+8613800138000"}

    person_actions.split_people(keeper, merge.id, "误并")
    assert "honour.revoked" in kinds_of(told) and "honour.revoked" not in kinds_of(keep)
    assert personal_queries.news_addresses(told.id) == {
        "mail": "zhong@example.org", "sms": "+8613800138000"}


def test_old_ones_are_forgotten(told):
    wait(minutes=1)
    outbox_actions.send_once(Ways("refused", "", ""))
    wait(days=366)
    outbox_actions.forget_old()
    assert db.session.query(LetterNotice).count() == 1  # what waits is not forgotten
    outbox_actions.send_once(Ways())
    wait(days=366)
    outbox_actions.forget_old()
    assert db.session.query(LetterNotice).count() == db.session.query(LetterTry).count() == 0
    wait(days=366)
    outbox_actions.forget_old()
    assert db.session.query(PersonLetter).count() == 0


def test_the_log_of_the_organisers_names_nobody(app, told):
    wait(minutes=1)
    outbox_actions.send_once(Ways("recipient"))
    user = factories.make_user("周组委")
    factories.make_grant(user, "organiser")
    boss = factories.browser_of(app, user)
    page = boss.get("/letters").get_data(as_text=True)
    assert "钟一" not in page and "example.org" not in page and "honour" not in page
    [row] = db.session.query(LetterNotice)
    assert boss.post(f"/letters/{row.id}/again").status_code == 303
    assert states() == ["waiting"]


def test_the_member_chooses_on_the_page_and_a_wrong_number_stays_in_the_field(app, told):
    browser = browser_of(app, told)
    answer = browser.post("/my/data/phone", data={"phone": "12345"})
    assert answer.status_code == 422 and "12345" in answer.get_data(as_text=True)
    assert browser.post("/my/data/phone", data={"phone": "13800138000"}).status_code == 303
    page = browser.get("/my/data").get_data(as_text=True)
    assert "+86138****8000" in page and "13800138000" not in page
    assert browser.post("/my/data/mail", data={}).status_code == 303
    assert personal_queries.news_addresses(told.id) == {"sms": "+8613800138000"}


class Server:
    """An SMTP server that refuses in its own way."""

    def __init__(self, failure):
        self.failure = failure

    def send(self, *_):
        if self.failure is not None:
            raise self.failure


@pytest.mark.parametrize(("failure", "wanted"), [
    (None, ""), (smtplib.SMTPRecipientsRefused({"a@b.cn": (550, b"no")}), "recipient"),
    (smtplib.SMTPRecipientsRefused({"a@b.cn": (450, b"later")}), "refused"),
    (smtplib.SMTPAuthenticationError(535, b"no"), "refused"), (TimeoutError(), "timeout"),
    (ConnectionRefusedError(), "connect"), (smtplib.SMTPServerDisconnected(), "connect"),
])
def test_what_a_mail_server_says_is_understood(app, monkeypatch, failure, wanted):
    monkeypatch.setattr(channels, "sender_of", lambda _setting: Server(failure))
    assert channels.send("mail", "msg_1", "a@b.cn", "s", "t") == wanted


def test_a_gateway_gets_a_signed_message_and_no_private_network_does(app, told, tmp_path, monkeypatch):
    receiver = Receiver(tmp_path)
    try:
        monkeypatch.setitem(app.config, "SMS_URL", receiver.url("ok"))
        monkeypatch.setitem(app.config, "WEBHOOK_NETWORKS", ())
        assert channels.send("sms", "msg_1", "+8613800138000", "s", "t") == "forbidden"
        monkeypatch.setitem(app.config, "WEBHOOK_NETWORKS", LOOPBACK)
        assert channels.send("sms", "msg_2", "+8613800138000", "s", "有新消息") == ""
        [line] = receiver.lines()
    finally:
        receiver.stop()
    assert "+8613800138000" in str(line) and "msg_2" in str(line)


@pytest.mark.parametrize(("url", "secret"), [
    ("sms.example", SECRET), ("https://sms.example", ""), ("https://sms.example", "whsec_short")])
def test_a_wrong_setting_stops_the_start(monkeypatch, url, secret):
    monkeypatch.setenv("CONTEST_SMS_URL", url)
    monkeypatch.setenv("CONTEST_SMS_SECRET", secret)
    with pytest.raises(BadSetting):
        sms_gateway()
