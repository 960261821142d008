"""Saying outside that there is something to read: gathered, tried, tried again, given up, forgotten."""

from sqlalchemy import delete, select, update

from contest import clock
from contest.accounts.queries import hash_token
from contest.db import db, writing
from contest.draw.sealing import WrongKey
from contest.letters import actions, channels, queries, rules
from contest.letters.models import LetterNotice, LetterTry, PersonLetter
from contest.members import personal_queries
from contest.members.models import CodeAddress
from contest.people import sealing

MOST_IN_A_ROW = 500


def send_once(send=channels.send):
    """Gather what was written and try everything that is due, each once; how many were taken."""
    if not queries.is_anything_due():
        db.session.rollback()
        return 0
    db.session.rollback()
    gather()
    return _send_due(send)


def gather():
    """Of letters that nobody opened within a minute a notice by each way that its reader chose.

    Ways that are opened or chosen later do not tell of what was before.
    """
    with writing():
        try:
            now, here = clock.now(), channels.ways_here()
            rows = db.session.execute(
                select(PersonLetter.id, PersonLetter.human_id, PersonLetter.read_at)
                .where(PersonLetter.said_at.is_(None), PersonLetter.at <= now - rules.GATHER)
                .order_by(PersonLetter.id).limit(MOST_IN_A_ROW)
            ).all()
            for human_id in dict.fromkeys(row.human_id for row in rows if row.read_at is None):
                for way in sorted(here & set(_addresses(human_id) or ())):
                    if not _waits(human_id, way):
                        actions.new_notice(human_id, way, "news")
            db.session.execute(
                update(PersonLetter).where(PersonLetter.id.in_([row.id for row in rows])).values(said_at=now)
            )
            db.session.commit()
        finally:
            db.session.rollback()


def _waits(human_id, way):
    """One notice tells of everything that is unread when it arrives."""
    return db.session.scalar(
        select(LetterNotice.id).filter_by(human_id=human_id, way=way, kind="news", state="waiting").limit(1)
    ) is not None


def _addresses(human_id):
    """{way: address} that the person chose; None where they are sealed with another key."""
    try:
        return personal_queries.news_addresses(human_id)
    except sealing.WrongKey:
        return None


def _send_due(send):
    away, taken = set(), 0
    for _ in range(MOST_IN_A_ROW):
        if (row_id := _claim(away)) is None:
            break
        way, problem = _try(row_id, send)
        if problem in rules.AWAY:
            away.add(way)  # a server that is away is asked once in a round
        taken += problem == ""
    return taken


def _claim(away):
    """The oldest notice that is due, held for this sender alone; None when there is none."""
    with writing():
        try:
            now = clock.now()
            _settle_broken_off(now)
            row = db.session.scalar(
                select(LetterNotice).where(
                    LetterNotice.state == "waiting", LetterNotice.next_at <= now,
                    LetterNotice.way.not_in(away),
                ).order_by(LetterNotice.next_at, LetterNotice.id).limit(1)
            )
            if row is None:
                return None
            row_id = row.id
            held = db.session.execute(
                update(LetterNotice).where(LetterNotice.id == row_id, LetterNotice.state == "waiting")
                .values(state="sending", next_at=now + rules.LEASE)
            ).rowcount
            db.session.commit()
            return row_id if held else None
        finally:
            db.session.rollback()


def _settle_broken_off(now):
    """Of a sender that was killed in between: a gateway knows the id, a mailbox would get it twice."""
    over = LetterNotice.state == "sending", LetterNotice.next_at <= now
    db.session.execute(
        update(LetterNotice).where(*over, LetterNotice.way == "sms").values(state="waiting")
    )
    db.session.execute(
        update(LetterNotice).where(*over, LetterNotice.way == "mail").values(state="unsure", sealed="")
    )
    db.session.commit()


def _try(row_id, send):
    """(way, problem or "" when it was taken, or None when nobody wants it any more)."""
    row = db.session.get(LetterNotice, row_id, populate_existing=True)
    way, message_id, to, problem = row.way, row.message_id, None, None
    try:
        to, subject, text = _message(row)
    except (WrongKey, sealing.WrongKey):
        problem = "sealed"
    db.session.rollback()  # sending takes seconds and holds nothing meanwhile
    if to is not None:
        problem = send(way, message_id, to, subject, text)
    _note(row_id, problem)
    return way, problem


def _message(row):
    """(address, subject, text); the address is None when nobody wants it any more."""
    if row.kind == "invitation":
        address = db.session.get(CodeAddress, row.human_id)
        to = address.address if address and _works(row) else None
        return to, *rules.words_outside("invitation", row.way, row.sealed)
    unread = queries.count_unread(row.human_id)
    to = personal_queries.news_addresses(row.human_id).get(row.way) if unread else None
    return to, *rules.words_outside("news", row.way, channels.home())


def _works(row):
    """An invitation that was taken up, withdrawn or replaced meanwhile is not sent any more."""
    found = personal_queries.open_invitation(row.human_id)
    return found is not None and found.token_hash == hash_token(row.sealed.rpartition("/")[2])


def _note(row_id, problem):
    with writing():
        try:
            row, now = db.session.get(LetterNotice, row_id, populate_existing=True), clock.now()
            if row is None:
                return  # the person was erased meanwhile
            if problem is None:
                row.state = "dropped"
            else:
                db.session.add(LetterTry(notice_id=row.id, at=now, problem=problem))
                _put_after_try(row, problem, now)
            if row.state != "waiting":
                row.sealed = ""
            db.session.commit()
        finally:
            db.session.rollback()


def _put_after_try(row, problem, now):
    if problem == "":
        row.state, row.sent_at = "sent", now
        return
    row.tries += 1
    wait = None if problem in rules.FOR_GOOD else rules.delay_after(row.tries)
    row.state, row.next_at = ("waiting", now + wait) if wait else ("failed", row.next_at)


def forget_old():
    """Throw away what was told outside over a year ago, and letters of three years ago."""
    now = clock.now()
    with writing():
        old = select(LetterNotice.id).where(
            LetterNotice.at < now - rules.NOTICES_KEPT, LetterNotice.state.not_in(("waiting", "sending"))
        )
        db.session.execute(delete(LetterTry).where(LetterTry.notice_id.in_(old)))
        db.session.execute(delete(LetterNotice).where(LetterNotice.id.in_(old)))
        db.session.execute(delete(PersonLetter).where(PersonLetter.at < now - rules.LETTERS_KEPT))
        db.session.commit()
