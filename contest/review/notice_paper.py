"""The public notice as a paper, declared once for docx, pdf and xlsx."""

from datetime import timedelta

from flask_babel import gettext

from contest.audit.chain_papers import chain_code
from contest.audit.chain_queries import find_head_of
from contest.documents import Column, Document, Paragraph, Table
from contest.i18n import pick_name


def notice_paper(contest, found, language, zone):
    """The notice (notice_queries.NoticeNow) with its list: what the public may read, no more."""
    name = pick_name(contest, language)
    begins = found.notice.at.astimezone(zone).date()
    last = (found.ends_at.astimezone(zone) - timedelta(minutes=1)).date()
    return Document(
        title=gettext("Public notice of the results of %(contest)s", contest=name),
        parts=(
            Paragraph(gettext(
                "The results of %(contest)s are put before the public from %(first)s to %(last)s "
                "(%(days)s working days).", contest=name, first=begins.isoformat(),
                last=last.isoformat(),
                days=found.notice.days + sum(one.days for one in found.extensions),
            )),
            Paragraph(gettext(
                "Whoever objects does so in writing and under the own name to the organising "
                "committee before the end of the last day."
            )),
            _table(found.notice.rows, language),
            # As it was when the list went out: each copy of the notice is the same.
            *chain_code(contest, find_head_of(contest.id, "notice", found.notice.id)),
        ),
        look="list", language=language,
        issuers=(contest.host,) if contest.host else (), issued_on=begins.isoformat(),
        footer=gettext("Notice %(number)s, fingerprint of the list %(hash)s",
                       number=found.notice.number, hash=found.notice.list_hash[:16]),
        sealed=bool(contest.host),
    )


def _table(rows, language):
    english = language == "en"
    columns = (
        Column("line", gettext("No."), kind="number", width=5),
        Column("number", gettext("Number"), width=10),
        Column("name", gettext("Name"), width=16),
        Column("organisation", gettext("Unit"), width=26),
        Column("place", gettext("Place"), kind="number", width=7),
        Column("prize", gettext("Prizes"), width=22),
    )
    return Table(
        title=gettext("List on public notice"), columns=columns,
        rows=tuple(
            {
                "line": line, "number": row["number"] or gettext("Team"), "name": row["name"],
                "organisation": (english and row["organisation_en"]) or row["organisation"],
                "place": row["place"] if row["place"] is not None else "–",
                "prize": gettext(", ").join(row["prizes_en"] if english else row["prizes"]),
            }
            for line, row in enumerate(rows, start=1)
        ),
    )
