"""Looking up contests, their plans in force, and what stands on a contest's desk."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from sqlalchemy import bindparam, func, select

from contest import signals
from contest.accounts.models import User
from contest.accounts.queries import people_with_role
from contest.audit import chain_queries
from contest.db import db
from contest.errors import Missing
from contest.i18n import N_, joined
from contest.prepared import Prepared
from contest.scoring.scheme import Plan
from contest.scoring.scheme_reading import plan_document, plan_from
from contest.scoring.scheme_tables import PLAN
from contest.setup import rules
from contest.setup.models import Contest, PlanDraft, PlanVersion
from contest.setup.procedure_rules import held_states as procedure_held
from contest.setup.procedure_rules import procedure_from
from contest.setup.step_rules import FORWARD

# Later areas say here what they know. Register at import, in your queries.py:
#     setup.queries.DESK_NOTES.append(desk_notes)     desk_notes(contest_id) -> list[rules.Note]
#         (mark the note's text for translation: rules.Note(N_("%(count)s …"), {"count": 3}, …))
#     setup.queries.MARKED_KEYS.append(marked_keys)   marked_keys(contest_id) -> set of pairs
# A pair is (module key, aspect key) that has marks, or (module key, "") for scores without sheets.
#     setup.queries.CODES_DRAWN.append(has_codes_of)  has_codes_of(contest_id, stage) -> bool
#     setup.queries.STEP_TAKERS[act] = takers         takers(contest) -> (roles, second's roles) or None
DESK_NOTES = []
MARKED_KEYS = []
CODES_DRAWN = []
STEP_TAKERS = {}


@dataclass(frozen=True)
class PlanInForce:
    """The plan that holds now, with the version it comes from."""

    version_id: int
    number: int
    plan: Plan
    document: dict
    frozen_at: datetime | None


@dataclass(frozen=True)
class VersionLine:
    """One version of a plan as the list shows it. state: in_force, past, proposed, declined."""

    id: int
    number: int
    state: str
    reason: str
    proposed_by_id: int | None
    proposer: str
    proposed_at: datetime
    approver: str
    in_force_at: datetime | None
    declined_at: datetime | None
    frozen_at: datetime | None
    document_hash: str


@dataclass(frozen=True)
class Draft:
    """The plan as it is being written; rev 0 is the plan in force, untouched."""

    document: dict
    plan: Plan
    rev: int
    based_on: int
    changed_at: datetime | None
    changed_by: str


def find_contest(contest_id):
    """The contest, or None."""
    return db.session.get(Contest, contest_id)


def get_contest(contest_id):
    """The contest, or Missing."""
    contest = find_contest(contest_id)
    if contest is None:
        raise Missing("There is no such contest.")
    return contest


def get_contest_by_slug(slug):
    """The contest with this word in its public address, or Missing."""
    contest = db.session.scalar(select(Contest).filter_by(slug=slug))
    if contest is None:
        raise Missing("There is no such contest.")
    return contest


def has_slug(slug, but_contest_id=None):
    """True when another contest has this short name already."""
    found = db.session.scalar(select(Contest.id).filter_by(slug=slug))
    return found is not None and found != but_contest_id


def list_contests():
    """Every contest, the newest first."""
    return list(db.session.scalars(select(Contest).order_by(Contest.id.desc())))


# Plans never change, so their parsed form is kept by fingerprint; a few dozen are in use at a time.
_plans = OrderedDict()
_plans_lock = Lock()
_PLANS_KEPT = 64


def _plan_of(document_hash, read_document):
    kept = _plans.get(document_hash)
    if kept is None:
        document = read_document()
        kept = (plan_from(document), document)
        with _plans_lock:
            _plans[document_hash] = kept
            while len(_plans) > _PLANS_KEPT:
                _plans.popitem(last=False)
    return kept


# Asked with nearly every request: written out once, so that SQLAlchemy compiles it once.
IN_FORCE = (
    select(PlanVersion.id, PlanVersion.number, PlanVersion.document_hash, PlanVersion.frozen_at)
    .where(PlanVersion.contest_id == bindparam("contest"), PlanVersion.in_force_at.is_not(None))
    .order_by(PlanVersion.number.desc())
    .limit(1)
)

_IN_FORCE = Prepared(IN_FORCE)


def find_plan_in_force(contest_id):
    """The plan that holds now, or None."""
    row = _IN_FORCE.first(contest=contest_id)
    return plan_of_row(row) if row else None


def plan_in_force(contest_id):
    """The plan that holds now, or Missing. The document is shared: read it, never change it."""
    found = find_plan_in_force(contest_id)
    if found is None:
        raise Missing("This contest has no plan in force.")
    return found


def plan_of_version(version_id):
    """The plan of any version, also a past one, as PlanInForce; or Missing."""
    row = db.session.execute(
        select(PlanVersion.id, PlanVersion.number, PlanVersion.document_hash, PlanVersion.frozen_at)
        .where(PlanVersion.id == version_id)
    ).first()
    if row is None:
        raise Missing("There is no such version of the plan.")
    return plan_of_row(row)


def plan_of_row(row):
    """The PlanInForce of a row with the columns of IN_FORCE."""
    def read_document():
        return db.session.scalar(select(PlanVersion.document).where(PlanVersion.id == row.id))

    plan, document = _plan_of(row.document_hash, read_document)
    return PlanInForce(row.id, row.number, plan, document, row.frozen_at)


def is_frozen(contest_id):
    """True when marks or scores came in under any version: changes then need a second person."""
    return db.session.scalar(
        select(PlanVersion.id)
        .where(PlanVersion.contest_id == contest_id, PlanVersion.frozen_at.is_not(None))
        .limit(1)
    ) is not None


def first_frozen_at(contest_id):
    """The moment of a contest's first mark or score under any version, or None before it."""
    return db.session.scalar(
        select(func.min(PlanVersion.frozen_at)).where(PlanVersion.contest_id == contest_id)
    )


def get_version(contest_id, number):
    """One version's row, or Missing."""
    version = db.session.scalar(
        select(PlanVersion).filter_by(contest_id=contest_id, number=number)
    )
    if version is None:
        raise Missing("There is no such version of the plan.")
    return version


def find_proposal(contest_id):
    """The version that waits for a second person, or None."""
    return db.session.scalar(
        select(PlanVersion)
        .filter_by(contest_id=contest_id, in_force_at=None, declined_at=None)
        .order_by(PlanVersion.number.desc())
    )


def approvers(contest_id, proposal):
    """The names of those who may approve a proposed version: whoever decides, but not who proposed it."""
    people = {}
    for role in rules.SECOND_PERSON:
        people |= people_with_role(role, contest_id)
    return [name for user_id, name in people.items() if user_id != proposal.proposed_by_id]


def list_versions(contest_id):
    """Every version, the latest first, as lines for the page."""
    versions = list(
        db.session.scalars(
            select(PlanVersion).filter_by(contest_id=contest_id).order_by(PlanVersion.number.desc())
        )
    )
    ids = {v.proposed_by_id for v in versions} | {v.approved_by_id for v in versions}
    names = dict(
        db.session.execute(select(User.id, User.name).where(User.id.in_(ids - {None}))).all()
    )
    newest = next((v.id for v in versions if v.in_force_at), None)
    return [_version_line(version, names, newest) for version in versions]


def _version_line(version, names, newest):
    if version.in_force_at:
        state = "in_force" if version.id == newest else "past"
    else:
        state = "declined" if version.declined_at else "proposed"
    return VersionLine(
        id=version.id, number=version.number, state=state, reason=version.reason,
        proposed_by_id=version.proposed_by_id,
        proposer=names.get(version.proposed_by_id, ""), proposed_at=version.proposed_at,
        approver=names.get(version.approved_by_id, ""), in_force_at=version.in_force_at,
        declined_at=version.declined_at, frozen_at=version.frozen_at,
        document_hash=version.document_hash,
    )


def find_draft_row(contest_id):
    """The draft's row, or None."""
    return db.session.get(PlanDraft, contest_id)


def get_draft(contest_id):
    """The draft, or the plan in force as a draft that nobody has touched (rev 0)."""
    row = find_draft_row(contest_id)
    if row is None:
        current = plan_in_force(contest_id)
        return Draft(
            plan_document(current.plan), current.plan, 0, current.number, None, "",
        )
    writer = db.session.get(User, row.changed_by_id) if row.changed_by_id else None
    return Draft(
        row.document, loose_plan(row.document), row.rev, row.based_on, row.changed_at,
        writer.name if writer else "",
    )


def loose_plan(document):
    """A Plan from a document whose fields can be read though its sums may be wrong."""
    problems = []
    plan = PLAN.read("", document, problems)
    if problems:
        raise ValueError(f"a draft must always be readable: {problems[0]}")
    return plan


def marked_keys(contest_id):
    """Pairs (module key, aspect key) that have marks, as later areas tell."""
    return set().union(*(tell(contest_id) for tell in MARKED_KEYS))


def marked_modules_of_stage(contest):
    """The keys of the modules of the stage being held that have marks: it is not simply left."""
    own = {module.key for module in plan_in_force(contest.id).plan.modules_of_stage(contest.stage)}
    return own & {module for module, _ in marked_keys(contest.id)}


def desk_notes(contest_id):
    """What every area has to say on the contest's desk, in the order of the contest's life."""
    notes = _own_notes(contest_id)
    for tell in DESK_NOTES:
        notes += tell(contest_id)
    return notes


def procedure_of(contest):
    """How this contest goes from its scores to final results."""
    return procedure_from(contest.procedure)


def held_states(contest):
    """The optional states that this contest walks through in the stage being held."""
    force, chosen = find_plan_in_force(contest.id), procedure_of(contest)
    if force is None:
        return procedure_held(chosen, has_codes=chosen.decoding, is_last_stage=True)
    stages = [stage.key for stage in force.plan.stages]
    stage = contest.stage if contest.stage in stages else stages[-1]
    is_blind = any(m.blind and m.entry == "sheets" for m in force.plan.modules_of_stage(stage))
    has_codes = is_blind and (chosen.decoding or any(ask(contest.id, stage) for ask in CODES_DRAWN))
    return procedure_held(chosen, has_codes, stage == stages[-1])


def step_takers(contest, step):
    """(roles of whom takes a step, roles of the second person), as this contest is arranged."""
    tell = STEP_TAKERS.get(step.act)
    return (tell and tell(contest)) or (step.roles, step.second)


def step_problems(contest, step):
    """Every Note that stands in the way of a step: of the desk, and of the areas that were asked."""
    return [note for note in step_notes(contest, step) if note.kind != "confirm"]


def step_notes(contest, step):
    """As step_problems, and what one person may pass over ("confirm")."""
    notes = desk_notes(contest.id) if step.act in FORWARD else []
    problems = [note for note in notes if note.blocks == step.to]
    signals.step_asked.send(step.act, contest_id=contest.id, to=step.to, problems=problems)
    return problems


def _own_notes(contest_id):
    notes = []
    current = find_plan_in_force(contest_id)
    if current is None:
        notes.append(rules.Note(
            N_("The contest has no plan in force yet."), endpoint="setup.show_plan", kind="todo",
            blocks="registration",
        ))
    if proposal := find_proposal(contest_id):
        text = N_("Version %(number)s of the plan waits for a second person.")
        notes.append(rules.Note(text, {"number": proposal.number}, "setup.show_plan", "warn"))
    notes += _organiser_notes(get_contest(contest_id))
    notes += _chain_notes(contest_id)
    if find_draft_row(contest_id) is not None:
        text = N_("There is a draft of the plan that is not in force.")
        notes.append(rules.Note(text, {}, "setup.edit_plan", "todo"))
    return notes


def _organiser_notes(contest):
    """Told while it is easy: who becomes organiser after the first mark is not the second person."""
    if contest.state in ("setup", "registration") and len(people_with_role("organiser", contest.id)) < 2:
        yield rules.Note(N_(
            "There is one organiser only. Results become final by two: give the role to a second "
            "person before the first mark."), {}, "accounts.list_accounts", "warn")


def _chain_notes(contest_id):
    check = chain_queries.last_check(contest_id)
    if check is not None and check.problems:
        yield rules.Note(
            N_("The chain over the ledger and the trail is broken: rows were changed past the program."),
            {}, "audit.show_chain", "warn",
        )
    if misfits := chain_queries.list_misfits(contest_id):
        yield rules.Note(
            N_("Heads that tablets or papers show and that are not on the chain: %(count)s (%(heads)s)."),
            {"count": len(misfits), "heads": joined([f"{one.seq}·{one.hash[:8]}" for one in misfits])},
            "audit.show_chain", "warn",
        )
    if settled := chain_queries.list_settled(contest_id):
        text = N_("Heads that are not on the chain and for which two people vouch: %(count)s.")
        yield rules.Note(text, {"count": len(settled)}, "audit.show_chain")


def has_draft(contest_id):
    """True when a draft of the plan is being written."""
    return find_draft_row(contest_id) is not None


def document_of(version_id):
    """The canonical document of a version, whatever form it was stored in; Missing when none."""
    return plan_document(plan_of_version(version_id).plan)


def check_module_counts(contest_id, key):
    """Conflict when a module, part or stage belongs to a stage before the one that is being held."""
    rules.check_still_counts(plan_in_force(contest_id).plan, get_contest(contest_id).stage, key)
