"""The evidence pack of a nomination: made from what is stored, the same bytes as long as that is the same."""

from zoneinfo import ZoneInfo

from flask_babel import gettext

from contest.audit.chain_papers import chain_code
from contest.awards import (
    certificate_papers,
    certificate_queries,
    list_papers,
    nomination_queries,
    papers,
    queries,
)
from contest.awards import nomination_rules as rules
from contest.awards.nomination_rules import Piece
from contest.documents import Column, Document, Facts, Paragraph, Signatures, Table, as_pdf, as_xlsx
from contest.errors import Conflict
from contest.i18n import pick_name
from contest.people.rules import GENDERS, SKILL_LEVELS
from contest.review import notice_queries
from contest.review.notice_paper import notice_paper

SLOT_NUMBERS = {"notice": 1, "result": 2, "form": 3, "other": 6}


def build_pack(contest, case, base, zone, language):
    """The rules.Pack of a Case as it would go out now.

    base: the public address of the page that checks certificates; zone: the name of the time zone. Raises
    Conflict when the award has no certificate that stands.
    """
    at, nomination = case.last.at, case.nomination
    certificate = certificate_queries.find_current(nomination.award_id)
    if certificate is None:
        raise Conflict("The award has no certificate that stands; issue it first.")
    style = certificate_queries.find_style(contest.id)
    table = summary_table(contest, case, language)
    drawn = certificate_papers.certificate_pdf(certificate, style, base, language, at)
    results = papers.score_summary(contest, queries.summary(contest.id), language)
    form = form_paper(contest, case, certificate, language)
    pieces = [
        _made("01-notice.pdf", gettext("Public notice"), as_pdf(_notice(contest, zone, language), at)),
        _made("02-results.pdf", gettext("Score summary"), as_pdf(results, at)),
        _made("03-form.pdf", gettext("Application form"), as_pdf(form, at)),
        _made("04-summary.pdf", gettext("Summary table"), as_pdf(table, at)),
        _made("04-summary.xlsx", gettext("Summary table"), as_xlsx(table, at=at)),
        _made("05-certificate.pdf", gettext("Certificate"), drawn),
        *_scans(case),
    ]
    return rules.pack_of(pieces, _contents(contest, case, pieces))


def gaps(case):
    """What the pack lacks that authorities ask for: stored sentences."""
    found = []
    if certificate_queries.find_current(case.nomination.award_id) is None:
        found.append(gettext("The award has no certificate that stands; issue it first."))
    there = {file.slot for file in nomination_queries.files_of(case)}
    return found + [
        gettext("There is no scan yet: %(paper)s.", paper=gettext(rules.SLOTS[slot]))
        for slot in rules.missing_scans(there)
    ]


def _made(name, title, content):
    return Piece(name, title, "records", content)


def _scans(case):
    for number, file in enumerate(nomination_queries.files_of(case), start=1):
        last = f"-{number}" if file.slot == "other" else ""
        yield Piece(
            f"{SLOT_NUMBERS[file.slot]:02d}-{file.slot}-scan{last}.{file.ending}",
            gettext(rules.SLOTS[file.slot]), "scan", file.content,
        )


def _notice(contest, zone, language):
    """The public notice as it hung out; where none was held, the list of awards with masked names."""
    preview = queries.preview(contest.id)
    found = notice_queries.find_notice(contest.id, preview.basis.official.stage)
    if found is not None:
        return notice_paper(contest, found, language, ZoneInfo(zone))
    granted_on = preview.basis.sheet.at.astimezone(ZoneInfo(zone)).date().isoformat()
    return list_papers.notice_list(contest, preview, granted_on, language)


def form_paper(contest, case, certificate, language):
    """The application form, filled in from the records, with places for the units that judge it."""
    nomination, award = case.nomination, case.nomination.award
    now = queries.places_now(contest.id, [award]).get(award.id)
    places = [(gettext("Place"), str(award.place or "–"))]
    if now != award.place:
        places = [(gettext("Place at grant"), str(award.place)), (gettext("Place now"), str(now or "–"))]
    facts = [
        (gettext("Nominee"), case.nominee), (gettext("Unit"), pick_name(nomination.organisation, language)),
        *_of_person(award, nomination), (gettext("Put forward for"), nomination.title),
        (gettext("Granting authority"), nomination.authority),
        (gettext("Contest"), pick_name(contest, language)), (gettext("Award"), pick_name(award, language)),
        *places, (gettext("Total"), award.total or "–"),
        (gettext("Certificate"), certificate.number),
    ]
    return Document(
        title=gettext("Application form: %(title)s", title=nomination.title),
        parts=(
            Facts(tuple(facts)), Paragraph(gettext("Deeds")), Paragraph(nomination.deeds or "–"),
            Signatures((gettext("Opinion of the unit"),), gettext("Unit")),
            Signatures((gettext("Opinion of the organising committee"),), contest.host),
            Signatures((gettext("Opinion of the authority"),), nomination.authority),
            *chain_code(contest),
        ),
        look="report", language=language,
    )


def _of_person(award, nomination):
    """Facts of a person; of a crew the winner behind it."""
    if nomination.human is None:
        winner = award.entrant.human.name if award.entrant else award.team.name
        return [(gettext("Winner"), winner)]
    entrant, human = award.entrant, nomination.human
    gender = gettext(GENDERS[human.gender]) if human.gender else "–"
    level = gettext(SKILL_LEVELS[entrant.skill_level]) if entrant.skill_level in SKILL_LEVELS else "–"
    trade = entrant.trade or "–"
    return [(gettext("Gender"), gender), (gettext("Trade"), trade), (gettext("Skill level"), level)]


def summary_table(contest, case, language):
    """Everybody whom the contest puts forward for the same title to the same authority, as one table."""
    own = case.nomination
    cases = [
        one for one in nomination_queries.list_cases(contest.id)
        if (one.nomination.title, one.nomination.authority) == (own.title, own.authority)
        and one.state not in ("refused", "withdrawn")
    ]
    awards = [one.nomination.award for one in cases]
    now = queries.places_now(contest.id, awards)
    has_moved = any(now.get(one.id) != one.place for one in awards)
    columns = (
        Column("line", gettext("No."), kind="number", width=5),
        Column("nominee", gettext("Nominee"), width=16), Column("unit", gettext("Unit"), width=28),
        Column("award", gettext("Award"), width=20),
        *papers.place_columns(has_moved, width=7),
        Column("total", gettext("Total"), kind="number", width=9),
        Column("note", gettext("Remarks"), width=12),
    )
    rows = tuple(
        {
            "line": line, "nominee": one.nominee, "unit": pick_name(one.nomination.organisation, language),
            "award": pick_name(one.nomination.award, language), "place": one.nomination.award.place,
            **({"place_now": now.get(one.nomination.award_id)} if has_moved else {}),
            "total": one.nomination.award.total or None, "note": "",
        }
        for line, one in enumerate(cases, start=1)
    )
    title = gettext("Summary of nominations: %(title)s", title=own.title)
    return Document(
        title=title, subtitle=pick_name(contest, language), parts=(Table(title, columns, rows),), look="list",
        language=language, issuers=(contest.host,) if contest.host else (),
    )


def _contents(contest, case, pieces):
    """The list of contents for people."""
    sources = {"records": gettext("made from the records"), "scan": gettext("scan")}
    lines = [
        case.nomination.title, f"{gettext('Nominee')}: {case.nominee}",
        f"{gettext('Granting authority')}: {case.nomination.authority}", contest.name, "",
    ]
    for piece in sorted(pieces, key=lambda one: one.name):
        lines.append(f"{piece.name}  {piece.title} ({sources[piece.source]}, {len(piece.content)} B)")
        lines.append(f"    SHA-256 {piece.sha256}")
    lines += ["", gettext("Check: sha256sum -c SHA256SUMS")]
    return "\n".join(lines) + "\n"
