"""The building rules. If one of these fails, the import is on the wrong floor."""

import ast
import re
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "contest"
TEMPLATES = PACKAGE / "templates"

# working_days: deadlines are counted from the set-up to the member services, by one calendar.
GROUND = {
    "config", "clock", "errors", "db", "signals", "pages", "i18n", "documents", "names", "numbers",
    "working_days", "running", "guess_limit", "prepared",
}
AREAS = [
    "audit", "accounts", "setup", "people", "draw", "theory", "figures", "quiz", "judging", "paper",
    "results", "checks", "board", "review", "awards", "ceremony", "registry", "points",
    "selection", "member_services", "members", "webhooks", "letters", "backups",
]
FLOORS = ["rules", "forms", "models", "queries", "actions", "routes"]
ROOF = {"__init__", "cli", "commands", "serving", "keepers", "api", "models", "demo", "migrations", ""}
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if "migrations" not in p.parts)
WEB = {"flask", "flask_wtf", "flask_babel", "werkzeug"}
DATABASE = {"sqlalchemy", "flask_sqlalchemy"}


def place_of(module):
    """contest.judging.actions -> ("judging", "actions"); contest.db -> ("db", "")."""
    parts = [*module.split(".")[1:], "", ""]
    return parts[0], parts[1]


def floor_of(name):
    """The floor of a module's file name: sheet_actions and actions both stand on actions."""
    last = name.rsplit("_", 1)[-1]
    return last if last in FLOORS else name


def imports_of(path):
    """Every module that a file imports, fully named."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            if (PACKAGE.parent / Path(*node.module.split("."))).is_dir():
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            else:
                yield node.module


def why_wrong(path, imported):
    """Why this import stands on the wrong floor, as advice; None when it is right."""
    here, floor = place_of(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts))
    top, floor = imported.split(".")[0], floor_of(floor)
    if wrong := _wrong_library(here, floor, imported, top):
        return wrong
    if top != "contest" or here in ROOF:
        return None
    there, their_floor = place_of(imported)
    if floor == "routes" and (there, their_floor) == ("accounts", "guards"):
        return None  # every route says who may enter, also those of audit, which stands below
    return _wrong_neighbour(here, floor, there, floor_of(their_floor))


def _wrong_library(here, floor, imported, top):
    if here == "scoring" and not imported.startswith("contest.scoring"):
        if top not in sys.stdlib_module_names | {"numpy"}:
            return "scoring knows only numpy and itself"
    if floor == "rules" and top in WEB | DATABASE:
        return "rules are pure"
    if floor == "forms" and top in WEB | DATABASE:
        return "forms turn text into values and know neither web nor tables"
    if floor in {"actions", "queries", "models"} and here in AREAS and top in WEB:
        return f"{floor} do not know the web"
    return None


def _wrong_neighbour(here, floor, there, their_floor):
    if here in GROUND and there in AREAS:
        return "ground files know no area"
    if here in AREAS and there in AREAS and here != there:
        if AREAS.index(there) > AREAS.index(here):
            return f"{there} comes after {here}: send a signal instead"
        if their_floor in {"routes", "forms", "actions"}:
            return "another area's web edge and actions are private"
    if floor == "routes" and (there in {"db", "scoring"} or their_floor == "models"):
        return "routes ask queries and actions, not tables or arithmetic"
    if here == there and floor in FLOORS and their_floor in FLOORS:
        if FLOORS.index(their_floor) > FLOORS.index(floor):
            return f"{floor} stands below {their_floor}"
    return None


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_down(path):
    wrong = {name: why for name in imports_of(path) if (why := why_wrong(path, name))}
    assert wrong == {}


def test_no_folder_is_deeper_than_two():
    deep = [p for p in PACKAGE.rglob("*") if p.is_dir() and len(p.relative_to(PACKAGE).parts) > 2]
    allowed = {"__pycache__", "LC_MESSAGES"}
    assert [p for p in deep if p.name not in allowed] == []


def test_no_module_is_named_after_nothing():
    vague = {"utils", "helpers", "common", "misc", "core", "base", "manager", "services"}
    assert [p for p in MODULES if p.stem in vague] == []


def test_no_file_is_longer_than_four_hundred_lines():
    long = {p.name: n for p in MODULES if (n := len(p.read_text("utf-8").splitlines())) > 400}
    assert long == {}


def test_no_script_is_longer_than_four_hundred_lines():
    scripts = [p for p in (PACKAGE.parent / "static").rglob("*.js") if "vendor" not in p.parts]
    assert {p.name: n for p in scripts if (n := len(p.read_text("utf-8").splitlines())) > 400} == {}


@pytest.mark.parametrize("piece", sorted(TEMPLATES.rglob("_*.html")), ids=lambda p: p.name)
def test_a_piece_carries_its_own_name(piece):
    """`_sheet_lines.html` has a root element with id `sheet-lines`."""
    if piece.name.endswith("_macros.html"):
        return
    name = piece.stem[1:].replace("_", "-")
    markup = re.sub(r"{% macro .*?{% endmacro %}", "", piece.read_text("utf-8"), flags=re.S)
    first_tag = re.search(r"<[a-z][^>]*>", markup).group()
    assert f'id="{name}' in first_tag


@pytest.mark.parametrize(
    ("path", "imported"),
    [
        ("scoring/ranking.py", "flask"),
        ("scoring/ranking.py", "contest.errors"),
        ("judging/rules.py", "sqlalchemy"),
        ("judging/rules.py", "contest.judging.models"),
        ("judging/sheet_actions.py", "contest.judging.routes"),
        ("judging/actions.py", "contest.board.queries"),
        ("judging/actions.py", "contest.people.actions"),
        ("judging/routes.py", "contest.judging.models"),
        ("db.py", "contest.judging.models"),
        ("awards/actions.py", "contest.judging.routes"),
    ],
)
def test_the_test_itself_sees_a_wrong_import(path, imported):
    assert why_wrong(PACKAGE / path, imported)


def test_every_route_says_who_may_enter(app):
    views = {name: view for name, view in app.view_functions.items() if name != "static"}
    assert [name for name, view in views.items() if not hasattr(view, "guard")] == []


def test_text_is_never_marked_safe_in_templates():
    risky = [p.name for p in TEMPLATES.rglob("*.html") if "|safe" in p.read_text("utf-8")]
    assert risky == []


def test_no_style_and_no_script_is_inline():
    found = []
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text("utf-8")
        if re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)", text):
            found.append(path.name)
    assert found == []
