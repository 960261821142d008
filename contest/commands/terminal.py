"""Who acts when a command is typed, and how a command finds its contest."""

import sys
from functools import wraps

import click
from flask.cli import with_appcontext
from flask_babel import force_locale, gettext

from contest import config, pages
from contest.accounts.rules import Person
from contest.audit.work import Actor
from contest.commands.database import what_is_wrong
from contest.db import about_to_write
from contest.i18n import N_
from contest.serving import taken_port
from contest.setup import queries

# Whoever can type commands on the server has the organiser's rights; the trail says how it was done.
TERMINAL = Actor(None, "command line")
ORGANISER = Person(
    user_id=None, name="command line", session_id=0, grants=frozenset({("organiser", None)})
)

slug_argument = click.argument("slug")
file_argument = click.argument("file", type=click.File("rb"))


class NotReady(click.ClickException):
    """Ends a command with one sentence and exit code 2."""

    exit_code = 2


def needs_database():
    """End the command with a sentence where there is no database that it could work on."""
    with own_language():
        sentence = what_is_wrong()
    if sentence:
        raise NotReady(sentence)


def reads(command):
    """Run a command inside the application, on a database that is there."""

    @wraps(command)
    def run(*args, **kwargs):
        needs_database()
        return command(*args, **kwargs)

    return with_appcontext(run)


def writes(command):
    """Run a command likewise, with the database's write lock taken at the start."""

    @wraps(command)
    def run(*args, **kwargs):
        needs_database()
        about_to_write()
        return command(*args, **kwargs)

    return with_appcontext(run)


def ports_to_use(host, port, board_port):
    """The ports of office and board (the next one when None); a sentence ends it where one is taken."""
    ports = port, board_port or port + 1
    taken = taken_port(host, ports)
    if taken is not None:
        from contest import create_app

        with create_app().app_context(), own_language():
            raise click.ClickException(gettext(
                "Port %(port)s on %(host)s is taken by another program. End that one, or choose "
                "others with --port and --board-port (make: PORT=… BOARD_PORT=…).",
                port=taken, host=host,
            ))
    return ports


def contest_of(slug):
    """The contest with this word in its address; Missing says the sentence."""
    return queries.get_contest_by_slug(slug)


def own_language():
    """The language of the terminal, within a `with`."""
    return force_locale("zh" if config.speaks_chinese() else "en")


def say(message, shape="%s", **params):
    """Print a sentence (marked with N_) in the language of the terminal."""
    with own_language():
        click.echo(shape % pages.sentence({"message": message, "params": params}))


def say_counts(counts):
    """Print what an import did."""
    say(N_("New: %(new)s, changed: %(changed)s, unchanged: %(unchanged)s."), **counts)


def say_problems(problems):
    """Print the cells that cannot be taken, one a line."""
    with own_language():
        for problem in problems:
            column = gettext(problem.column) if problem.column else ""
            where = f"{problem.row or ''}{':' + column if column else ''}"
            found = gettext("“%(text)s”:", text=problem.found) + " " if problem.found else ""
            click.echo(f"  {where}  {found}{pages.say(problem)}", err=True)


def bar(items):
    """Wrap a list: a bar tells people at a terminal how far it has been worked through."""
    with click.progressbar(list(items), file=sys.stderr) as shown:
        yield from shown


def write_out(output, data):
    """Write bytes to the file named, or to standard output when it is -."""
    with click.open_file(output, "wb") as file:
        file.write(data)
