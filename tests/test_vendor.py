"""What others wrote stands in static/vendor, named, with its licence, and unchanged."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
MANIFEST = json.loads((STATIC / "vendor/MANIFEST.json").read_text())
PAGES = sorted((ROOT / "contest/templates").rglob("*.html"))
SCRIPTS = [path for path in STATIC.rglob("*.js") if "vendor" not in path.parts]


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["path"])
def test_a_vendored_file_is_the_one_that_was_taken(entry):
    content = (STATIC / entry["path"]).read_bytes()

    assert hashlib.sha256(content).hexdigest() == entry["sha256"]


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["path"])
def test_an_entry_says_where_a_file_comes_from(entry):
    assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", entry["integrity"])
    assert re.fullmatch(r"\d+\.\d+\.\d+", entry["version"])
    assert entry["package"] and entry["source"] and entry["licence"]


def test_every_file_in_the_vendor_folder_is_listed():
    found = {
        path.relative_to(STATIC).as_posix()
        for path in (STATIC / "vendor").rglob("*")
        if path.is_file()
    }
    listed = {entry["path"] for entry in MANIFEST}

    assert found - listed == {"vendor/MANIFEST.json"}


def test_every_package_has_its_licence_beside_it():
    packages = {entry["package"] for entry in MANIFEST}
    licensed = {entry["package"] for entry in MANIFEST if entry["use"] == "licence"}

    assert packages == licensed


def test_tools_for_developers_are_never_linked():
    for path in PAGES + SCRIPTS:
        assert "vendor/dev" not in path.read_text(), path


def test_every_icon_that_a_page_names_is_in_the_sprite():
    sprite = set(re.findall(r'<symbol id="([a-z0-9-]+)"', (STATIC / "icons.svg").read_text()))
    named = set()
    for path in PAGES:
        text = path.read_text()
        named |= {(path.name, name) for name in re.findall(r'\bicon\("([^"]+)"', text)}
        named |= {(path.name, name) for name in re.findall(r'icon_name="([^"]+)"', text)}
        named |= {(path.name, name) for name in re.findall(r"icons\.svg'\) }}#([a-z0-9-]+)", text)}

    assert named, "the pages name icons"
    assert {pair for pair in named if pair[1] not in sprite} == set()
