"""The second scorer stands alone: the standard library and itself, and no floating point."""

import ast
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "contest" / "recount"
FILES = sorted(FOLDER.glob("*.py"))


def trees(path):
    return ast.walk(ast.parse(path.read_text("utf-8")))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_it_imports_the_standard_library_and_itself(path):
    names = [alias.name for node in trees(path) if isinstance(node, ast.Import) for alias in node.names]
    names += [
        "." * node.level + (node.module or "") for node in trees(path) if isinstance(node, ast.ImportFrom)
    ]

    foreign = [n for n in names if n.split(".")[0] not in sys.stdlib_module_names and not own(n)]

    assert foreign == []


def own(name):
    return name == "contest.recount" or name.startswith("contest.recount.")


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_it_uses_no_floating_point(path):
    floats = [
        node.lineno
        for node in trees(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, float)
    ]
    names = [
        node.lineno for node in trees(path) if isinstance(node, ast.Name) and node.id in ("float", "round")
    ]

    assert floats + names == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_files_and_functions_stay_short_and_say_what_they_are(path):
    tree = ast.parse(path.read_text("utf-8"))
    long = [
        n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.end_lineno - n.lineno >= 40
    ]

    assert ast.get_docstring(tree)
    assert len(path.read_text("utf-8").splitlines()) < 400
    assert long == []
