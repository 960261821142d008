"""A process that has imported everything and forks one office for each line it reads: `… ready_office PORT`.

The office that is forked has an application, and has not opened the database: that it does itself.
"""

import os
import signal
import sys
from contextlib import suppress

from contest import config, create_app, running, serving


def serve(port, app):
    """What the forked process does: the office, its worker, and nothing that was open before."""
    os.setpgid(0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    sys.stdin.close()
    if not running.run_here(config.data_folder()):
        sys.exit("not alone")
    serving.serve_office(app, port=port)


def main(port):
    """Fork an office at each line, and print its number."""
    app = create_app()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            serve(port, app)
            os._exit(0)
        with suppress(PermissionError, ProcessLookupError):  # it may have done so itself, or be dead
            os.setpgid(pid, pid)
        print(pid, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
