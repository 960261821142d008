"""What a person asks about the own data."""

from contest import clock
from contest.db import db
from contest.errors import Conflict
from contest.i18n import N_
from contest.members import personal_queries as queries
from contest.members import personal_rules as rules
from contest.members.models import CodeAddress, NewsPhone
from contest.members.touching import touching
from contest.people import id_rules

BY_PERSON = N_("Chosen by the person")


def ask_for_erasure(actor, human_id, reason):
    """Put a request before the keepers, once; Invalid without a reason, Conflict when one waits."""
    reason = id_rules.read_reason(reason)
    if queries.asked_at(human_id) is not None:
        raise Conflict("You have asked for it already; your request waits.")
    with touching(actor, "personal.ask", "ask", ("everything",), reason, human_id):
        pass


def tell_by_mail(actor, human_id, is_wanted, reason=BY_PERSON):
    """Let news be told at the kept e-mail address, or no more; Conflict when none is kept."""
    row = db.session.get(CodeAddress, human_id)
    if row is None:
        raise Conflict("No e-mail address of yours is kept. The service desk enters one.")
    with touching(actor, "personal.ways", "ways", ("news",), reason, human_id):
        row.tells_news = is_wanted


def set_phone(actor, human_id, text, reason=BY_PERSON):
    """Let news be told on a telephone, in the place of an earlier one; an empty one stops it. Invalid."""
    number = rules.read_phone(text)
    row = db.session.get(NewsPhone, human_id)
    with touching(actor, "personal.ways", "ways", ("news", "phone"), reason, human_id):
        if number:
            row = row or NewsPhone(human_id=human_id)
            row.number, row.at = number, clock.now()
            db.session.add(row)
        elif row is not None:
            db.session.delete(row)
