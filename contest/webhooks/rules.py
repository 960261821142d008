"""What is told to whom, when a message is tried again, and how long the secret of before still holds."""

from datetime import timedelta

from contest.errors import Conflict, Invalid
from contest.i18n import N_

# After each try that failed; together a day. Then the subscriber is paused, and nothing is lost.
DELAYS_S = (5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 29845)
OVERLAP = timedelta(hours=24)
KEPT_FOR = timedelta(days=90)  # what messages said; that they were sent stays
LEASE = timedelta(seconds=60)  # so long a try belongs to whoever began it
MOST_BYTES = 20_000
GONE = 410  # the receiver says that it wants nothing more, by the scheme
TEST = "webhook.test"

TOPICS = {
    "honour": N_("Honours granted, listed or revoked"), "level": N_("Steps up and down a ladder"),
    "entitlement": N_("Entitlements opened, changed or ended"), "case": N_("Cases of member services"),
    "results": N_("Results of contests published, final or corrected"),
    "record": N_("Records confirmed or taken back"),
}
# Of these a subscriber hears only for the services that were chosen.
OF_SERVICES = ("entitlement", "case")
FACTS = {"name": N_("Name"), "unit": N_("Employer"), "number": N_("Membership number")}

STATES = {"waiting": N_("waiting"), "delivered": N_("delivered"), "dropped": N_("left out")}
# Why a try failed, beside an answer's own number.
PROBLEMS = {
    "": "", "status": N_("refused by the receiver"), "redirect": N_("leads elsewhere; that is not followed"),
    "forbidden": N_("lies in a private network"), "name": N_("the name is not known"),
    "plain": N_("not encrypted"), "connect": N_("no connection"), "tls": N_("the certificate does not hold"),
    "timeout": N_("no answer in time"), "broken": N_("no answer that can be read"),
    "secret": N_("the secret is sealed with another key"),
}
PAUSES = {
    "hand": N_("Paused by hand"), "failing": N_("Paused: nothing was taken for a day"),
    "gone": N_("Paused: the receiver wants nothing more"),
}


def check_new(name, topics, services, known, facts):
    """{field: Invalid} of what a new subscriber may not be; known: the keys of all services."""
    fields = {}
    if not 1 <= len(name) <= 60:
        fields["name"] = Invalid("The name must have 1 to 60 characters.")
    if not topics or set(topics) - set(TOPICS):
        fields["topics"] = Invalid("Choose at least one of the topics that are listed.")
    if set(services) - set(known) or (set(topics) & set(OF_SERVICES) and not services):
        fields["services"] = Invalid("Choose the services of whose cases and entitlements it is told.")
    if set(facts) - set(FACTS):
        fields["facts"] = Invalid("Choose from what is listed.")
    return fields


def is_told(webhook, kind, service):
    """True when a subscriber hears of this: kind is honour.granted, case.moved, …; service "" for none."""
    topic = kind.partition(".")[0]
    return topic in webhook.topics and (topic not in OF_SERVICES or service in webhook.services)


def delay_after(tries):
    """How long to wait after so many tries that failed, as timedelta; None when a day has been tried."""
    return timedelta(seconds=DELAYS_S[tries - 1]) if tries <= len(DELAYS_S) else None


def check_not_ended(webhook):
    """Conflict when a subscriber was taken off the list."""
    if webhook.ended_at is not None:
        raise Conflict("This webhook was ended.")


def check_rotation(secrets_that_hold):
    """A secret is exchanged once a day: no more than two sign at a time; Conflict."""
    if len(secrets_that_hold) > 1:
        raise Conflict("The secret was exchanged within the last day; the one of before still signs, too.")
