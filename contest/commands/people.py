"""Commands about people: lists that come in, cards that go out."""

import click
from flask import current_app
from flask.cli import AppGroup

from contest.accounts import account_actions as accounts
from contest.commands.terminal import (
    ORGANISER,
    TERMINAL,
    bar,
    contest_of,
    file_argument,
    say,
    say_counts,
    say_problems,
    slug_argument,
    write_out,
    writes,
)
from contest.documents import Card, cards_pdf
from contest.errors import Invalid, Missing
from contest.i18n import N_
from contest.people import judge_actions, queries, roster_actions
from contest.theory import actions as theory

import_group = AppGroup("import", help="Read a roster, a list of judges or scores from a file.")


def _taking(upload, confirm, file):
    """Upload and confirm; a bad list is refused with every cell, and nothing is stored."""
    try:
        pending = upload(file.read(), file.name)
    except roster_actions.BadList as refused:
        say_problems(refused.problems)
        raise
    say_counts(confirm(pending))


@import_group.command("roster")
@slug_argument
@file_argument
@writes
def import_roster(slug, file):
    """Read contestants from an xlsx, xls, ods or csv file."""
    contest_id = contest_of(slug).id
    _taking(
        lambda data, name: roster_actions.upload_roster(TERMINAL, contest_id, data, name),
        lambda pending: roster_actions.confirm_roster(
            TERMINAL, contest_id, pending, progress=bar
        ),
        file,
    )


@import_group.command("judges")
@slug_argument
@file_argument
@writes
def import_judges(slug, file):
    """Read judges from an xlsx, xls, ods or csv file; each gets an account."""
    contest_id = contest_of(slug).id
    _taking(
        lambda data, name: judge_actions.upload_judges(TERMINAL, contest_id, data, name),
        lambda pending: judge_actions.confirm_judges(TERMINAL, contest_id, pending, bar),
        file,
    )


@import_group.command("scores")
@slug_argument
@click.argument("module")
@file_argument
@click.option("--reason", default="", help="Why recorded scores change; needed where any does.")
@writes
def import_scores(slug, module, file, reason):
    """Read the scores of a module, such as the theory paper."""
    contest_id = contest_of(slug).id
    _taking(
        lambda data, name: theory.upload_scores(TERMINAL, contest_id, module, data, name),
        lambda pending: theory.confirm_scores(TERMINAL, contest_id, module, pending, reason, bar),
        file,
    )


@click.command("judge-cards")
@slug_argument
@click.option("--address", help="How tablets reach this server; CONTEST_ADDRESS when not given.")
@click.option("--output", "-o", default="judge-cards.pdf", show_default=True, type=click.Path(),
              help="The file of the cards.")
@click.option("--pins", default="judge-pins.pdf", show_default=True, type=click.Path(),
              help="The file of the PINs.")
@writes
def judge_cards(slug, address, output, pins):
    """Issue a card and a PIN to every judge and print them; earlier cards stop working."""
    contest = contest_of(slug)
    base = _base(address)
    judges = queries.list_judges(contest.id)
    if not judges:
        raise Missing("There are no judges in this contest.")
    issued = accounts.issue_cards(ORGANISER, [judge.user_id for judge in judges], contest.id, bar)
    # PINs lie on paper of their own: who finds a lost card has no PIN.
    write_out(output, cards_pdf([_card(user, f"{base}/enter/{token}") for user, token, _ in issued],
                                contest.name))
    write_out(pins, cards_pdf([_slip(user, pin) for user, _, pin in issued], contest.name))
    say(N_("%(file)s: cards: %(count)s"), file=output, count=len(issued))
    say(N_("%(file)s: PINs: %(count)s"), file=pins, count=len(issued))
    say(N_("The codes on the cards lead to %(address)s."), address=base)


def _base(address):
    """The address that goes on the cards; without one no card is issued."""
    base = (address or current_app.config["ADDRESS"]).rstrip("/")
    if not base:
        raise Invalid("Say how tablets reach this server: --address http://…, or set CONTEST_ADDRESS.")
    if not base.startswith(("http://", "https://")):
        raise Invalid("An address begins with http:// or https://.")
    return base


def _card(user, url):
    return Card(user.name, "评分裁判 Judge", url, short_url=url, note=user.login)


def _slip(user, pin):
    return Card(user.name, "PIN", code=pin, note=user.login)


commands = [import_group, judge_cards]
