"""Following a chain link by link: what does not hold is noted, with what may follow its end and what not.

Nothing but the standard library, as chain_rules.py: an archive is checked by these lines too.
"""

import struct
from dataclasses import dataclass, field

from contest.audit.chain_rules import (
    DECIDING,
    KEPT,
    KINDS,
    NOTHING,
    RECORDS,
    Head,
    canonical,
    content_digest,
    found_record,
    is_gone,
    link_hash,
    moment_of,
)

# What may follow the end: who did what (honours, refusals), and who the people are, which the register
# mends and erases for as long as it is kept (docs/chain.md).
AFTER_CLOSE = ("trail", "entrant", "team", "annulment")
# And what follows from an annulment, behind it: cheating may be found years later (docs/chain.md).
AFTER_ANNULMENT = ("award", "committee_decision", "result_sheet", "state_event")
# What a member's share has of the award of the team.
SHARED = ("award_key", "name", "name_en", "is_title", "level", "result_sheet_id", "granted_at")
SHOWN_PROBLEMS = 50


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a chain. code: a key of chain_words.PROBLEMS."""

    code: str
    seq: int = 0
    kind: str = ""
    row_id: int = 0


@dataclass
class Findings:
    """What a check of one contest's chain found. counts: of every problem, also of those not listed.

    late: the last link that was made after its row; closed: the seq of the record of the end, or None.
    found: (seq, rows) of the last record of what was taken in at an upgrade, with the rows of all such
    records, or None. binds: are the rows that decide a result bound too? Chains from before that upgrade
    hold ledger and trail alone. shares: {award's id: seq of its link} of those behind the end that a
    record “share” names; whether they are shares their rows say (`strays`).
    """

    head: Head | None = None
    links: int = 0
    rows: int = 0
    late: int = 0
    closed: int | None = None
    found: tuple | None = None
    binds: bool = False
    problems: list = field(default_factory=list)
    counts: dict = field(default_factory=dict)
    shares: dict = field(default_factory=dict)

    def note(self, code, seq=0, kind="", row_id=0):
        """Write a problem down; of a broken chain the first ones are listed."""
        self.counts[code] = self.counts.get(code, 0) + 1
        if len(self.problems) < SHOWN_PROBLEMS:
            self.problems.append(Problem(code, seq, kind, row_id))

    @property
    def is_whole(self):
        """True when nothing is wrong."""
        return not self.counts


class Walk:
    """Follows a chain link by link, in the order of seq, and notes where it does not hold."""

    def __init__(self, contest_id, findings, start=None):
        self.contest_id, self.findings = contest_id, findings
        self.seq, self.prev = (start.seq, start.hash) if start else (0, NOTHING)
        self._taken_in = []  # digests of the late links that a record “found” may follow
        self._is_annulled = False
        self._in_doubt = []  # of them those after the end, which nothing but that record allows
        self._unsaid = []  # awards after the end, which nothing but a record “share” behind them allows
        self._awards = set()  # ids of those that are linked and were not taken away: no share is one of them

    def take(self, seq, kind, row_id, micros, late, salt, digest, made, content=None):
        """Check one link against the one before it."""
        found = self.findings
        if seq != self.seq + 1:
            found.note("gap", seq, kind, row_id)
        try:
            holds = link_hash(seq, self.prev, kind, row_id, micros, late, digest) == made
        except (struct.error, ValueError):
            holds = False  # a number or a word that no link of ours could have
        if not holds:
            found.note("link", seq, kind, row_id)
        if (kind == "genesis") != (seq == 1):
            found.note("genesis", seq, kind)
        if late:
            found.late = seq
        if kind in RECORDS or kind not in KINDS:
            self._take_record(seq, kind, salt, digest, content)
        elif content is not None:
            found.note("content", seq, kind, row_id)
        if found.closed is not None:
            self._take_after_close(seq, kind, row_id, late)
        if kind == "award":
            (self._awards.discard if is_gone(salt, digest, row_id) else self._awards.add)(row_id)
        if late and (kind in DECIDING or kind in KEPT):
            self._taken_in.append(digest)
        else:
            self._taken_in.clear()
        found.binds = found.binds or kind == "contest"
        # What is printed is taken as the start of what follows, so that one flaw is named once.
        self.seq, self.prev = seq, made
        found.links += 1
        self._last = (seq, made, micros)

    def _take_after_close(self, seq, kind, row_id, late):
        """After the end nothing that decides follows, but for what an upgrade found and recorded."""
        is_taken_in = late and (kind in DECIDING or kind in KEPT)
        if not is_taken_in:
            self._note_doubts()
        self._is_annulled |= kind == "annulment"
        if kind == "award" and not (is_taken_in or self._is_annulled):
            if row_id in self._awards:
                self.findings.note("after_close", seq, kind, row_id)
            else:
                self._unsaid.append((seq, kind, row_id))
            return
        if kind != "trail":  # which says who shared them, between the awards and the record
            self._note_unsaid()
        if kind in AFTER_CLOSE or (kind in RECORDS and kind != "plan"):
            return
        if self._is_annulled and kind in AFTER_ANNULMENT:
            return
        if is_taken_in:
            self._in_doubt.append((seq, kind, row_id))
        else:
            self.findings.note("after_close", seq, kind, row_id)

    def _note_doubts(self):
        for link in self._in_doubt:
            self.findings.note("after_close", *link)
        self._in_doubt.clear()

    def _note_unsaid(self):
        for link in self._unsaid:
            self.findings.note("after_close", *link)
        self._unsaid.clear()

    def _take_record(self, seq, kind, salt, digest, content):
        found = self.findings
        if kind not in RECORDS:
            found.note("kind", seq, kind)
        elif content_digest(salt, canonical(content or {})) != digest:
            found.note("content", seq, kind)
        elif kind == "genesis" and content.get("contest") != self.contest_id:
            found.note("other_contest", seq, kind)
        elif kind == "found":
            if content == found_record(self._taken_in):
                self._in_doubt.clear()
            else:
                found.note("content", seq, kind)
            earlier = found.found[1] if found.found else 0
            found.found = (seq, earlier + (content or {}).get("rows", 0))
        elif kind == "share":
            self._take_share(content)
        if kind == "close":
            found.closed = seq

    def _take_share(self, content):
        """A record that names every award before it allows them, and no other does."""
        named = content.get("awards") if content else None
        if isinstance(named, list) and all(row_id in named for _, _, row_id in self._unsaid):
            self.findings.shares |= {row_id: seq for seq, _, row_id in self._unsaid}
            self._unsaid.clear()

    def end(self):
        """Close the check: the Findings, with the head."""
        self._note_doubts()
        self._note_unsaid()
        if self.findings.links:
            seq, made, micros = self._last
            self.findings.head = Head(seq, made, moment_of(micros))
        return self.findings


def strays(shares, awards, entrants):
    """(seq, id) of the awards that a record “share” names and that are no member's share of a team's award.

    shares: Findings.shares; awards, entrants: {id: row}, as the links attest them. One that was taken
    away since is none. A share says of which award it is one, equals it in all but place, total and
    holder, and is the only one of its holder.
    """
    given = set()
    for row_id, seq in sorted(shares.items(), key=lambda each: each[1]):
        own = awards.get(row_id)
        if own is None or own.get("gone"):
            continue
        why = own.get("why")
        whole = awards.get(why.get("share_of")) if isinstance(why, dict) else None
        holder = entrants.get(own.get("entrant_id"))
        if whole and holder and _is_share(own, whole, holder) and (holder["id"], whole["id"]) not in given:
            given.add((holder["id"], whole["id"]))
        else:
            yield seq, row_id


def _is_share(own, whole, holder):
    is_of_team = whole.get("team_id") is not None and holder.get("team_id") == whole["team_id"]
    is_bare = not any(own.get(name) for name in ("team_id", "organisation_id", "place", "total"))
    return is_of_team and is_bare and all(own.get(name) == whole.get(name) for name in SHARED)
