"""Believable rows with defaults; a test names only what matters to it."""

import copy
import itertools
import json
import secrets
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from contest import clock
from contest.accounts.models import AuthSession, Grant, User
from contest.accounts.passwords import hash_secret
from contest.accounts.queries import hash_token
from contest.accounts.rules import Person
from contest.audit.chaining import link_work, note_row
from contest.audit.work import Actor
from contest.db import db
from contest.names import name_key
from contest.people.models import Entrant, Human, Judge, Organisation, PanelSeat, Team
from contest.scoring.scheme_reading import canonical, plan_from, plan_hash
from contest.setup.models import Contest, PlanVersion
from contest.setup.procedure_rules import FORMAL

_counter = itertools.count(1)


def _next(prefix):
    return f"{prefix}{next(_counter)}"


def _save(row):
    db.session.add(row)
    db.session.commit()
    return row


def columns_of(row):
    """Every column of a row by its name."""
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def linked(revision):
    """A row of the ledger with its link in the contest's chain, as the program writes both."""
    db.session.add(revision)
    db.session.flush()
    note_row("revision", columns_of(revision))
    link_work(0, {"contest_id": None})
    db.session.commit()
    return revision


def make_user(name=None, **values):
    """Somebody with an account and no password."""
    name = name or _next("Jana ")
    values.setdefault("login", _next("user"))
    return _save(User(name=name, created_at=clock.now(), **values))


def make_grant(user, role, contest=None):
    """A role for `user`, in `contest` or everywhere."""
    contest_id = contest.id if contest else None
    return _save(Grant(user_id=user.id, role=role, contest_id=contest_id))


# The formal procedure of a contest whose staff has no second factor, as most tests sign in.
BY_WORD = replace(FORMAL, second_factor=False, factor_ground="no telephones are let into the hall")
# What everybody who is signed in through browser_of() types again when an act asks for it.
WORD = "four calm words here"


@cache
def _word_hash():
    return hash_secret(WORD)


def make_official(name, *roles, contest=None):
    """Somebody with an account, these roles, and the password typed again a moment ago, as an Actor."""
    user = make_user(name)
    for role in roles:
        make_grant(user, role, contest)
    return proven(user)


def proven(user):
    """A user as the Actor of an act for which the password has just been typed again."""
    return Actor(user.id, user.name, word_at=clock.now())


def person_of(user):
    """The signed-in form of a user."""
    grants = frozenset((grant.role, grant.contest_id) for grant in user.grants)
    return Person(user_id=user.id, name=user.name, session_id=0, grants=grants)


def browser_of(app, user):
    """A browser in which `user` is signed in."""
    token = secrets.token_urlsafe(24)
    now = clock.now()
    if user.password_hash is None:
        user.password_hash = _word_hash()
    _save(
        AuthSession(
            token_hash=hash_token(token), user_id=user.id, device="test", entered_by="test",
            started_at=now, last_seen_at=now, expires_at=now + timedelta(days=1),
        )
    )
    client = app.test_client()
    with client.session_transaction() as session:
        session["entry"] = token
        session["language"] = "en"
    return client


def plan_document(**changes):
    """A small valid plan: theory 30 by file, one practical module 70 with two judges."""
    document = {
        "format": 1,
        "name": "小比武",
        "name_en": "Small contest",
        "rounding": {
            "places": 2, "mode": "half_up", "steps": ["module", "part", "stage"],
            "compare": "rounded",
        },
        "ranking": {"shared": True, "ties": [{"by": "part", "key": "practical"}]},
        "stages": [{"key": "final", "name": "决赛", "name_en": "Final"}],
        "parts": [
            {"key": "theory", "stage": "final", "name": "理论", "name_en": "Theory", "weight": 30},
            {"key": "practical", "stage": "final", "name": "实操", "name_en": "Practical",
             "weight": 70},
        ],
        "modules": [
            {"key": "paper", "part": "theory", "name": "理论考试", "name_en": "Theory paper",
             "weight": 100, "max": 100, "entry": "scores", "kind": "theory"},
            {
                "key": "risk", "part": "practical", "name": "风险辨识", "name_en": "Risk",
                "weight": 100, "max": 20, "entry": "sheets", "kind": "practical", "blind": True,
                "panel": {"judges": 2, "level": "sheet", "method": "mean", "spread": 5},
                "criteria": [
                    {
                        "key": "A", "name": "辨识", "name_en": "Identification",
                        "aspects": [
                            {"key": "A1", "name": "完整", "name_en": "Complete",
                             "kind": "points", "max": 10, "step": Decimal("0.5")},
                            {"key": "A2", "name": "过程", "name_en": "Process",
                             "kind": "deductions", "max": 10,
                             "reasons": [{"name": "漏项", "name_en": "Item missed",
                                          "points": 2, "most": 5}]},
                        ],
                    }
                ],
            },
        ],
        "awards": [
            {"key": "first", "name": "一等奖", "name_en": "First prize", "to": "entrant",
             "rule": "count", "count": 1},
        ],
    }
    document.update(changes)
    return copy.deepcopy(document)


def make_contest(document=None, state="scoring", **values):
    """A contest with its plan in force."""
    number = next(_counter)
    values.setdefault("slug", f"contest-{number}")
    values.setdefault("name", "小比武")
    values.setdefault("name_en", "Small contest")
    document = json.loads(canonical(document or plan_document()))
    contest = _save(
        Contest(
            state=state, stage=document["stages"][-1]["key"], created_at=clock.now(),
            is_public=True, **values,
        )
    )
    _save(
        PlanVersion(
            contest_id=contest.id, number=1, document=document,
            document_hash=plan_hash(plan_from(document)), proposed_at=clock.now(),
            in_force_at=clock.now(),
        )
    )
    return contest


def make_organisation(name=None, **values):
    """A company."""
    return _save(Organisation(name=name or _next("水泥公司"), **values))


def make_team(contest, organisation=None, name=None):
    """A team of one organisation."""
    organisation = organisation or make_organisation()
    return _save(
        Team(contest_id=contest.id, organisation_id=organisation.id, name=name or _next("队"))
    )


def make_person(name, organisation=None, born_on=None):
    """A person outside of any contest; born_on: year-month-day."""
    return _save(Human(
        name=name, name_key=name_key(name), born_on=date.fromisoformat(born_on) if born_on else None,
        organisation_id=organisation.id if organisation else None,
    ))


def make_entrant(contest, name=None, organisation=None, team=None, **values):
    """A contestant."""
    organisation = organisation or (team.organisation if team else make_organisation())
    human = _save(Human(name=name or _next("张"), organisation_id=organisation.id))
    values.setdefault("number", _next("A"))
    return _save(
        Entrant(
            contest_id=contest.id, human_id=human.id, organisation_id=organisation.id,
            team_id=team.id if team else None, check_in_token=secrets.token_urlsafe(9), **values,
        )
    )


def make_judge(contest, name=None, organisation=None, user=None, **values):
    """A judge with an account and the role."""
    name = name or _next("Judge ")
    user = user or make_user(name)
    make_grant(user, "judge", contest)
    return _save(
        Judge(
            contest_id=contest.id, user_id=user.id, name=name,
            organisation_id=organisation.id if organisation else None, **values,
        )
    )


def make_seat(contest, judge, seat, module_key="risk"):
    """A seat on a panel."""
    return _save(
        PanelSeat(contest_id=contest.id, module_key=module_key, seat=seat, judge_id=judge.id)
    )


def make_result_sheet(contest, kind="final", document=None, revision=1):
    """A published result sheet; without a document an empty one."""
    from contest.results.models import ResultSheet
    from contest.setup.models import PlanVersion as Version

    version = db.session.query(Version).filter_by(contest_id=contest.id).first()
    return _save(
        ResultSheet(
            contest_id=contest.id, stage=contest.stage, revision=revision, kind=kind,
            plan_version_id=version.id, marks_version=0, document={
                "contest": {
                    "id": contest.id, "slug": contest.slug, "name": contest.name,
                    "name_en": contest.name_en,
                },
                "stage": contest.stage, "plan_number": version.number,
                "plan_hash": version.document_hash, "rows": [], "teams": [], "registered": 0, "competed": 0,
                **(document or {}),
            },
            document_hash="f" * 64, at=clock.now(),
        )
    )


def make_award(contest, entrant=None, sheet=None, **values):
    """A first prize for one entrant, resting on a final result sheet."""
    from contest.awards.models import Award

    entrant = entrant or make_entrant(contest)
    sheet = sheet or make_result_sheet(contest)
    values = {
        "award_key": "first", "name": "一等奖", "name_en": "First prize", "place": 1,
        "total": "91.25", "why": {}, **values,
    }
    return _save(
        Award(
            contest_id=contest.id, result_sheet_id=sheet.id, entrant_id=entrant.id,
            granted_at=clock.now(), **values,
        )
    )


def make_honour(contest=None, award=None, **values):
    """A listed craftsman with one honour."""
    from contest.registry.models import Craftsman, Honour

    contest = contest or make_contest(state="final")
    award = award or make_award(contest)
    entrant = award.entrant
    craftsman = _save(
        Craftsman(
            token=secrets.token_urlsafe(9), human_id=entrant.human_id, trade=entrant.trade,
            unit=entrant.organisation.name, level="", listed_at=clock.now(),
        )
    )
    values = {
        "name": award.name, "name_en": award.name_en, "granted_on": clock.now().date(),
        "authority": "省总工会", "place": award.place, "is_title": False,
        "evidence": {"total": award.total, "result_revision": 1, "result_hash": "f" * 64}, **values,
    }
    return _save(
        Honour(
            craftsman_id=craftsman.id, contest_id=contest.id, award_id=award.id,
            confirmed_at=clock.now(), **values,
        )
    )


def make_theory(contest, entrant, points, module_key="paper", state="scored"):
    """A theory score in points (a decimal string)."""
    from contest.theory.models import TheoryEntry

    units = None if points is None else int(Decimal(points) * 10_000)
    return _save(
        TheoryEntry(
            contest_id=contest.id, module_key=module_key, entrant_id=entrant.id, units=units,
            state=state, source="clerk", at=clock.now(),
        )
    )


def make_submitted_sheet(contest, entrant, judge, seat, marks, module_key="risk"):
    """A sheet with one submitted revision on the ledger."""
    from contest.judging.models import Sheet, SheetRevision

    version = db.session.query(PlanVersion).filter_by(contest_id=contest.id).first()
    sheet = _save(
        Sheet(
            contest_id=contest.id, module_key=module_key, entrant_id=entrant.id,
            judge_id=judge.id, seat=seat, rev=1, state="submitted", marks=marks,
            changed_at=clock.now(),
        )
    )
    contest.marks_version += 1
    linked(
        SheetRevision(
            contest_id=contest.id, sheet_id=sheet.id, op_id=_next("op-"), fingerprint="f" * 64, rev=1,
            base_rev=0, kind="submit", marks=marks, plan_version_id=version.id,
            by_id=judge.user_id, at=clock.now(),
        )
    )
    return sheet


def make_marked_contest(points, **values):
    """A contest in which entrants have marks: `points` maps a name to (theory, practical A1).

    Two judges give the same A1 (of 10) and no deductions (A2: 10 of 10).
    """
    contest = make_contest(**values)
    judges = [make_judge(contest), make_judge(contest)]
    entrants = {}
    for name, (theory, practical) in points.items():
        entrants[name] = entrant = make_entrant(contest, name=name)
        make_theory(contest, entrant, theory)
        for seat, judge in enumerate(judges, start=1):
            make_submitted_sheet(contest, entrant, judge, seat, {"A1": practical, "A2": {}})
    return contest, entrants
