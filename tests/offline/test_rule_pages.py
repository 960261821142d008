"""Every rule has a page with a worked sum, and both scorers give exactly what the page says."""

import io
import json
from contextlib import redirect_stdout
from dataclasses import fields

import jsonschema
import pytest
from click.testing import CliRunner

from contest.cli import main as command
from contest.offline.command import main
from contest.recount.__main__ import main as recount
from contest.scoring.scheme_fields import Choice, Choices, Flag, Table, Tables
from contest.scoring.scheme_reading import document_from
from contest.scoring.scheme_schema import plan_schema
from contest.scoring.scheme_tables import PLAN
from tests.offline.rule_pages import EXAMPLES, RULES, agrees, printed, rules, value_of
from tests.offline.rule_receipts import receipts_of

ALL = rules()
EACH = pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.folder.name)
# Fields that are words for people and change no figure; the kind of a module is an icon.
ONLY_WORDS = {"name", "name_en", "unit", "unit_en", "note", "note_en", "summary", "summary_en", "scenario",
              "speciality", "blind", "level of Award", "kind of Module", "record of Aspect"}


def answers(rule, run, options=()):
    files = [str(rule.folder / name) for name in ("plan.toml", "MARKS.csv")]
    entrants = rule.folder / "ENTRANTS.csv"
    further = ["--entrants", str(entrants)] if entrants.exists() else []
    out = io.StringIO()
    with redirect_stdout(out):
        assert run([*files, *further, *options]) == 0
    return json.loads(out.getvalue())


@EACH
def test_the_first_scorer_gives_what_the_page_says(rule):
    assert rule.tables
    answer = answers(rule, lambda given: main(["score", *given]), ["--format", "json"])
    for table in rule.tables:
        assert printed(answer, table) == table


@EACH
def test_the_second_scorer_gives_what_the_page_says(rule):
    answer = answers(rule, recount)
    for table in rule.tables:
        assert printed(answer, table) == table


@EACH
def test_the_sums_of_a_page_are_right(rule):
    values = [(value_of(text), is_) for text, is_ in rule.sums]
    assert [(text, is_) for (value, is_), (text, _) in zip(values, rule.sums, strict=True)
            if value is not None and not agrees(is_, value)] == []
    assert any(value is not None for value, _ in values)


@EACH
def test_the_lines_a_page_shows_stand_in_the_plan(rule):
    plan = (rule.folder / "plan.toml").read_text("utf-8").splitlines()
    assert [line for line in rule.shown if line not in plan] == []


@EACH
def test_an_example_is_a_good_plan(rule):
    path = rule.folder / "plan.toml"
    document = document_from(path.read_text("utf-8"))
    assert list(jsonschema.Draft7Validator(plan_schema()).iter_errors(document)) == []
    checked = CliRunner().invoke(command, ["plan", "check", str(path)])
    assert (checked.exit_code, document["name"] in checked.output) == (0, True), checked.output


@EACH
def test_the_receipts_of_an_example_are_those_kept_beside_it(rule):
    """Read by a person once; `python -m tests.offline.rule_receipts` writes them anew."""
    assert receipts_of(rule.folder) == (rule.folder / "RECEIPTS.txt").read_text("utf-8")


def test_every_example_stands_on_a_page_once():
    shown = [rule.folder.name for rule in ALL]
    assert sorted(shown) == sorted(path.name for path in EXAMPLES.iterdir())


def test_every_page_is_linked_from_the_law():
    law = (RULES / "README.md").read_text("utf-8")
    assert [page for page in {rule.page for rule in ALL} if f"({page})" not in law] == []


def test_every_word_of_the_law_has_an_example():
    used = set()
    for rule in ALL:
        _use(PLAN, document_from((rule.folder / "plan.toml").read_text("utf-8")), used)
    assert sorted(_words(PLAN, set(), {}) - used) == []


def _words(table, seen, wanted):
    """Every field of the tables below this one, and every word that a field can be."""
    if id(table) in seen:
        return set(wanted)
    seen.add(id(table))
    for variant in table.variants or [None]:
        for each in (*table.fields, *table.variants.get(variant, ())):
            where = f"{each.key} of {table.cls.__name__}"
            if not {each.key, where} & ONLY_WORDS:
                options = each.kind.options if isinstance(each.kind, Choice | Choices) else ()
                wanted.update(dict.fromkeys([where, *(f"{where} = {word}" for word in options)]))
            if isinstance(each.kind, Table | Tables):
                _words(getattr(each.kind, "table", each.kind), seen, wanted)
    return set(wanted)


def _use(table, row, used):
    """Notes the fields that a document sets, and the words it uses, also by leaving them out."""
    usual = {each.name: each.default for each in fields(table.cls)}
    for each in (*table.fields, *table.variants.get(row.get(table.by), ())):
        where = f"{each.key} of {table.cls.__name__}"
        value = row.get(each.key, usual[each.name])
        if isinstance(each.kind, Choice | Choices):
            words = [value] if isinstance(each.kind, Choice) else value
            used.update([where, *(f"{where} = {word}" for word in words)])
        elif each.key in row and not (isinstance(each.kind, Flag) and value == usual[each.name]):
            used.add(where)
        if each.key in row and isinstance(each.kind, Table | Tables):
            inner = getattr(each.kind, "table", each.kind)
            for one in value if isinstance(each.kind, Tables) else [value]:
                _use(inner, one, used)
