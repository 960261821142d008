"""Commands about the installation: making it, serving it, its accounts."""

import click
from flask.cli import AppGroup, with_appcontext
from flask_migrate import upgrade
from sqlalchemy.exc import DBAPIError

from contest.accounts import account_actions as accounts
from contest.accounts import actions, queries
from contest.accounts.forms import NewPerson
from contest.accounts.rules import ROLES
from contest.commands.terminal import ORGANISER, contest_of, ports_to_use, writes
from contest.errors import Conflict


@click.command()
@click.option("--code/--no-code", default=True,
              help="Print a set-up code; contest serve prints one too.")
@writes
def init(code):
    """Make or update the database; an empty installation gets a one-time set-up code."""
    upgrade()
    click.echo("The database is ready.")
    if code and not queries.has_any_user():
        click.echo(f"Set-up code: {actions.issue_set_up_code()}")
        click.echo("Open /set-up at the office's address and type it: whoever does becomes the")
        click.echo("organiser. contest serve prints the whole address and a new code.")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port of the office.")
@click.option("--board-port", type=int, help="Port of the public board; the next one if not given.")
def serve(host, port, board_port):
    """Start the office and the public board; Ctrl-C stops both.

    Prints their addresses and, as long as the installation is empty, a new set-up code.
    """
    from contest.serving import serve as start

    port, board_port = ports_to_use(host, port, board_port)
    start(host=host, port=port, board_port=board_port, told=_say_where)


def _say_where(office, board):
    """Print the addresses; for an empty installation also how its first organiser comes in."""
    from contest import create_app

    click.echo(f"Office: {office}/")
    click.echo(f"Public board: {board}/")
    with create_app().app_context():
        try:
            code = actions.issue_set_up_code()
        except Conflict:  # it has been set up
            return
        except DBAPIError as wrong:
            raise click.ClickException("The database is not ready: run contest init.") from wrong
    click.echo(f"Set-up code: {code}")
    click.echo(f"Open {office}/set-up and type it: whoever does becomes the organiser.")


user = AppGroup("user", help="Accounts: list, add, give a new password.")


@user.command("list")
@with_appcontext
def list_users():
    """List every account with the roles it holds everywhere."""
    for line in queries.list_accounts(None):
        state = "" if line.is_active else "  (switched off)"
        click.echo(f"{line.login:<20}{line.name}  {', '.join(line.roles)}{state}")


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
    click.echo(f"Password: {password}" if password else "The account existed; the roles were added.")


@user.command("password")
@click.argument("login")
@writes
def give_password(login):
    """Give an account a new one-time password; its sessions end."""
    found = queries.find_user(login)
    if found is None:
        raise click.ClickException("There is no such account.")
    click.echo(f"Password: {accounts.give_new_password(ORGANISER, found.id)}")


commands = [init, serve, user]
