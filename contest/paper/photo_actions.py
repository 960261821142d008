"""Adding photographs to a paper."""

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.documents.attached import read_attachments
from contest.judging import queries as judging
from contest.paper import photo_queries, photo_rules, queries, rules
from contest.paper.models import PaperPhoto
from contest.setup.queries import get_contest


def add_photos(actor, contest_id, paper_id, files):
    """Keep photographs or scans of a paper, as they came; returns how many are new.

    files: pairs (name, content). One that is kept of this paper already is not kept twice. NotAllowed
    for a judge of the module, Invalid says which file is not taken and why, Conflict once archived.
    """
    paper = queries.get_paper(contest_id, paper_id)
    judging.lock_contest(contest_id)
    check_may_see(actor.user_id, paper)
    photo_rules.check_is_kept(get_contest(contest_id).state)
    held = photo_queries.photos_of(paper.id)
    taken = read_attachments(files)
    known = {photo.sha256 for photo in held}
    new = list({one.sha256: one for one in reversed(taken) if one.sha256 not in known}.values())[::-1]
    if taken and not new:
        return 0
    photo_rules.check_number(len(held), len(new))
    with work(
        actor, "paper.photo", contest_id=contest_id, subject=f"sheet {paper.sheet_id}",
        number=rules.number_of(paper.sheet_id), files=[one.sha256 for one in new],
    ):
        db.session.add_all(
            PaperPhoto(
                paper_id=paper.id, number=number, name=one.name, ending=one.ending,
                size=len(one.content), sha256=one.sha256, content=one.content, by_id=actor.user_id,
                at=clock.now(),
            )
            for number, one in enumerate(new, start=len(held) + 1)
        )
    return len(new)


def check_may_see(user_id, paper):
    """NotAllowed for a judge of the module to which the paper belongs."""
    photo_rules.check_may_see(user_id, photo_queries.judges_of(paper))
