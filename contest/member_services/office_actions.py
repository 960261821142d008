"""What the office sets: entries of the catalogue, figures of a region, duties, units' budgets."""

from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from contest import clock
from contest.accounts.models import User
from contest.accounts.queries import find_roles
from contest.audit.work import work
from contest.db import check_texts, db
from contest.errors import Conflict, Invalid, Missing, NotAllowed
from contest.member_services import (
    amount_rules,
    catalogue_queries,
    catalogue_rules,
    change_rules,
    duty_queries,
    duty_rules,
)
from contest.member_services.models import ServiceDuty, ServiceSetting, ServiceVersion, UnitBudget
from contest.member_services.money_rules import read_yuan, yuan
from contest.numbers import read_whole
from contest.people.models import Organisation
from contest.registry.rules import read_day

MEMBERS_SHARE = 70  # percent of a unit's budget that goes to its members at least


def enter_version(actor, text):
    """A new version of an entry, as TOML; open cases keep the version they began with.

    NotAllowed when the service desk changes more than texts and days: that is an organiser's.
    """
    document = catalogue_rules.read_toml(text)
    check_texts(document)  # also names of keys, before a sentence repeats one
    service = catalogue_rules.read_service(document)
    catalogue_rules.check_deciding(service)
    catalogue_rules.check_answered(service)
    catalogue_rules.check_conditions(service)
    fingerprint = catalogue_rules.fingerprint(document)
    number = catalogue_queries.next_number(service.key)  # first: of two at once one finds it taken
    _check_changes(actor, service)
    latest = catalogue_queries.latest_versions().get(service.key)
    if latest is not None and latest.document_hash == fingerprint:
        raise Conflict("This is the version that holds already.")
    try:
        with work(actor, "service.version", subject=service.key, number=number, hash=fingerprint):
            db.session.add(ServiceVersion(
                key=service.key, number=number, source="page", document=document, document_hash=fingerprint,
                by_id=actor.user_id, at=clock.now(),
            ))
    except IntegrityError:
        raise Conflict("Somebody else entered a version meanwhile. Look at it again.") from None
    return service


def _check_changes(actor, service):
    """Money and conditions are not set by whoever decides by them; NotAllowed."""
    if _is_organiser(actor):
        return
    now = catalogue_queries.find_any(service.key)
    if now is None:
        raise NotAllowed("Only an organiser adds an entry; the service desk changes texts and days.")
    if now.kept_by:
        check_names(actor, now.kept_by)
    if place := change_rules.first_condition(now, service):
        raise NotAllowed(
            "Only an organiser changes what an entry gives, to whom, how often and by which steps "
            "(here “%(place)s”); the service desk changes texts and days.", place=place,
        )


def _check_above(actor):
    """Sums by which officers decide come from above them; NotAllowed."""
    if not duty_queries.stands_above(actor.user_id):
        raise NotAllowed(
            "Figures of a region and budgets are entered by an organiser or by the head of the service desk."
        )


def enter_setting(actor, name, region, amount, since, source):
    """A figure that holds in a region from a day on, in yuan a month; whose hardship is told by it."""
    _check_above(actor)
    wrong, fen, day = {}, 0, None
    region = (region or "").strip()
    if not 1 <= len(region) <= 40:
        wrong["region"] = Invalid("This is needed.")
    try:
        fen = read_yuan(amount)
    except Invalid as refused:
        wrong["amount"] = refused
    try:
        day = read_day(since)
    except Invalid as refused:
        wrong["since"] = refused
    if wrong:
        raise Invalid("Some fields are missing or wrong; nothing was stored.", fields=wrong)
    begins = datetime.combine(day, time.min, clock.zone())
    with work(actor, "service.setting", subject=name, about=region, new=amount, source=source.strip()):
        db.session.add(ServiceSetting(
            name=name, region=region, value=fen, since=begins, source=source.strip()[:120],
            by_id=actor.user_id, at=clock.now(),
        ))


def name_for_duty(actor, duty, user_id):
    """Name somebody of the desk for a duty; the steps that name it go to them. Nobody names himself."""
    known = duty_queries.officers()
    if duty not in duty_rules.DUTIES or duty in duty_rules.ROLES or user_id not in known:
        raise Invalid("Choose a duty, and somebody who works at the service desk.")
    check_names(actor, duty, user_id)
    with work(actor, "service.duty", subject=duty, person=known[user_id]):
        # Named twice at the same moment, a duty that was ended would still be held.
        db.session.execute(select(User.id).filter_by(id=user_id).with_for_update(key_share=True))
        if user_id in duty_queries.holders(duty):
            raise Conflict("This person holds the duty already.")
        db.session.add(ServiceDuty(duty=duty, user_id=user_id, by_id=actor.user_id, at=clock.now()))


def check_names(actor, duty, user_id=None):
    """Nobody of the desk lets himself into what others decide, pay or read; NotAllowed."""
    if duty in duty_queries.unnamed_by(actor.user_id):
        if duty in duty_rules.CONFIDENTIAL:
            raise NotAllowed("Only an organiser names who reads letters to the chair.")
        if duty == duty_rules.HEAD:
            raise NotAllowed("Only an organiser names the head of the service desk.")
        raise NotAllowed("Duties are named by an organiser or by the head of the service desk.")
    if user_id == actor.user_id and not _is_organiser(actor):
        raise NotAllowed("Nobody names himself for a duty; an organiser does it.")


def _is_organiser(actor):
    return "organiser" in find_roles(actor.user_id, None)


def end_duty(actor, duty_id):
    """Somebody holds a duty no longer; open cases stay until they are given to another."""
    row = db.session.get(ServiceDuty, duty_id)
    if row is None:
        raise Missing("There is no such duty.")
    if row.ended_at is not None:
        raise Conflict("This duty is not held.")
    check_names(actor, row.duty)
    with work(actor, "service.duty_end", subject=row.duty):
        row.ended_at = clock.now()


def enter_budget(actor, service_key, form):
    """A unit's budget of a year; at least 70 % of it is for its members (S12)."""
    _check_above(actor)
    wrong, sums = {}, {}
    unit = db.session.get(Organisation, read_whole(form.get("organisation_id"), 0))
    if unit is None:
        wrong["organisation_id"] = Invalid("Choose a unit.")
    year = read_whole(form.get("budget_year"), 0)
    if not 2000 <= year <= 2100:
        wrong["budget_year"] = Invalid("Write a year, for example 2026.")
    for key in ("total", "for_members"):
        try:
            sums[key] = read_yuan(form.get(key))
        except Invalid as refused:
            wrong[key] = refused
    if not wrong and (
        sums["for_members"] > sums["total"]
        or not amount_rules.is_share_kept(sums["total"], sums["for_members"], MEMBERS_SHARE)
    ):
        wrong["for_members"] = Invalid(
            "From %(share)s to 100 percent of the budget is for the members.", share=MEMBERS_SHARE
        )
    if wrong:
        raise Invalid("Some fields are missing or wrong; nothing was stored.", fields=wrong)
    with work(
        actor, "service.budget", subject=service_key, about=unit.name, number=year,
        new={key: yuan(fen) for key, fen in sums.items()},
    ):
        db.session.add(UnitBudget(
            service_key=service_key, organisation_id=unit.id, year=year, by_id=actor.user_id,
            at=clock.now(), **sums,
        ))
