"""Builds the demonstration through the same actions as the pages use; nothing is put into tables by hand."""

import uuid
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import select

from contest.accounts import account_actions
from contest.accounts import actions as accounts
from contest.accounts.forms import NewAccount, NewPerson
from contest.accounts.passwords import make_words
from contest.accounts.queries import get_user
from contest.accounts.rules import Person
from contest.audit.work import Actor
from contest.db import db
from contest.demo.invent import COMPANIES
from contest.demo.marking import marks_for
from contest.draw import actions as draw
from contest.draw import queries as draws
from contest.judging import actions as judging
from contest.judging.models import Sheet
from contest.judging.rules import Operation, on_seat
from contest.people import judge_actions, panel_actions, roster_actions, unit_actions
from contest.people import queries as people
from contest.people.models import Judge
from contest.setup import actions as setup
from contest.setup import queries as plans
from contest.setup.forms import Details
from contest.theory import actions as theory

FOLDER = Path(__file__).parent
PRESET = "c1_cement"
SLUG = "cement-2026"
STAGE = "final"
BUILDER = Person(
    user_id=None, name="demonstration", session_id=0, grants=frozenset({("organiser", None)})
)
ACTOR = Actor(None, "demonstration")
DETAILS = Details(
    name="水泥行业班组长综合管理技能竞赛（决赛）",
    name_en="Cement shift-leaders' contest, final",
    slug=SLUG, host="省建材行业协会", place="苍岭水泥培训基地",
    starts_on=date(2026, 11, 22), ends_on=date(2026, 11, 24),
)
# Who can be tried out: login, name, role, and whether the role is held in the whole installation.
PEOPLE = (
    ("organiser", "周组委", "organiser", True),
    # What two organisers do together can be tried by entering as one and then as the other.
    ("organiser2", "吴组委", "organiser", True),
    ("chief", "秦裁判长", "chief_judge", False),
    ("coder", "石加密", "coding_judge", False),
    ("supervisor", "郝监督", "supervisor", False),
    ("clerk", "贾统分", "clerk", False),
    ("host", "万主持", "host", False),
    ("curator", "顾馆长", "curator", True),
    ("officer", "段专员", "service_officer", True),
)
# How far each item of the final has come when the demonstration begins, in percent of contestants.
PROGRESS = {"digital": 60, "risk": 52, "sealing": 45, "site": 38, "emergency": 28}


@dataclass(frozen=True)
class JudgeCard:
    """What a judge needs to enter: the card's token and the PIN.

    spared: so many of the judge's first open sheets are left to a visitor, never simulated.
    """

    user_id: int
    login: str
    name: str
    token: str
    pin: str
    spared: int = 0


# What a visitor who borrows the first card finds, however long the demonstration has run.
SPARED = 6


def build(progress):
    """Make the contest in the middle of its final; returns (contest id, passwords, judges' cards).

    `progress(items, label)` wraps a list and shows how far it has been worked through.
    """
    contest_id = setup.create_contest_from_preset(ACTOR, DETAILS, PRESET).id
    setup.take_step(ACTOR, contest_id, "registration")
    passwords = _add_people(contest_id, progress)
    import_roster(contest_id, (FOLDER / "roster.xlsx").read_bytes(), "roster.xlsx")
    import_judges(contest_id)
    passwords.append(_invite_contact(contest_id))
    begin_final(contest_id)
    import_theory(contest_id, (FOLDER / "theory.xlsx").read_bytes(), "theory.xlsx")
    mark(contest_id, PROGRESS, progress, "sheets")
    return contest_id, passwords, _issue_cards(contest_id)


def begin_final(contest_id):
    """Seat the panels, draw the codes, hand out the sheets and let the judging begin."""
    setup.hold_stage(ACTOR, contest_id, STAGE)
    panel_actions.staff(ACTOR, contest_id)
    draw.hold_draw(ACTOR, contest_id, STAGE)
    setup.take_step(ACTOR, contest_id, "scoring")
    judging.hand_out_sheets(ACTOR, contest_id)
    setup.show_to_public(ACTOR, contest_id, True)


def _add_people(contest_id, progress):
    passwords = []
    for login, name, role, everywhere in progress(PEOPLE, "accounts"):
        new = NewPerson(login=login, name=name, roles=(role,))
        user_id, password = account_actions.add_person(
            BUILDER, new, None if everywhere else contest_id
        )
        # One person plays them all: nobody is made to replace the passwords that are printed.
        get_user(user_id).password_is_given = False
        db.session.commit()
        passwords.append((role, login, password))
    return passwords


def import_roster(contest_id, data, file_name):
    """Bring a roster in through the real importer, as a file."""
    pending = roster_actions.upload_roster(ACTOR, contest_id, data, file_name)
    roster_actions.confirm_roster(ACTOR, contest_id, pending)


def import_judges(contest_id):
    """Bring the judges in likewise; those who have accounts keep them."""
    data = (FOLDER / "judges.xlsx").read_bytes()
    pending = judge_actions.upload_judges(ACTOR, contest_id, data, "judges.xlsx")
    judge_actions.confirm_judges(ACTOR, contest_id, pending)


def _invite_contact(contest_id):
    """The first company's contact takes up an invitation, as a contact would."""
    _, token = unit_actions.invite_unit(ACTOR, contest_id, COMPANIES[0])
    account = NewAccount(login="contact", name="史领队", password=make_words())
    accounts.accept_invitation(token, account, "demonstration")
    return "contact", account.login, account.password


def import_theory(contest_id, data, file_name):
    """Bring the theory scores in, as a file."""
    pending = theory.upload_scores(ACTOR, contest_id, "theory_paper", data, file_name)
    theory.confirm_scores(ACTOR, contest_id, "theory_paper", pending)


def mark(contest_id, shares, progress, label):
    """Submit the sheets of those who have been through an item already, in starting order.

    shares: by module key, how many percent of the contestants have been through it.
    """
    plan = plans.plan_in_force(contest_id).plan
    codes = {
        entrant_id: (row.start_order, row.code)
        for entrant_id, row in draws.codes(contest_id, STAGE).items()
    }
    rows = db.session.execute(
        select(Sheet.id, Sheet.module_key, Sheet.entrant_id, Sheet.seat, Sheet.rev,
               Judge.user_id, Judge.name)
        .join(Judge, Sheet.judge_id == Judge.id)
        .where(Sheet.contest_id == contest_id)
    ).all()
    due = sorted(
        (*codes[row.entrant_id], row) for row in rows
        if codes[row.entrant_id][0] * 100 <= shares.get(row.module_key, 0) * len(codes)
    )
    for _, code, row in progress(due, label):
        # Each sheet in a session of its own, as each request has: otherwise every commit would
        # look through all that was ever read.
        db.session.remove()
        module = on_seat(plan.module(row.module_key), row.seat)
        operation = Operation(
            op_id=str(uuid.uuid4()), base_rev=row.rev, kind="submit", device="demo",
            marks=marks_for(module, code, row.user_id, [code for _, code in codes.values()]),
        )
        judging.take_operation(Actor(row.user_id, row.name), row.id, operation)


def _issue_cards(contest_id):
    judges = people.list_judges(contest_id)
    issued = account_actions.issue_cards(
        BUILDER, [judge.user_id for judge in judges], contest_id
    )
    cards = [JudgeCard(user.id, user.login, user.name, token, pin) for user, token, pin in issued]
    waiting = Counter(
        db.session.scalars(
            select(Judge.user_id).join(Sheet, Sheet.judge_id == Judge.id)
            .where(Sheet.contest_id == contest_id, Sheet.state == "empty")
        )
    )
    # Reserves have no sheets: the card that is printed belongs to somebody who has work.
    at = next(n for n, card in enumerate(cards) if waiting[card.user_id] > 2 * SPARED)
    return [replace(cards[at], spared=SPARED), *cards[:at], *cards[at + 1:]]
