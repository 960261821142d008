"""The gates before a publication that are the results' own; other areas add theirs to step_asked.

In the order of reliability.md 5.5: sheets and scores in, ties decided (results.rules.problems);
the rules those that were approved; everybody registered is in the list, and it adds up, as the list of
the prizes does. Of others: review and
signatures (checks), paper (paper), the second scorer (results.actions, when it is done), and whatever
else listens to signals.step_asked.
"""

from contest import signals
from contest.audit.chain_queries import list_misfits
from contest.db import db
from contest.i18n import N_, both_names, joined
from contest.judging.blind_queries import hides_names
from contest.results import award_queries, queries, rules
from contest.results.roll import roster
from contest.scoring.scheme_reading import plan_hash
from contest.setup.models import PlanVersion
from contest.setup.proposal_queries import find_open
from contest.setup.queries import find_plan_in_force, get_contest, procedure_of
from contest.setup.rules import Note

PUBLISHING = ("publish", "finalise", "give_notice")


@signals.step_asked.connect
def hold_while_in_doubt(act, contest_id, to, problems):
    """Nothing is closed for good while it waits for a second person whether the results hold."""
    if act == "archive" and queries.find_reopening(contest_id):
        problems.append(Note(
            N_("It was proposed to open the final results again: a second organiser decides."), {},
            "results.show_results", "todo",
        ))


@signals.step_asked.connect
def hold_until_whole(act, contest_id, to, problems):
    """What keeps the results of the stage from being published."""
    force = find_plan_in_force(contest_id)
    # Where the codes are decoded from the scoring, that closes it too.
    is_closing = act == "collect" or (
        act == "decode" and get_contest(contest_id).state == "scoring"
    )
    if force is None or not (act in PUBLISHING or is_closing):
        return
    official = queries.standings(contest_id)
    found = queries.told_problems(official)
    if is_closing:
        problems += [_note(*one) for one in found if one[0] not in rules.NOT_ABOUT_SHEETS]
        return
    problems += [_note(*one) for one in found]
    problems += rule_notes(contest_id, force)
    if procedure_of(get_contest(contest_id)).four_eyes or act != "give_notice":
        problems += anchor_notes(contest_id)
    problems += sum_notes(contest_id, official)
    problems += award_notes(contest_id, official)


def _note(sentence, params):
    return Note(sentence, rules.named_params(params), rules.page_of((sentence, params)), "todo")


def rule_notes(contest_id, force):
    """The plan that counts is the approved one, unchanged, and no sheet is about to be opened."""
    notes = []
    version = db.session.get(PlanVersion, force.version_id)
    if plan_hash(force.plan) != version.document_hash:
        notes.append(Note(
            N_("Version %(number)s of the plan is not what was approved: its fingerprint differs."),
            {"number": force.number}, "setup.show_plan", "warn",
        ))
    if find_open(contest_id, "reopen_sheet") is not None:
        notes.append(Note(
            N_("It was proposed to open a sheet again: a second person decides first."), {},
            "setup.list_proposals", "warn",
        ))
    if find_open(contest_id, "excuse_sheet") is not None:
        notes.append(Note(
            N_("It was proposed to strike a sheet out: a second person decides first."), {},
            "setup.list_proposals", "warn",
        ))
    if find_open(contest_id, "carry_in") is not None:
        notes.append(Note(
            N_("The file of a tablet was brought: a second person decides first whether it is read in."), {},
            "setup.list_proposals", "warn",
        ))
    return notes


def anchor_notes(contest_id):
    """The chain still holds every head that was seen: on a paper, a tablet, in an export.

    A restored copy may lawfully lack some: two people settle those; or three people who publish with
    exceptions vouch for them, or where no four eyes are asked for the one who publishes.
    """
    misfits = list_misfits(contest_id)
    if not misfits:
        return []
    return [Note(
        N_("Heads that tablets or papers show and that are not on the chain: %(count)s (%(heads)s)."),
        {"count": len(misfits), "heads": joined([f"{one.seq}·{one.hash[:8]}" for one in misfits])},
        "audit.show_chain", "warn" if procedure_of(get_contest(contest_id)).four_eyes else "confirm",
    )]


def sum_notes(contest_id, official):
    """Whoever is registered stands in the list once: in the first stage, all of them."""
    contest = get_contest(contest_id)
    if contest.stage != official.plan.stages[0].key and len(official.plan.stages) > 1:
        return []
    registered = {line.id: line.number for line in roster(contest_id)}
    listed = {row.entrant_id: row.number for row in official.rows}
    if registered.keys() == listed.keys() and len(official.rows) == len(registered):
        return []
    differing = {**registered, **listed}
    numbers = [differing[one] for one in registered.keys() ^ listed.keys()]
    return [Note(
        N_("Registered are %(registered)s contestants, in the list stand %(listed)s: %(numbers)s."),
        {"registered": len(registered), "listed": len(official.rows), "numbers": joined(sorted(numbers))},
        "results.show_results", "warn",
    )]


def award_notes(contest_id, official):
    """The award list reconciles: as many contestants have a place, and as many prizes are given, as must.

    Told when every mark is in: before that neither can be known.
    """
    if official.missing or official.stuck or official.refused or hides_names(contest_id, official.stage):
        return []
    notes, entrants = [], award_queries.entrant_sum(official)
    if entrants.wrong:
        notes.append(Note(
            N_("Registered %(registered)s, of them withdrawn %(withdrawn)s, disqualified %(disqualified)s, "
               "absent %(absent)s, not finished %(not_finished)s, below a pass mark %(failed)s: %(due)s must "
               "have a place, and %(placed)s have one (%(numbers)s)."),
            {"registered": entrants.registered, **entrants.without, "due": entrants.due,
             "placed": entrants.placed, "numbers": joined(entrants.wrong)},
            "results.show_results", "warn",
        ))
    for one, names in award_queries.prize_sums(award_queries.given(contest_id, is_read=True)):
        if not one.fits:
            notes.append(Note(
                N_("%(award)s goes to %(count)s: by the places %(due)s must have it, and %(given)s have it "
                   "(%(names)s)."),
                {"award": both_names(one.award), "count": one.count, "due": one.due, "given": one.given,
                 "names": joined(names)},
                "results.show_results", "warn",
            ))
    return notes


def prize_sums(page):
    """What the results page says of each prize's number; nothing before the last stage or under codes."""
    if not page.is_held or page.hidden:
        return []
    return [one for one, _ in award_queries.prize_sums(award_queries.given(page.contest.id))]
