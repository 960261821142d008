"""The catalogue of question banks on pages, and which banks a module's papers were drawn from."""


from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest import clock
from contest.accounts.guards import needs
from contest.errors import Conflict, Invalid
from contest.numbers import read_whole, whole
from contest.pages import show
from contest.people.rules import SKILL_LEVELS
from contest.people.tables import FILE_MOST
from contest.setup.queries import get_contest
from contest.theory import bank_actions, bank_queries, bank_rules, queries
from contest.theory.blueprint import READERS, WRITERS, actor, bp

KEEPERS = ("curator", "organiser")


def _today():
    return clock.today()


@bp.get("/question-banks")
@needs(*KEEPERS, everywhere=True)
def list_banks():
    """The catalogue: trades, what is looked for, and the file that brings more."""
    return _list_banks()


def _list_banks(refused=None):
    typed = {key: request.args.get(key, "").strip() for key in ("words", "trade", "grade", "sha256")}
    try:
        typed["sha256"] = bank_rules.read_sha256(typed["sha256"])
    except Invalid as wrong:
        refused = refused or wrong
    today = _today()
    page = max(1, request.args.get("page", 1, type=whole))
    search = bank_queries.BankSearch(**typed, day=today if request.args.get("in_force") else None)
    rows, count = bank_queries.find_banks(search, page)
    return show(
        "theory/list_banks.html", status=refused.status if refused else 200, refused=refused,
        problems=getattr(refused, "problems", ()), field_errors=getattr(refused, "fields", {}), rows=rows,
        count=count, page=page, search=search,
        pages=max(1, -(-count // bank_queries.PAGE_SIZE)), trades=bank_queries.trades(),
        grades=SKILL_LEVELS, columns=bank_rules.COLUMNS, today=today, is_in_force=bank_rules.is_in_force,
    )


@bp.post("/question-banks")
@needs(*KEEPERS, everywhere=True)
def import_banks():
    """A list of banks is taken in, all of it or nothing."""
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Invalid("Choose a file first.", fields={"file": Invalid("Choose a file first.")})
        counts = bank_actions.import_banks(actor(), sent.stream.read(FILE_MOST + 1), sent.filename)
    except (Invalid, Conflict) as refused:
        return _list_banks(refused)
    flash(gettext("%(new)s new, %(changed)s changed, %(unchanged)s unchanged.", **counts), "good")
    return redirect(url_for(".list_banks"), 303)


@bp.get("/question-banks/trade")
@needs(*KEEPERS, everywhere=True)
def show_trade():
    """The banks of one trade, grade by grade, with those that are not in force any more."""
    trade = request.args.get("trade", "").strip()
    return show(
        "theory/show_trade.html", trade=trade, banks=bank_queries.banks_of_trade(trade), grades=SKILL_LEVELS,
        today=_today(), is_in_force=bank_rules.is_in_force,
    )


@bp.get("/contests/<int:contest_id>/theory/<module_key>/banks")
@needs(*READERS)
def show_banks(contest_id, module_key):
    """From which banks a module's papers were drawn, and which may be named."""
    return _show_banks(contest_id, module_key)


def _show_banks(contest_id, module_key, refused=None):
    contest, module = get_contest(contest_id), queries.get_module(contest_id, module_key)
    chosen = bank_queries.drawn(contest_id, module_key).get(module_key, [])
    return show(
        "theory/show_banks.html", status=refused.status if refused else 200, contest=contest, module=module,
        refused=refused, chosen=chosen, chosen_ids={one.id for one in chosen}, grades=SKILL_LEVELS,
        candidates=bank_queries.candidates(contest_id, module_key, contest.starts_on or _today()),
        trades=bank_queries.trades_of_entrants(contest_id), may_write=_may_write(contest),
    )


def _may_write(contest):
    return g.person.has_any(WRITERS, contest.id) and contest.state not in ("final", "archived")


@bp.post("/contests/<int:contest_id>/theory/<module_key>/banks")
@needs(*WRITERS)
def name_banks(contest_id, module_key):
    """Say from which banks the papers were drawn."""
    try:
        bank_actions.name_banks(
            actor(), contest_id, module_key, [read_whole(one, 0) for one in request.form.getlist("bank")]
        )
    except (Invalid, Conflict) as refused:
        return _show_banks(contest_id, module_key, refused)
    return redirect(url_for(".show_banks", contest_id=contest_id, module_key=module_key), 303)
