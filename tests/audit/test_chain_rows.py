"""Figure 23 for the rows beside the ledger that decide a result: each change of each is found."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import JSON, Boolean, Date, DateTime, Integer, text
from sqlalchemy.exc import DBAPIError

from contest import clock
from contest.audit import chain_rules
from contest.audit.chain_archive import archive_lines
from contest.audit.chain_contents import THROUGH, contents
from contest.audit.chain_queries import check_chain, links_of
from contest.audit.chain_walk import Findings, Walk
from contest.audit.work import Actor, work
from contest.awards.models import Annulment, AwardsLeftOut, CommitteeDecision, CommitteeVote
from contest.checks.models import (
    CheckStatement,
    PaperSample,
    ReviewAddition,
    ReviewDraw,
    ScoreCheck,
    ScoreStatement,
    SheetCheck,
    Signature,
)
from contest.db import db
from contest.figures.models import RecordedFigure
from contest.judging.key_models import DeviceRuling
from contest.judging.models import Penalty, Sheet
from contest.members.retention import ERASE
from contest.offline.archived_chain import check_archive
from contest.people.models import StateEvent
from contest.quiz.models import QuizEntry, QuizSetting
from contest.results.models import Reopening, StageOpening, TieRuling
from contest.review.models import (
    Appeal,
    Correction,
    Notice,
    NoticeChange,
    Objection,
    StatedMoment,
    UnchangedReason,
)
from contest.theory.models import TheoryEntry
from tests import factories
from tests.audit.tampering import findings, make_chain
from tests.audit.test_chain import ROWS, sample

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
SOMEBODY = Actor(None, "test")
TABLES = (*chain_rules.DECIDING, *chain_rules.KEPT)
# In the soak as many rows in all as the ledger has: 2,000 of each would be looked at for a day.
OF_EACH = max(3, ROWS // len(TABLES))
EVERY_TABLE = pytest.mark.parametrize("table", TABLES)
# Of these tables only what decides is attested.
NOT_ATTESTED = {"entrant": {"checked_in_at", "check_in_token"}, "objection": {"name", "contact"},
                "appeal": {"revision"}}
ATTESTED = {"contest": {"state", "stage", "procedure"}}


def make_decided(count=3):
    """A contest with a chain, and rows in every table that decides; its id."""
    contest = db.session.get(factories.Contest, make_chain(1))
    sheets = [
        factories.make_result_sheet(contest, revision=n + 1, document={"rows": [], "number": n})
        for n in range(count)
    ]
    with work(SOMEBODY, "thing.do", contest_id=contest.id):
        for n in range(count):
            entrant = factories.make_entrant(contest, team=factories.make_team(contest, name=f"Team {n}"))
            factories.make_award(sheet=sheets[n], contest=contest, entrant=entrant, award_key=f"prize{n}")
            _add_rows(contest.id, entrant, sheets[n], n)
            _add_gates(contest.id, entrant, sheets[n], n)
            add_annulment(contest.id, entrant, n)
    return contest.id


def add_annulment(contest_id, entrant, n):
    db.session.add(Annulment(
        contest_id=contest_id, kind="annulled", entrant_id=entrant.id, reason=f"reason {n}", minutes=f"{n}",
        decided_on=clock.now().date(), at=clock.now(),
    ))


def _add_rows(contest_id, entrant, sheet, n):
    now = {"contest_id": contest_id, "at": clock.now()}
    own = now | {"entrant_id": entrant.id}
    db.session.add_all([
        Penalty(**own, scope="risk", units=10_000 + n, reason="late"),
        TheoryEntry(**own, module_key="paper", units=600_000 + n, state="scored", source="clerk"),
        RecordedFigure(**own, kind="data", key="draw", units=n),
        QuizEntry(**own, module_key="quiz", seq=n + 1, kind="must", amount=n),
        QuizSetting(**now, module_key="quiz", values={"right": n}),
        StateEvent(**own, module_key="", state="normal", reason=f"reason {n}"),
        TieRuling(**now, stage="final", order=[n, 8], reason="drawn"),
        StageOpening(**now, from_stage="first", stage=f"stage {n}"),
        AwardsLeftOut(**now, result_sheet_id=sheet.id, reason=f"reason {n}"),
        Correction(**now, result_sheet_id=sheet.id, kind="arithmetic", words=f"words {n}", is_late=False),
        CommitteeDecision(**own, award_key="vote", kind="choose", reason=f"reason {n}", minutes=f"{n}",
                          decided_on=clock.now().date()),
        CommitteeVote(**now, award_key="vote", organisation_id=entrant.organisation_id, votes=n),
        Reopening(contest_id=contest_id, result_sheet_id=sheet.id, reason=f"reason {n}",
                  proposed_at=now["at"]),
    ])


def _add_gates(contest_id, entrant, sheet, n):
    """What the gates of a publication look at."""
    now = {"contest_id": contest_id, "at": clock.now()}
    stage, user = {"stage": f"stage {n}"}, factories.make_user(f"signer {n}")
    marked = db.session.query(Sheet).filter_by(contest_id=contest_id).first()
    notice = Notice(**now, **stage, number=n + 1, result_sheet_id=sheet.id, days=3 + n, ends_at=now["at"],
                    rows=[{"number": n}], list_hash=f"{n:064x}")
    check = SheetCheck(**now, sheet_id=marked.id, rev=n + 1, agrees=False, note=f"note {n}")
    entry = db.session.query(TheoryEntry).filter_by(entrant_id=entrant.id).one()
    scored = ScoreCheck(**now, entry_id=entry.id, agrees=False, note=f"note {n}")
    db.session.add_all([notice, check, scored])
    db.session.flush()
    objection = Objection(**now, notice_id=notice.id, number=n + 1, receipt=f"OBJECTION{n}", name=f"name {n}",
                          contact=f"contact {n}", text=f"text {n}")
    db.session.add(objection)
    db.session.flush()
    db.session.add_all([
        UnchangedReason(**now, objection_id=objection.id, reason=f"reason {n}"),
        StatedMoment(**now, **stage, kind="results", ends_at=now["at"], note=f"note {n}"),
        NoticeChange(notice_id=notice.id, kind="extended", days=n, ends_at=now["at"], reason=f"reason {n}",
                     at=now["at"]),
        ReviewDraw(**now, **stage, seed=f"seed {n}", top=[n], drawn=[]),
        ReviewAddition(**now, **stage, number=2, seed=f"seed {n}", drawn=[n]),
        CheckStatement(**now, check_id=check.id, words=f"words {n}"),
        ScoreStatement(**now, check_id=scored.id, words=f"words {n}"),
        DeviceRuling(**now, kind="admit", device_id=f"device {n}", public=f"key {n}", reason=""),
        PaperSample(**now, **stage, seed=f"seed {n}", confidence=50 + n % 40, bad="5", margin="1", drawn=[n],
                    at_line=[]),
        Signature(**now, **stage, role="judge", module_key="risk", sheets={str(marked.id): n}, by_id=user.id),
        Appeal(contest_id=contest_id, **stage, number=n + 1, receipt=f"RECEIPT{n}", entrant_id=entrant.id,
               ground="scoring", text=f"text {n}", door="entrant", filed_at=now["at"]),
    ])


def keys_of(contest_id, table):
    own = "id" if table == "contest" else "contest_id"
    where = f"{own} = :contest"
    if table in THROUGH:
        column, parent = THROUGH[table]
        where = f"{column} IN (SELECT id FROM {parent} WHERE {where})"
    return db.session.scalars(
        text(f"SELECT id FROM {table} WHERE {where} ORDER BY id"), {"contest": contest_id}
    ).all()


def unguarded(table):
    """Within this transaction, which is taken back, nothing forbids anything."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
        return
    db.session.execute(text("PRAGMA defer_foreign_keys = ON"))
    names = db.session.scalars(
        text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"), {"table": table}
    ).all()
    for name in names:
        db.session.execute(text(f"DROP TRIGGER {name}"))


def is_found(contest_id, table, statement, **values):
    """Is it seen after this statement, and does the finding name the row? None: the database refuses it."""
    try:
        unguarded(table)
        done = db.session.execute(text(statement), values)
        assert done.rowcount > 0, statement
        found = check_chain(contest_id)
        return any(one.kind == table for one in found.problems)
    except DBAPIError:
        return None
    finally:
        db.session.rollback()


def forged(column):
    name, kind = f'"{column.name}"', column.type
    if isinstance(kind, Boolean):
        return f"NOT {name}"
    if isinstance(kind, Integer):
        return f"COALESCE({name}, 0) + 1000"
    if isinstance(kind, Date):
        return "'2001-01-01'"
    if isinstance(kind, DateTime) or hasattr(kind, "impl") and isinstance(kind.impl, DateTime):
        return "'2001-01-01 00:00:00+00:00'"
    if isinstance(kind, JSON):
        made = "'{\"forged\": 1}'"
        return f"CAST({made} AS JSONB)" if db.engine.dialect.name == "postgresql" else made
    return f"COALESCE({name}, '') || 'x'"


@BOTH
@EVERY_TABLE
def test_every_column_of_a_row_that_decides_is_held(app, table):
    contest_id = make_decided(OF_EACH)
    keys = sample(keys_of(contest_id, table), table)
    model = db.metadata.tables[table]
    columns = [
        column for column in model.columns
        if column.name in ATTESTED.get(table, {column.name} - NOT_ATTESTED.get(table, set()))
    ]
    seen = {
        column.name: is_found(
            contest_id, table, f'UPDATE {table} SET "{column.name}" = {forged(column)} WHERE id = :id',
            id=keys[at % len(keys)],
        ) for at, column in enumerate(columns)
    }

    assert [name for name, found in seen.items() if found is False] == []
    assert list(seen.values()).count(None) <= 2  # a kind that a constraint does not know
    assert findings(contest_id).is_whole


@BOTH
@EVERY_TABLE
def test_a_row_that_decides_deleted_inserted_or_swapped_is_found(app, table):
    contest_id = make_decided(OF_EACH)
    keys, seen = keys_of(contest_id, table), {}
    for key in sample(keys, table):
        seen["delete", key] = is_found(contest_id, table, f"DELETE FROM {table} WHERE id = :id", id=key)
    if len(keys) > 1:
        seen["swap"] = is_found(
            contest_id, table, swapped(table, *keys[:2]), a=keys[0], b=keys[1]
        )
    if table != "contest":
        seen["insert"] = is_found(contest_id, table, inserted(table), id=keys[-1])

    assert [name for name, found in seen.items() if not found] == []
    assert findings(contest_id).is_whole


def swapped(table, first, second):
    """What stands in two rows changes places, in the first column in which they differ."""
    values = [
        column.name for column in db.metadata.tables[table].columns
        if column.name not in ("id", "contest_id") and not column.unique
    ]
    asked = text(f"SELECT * FROM {table} WHERE id = :id")
    rows = {key: db.session.execute(asked, {"id": key}).mappings().one() for key in (first, second)}
    differing = next(name for name in values if rows[first][name] != rows[second][name]
                     and name not in NOT_ATTESTED.get(table, ()) and name not in unique_of(table))
    return (f'UPDATE {table} SET "{differing}" = (SELECT o."{differing}" FROM {table} o WHERE o.id = '
            f"CASE {table}.id WHEN :a THEN :b ELSE :a END) WHERE id IN (:a, :b)")


def unique_of(table):
    constraints = db.metadata.tables[table].constraints
    return {column.name for each in constraints if type(each).__name__ == "UniqueConstraint"
            for column in each.columns} - {"contest_id"}


def inserted(table):
    """A copy of a row under another number; whatever must be unique is other too."""
    model = db.metadata.tables[table]
    unique = unique_of(table) | {"id", *(column.name for column in model.columns if column.unique)}
    # What leads nowhere goes on doing so: of an annulment's two links one alone may lead somewhere.
    values = [f'"{column.name}"' if column.name not in unique
              else f'"{column.name}" + 1000' if column.nullable and column.foreign_keys
              else forged(column) for column in model.columns]
    names = ", ".join(f'"{column.name}"' for column in model.columns)
    return f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {table} WHERE id = :id"


@BOTH
@pytest.mark.parametrize("statement", [
    "UPDATE human SET gender = 'x' WHERE id = "
    "(SELECT human_id FROM entrant WHERE contest_id = :contest LIMIT 1)",
    "UPDATE human SET born_on = '1990-02-03' WHERE id = "
    "(SELECT human_id FROM entrant WHERE contest_id = :contest LIMIT 1)",
    "UPDATE organisation SET name = 'other' WHERE id = "
    "(SELECT organisation_id FROM entrant WHERE contest_id = :contest LIMIT 1)",
])
def test_what_scoring_reads_of_person_and_unit_is_held(app, statement):
    contest_id = make_decided(1)

    assert is_found(contest_id, "entrant", statement, contest=contest_id)


@BOTH
def test_what_the_program_changes_or_takes_away_has_its_link(app):
    contest_id = make_decided(2)
    entrant = factories.make_entrant(db.session.get(factories.Contest, contest_id))
    for act in ("change", "person", "unit", "remove"):
        with work(SOMEBODY, "thing.do", contest_id=contest_id):
            if act == "change":
                entrant.number = "B77"
            elif act == "person":
                entrant.human.gender = "female"
            elif act == "unit":
                entrant.organisation.name = "another unit"
            else:
                db.session.delete(entrant)
        assert findings(contest_id).is_whole
    assert [row.kind for row in links_of(contest_id)][-2:] == ["entrant", "trail"]


@BOTH
def test_an_appeal_decided_has_its_link_and_an_objector_who_is_erased_breaks_none(app):
    contest_id = make_decided(1)
    appeal = db.session.query(Appeal).filter_by(contest_id=contest_id).one()
    objection = db.session.query(Objection).filter_by(contest_id=contest_id).one()
    with work(SOMEBODY, "thing.do", contest_id=contest_id):
        appeal.outcome, appeal.decision, appeal.decided_at = "upheld", "so be it", clock.now()
    assert [row.kind for row in links_of(contest_id)][-2:] == ["appeal", "trail"]

    ERASE["contact"]([objection.id])
    db.session.commit()

    assert (objection.name, objection.contact) == ("–", "")
    assert findings(contest_id).is_whole


def test_the_archive_holds_no_receipt_and_no_word_of_an_appeal_or_an_objection(app):
    text = b"".join(archive_lines(make_decided(1)))

    assert b"\tappeal\t" in text and b"\tobjection\t" in text
    for secret in (b"RECEIPT0", b"OBJECTION0", b"text 0", b"name 0", b"contact 0"):
        assert secret not in text


def test_what_is_committed_without_a_work_is_linked_too(app):
    contest = db.session.get(factories.Contest, make_decided(1))

    contest.state = "provisional"
    db.session.commit()

    assert [row.kind for row in links_of(contest.id)][-1] == "contest"
    assert findings(contest.id).is_whole


def test_what_fails_leaves_nothing_to_be_linked(app):
    contest_id = make_decided(1)
    with pytest.raises(ZeroDivisionError), work(SOMEBODY, "thing.do", contest_id=contest_id):
        db.session.get(factories.Contest, contest_id).state = "final"
        db.session.flush()
        raise ZeroDivisionError

    assert "chain_changes" not in db.session.info
    assert findings(contest_id).is_whole


@EVERY_TABLE
def test_an_archive_names_the_row_that_is_gone_or_differs(app, table):
    contest_id = make_decided(1)
    lines = list(archive_lines(contest_id))
    assert check_archive(lines)[1].is_whole
    mine = [n for n, line in enumerate(lines) if line.split(b"\t")[1] == table.encode()][-1]
    head, tail = lines[mine].rsplit(b"\t", 1)

    for content, code in ((b"\n", "missing"), (tail.replace(b'"id":', b'"id":9', 1), "content")):
        found = check_archive([*lines[:mine], head + b"\t" + content, *lines[mine + 1:]])[1]
        assert {one.code for one in found.problems} == {code}
        assert {one.kind for one in found.problems} == {table}


def test_what_was_found_at_an_upgrade_is_counted(app):
    prev, links = chain_rules.NOTHING, []
    for seq, (kind, values) in enumerate([("genesis", {"contest": 7}), ("penalty", {"id": 1})], 1):
        content = values if kind == "genesis" else None
        links.append(chain_rules.make_link(
            seq, prev, kind, values.get("id", 0), 0, values, b"s" * 16, late=seq > 1, content=content))
        prev = links[-1].hash
    for digests, is_whole in (([links[1].digest], True), ([], False)):
        content = chain_rules.found_record(digests)
        last = chain_rules.make_link(3, prev, "found", 0, 0, content, b"s" * 16, content=content)
        found = Findings()
        walk = Walk(7, found)
        for link in (*links, last):
            walk.take(**{("made" if name == "hash" else name): value for name, value in vars(link).items()})
        assert walk.end().is_whole is is_whole
        assert found.found == (3, len(digests))


# Tables that the results or the awards read and that no link binds, each with the reason.
ELSEWHERE = {
    "sheet": "module, entrant and seat are compared with the linked trail, marks are read from the ledger",
    "sheet_revision": "bound as “revision”",
    "trail": "bound as itself",
    "human": "gender and birthday stand in the entrant's link; a name decides nothing",
    "organisation": "the name stands in the links of entrants and teams",
    "judge": "who sat in a seat moves no mark; the trail tells it",
    "user_account": "names of those who did something, copied into the linked trail",
    "role_grant": "who may publish, not what",
    "bulletin": "each has a record in the chain",
    "proposal": "who proposed what; the confirmed act is in the trail",
    "person_account": "which account is whose",
    "award_helper": "the name beside a linked award to a judge or a coach",
    "nomination": "what is asked of another authority, on the ground of a linked award",
    "nomination_event": "as nomination",
    "nomination_file": "as nomination",
    "sent_pack": "as nomination",
    "certificate": "printed from a linked award",
    "certificate_list": "each is signed, names the one before it, and its SHA-256 stands in the linked trail",
    "certificate_leaf": "the root over all leaves stands in the signed lists",
    "certificate_style": "how it looks",
    "printed_name": "how a name is printed",
    "honour": "past titles for the registry; an award here looks at the entrant's linked titles",
    "craftsman": "the registry, which no award here reads",
    "chain_link": "the chain itself",
    "signing_key": "each has a record in the chain",
    "handover": "who went on with a sheet; module, entrant and seat stay",
    "pending_import": "a file that was read and not yet confirmed",
    "correction_signature": "the trail's linked rows say who agreed; the correction itself is linked",
    "draw_seed": "as sample_seed: secret and sealed until the draw or the review",
    "sample_seed": "secret and sealed until the draw; its hash stands in the linked trail",
    "appeal_file": "its SHA-256 stands in the linked trail",
    "late_paper": "the linked trail says who took the paper and when; the appeal itself is linked",
    "late_paper_word": "the linked trail says who vouched",
    "paper_photo": "its SHA-256 stands in the linked trail",
    "module_bank": "it moves no mark; the linked trail names each bank with its SHA-256",
    "question_bank": "as module_bank",
}


def models_read():
    """The tables of the models that the areas of results, awards and what they count from import."""
    known = {mapper.class_.__name__: mapper.local_table.name for mapper in db.Model.registry.mappers}
    root, found = Path(chain_rules.__file__).parents[1], {}
    for area in ("results", "awards", "figures", "theory", "checks", "review"):
        for path in (root / area).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("models"):
                    for name in node.names:
                        if name.name in known:
                            found.setdefault(known[name.name], path.name)
    return found


def test_every_table_that_decides_is_in_the_chain_or_has_a_reason_not_to_be(app):
    bound = {*chain_rules.ROWS.values(), *chain_rules.KEPT}
    read = models_read()
    # A table that stands for an entrant, a module or a stage may decide as well: it must be known here.
    assert {name: where for name, where in read.items() if name not in bound and name not in ELSEWHERE} == {}
    assert bound <= set(db.metadata.tables)


def test_the_kinds_that_may_change_are_those_that_the_database_lets_be_linked_again(app):
    [index] = [each for each in db.metadata.tables["chain_link"].indexes if each.name == "uq_chain_link_row"]

    where = str(index.dialect_options["sqlite"]["where"])

    assert where == f"row_id > 0 AND kind NOT IN {chain_rules.KEPT}"
    made = db.session.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'uq_chain_link_row'"))
    assert made.endswith(where)


def test_large_documents_are_bound_by_their_digest(app):
    contest_id = make_decided(1)

    [row] = contents(db.session.connection(), db.metadata.tables, "result_sheet", contest_id)

    assert len(row["document"]) == 64
