"""Figure 45 on screens: a rare name stands on the board as it is, and whoever looks for it finds it."""

import html
import secrets

from contest import clock
from contest.board import rendering
from contest.db import db
from contest.people import queries as people
from contest.people.models import Human
from contest.registry import queries as register
from contest.registry.models import Craftsman
from tests.awards.test_certificate_proof import rare_names
from tests.board.crowds import make_crowd
from tests.proof.sizes import report, size


def crowd_of(names):
    """A public contest of entrants with these names, each of them on the register too."""
    contest, entrants = make_crowd(len(names), unfinished=0)
    for entrant, name in zip(entrants, names, strict=True):
        human = db.session.get(Human, entrant.human_id)
        human.name, human.name_key = name, ""
        db.session.add(Craftsman(token=secrets.token_urlsafe(9), human_id=human.id, listed_at=clock.now()))
    db.session.commit()
    return contest


def test_every_rare_name_is_on_the_board_and_is_found(client):
    names = list(dict.fromkeys(rare_names(size(40, 500))))
    contest = crowd_of(names)
    told = {row["name"] for row in client.get(f"/board/{contest.slug}/data.json").json["rows"]}
    printed = html.unescape(client.get(f"/board/{contest.slug}/print").text)
    lost = [name for name in names if name not in told or name not in printed]
    missed = [
        name for name in names
        if [one.human.name for one in people.search_entrants(contest.id, people.Search(name)).rows] != [name]
        or [one.human.name for one in register.list_craftsmen(register.Search(text=name))[0]] != [name]
    ]
    report("45", names_on_the_board=len(names), lost=len(lost), not_found=len(missed))
    assert (lost, missed) == ([], [])
    assert "print" in rendering.VIEWS


def test_the_pages_of_search_show_a_rare_name(client, as_role):
    name = rare_names(5)[2]
    contest = crowd_of([name])
    assert name in html.unescape(client.get("/register", query_string={"text": name}).text)
    office = as_role("organiser").get(f"/contests/{contest.id}/entrants", query_string={"text": name})
    assert name in html.unescape(office.text)
