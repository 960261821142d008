"""What is done with one entrant: registering, mending, a change of state, arriving."""

import unicodedata

from contest import clock, signals
from contest.accounts.queries import find_roles
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.names import name_key
from contest.people import cells, queries, rules
from contest.people.forms import ALL_WRONG
from contest.people.models import StateEvent
from contest.people.roster_rules import Registered, as_text, compare, next_numbers
from contest.people.roster_writer import RosterWriter
from contest.setup.models import Contest
from contest.setup.queries import get_contest, plan_in_force

FIELDS_OF = {"Name": "name", "Entry number": "number", "Team": "team"}


def add_entrant(actor, contest_id, values, organisation_id=None):
    """Register one person (values as in a roster's row); returns the entrant's id.

    With `organisation_id` the person joins that unit, and only while registration is open.
    """
    values = {**dict.fromkeys(("organisation", "team", "number")), **values}
    contest = _check_open(contest_id, organisation_id)
    if organisation_id is not None:
        values["organisation"] = queries.get_organisation(organisation_id).name
        values["number"] = None
    _check_born(values)
    _check_against(contest_id, values, queries.registered(contest_id))
    with work(
        actor,
        "entrant.add",
        contest_id=contest_id,
        subject=values["name"],
        tell=signals.marks_changed,
        new=values,
    ):
        writer = RosterWriter(contest_id)
        taken = [entrant.number for entrant in writer.entrants.values()]
        entrant = writer.add(values, values["number"] or next_numbers(taken, 1)[0])
        contest.marks_version = Contest.marks_version + 1
        db.session.flush()
    return entrant.id


def edit_entrant(actor, contest_id, entrant_id, values, organisation_id=None):
    """Mend what is known of one entrant; an empty value takes the old one out.

    A unit (`organisation_id`) mends only its own people, and never the entry number or the room.
    """
    contest = _check_open(contest_id, organisation_id)
    entrant = get_own_entrant(contest_id, entrant_id, organisation_id)
    if organisation_id is not None:
        values = {
            **values, "organisation": entrant.organisation.name, "number": entrant.number,
            "room": entrant.room,
        }
    if not values["number"]:
        raise _at("number", Invalid("Please fill this in."))
    _check_born(values)
    others = [one for one in queries.registered(contest_id) if one.entrant_id != entrant.id]
    _check_against(contest_id, values, others, entrant)
    rules.check_numbers_stay(
        values["number"] != entrant.number and entrant.id in queries.numbers_held(contest_id)
    )
    old = {
        "name": entrant.human.name,
        "organisation": entrant.organisation.name,
        **queries.values_of(entrant),
    }
    new = {key: as_text(values.get(key)) for key in old}
    with work(
        actor,
        "entrant.edit",
        contest_id=contest_id,
        subject=entrant.number,
        tell=signals.marks_changed,
        old={key: old[key] for key in old if old[key] != new[key]},
        new={key: new[key] for key in old if old[key] != new[key]},
    ) as facts:
        _apply(entrant, new)
        if old["organisation"] != new["organisation"]:
            signals.organisations_changed.send("entrant", contest_id=contest_id, facts=facts)
        contest.marks_version = Contest.marks_version + 1


def _apply(entrant, new):
    writer = RosterWriter(entrant.contest_id)
    human = entrant.human
    if human.name != new["name"]:
        human.name, human.name_key = new["name"], name_key(new["name"])
    organisation = writer.organisation(new["organisation"])
    if organisation is not entrant.organisation:
        entrant.organisation = organisation
        human.organisation_id = organisation.id
    writer.change(entrant, new)


def get_own_entrant(contest_id, entrant_id, organisation_id):
    """The entrant; Missing when a unit asks for somebody else's."""
    entrant = queries.get_entrant(contest_id, entrant_id)
    if organisation_id is not None and entrant.organisation_id != organisation_id:
        raise queries.no_entrant()
    return entrant


def _check_open(contest_id, organisation_id):
    contest = get_contest(contest_id)
    if organisation_id is not None:
        rules.check_registration_open(contest.state)
    rules.check_roster_open(contest.state)
    return contest


def _check_born(values):
    if (values.get("born_on") or "") > clock.today().isoformat():
        raise _at("born_on", Invalid("This day lies in the future."))


def _at(name, sentence):
    return Invalid(ALL_WRONG.message, fields={name: sentence})


def _check_against(contest_id, values, others, entrant=None):
    """The same questions as for a list, about one row."""
    teams = {t.name: t.organisation.name for t in queries.list_teams(contest_id)}
    if entrant is not None and entrant.team and _is_alone(entrant):
        teams.pop(entrant.team.name)
    lines, problems = compare([{"row": 1, "values": values}], others, teams)
    if lines[0].entrant_id is not None and _is_same(values, others, lines[0].entrant_id):
        raise _at("name", Invalid("This person is registered already."))
    for problem in problems:
        if problem.kind == "bad":
            sentence = Invalid(problem.message, **problem.params)
            raise _at(FIELDS_OF.get(problem.column, "name"), sentence)
    holders = {one.values["number"] for one in others}
    if values.get("number") and values["number"] in holders:
        raise _at("number", Invalid("Somebody else has this entry number already."))


def _is_alone(entrant):
    return queries.team_sizes(entrant.contest_id).get(entrant.team_id) == 1


def _is_same(values, others, entrant_id):
    other: Registered = next(one for one in others if one.entrant_id == entrant_id)
    return other.values["born_on"] == (values.get("born_on") or "")


def remove_entrant(actor, contest_id, entrant_id, name, organisation_id=None):
    """Take somebody who was registered by mistake off the roster; `name` is typed to confirm it.

    A unit (`organisation_id`) removes only its own people. Conflict once the scoring began or a code, a
    score, a sheet or a change of state is held; Invalid when another name was typed. A team left empty goes.
    """
    contest = _check_open(contest_id, organisation_id)
    entrant = get_own_entrant(contest_id, entrant_id, organisation_id)
    if not queries.is_removable(contest.state, entrant):
        raise Conflict(
            "Only before the scoring, and without a code, a score, a sheet or a state that was noted, can "
            "a contestant be removed. Note a withdrawal instead."
        )
    human = entrant.human
    if cells.clean_text(name)[0] != human.name:
        raise _at("confirmed_name", Invalid("Type the name %(name)s here.", name=human.name))
    team = entrant.team if entrant.team and _is_alone(entrant) else None
    old = {"name": human.name, "organisation": entrant.organisation.name}
    with work(
        actor,
        "entrant.remove",
        contest_id=contest_id,
        subject=entrant.number,
        tell=signals.marks_changed,
        old={**old, **queries.values_of(entrant)},
    ):
        db.session.delete(entrant)
        db.session.flush()
        if team is not None:
            db.session.delete(team)
        contest.marks_version = Contest.marks_version + 1


def set_state(actor, contest_id, entrant_id, *, state, reason, module_key="", is_sure=True):
    """Change an entrant's state, in the whole contest or (normal, absent) in one module.

    Who is not sure is told by Invalid (field "sure") how many sheets would no longer count.
    """
    contest = get_contest(contest_id)
    rules.check_states_open(contest.state)
    entrant = queries.get_entrant(contest_id, entrant_id)
    if module_key and module_key not in {m.key for m in plan_in_force(contest_id).plan.modules}:
        raise _at("module_key", Invalid("Choose one of the contest's modules."))
    roles = {"organiser"} if actor.user_id is None else find_roles(actor.user_id, contest_id)
    rules.check_state_seen(module_key, queries.hidden_keys(contest_id), roles)
    old = queries.entrant_states(contest_id).get((entrant.id, module_key), "normal")
    rules.check_state_change(old, state, reason, module_key)
    if not is_sure:
        submitted = sum(count(contest_id, entrant.id, module_key) for count in queries.HANDED_IN)
        rules.check_no_marks_lost(old, state, submitted)
    with work(
        actor,
        "entrant.state",
        contest_id=contest_id,
        subject=entrant.number,
        tell=signals.marks_changed,
        old=old,
        new=state,
        module=module_key,
        reason=reason,
    ):
        db.session.add(
            StateEvent(
                contest_id=contest_id,
                entrant_id=entrant.id,
                module_key=module_key,
                state=state,
                reason=reason.strip(),
                by_id=actor.user_id,
                at=clock.now(),
            )
        )
        contest.marks_version = Contest.marks_version + 1


def find_at_door(contest_id, number):
    """The entrant whose number was typed at the door; Invalid at `number` when nobody has it."""
    text, _ = cells.clean_text(unicodedata.normalize("NFKC", number))
    entrant = queries.find_entrant_as_typed(contest_id, text)
    if entrant is None:
        sentence = Invalid("Nobody has the entry number %(number)s.", number=text[:20] or "–")
        raise Invalid(sentence.message, fields={"number": sentence}, **sentence.params)
    return entrant


def check_in(actor, contest_id, entrant_id):
    """Note that an entrant has arrived; a second time changes nothing. Returns True when new."""
    entrant = queries.get_entrant(contest_id, entrant_id)
    if entrant.checked_in_at is not None:
        return False
    state = queries.entrant_states(contest_id).get((entrant.id, ""), "normal")
    if state not in {"normal", "absent"}:
        raise Conflict(
            "%(name)s does not compete any more; ask the organiser.", name=entrant.human.name
        )
    with work(actor, "entrant.check_in", contest_id=contest_id, subject=entrant.number):
        entrant.checked_in_at = clock.now()
    return True


def undo_check_in(actor, contest_id, entrant_id):
    """Take a mistaken arrival back; nothing happens when there was none."""
    entrant = queries.get_entrant(contest_id, entrant_id)
    if entrant.checked_in_at is None:
        return
    with work(
        actor,
        "entrant.check_in_undo",
        contest_id=contest_id,
        subject=entrant.number,
        old=entrant.checked_in_at.isoformat(),
    ):
        entrant.checked_in_at = None
