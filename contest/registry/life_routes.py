"""A craftsman's works, ties and studios on the curator's page; studios and alliances in public."""

from flask import redirect, request, url_for

from contest import clock
from contest.accounts.guards import needs, open_to_all
from contest.errors import Conflict, Invalid
from contest.numbers import read_whole
from contest.pages import show
from contest.people.person_queries import known_people
from contest.registry import life_actions, life_queries, life_rules, queries
from contest.registry.blueprint import actor, bp


@bp.get("/register/studios")
@open_to_all
def list_studios():
    """Studios named for craftsmen, with their figures and alliances."""
    studios = life_queries.studios()
    totals = {key: sum(getattr(one, key) for one in studios) for key in life_rules.FIGURES}
    return show("registry/list_studios.html", studios=studios, figures=life_rules.FIGURES, totals=totals)


@bp.get("/curation/craftsmen/<token>/life")
@needs("curator")
def show_life(token):
    """Everything that is entered of one craftsman beside honours and levels."""
    return _show_life(token)


def _show_life(token, refused=None):
    craftsman = queries.get_craftsman(token)
    masters, apprentices = life_queries.ties_of(craftsman.human_id)
    text = request.args.get("text", "") or request.form.get("text", "")
    return show(
        "registry/show_life.html", status=refused.status if refused else 200, craftsman=craftsman,
        works=life_queries.works_of(craftsman.id), masters=masters, apprentices=apprentices,
        studios=life_queries.studios_of(craftsman.id), alliances=life_queries.alliances(),
        kinds=life_rules.KINDS, figures=life_rules.FIGURES, text=text.strip(),
        found=[one for one in known_people(text) if one.human.id != craftsman.human_id],
        refused=refused, values=request.form, field_errors=getattr(refused, "fields", {}),
        today=clock.today(),
    )


def _act(token, act):
    try:
        act()
    except (Invalid, Conflict) as refused:
        return _show_life(token, refused)
    return redirect(url_for("registry.show_life", token=token), 303)


@bp.post("/curation/craftsmen/<token>/works")
@needs("curator")
def add_work(token):
    return _act(token, lambda: life_actions.add_work(actor(), token, request.form))


@bp.post("/curation/craftsmen/<token>/works/<int:work_id>/remove")
@needs("curator")
def remove_work(token, work_id):
    reason = request.form.get("reason", "")
    return _act(token, lambda: life_actions.remove_work(actor(), token, work_id, reason))


@bp.post("/curation/craftsmen/<token>/ties")
@needs("curator")
def add_tie(token):
    form = request.form
    return _act(token, lambda: life_actions.add_tie(
        actor(), token, form.get("tie_role", ""), read_whole(form.get("person") or "", 0), form.get("since"),
        form.get("document_number", ""),
    ))


@bp.post("/curation/craftsmen/<token>/ties/<int:tie_id>/remove")
@needs("curator")
def remove_tie(token, tie_id):
    reason = request.form.get("reason", "")
    return _act(token, lambda: life_actions.remove_tie(actor(), token, tie_id, reason))


@bp.post("/curation/craftsmen/<token>/studios")
@needs("curator")
def save_studio(token):
    return _act(token, lambda: life_actions.save_studio(actor(), token, request.form))


@bp.post("/curation/studios/<int:studio_id>/alliance")
@needs("curator")
def join_alliance(studio_id):
    studio, form = life_queries.get_studio(studio_id), request.form
    return _act(studio.craftsman.token, lambda: life_actions.join_alliance(
        actor(), studio_id, form.get("alliance_name", ""), form.get("founded_on")
    ))
