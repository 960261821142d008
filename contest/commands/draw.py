"""Commands about draws: one checked again from its file, and the file written."""

from pathlib import Path

import click
from flask.cli import AppGroup

from contest.commands.terminal import contest_of, file_argument, reads, say, slug_argument
from contest.draw import check_rules, queries
from contest.errors import Conflict
from contest.i18n import N_

draw_group = AppGroup("draw", help="Draws: check one again from its published file; write the file.")


@draw_group.command("check")
@file_argument
def check_draw(file):
    """Draw again from a draw's file and say whether everything comes out the same; no database.

    The file holds entry numbers, which of them belong together, the seed, and what was drawn.
    Ends with 1 when something differs.
    """
    document = check_rules.read_file(file.read().decode("utf-8-sig", "replace"))
    is_same = True
    for sentence, is_so in check_rules.check_file(document):
        say(sentence, shape=f"{'✓' if is_so else '✗'} %s")
        is_same &= is_so
    if document["kind"] == "order":
        _tell_together(document)
    if not is_same:
        raise click.exceptions.Exit(1)


def _tell_together(document):
    from contest.draw.order_rules import Drawn, Starter, together

    starters = [Starter(one["number"], one["group"], one["late"]) for one in document["entrants"]]
    for one, other, _ in together(starters, [Drawn(*line) for line in document["drawn"]]):
        say(
            N_("Of one organisation and side by side all the same: %(one)s, %(other)s"),
            one=one, other=other,
        )


@draw_group.command("export")
@slug_argument
@click.argument("draw_id", type=int)
@click.option("--output", "-o", type=click.Path(), help="The file; named after the contest otherwise.")
@reads
def export_draw(slug, draw_id, output):
    """Write the file of a draw; that of a layer of codes only once it is decoded."""
    draw = queries.find_draw(contest_of(slug).id, draw_id)
    is_open, document = queries.published_file(draw)
    if document is None or not is_open:
        raise Conflict("The map of a layer is published when the layer is decoded.")
    output = output or f"{slug}-{draw.stage}-{draw.kind}-{draw.id}.json"
    Path(output).write_text(draw.file, encoding="utf-8")
    click.echo(output, err=True)


commands = [draw_group]
