"""Commands do what the pages do, in the same sentences."""

import json
import re
from contextlib import nullcontext

import click
import click.testing
import pytest
from flask_migrate import downgrade
from sqlalchemy import func, select, text

from contest import create_app
from contest.accounts.models import Card
from contest.accounts.queries import find_user
from contest.cli import main
from contest.db import about_to_write, db
from contest.errors import Conflict, Invalid, Missing
from contest.results import actions as results_actions
from contest.setup.plan_text import toml_of
from contest.setup.presets import find_preset
from contest.setup.queries import get_contest_by_slug, plan_in_force
from tests import factories
from tests.conftest import TEST_SETTINGS
from tests.documents.paper_text import pages_of


def all_commands(group, path=()):
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from all_commands(command, (*path, name))


@pytest.fixture
def type_in(app, monkeypatch):
    """`type_in("results", "slug")` types a command in an English terminal; gives click's result."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    runner = app.test_cli_runner()
    return lambda *words, **more: runner.invoke(args=list(words), **more)


def test_every_command_says_what_it_does(app):
    silent = [
        " ".join(path) for path, command in all_commands(app.cli)
        if path[0] != "db" and not (command.help or "").strip()
    ]

    assert silent == []


def test_an_empty_installation_prints_its_set_up_code(type_in):
    answer = type_in("init")

    assert answer.exit_code == 0
    assert "Set-up code: " in answer.output


def test_a_set_up_installation_prints_none(type_in):
    factories.make_grant(factories.make_user(), "organiser")

    assert "Set-up code" not in type_in("init").output


WITHOUT_DATABASE = [
    ["contests", "list"], ["contests", "new", "x", "X"], ["verify", "x"], ["results", "x"], ["user", "list"],
    ["judge-cards", "x", "--address", "http://x"], ["export", "plan", "x"],
    ["export", "ledger", "x", "-o", "out"], ["serve", "--port", "8200"],
]


@pytest.mark.parametrize("words", WITHOUT_DATABASE)
@pytest.mark.parametrize("is_empty_file", [False, True])
def test_without_a_database_a_command_says_one_sentence_and_makes_none(
    tmp_path, monkeypatch, started, words, is_empty_file
):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setattr("contest.commands.terminal.taken_port", lambda host, ports: None)
    path = tmp_path / "contest.sqlite"
    if is_empty_file:
        path.touch()
    app = create_app(**TEST_SETTINGS, SQLALCHEMY_DATABASE_URI=f"sqlite:///{path}", DATA_FOLDER=tmp_path)
    monkeypatch.setattr("contest.create_app", lambda: app)

    answer = app.test_cli_runner().invoke(args=words)

    assert answer.exit_code == 2
    assert answer.output == f"Error: There is no database yet at {path}; run contest init.\n"
    assert [(one.name, one.stat().st_size) for one in tmp_path.iterdir()] == (
        [("contest.sqlite", 0)] if is_empty_file else []
    )
    assert started == []


def test_a_database_of_an_earlier_version_is_not_touched(app, type_in):
    db.session.remove()
    downgrade(revision="0004")

    answer = type_in("contests", "list")

    assert answer.exit_code == 2
    assert "by an earlier version; run contest init to take it over." in answer.output
    assert type_in("init").exit_code == 0
    assert type_in("contests", "list").exit_code == 0


def test_a_database_of_a_later_version_is_not_touched(app, type_in):
    db.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    db.session.commit()

    answer = type_in("contests", "list")

    assert answer.exit_code == 2
    assert "by a later version of this program." in answer.output


@pytest.fixture
def started(monkeypatch):
    """What `contest serve` would have started; nothing is."""
    calls = []

    def start(**how):
        calls.append(how)
        how["told"]("http://127.0.0.1:8200", "http://127.0.0.1:8201")

    monkeypatch.setattr("contest.serving.serve", start)
    return calls


@pytest.mark.parametrize(("words", "ports"), [
    ([], (8000, 8001)), (["--port", "8200"], (8200, 8201)),
    (["--port", "8200", "--board-port", "9000"], (8200, 9000)),
])
def test_the_board_is_on_the_next_port(app, type_in, started, monkeypatch, words, ports):
    monkeypatch.setattr("contest.commands.terminal.taken_port", lambda host, ports: None)
    monkeypatch.setattr("contest.create_app", lambda: app)

    assert type_in("serve", *words).exit_code == 0
    assert [(how["port"], how["board_port"]) for how in started] == [ports]


@pytest.mark.parametrize("command", [["serve"], ["demo"]])
def test_a_taken_port_is_refused_with_a_sentence(type_in, started, monkeypatch, command):
    monkeypatch.setattr("contest.commands.terminal.taken_port", lambda host, ports: ports[1])

    answer = type_in(*command, "--port", "8200")

    assert answer.exit_code == 1
    assert "Port 8201 on 127.0.0.1 is taken" in answer.output
    assert started == []


def test_serving_an_empty_installation_prints_the_address_and_a_new_code(
    app, type_in, started, monkeypatch
):
    monkeypatch.setattr("contest.commands.terminal.taken_port", lambda host, ports: None)
    monkeypatch.setattr("contest.create_app", lambda: app)

    first, second = type_in("serve").output, type_in("serve").output
    factories.make_grant(factories.make_user(), "organiser")
    third = type_in("serve").output

    assert "Open http://127.0.0.1:8200/set-up" in first and "Set-up code: " in first
    assert first.split("Set-up code: ")[1] != second.split("Set-up code: ")[1]
    assert "Office: http://127.0.0.1:8200/" in third and "Set-up code" not in third


def test_an_account_added_here_has_its_roles(type_in):
    answer = type_in("user", "add", "petra", "Petra", "--role", "organiser")

    assert "Password: " in answer.output
    assert [grant.role for grant in find_user("petra").grants] == ["organiser"]
    assert "petra" in type_in("user", "list").output


def test_a_contest_from_a_preset_exports_its_plan_as_toml(type_in, tmp_path):
    assert type_in("contests", "new", "cement-1", "水泥", "--preset", "c1_cement").exit_code == 0

    out = tmp_path / "plan.toml"
    assert type_in("plan", "export", "cement-1", "-o", str(out)).exit_code == 0

    plan = plan_in_force(get_contest_by_slug("cement-1").id).plan
    assert out.read_text("utf-8") == toml_of(plan)
    assert "水泥" in type_in("plan", "check", str(out)).output


def test_the_results_are_the_same_in_every_format(type_in):
    contest, _ = factories.make_marked_contest({"张三": ("80", "9.5"), "李四": ("90", "8")})

    rows = json.loads(type_in("results", contest.slug, "--format", "json").output)
    table = type_in("results", contest.slug).output
    lines = type_in("results", contest.slug, "--format", "csv").output.splitlines()

    # By hand: 80 × 30 % + 97.5 × 70 % = 92.25; 90 × 30 % + 90 × 70 % = 90
    assert [(row["place"], row["name"], row["total"]) for row in rows] == [
        (1, "张三", "92.25"), (2, "李四", "90.00"),
    ]
    assert "92.25" in table and "90.00" in table
    assert "92.25" in lines[1] and "90.00" in lines[2]


def test_results_on_the_terminal_say_that_they_are_not_final(type_in):
    """Figure 28: exports before publication carry the mark, in every format."""
    contest, _ = factories.make_marked_contest({"张三": ("80", "9.5")}, state="collected")

    def told():
        rows = json.loads(type_in("results", contest.slug, "--format", "json").output)
        csv_lines = type_in("results", contest.slug, "--format", "csv").output.splitlines()
        column = csv_lines[0].split(",").index("is_final")
        return (
            type_in("results", contest.slug).output.splitlines()[-1],
            {row["is_final"] for row in rows}, {csv_lines[1].split(",")[column]},
        )

    assert told() == ("Provisional: not final", {False}, {"False"})
    for name, kind in (("Petra", "provisional"), ("Quirin", "final")):
        about_to_write(True)
        actor = factories.make_official(name, "organiser")
        results_actions.publish_results(actor, contest.id, kind)
    assert told() == ("Final results", {True}, {"True"})


def test_papers_go_to_files(type_in, tmp_path):
    contest, _ = factories.make_marked_contest({"张三": ("80", "9.5")})
    out = tmp_path / "summary.pdf"

    assert type_in("export", "paper", contest.slug, "summary", "-o", str(out)).exit_code == 0
    assert out.read_bytes().startswith(b"%PDF")
    words = ("export", "paper", contest.slug, "summary", "-o", str(out), "--stage")
    assert type_in(*words, "final").exit_code == 0
    assert isinstance(type_in(*words, "semi").exception, Missing)


def test_each_paper_is_the_one_that_was_asked_for(type_in, tmp_path):
    contest, _ = factories.make_marked_contest({"张三": ("80", "9.5")})
    empty, out = factories.make_contest(), tmp_path / "paper.csv"

    for paper, told in (("notice", "Awards proposed"), ("script", "Call-up order"),
                        ("organisations", "Awards by organisation"), ("reports", "Marks by module")):
        words = ("export", "paper", contest.slug, paper, "--format", "csv", "--language", "en")
        assert type_in(*words, "-o", str(out)).exit_code == 0
        assert told in out.read_text("utf-8-sig"), paper
    assert isinstance(type_in("export", "paper", empty.slug, "reports").exception, Conflict)


def test_judge_cards_are_printed_and_old_cards_stop_working(type_in, tmp_path):
    contest = factories.make_contest()
    factories.make_judge(contest)
    out = tmp_path / "cards.pdf"

    pins = tmp_path / "pins.pdf"
    words = ("judge-cards", contest.slug, "-o", str(out), "--pins", str(pins))

    answer = type_in(*words, "--address", "http://10.0.0.7:8000/")

    assert "cards: 1" in answer.output
    assert "lead to http://10.0.0.7:8000." in answer.output
    [card], [slip] = pages_of(out.read_bytes()), pages_of(pins.read_bytes())
    assert "http://10.0.0.7:8000/enter/" in card and "PIN" not in card
    assert "PIN" in slip and "http" not in slip


def test_the_cards_address_comes_from_the_configuration(app, type_in, tmp_path):
    contest = factories.make_contest()
    factories.make_judge(contest)
    app.config["ADDRESS"] = "https://contest.example"

    answer = type_in("judge-cards", contest.slug, "-o", str(tmp_path / "a"), "--pins", str(tmp_path / "b"))

    assert "lead to https://contest.example." in answer.output


@pytest.mark.parametrize("more", [(), ("--address", "10.0.0.7:8000")])
def test_no_card_is_issued_without_an_address(type_in, tmp_path, more):
    contest = factories.make_contest()
    factories.make_judge(contest)
    out = tmp_path / "cards.pdf"

    answer = type_in("judge-cards", contest.slug, "-o", str(out), *more)

    assert isinstance(answer.exception, Invalid)
    assert not out.exists()
    assert db.session.scalar(select(func.count()).select_from(Card)) == 0


def test_a_bad_list_names_its_cells_and_stores_nothing(type_in, tmp_path):
    contest = factories.make_contest(state="registration")
    path = tmp_path / "roster.csv"
    path.write_text("单位,代表队,姓名,性别\n甲公司,一队,张三,马\n", "utf-8")

    answer = type_in("import", "roster", contest.slug, str(path))

    assert answer.exit_code == 1
    assert "2:Gender" in answer.output and "is not one of" in answer.output


def test_a_refusal_is_one_sentence_and_exit_code_1(app, monkeypatch, tmp_path):
    monkeypatch.setenv("CONTEST_DATA", str(tmp_path / "other"))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    runner = app.test_cli_runner()

    runner.invoke(main, ["init"])
    answer = runner.invoke(main, ["results", "none"])

    assert answer.exit_code == 1
    assert answer.output.strip().endswith("There is no such contest.")


def test_a_plan_file_is_refused_with_the_line_the_key_and_what_is_allowed(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text(find_preset("blank").text.replace("judges = 3", "judges = 300"), "utf-8")
    line = next(n for n, row in enumerate(path.read_text("utf-8").splitlines(), 1) if "judges" in row)

    answer = click.testing.CliRunner().invoke(main, ["plan", "check", str(path)])

    assert answer.exit_code == 1
    assert f"line {line}, modules[1].panel.judges: " in answer.output
    assert "99" in answer.output


def test_the_schema_of_a_plan_is_written(type_in, tmp_path):
    out = tmp_path / "plan.schema.json"

    assert type_in("plan", "schema", "-o", str(out)).exit_code == 0
    assert json.loads(out.read_text("utf-8"))["properties"]["format"]


def test_standings_print_a_dash_for_whoever_has_no_mark(type_in):
    contest, _ = factories.make_marked_contest({"张三": ("80", "9.5")})
    factories.make_entrant(contest, name="赵六")

    table = type_in("results", contest.slug).output
    lines = json.loads(type_in("results", contest.slug, "--format", "json").output)

    assert "–" in next(line for line in table.splitlines() if "赵六" in line)
    assert {line["name"]: line["total"] for line in lines}["赵六"] is None


def test_long_work_shows_how_far_it_is(type_in, tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(
        "contest.commands.terminal.click.progressbar",
        lambda items, **_: nullcontext(told.append(len(items)) or items),
    )
    contest = factories.make_contest(state="registration")
    path = tmp_path / "roster.csv"
    path.write_text("单位,姓名\n甲公司,张三\n乙公司,李四\n", "utf-8")

    assert type_in("import", "roster", contest.slug, str(path)).exit_code == 0
    factories.make_judge(contest)
    cards = type_in("judge-cards", contest.slug, "-o", str(tmp_path / "cards.pdf"),
                    "--pins", str(tmp_path / "pins.pdf"), "--address", "http://10.0.0.7")

    assert cards.exit_code == 0
    assert told == [2, 1]


def test_a_chinese_terminal_reads_chinese(type_in, tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    contest = factories.make_contest(state="registration")
    path = tmp_path / "roster.csv"
    path.write_text("单位,姓名,性别\n甲公司,张三,马\n", "utf-8")

    refused = type_in("import", "roster", contest.slug, str(path)).output
    assert "2:性别" in refused and not re.search("[A-Za-z]{4,} [a-z]{2,}", refused)

    path.write_text("单位,姓名,性别\n甲公司,张三,男\n", "utf-8")
    assert "新增1，更改0，未变0。" in type_in("import", "roster", contest.slug, str(path)).output


@pytest.mark.parametrize("command", [("plan", "check"), ("contests", "new", "gb", "国标", "--plan")])
def test_a_plan_in_another_encoding_is_refused_with_a_sentence(type_in, tmp_path, command):
    path = tmp_path / "plan.toml"
    path.write_bytes("name = '水泥'".encode("gb18030"))

    answer = type_in(*command, str(path))

    assert answer.exit_code == 1
    assert isinstance(answer.exception, Invalid) and "not UTF-8" in str(answer.exception)


def test_a_bad_plan_is_told_place_by_place(app, tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    path = tmp_path / "plan.toml"
    contest = factories.make_contest()
    text = toml_of(plan_in_force(contest.id).plan).replace("weight = 30", "weight = 20")
    path.write_text(text, "utf-8-sig")

    answer = click.testing.CliRunner().invoke(main, ["plan", "check", str(path)])

    assert answer.exit_code == 1
    assert "90" in answer.output and "第 " in answer.output
