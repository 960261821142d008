"""A contest with a blind module of two seats and an open one with every kind of mark."""

import json
from dataclasses import dataclass
from uuid import uuid4

from contest import clock
from contest.audit.work import Actor
from contest.db import db
from contest.draw.models import BlindCode, Decoding, Draw, DrawWitness
from contest.judging import actions
from contest.judging.models import Sheet
from contest.judging.rules import Operation
from contest.people.models import Entrant, Judge
from contest.scoring.scheme_reading import plan_from, plan_hash
from contest.setup.models import Contest, PlanVersion
from tests import factories

NAMES = [{"name": text, "name_en": text} for text in ("Below", "Meets", "Exceeds", "Excellent")]
EVERY_KIND = [
    {"key": "A1", "name": "讲解", "name_en": "Talk", "kind": "points", "max": 20, "step": "0.5"},
    {"key": "A2", "name": "动作", "name_en": "Moves", "kind": "deductions", "max": 20,
     "reasons": [{"name": "漏", "name_en": "Step left out", "points": 3, "most": 4},
                 {"name": "错序", "name_en": "Wrong order", "points": 2, "most": 2}]},
    {"key": "A3", "name": "清点", "name_en": "Check", "kind": "checklist",
     "items": [{"name": "帽", "name_en": "Helmet", "points": 5},
               {"name": "带", "name_en": "Belt", "points": 5}]},
    {"key": "A4", "name": "配合", "name_en": "Teamwork", "kind": "judgement", "max": 10,
     "levels": NAMES},
    {"key": "A5", "name": "用时", "name_en": "Time", "kind": "measured", "max": 40, "unit": "秒",
     "unit_en": "s", "places": 0, "lowest": 0, "highest": 1800,
     "table": [{"upto": 300, "points": 40}, {"upto": 400, "points": 25}], "beyond": 0},
]
RISK = {"A1": "8.5", "A2": {"0": 1}}  # 8.5 + (10 − 2) = 16.5
DRILL = {"A1": "18.5", "A2": {"0": 1, "1": 1}, "A3": [True, False], "A4": 2, "A5": "350"}


def two_modules():
    """The small plan with a second, open module that holds every kind of mark, one judge."""
    document = factories.plan_document()
    blind = document["modules"][1]
    blind["weight"] = 60
    document["modules"].append({
        "key": "drill", "part": "practical", "name": "应急演练", "name_en": "Drill", "weight": 40,
        "max": 100, "entry": "sheets", "kind": "practical", "blind": False,
        "panel": {"judges": 1, "level": "sheet", "method": "mean"},
        "criteria": [{"key": "A", "name": "演练", "name_en": "Drill", "aspects": EVERY_KIND}],
    })
    return document


@dataclass
class Panel:
    """The contest, its entrants and judges, all sheets handed out."""

    contest: Contest
    entrants: list[Entrant]
    judges: list[Judge]  # seats 1 and 2 of risk; the first one also marks the drill

    def sheet(self, entrant=0, seat=1, module="risk"):
        """One sheet."""
        return db.session.query(Sheet).filter_by(
            contest_id=self.contest.id, entrant_id=self.entrants[entrant].id, seat=seat,
            module_key=module,
        ).one()


def hold_draw(contest, entrants):
    """Blind codes 701, 702, … in the order given."""
    draw = Draw(contest_id=contest.id, stage="final", seed="123456", at=contest.created_at)
    db.session.add(draw)
    db.session.flush()
    for order, entrant in enumerate(entrants, start=1):
        db.session.add(BlindCode(
            contest_id=contest.id, draw_id=draw.id, stage="final", entrant_id=entrant.id,
            code=str(700 + order), start_order=order,
        ))
    db.session.commit()


def witness(contest):
    """Somebody signs for having watched every draw of a contest."""
    user = factories.make_user("郝见证")
    db.session.add_all(
        DrawWitness(draw_id=draw.id, user_id=user.id, name=user.name, at=clock.now())
        for draw in db.session.query(Draw).filter_by(contest_id=contest.id)
    )
    db.session.commit()


def open_codes(contest, stage="final"):
    """What the step of decoding leaves behind, for tests of what is seen after it."""
    two = [factories.make_user("开码一"), factories.make_user("开码二")]
    db.session.add(Decoding(
        contest_id=contest.id, stage=stage, layer=1, first_id=two[0].id, second_id=two[1].id,
        at=clock.now(),
    ))
    db.session.commit()


def make_panel(entrants=3, hand_out=True, document=None):
    """A contest that is being judged, by the plan of two modules unless said."""
    contest = factories.make_contest(document or two_modules())
    people = [factories.make_entrant(contest, name=f"隐名{n}") for n in range(entrants)]
    judges = [factories.make_judge(contest) for _ in range(2)]
    for seat, judge in enumerate(judges, start=1):
        factories.make_seat(contest, judge, seat)
    factories.make_seat(contest, judges[0], 1, "drill")
    hold_draw(contest, people)
    if hand_out:
        actions.hand_out_sheets(Actor(None, "test"), contest.id)
    return Panel(contest, people, judges)


def actor_of(judge):
    """The judge as an actor."""
    return Actor(judge.user_id, judge.name)


def operation(marks, base_rev=0, kind="draft", **values):
    """An operation as a tablet makes it."""
    values.setdefault("op_id", str(uuid4()))
    return Operation(base_rev=base_rev, kind=kind, marks=marks, **values)


def mark(panel, marks, kind="submit", entrant=0, seat=1, module="risk"):
    """Let the judge of a sheet write on it; returns the outcome."""
    sheet = panel.sheet(entrant, seat, module)
    judge = db.session.get(Judge, sheet.judge_id)
    return actions.take_operation(actor_of(judge), sheet.id, operation(marks, sheet.rev, kind))


def swap_reasons(contest):
    """Another version comes into force: the reasons of the drill's A2 have changed places."""
    change_drill(contest, lambda aspects: aspects[1]["reasons"].reverse())


def change_drill(contest, change):
    """Another version comes into force: `change` is given the drill's aspects as documents."""
    newest = db.session.query(PlanVersion).filter_by(contest_id=contest.id).order_by(
        PlanVersion.number.desc()
    ).first()
    document = json.loads(json.dumps(newest.document, default=str))
    [drill] = [module for module in document["modules"] if module["key"] == "drill"]
    change(drill["criteria"][0]["aspects"])
    db.session.add(PlanVersion(
        contest_id=contest.id, number=newest.number + 1, document=document,
        document_hash=plan_hash(plan_from(document)), proposed_at=clock.now(), in_force_at=clock.now(),
    ))
    db.session.commit()
