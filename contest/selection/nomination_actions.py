"""A unit writes, hands in and withdraws nominations; what is faulty is kept as a draft."""

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.documents.attached import read_attachments
from contest.errors import Invalid
from contest.people.queries import get_organisation
from contest.results.queries import lock_contest
from contest.selection import (
    call_rules,
    nomination_rules,
    queries,
    trail_words,  # noqa: F401 (names deeds)
)
from contest.selection.models import UnitNomination, UnitNominationFile


def save_nomination(actor, contest_id, organisation_id, nomination_id, form, files, hands_in):
    """Keep what a unit wrote, with its papers, and hand it in if it is wanted; returns the nomination.

    files: triples (kind, name, content). What is faulty is kept as a draft all the same: then Invalid
    names the fields, and carries the nomination as `kept`. A file that cannot be taken stores nothing.
    """
    contest, call = lock_contest(contest_id), queries.get_call(contest_id)
    call_rules.check_open(contest.state, call.opens_on, call.closes_on, clock.today())
    row = None
    if nomination_id is not None:
        row = queries.get_nomination(contest_id, nomination_id, organisation_id)
        nomination_rules.check_writable(row.state)
    values, terms = nomination_rules.read_values(form), queries.terms_of(call)
    if row is not None and row.human is not None:  # taken in: who it is stands fast
        values["name"] = row.human.name
    papers = _papers(files, terms)
    with work(
        actor, "nomination.save", contest_id=contest_id, subject=values["name"] or "–",
        papers=[one.sha256 for _, one in papers],
    ) as facts:
        if row is None:
            row = UnitNomination(contest_id=contest_id, organisation_id=organisation_id, at=clock.now())
            db.session.add(row)
        row.values, row.by_id, row.at = values, actor.user_id, clock.now()
        db.session.flush()
        facts["nomination"] = row.id
        db.session.add_all(_file_of(row, actor, kind, one) for kind, one in papers)
    if hands_in:
        _hand_in(actor, row, terms)
    return row


def _papers(files, terms):
    """Pairs (kind, Attachment); Invalid at the field of the paper."""
    papers, known = [], ("", *terms.papers)
    for kind, name, content in files:
        if kind not in known:
            raise Invalid("Choose one of the papers.")
        try:
            papers += [(kind, one) for one in read_attachments([(name, content)])]
        except Invalid as refused:
            field = f"paper-{known.index(kind)}"
            raise Invalid(
                refused.message, fields={field: Invalid(refused.message, **refused.params)},
                **refused.params,
            ) from refused
    return papers


def _file_of(row, actor, kind, one):
    return UnitNominationFile(
        nomination_id=row.id, kind=kind, name=one.name, ending=one.ending, size=len(one.content),
        sha256=one.sha256, content=one.content, by_id=actor.user_id, at=clock.now(),
    )


def _hand_in(actor, row, terms):
    """What is complete and within the quotas is handed in; else Invalid, and the draft stays."""
    unit = get_organisation(row.organisation_id).name
    read = nomination_rules.read_meaning(
        row.values, terms, clock.today(), queries.names_of_unit(row.organisation_id)
    )
    try:
        nomination_rules.check_complete(read)
        if not row.source:  # who was taken in counts against no quota
            nomination_rules.check_quotas(terms, unit, row.values["trade"], *queries.count_handed_in(
                row.contest_id, row.id, row.organisation_id, row.values["trade"]
            ))
        if queries.is_named_already(
            row.contest_id, row.values["name"], row.values["born_on"], row.organisation_id, row.id
        ):
            raise Invalid("Your unit has put this person forward already.")
    except Invalid as refused:
        refused.kept = row
        raise
    with work(
        actor, "nomination.hand_in", contest_id=row.contest_id, subject=row.values["name"],
        nomination=row.id,
    ):
        row.state, row.handed_in_at = "handed_in", clock.now()


def withdraw_nomination(actor, contest_id, organisation_id, nomination_id):
    """A unit takes back what nobody has decided on."""
    lock_contest(contest_id)
    row = queries.get_nomination(contest_id, nomination_id, organisation_id)
    nomination_rules.check_withdrawable(row.state)
    with work(
        actor, "nomination.withdraw", contest_id=contest_id, subject=row.values["name"] or "–",
        nomination=row.id, old=row.state,
    ):
        row.state = "withdrawn"
