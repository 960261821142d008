"""Certificates: which are due, held or out of date, how one is drawn, and what is said of a shown one."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from contest.audit import signing
from contest.awards import certificate_rules as rules
from contest.awards.annulment_queries import annulled_awards, annulled_entrants
from contest.awards.certificate_models import Certificate, CertificateStyle, PrintedName
from contest.awards.line_queries import group_named
from contest.awards.models import Award, AwardHelper
from contest.awards.queries import count_awards, places_now
from contest.board.hidden_queries import is_hidden
from contest.db import db
from contest.documents import missing_glyphs
from contest.errors import Missing
from contest.names import masked
from contest.people.models import Entrant
from contest.people.person_queries import names_on
from contest.people.queries import entrant_states
from contest.results.models import ResultSheet
from contest.setup.queries import find_plan_in_force, get_contest

HINT_BYTES = rules.KEY_BYTES
EXAMPLE_ISSUER = "ZGH"  # in the example of a number, before anybody said whose code it is


@dataclass(frozen=True)
class Line:
    """One award and its certificate: what would be printed now, and what holds it back.

    prize: the award's name, behind that of the group where each is ranked apart.
    missing: characters that our letters lack and for which nothing was given yet.
    certificate: the newest, or None. is_renamed: it says another name than now, or
    names other members of the team. is_barred: this award
    was annulled or its honour revoked, so that it gets no certificate any more.
    place_now: that of the holder in the results as they are now; that of the grant stands with the award.
    """

    award: Award
    name: str
    unit: str
    members: str
    prize: str
    missing: tuple
    printed: PrintedName | None
    certificate: Certificate | None
    is_barred: bool = False
    place_now: int | None = None

    @property
    def has_moved(self):
        """True when the place of the grant is no longer the one in the results; no certificate names it."""
        place = self.award.place
        return place is not None and not self.is_barred and place != self.place_now

    @property
    def is_renamed(self):
        standing = self.certificate
        says = standing and (standing.name, standing.members)
        return standing is not None and standing.state == "issued" and says != (self.name, self.members)

    @property
    def state(self):
        """held, due, issued, renamed, revoked, or barred: never issued, and never to be."""
        if self.certificate is not None:
            return "renamed" if self.is_renamed else self.certificate.state
        if self.is_barred:
            return "barred"
        return "held" if self.missing else "due"


@dataclass(frozen=True)
class Codes:
    """How the prizes and the groups of a contest stand in its numbers."""

    prizes: dict
    groups: dict

    def of(self, award):
        """The parts of a number that an award gives."""
        group = award.entrant.group if award.entrant else ""
        return {
            "level": rules.level_code(award.award_key, self.prizes[award.award_key]),
            "group": f"G{self.groups[group]}" if group else "G0",
        }


def codes_of(lines):
    """The Codes: prizes are counted as they were granted; groups are those of the entrants who won."""
    prizes = dict.fromkeys(line.award.award_key for line in lines)
    groups = sorted({line.award.entrant.group for line in lines if line.award.entrant})
    return Codes(
        {key: place for place, key in enumerate(prizes, start=1)},
        {group: place for place, group in enumerate(groups, start=1)},
    )


def number_of(style, serial, day, codes, award):
    """The number that the certificate of an award has with this serial number, issued on an ISO day."""
    return rules.number_of(
        style.pattern, issuer=style.issuer_code or EXAMPLE_ISSUER, year=day[:4], event=style.event_code,
        serial=serial, **codes.of(award),
    )


def next_number(style, lines, day):
    """The number that the next certificate would get, as its page shows it; None without awards."""
    following = next((line for line in lines if line.state in {"due", "held"}), lines[0] if lines else None)
    if following is None:
        return None
    return number_of(style, style.last_serial + 1, day, codes_of(lines), following.award)


@dataclass(frozen=True)
class Shown:
    """What is said of a certificate that somebody shows.

    state: listed, replaced, revoked, unlisted (signed by us but not in the list), foreign, broken,
    unknown (no such number). said: what the paper's own code says, where the signature holds.
    """

    state: str
    said: rules.Said | None = None
    certificate: Certificate | None = None
    masked_name: str = ""
    revision: int | None = None


def find_style(contest_id):
    """The CertificateStyle of a contest, or None."""
    return db.session.get(CertificateStyle, contest_id)


def suggested_style(contest):
    """A style to begin with; it is not stored."""
    return CertificateStyle(
        contest_id=contest.id, design="classic", pattern=rules.DEFAULT_PATTERN, issuer_code="",
        event_code=f"C{contest.id}", issuer=contest.host, event=contest.name, signer_title="",
        signer_name="", last_serial=0, rev=0,
    )


def list_lines(contest_id):
    """The Lines of all granted awards of a contest, in the order in which they were granted."""
    awards = db.session.scalars(
        select(Award).filter_by(contest_id=contest_id).order_by(Award.id).options(
            joinedload(Award.entrant).joinedload(Entrant.human),
            joinedload(Award.entrant).joinedload(Entrant.organisation), joinedload(Award.team),
            joinedload(Award.organisation), joinedload(Award.helper).joinedload(AwardHelper.organisation),
        )
    ).all()
    standing = {row.award_id: row for row in _certificates(contest_id) if not row.replaced_by_id}
    printed = printed_names(contest_id)
    members, barred = _members(contest_id), _barred(contest_id)
    names = names_on(awards[0].granted_at) if awards else {}
    now = places_now(contest_id, awards) if awards else {}
    force = find_plan_in_force(contest_id)
    return [
        _line(
            award, _prize(force and force.plan, award), members, names, printed.get(award.id),
            standing.get(award.id), award.id in barred, now.get(award.id),
        )
        for award in awards
    ]


def _prize(plan, award):
    """A place among the students is none among the workers: the certificate names the group, or the team."""
    if award.shared_team:
        return f"{award.name}（{award.shared_team}）"
    group = group_named(plan, award.entrant.group) if plan and award.entrant else ""
    return award.name if group in award.name else f"{group} {award.name}"


def _barred(contest_id):
    """The awards of a contest that were annulled, or whose honour was revoked."""
    honour = db.metadata.tables["honour"]
    return annulled_awards(contest_id) | set(db.session.scalars(
        select(honour.c.award_id).join(Award.__table__, Award.__table__.c.id == honour.c.award_id)
        .where(Award.__table__.c.contest_id == contest_id, honour.c.state == "revoked")
    ))


def _line(award, prize, members, names, printed, certificate, is_barred, place_now):
    """names: {organisation id: its name when the awards were granted} of those renamed since."""
    def called(organisation):
        return names.get(organisation.id, organisation.name)

    if award.entrant is not None:
        name, unit, crew = award.entrant.human.name, called(award.entrant.organisation), ""
    elif award.team is not None:
        name, unit = award.team.name, called(award.team.organisation)
        crew = members.get(award.team_id, "")
    elif award.helper is not None:
        of = award.helper.organisation
        name, unit, crew = award.helper.name, called(of) if of else "", ""
    else:
        name, unit, crew = called(award.organisation), "", ""
    drawn = (printed.text if printed.text or printed.picture else name) if printed else name
    missing = tuple(missing_glyphs(drawn + unit + crew + prize))
    return Line(award, name, unit, crew, prize, missing, printed, certificate, is_barred, place_now)


def _members(contest_id):
    """{team id: the names of its members, one line}; nobody who was disqualified or annulled."""
    states, found = entrant_states(contest_id), {}
    gone = annulled_entrants(contest_id) | {
        one for (one, module), state in states.items() if not module and state == "disqualified"
    }
    rows = db.session.scalars(
        select(Entrant).filter_by(contest_id=contest_id).where(Entrant.team_id.is_not(None))
        .options(joinedload(Entrant.human))
        .order_by(func.length(Entrant.number), Entrant.number)
    )
    for entrant in rows:
        if entrant.id in gone:
            continue
        found.setdefault(entrant.team_id, []).append(entrant.human.name)
    return {team_id: "、".join(names) for team_id, names in found.items()}


def fallen_places(number, size):
    """The places of those in a list of `size` certificates that were revoked or replaced; Missing."""
    first, last = number * size, (number + 1) * size
    newest = db.session.scalar(select(func.max(Certificate.id)))
    if newest is None or first > newest:
        raise Missing("There is no such list.")
    fallen = or_(Certificate.revoked_at.is_not(None), Certificate.replaced_by_id.is_not(None))
    return [one - first for one in db.session.scalars(
        select(Certificate.id).where(Certificate.id >= first, Certificate.id < last, fallen)
    )]


def _certificates(contest_id):
    return db.session.scalars(
        select(Certificate).filter_by(contest_id=contest_id).order_by(Certificate.id)
    ).all()


def standing_numbers(contest_id):
    """(id, award id, number) of the certificates that stand: neither replaced nor revoked, in their order."""
    return db.session.execute(
        select(Certificate.id, Certificate.award_id, Certificate.number)
        .filter_by(contest_id=contest_id, replaced_by_id=None, revoked_at=None).order_by(Certificate.id)
    ).all()


def get_certificate(contest_id, certificate_id):
    """One certificate of a contest; Missing."""
    found = db.session.get(Certificate, certificate_id)
    if found is None or found.contest_id != contest_id:
        raise Missing("There is no such certificate in this contest.")
    return found


def get_award(contest_id, award_id):
    """One granted award of a contest; Missing."""
    found = db.session.get(Award, award_id)
    if found is None or found.contest_id != contest_id:
        raise Missing("There is no such award in this contest.")
    return found


def find_printed(award_id):
    """How the name on an award's certificate is printed, or None for as it is."""
    return db.session.get(PrintedName, award_id)


def printed_names(contest_id):
    """{award id: PrintedName} of a contest, of those names that are not printed as they are."""
    rows = db.session.scalars(
        select(PrintedName).join(Award, Award.id == PrintedName.award_id)
        .where(Award.contest_id == contest_id)
    )
    return {row.award_id: row for row in rows}


def is_granted(contest_id):
    """Were the awards of the contest granted?"""
    get_contest(contest_id)
    return bool(count_awards(contest_id))


def find_current(award_id):
    """The certificate of an award that stands, or None."""
    return db.session.scalar(
        select(Certificate).filter_by(award_id=award_id, replaced_by_id=None, revoked_at=None)
    )


def hint_of(public):
    """The bytes by which a code names the key that signed it."""
    return hashlib.sha256(public).digest()[:HINT_BYTES]


def judge_code(text):
    """What is to be said of a code that somebody shows (Shown); the signature is checked first.

    Nobody who has no signature of ours learns anything of the list.
    """
    code = rules.read_code(text)
    if code is None:
        return Shown("broken")
    keys = [key for key in signing.list_keys() if hint_of(key.public) == code.key_hint]
    if not keys:
        return Shown("foreign")
    if not any(signing.is_signed(key.public, code.data, code.signature, rules.DOMAIN) for key in keys):
        return Shown("broken")
    found = db.session.scalar(select(Certificate).filter_by(token=code.token))
    if found is None or found.code != rules.code_text(code.data, code.signature):
        return Shown("unlisted", code.said)
    return _standing(found, code.said)


def judge_number(typed):
    """What is to be said of a typed number (Shown): the name is masked."""
    number = rules.tidy_number(typed)
    found = number and db.session.scalar(select(Certificate).filter_by(number=number))
    if not found or is_hidden(found.contest_id, found.award.granted_at):
        # Numbers run on: before the hall is told the winners anybody could ask for one after the other.
        return Shown("unknown")
    return _standing(found)


def _standing(found, said=None):
    state = {"issued": "listed"}.get(found.state, found.state)
    sheet = db.session.get(ResultSheet, db.session.get(Award, found.award_id).result_sheet_id)
    return Shown(state, said, found, masked(found.name), sheet.revision)
