"""The exported ledger as a download: what the second scorer, or anybody else, counts from."""

from flask import Response, request

from contest.accounts.guards import needs
from contest.judging import blind_queries
from contest.results import rules, verification_queries
from contest.results.blueprint import bp

EXPORTERS = ("organiser", "chief_judge", "supervisor")


@bp.get("/contests/<int:contest_id>/results/ledger.zip")
@needs(*EXPORTERS)
def download_ledger(contest_id):
    """Plan, marks and entrants as files, with the figures that the program makes of them."""
    rules.check_marks_known(_hides_marks(contest_id))
    name, data = verification_queries.zipped_ledger(contest_id, request.args.get("stage"))
    return Response(
        data, mimetype="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _hides_marks(contest_id):
    """While blind modules are open, nobody reads single marks beside entry numbers.

    The trail tells the same marks under codes: together they would say whose code it is.
    """
    return blind_queries.hides_names(contest_id)
