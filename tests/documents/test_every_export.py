"""Figure 35: no export of any area holds a formula, whatever people, units and teams are called.

Every route is asked for a spreadsheet and for a comma-separated file, so that an export which is added
later is tried without a word here.
"""

import csv
import io
import itertools
import zipfile

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from contest import clock
from contest.accounts.models import User
from contest.awards import rules as award_rules
from contest.db import db
from contest.people.models import Entrant, Human, Judge, Organisation, Team
from contest.setup.models import Contest
from tests.awards.test_list_papers import PAYLOADS, check_book, could_run
from tests.conftest import NOON, TEST_SETTINGS
from tests.proof.sizes import report, size
from tests.world import open_world
from tests.world_parts import NoExample

WALKERS = ("organiser", "clerk", "contact", "service_officer", "curator", "guest")
# For the second scorer, which reads them as they are: not a file to open in a spreadsheet.
FOR_PROGRAMS = {"results.download_ledger"}


@pytest.fixture
def house(empty_database, tmp_path):
    clock.stand_still(NOON)
    app, world = open_world(empty_database, tmp_path, **TEST_SETTINGS)
    yield app, world
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    clock.stand_still(None)


def rename_everybody(texts):
    """Give every person, unit, team and contest one of these names after the other."""
    names = (f"{text} {number}" for number, text in enumerate(itertools.cycle(texts)))
    for model in (Human, Organisation, Team, Judge, User, Contest):
        for row in db.session.scalars(select(model).order_by(model.id)):
            row.name = next(names)
    for entrant in db.session.scalars(select(Entrant).order_by(Entrant.id)):
        entrant.trade, entrant.titles = next(names), [next(names)]
    db.session.commit()


def addresses(app, world):
    """Pairs of endpoint and address of everything that may be a table in a file, in each form it has."""
    with app.test_request_context("/"):
        for rule in app.url_map.iter_rules():
            if "GET" not in rule.methods or rule.endpoint.startswith(("static", "api.")):
                continue
            try:
                parts = world.arguments(rule)
            except NoExample:
                continue
            choices = [("xlsx", "csv")] if "form" in parts else [("",)]
            choices.append(award_rules.PAPERS if "paper" in parts else ("",))
            for form, paper in itertools.product(*choices):
                more = {k: v for k, v in (("form", form), ("paper", paper)) if v}
                yield rule.endpoint, rule.build({**(rule.defaults or {}), **parts, **more})[1]


def tables_of(answer):
    """The csv and xlsx files in an answer, archives opened: pairs (ending, bytes)."""
    kind = answer.mimetype
    if kind == "text/csv":
        yield "csv", answer.data
    elif kind.endswith("spreadsheetml.sheet"):
        yield "xlsx", answer.data
    elif kind == "application/zip":
        with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
            for name in archive.namelist():
                if name.endswith((".csv", ".xlsx")):
                    yield name.rpartition(".")[2], archive.read(name)


def cells_of(ending, data):
    """Every text cell; of a workbook those that came back equal, none of them a formula."""
    if ending == "csv":
        text = io.StringIO(data.decode("utf-8-sig"), newline="")
        return [cell for row in csv.reader(text) for cell in row]
    check_book(data)
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [
        cell for name in sheets.sheet_names for row in sheets.get_sheet_by_name(name).to_python()
        for cell in row if isinstance(cell, str)
    ]


def test_no_export_of_any_area_holds_a_formula(house):
    app, world = house
    doors = {endpoint: [] for endpoint, _ in addresses(app, world)}
    for endpoint, address in addresses(app, world):
        doors[endpoint].append(address)
    found, formulas, rounds = {}, [], size(2, 20)
    for at in range(rounds):
        with app.app_context():
            rename_everybody(PAYLOADS[at::rounds])
        for endpoint, addresses_of in doors.items():
            if at and endpoint not in found:
                continue  # no table came out of it the first time
            for address in addresses_of:
                answer = first_answer(app, world, address)
                for ending, data in () if answer is None else tables_of(answer):
                    cells = cells_of(ending, data)
                    found.setdefault(endpoint, set()).add(ending)
                    if ending == "csv" and endpoint not in FOR_PROGRAMS:
                        formulas += [(address, cell) for cell in cells if could_run(cell)]
    report("35", payloads=len(PAYLOADS), exports=sum(map(len, found.values())), formulas=len(formulas))
    assert formulas == []
    assert {
        "awards.download_paper", "awards.download_report", "review.download_notice",
        "people.download_roster", "theory.score_template",
    } <= set(found)
    assert found["awards.download_paper"] == {"csv", "xlsx"}


def first_answer(app, world, address):
    """What the first walker who may enter is answered; None when nobody gets it."""
    for walker in WALKERS:
        answer = world.browser(app, walker).get(address)
        if answer.status_code == 200:
            return answer
    return None
