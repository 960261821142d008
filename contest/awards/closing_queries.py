"""Whether the prizes of a contest are settled: granted, or expressly left out."""

from sqlalchemy import select

from contest import signals
from contest.accounts.models import User
from contest.awards.models import AwardsLeftOut
from contest.awards.queries import count_awards
from contest.db import db
from contest.i18n import N_
from contest.results.queries import find_latest_sheet, stage_of
from contest.setup.queries import DESK_NOTES, find_plan_in_force, get_contest
from contest.setup.rules import Note


def find_left_out(contest_id):
    """The AwardsLeftOut that holds for the results as they are now, or None."""
    sheet = find_latest_sheet(contest_id, stage_of(contest_id))
    if sheet is None:
        return None
    return db.session.scalar(select(AwardsLeftOut).filter_by(result_sheet_id=sheet.id))


def name_of(left_out):
    """Who stated it; empty when a program did."""
    return db.session.scalar(select(User.name).where(User.id == left_out.by_id)) or ""


def has_prizes(contest_id):
    """True when the plan knows any prize or title."""
    force = find_plan_in_force(contest_id)
    return force is not None and bool(force.plan.awards)


def is_open(contest_id):
    """True while nobody granted the prizes of the plan or stated that none are given."""
    return has_prizes(contest_id) and not count_awards(contest_id) and find_left_out(contest_id) is None


@signals.step_asked.connect
def hold_until_settled(act, contest_id, to, problems):
    """No contest is archived whose prizes were forgotten."""
    if act == "archive" and is_open(contest_id):
        problems.append(Note(
            N_("The prizes of the plan have not been granted: grant them, or state that none are given."),
            {}, "awards.show_awards", "todo",
        ))


def desk_notes(contest_id):
    """What the contest's desk says of the prizes once the results are final."""
    if get_contest(contest_id).state != "final" or not is_open(contest_id):
        return []
    return [Note(N_("The prizes of the plan have not been granted yet."), {}, "awards.show_awards", "todo")]


DESK_NOTES.append(desk_notes)
