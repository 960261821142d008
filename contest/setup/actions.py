"""Making a contest, and taking it from one step of its life to the next."""

from contest import clock, signals
from contest.accounts.queries import get_user
from contest.accounts.tickets import grant
from contest.audit.chaining import note_record
from contest.audit.work import work
from contest.db import db
from contest.errors import Invalid, Missing
from contest.scoring.scheme_reading import plan_document, plan_hash
from contest.setup import queries, rules, step_rules
from contest.setup.hiding import check_may_turn
from contest.setup.models import Contest, PlanVersion
from contest.setup.plan_files import plan_from_text
from contest.setup.presets import find_preset
from contest.setup.procedure_rules import SHORT, stored_form
from contest.setup.stepping import check_step, go

DETAILS = ("name", "name_en", "slug", "host", "place", "starts_on", "ends_on")


def create_contest_from_preset(actor, details, preset_key, procedure=SHORT):
    """A new contest with a preset's plan in force; returns it."""
    preset = find_preset(preset_key)
    if preset is None:
        raise Missing("There is no such preset.")
    return create_contest(actor, details, preset.plan, f"preset {preset_key}", procedure=procedure)


def create_contest_from_copy(actor, details, contest_id, procedure=SHORT):
    """A new contest with the plan that is in force in another one; returns it."""
    current = queries.plan_in_force(contest_id)
    return create_contest(
        actor, details, current.plan, f"contest {contest_id}, version {current.number}", contest_id,
        procedure,
    )


def create_contest_from_text(actor, details, text, procedure=SHORT):
    """A new contest with the plan in a TOML text; BadPlan with every problem; returns it."""
    return create_contest(actor, details, plan_from_text(text), "plan file", procedure=procedure)


def create_contest(actor, details, plan, source, copied_from_id=None, procedure=SHORT):
    """A new contest with this plan as version 1, in force at once; its maker is its organiser."""
    _check_slug_is_free(details.slug)
    contest = Contest(
        **{name: getattr(details, name) for name in DETAILS},
        stage=plan.stages[0].key, created_at=clock.now(), copied_from_id=copied_from_id,
        procedure=stored_form(procedure),
    )
    with work(
        actor, "contest.create", subject=details.slug, source=source, procedure=procedure.name
    ) as facts:
        db.session.add(contest)
        db.session.flush()
        facts["contest"] = contest.id
        version = PlanVersion(
            contest_id=contest.id, number=1, document=plan_document(plan),
            document_hash=plan_hash(plan), proposed_by_id=actor.user_id,
            proposed_at=clock.now(), in_force_at=clock.now(),
        )
        db.session.add(version)
        _make_organiser(actor, contest)
        facts["plan_hash"] = version.document_hash
        note_record(contest.id, "genesis", {})
    return contest


def _make_organiser(actor, contest):
    if actor.user_id is None:
        return  # a program made it; whoever is organiser of the installation sees it
    user = get_user(actor.user_id)
    if not any(g.role == "organiser" and g.contest_id is None for g in user.grants):
        grant(user, "organiser", contest.id, user.id)


def _check_slug_is_free(slug, but_contest_id=None):
    if queries.has_slug(slug, but_contest_id):
        taken = Invalid("Another contest has this short name.")
        raise Invalid("Please check the marked fields.", fields={"slug": taken})


def change_details(actor, contest_id, details):
    """Change a contest's name, dates and place."""
    contest = queries.get_contest(contest_id)
    _check_slug_is_free(details.slug, contest_id)
    old = {name: _plain(getattr(contest, name)) for name in DETAILS}
    new = {name: _plain(getattr(details, name)) for name in DETAILS}
    changed = [name for name in DETAILS if old[name] != new[name]]
    with work(
        actor, "contest.change", contest_id=contest_id, subject=contest.slug,
        old={name: old[name] for name in changed}, new={name: new[name] for name in changed},
    ):
        for name in DETAILS:
            setattr(contest, name, getattr(details, name))


def _plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else value


def take_step(actor, contest_id, to):
    """Take the contest to the next step that its desk offers; Conflict says what must be done first."""
    contest = get_contest_for_change(contest_id)
    step = step_rules.get_desk_step(contest.state, to, queries.held_states(contest))
    check_step(actor, contest, step.act, to)
    with work(
        actor, "contest.step", contest_id=contest_id, subject=contest.slug,
        tell=signals.board_changed, old=contest.state, new=to,
    ):
        go(contest, to)


def hold_stage(actor, contest_id, stage):
    """Say which stage of the plan is being held now."""
    contest = get_contest_for_change(contest_id)
    plan = queries.plan_in_force(contest_id).plan
    if stage not in {s.key for s in plan.stages}:
        raise Missing("The plan has no such stage.")
    rules.check_stage_is_open(contest.state)
    rules.check_stage_is_unmarked(queries.marked_modules_of_stage(contest))
    with work(
        actor, "contest.stage", contest_id=contest_id, subject=contest.slug,
        tell=signals.board_changed, old=contest.stage, new=stage,
    ):
        contest.stage = stage


def show_to_public(actor, contest_id, is_public):
    """Let the public see this contest, or hide it; Conflict while that may not be (setup.hiding)."""
    contest = get_contest_for_change(contest_id)
    check_may_turn(contest_id, is_public)
    with work(
        actor, "contest.public", contest_id=contest_id, subject=contest.slug,
        tell=signals.board_changed, old=contest.is_public, new=is_public,
    ):
        contest.is_public = is_public


def get_contest_for_change(contest_id):
    """The contest's row, held against others who would change it at the same moment; or Missing."""
    contest = db.session.get(Contest, contest_id, with_for_update=True)
    if contest is None:
        raise Missing("There is no such contest.")
    return contest
