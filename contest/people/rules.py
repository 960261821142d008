"""Who is who at a contest, what may become of an entrant, and who may judge whom."""

import re
from collections import deque
from dataclasses import dataclass
from functools import lru_cache

from contest.errors import Conflict, Invalid
from contest.i18n import N_, listed

GENDERS = {"female": N_("Female"), "male": N_("Male")}

# The eight levels of skilled work in China (新八级工, 2022), from the lowest.
SKILL_LEVELS = {
    "apprentice": N_("Apprentice"),
    "junior": N_("Junior worker (level 5)"),
    "intermediate": N_("Intermediate worker (level 4)"),
    "senior": N_("Senior worker (level 3)"),
    "technician": N_("Technician (level 2)"),
    "senior_technician": N_("Senior technician (level 1)"),
    "special_technician": N_("Special-grade technician"),
    "chief_technician": N_("Chief technician"),
}

# Titles and promotions depend on it (domain.md 1.9): workers, teachers and students rank apart.
EMPLOYMENTS = {
    "employee": N_("Employee"),
    "agency": N_("Agency worker"),
    "flexible": N_("Gig worker"),
    "teacher": N_("Teacher"),
    "student": N_("Student"),
    "other": N_("Other employment"),
}

ENTRANT_STATES = {
    "normal": N_("Competing"),
    "absent": N_("Absent"),
    "withdrawn": N_("Withdrawn"),
    "disqualified": N_("Disqualified"),
    "not_finished": N_("Not finished"),
}
MODULE_STATES = ("normal", "absent")
# Published results do not move, and neither does who stands in them.
# Sheets are closed and being checked: nothing may move under that.
CHECKED_IN = ("collected", "review", "decoded")
ROSTER_CLOSED_IN = ("provisional", "notice", "final", "archived")


def check_state_change(old, new, reason, module_key=""):
    """A state is one of the five (in a module: normal or absent), is new, and has a reason."""
    if new not in ENTRANT_STATES or (module_key and new not in MODULE_STATES):
        raise Invalid("Choose one of the states.", fields={"state": Invalid("Choose one.")})
    if new == old:
        sentence = Invalid("That is the state already.")
        raise Invalid(sentence.message, fields={"state": sentence})
    if not reason.strip():
        sentence = Invalid("Write down the reason; it goes into the trail.")
        raise Invalid(sentence.message, fields={"reason": sentence})


def check_numbers_stay(is_held):
    """An entry number that codes were drawn from stays until they are decoded; Invalid."""
    if is_held:
        why = Invalid(
            "Codes were drawn from the entry numbers, and the fingerprint of the map was told: a number "
            "can be corrected after decoding."
        )
        raise Invalid(why.message, fields={"number": why})


def check_state_seen(module_key, hidden, roles):
    """While modules are under codes the list says nothing of them, and only the organiser the rest.

    The chief judge sees codes: a state set here by name would be seen there under the code.
    """
    if not hidden:
        return
    if module_key in hidden:
        raise _at_state(N_(
            "In a module that is judged under codes a state is set under the code, by the chief judge."
        ))
    if "organiser" not in roles:
        raise _at_state(N_(
            "While works are judged under codes, a state in the whole contest is set by the organiser, "
            "in the list of contestants."
        ))


def _at_state(words):
    why = Invalid(words)
    return Invalid(words, fields={"state": why})


def plain_number(number):
    """An entry number as people say it: no zeros before a figure, capitals. "a007" is A7, "001" 1."""
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", number.upper())


def check_no_marks_lost(old, new, submitted):
    """Sheets handed in stop counting for whoever is absent or out: Invalid, until one is sure."""
    counts = ("normal", "not_finished")
    if submitted and old in counts and new not in counts:
        why = Invalid(
            "Sheets handed in for this contestant: %(count)s. Their marks will not count.",
            count=submitted,
        )
        raise Invalid(why.message, fields={"sure": why}, **why.params)


def check_registration_open(state):
    """Units register their people only while the contest's state is registration."""
    if state != "registration":
        raise Conflict("Registration is not open now; ask the organiser.")


def check_roster_open(state):
    """The organiser may change the roster until results are published."""
    _check_not_checked(state)
    if state in ROSTER_CLOSED_IN:
        raise Conflict("Results have been published, so the list of entrants is closed.")


def check_judges_open(state):
    """The organiser may change judges and panels until results are published."""
    if state in ROSTER_CLOSED_IN:
        raise Conflict("Results have been published, so judges and panels no longer change.")


def _check_not_checked(state):
    if state in CHECKED_IN:
        raise Conflict(
            "All sheets are in and are being checked. Open the scoring again, with a reason, before "
            "contestants or their states change."
        )


def check_states_open(state):
    """Published results do not move: after publication they are opened again first, with a reason."""
    _check_not_checked(state)
    if state in ROSTER_CLOSED_IN:
        raise Conflict(
            "The results are published. Open them again on the results page, with a reason, "
            "before a state changes."
        )


@lru_cache(20_000)  # a judge's page of a sheet asks it of everybody on the list
def number_order(number):
    """A key that puts entry numbers and codes as a person would: A9 before A10."""
    return tuple(
        int(part) if n % 2 else part for n, part in enumerate(re.split(r"([0-9]+)", number))
    )


def may_judge(judge_organisation_id, entrant_organisation_id):
    """False only when both come from the same organisation."""
    return judge_organisation_id is None or judge_organisation_id != entrant_organisation_id


# Seats from here on are trainees': what they give never counts, nor is waited for.
PRACTICE = 1000


def is_practice(seat):
    """True for a trainee's seat."""
    return seat >= PRACTICE


def seat_beside(seat):
    """The seat of the panel that a trainee sits beside; a judge's own seat stays itself."""
    return seat % PRACTICE


@dataclass(frozen=True)
class Member:
    """A judge or an entrant, as far as the choice of judges needs them.

    avoids: of a judge, keys of whom the judge keeps away from, as avoid_keys() makes them.
    """

    id: int
    organisation_id: int | None
    organisation: str = ""  # for the sentence when it cannot be done
    avoids: frozenset = frozenset()


def avoid_keys(entrant_id, organisation_id):
    """What a recusal may name to keep a judge from this entrant."""
    return {("entrant", entrant_id), ("organisation", organisation_id)}


def check_recusal(organisation_id, entrant_id, relation):
    """One of the two is named, and how they are related; returns the words, trimmed. Invalid."""
    words = " ".join((relation or "").split())
    if (organisation_id is None) == (entrant_id is None):
        why = Invalid("Choose either a unit or a contestant.")
        raise Invalid(why.message, fields={"whom": why})
    if not 1 <= len(words) <= 200:
        why = Invalid("Say how they are related, in at most %(most)s characters.", most=200)
        raise Invalid(why.message, fields={"relation": why}, **why.params)
    return words


def check_declares_in_time(is_own, has_sheets):
    """Judges declare before they have sheets: afterwards a sheet that goes would tell whose it was."""
    if is_own and has_sheets:
        raise Conflict(
            "You have sheets already. Tell the chief judge in person: a sheet that is taken from you "
            "now would show you whose it is."
        )


def check_no_trainee(names):
    """A trainee comes onto a panel only after the training was ended in so many words; Conflict."""
    if names:
        raise Conflict(
            "Trainees do not sit on panels: end the training of %(names)s first.",
            names=listed(names),
        )


def check_no_coder(names):
    """Nobody sits on a panel who keeps codes of the contest; Conflict."""
    if names:
        raise Conflict(
            "Coding judges read names beside codes and do not sit on panels: %(names)s.",
            names=listed(names),
        )


def assign(entrants, judges, size, module=""):
    """Who judges whom: {entrant's id: [judge's id for seat 1, 2, … size]}.

    entrants and judges are Members; the first `size` judges hold the seats, the others are
    reserves. Where a holder shares the entrant's organisation, a reserve of another one takes the
    seat; reserves are used evenly (within one where their organisations permit). The same input
    gives the same answer. Conflict names the organisation for which neutral judges are lacking.
    """
    if len(judges) < size:
        raise Conflict(
            "%(module)s: the panel needs %(size)s judges and has %(count)s.",
            module=module,
            size=size,
            count=len(judges),
        )
    holders, reserves = judges[:size], judges[size:]
    needs, free = {}, {}
    for entrant in entrants:
        seats = [s for s, judge in enumerate(holders) if not suits(judge, entrant)]
        spare = [judge.id for judge in reserves if suits(judge, entrant)]
        if len(seats) > len(spare):
            raise _too_few(module, entrant, len(seats) - len(spare), [holders[s] for s in seats])
        needs[entrant.id], free[entrant.id] = seats, spare
    taken = spread({e: len(seats) for e, seats in needs.items()}, free, [j.id for j in reserves])
    answer = {}
    for entrant in entrants:
        row = [judge.id for judge in holders]
        for seat, judge_id in zip(needs[entrant.id], taken[entrant.id], strict=True):
            row[seat] = judge_id
        answer[entrant.id] = row
    return answer


def _too_few(module, entrant, count, kept_off):
    """The refusal for want of reserves; kept_off: the holders of seats who may not judge this entrant."""
    facts = {"module": module, "organisation": entrant.organisation, "count": count}
    if any(may_judge(one.organisation_id, entrant.organisation_id) for one in kept_off):
        return Conflict(
            "%(module)s: a judge on the panel has a recusal about an entrant of %(organisation)s, "
            "and reserves who may mark that entrant are missing: %(count)s. Add a reserve to this "
            "panel on the page “Panels”, and hand the sheets out again.", **facts,
        )
    return Conflict(
        "%(module)s: entrants of %(organisation)s need %(count)s more judges from other "
        "organisations on the panel. Add a reserve to this panel on the page “Panels”, and hand the "
        "sheets out again.", **facts,
    )


def suits(judge, entrant):
    """May this judge (a Member) judge this entrant (a Member)?"""
    return may_judge(judge.organisation_id, entrant.organisation_id) and not (
        judge.avoids & avoid_keys(entrant.id, entrant.organisation_id)
    )


def spread(needs, free, people, loads=None):
    """Give each task as many different people as it needs, as evenly as can be done.

    needs: {task: how many}; free: {task: the people who may}; `loads` is what each has already.
    Returns {task: [people]} in the order of `people`. No other choice makes the largest loads
    smaller: while somebody has two more than another, and a chain of swaps leads there, it is made.
    """
    order = {person: place for place, person in enumerate(people)}
    loads = dict.fromkeys(people, 0) | (loads or {})
    chosen = {}
    for task, count in needs.items():
        best = sorted(free[task], key=lambda person: (loads[person], order[person]))[:count]
        chosen[task] = set(best)
        for person in best:
            loads[person] += 1
    while _relieve(chosen, free, loads, order):
        pass
    return {task: sorted(those, key=order.get) for task, those in chosen.items()}


def _relieve(chosen, free, loads, order):
    """Shift one task, over as many swaps as needed, from a busy person to one with two less."""
    for busy in sorted(order, key=lambda person: (-loads[person], order[person])):
        came_from, queue = {busy: None}, deque([busy])
        while queue:
            person = queue.popleft()
            if loads[person] <= loads[busy] - 2:
                _shift(chosen, came_from, person)
                loads[busy] -= 1
                loads[person] += 1
                return True
            for task, those in chosen.items():
                if person in those:
                    for other in free[task]:
                        if other not in those and other not in came_from:
                            came_from[other] = (person, task)
                            queue.append(other)
    return False


def _shift(chosen, came_from, person):
    while came_from[person] is not None:
        earlier, task = came_from[person]
        chosen[task].remove(earlier)
        chosen[task].add(person)
        person = earlier
