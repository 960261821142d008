"""An existing register comes in from a spreadsheet: how long its rows take, with levels that two confirm."""

import time

from bench.installation import Installation
from bench.reporting import main
from contest import clock
from contest.accounts.models import Grant, User
from contest.audit.work import Actor
from contest.db import about_to_write, db
from contest.registry import import_actions, import_queries, ladder_actions, ladder_rules

SIZES = (300, 3_000)
TARGETS = {"register of 300 rows: confirmed, s": "≤ 3"}
HEAD = "姓名,单位,出生日期,工种,地区,等级,荣誉,是否称号,授予单位,文号,授予日期\n"


def measure(sizes=SIZES):
    """{figure's name: value}: each size is read, looked at and confirmed, into a register of its own."""
    found = {}
    for rows in sizes:
        with Installation(4) as place, place.app.app_context():
            about_to_write(True)
            one, two = _curators()
            ladder_actions.take_up_ladder(one, ladder_rules.shipped_text("three_step"))
            found |= _measure(one, two, rows)
    return found


def _measure(one, two, rows):
    began = time.perf_counter()
    pending = import_actions.upload_register(one, _file(rows), "工匠库.csv")
    read = time.perf_counter()
    import_queries.rows_of(import_queries.get_pending(pending).rows)
    looked = time.perf_counter()
    spent = time.process_time()
    counts = import_actions.confirm_register(two, pending, False)
    done, spent = time.perf_counter(), time.process_time() - spent
    if counts["new"] != rows:
        raise SystemExit(f"Only {counts} of {rows} rows were taken.")
    name = f"register of {rows:,} rows"
    return {f"{name}: read, s": round(read - began, 2), f"{name}: preview, s": round(looked - read, 2),
            f"{name}: confirmed, s": round(done - looked, 2),
            f"{name}: of it on the processor (one core), s": round(spent, 2)}


def _file(rows):
    lines = (
        f"匠人{n},单位{n % 40},19{60 + n % 40}-02-03,焊工,青州,{'技术能手' if n % 2 else ''},"
        f"市首席技师,{'是' if n % 3 else '否'},市总工会,{n}号,2024-05-01\n" for n in range(rows)
    )
    return (HEAD + "".join(lines)).encode()


def _curators():
    people = [User(login=f"curator-{n}", name=f"顾{n}", created_at=clock.now()) for n in (1, 2)]
    db.session.add_all(people)
    db.session.flush()
    db.session.add_all([Grant(user_id=one.id, role="curator") for one in people])
    db.session.commit()
    return [Actor(one.id, one.name) for one in people]


if __name__ == "__main__":
    main(measure, __doc__)
