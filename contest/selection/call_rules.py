"""What a call for nominations asks for: conditions, places by category, shares with shifts, quotas.

Mission C14 (three or more years in the job without a break), C15 (shares of an honour, shifted) and C6
(one selection with several categories). A selection is held by a contest; its call is written before
the contest leaves its set-up, because nominations are checked against it.
"""

import re
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.people.rules import SKILL_LEVELS
from contest.registry.quota_rules import Share, shifted_shares

MOST_WORDS = 4000
MOST_LINES = 40
LONGEST = 60  # characters of a name in a list
ALL_WRONG = N_("Please check the marked fields.")
_COUNTED = re.compile(r"(.+?)[\s=:：,，]+([0-9]{1,4})", re.ASCII)
_SHARED = re.compile(
    r"(.+?)[\s=:：,，]+([0-9]{1,3}(?:\.[0-9]{1,2})?)\s*[%％]?"
    r"(?:[\s,，]+([+＋\-－−][0-9]{1,2}(?:\.[0-9]{1,2})?)\s*[%％]?)?"
)


@dataclass(frozen=True)
class Terms:
    """What a call asks for. None, 0 and "" ask for nothing.

    years: full years in the job without a break of more than gap_days. age_most: full years on the last
    day of the call. grade: of people.rules.SKILL_LEVELS, or better. papers: what must be attached.
    categories: pairs (name, places). unit_most: nominations of one unit; the limits: {name: most}.
    least: total that must be reached, a decimal string.
    """

    years: int = 0
    gap_days: int = 0
    age_most: int = 0
    grade: str = ""
    wants_prize: bool = False
    papers: tuple[str, ...] = ()
    categories: tuple[tuple[str, int], ...] = ()
    shares: tuple[Share, ...] = ()
    unit_most: int | None = None
    unit_limits: tuple[tuple[str, int], ...] = ()
    trade_limits: tuple[tuple[str, int], ...] = ()
    least: str = ""

    @property
    def kinds(self):
        """The kinds of unit among which the places are shared out."""
        return tuple(share.kind for share in self.shares)

    @property
    def places(self):
        """All places of all categories."""
        return sum(places for _, places in self.categories)


def document_of(terms):
    """Terms as plain JSON."""
    return asdict(terms)


def terms_from(document):
    """The Terms of a document that document_of() made."""
    return Terms(**{
        **document,
        "papers": tuple(document["papers"]),
        "shares": tuple(Share(**share) for share in document["shares"]),
        **{key: tuple((name, count) for name, count in document[key])
           for key in ("categories", "unit_limits", "trade_limits")},
    })


@dataclass(frozen=True)
class CallText:
    """A call as it was typed: its name, its words, its days, its Terms."""

    title: str
    title_en: str
    words: str
    opens_on: date
    closes_on: date
    terms: Terms


def read_call(form):
    """The CallText of a form; Invalid names every field that is wrong."""
    reader = _Reader(form)
    opens_on, closes_on = reader.day("opens_on"), reader.day("closes_on")
    if opens_on and closes_on and closes_on < opens_on:
        reader.wrong("closes_on", Invalid("The last day lies before the first."))
    grade = form.get("grade", "")
    if grade and grade not in SKILL_LEVELS:
        reader.wrong("grade", Invalid("Choose one of the levels."))
    terms = Terms(
        years=reader.whole("years", 60) or 0, gap_days=reader.whole("gap_days", 366) or 0,
        age_most=reader.whole("age_most", 120) or 0, grade=grade if grade in SKILL_LEVELS else "",
        wants_prize=form.get("wants_prize") == "1", papers=reader.names("papers"),
        categories=reader.counted("categories"), shares=reader.shares("shares"),
        unit_most=reader.whole("unit_most", 9999), unit_limits=reader.counted("unit_limits"),
        trade_limits=reader.counted("trade_limits"), least=reader.points("least"),
    )
    if not terms.categories and "categories" not in reader.fields:
        reader.wrong("categories", Invalid("Name at least one category and its number of places."))
    title = reader.text("title", 80, is_wanted=True)
    read = CallText(
        title, reader.text("title_en", 120), reader.text("words", MOST_WORDS), opens_on, closes_on, terms
    )
    reader.refuse()
    return read


class _Reader:
    """Takes values out of a form and gathers what is wrong with them, by field."""

    def __init__(self, form):
        self.form, self.fields = form, {}

    def wrong(self, name, sentence):
        self.fields.setdefault(name, sentence)

    def refuse(self):
        if self.fields:
            raise Invalid(ALL_WRONG, fields=self.fields)

    def text(self, name, most, is_wanted=False):
        text = (self.form.get(name) or "").strip()
        if is_wanted and not text:
            self.wrong(name, Invalid("Please fill this in."))
        if len(text) > most:
            self.wrong(name, Invalid("At most %(most)s characters are taken here.", most=most))
        return text

    def day(self, name):
        try:
            return date.fromisoformat((self.form.get(name) or "").strip())
        except ValueError:
            self.wrong(name, Invalid("Write the date as year-month-day, for example 2026-11-23."))
            return None

    def whole(self, name, most):
        text = (self.form.get(name) or "").strip()
        if not text:
            return None
        if not (text.isascii() and text.isdecimal()) or int(text[:6]) > most:
            self.wrong(name, Invalid("A whole number from 0 to %(most)s, or nothing.", most=most))
            return None
        return int(text)

    def points(self, name):
        text = (self.form.get(name) or "").strip()
        if text and not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,4})?", text, re.ASCII):
            self.wrong(name, Invalid("Points such as 80 or 82.5, or nothing."))
        return text

    def lines(self, name):
        lines = [line.strip() for line in (self.form.get(name) or "").splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            self.wrong(name, Invalid("At most %(most)s lines are taken here.", most=MOST_LINES))
        return lines[:MOST_LINES]

    def names(self, name):
        lines = self.lines(name)
        if any(len(line) > LONGEST for line in lines):
            self.wrong(name, Invalid("At most %(most)s characters are taken in a line.", most=LONGEST))
        self._once(name, lines)
        return tuple(lines)

    def counted(self, name):
        found = []
        for line in self.lines(name):
            match = _COUNTED.fullmatch(line)
            if match is None or len(match[1]) > LONGEST:
                self.wrong(name, Invalid(
                    "“%(line)s”: write a name and a whole number in each line.", line=line[:LONGEST]
                ))
            else:
                found.append((match[1], int(match[2])))
        self._once(name, [one for one, _ in found])
        return tuple(found)

    def shares(self, name):
        found = []
        for line in self.lines(name):
            match = _SHARED.fullmatch(line)
            if match is None or len(match[1]) > LONGEST:
                self.wrong(name, Invalid(
                    "“%(line)s”: write a kind of unit, its share in percent and, where it is moved, the "
                    "percentage points with their sign.", line=line[:LONGEST],
                ))
            else:
                found.append(Share(match[1], _hundredths(match[2]), _hundredths(match[3] or "0")))
        if found and name not in self.fields:
            try:
                shifted_shares(found)
            except Invalid as refused:
                self.wrong(name, refused)
        return tuple(found)

    def _once(self, name, names):
        if twice := next((one for one in names if names.count(one) > 1), None):
            self.wrong(name, Invalid("“%(name)s” stands twice.", name=twice))


def _hundredths(text):
    """A decimal text with any sign a keyboard has, in hundredths."""
    plain = text.replace("＋", "+").replace("－", "-").replace("−", "-")
    return int(Decimal(plain) * 100)


def check_writable(state):
    """A call is written while its contest is set up: nominations are checked against it; Conflict."""
    if state != "setup":
        raise Conflict("The call is out; only its last day can still be moved.")


def check_extension(state, closes_on, new, reason):
    """The last day moves to a later one, with a reason, while nominations are taken; tidied reason."""
    if state != "registration":
        raise Conflict("Nominations are taken while the contest is open for registration.")
    fields = {}
    if new is None or new <= closes_on:
        fields["closes_on"] = Invalid("The new last day must lie after %(day)s.", day=closes_on.isoformat())
    words = (reason or "").strip()
    if not words or len(words) > 300:
        fields["reason"] = Invalid("Give the reason, in at most %(most)s characters.", most=300)
    if fields:
        raise Invalid(ALL_WRONG, fields=fields)
    return words


def check_open(state, opens_on, closes_on, today):
    """Nominations come in between the first and the last day, while the contest registers; Conflict."""
    if state != "registration":
        raise Conflict("Nominations are taken while the contest is open for registration.")
    if today < opens_on:
        raise Conflict("Nominations are taken from %(day)s on.", day=opens_on.isoformat())
    if today > closes_on:
        raise Conflict("The last day for nominations was %(day)s.", day=closes_on.isoformat())


def share_lines(terms):
    """Lines as a person types them, for showing a form again: {field: text}."""
    def share(one):
        shift = f" {one.shift / 100:+g}" if one.shift else ""
        return f"{one.kind} {one.share / 100:g}{shift}"

    return {
        "papers": "\n".join(terms.papers),
        "shares": "\n".join(share(one) for one in terms.shares),
        **{key: "\n".join(f"{name} {count}" for name, count in getattr(terms, key))
           for key in ("categories", "unit_limits", "trade_limits")},
    }
