"""The review as a list on paper, with room for what was found."""

from flask_babel import gettext

from contest.documents import Column, Document, Signatures, Table
from contest.i18n import pick_name


def review_list(review, language):
    """Every sheet that is to be checked, by code, as a Document."""
    table = Table(
        title=gettext("Sheets to be checked again"),
        columns=(
            Column("code", gettext("Code or number"), width=14),
            Column("module", gettext("Module"), width=26),
            Column("seat", gettext("Seat"), kind="number", width=8),
            Column("total", gettext("Sum"), kind="number", width=12),
            Column("found", gettext("Agrees, or what differs"), width=40),
        ),
        rows=tuple(
            {
                "code": one.sheet.code, "module": pick_name(one.sheet.module, language),
                "seat": one.sheet.seat or "–", "total": one.sheet.total or "–",
                "found": gettext("agrees") if one.line.state == "agrees" else "",
            }
            for one in review.lines
        ),
    )
    return Document(
        title=gettext("Review of %(contest)s", contest=pick_name(review.contest, language)),
        subtitle=gettext("Seed of the draw: %(seed)s", seed=gettext(", ").join(review.seeds) or "–"),
        look="list", parts=(table, Signatures((gettext("Checked by"), gettext("Chief judge")))),
        language=language,
    )
