"""Scoring from files, told in the list of commands; `contest.offline.command` does it."""

import sys

import click

from contest.offline import command


@click.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def score(arguments):
    """Standings from a plan and a list of marks, without a database."""
    sys.exit(command.main(["score", *arguments]))


commands = [score]
