"""Looking up who takes part: entrants and their states, teams, organisations."""

from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from contest.accounts.models import User
from contest.db import db
from contest.errors import Missing
from contest.names import by_name, by_title, titles_in_order
from contest.people.models import (
    Entrant,
    Human,
    Judge,
    Organisation,
    PanelSeat,
    StateEvent,
    Team,
)
from contest.people.roster_rules import Registered, as_text, same_words
from contest.people.rules import PRACTICE, plain_number
from contest.people.state_queries import entrant_states

# Later areas say here about whom they keep something; such an entrant cannot be removed:
#     people.queries.HELD_ABOUT.append(held_about)    held_about(contest_id) -> set of entrants' ids
HELD_ABOUT = []
# How many sheets are handed in: fn(contest_id, entrant_id, module key or "") -> number.
HANDED_IN = []

# Whose entry number a sealed map of codes holds: fn(contest_id) -> set of entrants' ids.
NUMBERS_HELD = []
# Modules whose marks name nobody yet: fn(contest_id) -> set of their keys.
HIDDEN_MODULES = []

PAGE_LENGTH = 50
REMOVABLE_IN = ("setup", "registration")
SORTS = ("number", "name", "organisation", "team")


@dataclass(frozen=True)
class Search:
    """What is looked for in the list of entrants; empty means everything."""

    text: str = ""
    organisation_id: int | None = None
    team_id: int | None = None
    group: str = ""
    state: str = ""  # one of the states, or arrived, expected
    sort: str = "number"
    page: int = 1


@dataclass(frozen=True)
class EntrantPage:
    """One page of entrants and how many match in all; `states` is {entrant's id: state}."""

    rows: list
    states: dict
    count: int
    page: int
    pages: int


@dataclass(frozen=True)
class Arrivals:
    """How many have arrived, of how many who are expected; the latest first."""

    arrived: int
    expected: int
    latest: list = field(default_factory=list)


def list_entrants(contest_id, organisation_id=None):
    """Every entrant with human, organisation and team loaded, in the order of entry numbers."""
    statement = (
        select(Entrant)
        .filter_by(contest_id=contest_id)
        .options(*_loaded())
        .order_by(func.length(Entrant.number), Entrant.number)
    )
    if organisation_id is not None:
        statement = statement.filter_by(organisation_id=organisation_id)
    return list(db.session.scalars(statement))


def _loaded():
    return (
        joinedload(Entrant.human).selectinload(Human.organisation),
        joinedload(Entrant.organisation),
        selectinload(Entrant.team),
    )


def get_entrant(contest_id, entrant_id):
    """The entrant, if he or she is in this contest; else Missing."""
    entrant = db.session.scalar(
        select(Entrant).filter_by(id=entrant_id, contest_id=contest_id).options(*_loaded())
    )
    if entrant is None:
        raise no_entrant()
    return entrant


def no_entrant():
    """The refusal for an entrant who does not exist, or not for this person."""
    return Missing("There is no such entrant in this contest.")


def find_entrant_by_number(contest_id, number):
    """The entrant with this entry number, or None."""
    return db.session.scalar(
        select(Entrant).filter_by(contest_id=contest_id, number=number).options(*_loaded())
    )


def find_entrant_as_typed(contest_id, typed):
    """The entrant whose number was typed: as it stands, in small letters, or without leading zeros.

    None when nobody has it, or when it might be several people's.
    """
    entrants = {
        number: entrant_id for number, entrant_id in db.session.execute(
            select(Entrant.number, Entrant.id).filter_by(contest_id=contest_id)
        )
    }
    for spelling in (lambda number: number, str.upper, plain_number):
        fitting = [one for number, one in entrants.items() if spelling(number) == spelling(typed)]
        if len(fitting) == 1:
            return get_entrant(contest_id, fitting[0])
        if fitting:
            return None
    return None


def get_entrant_by_token(token):
    """The entrant whose admission card carries this word; else Missing."""
    entrant = db.session.scalar(select(Entrant).filter_by(check_in_token=token).options(*_loaded()))
    if entrant is None:
        raise Missing("This is not one of our admission cards.")
    return entrant


def search_entrants(contest_id, search):
    """One page of the entrants who match every word of the search."""
    states = {e: state for (e, key), state in entrant_states(contest_id).items() if not key}
    words = search.text.casefold().split()
    rows = [
        entrant
        for entrant in list_entrants(contest_id, search.organisation_id)
        if (not search.team_id or entrant.team_id == search.team_id)
        and (not search.group or entrant.group == search.group)
        and _is_in(entrant, states.get(entrant.id, "normal"), search.state)
        and all(word in _words_of(entrant) for word in words)
    ]
    rows.sort(key=_sorting(search.sort))
    pages = max(1, -(-len(rows) // PAGE_LENGTH))
    page = min(max(search.page, 1), pages)
    shown = rows[(page - 1) * PAGE_LENGTH : page * PAGE_LENGTH]
    return EntrantPage(shown, states, len(rows), page, pages)


def _is_in(entrant, state, wanted):
    if wanted == "arrived":
        return entrant.checked_in_at is not None
    if wanted == "expected":
        return entrant.checked_in_at is None and state == "normal"
    return not wanted or state == wanted


def _words_of(entrant):
    team = entrant.team.name if entrant.team else ""
    human, home = entrant.human, entrant.organisation.name
    return f"{entrant.number} {human.name} {human.name_key} {home} {team}".casefold()


def _sorting(sort):
    def by_number(entrant):
        return len(entrant.number), entrant.number

    return {
        "name": lambda e: (e.human.name_key, e.human.name, by_number(e)),
        "organisation": lambda e: (e.organisation.name, by_number(e)),
        "team": lambda e: (e.team.name if e.team else "\uffff", by_number(e)),
    }.get(sort, by_number)


def is_removable(contest_state, entrant):
    """True before the scoring, while nobody holds a code, a score or a sheet of this entrant.

    What was noted of a state is kept for ever, and so is the entrant it tells of.
    """
    return contest_state in REMOVABLE_IN and not any(
        entrant.id in held_about(entrant.contest_id) for held_about in HELD_ABOUT
    ) and db.session.scalar(select(StateEvent.id).filter_by(entrant_id=entrant.id).limit(1)) is None


def numbers_held(contest_id):
    """Ids of those whose entry number stands in a map of codes that is still to be opened."""
    return set().union(*(held(contest_id) for held in NUMBERS_HELD))


def hidden_keys(contest_id):
    """The keys of the modules whose marks name nobody yet: here nothing is said of them."""
    return set().union(*(hidden(contest_id) for hidden in HIDDEN_MODULES))


def state_history(entrant_id, hidden=frozenset()):
    """Every change of an entrant's state but in hidden modules, the latest first."""
    found = select(StateEvent).filter_by(entrant_id=entrant_id).order_by(StateEvent.id.desc())
    return [event for event in db.session.scalars(found) if event.module_key not in hidden]


def find_organisation(name, organisations=None):
    """The organisation of this name, whatever its blanks and widths of brackets; or None."""
    wanted = same_words(name)
    those = db.session.scalars(select(Organisation)) if organisations is None else organisations
    return next((one for one in those if same_words(one.name) == wanted), None)


def get_organisation(organisation_id):
    """The organisation, or Missing."""
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        raise Missing("There is no such organisation.")
    return organisation


def hold_organisation(organisation_id):
    """The organisation, kept from a second act of the same moment; Missing."""
    get_organisation(organisation_id)
    return db.session.get(Organisation, organisation_id, with_for_update=True, populate_existing=True)


def list_organisations(contest_id):
    """The organisations that send entrants, teams or judges to this contest, by name."""
    ids = (
        select(Entrant.organisation_id)
        .filter_by(contest_id=contest_id)
        .union(
            select(Team.organisation_id).filter_by(contest_id=contest_id),
            select(Judge.organisation_id).filter_by(contest_id=contest_id),
        )
    )
    return by_title(db.session.scalars(select(Organisation).where(Organisation.id.in_(ids))))


def list_all_organisations():
    """Every organisation of the installation, by name."""
    return by_title(db.session.scalars(select(Organisation)))


def list_teams(contest_id, organisation_id=None):
    """The contest's teams with their organisations, by name."""
    statement = (
        select(Team)
        .filter_by(contest_id=contest_id)
        .options(joinedload(Team.organisation))
        .order_by(Team.id)
    )
    if organisation_id is not None:
        statement = statement.filter_by(organisation_id=organisation_id)
    return by_title(db.session.scalars(statement))


def team_sizes(contest_id):
    """{team's id: how many entrants}."""
    statement = (
        select(Entrant.team_id, func.count())
        .where(Entrant.contest_id == contest_id, Entrant.team_id.is_not(None))
        .group_by(Entrant.team_id)
    )
    return dict(db.session.execute(statement).all())


def organisation_sizes(contest_id):
    """{organisation's id: how many entrants}."""
    statement = (
        select(Entrant.organisation_id, func.count())
        .where(Entrant.contest_id == contest_id)
        .group_by(Entrant.organisation_id)
    )
    return dict(db.session.execute(statement).all())


def list_groups(contest_id):
    """The groups in which people compete, by name."""
    statement = select(Entrant.group).filter_by(contest_id=contest_id).distinct()
    return titles_in_order(group for group in db.session.scalars(statement) if group)


def arrivals(contest_id, shown=8):
    """How many have arrived of those who compete, and the latest few."""
    states = entrant_states(contest_id)
    entrants = list_entrants(contest_id)
    competing = [e for e in entrants if states.get((e.id, ""), "normal") == "normal"]
    here = sorted((e for e in entrants if e.checked_in_at), key=lambda e: e.checked_in_at)
    return Arrivals(
        sum(e.checked_in_at is not None for e in competing), len(competing), here[::-1][:shown]
    )


def registered(contest_id, organisation_id=None):
    """Everybody on the roster in the form that a list is compared with."""
    return [
        Registered(e.id, e.human.name, e.organisation.name, values_of(e))
        for e in list_entrants(contest_id, organisation_id)
    ]


def values_of(entrant):
    """An entrant's details as texts, "" for none, under the names of the list's columns."""
    human = entrant.human
    return {
        "team": entrant.team.name if entrant.team else "",
        "gender": human.gender,
        "born_on": human.born_on.isoformat() if human.born_on else "",
        "group": entrant.group,
        "trade": entrant.trade,
        "skill_level": entrant.skill_level,
        "employment": entrant.employment,
        "room": entrant.room,
        "titles": as_text(entrant.titles),
        "number": entrant.number,
    }


def list_judges(contest_id):
    """The contest's judges with their organisations, by name."""
    statement = (
        select(Judge)
        .filter_by(contest_id=contest_id)
        .options(joinedload(Judge.organisation))
        .order_by(Judge.id)
    )
    return by_name(db.session.scalars(statement))


def judges_with_logins(contest_id):
    """Pairs (judge, login) of this contest, by name."""
    statement = (
        select(Judge, User.login)
        .join(User, User.id == Judge.user_id)
        .where(Judge.contest_id == contest_id)
        .options(joinedload(Judge.organisation))
    )
    logins = {judge: login for judge, login in db.session.execute(statement)}
    return [(judge, logins[judge]) for judge in by_name(logins)]


def get_judge(contest_id, judge_id):
    """The judge, if of this contest; else Missing."""
    judge = db.session.scalar(select(Judge).filter_by(id=judge_id, contest_id=contest_id))
    if judge is None:
        raise Missing("There is no such judge in this contest.")
    return judge


def find_judge(contest_id, user_id):
    """The judge who enters with this account, or None."""
    return db.session.scalar(select(Judge).filter_by(contest_id=contest_id, user_id=user_id))


def seats(contest_id):
    """{module key: its seats in order, reserves last}, each with judge and organisation loaded."""
    statement = (
        select(PanelSeat)
        .where(PanelSeat.contest_id == contest_id, PanelSeat.seat < PRACTICE)
        .options(joinedload(PanelSeat.judge).joinedload(Judge.organisation))
        .order_by(PanelSeat.module_key, PanelSeat.seat)
    )
    found = {}
    for seat in db.session.scalars(statement):
        found.setdefault(seat.module_key, []).append(seat)
    return found


def trainees(contest_id):
    """{module key: PanelSeats of its trainees}, whose sheets are for practice only."""
    found = {}
    for seat in db.session.scalars(
        select(PanelSeat)
        .where(PanelSeat.contest_id == contest_id, PanelSeat.seat >= PRACTICE)
        .options(joinedload(PanelSeat.judge)).order_by(PanelSeat.module_key, PanelSeat.seat)
    ):
        found.setdefault(seat.module_key, []).append(seat)
    return found
