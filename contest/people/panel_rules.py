"""Which judges sit on which panel: by what they know, evenly, and neutral ones first."""

from dataclasses import dataclass

from contest.errors import Conflict
from contest.people.roster_rules import same_words
from contest.people.rules import Member, may_judge, spread


@dataclass(frozen=True)
class Panel:
    """A module that is marked by judges: its size and the words of which a judge must know one."""

    module_key: str
    module: str  # its name, for the sentence when too few judges suit
    size: int
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Candidate(Member):
    """A judge with what he or she knows; none means everything."""

    specialities: tuple[str, ...] = ()


def suits(candidate, panel):
    """True when the judge knows one of the panel's words, or either side names none."""
    known = {same_words(word) for word in candidate.specialities}
    wanted = {same_words(word) for word in panel.words if word}
    return not known or not wanted or bool(known & wanted)


@dataclass(frozen=True)
class Staffing:
    """Who sits where: {module key: [judge ids in the order of seats, reserves last]}.

    A panel for which too few judges know the field is left out. problems: a Conflict for each
    panel that is left out, cannot judge everybody, or has fewer reserves than were wished for.
    """

    seats: dict
    problems: tuple = ()


def staff_panels(panels, judges, competing, reserves=2):
    """The Staffing of all panels; one that cannot be filled does not keep the others empty.

    panels: Panels; judges: Candidates; competing: Members, one for each organisation that sends
    entrants. Each judge is on as few panels as possible and loads differ by one at most where the
    specialities permit. Holders of seats are neutral where possible. Up to `reserves` reserves come
    from judges who are on no panel; more are added where an organisation's entrants need them.
    """
    rivals = {member.organisation_id for member in competing}
    # Neutral judges first: they can mark everybody.
    judges = sorted(judges, key=lambda j: (j.organisation_id in rivals, j.id))
    able = {p.module_key: [j.id for j in judges if suits(j, p)] for p in panels}
    problems = [
        Conflict(
            "%(module)s needs %(count)s more judges who know its field.", module=panel.module,
            count=panel.size - len(able[panel.module_key]),
        )
        for panel in panels if panel.size > len(able[panel.module_key])
    ]
    panels = [panel for panel in panels if panel.size <= len(able[panel.module_key])]
    order = [judge.id for judge in judges]
    seats = spread({p.module_key: p.size for p in panels}, able, order)
    by_id = {judge.id: judge for judge in judges}
    spare = _spare(panels, seats, able, order, reserves)
    answer = {}
    for panel in panels:
        # The order of `judges` puts the neutral ones first, so they get the seats.
        all_of_it = sorted(seats[panel.module_key] + spare[panel.module_key], key=order.index)
        answer[panel.module_key] = [by_id[judge_id] for judge_id in all_of_it]
    for panel in panels:
        problems += _add_neutral(
            panel, answer, [by_id[j] for j in able[panel.module_key]], competing
        )
    problems += _short_of_reserves(panels, answer, reserves)
    return Staffing({key: [j.id for j in row] for key, row in answer.items()}, tuple(problems))


def _short_of_reserves(panels, answer, reserves):
    return [
        Conflict(
            "%(module)s: %(found)s of %(wanted)s reserves were found; judges who hold a seat "
            "elsewhere are no reserves.", module=panel.module, found=found, wanted=reserves,
        )
        for panel in panels
        if (found := len(answer[panel.module_key]) - panel.size) < reserves
    ]


def _spare(panels, seats, able, order, reserves):
    """Reserves from among those who have no seat at all, spread over the panels one at a time."""
    idle = set(order) - {judge for row in seats.values() for judge in row}
    spare = {panel.module_key: [] for panel in panels}
    for _ in range(reserves):
        for panel in panels:
            free = [judge for judge in able[panel.module_key] if judge in idle]
            if free:
                spare[panel.module_key].append(free[0])
                idle.remove(free[0])
    return spare


def _add_neutral(panel, answer, able, competing):
    """Add reserves until entrants of every organisation can be judged; Conflicts where none is left."""
    row, problems = answer[panel.module_key], []
    for organisation in competing:
        while (lacking := lacking_for(organisation, row[: panel.size], row[panel.size :])) > 0:
            loads = {j.id: sum(j in other for other in answer.values()) for j in able}
            fit = [
                judge
                for judge in able
                if judge not in row
                and may_judge(judge.organisation_id, organisation.organisation_id)
            ]
            if not fit:
                problems.append(Conflict(
                    "%(module)s: entrants of %(organisation)s need %(count)s more judges "
                    "from other organisations on the panel.",
                    module=panel.module,
                    organisation=organisation.organisation,
                    count=lacking,
                ))
                break
            row.append(min(fit, key=lambda judge: loads[judge.id]))
    return problems


def lacking_for(organisation, holders, reserves):
    """How many neutral reserves are lacking for the entrants of one organisation."""
    own = [j for j in holders if not may_judge(j.organisation_id, organisation.organisation_id)]
    free = [j for j in reserves if may_judge(j.organisation_id, organisation.organisation_id)]
    return len(own) - len(free)


def places_of(judge_ids, size, keeps_gaps):
    """{seat: judge's id} of what was chosen for the seats 1 … size and the reserves behind them.

    judge_ids: in the order of the places, None for nobody. keeps_gaps: where the seats belong to
    several panels nobody moves up, since that would put a judge on another panel.
    """
    if not keeps_gaps:
        chosen = [judge_id for judge_id in judge_ids if judge_id is not None]
        return dict(enumerate(chosen, start=1))
    holders, reserves = judge_ids[:size], judge_ids[size:]
    places = {seat: one for seat, one in enumerate(holders, start=1) if one is not None}
    behind = [judge_id for judge_id in reserves if judge_id is not None]
    return places | dict(enumerate(behind, start=size + 1))
