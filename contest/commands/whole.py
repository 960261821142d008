"""A whole contest that was held elsewhere: taking its archive over, and writing it out again."""

import io
import zipfile
from pathlib import Path

import click
from flask_babel import gettext

from contest.commands.results import export_group
from contest.commands.terminal import TERMINAL, own_language, reads, say, write_out, writes
from contest.i18n import N_
from contest.offline.archived_files import Limits
from contest.registry import whole_actions, whole_queries, whole_rules


@click.command("import-archive")
@click.argument("archive", type=click.Path(exists=True, path_type=Path))
@writes
def import_archive(archive):
    """Take over a whole contest that is over: ledger.zip, or the folder of `contest export ledger`.

    The archive is verified first; nothing is stored of one that does not hold or is here already.
    """
    whole = whole_actions.bring_in(TERMINAL, _bytes_of(archive), archive.name, limits=Limits())
    say(N_("Taken over as number %(id)s: %(name)s"), id=whole.id, name=whole.name)
    say(N_("It ends at %(head)s"), head=f"{whole.head_seq}:{whole.head_hash}")
    say(N_("What the archive does not carry"), shape="%s:")
    with own_language():
        for each in (*whole_rules.LEFT_OUT, *whole_rules.NOT_BOUND):
            click.echo(f"  - {gettext(each)}")


def _bytes_of(path):
    if path.is_file():
        return path.read_bytes()
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for each in sorted(path.iterdir()):
            file.write(each, each.name)
    return data.getvalue()


@export_group.command("archive")
@click.argument("number", type=int)
@click.option("--output", "-o", type=click.Path(), required=True, help="The zip file to write.")
@reads
def export_archive(number, output):
    """Write the archive of a contest that was taken over, byte for byte as it came."""
    write_out(output, whole_queries.archive_of(number)[1])


commands = [import_archive]
