"""The second scorer at a terminal: exporting what it counts from, and counting again."""

import json
import sys
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import gettext

from contest import config
from contest.commands.results import export_group
from contest.commands.terminal import contest_of, needs_database, own_language, reads, say, slug_argument
from contest.db import snapshot
from contest.errors import Refusal
from contest.i18n import N_, pick_name
from contest.judging import blind_queries
from contest.pages import say as sentence_of
from contest.results import verification_queries as queries
from contest.results.ledger_files import ANSWER, CHAIN, FILES, digest_of
from contest.results.rules import check_marks_known
from contest.results.second_scorer import CannotCount, count_folder
from contest.results.verification_rules import FIELDS, called, differences, figures_of, printed

stage_option = click.option("--stage", help="The stage's key; the one being held when not given.")


@export_group.command("ledger")
@slug_argument
@click.option("--out", "-o", required=True, type=click.Path(file_okay=False, path_type=Path),
              help="A folder; it is made where there is none.")
@stage_option
@reads
def export_ledger(slug, out, stage):
    """Write plan, marks and entrants of a contest as files, the figures shown (answer.json) and the chain."""
    check_marks_known(blind_queries.hides_names(contest_of(slug).id))
    out.mkdir(parents=True, exist_ok=True)
    shown = _shown(slug, stage, out)
    try:
        files = queries.exported(shown, _wait)
    except CannotCount as why:
        raise click.ClickException(str(why)) from why
    files |= queries.bulletin_files(shown.ledger.contest_id, shown.stage)
    for name, data in files.items():
        (out / name).write_bytes(data)
        click.echo(str(out / name), err=True)
    say(N_("Fingerprint of the ledger: %(digest)s"), digest=digest_of(files))


@click.command()
@click.argument("contest")
@stage_option
@with_appcontext
def verify(contest, stage):
    """Count a contest again with the second scorer and compare every figure shown.

    CONTEST is a contest's short name, or a folder written by `contest export ledger`. Ends with 0 when
    all figures are equal, 1 when some differ (each is named), 2 when it cannot be counted.
    """
    try:
        if Path(contest, FILES[0]).is_file():
            count, found, digest = _count_files(Path(contest), stage)
            plan = None
        else:
            shown = _shown(contest, stage)
            counted, plan = queries.count(shown, _wait), shown.plan
            count, found, digest = counted.figures, counted.differences, counted.digest
    except Refusal as refused:
        with own_language():
            _refuse(sentence_of(refused))
    except CannotCount as why:
        _refuse(str(why))
    say(N_("Fingerprint of the ledger: %(digest)s"), digest=digest)
    if not found:
        say(N_("%(count)s figures compared, all equal."), count=count)
        return
    with own_language():
        for each in found:
            click.echo(_line(each, plan))
    say(N_("%(count)s figures compared, %(found)s differ."), count=count, found=len(found))
    sys.exit(1)


def _shown(slug, stage, out=None):
    needs_database()  # only here: a folder is counted without one
    with snapshot():
        _tell(N_("Reading the ledger …"))
        contest_id = contest_of(slug).id
        shown = queries.shown(contest_id, stage)
        if out is not None:
            for name, data in queries.files_about(contest_id, shown.stage).items():
                (out / name).write_bytes(data)
            with open(out / CHAIN, "wb") as file:
                queries.write_chain(contest_id, file.write)
    _tell(N_("The second scorer counts …"))
    return shown


def _count_files(folder, stage):
    answer = folder / ANSWER
    try:
        shown = json.loads(answer.read_text("utf-8"))
        stage = stage or shown["stage"]
        first = figures_of(shown)
        digest = digest_of({name: (folder / name).read_bytes() for name in FILES})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CannotCount(
            f"{folder}: this is not a folder written by `contest export ledger` ({error})."
        ) from error
    _tell(N_("The second scorer counts …"))
    found = differences(first, figures_of(count_folder(folder, stage, _wait)))
    return len(first), found, digest


def _line(difference, plan):
    language = "zh" if config.speaks_chinese() else "en"
    return gettext(
        "%(figure)s, %(field)s: shown %(first)s, counted again %(second)s",
        figure=pick_name(called(difference.figure, plan), language),
        field=gettext(FIELDS[difference.figure.field]),
        first=gettext(printed(difference.first)), second=gettext(printed(difference.second)),
    )


def _tell(message):
    with own_language():
        click.echo(gettext(message), err=True)


def _wait(seconds):
    """A line that counts seconds, where somebody looks."""
    if sys.stderr.isatty():
        click.echo(f"{seconds} s\r", nl=False, err=True)


def _refuse(sentence):
    click.echo(sentence, err=True)
    sys.exit(2)


commands = [verify]
