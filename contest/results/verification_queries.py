"""What the program shows beside what the second scorer counts from the exported ledger."""

import io
import json
import tomllib
import zipfile
from dataclasses import dataclass, replace
from decimal import Decimal
from types import SimpleNamespace

from sqlalchemy import func, select

from contest import clock
from contest.audit.chain_archive import archive_lines
from contest.audit.chain_queries import find_head
from contest.db import db, snapshot
from contest.errors import Conflict
from contest.figures.models import RecordedFigure
from contest.judging.models import Penalty, SheetRevision
from contest.offline.answer import answer_of
from contest.offline.standings import Scored
from contest.people.models import StateEvent
from contest.recount.plan import read
from contest.results import bulletin_queries, rules, second_scorer, verification_rules
from contest.results.decided_queries import count_decisions, may_take
from contest.results.ledger_files import ABOUT, ANSWER, CHAIN, FORMATS, OVER, PUBLISHED, digest_of
from contest.results.ledger_queries import Ledger, ledger_of, people_of
from contest.results.models import ResultSheet, TieRuling
from contest.results.published_files import published_bytes
from contest.results.queries import scored, stage_of
from contest.results.result_document import result_document
from contest.results.verification_rules import Difference, Figure
from contest.scoring.medals import awards
from contest.scoring.organisations import organisation_table
from contest.scoring.scheme import Plan
from contest.setup.queries import get_contest, plan_in_force
from contest.theory.models import TheoryEntry

# What later areas put into an archive: functions of the contest's number that return {name: bytes}.
MORE_FILES = []
GROWING = (SheetRevision, TheoryEntry, Penalty, RecordedFigure, StateEvent, TieRuling, ResultSheet)


@dataclass(frozen=True)
class Shown:
    """What the program shows of a stage, and the ledger from which it can be counted again.

    answer: as docs/rules/README.md, section 10, with every printed figure as the result document
    prints it. fingerprint: of that document. stamp: what must not change until it is published.
    """

    ledger: Ledger
    plan: Plan
    answer: dict
    fingerprint: str
    stamp: tuple

    @property
    def stage(self):
        """The key of the stage."""
        return self.ledger.stage


@dataclass(frozen=True)
class Count:
    """What the second scorer found: how many figures were compared, and on which it differs.

    files: the ledger's, {name: bytes}; digest: of them.
    """

    shown: Shown
    files: dict
    digest: str
    figures: int
    differences: list

    def record(self):
        """What a ResultSheet keeps of it."""
        return {
            "figures": self.figures, "plan_number": self.shown.ledger.plan_number,
            "ledger": self.digest, "at": clock.now().isoformat(),
        }


def shown(contest_id, stage=None):
    """The Shown of a stage (None: the one being held); Missing, and Conflict for one not yet held."""
    contest = get_contest(contest_id)
    rules.check_opened(plan_in_force(contest_id).plan, stage, stage_of(contest_id))
    official, found, roster, book = scored(contest_id, stage)
    ledger = ledger_of(contest_id, official.stage)
    document = result_document(contest, official.force, official)
    return Shown(
        ledger, official.plan,
        verification_rules.overlaid(
            _answer(official, found, roster, book), document, ledger.codes, ledger.teams,
            official.plan.ranking.by_group,
        ),
        rules.fingerprint(document), stamp_of(contest_id, official.stage),
    )


def _answer(official, found, roster, book):
    """The first scorer's answer, under the names that stand in the files."""
    plan = official.plan
    names = {line.team_id: line.team for line in roster}
    called = replace(
        book, entrants=tuple(line.number for line in roster),
        teams=tuple(names.get(int(team), team) for team in book.teams),
    )
    goes_on = [line.id in official.goes_on for line in roster]
    advance = SimpleNamespace(goes_on=goes_on) if plan.stage(official.stage).lets_on else None
    lines, quotas, table = [], [], []
    if official.stage == plan.last_stage.key:
        lines, quotas = awards(plan, found, may_take(official.contest_id, plan, found, roster), book)
        table = organisation_table(plan, book, found, lines)
    if found.teams is not None:
        found = replace(found, teams=replace(found.teams, teams=called.teams))
    answer = answer_of(Scored(plan, called, found, advance, lines, quotas, table, True))
    members = {called.teams[team] for team in book.team.tolist() if team >= 0}
    answer["teams"] = [team for team in answer["teams"] if team["team"] in members]
    return json.loads(json.dumps(answer))


def stamp_of(contest_id, stage):
    """What a ledger rests on, quickly asked: nothing has changed while two stamps are equal.

    Tables that only grow by their last row and number; the roster, which may change, in full.
    """
    counts = [
        tuple(db.session.execute(
            select(func.max(model.id), func.count()).where(model.contest_id == contest_id)
            .where(*([model.kind != "draft"] if model is SheetRevision else []))
        ).one()) for model in GROWING
    ]
    version = plan_in_force(contest_id).version_id
    decided = count_decisions(contest_id)  # they only grow: one that is taken back has another about it
    return stage, version, tuple(counts), decided, tuple(map(str, people_of(contest_id)))


def count(shown, wait=None):
    """The second scorer's Count of what is Shown; asks no table. CannotCount.

    wait(seconds) is told while it counts.
    """
    files = files_of(shown.ledger, wait)
    answer = second_scorer.count_again(files, shown.stage, wait)
    first, second = map(verification_rules.figures_of, (shown.answer, answer))
    return Count(
        shown, files, digest_of(files), len(first) + 1,
        [*_plan_differences(shown.ledger), *verification_rules.differences(first, second)],
    )


def files_of(ledger, wait=None):
    """A ledger's files, {name: bytes}, with the chief's rulings that hold. CannotCount.

    Which hold is found by the second scorer: a ruling says something only of those who are tied.
    """
    files = ledger.files()
    if not ledger.rulings:
        return files
    answer = second_scorer.count_again(files, ledger.stage, wait)
    return ruled_ledger(ledger, answer).files()


def exported(shown, wait=None):
    """The files of an exported ledger: those that are counted from, and ANSWER, what is shown."""
    answer = json.dumps(shown.answer, ensure_ascii=False, indent=1) + "\n"
    return files_of(shown.ledger, wait) | {ANSWER: answer.encode()}


def write_chain(contest_id, write):
    """Write the contest's chain through write(bytes), a line at a time; ask within `db.snapshot()`."""
    for each in archive_lines(contest_id):
        write(each)


def about_archive(contest_id, stage):
    """What an archive says of itself, as the bytes of ABOUT."""
    contest, head = get_contest(contest_id), find_head(contest_id)
    facts = {
        "format": FORMATS[-1], "contest": contest_id, "slug": contest.slug,
        "name": contest.name, "name_en": contest.name_en, "stage": stage, "state": contest.state,
        "host": contest.host, "place": contest.place,
        **{key: str(getattr(contest, key) or "") for key in ("starts_on", "ends_on")},
        "head": str(head) if head else "", "at": clock.now().isoformat(),
        "entrants": {str(row.id): row.number for row in people_of(contest_id)},
    }
    return (json.dumps(facts, ensure_ascii=False, indent=1) + "\n").encode()


def files_about(contest_id, stage):
    """ABOUT, MORE_FILES, and PUBLISHED if it is over, as {name: bytes}; ask within `db.snapshot()`."""
    files = {ABOUT: about_archive(contest_id, stage)}
    for more in MORE_FILES:
        files |= more(contest_id)
    if get_contest(contest_id).state in OVER:
        files[PUBLISHED] = published_bytes(contest_id)
    return files


def bulletin_files(contest_id, stage):
    """The signed bulletin of a stage's latest revision as files, {name: bytes}; none where none is signed."""
    bulletin = bulletin_queries.latest_bulletin(contest_id, stage)
    return bulletin_queries.files_of(bulletin) if bulletin else {}


def zipped_ledger(contest_id, stage=None):
    """(file name, bytes) of a stage's archive: exported ledger and chain; refusals as `shown`."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        with snapshot():
            slug = get_contest(contest_id).slug
            found = shown(contest_id, stage)
            for name, text in files_about(contest_id, found.stage).items():
                archive.writestr(name, text)
            with archive.open(CHAIN, "w") as file:
                write_chain(contest_id, file.write)
        try:
            files = exported(found)
        except second_scorer.CannotCount as why:
            raise Conflict(
                "The ledger could not be written: the second scorer could not find the ties (%(why)s).",
                why=str(why),
            ) from why
        for name, text in (files | bulletin_files(contest_id, found.stage)).items():
            archive.writestr(name, text)
    return f"{slug}-{found.stage}-ledger.zip", data.getvalue()


def _plan_differences(ledger):
    """The plan's file says what the stored plan says, as the second scorer reads both."""
    written = read(tomllib.loads(ledger.plan_text, parse_float=Decimal))
    if verification_rules.same_plan(written, read(ledger.document)):
        return []
    return [Difference(Figure("contest", "", "", "plan"), ledger.plan_number, None)]


def ruled_ledger(ledger, answer):
    """The ledger with the chief's rulings that name exactly those whom an answer leaves tied.

    The answer is one without rulings: a ruling on more, fewer or other people says nothing.
    """
    columns = {"entrants": ("code", "ruling", "open_ties", ledger.codes),
               "teams": ("team", "team_ruling", "open_team_ties", ledger.teams)}
    ruled = {}
    for about, order in ledger.rulings:
        column, field, ties, names = columns[about]
        called = [names.get(one) for one in order]
        if frozenset(called) in {frozenset(tie) for tie in answer[ties]}:
            for number, name in enumerate(called, 1):
                ruled[column, field, name] = str(number)
    entrants = [
        row | {
            field: ruled[column, field, row[column]] for column, field, _, _ in columns.values()
            if (column, field, row[column]) in ruled
        } for row in ledger.entrants
    ]
    return replace(ledger, entrants=entrants)
