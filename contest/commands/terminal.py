"""Who acts when a command is typed, and how a command finds its contest."""

from functools import wraps

import click
from flask.cli import with_appcontext

from contest.accounts.rules import Person
from contest.audit.work import Actor
from contest.db import about_to_write
from contest.serving import taken_port
from contest.setup import queries

# Whoever can type commands on the server has the organiser's rights; the trail says how it was done.
TERMINAL = Actor(None, "command line")
ORGANISER = Person(
    user_id=None, name="command line", session_id=0, grants=frozenset({("organiser", None)})
)

slug_argument = click.argument("slug")
file_argument = click.argument("file", type=click.File("rb"))


def writes(command):
    """Run a command inside the application, with the database's write lock taken at the start."""

    @wraps(command)
    def run(*args, **kwargs):
        about_to_write()
        return command(*args, **kwargs)

    return with_appcontext(run)


def ports_to_use(host, port, board_port):
    """The ports of office and board (the next one when None); a sentence ends it where one is taken."""
    ports = port, board_port or port + 1
    taken = taken_port(host, ports)
    if taken is not None:
        raise click.ClickException(
            f"Port {taken} on {host} is taken by another program. End that one, or choose others "
            "with --port and --board-port (make: PORT=… BOARD_PORT=…)."
        )
    return ports


def contest_of(slug):
    """The contest with this word in its address; Missing says the sentence."""
    return queries.get_contest_by_slug(slug)


def say_problems(problems):
    """Print the cells that cannot be taken, one a line."""
    for problem in problems:
        where = f"{problem.row or ''}{':' + problem.column if problem.column else ''}"
        click.echo(f"  {where}  {problem}", err=True)


def write_out(output, data):
    """Write bytes to the file named, or to standard output when it is -."""
    with click.open_file(output, "wb") as file:
        file.write(data)
