"""Commands; each one calls an action or a query and says refusals in the same sentences as the pages."""

from importlib import import_module

import click
from flask.cli import FlaskGroup
from flask_babel import force_locale, gettext

from contest import config
from contest.errors import Refusal

GROUPS = ("installation", "contests", "people", "results", "score", "demo")


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

    def invoke(self, context):
        try:
            return super().invoke(context)
        except Refusal as refusal:
            sentences = [_sentence(refusal)]
            for name, why in getattr(refusal, "fields", {}).items():
                sentences.append(f"  {name}: {_sentence(why)}")
            # A plan is refused with everything that is wrong in it, each on its line.
            for problem in getattr(refusal, "problems", ()):
                sentences.append(f"  {problem.place}: {_sentence(problem)}")
            raise click.ClickException("\n".join(sentences)) from refusal
        except config.BadSetting as wrong:
            raise click.ClickException(str(wrong)) from wrong


def _sentence(refusal):
    try:
        with force_locale("zh" if config.speaks_chinese() else "en"):
            return gettext(refusal.message, **refusal.params)
    except RuntimeError:  # outside of an application context, for instance while starting
        return refusal.message % refusal.params if refusal.params else refusal.message


main = Program(
    create_app=_create_app,
    name="contest",
    help="Skills-contest scoring, from registration to the craftsman's page.",
)
