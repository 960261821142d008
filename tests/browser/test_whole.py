"""The page of a whole contest that came over, looked at on a telephone and on a tablet."""

import os
from pathlib import Path

import pytest

from contest.registry import whole_actions
from tests import factories
from tests.registry.climbing import curators

AWAY = Path(__file__).parents[1] / "registry" / "away.zip"


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1024, 768)])
def test_lists_awards_and_trail_fit_the_screen(live, app, check_page, width, height):
    whole = whole_actions.bring_in(curators()[0], AWAY.read_bytes(), "ledger.zip")
    reader = factories.make_user("Olga")
    factories.make_grant(reader, "curator")
    page = live.open(reader, width=width, height=height)
    for name, address in (
        ("list", f"/register/whole/{whole.id}"), ("trail", f"/register/whole/{whole.id}/trail"),
        ("import", "/curation/whole"), ("all", "/register/archive"),
    ):
        page.goto(live.url + address)
        check_page(page)
        if folder := os.environ.get("CONTEST_PICTURES"):
            page.screenshot(path=f"{folder}/whole_{name}_{width}.png", full_page=True)
