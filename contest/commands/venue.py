"""The command that serves a closed network with encryption, from a certificate authority of its own."""

import os
import sys

import click
import segno

from contest.commands.installation import say_where
from contest.commands.terminal import needs_database, ports_to_use, say
from contest.db import writing
from contest.i18n import N_
from contest.judging.tablet_actions import note_start


@click.command()
@click.option("--host", default="0.0.0.0", show_default=True, help="Address to listen on.")
@click.option("--port", default=8443, show_default=True, help="Port of the office.")
@click.option("--board-port", type=int, help="Port of the public board; the next one if not given.")
@click.option("--trust-port", type=int,
              help="Port of the plain page with the certificate; the one after the board's.")
@click.option("--name", "names", multiple=True,
              help="Another name or address under which tablets reach this machine; may be repeated.")
@click.option("--serve/--only-make", default=True, help="Only make the certificates and stop.")
def venue(host, port, board_port, trust_port, names, serve):
    """Serve a venue's network over HTTPS: makes a certificate authority once, and starts everything.

    Prints how a tablet comes to trust it. An authority that is there is never overwritten.
    """
    from contest import certificates, config, create_app, serving
    from contest.trust_page import open_trust_page

    port, board_port = ports_to_use(host, port, board_port)
    address = serving.reachable(host)
    folder = config.data_folder() / "venue"
    papers = certificates.prepare(
        folder, [address, *names, *certificates.names_of_this_machine(host)]
    )
    with create_app().app_context():
        _say_papers(papers)
        if not serve:
            return
        needs_database()
        with writing():
            note_start()
    os.environ |= {"CONTEST_TLS_CERT": str(papers.certificate), "CONTEST_TLS_KEY": str(papers.key),
                   "CONTEST_SECURE_COOKIES": "1"}
    trust_port = trust_port or board_port + 1
    page = open_trust_page(host, trust_port, papers, f"https://{address}:{port}/")

    def told(office, board):
        say_where(office, board)
        with create_app().app_context():
            say(N_("On each tablet open %(address)s once and follow it; then open the office."),
                address=f"http://{address}:{trust_port}/")
        if sys.stdout.isatty():
            segno.make(f"http://{address}:{trust_port}/").terminal(compact=True)

    try:
        serving.serve(host=host, port=port, board_port=board_port, told=told)
    finally:
        page.shutdown()


def _say_papers(papers):
    if papers.is_new:
        say(N_("A certificate authority was made: %(path)s"), path=papers.authority)
    else:
        say(N_("The certificate authority is the one that was here: %(path)s"), path=papers.authority)
    say(N_("Its fingerprint (SHA-256): %(fingerprint)s"), fingerprint=papers.fingerprint)
    say(N_("The certificate speaks for: %(names)s"), names=", ".join(papers.names))


commands = [venue]
