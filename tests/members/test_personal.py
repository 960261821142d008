"""Figure 47: identity numbers lie sealed, every look is written down, keys change, two people for many."""

import os
import stat
import threading
import time

import pytest
from sqlalchemy import String, insert, select, text, type_coerce

from contest import clock, config
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, Invalid, Missing, NotAllowed
from contest.members import personal_actions as actions
from contest.members import personal_queries as queries
from contest.members import resealing
from contest.members.models import CodeAddress, NumbersRequest
from contest.people import id_rules, personal_keys, roster_actions, sealing
from contest.people.models import Human
from contest.people.personal_models import IdNumber, PersonalAccess
from tests import factories
from tests.member_services import walking
from tests.members.conftest import NUMBER, OTHER
from tests.people.spreadsheets import xlsx_of

WHY = "核对职业资格"
BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


def log():
    return [
        (row.who, row.human_id, row.kind, row.fields, row.reason, row.subjects)
        for row in db.session.scalars(select(PersonalAccess).order_by(PersonalAccess.id))
    ]


def every_byte(app):
    """The raw database, with what lies in its journal."""
    db.session.rollback()
    path = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    return b"".join(open(path + end, "rb").read() for end in ("", "-wal") if os.path.exists(path + end))


@pytest.mark.parametrize(("typed", "kept"), [
    (NUMBER, NUMBER), (NUMBER.lower(), NUMBER), (" 110105 19491231 002x ", NUMBER),
    ("１１０１０５１９４９１２３１００２Ｘ", NUMBER), (OTHER, OTHER),
])
def test_a_number_is_kept_in_one_form(typed, kept):
    assert id_rules.read_id_number(typed) == kept


@pytest.mark.parametrize("typed", [
    "", "110105194912310021", "11010519491331002X", "11010519490230002X", "110105491231002",
    "0" * 18, "x" * 50_000,
])
def test_a_wrong_number_gets_one_sentence(typed):
    with pytest.raises(Invalid) as refused:
        id_rules.read_id_number(typed)
    assert list(refused.value.fields) == ["id_number"]


def test_a_single_wrong_digit_is_always_noticed():
    for place in range(17):
        for digit in "0123456789":
            changed = NUMBER[:place] + digit + NUMBER[place + 1:]
            if changed != NUMBER:
                with pytest.raises(Invalid):
                    id_rules.read_id_number(changed)


@BOTH
def test_a_number_comes_back_and_the_log_says_who_when_which_and_why(app, human, keeper):
    actions.enter_number(keeper, human.id, NUMBER, WHY)

    assert actions.reveal_number(keeper, human.id, "补发证书核对") == NUMBER
    assert actions.search_number(keeper, NUMBER, WHY).human_id == human.id
    assert actions.search_number(keeper, OTHER, WHY) is None
    assert log() == [
        ("管理员", human.id, "enter", ["id_number"], WHY, 1),
        ("管理员", human.id, "reveal", ["id_number"], "补发证书核对", 1),
        ("管理员", human.id, "search", ["id_number"], WHY, 1),
        ("管理员", None, "search", ["id_number"], WHY, 1),
    ]
    assert db.session.scalars(select(TrailRow.did).order_by(TrailRow.id)).all()[-4:] == [
        "personal.enter", "personal.reveal", "personal.search", "personal.search",
    ]
    subjects = db.session.scalars(select(TrailRow.subject)).all()
    assert not any(human.name in one or f"{human.id}" == one for one in subjects)


@pytest.mark.parametrize("reason", ["", "四个字。", " " * 20, "a" * 201])
def test_without_a_reason_nothing_is_shown_and_nothing_is_written(app, human, keeper, reason):
    actions.enter_number(keeper, human.id, NUMBER, WHY)
    before = log()

    with pytest.raises(Invalid):
        actions.reveal_number(keeper, human.id, reason)
    assert log() == before


def test_a_look_at_nothing_is_refused_and_is_no_look(app, human, keeper):
    with pytest.raises(Missing):
        actions.reveal_number(keeper, human.id, WHY)
    assert log() == []


@BOTH
@pytest.mark.parametrize("statement", [
    "UPDATE personal_access SET reason = 'x'", "DELETE FROM personal_access",
])
def test_the_log_never_changes(app, human, keeper, statement):
    actions.enter_number(keeper, human.id, NUMBER, WHY)

    with pytest.raises(Exception, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()


def test_a_number_stands_for_one_person(app, human, keeper):
    actions.enter_number(keeper, human.id, NUMBER, WHY)
    other = Human(name="华二")
    db.session.add(other)
    db.session.commit()

    with pytest.raises(Conflict, match="Another person has this identity number"):
        actions.enter_number(keeper, other.id, NUMBER, WHY)
    actions.enter_number(keeper, human.id, OTHER, WHY)
    actions.enter_number(keeper, other.id, NUMBER, WHY)


def test_the_raw_database_holds_nothing_of_it(app, human, keeper):
    actions.enter_number(keeper, human.id, NUMBER, WHY)
    actions.reveal_number(keeper, human.id, WHY)

    data = every_byte(app)

    assert NUMBER.encode() not in data
    assert NUMBER[:10].encode() not in data and NUMBER[-6:].encode() not in data
    assert b"personal:" in data


def test_what_an_applicant_tells_is_sealed(app):
    officer = walking.officer()
    from contest.member_services import apply_actions

    case = apply_actions.apply_for(officer, "letterbox", walking.form(
        name="李四", phone="13800138000", topic="safety", words="车间通风不好且家中困难"
    ))

    data = every_byte(app)
    assert b"13800138000" not in data
    assert "车间通风不好且家中困难".encode() not in data
    db.session.expire_all()
    assert (case.phone, case.words) == ("13800138000", "车间通风不好且家中困难")


def test_a_seal_that_was_moved_or_changed_does_not_open(app, human, keeper):
    actions.enter_number(keeper, human.id, NUMBER, WHY)
    sealed = db.session.get(IdNumber, human.id).sealed

    for wrong, place in (
        (sealed, IdNumber.place_of(human.id + 1)), (sealed[:-8] + "AAAAAAA=", IdNumber.place_of(human.id)),
        (NUMBER, IdNumber.place_of(human.id)), ("personal:00000000:AAAA", IdNumber.place_of(human.id)),
    ):
        with pytest.raises(sealing.WrongKey):
            sealing.unseal(wrong, place)


def test_the_keys_are_readable_by_their_owner_alone(app, keys):
    sealing.keys_here()
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600

    keys.chmod(0o640)
    with pytest.raises(Conflict, match="chmod 600"):
        personal_keys.open_keys(keys)


@pytest.mark.parametrize("content", ["", "{}", '{"match": "AA==", "sealing": {}, "current": ""}', "[1]"])
def test_a_damaged_file_of_keys_is_told_and_never_replaced(keys, content):
    keys.write_text(content)
    keys.chmod(0o600)

    with pytest.raises(Conflict, match="damaged"):
        personal_keys.open_keys(keys)
    assert keys.read_text() == content


@BOTH
def test_after_a_rotation_everything_opens_and_nothing_old_is_left(app, human, keeper, keys):
    from contest.member_services import apply_actions

    actions.enter_number(keeper, human.id, NUMBER, WHY)
    case = apply_actions.apply_for(walking.officer(), "letterbox", walking.form(
        name="李四", phone="13800138000", topic="safety", words="车间通风不好"
    ))
    old = sealing.keys_here().current

    name, count = resealing.rotate(keeper, keys)

    assert name != old and count >= 5  # number, phone, words, answers, the event's words
    assert set(resealing.keys_in_use()) == {name}
    db.session.expire_all()
    assert (queries.number_of(human.id), case.phone, case.words) == (NUMBER, "13800138000", "车间通风不好")
    assert actions.search_number(keeper, NUMBER, WHY).human_id == human.id
    resealing.forget(keys, old)
    db.session.expire_all()
    assert queries.number_of(human.id) == NUMBER


@BOTH
def test_a_roster_that_waits_is_sealed_anew_and_holds_its_key(app, keeper, keys):
    contest = factories.make_contest(state="registration")
    file = xlsx_of([["单位", "姓名", "身份证号"], ["苍岭水泥", "李四", NUMBER]])
    pending = roster_actions.upload_roster(keeper, contest.id, file, "名单.xlsx")
    old = sealing.keys_here().current
    personal_keys.add_key(keys)
    with pytest.raises(Conflict, match="still sealed"):
        resealing.forget(keys, old)

    resealing.go_on(keeper)
    resealing.forget(keys, old)

    roster_actions.confirm_roster(keeper, contest.id, pending)
    assert actions.search_number(keeper, NUMBER, WHY).name == "李四"


def test_a_key_in_use_is_not_thrown_away(app, human, keeper, keys):
    actions.enter_number(keeper, human.id, NUMBER, WHY)
    old = sealing.keys_here().current
    personal_keys.add_key(keys)

    with pytest.raises(Conflict, match="still sealed"):
        resealing.forget(keys, old)


def test_a_rotation_takes_far_less_than_a_minute_for_all(app, human, keeper, keys):
    """Figure 47 in full size (100 000 rows) with CONTEST_SOAK=1."""
    many = 100_000 if os.environ.get("CONTEST_SOAK") == "1" else 2_500
    start = human.id + 1
    db.session.execute(insert(Human), [{"id": start + n, "name": "某"} for n in range(many)])
    db.session.execute(insert(IdNumber.__table__), [{
        "human_id": start + n, "match_hash": f"{n:064d}", "at": clock.now(),
        "sealed": sealing.seal(NUMBER, IdNumber.place_of(start + n)),
    } for n in range(many)])
    db.session.commit()
    begun = time.perf_counter()

    name, count = resealing.rotate(keeper, keys)

    print(f"{count} rows in {time.perf_counter() - begun:.1f} s")
    assert count == many
    raw = select(type_coerce(IdNumber.sealed, String))
    assert {sealing.key_of(one) for one in db.session.scalars(raw)} == {name}
    assert queries.number_of(start + many - 1) == NUMBER


def test_the_look_that_is_one_too_many_raises_an_alarm_once(app, human, keeper):
    actions.enter_number(keeper, human.id, NUMBER, WHY)
    for _ in range(52):
        actions.reveal_number(keeper, human.id, WHY)

    alarms = db.session.scalars(select(TrailRow).filter_by(did="personal.alarm")).all()
    assert [row.facts["looks"] for row in alarms] == [51]
    assert queries.alarming() == [("管理员", 52)]


@pytest.fixture
def numbered(app):
    """A contest of three people with numbers; two organisers."""
    contest = factories.make_contest()
    officials = [factories.make_official(name, "organiser", contest=contest) for name in ("甲", "乙")]
    people = [factories.make_entrant(contest, name) for name in ("钟一", "华二", "=1+1")]
    for n, entrant in enumerate(people):
        stem = f"1101051949123100{n}"
        actions.enter_number(officials[0], entrant.human_id, stem + id_rules.check_sign(stem), WHY)
    return contest, officials, people


def test_up_to_a_hundred_numbers_are_taken_by_one_and_each_person_finds_it(app, numbered):
    contest, (first, second), people = numbered
    actions.ask_for_numbers(first, contest.id, WHY)
    request = db.session.scalar(select(NumbersRequest))

    with pytest.raises(NotAllowed):
        actions.take_numbers(second, contest.id, request.id)
    data = actions.take_numbers(first, contest.id, request.id)

    assert data[:2] == b"PK"
    for entrant in people:
        assert queries.accesses_of(entrant.human_id)[0].kind == "numbers"
    with pytest.raises(Conflict, match="taken already"):
        actions.take_numbers(first, contest.id, request.id)


def test_more_than_a_hundred_need_a_second_person(app, numbered, monkeypatch):
    contest, (first, second), _ = numbered
    monkeypatch.setattr(actions.rules, "ALONE_AT_MOST", 2)
    actions.ask_for_numbers(first, contest.id, WHY)
    request = db.session.scalar(select(NumbersRequest))

    with pytest.raises(Conflict, match="second person"):
        actions.take_numbers(first, contest.id, request.id)
    with pytest.raises(NotAllowed, match="Somebody else"):
        actions.allow_numbers(first, contest.id, request.id)
    actions.allow_numbers(second, contest.id, request.id)
    assert actions.take_numbers(first, contest.id, request.id)[:2] == b"PK"


def test_no_page_shows_a_number_but_the_answer_to_a_reasoned_look(app, as_role, human, keeper):
    actions.enter_number(keeper, human.id, NUMBER, WHY)
    browser = as_role("curator")
    pages = ("/people?text=钟", f"/people/{human.id}", "/people/log", "/trail")

    assert all(NUMBER not in browser.get(page).text for page in pages)
    refused = browser.post(f"/people/{human.id}/number/show", data={"reason": "x"})
    assert refused.status_code == 422 and NUMBER not in refused.text
    shown = browser.post(f"/people/{human.id}/number/show", data={"reason": WHY})
    assert NUMBER in shown.text
    assert shown.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("role", ["service_officer", "clerk", "judge", "supervisor", "contact"])
def test_only_keepers_come_near_a_number(app, as_role, human, keeper, role):
    actions.enter_number(keeper, human.id, NUMBER, WHY)
    contest = None if role == "service_officer" else factories.make_contest()

    answer = as_role(role, contest).post(f"/people/{human.id}/number/show", data={"reason": WHY})

    assert answer.status_code == 403
    assert log()[1:] == []


@BOTH
def test_missing_keys_are_never_made_anew_beside_sealed_data(app, human, keeper, keys):
    """New ones would open nothing, and match no number: the sentence says where the old ones belong."""
    actions.enter_number(keeper, human.id, NUMBER, WHY)
    moved = keys.rename(keys.with_name("put away"))
    other = Human(name="华二")
    db.session.add(other)
    db.session.commit()

    for attempt in (
        lambda: actions.enter_number(keeper, other.id, OTHER, WHY), lambda: queries.find_by_number(NUMBER),
        lambda: queries.number_of(human.id), lambda: resealing.rotate(keeper, keys),
        sealing.keys_here,
    ):
        with pytest.raises(sealing.WrongKey) as refused:
            attempt()
        db.session.rollback()
        assert refused.value.params["path"] == keys and "%(path)s" in refused.value.message
        assert not keys.exists()

    moved.rename(keys)
    assert queries.number_of(human.id) == NUMBER


@BOTH
def test_what_is_sealed_anywhere_keeps_keys_from_being_made(app, keys):
    """Not only numbers: an address alone, a telephone alone."""
    assert not sealing.is_anything_sealed()
    human = Human(name="华二")
    db.session.add(human)
    db.session.flush()
    db.session.add(CodeAddress(human_id=human.id, address="hua@example.org", at=clock.now()))
    db.session.commit()
    keys.unlink()
    with pytest.raises(sealing.WrongKey):
        sealing.keys_here()


def test_of_two_keys_made_at_once_none_is_lost(app, keys, monkeypatch):
    """Both read the file, both write it: without a lock the second would throw the first one's key away."""
    sealing.keys_here()
    written, begun = personal_keys._write, threading.Event()

    def slowly(made, path, put):
        begun.set()
        other_is_done.wait(0.5)  # time enough for the other one to read the file, if it may
        written(made, path, put)

    other_is_done = threading.Event()

    def add():
        personal_keys.add_key(keys)
        other_is_done.set()

    monkeypatch.setattr(personal_keys, "_write", slowly)
    threads = [threading.Thread(target=add) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert begun.is_set() and len(personal_keys.open_keys(keys).sealing) == 3


def test_the_keys_of_the_house_are_their_owners_alone(tmp_path, monkeypatch):
    """One that somebody left open is shut; none is half written when another process reads it."""
    monkeypatch.delenv("CONTEST_CODES_KEY", raising=False)
    house = tmp_path / "house"
    house.mkdir()
    made = config.codes_key(house)
    assert len(made) >= 32 and list(house.iterdir()) == [house / "codes_key"]
    (house / "codes_key").chmod(0o644)
    assert config.codes_key(house) == made
    assert stat.S_IMODE((house / "codes_key").stat().st_mode) == 0o600
