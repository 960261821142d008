"""The papers that go out: award list, score summary, a contestant's report; each declared once."""

from flask_babel import gettext

from contest.accounts.rules import ROLES
from contest.audit.chain_papers import chain_code
from contest.awards.queries import RAW
from contest.checks import sign_queries
from contest.documents import (
    Annex,
    Column,
    Document,
    Facts,
    Paragraph,
    Signatures,
    Table,
)
from contest.i18n import pick_name
from contest.pages import moment, sentence
from contest.people.rules import GENDERS
from contest.results.receipt_words import step_words, waiting_sentence


def award_list(contest, preview, issued_on, language):
    """The award list as a notice (queries.Preview): one annex for each award, in the plan's order.

    Where groups are ranked apart each group has annexes of its own, one group after the other. Before the
    results are final it says on its face that it is a preview, and leaves no place for a seal.
    """
    name = pick_name(contest, language)
    annexes = tuple(
        Annex(
            gettext("%(award)s (%(count)s)", award=part_name(part, language), count=len(part.rows)),
            (_award_table(part, language, preview.has_moved),),
        )
        for part in preview.parts
    )
    if preview.is_final:
        title = gettext("Award list of %(contest)s", contest=name)
        opening = gettext(
            "The results of %(contest)s are final. The awards below follow from them and from the "
            "contest's rules.", contest=name,
        )
    else:
        title = gettext("Preview of the awards of %(contest)s, not final", contest=name)
        opening = preview_sentence(preview.basis)
    return Document(
        title=title,
        parts=(Paragraph(opening), *moved_notes(preview), *annexes, *chain_code(contest)),
        look="list",
        language=language,
        issuers=(contest.host,) if contest.host and preview.is_final else (),
        issued_on=issued_on,
        sealed=bool(contest.host) and preview.is_final,
    )


def preview_sentence(basis):
    """Why awards are only a preview, and what it was made from (queries.Basis)."""
    if basis.is_taken_back:
        return gettext(
            "The results are being corrected: what stands here is revision %(revision)s, which no "
            "longer holds. A new revision follows.", revision=basis.revision,
        )
    if basis.sheet is not None:
        return gettext(
            "The results are provisional: this is a preview made from revision %(revision)s as it "
            "was published.", revision=basis.revision,
        )
    return gettext(
        "The results are not final: this is a preview for officials and may change with every mark."
    )


def moved_notes(preview):
    """What the two places of a list mean, where somebody's changed after the grant (queries.Preview)."""
    if not preview.has_moved:
        return ()
    return (Paragraph(gettext(
        "A result was annulled after the grant. “Place at grant” is the place for which an award was "
        "granted, “Place now” the one in revision %(revision)s of the results. Awards and certificates stay "
        "as they were granted unless the committee decided otherwise.", revision=preview.basis.revision,
    )),)


def place_columns(has_moved, wanted=True, width=6):
    """The columns of places of a list of awards: one, or that at the grant and that of now."""
    if not wanted:
        return ()
    label = gettext("Place at grant") if has_moved else gettext("Place")
    now = (Column("place_now", gettext("Place now"), kind="number", width=width),) if has_moved else ()
    return (Column("place", label, kind="number", width=width), *now)


def _state_of(basis):
    if basis.sheet is None:
        return gettext("Provisional, not final")
    if basis.is_taken_back:
        return gettext("Revision %(revision)s, being corrected, not final", revision=basis.revision)
    if basis.is_final:
        return gettext("Final, revision %(revision)s", revision=basis.revision)
    return gettext("Provisional, not final, revision %(revision)s", revision=basis.revision)


def part_name(part, language):
    """What a Part of the list is called: its group, if it has one, and its award."""
    return f"{part.group} · {pick_name(part.award, language)}" if part.group else pick_name(
        part.award, language
    )


def _quota_notes(part):
    """The arithmetic of a group's own number, as long as so many were given."""
    quota = part.quota
    if not part.group or quota is None or not quota.sum or quota.given != len(part.rows):
        return ()
    return (gettext("Number: %(sum)s", sum=quota.sum),)


def _award_columns(part, has_moved):
    """The columns of a Part: what only some lists have stands only in theirs.

    has_moved: somebody's place is another one now; then every list says which of both it means.
    """
    to, rows = part.award.to, part.rows
    is_person = to == "entrant"

    def told(key):
        return is_person and any(getattr(row, key) for row in rows)

    # Without groups the place overall is the place.
    has_overall = told("place_overall") and bool(part.group or told("group"))
    # An award list is printed upright: further columns take from the wide ones.
    is_slim = has_overall or told("team_place") or has_moved
    overall, of_team = (
        (gettext("Place overall now"), gettext("Team's place now")) if has_moved
        else (gettext("Place overall"), gettext("Team's place"))
    )
    wanted = (
        (True, "line", gettext("No."), 5),
        (True, "name", gettext("Name"), 26 if not is_person else 12 if is_slim else 14),
        (not part.group and told("group"), "group", gettext("Group"), 12),
        (is_person, "gender", gettext("Gender"), 6),
        (to != "organisation", "organisation", gettext("Unit"), 20 if is_slim else 24),
        (is_person, "team", gettext("Team"), 14 if is_slim else 18),
        *((True, one.key, one.label, one.width)
          for one in place_columns(has_moved, to in ("entrant", "team"))),
        (has_overall, "place_overall", overall, 7),
        (told("team_place"), "team_place", of_team, 7),
        (to in ("entrant", "team"), "total", gettext("Total"), 9),
        (True, "note", gettext("Remarks"), 8 if is_slim else 10),
    )
    numbers = ("line", "place", "place_now", "place_overall", "team_place", "total")
    return tuple(
        Column(key, words, kind="number" if key in numbers else "text", width=width)
        for is_wanted, key, words, width in wanted if is_wanted
    )


def _cell(key, value):
    if key == "gender" and value:
        return gettext(GENDERS[value])
    return value


def _award_table(part, language, has_moved):
    columns = _award_columns(part, has_moved)
    keys = {column.key for column in columns}
    return Table(
        title=part_name(part, language),
        columns=columns,
        rows=tuple(
            {
                key: _cell(key, value)
                for key, value in row.cells(line).items() if key in keys
            }
            for line, row in enumerate(part.rows, start=1)
        ),
        notes=_quota_notes(part),
    )


def score_summary(contest, sheet, language):
    """The score summary with signature lines, from official rows (queries.SummarySheet)."""
    name = pick_name(contest, language)
    state = _state_of(sheet.basis)
    columns = _summary_columns(sheet, language)
    keys = [column.key for column in columns]
    table = Table(
        title=gettext("Score summary"),
        columns=columns,
        rows=tuple(
            # A dash where no mark is: an empty cell of a signed paper could be filled in.
            {key: "–" if row[key] is None else row[key] for key in keys}
            | {"note": gettext(row["note"]) if row["note"] else ""}
            for row in sheet.rows
        ),
    )
    organisations = (_organisation_table(sheet, language),) if sheet.organisations else ()
    return Document(
        title=gettext("Score summary of %(contest)s", contest=name),
        subtitle=f"{pick_name(sheet.stage, language)} · {state}",
        parts=(
            table, *organisations, *_exceptions(sheet.basis), *_signatures(contest.id),
            Signatures(
                (gettext("Tallied by"), gettext("Checked by"), gettext("Chief judge"),
                 gettext("Head of supervision"))
            ),
            *chain_code(contest),
        ),
        look="summary",
        language=language,
        footer=gettext(
            "%(contest)s · plan version %(plan)s · marks as of change %(marks)s",
            contest=name, plan=sheet.plan_number, marks=sheet.marks_version,
        ),
    )


def _exceptions(basis):
    """What three people published in spite of; it stands on every copy."""
    told = basis.sheet.exceptions if basis.sheet else None
    if not told:
        return ()
    rows = tuple({"what": sentence(one)} for one in told)
    columns = (Column("what", gettext("Still missing at the publication"), width=80),)
    return (Table(title=gettext("Published with exceptions"), columns=columns, rows=rows),)


def _signatures(contest_id):
    """Who signed with a password or PIN, and when; only what still holds."""
    rows = tuple(
        {"role": gettext(ROLES[role]), "name": name, "at": moment(at, "second")}
        for role, name, at in sign_queries.lines_of(contest_id)
    )
    if not rows:
        return ()
    columns = (
        Column("role", gettext("Role"), width=16), Column("name", gettext("Name"), width=20),
        Column("at", gettext("Signed at"), width=24),
    )
    return (Table(title=gettext("Electronic signatures"), columns=columns, rows=rows),)


def _summary_columns(sheet, language):
    columns = [
        Column("place", gettext("Place"), kind="number", width=7),
        Column("number", gettext("Entry number"), width=11),
        Column("name", gettext("Name"), width=16),
        Column("organisation", gettext("Unit"), width=30),
    ]
    if sheet.has_overall:
        columns.insert(1, Column("place_overall", gettext("Place overall"), kind="number", width=7))
        columns.insert(0, Column("group", gettext("Group"), width=12))
    if sheet.has_teams:
        columns += [Column("team", gettext("Team"), width=18),
                    Column("team_place", gettext("Team's place"), kind="number", width=7)]
    for key, module in sheet.modules:
        words = pick_name(module, language)
        if key in sheet.made_comparable:
            raw = gettext("%(module)s, raw", module=words)
            columns.append(Column(RAW + key, raw, kind="number", width=13))
        columns.append(Column(key, words, kind="number", width=13))
    columns.append(Column("total", gettext("Total"), kind="number", width=11))
    if sheet.has_scale:
        columns.append(Column("scaled", gettext("700 scale"), kind="number", width=9))
    return (*columns, Column("note", gettext("Remarks"), width=14))


def _organisation_table(sheet, language):
    return Table(
        title=gettext("Organisations"),
        columns=(
            Column("place", gettext("Place"), kind="number", width=7),
            Column("name", gettext("Organisation"), width=30),
            *(
                Column(award.key, pick_name(award, language), kind="number", width=11)
                for award in sheet.awards
            ),
            Column("points", gettext("Points"), kind="number", width=9),
            Column("competed", gettext("Competed"), kind="number", width=9),
            Column("average", gettext("Average"), kind="number", width=9),
        ),
        rows=tuple(
            {
                "place": line.place, "name": pick_name(line, language), **line.counts,
                "points": line.points, "competed": line.competed, "average": line.average,
            }
            for line in sheet.organisations
        ),
        notes=(gettext("Counted by who holds the prizes now."),) if sheet.counts_holders else (),
    )


def step_text(step, plan, language):
    """One step of a receipt as a sentence, with the name of what it is about."""
    words = step_words(step, plan, language)
    if step.about is None:
        return words
    return f"{pick_name(step.about, language)}{'：' if language == 'zh' else ': '}{words}"


def contestant_report(contest, report, language):
    """One contestant's results with the road from raw marks to place (queries.Report)."""
    name = pick_name(contest, language)
    facts = Facts(
        (
            (gettext("Name"), report.name),
            (gettext("Entry number"), report.number),
            (gettext("Unit"), report.organisation),
            *(((gettext("Group"), report.group),) if report.group else ()),
            (gettext("Team"), report.team or "–"),
            (gettext("Total"), report.total or "–"),
            (gettext("Place"), str(report.place or "–")),
            *(((gettext("Place overall"), str(report.place_overall)),)
              if report.group and report.place_overall else ()),
            *(((gettext("Team's place"), str(report.team_place)),) if report.team_place else ()),
        )
    )
    marks = Table(
        title=gettext("Marks by module"),
        columns=(
            Column("part", gettext("Part"), width=18),
            Column("module", gettext("Module"), width=40),
            Column("weight", gettext("Weight in the part, %"), kind="number", width=14),
            Column("mark", gettext("Mark"), kind="number", width=12),
        ),
        rows=tuple(
            {
                **row,
                "part": pick_name(row["part"], language),
                "module": pick_name(row["module"], language),
            }
            for row in report.modules
        ),
    )
    road = Table(
        title=gettext("From the marks to the place"),
        columns=(
            Column("line", gettext("No."), kind="number", width=6),
            Column("what", gettext("What is done"), width=48),
            Column("sum", gettext("The sum"), width=38),
        ),
        rows=tuple(
            {"line": line, "what": step_text(step, report.plan, language), "sum": step.sum}
            for line, step in enumerate(report.steps, start=1)
        ) + (
            # A row, not a note: the comma-separated file has only rows.
            ({"what": waiting_sentence(report.waiting, language)},) if report.waiting else ()
        ),
        notes=(gettext("Every step can be redone with a pocket calculator."),),
    )
    return Document(
        title=gettext("Contestant's report"),
        subtitle=name,
        parts=(
            facts, marks, road,
            Signatures((gettext("Chief judge"), gettext("Contestant"))), *chain_code(contest),
        ),
        look="report",
        language=language,
        footer=gettext(
            "%(contest)s · plan version %(plan)s", contest=name, plan=report.plan_number
        ),
    )
