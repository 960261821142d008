"""Commands about contests: making them, their plans, panels, draw and sheets."""

from datetime import date

import click
from flask.cli import AppGroup

from contest import pages
from contest.commands.terminal import (
    TERMINAL,
    bar,
    contest_of,
    file_argument,
    own_language,
    reads,
    say,
    slug_argument,
    writes,
)
from contest.draw import actions as draws
from contest.i18n import N_
from contest.judging import actions as judging
from contest.people import panel_actions
from contest.setup import actions, plan_text, presets, queries, schema_text
from contest.setup.forms import Details
from contest.setup.plan_files import plan_from_text, read_plan_text
from contest.setup.rules import STATES

contest_group = AppGroup("contests", help="Contests: list, new, seat panels, draw, hand out sheets.")
plan_group = AppGroup("plan", help="A contest's plan as a TOML file.")


@contest_group.command("list")
@reads
def list_contests():
    """List every contest with its state."""
    for row in queries.list_contests():
        say(STATES[row.state], shape=f"{row.slug:<24}{row.name}  (%s)")


@contest_group.command("presets")
def list_presets():
    """List the presets that a contest can start from."""
    for preset in presets.list_presets():
        click.echo(f"{preset.key:<20}{preset.plan.name}")


@contest_group.command("new")
@slug_argument
@click.argument("name")
@click.option("--preset", default="blank", show_default=True, help="See `contest contests presets`.")
@click.option("--plan", type=click.File("rb"), help="A TOML file instead.")
@click.option("--name-en", default="", help="The name in English.")
@click.option("--starts-on", type=click.DateTime(["%Y-%m-%d"]), help="First day.")
@writes
def new_contest(slug, name, preset, plan, name_en, starts_on):
    """Make a contest from a preset or a plan file."""
    first = starts_on.date() if starts_on else date.today()
    details = Details(name, name_en, slug, "", "", first, first)
    if plan:
        actions.create_contest_from_text(TERMINAL, details, read_plan_text(plan.read(), ""))
    else:
        actions.create_contest_from_preset(TERMINAL, details, preset)
    click.echo(f"/board/{slug}")


@contest_group.command("step")
@slug_argument
@click.argument("state")
@writes
def take_step(slug, state):
    """Take a contest to the next step of its life: registration, scoring, archived."""
    actions.take_step(TERMINAL, contest_of(slug).id, state)


@contest_group.command("panels")
@slug_argument
@click.option("--reserves", default=2, show_default=True, help="Reserve judges behind each panel.")
@writes
def seat_panels(slug, reserves):
    """Seat judges on every panel by the rules; nobody will mark people of their own unit."""
    problems = panel_actions.staff(TERMINAL, contest_of(slug).id, reserves)
    with own_language():
        for problem in problems:
            click.echo(pages.say(problem), err=True)


@contest_group.command("draw")
@slug_argument
@click.option("--stage", help="The stage's key; the one being held when not given.")
@click.option("--seed", default="", help="The same seed gives the same draw; made by chance if empty.")
@click.option("--reason", default="", help="Why it is held again; needed after a first draw.")
@writes
def draw(slug, stage, seed, reason):
    """Draw the starting order and the blind codes."""
    contest = contest_of(slug)
    draws.hold_draw(TERMINAL, contest.id, stage or contest.stage, seed, reason)


@contest_group.command("hand-out")
@slug_argument
@writes
def hand_out(slug):
    """Give every judge the sheets of the stage; run again for late entrants."""
    count = judging.hand_out_sheets(TERMINAL, contest_of(slug).id, bar)
    say(N_("Sheets handed out: %(count)s."), count=count)


@plan_group.command("export")
@slug_argument
@click.option("--output", "-o", default="-", type=click.Path(), help="A file; - is the screen.")
@reads
def export_plan(slug, output):
    """Write the plan in force as TOML."""
    text = plan_text.toml_of(queries.plan_in_force(contest_of(slug).id).plan)
    with click.open_file(output, "w", encoding="utf-8") as file:
        file.write(text)


@plan_group.command("schema")
@click.option("--output", "-o", default="-", type=click.Path(), help="A file; - is the screen.")
def write_schema(output):
    """Write the JSON Schema of a plan file, for editors and other programs."""
    with click.open_file(output, "w", encoding="utf-8") as file:
        file.write(schema_text.schema_text())


@plan_group.command("check")
@file_argument
def check_plan(file):
    """Say everything that is wrong with a plan file, and on which line, or that nothing is."""
    plan = plan_from_text(read_plan_text(file.read(), ""))
    say(
        N_("%(name)s: stages: %(stages)s, modules: %(modules)s"),
        name=plan.name, stages=len(plan.stages), modules=len(plan.modules),
    )


commands = [contest_group, plan_group]
