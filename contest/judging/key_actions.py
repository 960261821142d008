"""Showing a tablet's key, and the chief judge's word on keys."""

from sqlalchemy.exc import IntegrityError

from contest import clock
from contest.audit.device_signatures import print_of
from contest.audit.work import work
from contest.db import db
from contest.judging import key_queries, queries, tablet_queries, trail_words  # noqa: F401 (names what is done)
from contest.judging import key_rules as rules
from contest.judging.key_models import DeviceKey, DeviceRuling
from contest.judging.rules import check_reason
from contest.setup.queries import get_contest
from contest.setup.stepping import check_word


def show_key(actor, device_id, name, public, signature):
    """Write a tablet's key down, once; its print.

    Invalid when the tablet does not hold it, Conflict for too many.
    """
    installation = tablet_queries.installation()
    rules.check_key(installation, device_id, public, signature, key_queries.count_keys(device_id))
    short = print_of(public)
    if key_queries.find_key(device_id, short):
        return short
    try:
        with work(actor, "tablet.key", subject=f"tablet {name or device_id[:4].upper()}", key=short):
            db.session.add(DeviceKey(
                device_id=device_id, public=public, short=short, user_id=actor.user_id, at=clock.now(),
            ))
    except IntegrityError:
        # Two tabs show it at once: one row is there.
        db.session.rollback()
    return short


def ask(actor, contest_id, reason=""):
    """From now on only what admitted tablets sign is taken; Conflict, NotAllowed without the password."""
    _rule_on_asking(actor, contest_id, rules.ASK, reason)


def ask_no_more(actor, contest_id, reason):
    """The contest takes unsigned marks again; Invalid without a reason, Conflict, NotAllowed as above."""
    _rule_on_asking(actor, contest_id, rules.ASK_NO_MORE, check_reason(reason))


def _rule_on_asking(actor, contest_id, kind, reason):
    queries.lock_contest(contest_id)
    rules.check_may_rule(get_contest(contest_id).state)
    rules.check_asking(key_queries.is_asked(contest_id), kind == rules.ASK)
    check_word(actor)
    with work(actor, f"tablets.{kind}", contest_id=contest_id, reason=reason):
        _add(actor, contest_id, kind, reason=reason)


def admit(actor, contest_id, prints):
    """Admit the tablets whose keys have these prints, which were compared with their screens; how many.

    Invalid for none and for one that is not of this contest's judges; Conflict, NotAllowed as above.
    """
    return _rule_on_keys(actor, contest_id, rules.ADMIT, prints, "")


def withdraw(actor, contest_id, prints, reason):
    """Take from tablets that what they sign is taken where the contest asks for it; as `admit`."""
    return _rule_on_keys(actor, contest_id, rules.WITHDRAW, prints, check_reason(reason))


def _rule_on_keys(actor, contest_id, kind, prints, reason):
    queries.lock_contest(contest_id)
    rules.check_may_rule(get_contest(contest_id).state)
    known = {line.row.short: line for line in key_queries.keys_of(contest_id)}
    rules.check_chosen(prints, known)
    lines = [known[each] for each in dict.fromkeys(prints)]
    # Whoever was faster has ruled so already: nothing is left to say of those.
    lines = [line for line in lines if line.is_admitted != (kind == rules.ADMIT)]
    check_word(actor)
    if not lines:
        return 0
    with work(
        actor, f"tablets.{kind}", contest_id=contest_id, reason=reason,
        tablets=", ".join(f"{line.tablet} {line.words}" for line in lines),
    ):
        for line in lines:
            _add(actor, contest_id, kind, line.row.device_id, line.row.public, reason)
    return len(lines)


def _add(actor, contest_id, kind, device_id="", public="", reason=""):
    db.session.add(DeviceRuling(
        contest_id=contest_id, kind=kind, device_id=device_id, public=public, reason=reason,
        by_id=actor.user_id, at=clock.now(),
    ))
