"""Commands about the installation: making it, serving it, its accounts."""

import click
from flask.cli import AppGroup, with_appcontext
from flask_babel import gettext

from contest.accounts import account_actions as accounts
from contest.accounts import actions, factor_actions, queries
from contest.accounts.forms import NewPerson
from contest.accounts.rules import ROLES
from contest.backups.place import place_here
from contest.backups.upgrade_actions import take_over
from contest.commands.proof import tell_misfits
from contest.commands.terminal import (
    ORGANISER,
    TERMINAL,
    contest_of,
    needs_database,
    own_language,
    ports_to_use,
    reads,
    say,
    writes,
)
from contest.db import about_to_write, writing
from contest.errors import Conflict, Missing
from contest.i18n import N_
from contest.judging.tablet_actions import note_birth, note_start


@click.command()
@click.option("--code/--no-code", default=True,
              help="Print a set-up code; contest serve prints one too.")
@click.option("--despite-scoring", "reason", default="", metavar="REASON",
              help="Take an older database over although a contest is being scored; the trail keeps why.")
@with_appcontext
def init(code, reason):
    """Make or update the database; without an organiser there is a one-time set-up code.

    An older database is not taken over while a server runs on it, or while a contest is being scored.
    """
    old = take_over(place_here(), TERMINAL, reason.strip())
    about_to_write()
    note_birth()
    if old:
        say(N_("The database was taken over from %(old)s."), old=old)
        tell_misfits()
    say(N_("The database is ready."))
    if code and not queries.is_set_up():
        say(N_("Set-up code: %(code)s"), code=actions.issue_set_up_code())
        say(N_("Open /set-up at the office's address and type it: whoever does becomes the "
               "organiser. contest serve prints the whole address and a new code."))


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port of the office.")
@click.option("--board-port", type=int, help="Port of the public board; the next one if not given.")
def serve(host, port, board_port):
    """Start the office and the public board; Ctrl-C stops both.

    Prints their addresses and, as long as there is no organiser, a new set-up code.
    """
    from contest import create_app
    from contest.serving import serve as start

    port, board_port = ports_to_use(host, port, board_port)
    with create_app().app_context():
        needs_database()
        with writing():
            note_start()
    start(host=host, port=port, board_port=board_port, told=say_where)


def say_where(office, board):
    """Print the addresses; without an organiser also how the first organiser comes in."""
    from contest import create_app

    with create_app().app_context():
        say(N_("Office: %(address)s"), address=f"{office}/")
        say(N_("Public board: %(address)s"), address=f"{board}/")
        try:
            code = actions.issue_set_up_code()
        except Conflict:  # it has been set up
            return
        say(N_("Set-up code: %(code)s"), code=code)
        say(N_("Open %(address)s and type it: whoever does becomes the organiser."),
            address=f"{office}/set-up")


user = AppGroup("user", help="Accounts: list, add, give a new password.")


@user.command("list")
@reads
def list_users():
    """List every account with the roles it holds everywhere."""
    for line in queries.list_accounts(None):
        with own_language():
            roles = ", ".join(gettext(ROLES[role]) for role in line.roles)
            state = "" if line.is_active else "  " + gettext("(switched off)")
        click.echo(f"{line.login:<20}{line.name}  {roles}{state}")


@user.command("add")
@click.argument("login")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(list(ROLES)),
              help="May be given several times.")
@click.option("--contest", "slug", help="Only in this contest; otherwise everywhere.")
@writes
def add_user(login, name, roles, slug):
    """Add an account and print its one-time password."""
    contest_id = contest_of(slug).id if slug else None
    new = NewPerson(login=login, name=name, roles=tuple(roles))
    _, password = accounts.add_person(ORGANISER, new, contest_id)
    if password:
        say(N_("Password: %(password)s"), password=password)
    else:
        say(N_("The account existed; the roles were added."))


@user.command("password")
@click.argument("login")
@writes
def give_password(login):
    """Give an account a new one-time password; its sessions end."""
    found = queries.find_user(login)
    if found is None:
        raise Missing("There is no such account.")
    say(N_("Password: %(password)s"), password=accounts.give_new_password(ORGANISER, found.id))


@user.command("reset-factor")
@click.argument("login")
@click.option("--reason", required=True, help="Why; the trail keeps it.")
@writes
def reset_factor(login, reason):
    """Take away an account's lost second factor where no two others can; its sessions end."""
    found = queries.find_user(login)
    if found is None:
        raise Missing("There is no such account.")
    factor_actions.reset(TERMINAL, None, found.id, reason)
    say(N_("The second factor was taken away; the person signs in without one."))


commands = [init, serve, user]
