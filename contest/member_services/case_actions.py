"""What the office does with a case: accept, return, steps, decide, refuse, close, notes, who has it."""

from datetime import timedelta

from contest import clock, signals
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.member_services import (
    amount_rules,
    case_rules,
    contribution_actions,
    duty_queries,
    effect_actions,
    entitlement_actions,
    entitlement_queries,
    line_actions,
    membership_actions,
    membership_queries,
)
from contest.member_services import case_queries as queries
from contest.member_services.catalogue_queries import service_of
from contest.member_services.money_rules import read_yuan, yuan
from contest.member_services.moving_actions import (
    begin_step,
    check_answers,
    check_limit,
    get_open_case,
    hold,
    log,
    moving,
    put,
)
from contest.people.person_queries import get_person
from contest.people.sealing import pseudonym

REMIND_BEFORE = timedelta(hours=24)
CLOSED_AFTER = timedelta(days=21)  # done, and nobody said how it went


def move_case(actor, case_id, revision, act, form):
    """One act of case_rules.ACTS on a case, as a desk sends it; Invalid brings the form back.

    Raises Conflict when the case was moved meanwhile or the act does not follow, NotAllowed when the
    step is somebody else's.
    """
    acts = {
        "accept": accept, "return": return_case, "step": finish_step, "settle": settle, "decide": decide,
        "refuse": refuse, "close": close,
    }
    if act not in acts:
        get_open_case(actor, case_id)
        raise Invalid("Choose what is to be done with the case.")
    return acts[act](actor, case_id, revision, form)


def _begin(actor, case_id, revision, act):
    case = get_open_case(actor, case_id)
    service = service_of(case.version)
    case_rules.check_revision(case, revision)
    case_rules.check_act(service, case, act)
    step = service.step(case.step_key) if case.step_key else None
    if act in ("step", "settle", "decide"):
        check_answers(actor, case, step)
    return case, service, step


def _is_late(case):
    late = case.due_at is not None and clock.now() >= case.due_at
    case.times_late += late
    return late


def accept(actor, case_id, revision, form):
    """Accept an application: the first step is done, the next one begins.

    Where no later step decides, this is the decision, and what is only for the entitled asks for the right.
    """
    case, service, step = _begin(actor, case_id, revision, "accept")
    words = case_rules.read_words(form.get("words"))
    with moving(actor, case, "service.move", revision, act="accept"):
        if not service.decides and service.is_restricted:
            _check_right(case, service)
        check_limit(case, service)
        late = _is_late(case)
        case.answer = words or case.answer
        case.assignee_id = case.assignee_id or actor.user_id
        effect_actions.run(actor, case, service, step, form)
        log(case, actor, "accepted", was="applied", now="accepted", words=words, is_late=late)
        put(case, "accepted")
        _go_on(actor, case, service)
    return case


def return_case(actor, case_id, revision, form):
    """Send an application back with what is missing; no clock runs until it comes again.

    From whatever step examines it, and it comes back to that step.
    """
    case, service, _ = _begin(actor, case_id, revision, "return")
    words, was = case_rules.read_words(form.get("words"), N_("Say what is missing.")), case.state
    with moving(actor, case, "service.move", revision, act="return", **_reason(service, words)):
        late = _is_late(case)
        case.answer = words
        case.assignee_id = case.assignee_id or actor.user_id
        log(case, actor, "returned", was=was, now="returned", words=words, is_late=late)
        put(case, "returned")
    return case


def _reason(service, words):
    """What the trail says of why; of a letter nothing, for others read the trail than may read the letter."""
    return {} if service.kept_by else {"reason": words}


def finish_step(actor, case_id, revision, form):
    """The present step is done; after the last one the service is done."""
    case, service, step = _begin(actor, case_id, revision, "step")
    words, was = case_rules.read_words(form.get("words")), case.state
    with moving(actor, case, "service.move", revision, act="step") as facts:
        late = _is_late(case)
        case.answer = words or case.answer
        effect_actions.run(actor, case, service, step, form)
        log(case, actor, "step", was=was, now=case.state, words=words, is_late=late)
        _go_on(actor, case, service)
        if step is None or step.does != "to_register":
            line_actions.follow_case(actor, case, words, facts, effect_actions.read_giver(step, form))
    return case


def settle(actor, case_id, revision, form):
    """The matter is settled at this step: the steps that were left for harder ones fall away."""
    case, service, _ = _begin(actor, case_id, revision, "settle")
    words, was = case_rules.read_words(form.get("words"), N_("Say how it was settled.")), case.state
    with moving(actor, case, "service.move", revision, act="settle") as facts:
        if service.is_restricted:
            _check_right(case, service)
        late = _is_late(case)
        case.answer = words
        log(case, actor, "settled", was=was, now="done", words=words, is_late=late)
        put(case, "done")
        line_actions.follow_case(actor, case, words, facts)
    return case


def _go_on(actor, case, service):
    following = case_rules.next_step(service, case.step_key, case.amount)
    if following is None:
        log(case, actor, "done", was=case.state, now="done")
        put(case, "done")
    else:
        begin_step(case, service, following)


def decide(actor, case_id, revision, form):
    """Grant what was applied for: kinds of aid, an amount by its rule, within the year's limits."""
    case, service, step = _begin(actor, case_id, revision, "decide")
    words = case_rules.read_words(form.get("words"))
    aids = _read_aids(service, form)
    with moving(actor, case, "service.move", revision, act="decide") as facts:
        _check_right(case, service)
        _check_person(case, service)
        facts.update(contribution_actions.check_paid(actor, case, service, form))
        amount, parts = _amount(case, service, form)
        late = _is_late(case)
        case.amount, case.amount_parts, case.aids = amount, parts, aids or None
        case.decided_at, case.answer = clock.now(), words or case.answer
        facts["amount"] = None if amount is None else yuan(amount)
        effect_actions.run(actor, case, service, step, form)
        log(case, actor, "decided", was=case.state, now="decided", words=words, is_late=late,
            facts={"amount": amount, "parts": parts, "aids": aids})
        put(case, "decided")
        _go_on(actor, case, service)
        if step.does != "to_register":  # what is said on putting it on the list is no answer
            line_actions.follow_case(actor, case, words, facts)
    return case


def _read_aids(service, form):
    if not service.aids:
        return []
    chosen = [one.key for one in service.aids if one.key in form.getlist("aid")]
    if not chosen:
        sentence = Invalid("Choose at least one kind of aid.")
        raise Invalid(sentence.message, fields={"aid": sentence})
    return chosen


def _check_right(case, service):
    """What is only for the entitled is granted to nobody else; what the case rests on is kept with it."""
    if case.entitlement is not None and case.human_id is None:
        case.human_id = case.entitlement.human_id
    hold(case)
    if case.human_id is not None:  # what an entry changed or brought since is known from here on
        entitlement_actions.refresh(case.human_id, service.name)
    if not service.is_restricted:
        return
    if not entitlement_queries.has_right(service, case.human_id):
        if case.human_id is not None:
            raise Conflict("No entitlement of this person to it is known; refuse it with the reason.")
        raise Conflict("No entitlement to this service is known. Say first whose case it is.")
    held = entitlement_queries.find_open(case.human_id, service.key)
    if case.entitlement_id is None and held is not None:
        case.entitlement_id = held.id


def _check_person(case, service):
    """Limits of a year hold for somebody who is known, and a means test is passed."""
    if case.human_id is None and service.amount is not None and service.amount.is_limited:
        raise Conflict("What a person had before counts here. Say first whose case it is.")
    if service.means is not None:
        rule = service.means
        amount_rules.check_means(
            means_of(case, service), case.answers.get(rule.region), queries.regions(rule.standard)
        )


def means_of(case, service):
    """The hardship test of a case by the standard that held when it was applied for."""
    region = str(case.answers.get(service.means.region) or "")
    standard = queries.find_setting(service.means.standard, region, case.at)
    return amount_rules.means_test(service, case.answers, standard)


def _amount(case, service, form):
    """(fen, lines) of what is granted; (None, None) where it is no money."""
    rule = service.amount
    if rule is None:
        return None, None
    if rule.by_level:
        held = entitlement_queries.find_open(case.human_id, service.key)
        return (held.amount if held else None), None
    if rule.entered:
        fen = _entered(form)
        amount_rules.check_entered(rule, fen)
        return fen, None
    counted = count_for(case, service)
    if counted.total == 0:
        raise Conflict("By its rule nothing is due in this case; refuse it with the reason.")
    if rule.budget:
        _check_budget(case, service, counted.total)
    return counted.total, counted.stored()


def _entered(form):
    try:
        return read_yuan(form.get("amount"))
    except Invalid as refused:
        raise Invalid(refused.message, fields={"amount": refused}) from refused


def count_for(case, service):
    """What the rule gives in a case, with what the person had before: amount_rules.Counted."""
    year = clock.today().year
    return amount_rules.count(
        service, case.answers, queries.had(case.human_id, service.key, year, case.id)
    )


def _check_budget(case, service, fen):
    year = clock.today().year
    budget = queries.budget_of(service.key, case.organisation_id, year) if case.organisation_id else None
    if budget is None:
        raise Conflict("The unit's budget of this year is not entered.")
    if budget.left < fen:
        raise Conflict("The unit's budget for its members has %(left)s yuan left.", left=yuan(budget.left))


def refuse(actor, case_id, revision, form):
    """Refuse with the reason; a booked slot is free again."""
    case, service, step = _begin(actor, case_id, revision, "refuse")
    was = case.state
    if step is not None and step.kind == "decide" and case.ended_at is None:
        check_answers(actor, case, step)  # to say no there is the same decision
    words = case_rules.read_words(form.get("words"), N_("Say why the application is refused."))
    with moving(actor, case, "service.move", revision, act="refuse", **_reason(service, words)) as facts:
        late = _is_late(case)
        case.answer = words
        effect_actions.undo(actor, case, step, words)
        log(case, actor, "refused", was=was, now="refused", words=words, is_late=late)
        put(case, "refused")
        line_actions.follow_case(actor, case, words, facts)
        membership_actions.release(case, words)
    return case


def close(actor, case_id, revision, form):
    """Close a case that is done: after feedback that was followed up, or when none came."""
    case, _, _ = _begin(actor, case_id, revision, "close")
    words, was = case_rules.read_words(form.get("words"), N_("Say how the applicant was asked.")), case.state
    with moving(actor, case, "service.move", revision, act="close") as facts:
        late = _is_late(case)
        log(case, actor, "closed", was=was, now="closed", words=words, is_late=late)
        put(case, "closed")
        line_actions.follow_case(actor, case, words, facts)
    return case


def add_note(actor, case_id, text, is_inner):
    """A note for the office, or a message to the applicant."""
    case = get_open_case(actor, case_id)
    words = case_rules.read_words(text, N_("Write what you want to say."), "text")
    with moving(actor, case, "service.note", kind="note" if is_inner else "told"):
        log(case, actor, "note" if is_inner else "told", words=words)
        if not is_inner:
            signals.case_told.send("service.note", case_id=case.id)
            case.answer = words


def assign_case(actor, case_id, revision, user_id):
    """Give a case to somebody of the desk."""
    case = get_open_case(actor, case_id)
    known = duty_queries.officers()
    if user_id not in known or queries.is_closed_to(user_id, case):
        sentence = Invalid("Choose somebody who works at the service desk.")
        raise Invalid(sentence.message, fields={"assignee": sentence})
    if case.state in case_rules.OVER:
        raise Conflict("The case is “%(state)s”; that does not follow.", state=case_rules.STATES[case.state])
    with moving(actor, case, "service.assign", revision, person=known[user_id]):
        case.assignee_id = user_id
        log(case, actor, "assigned", words=known[user_id])


def link_person(actor, case_id, revision, human_id):
    """Say whose case it is; the person's entitlement, unit and green lane are known from then on."""
    case = get_open_case(actor, case_id)
    human = get_person(human_id)
    service = service_of(case.version)
    if case.decided_at is not None and case.human_id not in (None, human.id):
        raise Conflict("This case was decided for somebody else; what was granted stays with that person.")
    if case.human_id not in (None, human.id) and membership_queries.has_placed(case):
        raise Conflict("This case placed somebody in a unit as a member; refuse it before it is another's.")
    is_other, is_taken_on = human.id != case.human_id, queries.is_taken_on(case)
    with moving(actor, case, "service.link", revision, person=pseudonym(human.id)):
        case.human_id = human.id
        held = entitlement_queries.find_open(human.id, service.key)
        if held is not None or (case.entitlement and case.entitlement.human_id != human.id):
            case.entitlement_id = held.id if held else None
        member = entitlement_queries.active_membership(human.id)
        if case.decided_at is None or case.organisation_id is None:  # the unit that paid has paid
            case.organisation_id = member.organisation_id if member else human.organisation_id
        case.is_first = case_rules.goes_first(
            service, case.answers, case.channel, entitlement_queries.held_keys(human.id)
        )
        if is_other and is_taken_on:  # what accepting asked for holds for this person too
            if not service.decides and service.is_restricted:
                _check_right(case, service)
            check_limit(case, service)
        log(case, actor, "linked", words=human.name)


def remind(actor):
    """Remind of what is due within a day, tell of what is late, close what nobody answered; returns counts.

    Each is done once a step: run it as often as you like. Where nothing is to be told nothing is written.
    """
    now = clock.now()
    counts = {"reminded": 0, "escalated": 0, "closed": 0}
    if not _untold(queries.waiting_cases(is_held=False), now) and not queries.done_before(
        now - CLOSED_AFTER, is_held=False
    ):
        db.session.rollback()
        return counts
    with work(actor, "service.remind", subject="cases") as facts:
        for case, kind in _untold(queries.waiting_cases(), now):
            if kind == "escalated":
                _tell_above(actor, case)
            else:
                log(case, actor, kind)
            counts[kind] += 1
        for case in queries.done_before(now - CLOSED_AFTER):
            log(case, actor, "closed", was="done", now="closed")
            put(case, "closed")
            line_actions.follow_case(actor, case, "", {})  # of each line its own history tells
            signals.case_moved.send("service.remind", case_id=case.id, was="done", now="closed")
            counts["closed"] += 1
        facts.update(counts)
    return counts


def _untold(cases, now):
    """(case, reminded or escalated) of those cases of which that is to be told and was not told yet."""
    found = []
    for case in cases:
        kind = "escalated" if case.due_at <= now else "reminded"
        since = case.step_at or case.done_at or case.at  # as desk_queries.CLOCK_SINCE
        if case.due_at - now <= REMIND_BEFORE and not queries.has_event(case, kind, since):
            found.append((case, kind))
    return found


def _tell_above(actor, case):
    """Who stands above finds a late case on the desk's list; outside systems are told that it is late."""
    told = duty_queries.above(service_of(case.version).kept_by)
    log(case, actor, "escalated", words=", ".join(told.values()), facts={"told": sorted(told)})
    signals.case_late.send("service.remind", case_id=case.id)
