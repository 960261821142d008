"""Commands about results: the standings, publishing, and the papers."""

import csv
import io
import json

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from contest import clock
from contest.awards import list_papers, papers, rules
from contest.awards import queries as awards
from contest.awards.files import paper_file
from contest.commands.terminal import bar, contest_of, reads, say, slug_argument, write_out
from contest.i18n import N_
from contest.judging import blind_queries
from contest.judging.rules import check_may_know_names
from contest.pages import moment
from contest.results import queries
from contest.setup import plan_text
from contest.setup.queries import plan_in_force

FORMS = click.Choice(["table", "csv", "json"])
export_group = AppGroup("export", help="Write papers and plans to files.")


@click.command()
@slug_argument
@click.option("--format", "form", type=FORMS, default="table", show_default=True)
@click.option("--stage", help="The stage's key; the one being held when not given.")
@reads
def results(slug, form, stage):
    """Print the standings as officials see them; what is not final says so."""
    contest = contest_of(slug)
    contest_id = contest.id
    check_may_know_names(blind_queries.hides_names(contest_id))
    official = queries.standings(contest_id, stage)
    is_final = _is_final(contest, official.stage)
    team_places = {team.team_id: team.place for team in official.teams}
    modules = [module.key for module in official.plan.modules_of_stage(official.stage)]
    lines = [
        {
            "place": row.place or "", "number": row.number, "name": row.name,
            "organisation": row.organisation, "team": row.team,
            **({"team_place": team_places.get(row.team_id) or ""} if team_places else {}),
            "total": row.shown_total,
            **{key: (row.modules[key].text or "") if row.modules[key].done else "" for key in modules},
            "complete": row.complete, "state": row.state, "is_final": is_final,
            **_more(official, row),
        }
        for row in official.rows
    ]
    if form == "json":
        click.echo(json.dumps(lines, ensure_ascii=False, indent=1))
    elif form == "csv":
        out = io.StringIO()
        writer = csv.DictWriter(out, fieldnames=list(lines[0]) if lines else ["place"])
        writer.writeheader()
        writer.writerows(lines)
        click.echo(out.getvalue(), nl=False)
    else:
        for line in lines:
            mark = "" if line["complete"] else "  …"
            click.echo(
                f"{line['place']!s:>4}  {line['number']:<6}{line['total'] or '–':>8}{mark:<4}  "
                f"{line['name']}  {line['organisation']}"
            )
        say(N_("Final results") if is_final else N_("Provisional: not final"))


def _is_final(contest, stage):
    """The stage's last published revision is final, and nobody has taken it back."""
    sheet = queries.find_latest_sheet(contest.id, stage)
    is_held = stage == queries.stage_of(contest.id)
    return bool(sheet and sheet.kind == "final") and (
        not is_held or contest.state in {"final", "archived"}
    )


def _more(official, row):
    """Columns that only some plans have."""
    plan, found = official.plan, {}
    if plan.ranking.by_group:
        found |= {"group": row.group, "place_overall": row.place_overall or ""}
    if plan.stage(official.stage).scale != "none":
        found["scaled"] = row.scaled or ""
    for module in plan.modules_of_stage(official.stage):
        if module.adjustment.method != "none":
            found[f"{module.key}_raw"] = row.modules[module.key].raw or ""
    return found


@export_group.command("paper")
@slug_argument
@click.argument("paper", type=click.Choice(rules.PAPERS))
@click.option("--format", "form", type=click.Choice(rules.FORMATS), default="pdf", show_default=True)
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--stage", help="The stage's key, for summary and reports; the last one when not given.")
@click.option("--output", "-o", type=click.Path(), help="The file; named after the contest otherwise.")
@reads
def export_paper(slug, paper, form, language, stage, output):
    """Write the award list, another list of the awards, the score summary or all reports."""
    contest = contest_of(slug)
    check_may_know_names(blind_queries.hides_names(contest.id))
    with force_locale(language):
        data, made = paper_file(_paper(contest, paper, stage, language), form)
    output = output or "-".join(filter(None, (slug, paper, stage))) + f".{form}"
    if made != form and output.endswith(f".{form}"):
        output = output.removesuffix(form) + made
    write_out(output, data)
    click.echo(output, err=True)


def _paper(contest, paper, stage, language):
    """The document, or the list of every contestant's, that one of rules.PAPERS names."""
    today = moment(clock.now())[:10]
    if paper == "summary":
        return papers.score_summary(contest, awards.summary(contest.id, stage), language)
    if paper == "reports":
        reports = awards.reports(contest.id, stage=stage)
        return [papers.contestant_report(contest, one, language) for one in bar(reports)]
    preview = awards.preview(contest.id)
    if paper == "awards":
        return papers.award_list(contest, preview, today, language)
    if paper == "notice":
        return list_papers.notice_list(contest, preview, today, language)
    if paper == "script":
        return list_papers.presenter_script(contest, preview, language)
    return list_papers.organisation_list(contest, preview, language)


@export_group.command("plan")
@slug_argument
@reads
def export_plan(slug):
    """Write the plan in force as TOML to the screen."""
    click.echo(plan_text.toml_of(plan_in_force(contest_of(slug).id).plan), nl=False)


commands = [results, export_group]
