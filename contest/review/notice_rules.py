"""How long the public notice lasts, what its list holds, and when it is over."""

import hashlib
import json
from ipaddress import ip_address, ip_network

from contest import working_days
from contest.errors import Conflict, Invalid, NotAllowed
from contest.i18n import N_
from contest.names import shown_name
from contest.review.appeal_rules import unchanged_fields
from contest.setup.rules import Note

OUTCOMES = {"founded": N_("Founded"), "unfounded": N_("Unfounded")}
# What two people do together, in words for the second one.
GIVING = Note(N_("The list of the results is put on public notice, as the page of the notice shows it."))
PHASES = {
    "running": N_("Running"),
    "over": N_("Ready to be made final"),
    "waiting": N_("Waits for a decision on objections"),
    "broken_off": N_("Broken off for a correction"),
}
MOST_DAYS = 60
LEAST_TEXT, MOST_TEXT = 10, 2000
MOST_WORDS = 500
# From one sender and in all: one guest with a program shuts the form for nobody else.
MOST_FROM_ONE = 10
MOST_AN_HOUR = 600
WHILE = 3600  # seconds


def public_rows(document, prizes, policy):
    """The lines of the notice's list from a published revision: what the public may read, no more.

    prizes: {entrant id: names of awards as pairs (Chinese, English)}. Whoever has no place and no
    prize is left out.
    """
    return [
        {
            "kind": "entrant",
            "number": row["number"],
            "name": shown_name(row["name"], policy),
            "organisation": row["organisation"],
            "organisation_en": row["organisation_en"],
            "group": row["group"],
            "place": row["place"],
            "prizes": [name for name, _ in prizes.get(row["entrant_id"], ())],
            "prizes_en": [english or name for name, english in prizes.get(row["entrant_id"], ())],
        }
        for row in document["rows"] if row["place"] or row["entrant_id"] in prizes
    ]


def team_rows(document, prizes):
    """The lines of the teams with a place, as public_rows."""
    return [
        {
            "kind": "team",
            "number": "",
            "name": team["name"],
            "organisation": team["organisation"],
            "organisation_en": team["organisation_en"],
            "group": "",
            "place": team["place"],
            "prizes": [name for name, _ in prizes.get(team["team_id"], ())],
            "prizes_en": [english or name for name, english in prizes.get(team["team_id"], ())],
        }
        for team in document["teams"] if team["place"]
    ]


def fingerprint(rows):
    """The SHA-256 of a public list."""
    text = json.dumps(rows, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def check_proposed(proposal, rows):
    """A second person confirms the very list that was proposed; Conflict for any other."""
    if proposal and proposal.details["hash"] != fingerprint(rows):
        raise Conflict(
            "The list has changed since this was proposed. Leave the proposal undone and propose it again."
        )


def phase(ends_at, is_broken_off, open_objections, now):
    """One of PHASES. Time alone never makes results final: it only makes them ready for it."""
    if is_broken_off:
        return "broken_off"
    if now < ends_at:
        return "running"
    return "waiting" if open_objections else "over"


def promised_end(calendar, notice, extensions, zone):
    """When a notice's working days and those of its extensions are over by a calendar."""
    end = working_days.end_of_working_days(calendar, notice.at, notice.days, zone)
    for one in extensions:
        end = end_after(calendar, end, one.at, one.days, zone)
    return end


def end_after(calendar, ends_at, now, days, zone):
    """The end of further working days, counted from an end that is still to come, else from now."""
    # An end at midnight belongs to the day before it.
    begins = now if ends_at <= now else working_days.end_of_hours(ends_at, -0.001)
    return working_days.end_of_working_days(calendar, begins, days, zone)


def moved_end(calendar, found, now, zone):
    """The later end that a notice (NoticeNow) has by this calendar, or None: an end never comes earlier.

    What was told to the public holds at least. Of a notice whose time ran out too early the days that it
    lacks are counted from now on: meanwhile nobody could object.
    """
    promised = promised_end(calendar, found.notice, found.extensions, zone)
    if promised <= found.ends_at:
        return None
    if found.ends_at > now:
        return promised
    first, last = (one.astimezone(zone).date() for one in (found.ends_at, promised))
    lacking = sum(calendar.is_working(day) for day in working_days.days_from(first, last)[:-1])
    return working_days.end_of_working_days(calendar, now, lacking, zone)


def check_extension(found, days, reason):
    """A notice that is not broken off goes on for some working days, with a reason; tidied."""
    if found is None or found.phase == "broken_off":
        raise Conflict("No notice is running.")
    words, fields = reason.strip(), {}
    if days is None or not 1 <= days <= MOST_DAYS:
        fields["days"] = Invalid("A number of working days from 1 to %(most)s.", most=MOST_DAYS)
    if not words or len(words) > MOST_WORDS:
        fields["reason"] = Invalid("Say why, in at most %(most)s characters.", most=MOST_WORDS)
    if fields:
        raise Invalid("Please check the marked fields.", fields=fields)
    return words


def read_objection(form):
    """name, contact and text of an objection; Invalid naming every field that is wrong.

    Objections are made under one's own name: who cannot be asked cannot be answered.
    """
    taken = {key: (form.get(key) or "").strip() for key in ("name", "contact", "text")}
    fields = {}
    if not 1 <= len(taken["name"]) <= 40:
        fields["name"] = Invalid("Write your own name, in at most %(most)s characters.", most=40)
    if not 5 <= len(taken["contact"]) <= 80:
        fields["contact"] = Invalid("Write a telephone number or an e-mail address.")
    if not LEAST_TEXT <= len(taken["text"]) <= MOST_TEXT:
        fields["text"] = Invalid(
            "Write %(least)s to %(most)s characters.", least=LEAST_TEXT, most=MOST_TEXT
        )
    if fields:
        raise Invalid("Please check the marked fields. Nothing was sent yet.", fields=fields)
    return taken


def check_takes_objections(found):
    """Objections are taken while the notice lasts; Conflict."""
    if found is None or found.phase != "running":
        raise Conflict("The public notice is not running, so objections are not taken now.")


def sender_of(address):
    """What stands for one sender: of IPv6 the network of 64 bits, of which one guest has every address."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return address or ""
    found = getattr(found, "ipv4_mapped", None) or found
    return str(found) if found.version == 4 else str(ip_network((found, 64), strict=False))


def check_flood(count):
    """A public form is not a way to fill the register; Conflict."""
    if count >= MOST_AN_HOUR:
        raise Conflict(
            "Very many objections have come in within the hour. Yours was not taken and stands here "
            "still: send it later, or bring it to the organisers' office."
        )


def check_sender(may_send):
    """Nor is it one for a single sender, who shuts it for nobody else; Conflict."""
    if not may_send:
        raise Conflict(
            "From here %(most)s objections came within the hour. This one was not taken and stands here "
            "still: send it later, or bring it to the organisers' office.", most=MOST_FROM_ONE,
        )


def check_undecided(objection):
    """A decision stands; Conflict."""
    if objection.decided_at is not None:
        raise Conflict("This objection is decided already.")


def check_decision(objection, outcome, words, actor, unchanged=""):
    """Who does not object himself decides, once, with a reason; tidied.

    unchanged: why no figure changes, where that is said at once.
    """
    check_undecided(objection)
    if actor.user_id is not None and actor.user_id == objection.by_id:
        raise NotAllowed("You entered this objection, so another person decides on it.")
    text, fields = words.strip(), unchanged_fields(unchanged, outcome == "founded")
    if outcome not in OUTCOMES:
        fields["outcome"] = Invalid("Choose a decision.")
    if not text or len(text) > MOST_WORDS:
        fields["decision"] = Invalid(
            "Give the reason, in at most %(most)s characters.", most=MOST_WORDS
        )
    if fields:
        raise Invalid("Please check the marked fields.", fields=fields)
    return text
