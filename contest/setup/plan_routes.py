"""The plan as a document: reading it, its versions, what changed, files in and out."""

from flask import Response, flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs, open_to_all
from contest.accounts.reentry import proven_actor
from contest.audit.work import Actor
from contest.errors import Invalid
from contest.numbers import read_whole, whole
from contest.pages import language, show
from contest.setup import kept_marks, plan_actions, queries, rules, sentences
from contest.setup.blueprint import OFFICE, bp
from contest.setup.plan_changes import changes_between
from contest.setup.plan_files import read_plan_text
from contest.setup.plan_text import toml_of
from contest.setup.plan_words import CHOICES
from contest.setup.problem_words import with_names
from contest.setup.schema_text import schema_text
from contest.setup.scheme_picture import picture_of


@bp.get("/contests/<int:contest_id>/plan")
@needs(*OFFICE)
def show_plan(contest_id):
    return _show_plan(contest_id)


def _show_plan(contest_id, refused=None):
    contest = queries.get_contest(contest_id)
    current = queries.plan_in_force(contest_id)
    proposal, versions = queries.find_proposal(contest_id), queries.list_versions(contest_id)
    proposed = queries.plan_of_version(proposal.id).plan if proposal else None
    return show(
        "setup/show_plan.html", status=refused.status if refused else 200, contest=contest,
        version=current, plan=current.plan, picture=picture_of(current.plan), words=sentences,
        choices=CHOICES, versions=versions, version_options=_version_options(versions),
        proposal=proposal, changes=_changes(contest_id, current.number, proposal),
        proposed=proposed,
        touched=kept_marks.touched_aspects(current.plan, proposed, queries.marked_keys(contest_id))
        if proposed else [],
        problems=[
            with_names(problem, proposed or current.plan, language())
            for problem in getattr(refused, "problems", ())
        ],
        approvers=queries.approvers(contest_id, proposal) if proposal else [],
        refused=refused, is_frozen=queries.is_frozen(contest_id),
        is_organiser=g.person.has_role("organiser", contest_id),
        may_decide=g.person.has_any(rules.SECOND_PERSON, contest_id),
        is_open=contest.state in rules.PLAN_IS_OPEN_IN, values=request.form,
    )


def _version_options(versions):
    return [(v.number, gettext("Version %(number)s", number=v.number)) for v in versions]


def _changes(contest_id, number, proposal):
    if proposal is None:
        return []
    return _changes_between(contest_id, number, proposal.number)


def _changes_between(contest_id, older, newer):
    documents = [
        queries.document_of(queries.get_version(contest_id, number).id) for number in (older, newer)
    ]
    return [sentences.change_sentence(change) for change in changes_between(*documents)]


@bp.get("/contests/<int:contest_id>/plan/versions/<int:number>")
@needs(*OFFICE)
def show_version(contest_id, number):
    contest = queries.get_contest(contest_id)
    version = queries.plan_of_version(queries.get_version(contest_id, number).id)
    current = queries.plan_in_force(contest_id)
    older = max(1, number - 1) if number == current.number else current.number
    return show(
        "setup/show_version.html", contest=contest, version=version, plan=version.plan,
        picture=picture_of(version.plan), words=sentences, choices=CHOICES, current=current,
        line=next(v for v in queries.list_versions(contest_id) if v.number == number),
        older=older, changes=_changes_between(contest_id, older, number),
        is_organiser=g.person.has_role("organiser", contest_id),
    )


@bp.get("/contests/<int:contest_id>/plan/changes/<int:older>/<int:newer>")
@needs(*OFFICE)
def compare_versions(contest_id, older, newer):
    contest = queries.get_contest(contest_id)
    return show(
        "setup/compare_versions.html", contest=contest, older=older, newer=newer,
        changes=_changes_between(contest_id, older, newer),
        versions=queries.list_versions(contest_id),
    )


@bp.get("/contests/<int:contest_id>/plan/compare")
@needs(*OFFICE)
def choose_comparison(contest_id):
    queries.get_contest(contest_id)
    numbers = [request.args.get(name, 1, type=whole) for name in ("older", "newer")]
    return redirect(
        url_for("setup.compare_versions", contest_id=contest_id, older=numbers[0],
                newer=numbers[1])
    )


@bp.get("/contests/<int:contest_id>/plan/versions/<int:number>.toml")
@needs(*OFFICE)
def download_plan(contest_id, number):
    contest = queries.get_contest(contest_id)
    version = queries.plan_of_version(queries.get_version(contest_id, number).id)
    return Response(
        toml_of(version.plan), content_type="application/toml; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{contest.slug}-plan-{number}.toml"'
        },
    )


@bp.get("/plan.schema.json")
@open_to_all
def download_schema():
    """The format of a plan file for editors and other programs; nothing in it is a contest's."""
    return Response(schema_text(), content_type="application/schema+json")


@bp.get("/contests/<int:contest_id>/plan/upload")
@needs("organiser")
def choose_plan_file(contest_id):
    return _show_upload(contest_id, "")


@bp.post("/contests/<int:contest_id>/plan/upload")
@needs("organiser")
def upload_plan(contest_id):
    text = request.form.get("text", "")
    try:
        file = request.files.get("file")
        text = read_plan_text(file.read() if file else b"", text)
        plan_actions.load_text(_actor(), contest_id, text)
    except Invalid as refused:
        return _show_upload(contest_id, text, refused)
    flash(gettext("The plan was read without a fault. It is a draft until it is put in force."),
          "good")
    return redirect(url_for("setup.edit_plan", contest_id=contest_id), 303)


def _show_upload(contest_id, text, refused=None):
    return show(
        "setup/upload_plan.html", status=refused.status if refused else 200,
        contest=queries.get_contest(contest_id), text=text, refused=refused,
        problems=getattr(refused, "problems", ()), has_draft=queries.has_draft(contest_id),
    )


@bp.post("/contests/<int:contest_id>/plan/versions/<int:number>/load")
@needs("organiser")
def load_version(contest_id, number):
    plan_actions.load_version(_actor(), contest_id, number)
    return redirect(url_for("setup.edit_plan", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/plan/versions/<int:number>/approve")
@needs(*rules.SECOND_PERSON)
def approve_plan(contest_id, number):
    try:
        seen = read_whole(request.form.get("seen"))
        queries.get_version(contest_id, number)
        actor = proven_actor(g.person, request.form.get("word", ""))
        plan_actions.approve_plan(actor, contest_id, number, seen)
    except Invalid as refused:
        return _show_plan(contest_id, refused)
    flash(gettext("Version %(number)s is in force.", number=number), "good")
    return redirect(url_for("setup.show_plan", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/plan/versions/<int:number>/decline")
@needs(*rules.SECOND_PERSON)
def decline_plan(contest_id, number):
    try:
        plan_actions.decline_plan(_actor(), contest_id, number, request.form.get("reason", ""))
    except Invalid as refused:
        return _show_plan(contest_id, refused)
    flash(gettext("Version %(number)s is declined.", number=number), "good")
    return redirect(url_for("setup.show_plan", contest_id=contest_id), 303)


def _actor():
    return Actor(g.person.user_id, g.person.name)
