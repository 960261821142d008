"""Commands about the installation: making it, serving it, its accounts."""

import click
from flask_migrate import upgrade

from contest.accounts import actions as accounts
from contest.accounts import queries
from contest.audit.work import Actor
from contest.db import about_to_write

TERMINAL = Actor(None, "command line")


@click.command()
def init():
    """Make or update the database, and print the one-time set-up code of an empty installation."""
    about_to_write()
    upgrade()
    click.echo("The database is ready.")
    if not queries.has_any_user():
        click.echo(f"Set-up code: {accounts.issue_set_up_code()}")
        click.echo("Open /set-up and type it; whoever does becomes the organiser.")


commands = [init]
