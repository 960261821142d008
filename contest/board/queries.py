"""What the public may know of a contest: public_board() is the only door to public numbers."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache

from contest import clock
from contest.audit.chain_papers import chain_data
from contest.audit.chain_queries import find_head_of
from contest.board import module_rules, rules
from contest.board.kept_boards import kept
from contest.board.models import BoardSwitch
from contest.board.module_queries import module_boards, newest, organisation_facts
from contest.board.module_rules import key_of
from contest.board.shown_queries import named, public_view, shown
from contest.db import db
from contest.errors import Missing
from contest.results import queries as results
from contest.results.closing_queries import module_closed_at
from contest.setup.models import Contest
from contest.setup.queries import find_plan_in_force, get_contest, get_contest_by_slug
from contest.setup.rules import SCORES_COUNT_IN

HUNDRED = 100 * 10_000
PUBLIC_NOTES = {"absent", "void", "no_result"}
SHOWN_STATES = (*SCORES_COUNT_IN, "final", "archived")


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
    """One printed mark of a row; text None: not in yet. note: absent, void, no_result, blind or "".

    blind: it is being marked under codes and stands beside no name yet. place: by this mark alone.
    """

    text: str | None
    note: str = ""
    place: int | None = None


_kept_cell = lru_cache(maxsize=65_536)(Cell)  # one mark changes a few of thousands


@dataclass(frozen=True)
class Member:
    """A member of a team on the team's line; total None: nothing is in yet."""

    number: str
    name: str
    total: str | None


@dataclass(frozen=True)
class PublicRow:
    """One line of the board: an entrant or a team. Nothing else about a person is public.

    key names the line on the page. place None: not placed. moved: places gained since the
    last round (rules.last_round), None for a newcomer. state: normal, absent, unranked, not_finished.
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
    def phase(self):
        """How far the line has come: out, waiting, scoring, finished."""
        return module_rules.phase(self.state, self.complete, self.finished, len(self.cells))

    @property
    def about_place(self):
        """What is in the first half of a rendered line."""
        return (self.place, self.is_shared, self.moved, self.complete)

    @property
    def substance(self):
        """What is on the line besides its places, to know a line again that was only pushed along."""
        return (
            self.key, self.name, self.organisation, self.organisation_en, self.team, self.group,
            self.total, self.complete, self.finished, self.state,
            tuple((cell.text, cell.note) for cell in self.cells), self.members,
        )


@dataclass(frozen=True)
class PublicBoard:
    """Everything public about a contest's standings at one moment.

    state: coming, scoring, provisional, final, correction. frozen_at: the moment up to which marks
    are shown, None when all are. changed_at: the last mark that is in it. published_at: when the
    revision that it shows was published, None while it shows marks as they come in. finished: how
    many have every mark. by_code: rows are works under their codes, with the blind marks only.
    revision: the number of the published revision, None while marks are shown. awards: the columns
    of the organisations. organisations_by: points, average or medals. less_is_better: of two marks.
    moved_since: the module with whose end places are compared, None for ten minutes ago. chain: the
    head when the revision was published; None while marks are shown, since a head grows with each mark.
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
    by_code: bool = False
    revision: int | None = None
    awards: tuple = ()
    organisations: tuple = ()
    organisations_by: str = ""
    modules: tuple = ()
    less_is_better: bool = False
    moved_since: str | None = None
    chain: dict | None = None

    @property
    def is_final(self):
        """True when these are final results; everything else carries the word that it is not."""
        return self.state == "final"

    def by_module(self, at):
        """The rows by the places of the column at this position, those without one last."""
        return sorted(self.rows, key=lambda row: row.cells[at].place or 10**9)

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
    standings, sheet = shown(contest.id, cutoff)
    if cutoff is None and _froze_meanwhile(switch, now, standings):
        cutoff = switch.freeze_from
        standings, sheet = shown(contest.id, cutoff)
    since, moment = _last_round(standings) or (None, rules.movement_moment(now, cutoff))
    before = standings if sheet else results.standings(
        contest.id, stage=standings.stage, as_of=moment, is_read=True, view=standings.view
    )
    return _kept_board(contest, cutoff, named(contest, standings), before, sheet, since)


def _kept_board(contest, cutoff, standings, before, sheet, since):
    """As `_board`; the same object while all is the same: of seven judges six change nothing in public."""
    made_of = (
        contest.name, contest.name_en, contest.host, contest.state, cutoff, since, standings.plan,
        standings.stage, standings.view, standings.competed, standings.rows, standings.teams,
        standings.changed_at, standings.organisations, before.rows, before.teams,
        sheet and (sheet.id, sheet.kind, sheet.at, sheet.revision),
    )
    return kept(contest.slug, made_of, lambda: _board(contest, cutoff, standings, before, sheet, since))


def _last_round(standings):
    keys = {
        module.key for module in standings.plan.modules_of_stage(standings.stage)
        if standings.view is None or module.key in standings.view.modules
    }
    return rules.last_round(keys, standings.changed_at, {*standings.missing, *standings.stuck})


def _froze_meanwhile(switch, now, standings):
    """True when a freeze has begun since `now`: by this clock, or by a later mark that is among them."""
    at = switch.freeze_from
    if at is None or at <= now or rules.public_cutoff(at, at, switch.revealed_at) is None:
        return False
    return clock.now() >= at or any(moment > at for moment in standings.changed_at.values())


def find_switch(contest_id):
    """The freeze and reveal of a contest; one that freezes nothing when none was ever set."""
    found = db.session.get(BoardSwitch, contest_id)
    return decided(found) if found else BoardSwitch(
        contest_id=contest_id, freeze_from=None, revealed_at=None, freeze_after=None, version=0
    )


def decided(switch):
    """The switch, frozen from the last mark of its module on, also before anybody wrote that down."""
    if switch.freeze_after is None:
        return switch
    closed_at = module_closed_at(switch.contest_id, switch.freeze_after)
    return switch if closed_at is None else BoardSwitch(
        contest_id=switch.contest_id, freeze_from=closed_at, revealed_at=None, freeze_after=None,
        version=switch.version,
    )


def _coming(contest):
    return PublicBoard(
        slug=contest.slug, name=contest.name, name_en=contest.name_en, host=contest.host,
        stage="", stage_en="", state="coming", frozen_at=None, changed_at=None,
        published_at=None, by_group=False, columns=(), rows=(), teams=(), team_size=None, news=(),
        competed=0, finished=0,
    )


def _board(contest, cutoff, standings, before, sheet, since):
    plan = standings.plan
    stage, view = plan.stage(standings.stage), standings.view
    by_code = view is not None and view.by_code
    columns = tuple(
        Column(m.key, m.name, m.name_en, m.kind, _percent(plan, m))
        for m in plan.modules_of_stage(stage.key)
        if not by_code or m.key in view.modules
    )
    places_before = {row.entrant_id: row.place for row in before.rows}
    teams_before = {team.team_id: team.place for team in before.teams}
    if not any(places_before.values()):  # The first places of all have come from nowhere.
        places_before = {row.entrant_id: row.place for row in standings.rows}
        teams_before = {team.team_id: team.place for team in standings.teams}
    by_module = {
        c.key: module_rules.module_places(
            standings.rows, c.key, plan.ranking.by_group and not by_code, plan.ranking.order
        ) for c in columns
    }
    rows = tuple(
        _entrant(row, columns, places_before, view, by_module) for row in standings.rows
    )
    by_id = {row.entrant_id: row for row in standings.rows}
    news, news_of = newest(standings, columns)
    return PublicBoard(
        slug=contest.slug, name=contest.name, name_en=contest.name_en, host=contest.host,
        stage=stage.name, stage_en=stage.name_en,
        state=rules.board_state(contest.state, cutoff, sheet.kind if sheet else None),
        frozen_at=cutoff, changed_at=max(standings.changed_at.values(), default=None),
        published_at=sheet.at if sheet else None,
        by_group=plan.ranking.by_group and not by_code, columns=columns, rows=rows,
        teams=tuple(_team(team, by_id, teams_before) for team in standings.teams),
        team_size=plan.teams.size if plan.teams else None,
        news=news, competed=standings.competed,
        finished=sum(_is_whole(row, columns, by_code) for row in rows), by_code=by_code,
        revision=sheet.revision if sheet else None,
        chain=chain_data(find_head_of(contest.id, "result_sheet", sheet.id)) if sheet else None,
        less_is_better=plan.ranking.order == "low", moved_since=since if sheet is None else None,
        modules=module_boards(standings, columns, news_of), **organisation_facts(plan, standings),
    )


def _is_whole(row, columns, by_code):
    """Everything that the board shows of a line is in."""
    if by_code:
        return row.finished == len(columns)
    return row.complete and bool(row.finished)


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


def _entrant(row, columns, before, view, by_module):
    return PublicRow(
        key=key_of("entrant", row.number), number=row.number, name=row.name,
        organisation=row.organisation, organisation_en=row.organisation_en, team=row.team,
        group=row.group, place=row.place, is_shared=row.is_shared,
        moved=rules.movement(row.place, before.get(row.entrant_id)), total=row.shown_total,
        complete=row.complete, finished=row.finished,
        state=rules.public_person_state(row.state),
        cells=tuple(
            _cell(column.key, row.modules[column.key], view,
                  by_module[column.key].get(row.entrant_id))
            for column in columns
        ),
    )


def _cell(key, figure, view, place):
    if view is not None and key not in view.modules:
        return _kept_cell(None, "blind")
    # That judges disagree, or that a panel is stuck, is the officials' affair.
    return _kept_cell(figure.text, figure.note if figure.note in PUBLIC_NOTES else "", place)


def _team(team, by_id, before):
    members = sorted((by_id[one] for one in team.members), key=lambda row: row.place or 10**9)
    return PublicRow(
        key=key_of("team", team.name), number="", name=team.name,
        organisation=team.organisation, organisation_en=team.organisation_en, team="", group="",
        place=team.place, is_shared=team.is_shared,
        moved=rules.movement(team.place, before.get(team.team_id)), total=team.shown_total,
        complete=team.complete, finished=sum(row.complete for row in members), state="normal",
        cells=(),
        members=tuple(
            Member(row.number, row.name, row.shown_total) for row in members
        ),
    )


@dataclass(frozen=True)
class Switches:
    """The state of the public board as officials see it, and how it differs from theirs."""

    contest: Contest
    freeze_from: datetime | None
    revealed_at: datetime | None
    cutoff: datetime | None
    differing: int
    freeze_after: object = None  # the plan's Module whose last mark begins the freeze, or None


def switches(contest_id, now):
    """What the organiser's switches say; differing: lines that the public sees otherwise."""
    contest = get_contest(contest_id)
    switch = find_switch(contest_id)
    cutoff = rules.public_cutoff(now, switch.freeze_from, switch.revealed_at)
    return Switches(
        contest, switch.freeze_from, switch.revealed_at, cutoff,
        _differing(contest_id, cutoff) if cutoff and contest.state in SHOWN_STATES else 0,
        next((m for m in list_modules(contest_id) if m.key == switch.freeze_after), None),
    )


def find_cutoff(contest_id, now):
    """The moment up to which the public sees this contest's marks; None when it sees all."""
    switch = find_switch(contest_id)
    return rules.public_cutoff(now, switch.freeze_from, switch.revealed_at)


def list_modules(contest_id):
    """The modules of the stage that is held, after which a board can freeze."""
    force = find_plan_in_force(contest_id)
    if force is None:
        return ()
    return tuple(force.plan.modules_of_stage(results.stage_of(contest_id)))


def _differing(contest_id, cutoff):
    stage = results.stage_of(contest_id)
    now = results.standings(contest_id, stage, view=public_view(contest_id, stage, None))
    ours = {r.entrant_id: (r.place, r.total) for r in now.rows}
    theirs = {
        r.entrant_id: (r.place, r.total)
        for r in shown(contest_id, cutoff)[0].rows
    }
    return sum(ours[one] != theirs.get(one) for one in ours)
