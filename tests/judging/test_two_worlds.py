"""Two databases that differ only in who is behind the codes look alike to whoever must not know.

Figure 29 of reliability.md, and more: not only names, but also what follows from them. Every page
that a role may open is asked for in both worlds, so a new route is in the test by itself.
"""

import io
import itertools
import random
import re
import secrets
import threading
import uuid
import zipfile
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contest import clock
from contest.audit import chain_queries, chain_rules, chain_walk, chaining
from contest.db import db
from contest.draw import check_rules
from contest.draw import queries as draws
from contest.draw.models import Draw
from contest.judging import ledger
from contest.judging.models import Sheet
from contest.setup.models import Contest
from contest.setup.procedure_rules import FORMAL, stored_form
from tests import factories
from tests.conftest import NOON, TEST_SETTINGS
from tests.documents.paper_text import pages_of
from tests.judging import panels
from tests.world import open_world

# The coding judge holds the map; everybody else is kept from it.
BLIND = ("guest", "judge", "chief_judge", "organiser", "supervisor", "host", "clerk", "contact")
# The last entrant has withdrawn, which is known under the name and under the code.
BEHIND = (2, 0, 1, 3)
QUERIES = {
    "results.show_results": ("", "?by=name", "?by=name&show=teams", "?show=teams"),
    "results.show_what_if": ("", "?plan=draft", "?plan=2"),
    "judging.show_chief_desk": ("", "?kind=missing", "?kind=odd", "?module=drill"),
    "results.show_agreement": ("", "?module=drill"),
    "audit.show_trail": ("", "?text=701", "?text=张三", "?text=A001"),
}
# A form's token, the ids of operations, made anew for each page, and a signing key and its name.
CHANCE = re.compile(
    rb"I[jm][\w-]{40,}\.[\w-]+\.[\w-]+|[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"
    rb"|(?:[0-9a-f]{4} ){7}[0-9a-f]{4}|(?<=data-keys=\")[0-9a-f ]*(?=\")"
)


class Dice:
    """Chance that falls alike in both worlds."""

    def __init__(self):
        self.random = random.Random(29)
        self.salts = set()

    def token_bytes(self, size=32):
        made = self.random.randbytes(size or 32)
        # Salts are drawn for many rows at once.
        step = chain_rules.SALT_BYTES
        self.salts.update(made[at:at + step] for at in range(0, len(made), step))
        return made

    def token_hex(self, size=32):
        return self.token_bytes(size).hex()

    def token_urlsafe(self, size=32):
        return secrets.base64.urlsafe_b64encode(self.token_bytes(size)).rstrip(b"=").decode()

    def uuid4(self):
        return uuid.UUID(bytes=self.token_bytes(16), version=4)

    def choice(self, items):
        return self.random.choice(items)

    def randbelow(self, top):
        return self.random.randrange(top)


def throw_alike(patch):
    """Replace what the program draws by chance; each world begins with the same dice."""
    dice = Dice()
    for name in ("token_bytes", "token_hex", "token_urlsafe", "choice", "randbelow"):
        patch.setattr(secrets, name, only_here(getattr(dice, name), getattr(secrets, name)))
    patch.setattr(uuid, "uuid4", only_here(dice.uuid4, uuid.uuid4))
    # Ids of operations go into the total codes that judges are shown.
    for module in (panels, ledger):
        patch.setattr(module, "uuid4", only_here(dice.uuid4, uuid.uuid4))
    # With one key, what is signed alike has one signature.
    patch.setattr(Ed25519PrivateKey, "generate", only_here(
        lambda: Ed25519PrivateKey.from_private_bytes(dice.token_bytes()), Ed25519PrivateKey.generate
    ))
    digest = chain_rules.content_digest

    def say_nothing(salt, content):
        # An archive that came from elsewhere was salted there, and is held to what it says.
        return sha256(salt).digest() if salt in dice.salts else digest(salt, content)

    # A salted digest says nothing of its row to whoever has not the salt; here it says so to all.
    for module in (chain_rules, chain_queries, chain_walk, chaining):
        patch.setattr(module, "content_digest", say_nothing)


def only_here(thrown, real):
    """The dice in this thread alone: a server of an earlier test may still answer in another one."""
    own = threading.get_ident()

    def throw(*args):
        return thrown(*args) if threading.get_ident() == own else real(*args)

    return throw


def write_map(world):
    """Give the draw of codes its file with the map; its fingerprint, which says nothing, alike in both."""
    [draw] = db.session.query(Draw).filter_by(contest_id=world.running, kind="codes")
    draw.map_hash = "0" * 64
    draw.file = check_rules.file_of("codes", {
        "contest": "running", "seed": draw.seed, "secret": draw.seed, "public": "", "taken": [], "behind": 0,
        "numbered": False, "map": draws.map_of(world.running, "final", 1), "salt": "1" * 32,
        "map_hash": draw.map_hash,
    })


def stand_in(app, world, state):
    """Let the running contest stand further on, under the formal procedure, as its step leaves it."""
    with app.app_context():
        write_map(world)
        if state != "scoring":
            contest = db.session.get(Contest, world.running)
            contest.procedure, contest.state = stored_form(FORMAL), state
        db.session.commit()


@pytest.fixture(scope="module", params=["scoring", "collected", "review"])
def worlds(request, empty_database, tmp_path_factory):
    clock.stand_still(NOON)
    built = []
    for behind in ((0, 1, 2, 3), BEHIND):
        with pytest.MonkeyPatch.context() as patch:
            throw_alike(patch)
            patch.setattr(factories, "_counter", itertools.count(1))
            built.append(
                open_world(empty_database, tmp_path_factory.mktemp("world"), behind, **TEST_SETTINGS)
            )
            stand_in(*built[-1], request.param)
    yield built
    for app, _ in built:
        with app.app_context():
            db.engine.dispose()
    clock.stand_still(None)


def addresses(app, world, walker):
    """Every page that this walker may ask for, with every entrant, code, sheet and module in turn."""
    with app.app_context():
        sheets = list(db.session.scalars(db.select(Sheet.id).filter_by(contest_id=world.running)))
        held = list(db.session.scalars(db.select(Draw.id).filter_by(contest_id=world.running)))
    every = {
        "entrant_id": range(1, 5), "code": ("701", "702", "703"), "sheet_id": sheets, "draw_id": held,
        "module_key": ("risk", "drill"), "stage": ("final",),
    }
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint == "static":
            continue
        guard = app.view_functions[rule.endpoint].guard
        if guard not in (("everybody",), ("signed in",)) and walker not in guard:
            continue
        if walker == "guest" and guard != ("everybody",):
            continue
        wanted = rule.arguments - set(rule.defaults or {})
        here = {**world.arguments(rule), **{k: v for k, v in (("contest_id", world.running),) if k in wanted}}
        varied = sorted(wanted & set(every))
        for values in itertools.product(*(every[name] for name in varied)):
            with app.test_request_context():
                parts = {**(rule.defaults or {}), **here, **dict(zip(varied, values, strict=True))}
                path = rule.build(parts)[1]
            for query in QUERIES.get(rule.endpoint, ("",)):
                yield path + query


def seen(app, world, walker):
    """{address: what this walker is answered}, whole: status, what a cache would keep, and bytes."""
    with pytest.MonkeyPatch.context() as patch:
        throw_alike(patch)
        browser = world.browser(app, walker)
        answers = {}
        for address in addresses(app, world, walker):
            answer = browser.get(address)
            kept = {name: answer.headers.get(name) for name in ("ETag", "Location", "Last-Modified")}
            answers[address] = (answer.status_code, kept, lasting(answer.data))
        return answers


def lasting(data):
    """What an answer says, without chance, and without the moment at which a file was made."""
    if data.startswith(b"%PDF"):
        return pages_of(data)
    if not data.startswith(b"PK"):
        return CHANCE.sub(b"", data)
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return {name: book.read(name) for name in book.namelist() if name != "docProps/core.xml"}


@pytest.mark.parametrize("walker", BLIND)
def test_who_is_behind_the_codes_shows_on_no_page(worlds, walker):
    first, second = (seen(app, world, walker) for app, world in worlds)

    assert first.keys() == second.keys()
    assert [address for address in first if first[address] != second[address]] == []


def test_the_worlds_do_differ_for_the_coding_judge(worlds):
    """Else nothing above would be proved."""
    first, second = (seen(app, world, "coding_judge") for app, world in worlds)

    assert any(first[address] != second[address] for address in first if "/draw" in address)
