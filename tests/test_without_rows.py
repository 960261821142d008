"""Every page and file of a contest whose results have no rows answers with a page or a sentence."""

import itertools

import pytest

from contest.accounts.rules import ROLES, ROLES_IN_CONTEST
from contest.awards import rules as awards
from tests import factories
from tests.awards.test_routes import AWARDS
from tests.without_rows import empty, withdrawn

# What may stand in an address besides the contest; whatever else is there leads to a row.
PARTS = {
    "module_key": ("paper", "risk"), "form": awards.FORMATS, "paper": awards.PAPERS, "stage": ("final",),
    "award_key": ("first",), "layer": (1,), "kind": ("codes",), "language": ("zh", "en"),
}
STATES = ("scoring", "final")


def addresses(app, contest):
    with app.test_request_context("/"):
        for rule in app.url_map.iter_rules():
            more = rule.arguments - {"contest_id"}
            if "GET" not in rule.methods or "contest_id" not in rule.arguments or more - PARTS.keys():
                continue
            for values in itertools.product(*(PARTS[name] for name in more)):
                yield rule.build({"contest_id": contest.id, **dict(zip(more, values, strict=True))})[1]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("make", [empty, withdrawn])
def test_every_page_and_file_answers(app, make, state):
    contest, user = make(AWARDS, state=state), factories.make_user()
    for role in ROLES:
        factories.make_grant(user, role, contest if role in ROLES_IN_CONTEST else None)
    client = factories.browser_of(app, user)

    told = {path: client.get(path).status_code for path in addresses(app, contest)}

    assert [one for one in told.items() if one[1] not in (200, 302, 303, 403, 404, 409)] == []
    assert list(told.values()).count(200) > 30
