"""The command that serves the public board from another machine, without a database."""

import os
import sys
from pathlib import Path

import click

from contest import config


@click.command("public-node")
@click.option("--from", "sources", multiple=True,
              help="Address of the contest's board (several: the next is asked when one is silent). "
                   "Without it the contest pushes to this node (CONTEST_PUSH_TO there).")
@click.option("--key-file", type=click.Path(exists=True, dir_okay=False),
              help="File with the feed's key; else CONTEST_FEED_KEY. The same as the contest's.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8001, show_default=True, help="Port of the public board.")
@click.option("--keep", type=click.Path(file_okay=False),
              help="Folder for the last board, so that a restart while the contest is away loses nothing.")
@click.option("--ca", type=click.Path(exists=True, dir_okay=False),
              help="Certificate authority of the contest's board, for a closed network.")
def public_node(sources, key_file, host, port, keep, ca):
    """Serve the public boards of a contest that runs elsewhere: no database, no secret but one key.

    As many as wanted may run; each serves the same bytes, and the last ones with their moment when
    the contest cannot be reached.
    """
    from contest import serving

    given = {
        "CONTEST_FEED_FROM": ",".join(sources), "CONTEST_FEED_KEEP": keep or "",
        "CONTEST_FEED_CA": ca or "",
        "CONTEST_FEED_KEY": Path(key_file).read_text("utf-8").strip() if key_file else "",
    }
    os.environ |= {name: value for name, value in given.items() if value}
    try:
        config.addresses("CONTEST_FEED_FROM")
        config.needed_feed_key()
        config.audience_limits()
    except config.BadSetting as wrong:
        raise click.ClickException(str(wrong)) from wrong
    if serving.taken_port(host, [port]) is not None:
        raise click.ClickException(f"Another program listens on port {port}.")
    click.echo(f"Public board: http://{serving.reachable(host)}:{port}/")
    sys.stdout.flush()
    serving.run(["public", host, str(port)])


commands = [public_node]
