"""Excusing a tablet, in writing, from what it misses."""

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.judging import number_queries, queries, trail_words  # noqa: F401 (names what is done)
from contest.judging import number_rules as rules
from contest.judging.rules import check_reason
from contest.judging.tablet_models import TabletExcuse
from contest.setup.queries import get_contest
from contest.setup.stepping import check_word


def excuse_tablet(actor, contest_id, tablet_id, reason, seen):
    """The contest no longer waits for what this tablet misses now; anything that comes to it counts anew.

    seen: the seal of what the page showed. Conflict when something else is missing now, nothing is, or the
    results are final; Invalid without a reason; NotAllowed without the password or PIN.
    """
    queries.lock_contest(contest_id)
    tablet = number_queries.get_tablet(contest_id, tablet_id)
    rows = [row for row in number_queries.judge_tablets(contest_id) if row.device_id == tablet.device_id]
    numbers = number_queries.numbers_of(contest_id, rows)[tablet.device_id]
    rules.check_excusable(get_contest(contest_id).state, numbers.is_open, seen, numbers.seal)
    text = check_reason(reason)
    check_word(actor)
    with work(
        actor, "tablet.excuse", contest_id=contest_id, subject=f"tablet {tablet.name}",
        device=tablet.device_id, reason=text, never_seen=rules.words(numbers.never_seen, most=100),
        still_waiting=rules.words(numbers.unsent, most=100),
        not_in=sum(sum(found[1:]) for found in numbers.counts_left.values()),
    ):
        db.session.add(TabletExcuse(
            contest_id=contest_id, device_id=tablet.device_id, name=tablet.name,
            missing={kind: [list(pair) for pair in ranges] for kind, ranges in numbers.left.items()},
            counts=numbers.counts_left, reason=text, by_id=actor.user_id, at=clock.now(),
        ))
