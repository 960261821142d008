"""Who has signed for which sheets, and whether it still holds."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from contest import signals
from contest.accounts.models import User
from contest.audit.chain_models import ChainLink
from contest.checks import sign_rules as rules
from contest.checks.fingerprint_queries import signed_facts
from contest.checks.fingerprint_rules import NEWEST, encode, version_of, whole
from contest.checks.models import Signature
from contest.checks.queries import stage_sheets
from contest.db import db
from contest.i18n import N_, both_names, joined, two_names
from contest.setup.queries import get_contest, procedure_of
from contest.setup.rules import Note

# Told beside the refusal, and no exception of its own.
WAY_OUT = N_(
    "A judge who stopped signs too, for the sheets handed in. Where one of them cannot sign, the "
    "results are published with exceptions, by three people: the button stands on the page of the "
    "results."
)


@dataclass(frozen=True)
class Bundle:
    """One judge's sheets of one module, and the signature for them (or None).

    state: open, signed or void (a sheet has changed since).
    """

    user_id: int | None
    judge: str
    module: object
    sheets: list
    signature: Signature | None
    state: str

    @property
    def revisions(self):
        """{sheet id: revision} as they stand."""
        return {sheet.id: sheet.rev for sheet in self.sheets}


@dataclass(frozen=True)
class StageSignature:
    """The chief judge's or the supervisor's signature for the whole stage; state as of Bundle.

    changed: the sentences that tell what has changed since it was given.
    """

    role: str
    name: str
    at: datetime | None
    state: str
    by_id: int | None = None
    changed: tuple = ()


@dataclass(frozen=True)
class Signed:
    """Every signature of the stage being held. revisions, fingerprint: as they stand now.

    changed: the number in the chain of the last row from which results follow; salt: of that link.
    """

    bundles: list
    revisions: dict
    fingerprint: dict
    stage: list
    changed: int
    salt: str

    @property
    def whole(self):
        """What the page has shown, as one word that says nothing of who is behind a code.

        The salt, which no page shows, keeps it from being found out by trial what stands in the lists.
        """
        people = {"people": self.fingerprint["people"], "salt": self.salt}
        return f"{self.changed}-{whole(people, self.revisions)[:16]}"

    @property
    def unsigned(self):
        """The names of judges whose signature is missing or void, each with the module."""
        return [
            _called(bundle) for bundle in self.bundles
            if bundle.state != "signed"
        ]

    def state_of(self, role):
        """open, signed or void, of the whole stage."""
        return next(one.state for one in self.stage if one.role == role)

    def signer_of(self, role):
        """The id of who signed last in this role, or None."""
        return next(one.by_id for one in self.stage if one.role == role)


def signed(contest_id):
    """The Signed of the stage being held."""
    contest = get_contest(contest_id)
    rows = db.session.execute(
        select(Signature, User.name).join(User, Signature.by_id == User.id)
        .where(Signature.contest_id == contest_id, Signature.stage == contest.stage)
        .order_by(Signature.id)
    ).all()
    latest = {(row.role, row.module_key, row.by_id if row.role == "judge" else 0): (row, name)
              for row, name in rows}
    grouped = {}
    for sheet in stage_sheets(contest_id):
        grouped.setdefault((sheet.module.key, sheet.judge_user_id, sheet.judge), []).append(sheet)
    bundles = []
    for (key, user_id, judge), sheets in grouped.items():
        row, _ = latest.get(("judge", key, user_id), (None, ""))
        revisions = {sheet.id: sheet.rev for sheet in sheets}
        bundles.append(
            Bundle(user_id, judge, sheets[0].module, sheets, row, _state(row, revisions))
        )
    every = {sheet.id: sheet.rev for bundle in bundles for sheet in bundle.sheets}
    facts, stage = signed_facts(contest_id), []
    now = {NEWEST: encode(facts, NEWEST)}
    for role in ("chief_judge", "supervisor"):
        row, name = latest.get((role, "", 0), (None, ""))
        if row is None:
            stage.append(StageSignature(role, name, None, "open"))
            continue
        version = version_of(row.fingerprint)
        if version not in now:
            now[version] = encode(facts, version)
        parts = rules.changed_parts(row, every, now[version], contest.state)
        changed = tuple(rules.CHANGED[one] for one in parts)
        state = "void" if changed else "signed"
        stage.append(StageSignature(role, name, row.at, state, row.by_id, changed))
    return Signed(bundles, every, now[NEWEST], stage, *_changed(contest_id))


def _changed(contest_id):
    """(number, salt) of the last link of a row from which results follow."""
    found = db.session.execute(
        select(ChainLink.seq, ChainLink.salt).filter_by(contest_id=contest_id)
        .where(ChainLink.kind.in_(rules.RESULT_KINDS)).order_by(ChainLink.seq.desc()).limit(1)
    ).one_or_none()
    return (found.seq, found.salt.hex()) if found else (0, "")


def _state(row, revisions):
    if row is None:
        return "open"
    return "signed" if rules.holds(row, revisions) else "void"


def own_bundles(contest_id, user_id):
    """The Bundles of one judge, for signing."""
    return [bundle for bundle in signed(contest_id).bundles if bundle.user_id == user_id]


def lines_of(contest_id):
    """(role, name, moment) of every signature that holds, for the printed summary."""
    found = signed(contest_id)
    judges = [
        ("judge", bundle.judge, bundle.signature.at) for bundle in found.bundles
        if bundle.state == "signed"
    ]
    return judges + [(one.role, one.name, one.at) for one in found.stage if one.state == "signed"]


def _called(bundle):
    module = both_names(bundle.module)
    return two_names(f"{bundle.judge} ({module})", f"{bundle.judge} ({module.english})")


def missing(contest_id):
    """Notes of the signatures that a publication still lacks."""
    found, notes = signed(contest_id), []
    if names := found.unsigned:
        notes.append(Note(
            N_("Judges have not signed, or a sheet has changed since: %(names)s."),
            {"names": joined(names)},
            "checks.list_signatures", "todo",
        ))
        notes.append(Note(WAY_OUT, {}, "results.show_results", "advice"))
    for role, text in (
        ("chief_judge", N_("The chief judge has not signed, or what was signed has changed since.")),
        ("supervisor", N_("The supervisor has not countersigned, or what was signed has changed since.")),
    ):
        if found.state_of(role) != "signed":
            notes.append(Note(text, {}, "checks.list_signatures", "todo"))
    told = dict.fromkeys(sentence for one in found.stage for sentence in one.changed)
    return notes + [Note(sentence, {}, "checks.list_signatures", "advice") for sentence in told]


@signals.step_asked.connect
def hold_until_signed(act, contest_id, to, problems):
    """Where the procedure asks for signatures, nothing is published that nobody has signed for."""
    contest = get_contest(contest_id)
    if act == "publish" and procedure_of(contest).signing:
        problems += missing(contest_id)
