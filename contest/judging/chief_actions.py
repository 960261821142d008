"""What the chief judge may do to sheets and contestants, each time with a reason."""

from math import ceil

from contest import clock, signals
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Missing
from contest.judging import (
    apart_rules,
    chief_rules,
    desk_queries,
    neutral_queries,
    penalty_queries,
    queries,
    rules,
    side_queries,
    state_queries,
)
from contest.judging.called_queries import called_entrant, seen_at
from contest.judging.ledger import add_revision, count_marks
from contest.judging.models import Penalty
from contest.judging.neutral_queries import check_may_change
from contest.people import rules as people_rules
from contest.people.models import Entrant, StateEvent
from contest.scoring.tops import top_of_part, top_of_stage
from contest.scoring.units import text_of
from contest.setup.proposal_queries import CONFIRMED_AT, get_open
from contest.setup.proposals import decide, facts_of, propose, standing_first
from contest.setup.queries import check_module_counts, get_contest, plan_in_force
from contest.setup.step_rules import STRIKING
from contest.setup.stepping import (
    check_person,
    check_proposer,
    check_step,
    find_step,
    go,
    needs_second,
)

HUNDRED_PERCENT = 100 * 10_000
CONFIRMED_AT["reopen_sheet"] = "judging.confirm_reopening"


def reopen_sheet(actor, contest_id, sheet_id, reason, proposal=None):
    """Open a handed-in sheet, or one that was struck out, for its judge again; returns its new rev.

    Its marks count no longer until it is handed in again and confirmed, and a contest that had gone
    on goes back to its scoring. A sheet whose judge may not mark this contestant goes to another
    judge of the panel, without marks. Invalid without a reason. proposal: the open one that this
    confirms, where two people are needed.
    """
    sheet = _held(contest_id, sheet_id)
    contest = get_contest(contest_id)
    goal = _check_reopening(actor, contest, proposal)
    check_may_change(actor, contest_id, sheet.entrant_id, sheet.module_key)
    is_neutral = neutral_queries.is_neutral(sheet)
    if is_neutral:
        chief_rules.check_can_reopen(sheet.state)
    judge = None if is_neutral else neutral_queries.get_successor(sheet)
    words = rules.check_reason(reason)
    return _add_act(actor, sheet, "reopen", words, judge, goal=goal, proposal=proposal)


def propose_reopening(actor, contest_id, sheet_id, reason):
    """Propose to open a sheet again; a second person confirms it. Invalid without a reason."""
    sheet = _held(contest_id, sheet_id)
    contest = get_contest(contest_id)
    step = _reopening_of(contest)
    check_proposer(actor, contest, step)
    check_may_change(actor, contest_id, sheet.entrant_id, sheet.module_key)
    if neutral_queries.is_neutral(sheet):
        chief_rules.check_can_reopen(sheet.state)
    words = rules.check_reason(reason)
    propose(
        actor, contest_id, "reopen_sheet", f"sheet {sheet.id}", words,
        chief_rules.reopening_note(
            sheet, called_entrant(contest_id, sheet.module_key, sheet.entrant_id),
            step.to != contest.state,
        ),
        sheet=sheet.id, seen=seen_at(contest_id, sheet.module_key, sheet.entrant_id),
    )


def confirm_reopening(actor, contest_id, proposal_id):
    """Open what was proposed, a sheet or all sheets of a panel, as the second person."""
    queries.lock_contest(contest_id)
    proposal = get_open(contest_id, proposal_id, "reopen_sheet")
    details = proposal.details
    if "sheet" in details:
        return reopen_sheet(actor, contest_id, details["sheet"], proposal.reason, proposal)
    return mark_again(
        actor, contest_id, details["module"], details["entrant"], details["panel"],
        proposal.reason, proposal,
    )


def _reopening_of(contest):
    if contest.state not in rules.MARKING_STATES:
        rules.check_contest_open(contest)
    to = contest.state if contest.takes_marks else "scoring"
    return find_step(contest, "reopen_sheet", to)


def _check_reopening(actor, contest, proposal):
    """The state that the contest is in afterwards; refused as the table of steps says."""
    step = _reopening_of(contest)
    first = standing_first(proposal, step.roles) if proposal else None
    check_step(actor, contest, step.act, step.to, first)
    return step.to


def _go_back(actor, contest, goal, proposal, facts):
    if goal != contest.state:
        facts |= {"old": contest.state, "new": goal}
        go(contest, goal)
    if proposal is not None:
        facts |= facts_of(proposal)
        decide(actor, proposal, is_confirmed=True)


def excuse_seat(actor, contest_id, sheet_id, reason, proposal=None):
    """Strike one judge's sheet out, so that the others are combined; returns its new rev.

    proposal: the open one that this confirms, where the sheet holds marks and two people are needed.
    """
    sheet = hold_for_striking(actor, contest_id, sheet_id)
    contest = get_contest(contest_id)
    if sheet.rev and needs_second(contest, STRIKING):
        first = standing_first(proposal, STRIKING.roles) if proposal else None
        check_person(actor, contest, STRIKING, first)
    words = rules.check_reason(reason)
    return _add_act(actor, sheet, "excuse", words, goal=contest.state, proposal=proposal)


def hold_for_striking(actor, contest_id, sheet_id):
    """A sheet that may be struck out now, held until the transaction ends; Conflict."""
    sheet = _locked(actor, contest_id, sheet_id)
    module = queries.module_of(plan_in_force(contest_id), sheet.module_key)
    seats = desk_queries.seat_states(contest_id, sheet.module_key, sheet.entrant_id)
    own = module.seats_of(module.panel_at(sheet.seat - 1))
    states = [state for seat, state in seats.items() if seat - 1 in own]
    chief_rules.check_can_excuse(sheet.state, states.count("excused"), len(states))
    return sheet


def mark_again(actor, contest_id, module_key, entrant_id, panel_key, reason, proposal=None):
    """Open all sheets of one panel for an entrant, whose judges lie too far apart, in one act.

    They talk and mark again; the first marks stay in the ledger (again_queries). Returns how many
    sheets were opened; Conflict when the judges agree by now. proposal: the open one that this
    confirms, where two people are needed.
    """
    queries.lock_contest(contest_id)
    contest = get_contest(contest_id)
    goal = _check_reopening(actor, contest, proposal)
    check_may_change(actor, contest_id, entrant_id, module_key)
    submitted, aspects = _apart(contest_id, module_key, entrant_id, panel_key)
    words = rules.check_reason(reason)
    force = plan_in_force(contest_id)
    with work(
        actor, "sheets.mark_again", contest_id=contest_id, subject=f"entrant {entrant_id}",
        tell=signals.marks_changed, reason=words, module=module_key, panel=panel_key,
        aspects=[aspect.key for aspect in aspects],
    ) as facts:
        for sheet in submitted:
            add_revision(actor, sheet, "reopen", sheet.marks, force.version_id, reason=words)
        count_marks(contest_id)
        facts["sheets"] = [sheet.id for sheet in submitted]
        _go_back(actor, contest, goal, proposal, facts)
    return len(submitted)


def propose_marking_again(actor, contest_id, module_key, entrant_id, panel_key, reason):
    """Propose to open all sheets of such a panel; a second person confirms it."""
    queries.lock_contest(contest_id)
    contest = get_contest(contest_id)
    step = _reopening_of(contest)
    check_proposer(actor, contest, step)
    check_may_change(actor, contest_id, entrant_id, module_key)
    submitted, _ = _apart(contest_id, module_key, entrant_id, panel_key)
    words = rules.check_reason(reason)
    propose(
        actor, contest_id, "reopen_sheet", f"entrant {entrant_id}, {module_key}, {panel_key}", words,
        chief_rules.marking_again_note(
            len(submitted), called_entrant(contest_id, module_key, entrant_id),
            step.to != contest.state,
        ),
        module=module_key, entrant=entrant_id, panel=panel_key,
        seen=seen_at(contest_id, module_key, entrant_id),
    )


def _apart(contest_id, module_key, entrant_id, panel_key):
    """The handed-in sheets of a panel, held, and the aspects that must be marked again."""
    check_module_counts(contest_id, module_key)
    module = queries.module_of(plan_in_force(contest_id), module_key)
    seats = _seats_of(module, panel_key)
    there = queries.sheets_by_entrant(contest_id, module_key).get(entrant_id, {})
    sheets = [queries.lock_sheet(there[seat].id) for seat in seats if seat in there]
    submitted = [sheet for sheet in sheets if sheet.state == "submitted"]
    part = rules.on_seat(module, seats[0])
    marks = [sheet.marks for sheet in submitted]
    aspects = (*apart_rules.judgements_apart(part, marks), *apart_rules.aspects_apart(part, marks))
    has_sums = part.aspects[0].kind != "rank"  # a rank earns nothing by itself
    sums = [queries.find_latest_revision(sheet).units for sheet in submitted] if has_sums else []
    chief_rules.check_can_mark_again(aspects, apart_rules.is_odd(sums, part.panel.spread))
    return submitted, aspects


def _seats_of(module, panel_key):
    try:
        panel = module.panel_called(panel_key)
    except KeyError as error:
        raise Missing("There is no such panel in this module.") from error
    return [seat + 1 for seat in module.seats_of(panel)]


def _locked(actor, contest_id, sheet_id):
    sheet = _held(contest_id, sheet_id)
    rules.check_contest_open(get_contest(contest_id))
    check_may_change(actor, contest_id, sheet.entrant_id, sheet.module_key)
    return sheet


def _held(contest_id, sheet_id):
    queries.lock_contest_of(sheet_id)
    sheet = queries.lock_sheet(sheet_id)
    if sheet.contest_id != contest_id or people_rules.is_practice(sheet.seat):
        raise Missing("There is no such sheet.")
    check_module_counts(contest_id, sheet.module_key)
    return sheet


def _add_act(actor, sheet, kind, reason, judge=None, goal=None, proposal=None):
    version_id = plan_in_force(sheet.contest_id).version_id
    with work(
        actor, f"sheet.{kind}", contest_id=sheet.contest_id, subject=f"sheet {sheet.id}",
        tell=signals.marks_changed, reason=reason, module=sheet.module_key,
        entrant=sheet.entrant_id, seat=sheet.seat, was=sheet.state,
    ) as facts:
        if judge is not None:
            facts.update(old=sheet.judge.name, new=judge.name)
            sheet.judge = judge
        marks = sheet.marks if judge is None else {}
        add_revision(actor, sheet, kind, marks, version_id, reason=reason)
        count_marks(sheet.contest_id)
        facts.update(rev=sheet.rev, now=sheet.state)
        if goal is not None:
            _go_back(actor, get_contest(sheet.contest_id), goal, proposal, facts)
        return sheet.rev


def add_penalty(actor, contest_id, entrant_id, scope, points, reason, page=None):
    """Take points off an entrant's mark in a module, part or stage; returns the penalty's id.

    points: as typed, in percent where the plan says so. Invalid for anything but a number above 0
    and at most the top mark. page: the module on whose page it is taken; only what is offered there
    is taken: a penalty elsewhere, which stands beside a name, would tell whose code the page is.
    """
    entrant = _entrant(contest_id, entrant_id)
    if page is not None:
        chief_rules.check_offered(scope, side_queries.offered_scopes(contest_id, page))
    rules.check_contest_open(get_contest(contest_id))
    check_may_change(actor, contest_id, entrant_id, scope)
    check_module_counts(contest_id, scope)
    units = chief_rules.check_penalty(points, _top_of(contest_id, scope))
    words = rules.check_reason(reason)
    with work(
        actor, "penalty.add", contest_id=contest_id, subject=f"entrant {entrant.id}",
        tell=signals.marks_changed, scope=scope, points=text_of(units), reason=words,
    ) as facts:
        penalty = Penalty(
            contest_id=contest_id, entrant_id=entrant.id, scope=scope, units=units, reason=words,
            by_id=actor.user_id, at=clock.now(),
        )
        db.session.add(penalty)
        count_marks(contest_id)
        db.session.flush()
        facts["penalty"] = penalty_id = penalty.id
    return penalty_id


def lift_penalty(actor, contest_id, penalty_id, reason):
    """Take a penalty back by a later row that names it; Conflict when it was lifted already."""
    penalty = db.session.get(Penalty, penalty_id)
    if penalty is None or penalty.contest_id != contest_id or penalty.lifts_id is not None:
        raise Missing("There is no such penalty.")
    rules.check_contest_open(get_contest(contest_id))
    check_may_change(actor, contest_id, penalty.entrant_id, penalty.scope)
    check_module_counts(contest_id, penalty.scope)
    if penalty_id not in {row.id for row in penalty_queries.penalties(contest_id)}:
        raise Conflict("This penalty has been lifted already.")
    words = rules.check_reason(reason)
    with work(
        actor, "penalty.lift", contest_id=contest_id, subject=f"entrant {penalty.entrant_id}",
        tell=signals.marks_changed, penalty=penalty_id, scope=penalty.scope,
        points=text_of(penalty.units), reason=words,
    ):
        db.session.add(
            Penalty(
                contest_id=contest_id, entrant_id=penalty.entrant_id, scope=penalty.scope,
                units=penalty.units, reason=words, lifts_id=penalty_id, by_id=actor.user_id,
                at=clock.now(),
            )
        )
        count_marks(contest_id)


def set_state(
    actor, contest_id, entrant_id, state, reason, module_key="", is_sure=True, page=None
):
    """Say that an entrant is absent, withdrawn, disqualified, … or normal again.

    Empty module_key: the whole contest; with a module only "normal" and "absent" exist. Who is not
    sure is told by Invalid (field "sure") how many sheets handed in would no longer count. page: the
    module on whose page it is set; while names are hidden nothing but that module's state.
    """
    entrant = _entrant(contest_id, entrant_id)
    if page is not None:
        chief_rules.check_state_scope(
            module_key, page, state_queries.hides_of_page(contest_id, page)
        )
    rules.check_contest_open(get_contest(contest_id))
    check_may_change(actor, contest_id, entrant_id, page or module_key)
    if module_key:
        queries.module_of(plan_in_force(contest_id), module_key)
    words = rules.check_reason(reason)
    before = state_queries.state_of(contest_id, entrant_id, module_key)
    people_rules.check_state_change(before, state, words, module_key)
    if not is_sure:
        submitted = desk_queries.count_submitted(contest_id, entrant_id, module_key)
        people_rules.check_no_marks_lost(before, state, submitted)
    with work(
        actor, "entrant.state", contest_id=contest_id, subject=f"entrant {entrant.id}",
        tell=signals.marks_changed, was=before, now=state, module=module_key, reason=words,
    ):
        db.session.add(
            StateEvent(
                contest_id=contest_id, entrant_id=entrant.id, module_key=module_key, state=state,
                reason=words, by_id=actor.user_id, at=clock.now(),
            )
        )
        count_marks(contest_id)


def _entrant(contest_id, entrant_id):
    entrant = db.session.get(Entrant, entrant_id)
    if entrant is None or entrant.contest_id != contest_id:
        raise Missing("There is no such entrant.")
    return entrant


def _top_of(contest_id, scope):
    """The most that can be taken off a module, part or stage, in units; Missing for another key."""
    plan = plan_in_force(contest_id).plan
    stages = {stage.key: stage for stage in plan.stages}
    modules = {module.key: module for module in plan.modules}
    parts = {part.key: part for part in plan.parts if part.to == "entrant"}
    if scope not in {*stages, *modules, *parts}:
        raise Missing("There is no such module in the plan.")
    if plan.penalties.percent:
        return HUNDRED_PERCENT
    if scope in stages:
        return ceil(top_of_stage(plan, stages[scope]))
    if scope in modules:
        return modules[scope].top
    return ceil(top_of_part(plan, parts[scope]))
