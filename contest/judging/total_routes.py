"""The door where a tablet compares what it handed in with what the server holds."""

from flask import g, request

from contest.accounts.guards import needs
from contest.audit.work import Actor
from contest.judging import total_actions, total_forms, total_queries
from contest.judging.blueprint import bp
from contest.judging.sender import check_tablet
from contest.pages import csrf

MOST_BYTES = 512 * 1024
# For the whole page of tablets alone: the piece that is asked every twenty seconds does without.
bp.add_app_template_global(total_queries.list_totals, "sheet_totals")


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
