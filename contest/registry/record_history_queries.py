"""Who holds or held a record, from when to when: the lines of its history, and a person's own."""

from dataclasses import dataclass

from sqlalchemy import select

from contest.db import db
from contest.people.models import Entrant, Team
from contest.people.person_queries import rows_of
from contest.registry import record_queries, record_rules
from contest.registry.models import Craftsman
from contest.registry.record_models import RecordLine, RecordMark, RecordMember
from contest.results.models import ResultSheet
from contest.setup.models import Contest


@dataclass(frozen=True)
class HolderLine:
    """One line of a record's history. mark: None for the record from before the program; value: as printed.

    sheet: the revision and document_hash of the published results behind it, where they may be told.
    name: "" where it is not told; token: of the craftsman's page; until None: it stands.
    organisation_id: of a team, for its unit's page; members: who was in it, as MemberLines.
    """

    mark: RecordMark | None
    value: str
    name: str
    unit: str
    token: str
    contest: Contest | None
    on: object
    until: object
    is_shared: bool
    sheet: object = None
    organisation_id: int | None = None
    members: tuple = ()


@dataclass(frozen=True)
class MemberLine:
    """One who was in a team that set a record. name: "" where it is not told; token: as of a holder."""

    name: str
    token: str


@dataclass(frozen=True)
class LineFound:
    """A record with its history; standing: the HolderLines of now. value: what stands, as printed, or ""."""

    line: RecordLine
    history: tuple

    @property
    def standing(self):
        """Who holds it now; several when it was equalled."""
        return [one for one in self.history if one.until is None]

    @property
    def value(self):
        """What stands, as it is printed; "" where nobody holds it yet."""
        return self.standing[0].value if self.standing else ""


def find_history(line):
    """The LineFound of a record: who held it from when to when, the latest first."""
    marks = record_queries.marks_of(line.id, "confirmed")
    rows = [(one.value, one.on, one) for one in marks]
    if line.earlier_value is not None:
        rows.insert(0, (line.earlier_value, line.earlier_on, None))
    people = [one.entrant_id for one in marks if one.entrant_id]
    people += [member.entrant_id for one in marks if one.team_id for member in one.members]
    tokens = _tokens(people)
    sheets = _revisions({one.result_sheet_id for one in marks})
    spans = record_rules.spans(line.better, rows)
    return LineFound(line, tuple(_holder_line(line, span, tokens, sheets) for span in reversed(spans)))


def _holder_line(line, span, tokens, sheets):
    mark, is_shared = span.what, span.shared > 1
    if mark is None:
        return HolderLine(
            None, record_queries.printed(line, line.earlier_value), _told(line.earlier_name),
            line.earlier_unit, "", None, line.earlier_on, span.until, is_shared,
        )
    is_open = mark.contest.is_public
    name = _told(mark.name) if is_open else ""
    return HolderLine(
        mark, record_queries.printed(line, mark.value), name, mark.unit if is_open else "",
        tokens.get(mark.entrant_id, "") if name else "", mark.contest if is_open else None, mark.on,
        span.until, is_shared, sheets[mark.result_sheet_id] if name else None,
        **(_of_team(mark, tokens) if name and mark.team_id else {}),
    )


def _of_team(mark, tokens):
    names = [(_told(one.name), one.entrant_id) for one in mark.members]
    return {
        "organisation_id": mark.team.organisation_id,
        "members": tuple(MemberLine(name, tokens.get(each, "") if name else "") for name, each in names),
    }


def _told(name):
    return "" if name == record_queries.NAMELESS else name


def _revisions(sheet_ids):
    """{id: number and fingerprint of a published revision}, without the lists themselves."""
    rows = db.session.execute(
        select(ResultSheet.id, ResultSheet.revision, ResultSheet.document_hash)
        .where(ResultSheet.id.in_(sheet_ids))
    )
    return {row.id: row for row in rows}


def _tokens(entrant_ids):
    """{entrant id: token of the holder's page} of those who are on the register."""
    return dict(db.session.execute(
        select(Entrant.id, Craftsman.token).join(Craftsman, Craftsman.human_id == Entrant.human_id)
        .where(Entrant.id.in_(entrant_ids), Craftsman.listed_at.is_not(None))
    ).all())


def taken_back(line_id):
    """The marks of a record that were confirmed once and taken back later, by day."""
    return [
        one for one in record_queries.marks_of(line_id, "withdrawn")
        if one.decided_at and not one.refused_reason
    ]


def held_by(human_id, is_public=False):
    """[(mark, LineFound, HolderLine)] of the confirmed records of a person and of teams with the person in
    them, those that stand first.

    is_public: without those whose name went, or whose contest is not public.
    """
    own = select(Entrant.id).where(Entrant.human_id.in_(rows_of(human_id)))
    named = select(RecordMember.mark_id).where(
        RecordMember.entrant_id.in_(own), RecordMember.name != record_queries.NAMELESS
    )
    return _held(
        RecordMark.entrant_id.in_(own) & (RecordMark.name != record_queries.NAMELESS)
        | RecordMark.id.in_(named), is_public,
    )


def held_by_unit(organisation_id):
    """The same of the teams of a unit, as the public may know of them."""
    own = select(Team.id).where(Team.organisation_id == organisation_id)
    return _held(RecordMark.team_id.in_(own), True)


def _held(condition, is_public):
    marks = db.session.scalars(
        select(RecordMark).where(condition, RecordMark.state == "confirmed")
        .order_by(RecordMark.on.desc(), RecordMark.id.desc())
    ).all()
    found, known = [], {}
    for mark in marks:
        line = known.setdefault(mark.line_id, find_history(mark.line))
        held = next(one for one in line.history if one.mark is mark)
        if held.name or not is_public:
            found.append((mark, line, held))
    return sorted(found, key=lambda row: row[2].until is not None)
