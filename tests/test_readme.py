"""README tells the truth about paths and commands."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
PATHS = sorted(set(re.findall(r"`((?:contest|static|tests|docs)/[^`]*)`", README)))
LINKS = sorted(set(re.findall(r"\]\(([^)#]+)\)", README)))


@pytest.mark.parametrize("path", PATHS)
def test_every_path_named_exists(path):
    assert (ROOT / path).exists()


@pytest.mark.parametrize("link", [link for link in LINKS if "://" not in link])
def test_every_link_leads_somewhere(link):
    assert (ROOT / link).exists()


def test_every_command_is_listed(app):
    own = {name for name, command in app.cli.commands.items() if name not in {"db"}}
    listed = re.findall(r"^\| `contest ([a-z-]+)` \|", README, re.MULTILINE)

    assert sorted(listed) == sorted(own)


def test_the_version_is_the_changelogs():
    newest = re.search(r"^## ([0-9.]+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    project = re.search(r'^version = "([^"]+)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)

    assert project.group(1) == newest.group(1)
