"""Running the second scorer: a program of its own that reads the exported files and nothing else."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from contest.results.ledger_files import FILES

LONGEST = 1800  # seconds; a thousand entrants with 250,000 marks take half a minute
KINDNESS = 10  # tablets go first


class CannotCount(Exception):
    """The second scorer could not read the files, or did not end; one English sentence."""


def count_again(files, stage, wait=None):
    """The second scorer's answer on a ledger's files ({name: bytes}); CannotCount.

    wait(seconds) is told about once a second while it counts.
    """
    with tempfile.TemporaryDirectory(prefix="ledger-") as folder:
        for name in FILES:
            Path(folder, name).write_bytes(files[name])
        return count_folder(folder, stage, wait)


def count_folder(folder, stage, wait=None):
    """As count_again, on files that lie in a folder."""
    plan, marks, entrants = (str(Path(folder, name).resolve()) for name in FILES)
    command = [sys.executable, "-m", "contest.recount", plan, marks, "--entrants", entrants,
               "--stage", stage]
    # Found wherever this program was started, and with nothing else of ours in its surroundings.
    root = str(Path(__file__).resolve().parents[2])
    surroundings = {"PYTHONPATH": root, "PYTHONUTF8": "1"} | {
        name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "HOME") if name in os.environ
    }
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=surroundings, text=True,
        encoding="utf-8",
    ) as process:
        if hasattr(os, "setpriority"):
            os.setpriority(os.PRIO_PROCESS, process.pid, KINDNESS)
        answer, refused = _wait_for(process, wait)
    if process.returncode:
        sentence = refused.strip().splitlines()[-1] if refused.strip() else "no sentence"
        raise CannotCount(sentence.replace(f"{Path(folder).resolve()}{os.sep}", ""))
    return json.loads(answer)


def _wait_for(process, wait):
    for second in range(LONGEST):
        try:
            return process.communicate(timeout=1)
        except subprocess.TimeoutExpired:
            if wait is not None:
                wait(second + 1)
    process.kill()
    process.communicate()
    raise CannotCount(f"It had not ended after {LONGEST} seconds.")
