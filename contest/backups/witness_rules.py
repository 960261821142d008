"""Which outside persons get a contest's head, when, and what the letter says."""

import re
from dataclasses import dataclass
from datetime import timedelta

from contest.errors import Conflict, Invalid
from contest.i18n import N_

EVERY = timedelta(hours=1)  # while marks are taken
MOST_WITNESSES = 20
ADDRESS_FORM = re.compile(r"[^@\s<>,;:\"()]{1,64}@[A-Za-z0-9.-]{1,190}")
TRY_AGAIN = timedelta(minutes=1), timedelta(hours=1)  # after a failure: doubling from the one to the other
OCCASIONS = {
    "hour": N_("An hour of scoring"),
    "publication": N_("Results published"),
    "close": N_("Contest closed"),
}
LETTER = """\
竞赛 {slug} 存证链链尾 / Head of the chain of contest {slug}

{head}

链节 / links: {seq}
已收评分记录 / revisions of sheets: {revisions}
已公布结果 / publications: {publications}
状态 / state: {state}
时间 / time: {at}

请保存此信，不要删改。持有它的人可以证明此前的评分和操作日志是否被改动过：
Keep this letter as it is. With it anybody can tell if a mark or a row of the trail up to this link was
changed later:

contest verify ARCHIVE --head {head}
"""


@dataclass(frozen=True)
class Stand:
    """How far a contest is: its state, how many revisions of results were published, and its head."""

    state: str
    publications: int
    head: object  # audit.chain_rules.Head, or None


def read_address(text):
    """An e-mail address as it is kept; Invalid."""
    address = (text or "").strip()
    if not ADDRESS_FORM.fullmatch(address) or ".." in address:
        why = Invalid("Type one e-mail address, such as witness@example.org.")
        raise Invalid(why.message, fields={"address": why})
    return address


def read_name(text):
    """Who the witness is, in 1 to 60 characters; Invalid."""
    name = " ".join((text or "").split())
    if not 1 <= len(name) <= 60:
        why = Invalid("The name must have 1 to 60 characters.")
        raise Invalid(why.message, fields={"name": why})
    return name


def check_may_add(address, known):
    """Conflict for an address that is on the list already, or one too many."""
    if address.lower() in {one.lower() for one in known}:
        raise Conflict("This address is on the list already.")
    if len(known) >= MOST_WITNESSES:
        raise Conflict("At most %(most)s witnesses are named for a contest.", most=MOST_WITNESSES)


def occasion(stand, last, now):
    """Why the head is sent now ("close", "publication", "hour"), or None.

    last: the letter that this witness got last (state, publications, seq, at), or None. Told from what
    stands in the database, so that a restart neither forgets a letter nor sends one twice.
    """
    if stand.head is None:
        return None
    if stand.state == "archived" and (last is None or last.state != "archived"):
        return "close"
    if stand.publications > (last.publications if last else 0):
        return "publication"
    if stand.state == "scoring" and (last is None or now - last.at >= EVERY):
        return "hour"
    return None


def next_try(tries, tried_at):
    """When a letter that could not be sent is tried again; the wait doubles from a minute to an hour."""
    return tried_at + min(TRY_AGAIN[0] * 2 ** min(tries - 1, 10), TRY_AGAIN[1])
