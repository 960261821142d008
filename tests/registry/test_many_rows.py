"""However many rows a batch of a list has, the database is asked as often."""

import pytest
from sqlalchemy import event

from contest.db import db
from contest.registry import archive_actions, import_actions
from tests.registry.climbing import curators
from tests.registry.test_archive import ABOUT
from tests.registry.test_archive import HEAD as ARCHIVE_HEAD

HEAD = "姓名,单位,出生日期,工种,地区,荣誉,是否称号,授予单位,文号,授予日期\n"


def register_of(actor, count):
    rows = "".join(
        f"工匠{n},单位{n % 5},1980-05-0{1 + n % 9},焊工,云溪区,技术能手,是,市总工会,{n}号,2024-05-01\n"
        for n in range(count)
    )
    pending = import_actions.upload_register(actor, (HEAD + rows).encode(), "工匠库.csv")
    return lambda: import_actions.confirm_register(actor, pending, False)


def archive_of(actor, count):
    rows = "".join(
        f"选手{n},单位{n % 5},,1980-05-0{1 + n % 9},职工组,焊工,{n + 1},{100 - n / 10:.1f},一等奖,是\n"
        for n in range(count)
    )
    pending = archive_actions.upload_archive(
        actor, {**ABOUT, "archive_name": f"第{count}届"}, (ARCHIVE_HEAD + rows).encode(), "2019.csv"
    )
    return lambda: archive_actions.confirm_archive(actor, pending, False)


def questions(do):
    """How many SELECTs something takes."""
    asked = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        do()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(asked)


@pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
@pytest.mark.parametrize("list_of", [register_of, archive_of])
def test_ten_rows_and_fifty_ask_the_database_equally_often(app, list_of):
    one, _ = curators()
    questions(list_of(one, 8))  # what is read once and kept
    few = questions(list_of(one, 10))
    assert questions(list_of(one, 50)) <= few + 2
