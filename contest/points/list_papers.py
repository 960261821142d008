"""A list of points as a paper, one declared table: who stands where under the full name, rewarded or not."""

from flask_babel import gettext

from contest.documents import Column, Document, Paragraph, Signatures, Table
from contest.pages import moment
from contest.points.list_rules import LISTS


def points_list(period, by_what, lines, published, language):
    """The list of a period for the office (lines, published: list_queries.lines_of), signed to pay by.

    Before it is published it says on its face that it may still change, and has no place to sign.
    """
    is_people = by_what == "people"
    honour = gettext("Rewarded") if period.quarter else gettext("Put forward for a title")
    table = Table(
        title=gettext("Points of %(period)s", period=period.key),
        columns=(
            Column("place", gettext("Place"), kind="number", width=7),
            Column("name", gettext("Name"), width=20),
            *((Column("unit", gettext("Unit"), width=30),) if is_people else ()),
            Column("points", gettext("Points earned"), kind="number", width=10),
            *((Column("is_first", honour, width=14),) if is_people else ()),
        ),
        rows=tuple(_row(line, is_people) for line in lines),
    )
    signed = (Signatures((gettext("Tallied by"), gettext("Checked by"))),) if published else ()
    return Document(
        title=gettext("Points of %(period)s", period=period.key), subtitle=gettext(LISTS[by_what]),
        parts=(Paragraph(standing_sentence(published)), table, *signed), look="list", language=language,
    )


def _row(line, is_people):
    row = {"place": line["place"], "name": line["name"], "points": line["points"]}
    if is_people:
        row |= {"unit": line["unit"], "is_first": gettext("yes") if line["is_first"] else gettext("no")}
    return row


def standing_sentence(published):
    """Whether a list is published, and with what fingerprint."""
    if published is None:
        return gettext("The list as it is now; it may still change.")
    return gettext(
        "Published on %(day)s with the fingerprint %(hash)s.", day=moment(published.at),
        hash=published.document_hash[:16],
    )
