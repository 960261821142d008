"""Commands about proof: the signing key, bulletins, the chain, sheets to compare with paper."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from contest.audit import chain_checks, chain_queries, chain_words, key_actions, row_queries, signing
from contest.checks import sample_queries, sample_rules
from contest.commands.results import export_group
from contest.commands.terminal import TERMINAL, contest_of, own_language, reads, say, slug_argument, writes
from contest.draw.rules import commitment, whole_seed
from contest.draw.sealing import where_key_lies
from contest.i18n import N_
from contest.offline import verify_bulletin, verify_certificate
from contest.results import bulletin_actions, bulletin_queries, queries

key = AppGroup("key", help="The key that signs results bulletins.")


@key.command("make")
@click.option("--passphrase/--no-passphrase", "asks", default=True,
              help="Ask for a passphrase that locks the file. Without one the server signs by itself.")
@writes
def make_key(asks):
    """Make a new signing key; the old one stays beside it and what it signed stays valid."""
    word = click.prompt("Passphrase", hide_input=True, confirmation_prompt=True) if asks else ""
    path = current_app.config["SIGNING_KEY"]
    signer = key_actions.make_key(TERMINAL, path, word)
    say(N_("Private key: %(path)s. Copy it to a safe place away from this machine."), path=path)
    say(N_("Fingerprint, to be made known: %(fingerprint)s"), fingerprint=signer.fingerprint)


@key.command("show")
@reads
def show_keys():
    """List the public keys of this installation, the newest first."""
    for row in signing.list_keys():
        click.echo(f"{row.fingerprint}  {row.public.hex()}  {row.at.isoformat()}")


KEY_PLACES = {
    "environment": N_(
        "The key of the blind codes comes from the environment: no file of this machine holds it."
    ),
    "apart": N_("The key of the blind codes lies at %(path)s, apart from the database."),
    "beside": N_(
        "The key of the blind codes lies at %(path)s, beside the database: whoever copies the folder has the "
        "maps of the codes, too. CONTEST_CODES_KEY_FILE puts it elsewhere."
    ),
}


@key.command("codes")
@reads
def show_codes_key():
    """Say where the key of the blind codes lies; the key itself is shown nowhere."""
    how, path = where_key_lies()
    say(KEY_PLACES[how], path=path)


@export_group.command("bulletin")
@slug_argument
@click.option("--stage", help="The stage's key; the one being held when not given.")
@click.option("--revision", type=int, help="The revision; the latest when not given.")
@click.option("--out", "-o", required=True, type=click.Path(file_okay=False, path_type=Path))
@writes
def export_bulletin(slug, stage, revision, out):
    """Write bulletin.json and bulletin.sig of a published revision; signs it if it was not signed yet."""
    contest = contest_of(slug)
    stage = stage or queries.stage_of(contest.id)
    if revision is None:
        latest = queries.find_latest_sheet(contest.id, stage)
        revision = latest.revision if latest else 0
    bulletin = bulletin_queries.find_bulletin(queries.get_sheet(contest.id, stage, revision))
    if bulletin is None:
        bulletin = bulletin_actions.sign_bulletin(TERMINAL, contest.id, stage, revision, _signer())
    out.mkdir(parents=True, exist_ok=True)
    for name, data in bulletin_queries.files_of(bulletin).items():
        (out / name).write_bytes(data)
        click.echo(str(out / name), err=True)


def _signer():
    path, word = current_app.config["SIGNING_KEY"], current_app.config["KEY_PASSPHRASE"]
    if not word and path.is_file() and b"ENCRYPTED" in path.read_bytes():
        word = click.prompt("Passphrase", hide_input=True)
    return signing.open_key(path, word)


@click.command("chain")
@slug_argument
@writes
def check_chain(slug):
    """Check a contest's chain: every link and every row behind it. 0 when it holds, 1 when not."""
    from flask_babel import gettext

    contest = contest_of(slug)
    found = chain_checks.check_now(contest.id, "command")
    if found.is_whole:
        say(N_("Checked: %(links)s links, %(rows)s rows, nothing was changed."), links=found.links,
            rows=found.rows)
    with own_language():
        for one in found.problems:
            click.echo(chain_words.problem_words((one.code, one.seq, one.kind, one.row_id), gettext))
    click.echo(str(chain_queries.find_head(contest.id) or ""))
    raise SystemExit(0 if found.is_whole else 1)


@click.command("rows")
@reads
def check_rows():
    """Ask stored rows whether they keep to what the database asks of new ones. 0 when all do, 1 when not."""
    raise SystemExit(1 if tell_misfits() else 0)


def tell_misfits():
    """Say of every rule which stored rows do not keep to it, or that all do; the row_queries.Misfits."""
    found = row_queries.misfit_rows()
    for one in found:
        say(N_("Table %(table)s: %(count)s rows do not keep to a rule of today (%(words)s). The first: "
               "%(first)s. Nothing was changed; see docs/chain.md, Single rows."),
            table=one.table, count=one.count, words=one.words, first=", ".join(map(str, one.first)))
    if not found:
        say(N_("Every stored row keeps to what the database asks of new ones."))
    return found


@click.command("sample")
@slug_argument
@click.option("--seed", default="", help="The public part; without one only the size and the sheets next to "
              "a line are told.")
@click.option("--secret", default="", help="The secret part, as it is told once the sample is drawn.")
@click.option("--confidence", type=click.IntRange(*sample_rules.CONFIDENCE), default=95, show_default=True)
@click.option("--bad", default="5", show_default=True, help="Share of bad sheets to be noticed, in percent.")
@click.option("--margin", default="0.5", show_default=True, help="Points around a line between prizes.")
@reads
def sample(slug, seed, secret, confidence, bad, margin):
    """Tell which sheets are compared with their paper, from both parts of a seed; the same draw the same."""
    if secret:
        seed = whole_seed(secret, seed)
        say(N_("Fingerprint of the secret part: %(hash)s"), hash=commitment(secret))
    wishes = sample_rules.read_wishes(
        {"seed": seed, "confidence": str(confidence), "bad": bad, "margin": margin}
    )
    found = sample_queries.sample(contest_of(slug).id, *wishes)
    say(N_("%(size)s of %(sheets)s sheets by lot, %(more)s next to a line."), size=found.size,
        sheets=found.sheets, more=found.at_a_line)
    for line in found.lines:
        click.echo("\t".join((line.label, ",".join(line.why), "lot" if line.by_lot else "")))


@click.command("verify-bulletin")
@click.argument("files", nargs=-1, required=True, metavar="BULLETIN.json BULLETIN.sig [FINGERPRINT]")
def check_bulletin(files):
    """Check a signed bulletin: 0 when the signature holds, 1 when not, 2 for files that cannot be read."""
    raise SystemExit(verify_bulletin.main(list(files)))


@click.command("verify-certificate")
@click.argument("files", nargs=-1, required=True, metavar="PROOF.json [LIST.json LIST.sig] [FINGERPRINT]")
def check_certificate(files):
    """Check a certificate against the signed list, without a network.

    0 when it stands in it, 1 when not, 2 for files that cannot be read.
    """
    raise SystemExit(verify_certificate.main(list(files)))


commands = [key, check_chain, check_rows, sample, check_bulletin, check_certificate]
