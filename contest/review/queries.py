"""What the appeals, the notice and the corrections of a contest have in common: moments and gates."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import func, select

from contest import clock, signals
from contest.accounts.models import User
from contest.board import queries as board
from contest.db import db
from contest.errors import Conflict
from contest.i18n import N_, listed
from contest.results.models import ResultSheet
from contest.results.queries import stage_of
from contest.review import appeal_queries, notice_queries, notice_rules, outcome_queries
from contest.review.appeal_rules import ANNOUNCED_IN
from contest.review.models import StatedMoment
from contest.setup.calendar_queries import calendar
from contest.setup.queries import DESK_NOTES, get_contest, held_states, procedure_of
from contest.setup.rules import Note

# Without letters and digits that look alike: a receipt is read aloud on the telephone.
RECEIPT_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
REGISTER = "review.show_register"
NOTICE = "review.show_notice"
# Later areas say here when they saw the ceremony: fn(contest_id, stage) -> list of OfferedMoment.
CEREMONY_MOMENTS = []


def new_receipt():
    """A random code of 16 letters and digits: 79 bits, nobody guesses it."""
    return "".join(secrets.choice(RECEIPT_LETTERS) for _ in range(16))


def next_number(table, contest_id):
    """The next number of a register; the contest is held by the caller."""
    top = db.session.scalar(
        select(func.max(table.number)).where(table.contest_id == contest_id)
    )
    return (top or 0) + 1


def names_of(user_ids):
    """{user id: name}."""
    wanted = set(user_ids) - {None}
    return dict(db.session.execute(select(User.id, User.name).where(User.id.in_(wanted))).all())


def moments(contest_id, stage, kind="results"):
    """The StatedMoments of a stage, the earliest first."""
    return db.session.scalars(
        select(StatedMoment).filter_by(contest_id=contest_id, stage=stage, kind=kind)
        .order_by(StatedMoment.id)
    ).all()


def find_ceremony(contest_id, stage):
    """The StatedMoment of the ceremony of a stage, or None."""
    return next(iter(moments(contest_id, stage, "ceremony")), None)


@dataclass(frozen=True)
class OfferedMoment:
    """A moment of the ceremony that the program saw itself. key: of correction_rules.MOMENTS."""

    key: str
    at: datetime


def offered_moments(contest_id, stage):
    """The OfferedMoments of a stage's ceremony, the most fitting first, as later areas know them."""
    return [one for tell in CEREMONY_MOMENTS for one in tell(contest_id, stage)]


def problems_before(contest_id, to):
    """Notes about all of this area that keeps a contest from the notice, from being final or archived."""
    contest = get_contest(contest_id)
    if to not in ("notice", "final", "archived"):
        return []
    stage = stage_of(contest_id)
    if to == "archived":  # paper that was there in time is taken, and answered, also of final results
        return [*_appeal_problems(contest, stage), *_outcome_problems(contest.id, stage)]
    found = [
        *_appeal_problems(contest, stage), *_outcome_problems(contest.id, stage),
        *_announcement_problems(contest, stage),
    ]
    if to == "notice" and board.switches(contest_id, clock.now()).cutoff is not None:
        found.append(Note(
            N_("The public board is frozen. Reveal it first: what is on notice is public."), {},
            "board.show_switches", "todo",
        ))
    if to == "notice" and not contest.is_public:
        found.append(Note(
            N_("This contest is hidden from the public: nobody could read the list. Show the contest to the "
               "public first."), {}, "setup.desk", "todo",
        ))
    if to == "final" and "notice" in held_states(contest):
        found += _notice_problems(contest, stage)
    return found


@signals.hiding_asked.connect
def keep_public(_act, contest_id, refusals):
    """What is on notice, or under appeal, stays readable for everybody."""
    contest = get_contest(contest_id)
    if contest.state == "notice":
        refusals.append(Conflict(
            "The list is on public notice: everybody must be able to read it, so the contest stays public "
            "until the results are final."
        ))
    elif contest.state in ANNOUNCED_IN and any(_appeal_problems(contest, stage_of(contest_id))):
        refusals.append(Conflict(
            "The results are under appeal: everybody must be able to read them, so the contest stays public "
            "until the time for appeals is over and every appeal is decided."
        ))


def _appeal_problems(contest, stage):
    now = clock.now()
    appeals = appeal_queries.appeals_of(contest.id, stage)
    if waiting := [str(one.number) for one in appeals if one.decided_at is None]:
        yield Note(
            N_("Appeals that wait for a decision: %(count)s (number %(numbers)s)."),
            {"count": len(waiting), "numbers": listed(waiting)}, REGISTER, "todo",
        )
    for one in appeals:
        until = appeal_queries.second_until(one, procedure_of(contest), appeals)
        if until is not None and now < until:
            yield Note(
                N_("Appeal %(number)s may go to the second instance until %(moment)s."),
                {"number": one.number, "moment": until}, REGISTER, "todo",
            )
    ends = max((m.ends_at for m in moments(contest.id, stage)), default=None)
    if ends is not None and now < ends:
        yield Note(
            N_("Appeals are taken until %(moment)s."), {"moment": ends}, REGISTER, "todo",
        )


def _outcome_problems(contest_id, stage):
    """Who was found to be right sees a figure change, or reads why none does."""
    appeals, objections = outcome_queries.unsettled(contest_id, stage)
    for one in appeals:
        yield Note(
            N_("Appeal %(number)s was upheld, but the published figures of its contestant are what they "
               "were: correct them and publish again, or write down why no figure changes."),
            {"number": one.number}, REGISTER, "todo",
        )
    for one in objections:
        yield Note(
            N_("Objection %(number)s was founded, but the published results are what it objected to: "
               "correct them and publish again, or write down why no figure changes."),
            {"number": one.number}, NOTICE, "todo",
        )


def _announcement_problems(contest, stage):
    """A formal procedure gives everybody a time for appeals, and says when it began."""
    if procedure_of(contest).name == "short":
        return
    sheets = db.session.execute(
        select(ResultSheet.at, ResultSheet.document_hash, ResultSheet.revision)
        .filter_by(contest_id=contest.id, stage=stage).order_by(ResultSheet.id)
    ).all()
    told = max((m.at for m in moments(contest.id, stage) if m.module_key == ""), default=None)
    changed = sheets[:1] + [
        sheet for before, sheet in pairwise(sheets) if sheet.document_hash != before.document_hash
    ]
    if changed and told is not None and sheets[0].at <= told < changed[-1].at:
        yield Note(
            N_("Revision %(number)s has other figures than what was announced: announce the results "
               "again, so that a time for appeals begins for those whom the change concerns."),
            {"number": changed[-1].revision}, REGISTER, "todo",
        )
    elif not sheets or told is None or told < sheets[0].at:
        yield Note(
            N_("The results of the whole stage have not been announced, so no time for appeals has "
               "begun."), {}, REGISTER, "todo",
        )


def _notice_problems(contest, stage):
    found = notice_queries.find_notice(contest.id, stage)
    if found is None or found.phase == "broken_off":
        yield Note(N_("The list has not been put on public notice."), {}, NOTICE, "todo")
    else:
        yield from _span_problems(contest, found)
    if found is not None and found.open_objections:
        yield Note(
            N_("Objections that wait for a decision: %(count)s (number %(numbers)s)."),
            {"count": len(found.open_objections),
             "numbers": listed(str(one.number) for one in found.open_objections)},
            NOTICE, "todo",
        )


def _span_problems(contest, found):
    """The list hung for its working days, where everybody could read it."""
    if found.phase == "running":
        yield Note(
            N_("The public notice lasts until %(moment)s."), {"moment": found.ends_at}, NOTICE,
            "todo",
        )
    if notice_rules.moved_end(calendar(), found, clock.now(), clock.zone()) is not None:
        yield Note(
            N_("By the calendar of working days that holds now, the public notice is too short (%(days)s "
               "working days): prolong it."), {"days": found.notice.days}, NOTICE, "todo",
        )
    if not contest.is_public:
        yield Note(
            N_("This contest is hidden from the public: nobody can read the list that is on notice. Show the "
               "contest to the public."), {}, "setup.desk", "todo",
        )


def desk_notes(contest_id):
    """What waits in this area, for the contest's desk."""
    contest = get_contest(contest_id)
    if contest.state not in (*ANNOUNCED_IN, "final"):
        return []
    stage = stage_of(contest_id)
    found = [*_appeal_problems(contest, stage), *_outcome_problems(contest_id, stage)]
    if contest.state == "notice":
        found += _notice_problems(contest, stage)
        if notice_queries.find_notice(contest_id, stage).phase == "over":
            found.append(Note(
                N_("The public notice is over: the results are ready to be made final."), {},
                "results.show_results", "good",
            ))
    return found


def _answer_step(_act, contest_id, to, problems):
    problems += problems_before(contest_id, to)


signals.step_asked.connect(_answer_step)
DESK_NOTES.append(desk_notes)
