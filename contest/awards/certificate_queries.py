"""Certificates: which are due, held or out of date, how one is drawn, and what is said of a shown one."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from contest.audit import signing
from contest.awards import certificate_rules as rules
from contest.awards.certificate_models import Certificate, CertificateStyle, PrintedName
from contest.awards.models import Award, AwardHelper
from contest.awards.queries import count_awards
from contest.db import db
from contest.documents import missing_glyphs
from contest.errors import Missing
from contest.people.models import Entrant
from contest.people.person_queries import names_on
from contest.results.bulletin_rules import masked
from contest.results.models import ResultSheet
from contest.setup.queries import get_contest

HINT_BYTES = rules.KEY_BYTES


@dataclass(frozen=True)
class Line:
    """One award and its certificate: what would be printed now, and what holds it back.

    missing: characters that our letters lack and for which nothing was given yet.
    certificate: the newest, or None. is_renamed: it says another name than now. is_barred: the honour of
    this award was revoked, so that it gets no certificate any more.
    """

    award: Award
    name: str
    unit: str
    members: str
    missing: tuple
    printed: PrintedName | None
    certificate: Certificate | None
    is_barred: bool = False

    @property
    def is_renamed(self):
        standing = self.certificate
        return standing is not None and standing.state == "issued" and standing.name != self.name

    @property
    def state(self):
        """held, due, issued, renamed, revoked, or barred: never issued, and never to be."""
        if self.certificate is not None:
            return "renamed" if self.is_renamed else self.certificate.state
        if self.is_barred:
            return "barred"
        return "held" if self.missing else "due"


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
    return [
        _line(award, members, names, printed.get(award.id), standing.get(award.id), award.id in barred)
        for award in awards
    ]


def _barred(contest_id):
    """The awards of a contest whose honour was revoked."""
    honour = db.metadata.tables["honour"]
    return set(db.session.scalars(
        select(honour.c.award_id).join(Award.__table__, Award.__table__.c.id == honour.c.award_id)
        .where(Award.__table__.c.contest_id == contest_id, honour.c.state == "revoked")
    ))


def _line(award, members, names, printed, certificate, is_barred):
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
    missing = tuple(missing_glyphs(drawn + unit + crew + award.name))
    return Line(award, name, unit, crew, missing, printed, certificate, is_barred)


def _members(contest_id):
    """{team id: the names of those who competed, one line}."""
    found = {}
    rows = db.session.scalars(
        select(Entrant).filter_by(contest_id=contest_id).where(Entrant.team_id.is_not(None))
        .options(joinedload(Entrant.human)).order_by(Entrant.number)
    )
    for entrant in rows:
        found.setdefault(entrant.team_id, []).append(entrant.human.name)
    return {team_id: "、".join(names) for team_id, names in found.items()}


def _certificates(contest_id):
    return db.session.scalars(
        select(Certificate).filter_by(contest_id=contest_id).order_by(Certificate.id)
    ).all()


def list_certificates(contest_id):
    """The certificates of a contest that stand: neither replaced nor revoked, in their order."""
    return [row for row in _certificates(contest_id) if row.state == "issued"]


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
    return _standing(found) if found else Shown("unknown")


def _standing(found, said=None):
    state = {"issued": "listed"}.get(found.state, found.state)
    sheet = db.session.get(ResultSheet, db.session.get(Award, found.award_id).result_sheet_id)
    return Shown(state, said, found, masked(found.name), sheet.revision)
