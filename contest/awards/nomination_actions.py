"""What is done about a nomination: prepared, its papers added, sent out, answered, withdrawn."""

from contest import clock, signals
from contest.audit.work import work
from contest.awards import nomination_queries as queries
from contest.awards import nomination_rules as rules
from contest.awards import trail_words  # noqa: F401
from contest.awards.decision_rules import latest_day
from contest.awards.nomination_models import Nomination, NominationEvent, NominationFile, SentPack
from contest.db import db
from contest.documents.attached import read_attachments
from contest.errors import Conflict, Invalid
from contest.results.queries import lock_contest

MOST_FILES = 20  # scans of one nomination


def prepare(actor, contest_id, award_id, typed):
    """Open a nomination that rests on a granted award; its pack is not sent yet.

    Raises Invalid naming each field that cannot be taken, Conflict for who cannot be put forward.
    """
    lock_contest(contest_id)
    award = queries.get_nominable(contest_id, award_id)
    values = rules.read_nomination(typed)
    rules.check_winner(values["kind"], award)
    rules.check_not_held(values["title"], queries.titles_of(award, values["crew"]))
    if queries.is_put_forward(award.id, values["title"]):
        raise Conflict("This award is put forward for this title already.")
    is_crew = values["kind"] in rules.OF_CREWS
    holder = award.entrant or award.team
    found = Nomination(
        contest_id=contest_id, award_id=award.id, human_id=None if is_crew else award.entrant.human_id,
        organisation_id=holder.organisation_id, by_id=actor.user_id, at=clock.now(), **values,
    )
    nominee = values["crew"] if is_crew else award.entrant.human.name
    with work(
        actor, "nomination.prepare", contest_id=contest_id, subject=values["title"], person=nominee,
        authority=values["authority"],
    ):
        found.events.append(_event(actor, "prepared", on=clock.today()))
        db.session.add(found)
    return found


def add_file(actor, contest_id, nomination_id, slot, name, content):
    """Put a scan into the pack: the newest of its slot goes out. Invalid with what is wrong about it."""
    lock_contest(contest_id)
    case = queries.get_case(contest_id, nomination_id)
    rules.check_open(case.state)
    if slot not in rules.SLOTS:
        raise Invalid("Choose which paper it is.", fields={"slot": Invalid("Choose which paper it is.")})
    if len(case.nomination.files) >= MOST_FILES:
        raise Conflict("At most %(most)s files are taken.", most=MOST_FILES)
    taken = read_attachments([(name, content)])
    if not taken:
        sentence = Invalid("Choose a file.")
        raise Invalid(sentence.message, fields={"files": sentence})
    with work(
        actor, "nomination.file", contest_id=contest_id, subject=case.nomination.title, person=case.nominee,
        file_hash=taken[0].sha256,
    ):
        db.session.add(NominationFile(
            nomination_id=nomination_id, slot=slot, ending=taken[0].ending, sha256=taken[0].sha256,
            content=taken[0].content, by_id=actor.user_id, at=clock.now(),
        ))


def send(actor, contest_id, nomination_id, typed, pack):
    """Write down that the pack went out; it is kept byte for byte (rules.Pack, made of what is stored).

    Invalid names each scan that is still missing.
    """
    lock_contest(contest_id)
    case = queries.get_case(contest_id, nomination_id)
    rules.check_step(case.state, "sent")
    values = rules.read_step("sent", typed, latest_day(clock.now()))
    rules.check_complete({file.slot for file in case.nomination.files})
    with _stepping(actor, case, "sent", values, hash=pack.sha256):
        event = _event(actor, "sent", pieces=pack.told(), pack_sha256=pack.sha256, **values)
        case.nomination.events.append(event)
        db.session.flush()
        db.session.add(SentPack(event_id=event.id, content=pack.content))
    return event


def answer(actor, contest_id, nomination_id, to, typed):
    """Write down what became of it: returned, refused or withdrawn."""
    if to not in ("returned", "refused", "withdrawn"):
        raise Invalid("Choose what became of the nomination.")
    return _step(actor, contest_id, nomination_id, to, typed)


def grant(actor, contest_id, nomination_id, typed):
    """Write down that the authority granted the title: it becomes an honour with that authority."""
    return _step(actor, contest_id, nomination_id, "granted", typed)


def _step(actor, contest_id, nomination_id, to, typed):
    lock_contest(contest_id)
    case = queries.get_case(contest_id, nomination_id)
    rules.check_step(case.state, to)
    values = rules.read_step(to, typed, latest_day(clock.now()))
    with _stepping(actor, case, to, values):
        event = _event(actor, to, **values)
        case.nomination.events.append(event)
        db.session.flush()
        if to == "granted":
            signals.nomination_granted.send("nomination.grant", nomination_id=nomination_id)
    return event


def _stepping(actor, case, to, values, **more):
    return work(
        actor, f"nomination.{to}", contest_id=case.nomination.contest_id, subject=case.nomination.title,
        person=case.nominee, document=values["document_number"], note=values["note"],
        dated=values["on"].isoformat(), **more,
    )


def _event(actor, state, **values):
    return NominationEvent(state=state, by_id=actor.user_id, at=clock.now(), **values)
