"""A signed bulletin as a printed paper: what the file says, and what to hold beside it."""

from flask_babel import gettext

from contest.audit.chain_rules import grouped
from contest.documents import Code, Column, Document, Facts, Paragraph, Signatures, Table
from contest.i18n import pick_name
from contest.results.receipt_words import decider_words
from contest.results.rules import KINDS


def head_words(seq, made):
    """A head as it is printed: the number of the link and the first half of its hash."""
    return gettext("Chain: link %(seq)s, %(groups)s", seq=seq, groups=grouped(bytes.fromhex(made)))


def bulletin_paper(said, plan, fingerprint, signature, language):
    """The paper of a bulletin's document; plan: of the revision, for the names of its columns."""
    name, chain = pick_name(said["contest"], language), said["chain"]
    kind = gettext(KINDS[said["kind"]])
    return Document(
        title=gettext("Results bulletin of %(contest)s", contest=name),
        subtitle=f"{pick_name(said['stage'], language)} · {kind} · "
                 + gettext("Revision %(number)s", number=said["revision"]),
        parts=(
            _list(said, plan, language),
            Facts(tuple(_facts(said, fingerprint, signature)), columns=1),
            Code(
                head_words(chain["seq"], chain["hash"]) + "\n" + gettext(
                    "Keep this paper: with it anybody can tell if a mark or a row of the trail up to "
                    "this link is changed later."
                ),
                f"{said['contest']['slug']} {chain['seq']}:{chain['hash']}",
            ),
            Paragraph(gettext(
                "The file beside this paper is what was signed. Names are shortened; the file is checked on "
                "the page /verify or with verify_bulletin.py, and the fingerprint of the key is "
                "compared with the one printed here."
            )),
            Signatures((gettext("Chief judge"), gettext("Head of supervision"))),
        ),
        look="summary", language=language,
        footer=gettext("%(contest)s · revision %(revision)s · key %(key)s", contest=name,
                       revision=said["revision"], key=fingerprint),
    )


def _facts(said, fingerprint, signature):
    yield gettext("Published at"), said["published_at"][:19].replace("T", " ") + " UTC"
    for one in said["approvers"]:
        published = KINDS[one["did"]]
        yield gettext(published), one["name"] or gettext("program")
    if said["reason"]:
        yield gettext("Reason"), said["reason"]
    yield gettext("Version of the plan"), f"{said['plan']['number']}: {said['plan']['hash']}"
    yield gettext("Fingerprint"), said["results_hash"]
    if said["ledger"]:
        yield gettext("Fingerprint of the ledger"), said["ledger"]
    for one in said.get("settled_heads", ()):
        yield gettext("Not on the chain, vouched for by two people"), (
            f"{one['seq']}·{one['hash'][:8]} · {one['proposed_by']}, {one['confirmed_by']} · {one['reason']}"
        )
    yield gettext("Key"), fingerprint
    yield gettext("Signature"), signature.hex()


def _list(said, plan, language):
    parts = plan.parts_under(said["stage"]["key"])
    columns = [
        Column("place", gettext("Place"), kind="number", width=7),
        Column("number", gettext("Entry number"), width=11), Column("name", gettext("Name"), width=12),
        Column("organisation", gettext("Unit"), width=26),
        *(Column(f"part-{part.key}", pick_name(part, language), kind="number", width=11) for part in parts),
        Column("total", gettext("Total"), kind="number", width=10),
        Column("decided_by", gettext("Decided by"), width=14),
    ]
    if plan.ranking.by_group:
        columns.insert(0, Column("group", gettext("Group"), width=10))
    keys = {column.key for column in columns}
    rows = tuple(
        {
            name: "–" if value is None else value for name, value in (
                row | {f"part-{key}": text for key, text in row["parts"].items()}
                | {"decided_by": decider_words(row["decided_by"], plan, language)}
            ).items() if name in keys
        } for row in said["list"]
    )
    return Table(title=gettext("Individuals, best first"), columns=tuple(columns), rows=rows)
