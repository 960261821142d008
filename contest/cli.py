"""Commands; each one calls an action or a query and says refusals in the same sentences as the pages."""

from importlib import import_module

import click
from flask.cli import FlaskGroup
from flask_babel import gettext

from contest import config, pages
from contest.commands import terminal
from contest.errors import Invalid, Refusal
from contest.setup.rules import BadPlan

GROUPS = (
    "installation", "venue", "contests", "draw", "people", "results", "verification", "whole", "proof",
    "score", "backup", "reminders", "webhooks", "personal", "demo", "public_node",
)


def init_cli(app):
    """Give the application its commands, for `contest …` and `flask --app contest …` alike."""
    for group in GROUPS:
        for command in import_module(f"contest.commands.{group}").commands:
            app.cli.add_command(command)


def _create_app():
    from contest import create_app

    return create_app()


class Program(FlaskGroup):
    """The `contest` program: a refusal ends it with one sentence and exit code 1."""

    def get_command(self, context, name):
        # Migrations by hand would pass by what `contest init` asks first.
        return None if name == "db" else super().get_command(context, name)

    def list_commands(self, context):
        return [name for name in super().list_commands(context) if name != "db"]

    def invoke(self, context):
        try:
            return super().invoke(context)
        except Refusal as refusal:
            sentences = [_sentence(refusal)]
            for name, why in getattr(refusal, "fields", {}).items():
                sentences.append(f"  {name}: {_sentence(why)}")
            # A plan is refused with everything that is wrong in it, each on its line.
            if isinstance(refusal, BadPlan):
                sentences += [f"  {_plan_problem(problem)}" for problem in refusal.problems]
            raise click.ClickException("\n".join(sentences)) from refusal
        except config.BadSetting as wrong:
            raise click.ClickException(str(wrong)) from wrong


def _sentence(refusal):
    try:
        with terminal.own_language():
            return pages.say(refusal)
    except RuntimeError:  # outside of an application context, for instance while starting
        return refusal.message % refusal.params if refusal.params else refusal.message


def _plan_problem(problem):
    """Line, place and sentence of one thing that is wrong in a plan."""
    try:
        with terminal.own_language():
            line = gettext("line %(line)s", line=problem.line) if problem.line else ""
    except RuntimeError:
        line = f"line {problem.line}" if problem.line else ""
    place = ", ".join(filter(None, [line, problem.path]))
    sentence = _sentence(Invalid(problem.message, **problem.params))
    return f"{place}: {sentence}" if place else sentence


main = Program(
    create_app=_create_app,
    name="contest",
    help="Skills-contest scoring, from registration to the craftsman's page.",
)
