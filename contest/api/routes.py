"""The operations under /api/v1; each calls what the page calls."""

import csv
import io

from flask import Blueprint, g, render_template, request, send_from_directory

from contest import clock
from contest.accounts.guards import needs, open_to_all, signed_in
from contest.accounts.queries import heading_for
from contest.api import actions, describing, door, limits, queries, rules, shapes
from contest.audit import contest_queries
from contest.audit.chain_papers import chain_data
from contest.audit.chain_queries import find_head
from contest.audit.work import Actor
from contest.awards import queries as awards
from contest.board.queries import public_board
from contest.i18n import N_
from contest.judging import blind_queries, sheet_queries
from contest.pages import csrf, language
from contest.people import import_queries, roster_actions
from contest.people import queries as people
from contest.people.blueprint import READERS
from contest.people.columns import PHONE, ROSTER
from contest.registry import queries as registry
from contest.results import queries as results
from contest.setup.queries import find_plan_in_force, get_contest

bp = Blueprint("api", __name__, url_prefix="/api/v1")
csrf.exempt(bp)  # door.py asks for a token, or for what no foreign page can send

STAFF = ("organiser", "contact", "judge", "chief_judge", "coding_judge", "supervisor", "clerk", "host")


@bp.before_app_request
def load_token():
    """A program shows a token instead of a session; it opens nothing but what its scopes name."""
    g.api_token = None
    words = request.headers.get("Authorization", "").split()
    if not request.path.startswith(f"{bp.url_prefix}/") or not words:
        return
    if len(words) != 2 or words[0].lower() != "bearer":
        raise rules.WrongToken(N_("Send the header Authorization: Bearer and a token."))
    g.person, row = queries.open_token(words[1])
    g.api_token = row.id
    if request.endpoint is None:
        return
    rules.check_scope(door.scope_of(request.endpoint), row.scopes)
    actions.note_used(row)


bp.before_app_request(limits.check_rate)  # after it is known who asks


def _actor():
    return Actor(g.person.user_id, g.person.name)


def paged(query, items, key):
    """One page of a list as it is answered; key(item) grows along the items."""
    found, cursor = rules.page_of(items, key, query.limit, query.after)
    return {"items": found, "next": cursor}


@door.operation(
    bp, "GET", "/contests", shapes.Contests, guard=signed_in, scope="contests:read", tag=N_("Contests"),
    summary=N_("The contests in which one holds a role"), query=shapes.PageQuery,
)
def list_contests(query):
    held = {contest_id for _, contest_id in g.person.grants} - {None}
    everywhere = g.person.has_role("organiser")
    headings = [
        heading_for(g.person, heading)
        for heading in contest_queries.list_headings(None if everywhere else held)
    ]
    return paged(query, sorted(headings, key=lambda one: one.id), lambda one: one.id)


@door.operation(
    bp, "GET", "/contests/<int:contest_id>", shapes.ContestFacts, guard=needs(*STAFF),
    scope="contests:read", tag=N_("Contests"), summary=N_("One contest, its stages and modules"),
)
def show_contest(contest_id):
    contest, force = get_contest(contest_id), find_plan_in_force(contest_id)
    facts = shapes.Contest.model_validate(contest).model_dump()
    facts["state"] = heading_for(g.person, contest_queries.get_heading(contest_id)).state
    return {**facts, "stage": contest.stage, "stages": _stages(force.plan) if force else []}


def _stages(plan):
    return [
        {"key": stage.key, "name": stage.name, "name_en": stage.name_en,
         "modules": list(plan.modules_of_stage(stage.key))} for stage in plan.stages
    ]


@door.operation(
    bp, "GET", "/contests/<int:contest_id>/entrants", shapes.Entrants, guard=needs(*READERS),
    scope="rosters:read", tag=N_("Rosters"), summary=N_("Everybody on the roster"), query=shapes.PageQuery,
    find=get_contest,
)
def list_entrants(contest_id, query):
    entrants = sorted(people.list_entrants(contest_id), key=lambda one: one.id)
    page = paged(query, entrants, lambda one: one.id)
    page["items"] = [
        {"id": one.id, "name": one.human.name, "organisation": one.organisation.name,
         **people.values_of(one)} for one in page["items"]
    ]
    return page


@door.operation(
    bp, "POST", "/contests/<int:contest_id>/roster", shapes.RosterTaken, guard=needs("organiser"),
    scope="rosters:write", tag=N_("Rosters"), body=shapes.Roster, find=get_contest,
    summary=N_("Take in a roster, by the same checks as a file; the same one twice changes nothing"),
)
def import_roster(contest_id, body):
    pending_id = roster_actions.upload_roster(
        _actor(), contest_id, _as_file(body.rows), "roster.csv"
    )
    if body.is_trial:
        pending = import_queries.get_pending(contest_id, pending_id, "roster", g.person.user_id)
        _, _, counts = import_queries.roster_preview(contest_id, pending.rows)
    else:
        counts = roster_actions.confirm_roster(_actor(), contest_id, pending_id)
    return {"is_trial": body.is_trial, "counts": counts}


def _as_file(rows):
    """The rows as the file that a person would send: there is one reader of rosters."""
    text = io.StringIO()
    writer = csv.writer(text)
    columns = (*ROSTER, PHONE)
    writer.writerow(column.headers[0] for column in columns)
    for row in rows:
        writer.writerow(getattr(row, column.key) for column in columns)
    return text.getvalue().encode()


@door.operation(
    bp, "GET", "/sheets", shapes.Sheets, guard=needs("judge"), scope="marks:read", tag=N_("Marks"),
    summary=N_("One's own sheets in the contests being judged"), query=shapes.PageQuery,
)
def list_sheets(query):
    lines = [
        {"contest_id": group.contest_id, "module": group.module.key, **_attributes(row)}
        for group in sheet_queries.my_sheets(g.person.user_id) if not group.is_practice
        and g.person.has_role("judge", group.contest_id) for row in group.rows
    ]
    return paged(query, sorted(lines, key=lambda one: one["id"]), lambda one: one["id"])


def _attributes(row):
    return {name: getattr(row, name) for name in shapes.SheetLine.model_fields if hasattr(row, name)}


@door.operation(
    bp, "GET", "/sheets/<int:sheet_id>", shapes.Sheet, guard=needs("judge"), scope="marks:read",
    tag=N_("Marks"), summary=N_("One of one's own sheets, with its revision and marks"),
)
def show_sheet(sheet_id):
    page = sheet_queries.get_sheet_page(sheet_id, g.person.user_id)
    # A token for one contest reads no sheet of another.
    get_contest(page.contest_id if g.person.has_role("judge", page.contest_id) else 0)
    return {
        "module": page.module.key, "total": page.reading.total, "missing": page.reading.missing,
        **{name: getattr(page, name) for name in (
            "id", "contest_id", "code", "name", "state", "entrant_state", "rev", "marks", "is_open",
        )},
    }


@door.operation(
    bp, "GET", "/contests/<int:contest_id>/standings", shapes.Standings,
    guard=needs("organiser", "chief_judge", "supervisor", "host"), scope="standings:read",
    tag=N_("Standings"), summary=N_("The officials' table of a stage"), query=shapes.StageQuery,
    find=get_contest,
)
def show_standings(contest_id, query):
    page = results.results_page(contest_id, query.stage or None, query.by == "name")
    official = page.official
    team_places = {team.team_id: team.place for team in official.teams}
    return {
        "contest_id": contest_id, "stage": official.stage, "is_final": official.is_final,
        "is_by_code": page.is_by_code, "hidden": [module.key for module in page.hidden],
        "rows": [_standing(row, team_places) for row in official.rows],
        "teams": official.teams, "chain": chain_data(find_head(contest_id)),
    }


def _standing(row, team_places):
    told = {name: getattr(row, name) for name in shapes.Standing.model_fields if hasattr(row, name)}
    return told | {"team_place": team_places.get(row.team_id)}


@door.operation(
    bp, "GET", "/boards/<slug>", shapes.Board, guard=open_to_all, scope="standings:read", tag=N_("Standings"),
    summary=N_("What everybody may see of a contest's standings"),
)
def show_board(slug):
    return public_board(slug, clock.now())


@door.operation(
    bp, "GET", "/contests/<int:contest_id>/awards", shapes.Winners,
    guard=needs("organiser", "chief_judge", "supervisor", "host"), scope="awards:read", tag=N_("Awards"),
    summary=N_("The awards that were granted"), query=shapes.PageQuery, find=get_contest,
)
def list_awards(contest_id, query):
    granted = () if blind_queries.hides_names(contest_id) or not awards.count_awards(contest_id) else (
        awards.granted(contest_id)
    )
    # In the order of the grants: an award granted or annulled between two pages moves no other.
    rows = sorted((row for _, rows in granted for row in rows), key=lambda row: row.award_id)
    page = paged(query, rows, lambda row: row.award_id)
    page["items"] = [
        {"award": row.award.key, "award_name": row.award.name, "award_name_en": row.award.name_en,
         "total": row.total or "",
         **{name: getattr(row, name) for name in (
             "name", "organisation", "group", "team", "place", "place_now", "place_overall", "award_place",
             "team_place",
         )}}
        for row in page["items"]
    ]
    page["chain"] = chain_data(find_head(contest_id))
    return page


@door.operation(
    bp, "GET", "/craftsmen", shapes.Craftsmen, guard=open_to_all, scope="registry:read",
    tag=N_("Registry"), summary=N_("The public register"), query=shapes.CraftsmenQuery,
)
def list_craftsmen(query):
    search = registry.Search(**{
        key: str(value) for key, value in query.model_dump(exclude={"page"}).items() if value
    })
    rows, count = registry.list_craftsmen(search, query.page)
    return {
        "items": [_craftsman(row) for row in rows], "count": count,
        "pages": max(1, -(-count // registry.PAGE_SIZE)),
    }


def _craftsman(row):
    return {"token": row.token, "name": row.human.name, "trade": row.trade, "level": row.level,
            "unit": row.unit, "place": row.place}


@door.operation(
    bp, "GET", "/craftsmen/<token>", shapes.CraftsmanFacts, guard=open_to_all, scope="registry:read",
    tag=N_("Registry"), summary=N_("One craftsman and the honours"),
)
def show_craftsman(token):
    row = registry.get_craftsman(token)
    return {**_craftsman(row), "words": row.words, "honours": registry.public_honours(row)}


@bp.get("/openapi.json")
@open_to_all
def describe():
    """The description of this API, for programs that make programs."""
    return describing.document(language())


@bp.get("/docs")
@open_to_all
def show_docs():
    """The description as a page to read and try; everything it needs is served from here."""
    return render_template("api/docs.html")


@bp.get("/docs/<filename>")
@open_to_all
def show_docs_file(filename):
    """A file of the page."""
    return send_from_directory(*describing.file_of(filename), max_age=600)
