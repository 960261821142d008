"""What a change would change: totals, places, prizes and who goes on, before it takes effect.

Nothing of this is stored, and nothing of it is public.
"""

from dataclasses import dataclass, replace

from contest.results.decided_queries import may_take
from contest.results.reckoning import Reckoning
from contest.results.supposing import Supposed
from contest.scoring.comparing import changes
from contest.scoring.medals import awards
from contest.scoring.scheme import Award, Plan


@dataclass(frozen=True)
class Side:
    """How one contestant or team stands on one side. total: as printed. awards: of that side's plan."""

    total: str | None
    place: int | None
    complete: bool
    awards: tuple[Award, ...]
    goes_on: bool


@dataclass(frozen=True)
class ChangedLine:
    """A contestant or a team for whom something differs."""

    id: int
    number: str  # "" for a team
    name: str
    organisation: str
    before: Side
    after: Side

    @property
    def moved(self):
        """True where the place differs."""
        return self.before.place != self.after.place

    @property
    def rewarded(self):
        """True where prizes, titles or going on differ."""
        names = [tuple(award.key for award in side.awards) for side in (self.before, self.after)]
        return names[0] != names[1] or self.before.goes_on != self.after.goes_on

    @property
    def lost(self):
        """The awards that would no longer be given."""
        return _beyond(self.before, self.after)

    @property
    def gained(self):
        """The awards that would be given instead, or besides."""
        return _beyond(self.after, self.before)

    @property
    def kept(self):
        """The awards that stay."""
        return [award for award in self.after.awards if award not in self.gained]


def _beyond(one, other):
    keys = {award.key for award in other.awards}
    return [award for award in one.awards if award.key not in keys]


@dataclass(frozen=True)
class Comparison:
    """Two sides of one stage. entrants, teams: ChangedLines, by the place before.

    stage, stage_after: its key on each side.
    """

    before: Plan
    after: Plan
    stage: str
    stage_after: str
    entrants: tuple[ChangedLine, ...]
    teams: tuple[ChangedLine, ...]
    count: int

    @property
    def is_same(self):
        """True when nothing differs for anybody."""
        return not self.entrants and not self.teams

    @property
    def moved(self):
        """How many contestants' places differ."""
        return sum(line.moved for line in self.entrants)

    @property
    def teams_moved(self):
        """How many teams' places differ."""
        return sum(line.moved for line in self.teams)

    @property
    def rewarded(self):
        """For how many prizes, titles or going on differ."""
        return sum(line.rewarded for line in (*self.entrants, *self.teams))


def under_plan(contest_id, plan, stage=None, view=None):
    """The same marks under another plan, as Comparison. view: the half of them that is looked at.

    A plan without the stage is asked for its first, which the contest would go on with.
    """
    with Reckoning(contest_id, None, view=view) as question:
        key = question.stage(stage)
        other = key if key in {one.key for one in plan.stages} else plan.stages[0].key
        return _compare(question.scored(key), Supposed(question, plan=plan).score(other))


def with_sheets(contest_id, stage, before, after, view=None):
    """With sheets counting at other revisions, {sheet id: revision or 0} on each side, as Comparison."""
    with Reckoning(contest_id, None, view=view) as question:
        key = question.stage(stage)
        return _compare(*(
            Supposed(question, revisions=revisions).score(key) for revisions in (before, after)
        ))


def under_codes(comparison, codes):
    """The Comparison for who must not know the contestants. codes: {entrant id: (code, order)}.

    Teams are left out: their lines would tell who belongs together.
    """
    lines = [
        replace(line, name="", organisation="", number=codes.get(line.id, ("–", 0))[0])
        for line in comparison.entrants
    ]
    # The order of equals is that of the entry numbers, and would give them away.
    lines.sort(key=lambda line: (line.before.place or len(codes) + 1, line.number))
    return replace(comparison, entrants=tuple(lines), teams=())


def _compare(before, after):
    lines = [
        awards(plan, one.found, may_take(one.official.contest_id, plan, one.found, one.roster), one.book)
        for one, plan in ((before, before.official.plan), (after, after.official.plan))
    ]
    found = changes(before.found, after.found, lines[0][0], lines[1][0])
    sides = [_Side(one, given) for one, (given, _) in zip((before, after), lines, strict=True)]
    known = {
        change.index: _entrant(before.roster[change.index], sides)
        for change in found if change.to == "entrant"
    }
    # Who goes on may differ where neither total nor place does.
    for index, who in enumerate(before.roster):
        if index not in known and sides[0].goes_on(who.id) != sides[1].goes_on(who.id):
            known[index] = _entrant(who, sides)
    teams = [
        _team(int(before.found.teams.teams[change.index]), sides)
        for change in found if change.to == "team"
    ]
    return Comparison(
        before.official.plan, after.official.plan, before.official.stage, after.official.stage,
        tuple(known.values()), tuple(teams), len(before.roster),
    )


class _Side:
    """One side's rows and awards by id."""

    def __init__(self, scored, lines):
        official, plan = scored.official, scored.official.plan
        self.official = official
        self.rows = {row.entrant_id: row for row in official.rows}
        self.teams = {row.team_id: row for row in official.teams}
        self.awards = {}
        ids = [line.id for line in scored.roster]
        for line in lines:
            one = ids[line.index] if line.to == "entrant" else (
                int(scored.found.teams.teams[line.index])
            )
            self.awards.setdefault((line.to, one), []).append(plan.award(line.award))

    def goes_on(self, entrant_id):
        return entrant_id in self.official.goes_on

    def of(self, to, one):
        """The Side of an entrant or a team by its id."""
        row = (self.rows if to == "entrant" else self.teams).get(one)
        given = tuple(self.awards.get((to, one), ()))
        if row is None:
            return Side(None, None, False, given, False)
        total = row.shown_total if to == "entrant" else row.total
        goes_on = to == "entrant" and self.goes_on(one)
        return Side(total, row.place, row.complete, given, goes_on)


def _entrant(who, sides):
    before, after = (side.of("entrant", who.id) for side in sides)
    return ChangedLine(who.id, who.number, who.name, who.organisation, before, after)


def _team(team_id, sides):
    before, after = (side.of("team", team_id) for side in sides)
    row = sides[0].teams[team_id]
    return ChangedLine(team_id, "", row.name, row.organisation, before, after)
