"""Commands that make a verified copy of the living database and put one back."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from contest.backups import actions, follower, queries
from contest.backups.place import KEY_FILES, place_here
from contest.commands.terminal import TERMINAL, reads, say
from contest.db import writing
from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.judging.tablet_actions import become_another
from contest.members import erasing
from contest.running import run_here


@click.command("backup")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path),
              help="Folder of the copies; CONTEST_BACKUP_TO or backups beside the data if not given.")
@reads
def back_up(folder):
    """Copy the living database, open the copy again and check all of it; older copies are thinned."""
    place = place_here(folder)
    # What the desk says is about the folder that it looks into.
    make = actions.try_copy if place.folder == place_here().folder else actions.back_up
    made = make(place)
    rows = made.manifest.contents.rows
    say(N_("Copied and checked: %(folder)s (%(ledger)s revisions of sheets, %(trail)s rows of the "
           "trail, %(chains)s chains)."), folder=made.folder, chains=len(made.manifest.contents.heads),
        **rows)
    if not made.manifest.is_whole:
        say(N_("But a chain in it does not hold, as in the database itself; see contest chain."))
    for name in KEY_FILES:
        if not place.is_kept(name):
            say(N_("%(name)s comes from the environment and is not with it: keep it elsewhere."),
                name=name)
    say(N_("The key that signs bulletins and the keys of personal data are never with it: copy "
           "signing_key.pem and personal_keys.json by hand, to another place."))


@click.command("restore")
@click.argument("copy", type=click.Path(exists=True, path_type=Path))
@click.option("--replace", is_flag=True,
              help="Set the database aside that is here, also when it holds people or contests.")
@click.option("--despite-chain", is_flag=True, help="Take a copy in which a chain does not hold.")
@click.option("--rehearsal", is_flag=True,
              help="Make it an installation of its own: tablets keep what they mark in it apart.")
@with_appcontext
def restore(copy, replace, despite_chain, rehearsal):
    """Put a copy in the place of the database, once it has proved to be what was written.

    COPY is the folder of one copy, or a folder of copies (then the newest whole one). The server must
    not run. What was there is renamed, never deleted.
    """
    done = actions.restore(
        place_here(), queries.get_copy(copy.absolute()), TERMINAL, replace, despite_chain
    )
    say(N_("Restored: %(folder)s, begun %(at)s."), folder=done.copy.folder,
        at=done.copy.manifest.at.isoformat(timespec="seconds"))
    if done.old:
        say(N_("What was here is now %(old)s."), old=done.old)
    if done.keys:
        say(N_("These keys came with it; those that were here are renamed: %(names)s."),
            names=", ".join(done.keys))
    with writing():
        again = erasing.erase_again(TERMINAL)
    if again:
        say(N_("Erased again, because it was erased after this copy: %(count)s people."), count=again)
    if done.is_signed_out:
        say(N_("The key of the sessions is another one: everybody has to sign in again."))
    if rehearsal:
        with writing():
            become_another()
        say(N_("This is a rehearsal: tablets bring it nothing of the real contest, and bring nothing that is "
               "marked in it to the real contest."))
        return
    say(N_("Start the server now (contest serve or contest venue): tablets that are on and signed in "
           "offer again, within half a minute, what the copy lacks."))


@click.command("follow")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path),
              help="Folder in the second place; CONTEST_FOLLOW_TO if not given.")
@reads
def follow(folder):
    """Keep a second place within seconds of the database, until Ctrl-C; contest serve does so itself.

    The second place is a folder on another disk or a mounted folder of another machine. What it holds is
    put back with contest restore FOLDER. SQLite only.
    """
    app = current_app._get_current_object()
    place = place_here(folder or app.config["FOLLOW_TO"])
    if not (folder or place.second):
        raise Invalid("Say where: contest follow --to FOLDER, or set CONTEST_FOLLOW_TO.")
    if not run_here(place.data):
        raise Conflict("The database is being restored or taken over; start again when that is done.")
    say(N_("Following into %(folder)s; Ctrl-C ends it."), folder=place.folder)
    follower.follow(app, folder)


commands = [back_up, restore, follow]
