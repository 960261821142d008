"""The script of a reveal, made from one published revision and from nothing newer."""

from contest.awards import queries as awards
from contest.board.queries import key_of
from contest.board.shown_queries import named
from contest.ceremony import rules
from contest.ceremony.rules import Heading, Line
from contest.errors import Conflict
from contest.names import shown_name
from contest.results import queries as results
from contest.results.views import View
from contest.setup.queries import get_contest, procedure_of


def script_for(kind, sheet, options):
    """The Script of a kind of reveal of a ResultSheet; Conflict when the sheet cannot be told so."""
    standings = named(get_contest(sheet.contest_id), results.published_standings(sheet))
    makers = {"individuals": _individuals, "teams": _teams, "items": _items, "prizes": _prizes}
    return makers[kind](sheet, standings, options)


def groups_of(sheet):
    """The groups that a ResultSheet ranks apart, in the order of the list; empty when it ranks all."""
    return awards.groups_of(results.published_standings(sheet))


def _individuals(sheet, standings, options):
    rows = [row for row in standings.rows if row.place]
    keys = groups_of(sheet) or ("",)
    chapters = [
        (Heading(key, key), tuple(
            _entrant(row) for row in rows if not groups_of(sheet) or row.group == key
        ))
        for key in keys if options["group"] in ("", key)
    ]
    return rules.script_of_ladders("individuals", chapters, options["from_place"], options["names"])


def _teams(_sheet, standings, options):
    by_id = {row.entrant_id: row for row in standings.rows}
    lines = tuple(
        Line(
            key=key_of("team", team.name), name=team.name, organisation=team.organisation,
            organisation_en=team.organisation_en, place=team.place, is_shared=team.is_shared,
            total=team.shown_total, members=tuple(by_id[one].name for one in team.members if one in by_id),
        )
        for team in standings.teams if team.place
    )
    chapters = [(Heading(), lines)]
    return rules.script_of_ladders("teams", chapters, options["from_place"], options["names"])


def _items(sheet, standings, options):
    modules = standings.plan.modules_of_stage(standings.stage)
    official = {row.entrant_id: row for row in standings.rows}
    tables = []
    for number, module in enumerate(modules, start=1):
        opened = [each.key for each in modules[:number]]
        rows = standings.rows if number == len(modules) else _standing_of(sheet, opened)
        lines = tuple(
            _entrant(official[row.entrant_id], row, opened)
            for row in rows
            if row.place and row.entrant_id in official
            and options["group"] in ("", official[row.entrant_id].group)
        )
        tables.append((Heading(module.name, module.name_en), lines))
    return rules.script_of_tables(tables)


def _standing_of(sheet, opened):
    """The rows ranked by the opened modules alone, with the marks that the revision was made from."""
    view = View(frozenset(opened), False)
    return results.standings(sheet.contest_id, sheet.stage, as_of=sheet.at, view=view).rows


def _entrant(row, standing=None, opened=()):
    """A Line of a published row; standing: its place and total while only some modules are open."""
    now = standing or row
    return Line(
        key=key_of("entrant", row.number), name=row.name, organisation=row.organisation,
        organisation_en=row.organisation_en, team=row.team, place=now.place,
        is_shared=now.is_shared, total=now.shown_total,
        cells=tuple(row.modules[key].text or "–" for key in opened),
    )


def _prizes(sheet, _standings, options):
    """Prizes from the last of the plan to the first, names within from last to first."""
    found = awards.preview(sheet.contest_id)
    if found.basis.sheet is None or found.basis.sheet.id != sheet.id:
        raise Conflict("Prizes are told from the latest published results of the last stage.")
    if found.open_votes:
        raise Conflict("The committee has still to vote on a prize.")
    policy = procedure_of(get_contest(sheet.contest_id)).names
    chapters = [
        (_heading(part), tuple(_prize(row, policy) for row in part.rows))
        for award, rows in reversed(found.sections) for part in found.parts_of(award, rows)
    ]
    return rules.script_of_ladders("prizes", chapters, None, options["names"])


def _heading(part):
    """A prize is announced with the group in which it is given."""
    award = part.award
    if not part.group:
        return Heading(award.name, award.name_en)
    return Heading(f"{part.group} · {award.name}", award.name_en and f"{part.group} · {award.name_en}")


def _prize(row, policy):
    is_person = row.entrant_id is not None
    return Line(
        key=key_of("prize", row.award.key, str(row.entrant_id), str(row.team_id), str(row.organisation_id)),
        name=shown_name(row.name, policy) if is_person else row.name,
        organisation="" if row.organisation == row.name else row.organisation,
        team=row.team, place=row.place, total=row.total or None,
    )
