"""Taking up ladders, saying at which level a contest counts, and entering what is known of careers."""

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.people.person_queries import get_person
from contest.registry import day_rules, ladder_queries, ladder_rules, level_queries, level_rules
from contest.registry.level_models import CareerFact, ContestLevel, LadderVersion
from contest.setup.queries import get_contest


def take_up_ladder(actor, text):
    """Put a ladder in force: a new one, or another version of one; Invalid names what is wrong with it.

    Steps that people hold must stay: Conflict names the one that is missing.
    """
    ladder = ladder_rules.read_ladder(text)
    held = {key for key in level_queries.count_on_steps(ladder.key) if key}
    level_rules.check_steps_stay(held, ladder)
    before = ladder_queries.latest_versions().get(ladder.key)
    if before is not None and before.is_in_force and before.text.strip() == text.strip():
        raise Conflict("This very ladder is in force already.")
    with work(
        actor, "registry.ladder", subject=ladder.name, ladder=ladder.key,
        version=before.number + 1 if before else 1,
    ):
        _add_version(actor, ladder.key, text, before, True)
    return ladder


def lay_down_ladder(actor, key, reason):
    """Take a ladder out of force; nobody is proposed on it any more, what people hold stays on record."""
    house = ladder_queries.get_ladder(key)
    reason = level_rules.read_reason(reason)
    if level_queries.open_decisions(key):
        raise Conflict("Moves on this ladder wait for a second person; decide on them first.")
    before = ladder_queries.latest_versions()[key]
    with work(actor, "registry.ladder_end", subject=house.ladder.name, ladder=key, reason=reason):
        _add_version(actor, key, before.text, before, False)


def _add_version(actor, key, text, before, is_in_force):
    db.session.add(LadderVersion(
        key=key, number=before.number + 1 if before else 1, text=text, is_in_force=is_in_force,
        by_id=actor.user_id, at=clock.now(),
    ))


def set_contest_level(actor, contest_id, level):
    """Say at which level a contest counts for ladders; Missing while it has no honour on the register."""
    contest = get_contest(contest_id)
    ladder_queries.check_on_register(contest_id)
    if level not in ladder_rules.CONTEST_LEVELS:
        raise Invalid("Choose the level of the contest.")
    row = db.session.get(ContestLevel, contest_id)
    with work(
        actor, "registry.contest_level", contest_id=contest_id, subject=contest.name,
        old=row.level if row else "", new=level,
    ):
        if row is None:
            row = ContestLevel(contest_id=contest_id, at=clock.now(), level=level)
            db.session.add(row)
        row.level, row.by_id, row.at = level, actor.user_id, clock.now()


def add_fact(actor, human_id, kind, number, on, source):
    """Enter a grade, a first day in the trade or hours of training, and where that is known from."""
    human = get_person(human_id)
    number = level_rules.read_fact(kind, number)
    on = day_rules.read_past_day(on, clock.now())
    source = (source or "").strip()
    if not 1 <= len(source) <= 120:
        raise Invalid("Say where this is known from, in at most %(most)s characters.", most=120)
    with work(
        actor, "registry.fact", subject=human.name, kind=kind, number=number, on=on.isoformat(), source=source
    ):
        db.session.add(CareerFact(
            human_id=human.id, kind=kind, number=number, on=on, source=source, by_id=actor.user_id,
            at=clock.now(),
        ))


def strike_fact(actor, fact_id, reason):
    """Strike out what was entered wrongly; it stays on the page, struck, and counts for nothing."""
    fact = ladder_queries.get_fact(fact_id)
    reason = level_rules.read_reason(reason)
    if fact.struck_at is not None:
        raise Conflict("This entry has been struck out already.")
    human = get_person(fact.human_id)
    with work(
        actor, "registry.fact_strike", subject=human.name, kind=fact.kind, number=fact.number, reason=reason
    ):
        fact.struck_at, fact.struck_reason = clock.now(), reason
    return human
