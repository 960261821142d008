"""Commands about personal data: keys, what is due, erasures after a restore."""

import click
from flask import current_app
from flask.cli import AppGroup

from contest.commands.terminal import TERMINAL, own_language, reads, say, writes
from contest.i18n import N_
from contest.members import erasing, personal_rules, picture_cleaning, resealing, retention, retention_rules

personal = AppGroup("personal", help="Personal data: keys, retention, erasures.")


@personal.command("rotate")
@click.option("--go-on", is_flag=True, help="No new key: finish what was broken off.")
@writes
def rotate(go_on):
    """Make a new key for personal data and seal everything with it; the server may go on running."""
    path = current_app.config["PERSONAL_KEYS"]
    name, count = resealing.go_on(TERMINAL) if go_on else resealing.rotate(TERMINAL, path)
    say(N_("Sealed with key %(name)s: %(count)s texts. Copy %(path)s to a safe place, not on this machine."),
        name=name, count=count, path=path)


@personal.command("keys")
@reads
def list_keys():
    """List the keys by their numbers, and how many texts are sealed with each."""
    for name, count in sorted(resealing.keys_in_use().items()):
        click.echo(f"{name}  {count}")


@personal.command("forget-key")
@click.argument("name")
@writes
def forget_key(name):
    """Throw an older key away: copies of the database that were sealed with it do not open any more."""
    resealing.forget(current_app.config["PERSONAL_KEYS"], name)
    say(N_("Key %(name)s is gone."), name=name)


@personal.command("retain")
@click.option("--do", "does", is_flag=True, help="Erase it; without this it is only told.")
@writes
def retain(does):
    """Tell what is due by the terms of retention; with --do erase it. Let a timer call it each night."""
    from flask_babel import gettext

    terms = retention_rules.load_terms(current_app.config["RETENTION"])
    found = retention.erase_due(TERMINAL, terms) if does else retention.find_due(terms)
    with own_language():
        for due in found:
            click.echo(f"{len(due.ids):>8}  {gettext(personal_rules.FIELDS[due.field])}")
    say(N_("Erased.") if does else N_("Nothing was erased: say --do."))


@personal.command("clean-pictures")
@writes
def clean_pictures():
    """Take out of stored pictures what cameras wrote into them (place, time, thumbnail); pixels stay.

    Done by itself when a database is taken over. Photographs of papers stay as they came: they are evidence.
    """
    done = picture_cleaning.clean_pictures(TERMINAL)
    say(N_("Pictures looked at: %(seen)s; rewritten: %(done)s; unreadable and left as they are: %(lost)s."),
        seen=done.looked_at, done=done.rewritten, lost=done.unreadable)
    say(N_("Photographs of papers, left as they came because their SHA-256 stands in the chain: %(count)s."),
        count=done.papers)


@personal.command("erase-again")
@writes
def erase_again():
    """After a restore by other means than contest restore: do again what was erased since the copy."""
    say(N_("Erased again: %(count)s people."), count=erasing.erase_again(TERMINAL))


commands = [personal]
