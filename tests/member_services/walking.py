"""Walking a case: forms as a browser sends them, officers, and one line for each act."""

import threading
import time
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import event, text
from werkzeug.datastructures import MultiDict

from contest import clock
from contest.audit.work import Actor
from contest.db import about_to_write, db
from contest.member_services import apply_actions, case_actions, office_actions
from contest.member_services.contribution_models import PaidContribution
from contest.member_services.membership_models import Membership
from contest.people.models import Human
from tests import factories

SHANGHAI = ZoneInfo("Asia/Shanghai")
GUEST = Actor(None, "public form")
WHO = {"name": "李四", "phone": "13800138000"}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"


def form(**values):
    """A form; lists become fields that are sent several times."""
    return MultiDict([
        (key, str(one)) for key, value in values.items()
        for one in (value if isinstance(value, list) else [value])
    ])


def officer(name="段专员", *duties, role="service_officer"):
    """Somebody of the desk, with duties that an organiser named, as an Actor."""
    user = factories.make_user(name)
    factories.make_grant(user, role)
    actor = Actor(user.id, name)
    if duties:
        namer = officer("组委会", role="organiser")
    for duty in duties:
        office_actions.name_for_duty(namer, duty, user.id)
    return actor


def person(name="李四", unit=None, member=False, since="2026-01-05", paid=True):
    """Somebody known, perhaps a member of a unit, who then has paid the contribution of 2026."""
    unit = unit or factories.make_organisation()
    human = Human(name=name, organisation_id=unit.id)
    db.session.add(human)
    db.session.flush()
    if member:
        db.session.add(Membership(
            human_id=human.id, organisation_id=unit.id, number=f"T{human.id:06d}", state="active",
            since=datetime.fromisoformat(since).date(),
        ))
        if paid:
            contribute(human, 2026)
    db.session.commit()
    return human


def contribute(human, year, amount=5_000, paid_on=None, service="medical_aid"):
    """A contribution on record; the row."""
    row = PaidContribution(
        service_key=service, human_id=human.id, year=year, amount=amount, who="出纳",
        paid_on=paid_on or date(year, 1, 8), at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def apply(key, human=None, files=(), office=False, honour_id=None, actor=GUEST, **values):
    """An application; the Case."""
    door = apply_actions.Door(human.id if human else None, honour_id, office)
    sent = {**WHO, **({"name": human.name} if human else {}), **values}
    return apply_actions.apply_for(actor, key, form(**sent), files, door)


def act(actor, case, what, **values):
    """One act on a case, by somebody who has just looked at it."""
    db.session.refresh(case)
    return case_actions.move_case(actor, case.id, case.revision, what, form(**values))


def feedback(case, score=5, **values):
    """The applicant says how it went: one score for every question."""
    from contest.member_services.catalogue_queries import service_of

    scores = {f"score-{one.key}": score for one in service_of(case.version).questions}
    return apply_actions.give_feedback(GUEST, case.receipt, form(**scores, **values))


def at(text):
    """The clock stands at a moment of Shanghai: "2026-11-25 09:00"."""
    clock.stand_still(datetime.fromisoformat(text).replace(tzinfo=SHANGHAI))


def local(moment):
    """A moment as Shanghai reads it."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


@contextmanager
def standard(region="云溪区", amount="800"):
    """The local minimum standard of a region."""
    organiser = officer("组委会", role="organiser")
    office_actions.enter_setting(
        organiser, "minimum_standard", region, amount, "2026-01-01", "云民〔2026〕1号"
    )
    yield


def at_once(app, acts):
    """Run acts in threads of their own that begin together; what each of them raised or returned."""
    gate, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number, one):
        with app.app_context():
            about_to_write(True)
            gate.wait()
            try:
                found[number] = one()
            except Exception as refused:  # noqa: BLE001  (it is what the test looks at)
                db.session.rollback()
                found[number] = refused
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


def one_behind_the_other(app, first, second):
    """What two acts returned or raised, of which the second begins when the first is about to commit.

    The first commits once the second waits for it, or is through without waiting.
    """
    db.session.remove()
    at_commit, go_on, found = threading.Event(), threading.Event(), [None, None]

    def pause(session):
        if threading.current_thread() is threads[0] and not session.in_nested_transaction():
            at_commit.set()
            go_on.wait(30)

    def run(number, act):
        with app.app_context():
            about_to_write(True)
            try:
                found[number] = act()
            except Exception as refused:  # noqa: BLE001  (it is what the test looks at)
                db.session.rollback()
                found[number] = refused
            finally:
                at_commit.set()
                db.session.remove()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate((first, second))]
    event.listen(db.session, "before_commit", pause)
    try:
        threads[0].start()
        assert at_commit.wait(30)
        threads[1].start()
        while threads[1].is_alive() and not somebody_waits():
            time.sleep(0.01)
    finally:
        go_on.set()
        for one in threads:
            one.join(30)
        event.remove(db.session, "before_commit", pause)
    return found


def somebody_waits():
    """True while a connection to this test's PostgreSQL database waits for a lock."""
    asked = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with db.engine.connect() as connection:
        return connection.execute(asked).scalar() > 0
