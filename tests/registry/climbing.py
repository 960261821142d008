"""What tests of levels share: two curators, a ladder in force, somebody with an honour that counts."""

from contest.db import db
from contest.registry import ladder_actions, ladder_rules
from contest.registry.level_models import CareerFact
from tests import factories

THREE = ladder_rules.shipped_text("three_step")
EIGHT = ladder_rules.shipped_text("eight_step")


def curators():
    """Two people who keep the register, each with a password of their own."""
    return [factories.make_official(name, "curator") for name in ("顾一", "顾二")]


def take_up(actor, text=THREE, people=2):
    """A ladder in force."""
    return ladder_actions.take_up_ladder(actor, text.replace("people = 2", f"people = {people}"))


def winner(actor, level="city", place=1, **values):
    """Somebody with a listed prize of a contest of a level."""
    honour = factories.make_honour(**values)
    honour.place = place
    db.session.commit()
    if level:
        ladder_actions.set_contest_level(actor, honour.contest_id, level)
    return honour, honour.craftsman.human


def know(actor, human, kind, number="", on="2015-03-01"):
    """Something about a career, entered; returns its id."""
    ladder_actions.add_fact(actor, human.id, kind, number, on, "人社〔2015〕3号")
    return db.session.query(CareerFact.id).order_by(CareerFact.id.desc()).first()[0]
