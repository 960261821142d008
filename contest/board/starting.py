"""Starting a board node or a public node as the settings describe it, within its server's process."""

import gc
import os
import sys
from pathlib import Path

from contest import config
from contest.board.kept_copy import KeptCopies
from contest.board.limits import NICER, Limits, make_room
from contest.board.node import Node
from contest.board.origin import PATH, Origin, Pusher
from contest.board.public_node import PublicNode


def _limits(settings):
    return Limits(
        make_room(settings["MOST_LISTENERS"]), settings["MOST_PER_ADDRESS"], settings["PROXIES"]
    )


def create_node():
    """The node of this installation, for an ASGI server's factory."""
    from contest import create_app

    app = create_app()
    settings = app.config
    node = Node(app, limits=_limits(settings))
    if settings["FEED_KEY"]:
        origin = Origin(node, settings["FEED_KEY"], settings["TIME_ZONE"])
        node.sides[PATH] = origin
        node.kinds.is_carried = True
        node.companions += [
            Pusher(origin, url, settings["FEED_AUTHORITY"]) for url in settings["PUSH_TO"]
        ]
    if settings["KEPT_COPIES"]:
        folder = settings["DATA_FOLDER"] / "public"
        node.companions.append(KeptCopies(node, folder, settings["TIME_ZONE"]))
    os.nice(NICER)
    # Whoever asks for a page while another one is being rendered waits for a switch of threads.
    sys.setswitchinterval(0.0005)
    # The pages of a thousand contestants are a million objects, looked through again and again.
    gc.set_threshold(50_000, 20, 100)
    return node


def create_public_node():
    """The node that the environment describes, for an ASGI server's factory; no database is opened."""
    keep = os.environ.get("CONTEST_FEED_KEEP", "") or None
    node = PublicNode(
        config.needed_feed_key(), config.addresses("CONTEST_FEED_FROM"), keep=keep,
        authority=os.environ.get("CONTEST_FEED_CA", "") or None,
        board_url=os.environ.get("CONTEST_BOARD_URL", "").rstrip("/"),
        limits=_limits(config.audience_limits()),
    )
    if keep:
        node.companions.append(KeptCopies(node, Path(keep) / "public", config.time_zone()))
    return node
