"""What the public may know of a contest: public_board() is the only door to public numbers."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from hashlib import sha1

from sqlalchemy import select

from contest.board import rules
from contest.board.models import BoardSwitch
from contest.db import db
from contest.errors import Missing
from contest.results import queries as results
from contest.setup.models import Contest, PlanVersion
from contest.setup.queries import get_contest, get_contest_by_slug

HUNDRED = 100 * 10_000
PUBLIC_NOTES = {"absent", "void", "no_result"}
SHOWN_STATES = ("scoring", "provisional", "final", "archived")


@dataclass(frozen=True)
class Column:
    """A module or a part as a heading; kind: theory, practical, work, quiz, or part."""

    key: str
    name: str
    name_en: str
    kind: str
    weight: str


@dataclass(frozen=True)
class Cell:
    """One printed mark of a row; text None: not in yet. note: absent, void, no_result or ""."""

    text: str | None
    note: str = ""


@dataclass(frozen=True)
class Member:
    """A member of a team on the team's line; total None: nothing is in yet."""

    number: str
    name: str
    total: str | None


@dataclass(frozen=True)
class PublicRow:
    """One line of the board: an entrant or a team. Nothing else about a person is public.

    key names the line on the page. place None: not placed. moved: places gained in ten minutes,
    None for a newcomer. state: normal, absent, unranked, not_finished.
    """

    key: str
    number: str
    name: str
    organisation: str
    organisation_en: str
    team: str
    group: str
    place: int | None
    is_shared: bool
    moved: int | None
    total: str | None
    complete: bool
    finished: int
    state: str
    cells: tuple
    members: tuple = ()

    @property
    def total_counts(self):
        """True when the total says something: somebody has a mark."""
        return any(member.total for member in self.members) or bool(self.finished)

    @property
    def substance(self):
        """What is on the line besides its place, to know a line again that was only pushed along."""
        return (
            self.key, self.name, self.organisation, self.organisation_en, self.team, self.group,
            self.total, self.complete, self.finished, self.state, self.cells, self.members,
        )


@dataclass(frozen=True)
class News:
    """A mark that came in: whose, in which module, and the place it led to.

    place None: more marks are to come; the order of unfinished sums is not called a place.
    """

    key: str
    name: str
    organisation: str
    organisation_en: str
    module: Column
    mark: str
    place: int | None
    at: datetime


@dataclass(frozen=True)
class PublicBoard:
    """Everything public about a contest's standings at one moment.

    state: coming, scoring, provisional, final, correction. frozen_at: the moment up to which marks
    are shown, None when all are. changed_at: the last mark that is in it. published_at: when the
    revision that it shows was published, None while it shows marks as they come in. finished: how
    many have every mark.
    """

    slug: str
    name: str
    name_en: str
    host: str
    stage: str
    stage_en: str
    state: str
    frozen_at: datetime | None
    changed_at: datetime | None
    published_at: datetime | None
    by_group: bool
    columns: tuple
    rows: tuple
    teams: tuple
    team_size: int | None
    news: tuple
    competed: int
    finished: int

    @property
    def has_teams(self):
        """True when the plan ranks teams."""
        return bool(self.teams)


def public_board(slug, now):
    """The PublicBoard of the contest with this short name at a moment; Missing when not public."""
    contest = get_contest_by_slug(slug)
    if not contest.is_public:
        raise Missing("There is no such board.")
    switch = find_switch(contest.id)
    cutoff = rules.public_cutoff(now, switch.freeze_from, switch.revealed_at)
    # Nothing below looks at the contest's marks, places or publications past the cut-off.
    if contest.state not in SHOWN_STATES:
        return _coming(contest)
    standings, sheet = _shown(contest.id, cutoff)
    before = standings if sheet else results.standings(
        contest.id, stage=standings.stage, as_of=rules.movement_moment(now, cutoff), is_read=True
    )
    return _board(contest, cutoff, standings, before, sheet)


def _shown(contest_id, cutoff):
    """(OfficialStandings that the public sees, the ResultSheet they are or None).

    From the first publication of a stage on these are its last published revision: what happens
    to the marks afterwards is public when somebody publishes it.
    """
    stage = results.stage_of(contest_id, as_of=cutoff)
    sheet = results.find_latest_sheet(contest_id, stage, as_of=cutoff)
    if sheet is not None:
        return results.published_standings(sheet), sheet
    return results.standings(contest_id, stage=stage, as_of=cutoff, is_read=True), None


def find_switch(contest_id):
    """The freeze and reveal of a contest; one that freezes nothing when none was ever set."""
    found = db.session.get(BoardSwitch, contest_id)
    return found or BoardSwitch(
        contest_id=contest_id, freeze_from=None, revealed_at=None, version=0
    )


def _coming(contest):
    return PublicBoard(
        slug=contest.slug, name=contest.name, name_en=contest.name_en, host=contest.host,
        stage="", stage_en="", state="coming", frozen_at=None, changed_at=None,
        published_at=None, by_group=False, columns=(), rows=(), teams=(), team_size=None, news=(),
        competed=0, finished=0,
    )


def _board(contest, cutoff, standings, before, sheet):
    plan = standings.plan
    stage = plan.stage(standings.stage)
    columns = tuple(
        Column(m.key, m.name, m.name_en, m.kind, _percent(plan, m))
        for m in plan.modules_of_stage(stage.key)
    )
    places_before = {row.entrant_id: row.place for row in before.rows}
    teams_before = {team.team_id: team.place for team in before.teams}
    if not any(places_before.values()):  # The first places of all have come from nowhere.
        places_before = {row.entrant_id: row.place for row in standings.rows}
        teams_before = {team.team_id: team.place for team in standings.teams}
    rows = tuple(_entrant(row, columns, places_before) for row in standings.rows)
    by_id = {row.entrant_id: row for row in standings.rows}
    return PublicBoard(
        slug=contest.slug, name=contest.name, name_en=contest.name_en, host=contest.host,
        stage=stage.name, stage_en=stage.name_en,
        state=rules.board_state(contest.state, cutoff, sheet.kind if sheet else None),
        frozen_at=cutoff, changed_at=max(standings.changed_at.values(), default=None),
        published_at=sheet.at if sheet else None,
        by_group=plan.ranking.by_group, columns=columns, rows=rows,
        teams=tuple(_team(team, by_id, teams_before) for team in standings.teams),
        team_size=plan.teams.size if plan.teams else None,
        news=_news(standings, columns), competed=standings.competed,
        finished=sum(row.complete and bool(row.finished) for row in rows),
    )


def _percent(plan, module):
    """How much of the stage a module counts, in percent, as short as it can be said.

    Empty where points are added up somewhere on the way: then it is no percent of anything.
    """
    part = plan.part(module.part)
    by_weight, share = part.combine == "weights", Fraction(module.weight, HUNDRED)
    while part.within:
        share *= Fraction(part.weight, HUNDRED)
        part = plan.part(part.within)
        by_weight &= part.combine == "weights"
    if not by_weight or plan.stage(part.stage).combine != "weights":
        return ""
    # Ten-thousandths of a percent, cut off.
    whole, rest = divmod(int(share * part.weight), 10_000)
    return str(whole) if not rest else f"{whole}.{rest:04d}".rstrip("0")


@lru_cache(maxsize=8192)
def key_of(*words):
    """A short name for a line of the page that is the same every time and says nothing."""
    return sha1("\n".join(words).encode(), usedforsecurity=False).hexdigest()[:10]


def _entrant(row, columns, before):
    figures = (row.modules[column.key] for column in columns)
    return PublicRow(
        key=key_of("entrant", row.number), number=row.number, name=row.name,
        organisation=row.organisation, organisation_en=row.organisation_en, team=row.team,
        group=row.group, place=row.place, is_shared=row.is_shared,
        moved=rules.movement(row.place, before.get(row.entrant_id)), total=row.shown_total,
        complete=row.complete, finished=row.finished,
        state=rules.public_person_state(row.state),
        # That judges disagree, or that a panel is stuck, is the officials' affair.
        cells=tuple(
            Cell(f.text, f.note if f.note in PUBLIC_NOTES else "") for f in figures
        ),
    )


def _team(team, by_id, before):
    members = sorted((by_id[one] for one in team.members), key=lambda row: row.place or 10**9)
    return PublicRow(
        key=key_of("team", team.name), number="", name=team.name,
        organisation=team.organisation, organisation_en=team.organisation_en, team="", group="",
        place=team.place, is_shared=team.is_shared,
        moved=rules.movement(team.place, before.get(team.team_id)), total=team.total,
        complete=team.complete, finished=sum(row.complete for row in members), state="normal",
        cells=(),
        members=tuple(
            Member(row.number, row.name, row.shown_total) for row in members
        ),
    )


def _news(standings, columns):
    by_key = {column.key: column for column in columns}
    rows = {row.entrant_id: row for row in standings.rows}
    newest = sorted(
        ((at, key, entrant_id) for (key, entrant_id), at in standings.changed_at.items()
         if entrant_id in rows and key in by_key),
        reverse=True,
    )[: rules.NEWEST_SHOWN]
    news = []
    for at, key, entrant_id in newest:
        row = rows[entrant_id]
        news.append(News(
            key_of("entrant", row.number), row.name, row.organisation, row.organisation_en,
            by_key[key], row.modules[key].text, row.place if row.complete else None, at,
        ))
    return tuple(news)


@dataclass(frozen=True)
class Pulse:
    """What a board's copy depends on, as cheap facts; equal pulses mean an equal board.

    public: the same, but while the board is frozen nothing that happened since is in it.
    """

    contest_id: int
    slug: str
    facts: tuple
    public: tuple


def pulses(now):
    """The Pulse of every public contest, by short name; also tells when a freeze has begun."""
    newest = (
        select(PlanVersion.contest_id, PlanVersion.id)
        .where(PlanVersion.in_force_at.is_not(None)).order_by(PlanVersion.number)
    )
    plans = dict(db.session.execute(newest).all())
    sheets = results.newest_sheets()
    rows = db.session.execute(
        select(Contest, BoardSwitch)
        .outerjoin(BoardSwitch, BoardSwitch.contest_id == Contest.id)
        .where(Contest.is_public)
    )
    found = {}
    for contest, switch in rows:
        cutoff = switch and rules.public_cutoff(now, switch.freeze_from, switch.revealed_at)
        names = (contest.name, contest.name_en, contest.host, cutoff)
        sheet = sheets.get((contest.id, contest.stage))
        # A board that shows a published revision knows nothing of the marks that came after it.
        marks = (contest.state, contest.stage, sheet) if sheet else (
            contest.marks_version, contest.state, contest.stage, plans.get(contest.id),
            rules.movement_moment(now, cutoff),
        )
        found[contest.slug] = Pulse(
            contest.id, contest.slug, (*names, *marks), names if cutoff else (*names, *marks)
        )
    return found


@dataclass(frozen=True)
class Switches:
    """The state of the public board as officials see it, and how it differs from theirs."""

    contest: Contest
    freeze_from: datetime | None
    revealed_at: datetime | None
    cutoff: datetime | None
    differing: int


def switches(contest_id, now):
    """What the organiser's switches say; differing: lines that the public sees otherwise."""
    contest = get_contest(contest_id)
    switch = find_switch(contest_id)
    cutoff = rules.public_cutoff(now, switch.freeze_from, switch.revealed_at)
    return Switches(
        contest, switch.freeze_from, switch.revealed_at, cutoff,
        _differing(contest_id, cutoff) if cutoff and contest.state in SHOWN_STATES else 0,
    )


def _differing(contest_id, cutoff):
    ours = {r.entrant_id: (r.place, r.total) for r in results.standings(contest_id).rows}
    theirs = {
        r.entrant_id: (r.place, r.total)
        for r in _shown(contest_id, cutoff)[0].rows
    }
    return sum(ours[one] != theirs.get(one) for one in ours)
