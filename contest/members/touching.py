"""An act on personal data: done, written into the access log and into the trail, or not done at all."""

from contextlib import contextmanager

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.members import personal_queries as queries
from contest.members import personal_rules as rules
from contest.members import trail_words  # noqa: F401  (names deeds)
from contest.people.personal_models import PersonalAccess
from contest.people.sealing import pseudonym


@contextmanager
def touching(actor, did, kind, fields, reason, human_id=None, subjects=1, contest_id=None):
    """One piece of work on personal data; the look that is one too many within an hour raises an alarm."""
    subject = "" if human_id is None else pseudonym(human_id)
    with work(
        actor, did, contest_id=contest_id, subject=subject, fields=list(fields), subjects=subjects,
        reason=reason,
    ) as facts:
        yield facts
        db.session.add(PersonalAccess(
            at=clock.now(), user_id=actor.user_id, who=actor.name, human_id=human_id, kind=kind,
            fields=list(fields), reason=reason, subjects=facts.get("subjects", subjects),
        ))
    if kind in ("reveal", "search") and actor.user_id is not None:
        _watch(actor)


def _watch(actor):
    looks = queries.looks_of(actor.user_id, clock.now() - rules.ALARM_WITHIN)
    if rules.is_alarming(looks):
        with work(actor, "personal.alarm", subject=actor.name, looks=looks):
            pass
