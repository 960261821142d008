"""Sheets as PDF files for the printer."""

from flask import Response, request, url_for

from contest.accounts.guards import needs
from contest.documents import MIMETYPES, mark_sheets_pdf
from contest.pages import language
from contest.paper import papers, print_queries, rules
from contest.paper.blueprint import bp
from contest.setup.queries import get_contest

PRINTERS = ("organiser", "chief_judge", "supervisor")


@bp.get("/print/sheets/<sheet_number>.pdf")
@needs(*PRINTERS)
def print_sheet(contest_id, sheet_number):
    """One sheet, empty, or with `copy=1` as a copy of what is stored."""
    sheet_id = rules.sheet_at(sheet_number)
    page = print_queries.one_page(contest_id, sheet_id, _is_copy())
    return _as_file(contest_id, [page], rules.number_of(sheet_id))


@bp.get("/print/modules/<module_key>.pdf")
@needs(*PRINTERS)
def print_module(contest_id, module_key):
    """All sheets of a module, or with `judge` those of one; `part` when they fill several files."""
    pages = print_queries.pages(
        contest_id, module_key, request.args.get("judge", type=int),
        request.args.get("part", 1, type=int), _is_copy(),
    )
    return _as_file(contest_id, pages, module_key)


def _is_copy():
    return request.args.get("copy") == "1"


def _as_file(contest_id, pages, name):
    sheets = [
        papers.printed_sheet(
            page,
            url_for(".show_entry", contest_id=contest_id, sheet_number=page.about.number,
                    _external=True),
            language(),
        )
        for page in pages
    ]
    slug = get_contest(contest_id).slug
    return Response(
        mark_sheets_pdf(sheets, language()), mimetype=MIMETYPES["pdf"],
        headers={"Content-Disposition": f'attachment; filename="{slug}-{name}.pdf"'},
    )
