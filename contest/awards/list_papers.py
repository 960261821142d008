"""Lists around the awards, each one declared table: public notice, presenter's script, organisations."""

from flask_babel import gettext

from contest.audit.chain_papers import chain_code
from contest.awards.papers import moved_notes, place_columns, preview_sentence
from contest.documents import Column, Document, Paragraph, Signatures, Table
from contest.i18n import pick_name
from contest.names import masked


def notice_list(contest, preview, issued_on, language):
    """The list that hangs out for objections: names masked, nothing else of a person (queries.Preview)."""
    rows = [
        {
            "line": line, "award": pick_name(award, language), "group": row.group, "place": row.place,
            "name": masked(row.name) if award.to in ("entrant", "judge", "coach") else row.name,
            "organisation": row.organisation, "place_now": row.place_now,
        }
        for line, (award, row) in enumerate(
            ((part.award, row) for part in preview.parts for row in part.rows), start=1
        )
    ]
    table = Table(
        title=gettext("Awards proposed"),
        columns=(
            Column("line", gettext("No."), kind="number", width=5),
            *_group_column(preview),
            Column("award", gettext("Award"), width=18),
            *place_columns(preview.has_moved),
            Column("name", gettext("Name"), width=18),
            Column("organisation", gettext("Unit"), width=30),
        ),
        rows=tuple(_told(rows, preview)),
    )
    return _paper(
        contest, preview, language, gettext("Notice list"), *moved_notes(preview), table, issued_on=issued_on
    )


def _group_column(preview):
    return (Column("group", gettext("Group"), width=12),) if preview.groups else ()


def _told(rows, preview):
    """The rows without a group where there is one list for all, and with one place where all have kept it."""
    untold = {"group": not preview.groups, "place_now": not preview.has_moved}
    return [{key: value for key, value in row.items() if not untold.get(key)} for row in rows]


def presenter_script(contest, preview, language):
    """Who is called up in which order: the lowest prize first, group by group, the last place first."""
    rows = []
    for award, winners in reversed(preview.sections):
        # Where places are missing (a vote), the order of the list is turned round as well.
        called = [row for part in preview.parts_of(award, winners) for row in reversed(part.rows)]
        rows += [
            {
                "call": len(rows) + at, "award": pick_name(award, language), "group": row.group,
                "place": row.place, "name": row.name, "team": row.team, "organisation": row.organisation,
                "total": row.total or None, "place_now": row.place_now,
            }
            for at, row in enumerate(called, start=1)
        ]
    table = Table(
        title=gettext("Call-up order"),
        columns=(
            Column("call", gettext("Call"), kind="number", width=6),
            Column("award", gettext("Award"), width=18),
            *_group_column(preview),
            Column("name", gettext("Name"), width=20),
            Column("organisation", gettext("Unit"), width=28),
            Column("team", gettext("Team"), width=16),
            *place_columns(preview.has_moved),
            Column("total", gettext("Total"), kind="number", width=9),
        ),
        rows=tuple(_told(rows, preview)),
    )
    return _paper(contest, preview, language, gettext("Presenter's script"), *moved_notes(preview), table)


def organisation_list(contest, preview, language):
    """What each organisation and its people won, by award: most awards first, then by name."""
    counts = {}
    for award, row in _winners(preview):
        line = counts.setdefault(row.organisation, {})
        line[award.key] = line.get(award.key, 0) + 1
    awards = [award for award, _ in preview.sections]
    ordered = sorted(counts.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))
    table = Table(
        title=gettext("Awards by organisation"),
        columns=(
            Column("line", gettext("No."), kind="number", width=5),
            Column("organisation", gettext("Organisation"), width=30),
            *(Column(award.key, pick_name(award, language), kind="number", width=11) for award in awards),
            Column("all", gettext("Together"), kind="number", width=9),
        ),
        rows=tuple(
            {
                "line": line, "organisation": name, "all": sum(won.values()),
                **{award.key: won.get(award.key, 0) for award in awards},
            }
            for line, (name, won) in enumerate(ordered, start=1)
        ),
    )
    signed = Signatures((gettext("Tallied by"), gettext("Checked by")))
    return _paper(contest, preview, language, gettext("Awards by organisation"), table, signed)


def _winners(preview):
    return [(award, row) for award, rows in preview.sections for row in rows]


def _paper(contest, preview, language, title, *parts, issued_on=""):
    opening = () if preview.is_final else (Paragraph(preview_sentence(preview.basis)),)
    name = pick_name(contest, language)
    return Document(
        title=title, subtitle=name, parts=(*opening, *parts, *chain_code(contest)), look="list",
        language=language, issued_on=issued_on,
        issuers=(contest.host,) if contest.host and issued_on else (),
    )
