"""Writing the plan's draft, and bringing a version into force: alone, or with a second person."""

from sqlalchemy import func, select

from contest import clock, signals
from contest.audit.chaining import note_record
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid, Missing
from contest.scoring.scheme_reading import plan_document, plan_hash
from contest.setup import new_nodes, plan_tree, queries, rules, step_rules
from contest.setup.actions import get_contest_for_change
from contest.setup.draft_queries import draft_problems
from contest.setup.models import PlanDraft, PlanVersion
from contest.setup.node_forms import read_node
from contest.setup.node_sections import sections_of
from contest.setup.pairing import check_two_people
from contest.setup.plan_files import plan_from_text
from contest.setup.plan_words import CHOICES
from contest.setup.proposals import check_still_holds


def change_node(actor, contest_id, address, form, rev):
    """Take what was typed for one node into the draft; Invalid with each field that is wrong."""
    draft = _draft_for_change(contest_id, rev)
    kind, old = plan_tree.kind_of(address), plan_tree.get_node(draft.document, address)
    node = read_node(kind, sections_of(draft.document, address), form, old)
    document = plan_tree.with_node(draft.document, address, node)
    old, new = _differing(old, node)
    with work(actor, "plan.write", contest_id=contest_id, subject=address, old=old, new=new):
        _keep(actor, contest_id, draft, document)


def _differing(old, new):
    keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    return (
        {key: old[key] for key in keys if key in old},
        {key: new[key] for key in keys if key in new},
    )


def change_kind(actor, contest_id, address, word, rev):
    """Give an aspect another kind of marking, or an award another rule, with fields to fill in."""
    draft = _draft_for_change(contest_id, rev)
    kind, old = plan_tree.kind_of(address), plan_tree.get_node(draft.document, address)
    names = {key: old[key] for key in ("key", "name", "name_en") if key in old}
    if kind == "aspects" and word in CHOICES["kind"]:
        node = {**names, **new_nodes.blank_aspect(word, old["max"])}
    elif kind == "awards" and word in CHOICES["rule"]:
        keep = {key: old[key] for key in ("to", "title", "level", "note", "note_en") if key in old}
        node = {**names, **keep, "rule": word, **new_nodes.blank_award(word)}
    else:
        raise Missing("There is no such place in the plan.")
    document = plan_tree.with_node(draft.document, address, node)
    with work(actor, "plan.kind", contest_id=contest_id, subject=address, old=old, new=node):
        _keep(actor, contest_id, draft, document)


def add_node(actor, contest_id, kind, parent, rev):
    """Add a node to the draft and return its address."""
    draft = _draft_for_change(contest_id, rev)
    document, address = new_nodes.with_added(draft.document, kind, parent)
    with work(
        actor, "plan.add", contest_id=contest_id, subject=address,
        new=plan_tree.get_node(document, address),
    ):
        _keep(actor, contest_id, draft, document)
    return address


def move_node(actor, contest_id, address, direction, rev):
    """Move a node of the draft among its own (-1 up, 1 down) and return its new address."""
    draft = _draft_for_change(contest_id, rev)
    document, new = plan_tree.with_moved(draft.document, address, direction)
    if new != address:
        with work(actor, "plan.move", contest_id=contest_id, subject=address, old=address, new=new):
            _keep(actor, contest_id, draft, document)
    return new


def remove_node(actor, contest_id, address, rev):
    """Take a node, and what hangs on it, out of the draft."""
    draft = _draft_for_change(contest_id, rev)
    old = plan_tree.get_node(draft.document, address)
    document = plan_tree.without_node(draft.document, address)
    with work(actor, "plan.remove", contest_id=contest_id, subject=address, old=old):
        _keep(actor, contest_id, draft, document)


def load_text(actor, contest_id, text):
    """Make the plan in a TOML text the draft; BadPlan with every problem."""
    plan = plan_from_text(text)
    draft = _draft_for_change(contest_id, None)
    with work(
        actor, "plan.upload", contest_id=contest_id, subject=f"rev {draft.rev + 1}",
        old=plan_hash(draft.plan), new=plan_hash(plan),
    ):
        _keep(actor, contest_id, draft, plan_document(plan))


def load_version(actor, contest_id, number):
    """Make an earlier or declined version the draft again."""
    version = queries.get_version(contest_id, number)
    draft = _draft_for_change(contest_id, None)
    plan = queries.plan_of_version(version.id).plan
    with work(
        actor, "plan.load", contest_id=contest_id, subject=f"version {number}",
        old=plan_hash(draft.plan), new=version.document_hash,
    ):
        _keep(actor, contest_id, draft, plan_document(plan))


def discard_draft(actor, contest_id, rev):
    """Throw the draft away; the plan in force stays as it is."""
    draft = _draft_for_change(contest_id, rev)
    with work(
        actor, "plan.discard", contest_id=contest_id, subject=f"rev {draft.rev}",
        old=draft.document,
    ):
        _drop_draft(contest_id)


def put_in_force(actor, contest_id, reason, rev):
    """Bring the draft into force at once; only before the first mark or score came in.

    BadPlan with every problem, arithmetic shown; Conflict when a second person is needed.
    """
    draft = _draft_for_change(contest_id, rev)
    if queries.is_frozen(contest_id):
        raise Conflict(
            "Marks or scores have already come in under this plan, "
            "so a change must be proposed and approved by a second person."
        )
    if queries.find_proposal(contest_id) is not None:
        raise Conflict("A proposed version is waiting; approve or decline it first.")
    _check_plan(contest_id, draft.plan)
    contest = queries.get_contest(contest_id)
    current = queries.plan_in_force(contest_id)
    with work(
        actor, "plan.in_force", contest_id=contest_id, tell=_signal_for(contest), reason=reason,
        old=current.number,
    ) as facts:
        version = _new_version(actor, contest_id, draft.plan, reason)
        version.in_force_at = clock.now()
        facts["new"], facts["plan_hash"] = version.number, version.document_hash
        _take_over(contest, draft.plan)
        _drop_draft(contest_id)


def propose_plan(actor, contest_id, reason, rev):
    """Propose the draft as the next version of a plan in use; a second person will decide."""
    draft = _draft_for_change(contest_id, rev)
    step_rules.check_word(actor, clock.now())
    rules.check_reason(reason)
    _check_plan(contest_id, draft.plan)
    if queries.find_proposal(contest_id):
        raise Conflict("Another version is waiting for a second person. Settle that one first.")
    current = queries.plan_in_force(contest_id)
    with work(
        actor, "plan.propose", contest_id=contest_id, reason=reason, old=current.number
    ) as facts:
        version = _new_version(actor, contest_id, draft.plan, reason)
        facts["new"], facts["plan_hash"] = version.number, version.document_hash
        _drop_draft(contest_id)


def approve_plan(actor, contest_id, number, seen):
    """Bring a proposed version into force, as a second person; marks are then counted by it.

    seen: the contest's marks_version when what the version changes was looked at; see check_seen.
    """
    contest, version = _proposal_for_decision(actor, contest_id, number)
    step_rules.check_word(actor, clock.now())
    rules.check_seen(contest.state, seen, contest.marks_version)
    plan = queries.plan_of_version(version.id).plan
    _check_plan(contest_id, plan)
    current = queries.plan_in_force(contest_id)
    with work(
        actor, "plan.approve", contest_id=contest_id, subject=f"version {number}",
        tell=_signal_for(contest), reason=version.reason, old=current.number, new=number,
        plan_hash=version.document_hash,
    ):
        version.approved_by_id = actor.user_id
        version.in_force_at = clock.now()
        # Marks were given before it came into force, so it is frozen from its first moment.
        version.frozen_at = clock.now()
        note_record(contest_id, "plan", {"version": number, "hash": version.document_hash})
        _take_over(contest, plan)


def decline_plan(actor, contest_id, number, reason):
    """Decline a proposed version; it stays in the list with the reason in the trail."""
    _, version = _proposal_for_decision(actor, contest_id, number, may_be_own=True)
    rules.check_reason(reason)
    with work(
        actor, "plan.decline", contest_id=contest_id, subject=f"version {number}", reason=reason
    ):
        version.approved_by_id = actor.user_id
        version.declined_at = clock.now()


def _proposal_for_decision(actor, contest_id, number, may_be_own=False):
    contest = get_contest_for_change(contest_id)
    rules.check_plan_is_open(contest.state)
    version = queries.get_version(contest_id, number)
    if version.in_force_at or version.declined_at:
        raise Conflict("This version has been decided already.")
    if not may_be_own:
        rules.check_second_person(version.proposed_by_id, actor.user_id)
        check_still_holds(contest_id, version.proposed_by_id, step_rules.ORGANISER)
        check_two_people(contest, version.proposed_by_id, actor.user_id, rules.SECOND_PERSON)
    return contest, version


def _draft_for_change(contest_id, rev):
    contest = get_contest_for_change(contest_id)
    rules.check_plan_is_open(contest.state)
    draft = queries.get_draft(contest_id)
    if rev is not None:
        rules.check_rev(rev, draft.rev)
    return draft


def _keep(actor, contest_id, draft, document):
    row = queries.find_draft_row(contest_id)
    if row is None:
        row = PlanDraft(contest_id=contest_id, based_on=draft.based_on, rev=0)
        db.session.add(row)
    # What is kept must be readable whatever was typed, else nobody could open the draft again.
    row.document = plan_document(queries.loose_plan(document))
    row.rev += 1
    row.changed_by_id, row.changed_at = actor.user_id, clock.now()


def _drop_draft(contest_id):
    row = queries.find_draft_row(contest_id)
    if row is not None:
        db.session.delete(row)


def _check_plan(contest_id, plan):
    problems = draft_problems(contest_id, plan)
    if problems:
        raise rules.BadPlan(problems)
    if plan == queries.plan_in_force(contest_id).plan:
        raise Invalid("Nothing differs from the plan in force.")


def _new_version(actor, contest_id, plan, reason):
    newest = db.session.scalar(
        select(func.max(PlanVersion.number)).where(PlanVersion.contest_id == contest_id)
    )
    version = PlanVersion(
        contest_id=contest_id, number=newest + 1, document=plan_document(plan),
        document_hash=plan_hash(plan), reason=reason.strip(), proposed_by_id=actor.user_id,
        proposed_at=clock.now(),
    )
    db.session.add(version)
    return version


def _take_over(contest, plan):
    if contest.stage not in {stage.key for stage in plan.stages}:
        contest.stage = plan.stages[0].key
    contest.marks_version = type(contest).marks_version + 1


def _signal_for(contest):
    return signals.marks_changed if contest.state in rules.SCORES_COUNT_IN else None
