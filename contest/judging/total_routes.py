"""The door where a tablet compares what it handed in, and the page where what does not agree is settled."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.accounts.reentry import proven_actor
from contest.audit.work import Actor
from contest.errors import Invalid
from contest.judging import disagreement_queries, total_actions, total_forms, total_queries, total_rules
from contest.judging.blueprint import bp
from contest.judging.chief_routes import WATCHERS
from contest.judging.number_rules import OVER_STATES
from contest.judging.sender import check_tablet
from contest.pages import csrf, show
from contest.setup.queries import get_contest

MOST_BYTES = 512 * 1024
# For the whole page of tablets alone: the piece that is asked every twenty seconds does without.
bp.add_app_template_global(total_queries.list_totals, "sheet_totals")
bp.add_app_template_global(disagreement_queries.left_of, "total_left")


@csrf.exempt
@bp.post("/api/v1/tablets/totals")
@needs("judge")
def post_totals():
    """Keep what a tablet handed in, by its own operations; answer what the ledger holds of its judge."""
    check_tablet()
    request.max_content_length = MOST_BYTES
    device_id, name, told = total_forms.totals_from_json(request.get_data())
    found = total_actions.note_totals(Actor(g.person.user_id, g.person.name), device_id, name, told)
    return {
        "contests": [
            {
                "contest": contest_id, "count": total.count, "digest": total.digest,
                "sheets": [
                    {"sheet": one.sheet_id, "latest": one.latest, "rev": one.rev, "digest": one.digest}
                    for one in held.values()
                ],
            } for contest_id, (total, held) in found.items()
        ],
    }


@bp.get("/contests/<int:contest_id>/chief/totals/<int:total_id>")
@needs(*WATCHERS)
def show_total(contest_id, total_id):
    """What one tablet told of what its judge handed in, and what the chief judge said of it."""
    return _show(contest_id, total_id)


def _show(contest_id, total_id, refused=None):
    contest, row = get_contest(contest_id), disagreement_queries.get_total(contest_id, total_id)
    left = disagreement_queries.left_of(row)
    return show(
        "judging/total.html", status=refused.status if refused else 200, refused=refused, contest=contest,
        row=row, code=total_rules.code_of(row.digest),
        sheets=disagreement_queries.sheet_words(contest_id, left),
        rulings=[
            (one, disagreement_queries.sheet_words(contest_id, one.wrong))
            for one in disagreement_queries.rulings_on(row)
        ],
        seal=total_rules.seal(left), values=request.form,
        may_act=g.person.has_any(("chief_judge",), contest_id) and contest.state not in OVER_STATES,
    )


@bp.post("/contests/<int:contest_id>/chief/totals/<int:total_id>")
@needs("chief_judge")
def settle_total(contest_id, total_id):
    """The contest no longer waits for tablet and server to agree on this."""
    form = request.form
    try:
        total_actions.settle_total(
            proven_actor(g.person, form.get("word", "")), contest_id, total_id, form.get("reason"),
            form.get("seen", ""),
        )
    except Invalid as refused:
        return _show(contest_id, total_id, refused)
    flash(gettext("Settled: what this tablet says anew counts again."), "good")
    return redirect(url_for(".show_total", contest_id=contest_id, total_id=total_id), 303)
