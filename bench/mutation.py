"""Plants mistakes in contest/scoring, one at a time, and sees whether a test finds each.

    python -m bench.mutation --most 500     a seeded draw of so many; `make mutants`
    python -m bench.mutation --again        those that no test found, once more

First every test runs once, noting its lines and its time (build/mutation/tests.json). A mutant is then
judged in a forked process by the tests that reach its line, the quickest first, until one fails. Who
has passed PATIENCE seconds of them and a comparison of both scorers has survived. What came out is
appended to build/mutation/results.jsonl, so a run that was stopped goes on where it was.
"""

import argparse
import gc
import json
import os
import random
import resource
import sys
import time
from collections import Counter
from importlib.abc import Loader, MetaPathFinder
from importlib.util import spec_from_file_location
from pathlib import Path

import coverage
import hypothesis
import numpy  # noqa: F401  (before the fork, so that no mutant pays for it)
import pytest

from bench.mutants import mutants_of, planted

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "contest" / "scoring"
BUILD = ROOT / "build" / "mutation"
TESTS = ["tests/scoring", "tests/offline", "contest/scoring"]
# Tests of pages, of the second scorer and of the generator say nothing of the first scorer.
BESIDE = ("good_plan", "lines_a_page", "sums_of_a_page", "second_scorer", "can_be_had", "without_a_bias")
OPTIONS = ["-q", "-x", "--no-header", "--assert=plain", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist",
           "--noconftest", "-k", " and ".join(f"not {name}" for name in BESIDE),
           "-o", "addopts=--import-mode=importlib --doctest-modules"]
SEED = 2026
PATIENCE = 15  # seconds of passing tests, the quickest first; then only those of LAST
FORMAT = "tests/scoring/test_scheme_schema.py::test_the_published_file_is_current"  # looks at every table
LAST = "tests/offline/test_two_scorers.py::test_both_scorers_agree[0]"
SECONDS = 25  # of computing that a mutant may take; its tests take PATIENCE and some more
MEMORY = 6 * 2**30


class Noting:
    """A pytest plugin: which lines of the folder each test reaches, and how long it takes."""

    def __init__(self):
        self.measure = coverage.Coverage(data_file=None, source_pkgs=["contest.scoring"])
        self.seconds = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        self.measure.switch_context(item.nodeid)
        start = time.process_time()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = time.process_time() - start
            self.measure.switch_context("between")

    def reached(self):
        """{file: {line: [tests]}}"""
        data = self.measure.get_data()
        found = {}
        for file in data.measured_files():
            lines = data.contexts_by_lineno(file)
            found[Path(file).name] = {
                line: [test for test in tests if test in self.seconds] for line, tests in lines.items()
            }
        return found


class Judging:
    """A pytest plugin: instead of running the tests, judges mutants by them, each in a fork."""

    def __init__(self, mutants, notes, judged):
        self.mutants, self.notes, self.judged = mutants, notes, judged

    def pytest_runtestloop(self, session):
        for mutant in self.mutants:
            items = _items_for(session, mutant, self.notes)
            self.judged(mutant, _forked(lambda m=mutant, i=items: _trial(m, i)))
        return True


class Alone:
    """A pytest plugin for one mutant that stands outside functions: it is planted already."""

    def __init__(self, mutant, notes):
        self.mutant, self.notes = mutant, notes

    def pytest_runtestloop(self, session):
        os._exit(_fails(_items_for(session, self.mutant, self.notes)))


class Planting(MetaPathFinder, Loader):
    """Imports the mutant's file with the mistake in it."""

    def __init__(self, mutant):
        self.name = f"contest.scoring.{mutant.file[:-3]}".removesuffix(".__init__")
        self.path = FOLDER / mutant.file
        self.code = planted(self.path.read_text("utf-8"), mutant)

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        inside = [str(FOLDER)] if self.path.name == "__init__.py" else None
        return spec_from_file_location(
            name, self.path, loader=self, submodule_search_locations=inside
        )

    def exec_module(self, module):
        exec(self.code, module.__dict__)


def _items_for(session, mutant, notes):
    """The tests that reach the mutant's line (outside functions: its file), the quickest first."""
    lines = notes["reached"].get(mutant.file, {})
    wanted = set(lines.get(str(mutant.line), ())) if mutant.function else set().union(*lines.values())
    if not mutant.function:
        wanted.add(FORMAT)
    seconds = notes["seconds"]
    chosen, passed = [], 0
    for item in sorted(session.items, key=lambda item: (item.nodeid != FORMAT, seconds.get(item.nodeid, 0))):
        if item.nodeid in wanted:
            passed += seconds[item.nodeid]
            if passed < PATIENCE or item.nodeid in (FORMAT, LAST):
                chosen.append(item)
    return chosen


def _trial(mutant, items):
    """The file's functions get the code with the mistake, those made by functions too."""
    code = planted((FOLDER / mutant.file).read_text("utf-8"), mutant)
    new = {_name(each): each for each in _codes(code)}
    path = str(FOLDER / mutant.file)
    old = [f for f in gc.get_objects() if type(f) is type(_trial)
           and f.__code__.co_filename == path and _name(f.__code__) in new]
    if not any(f.__code__.co_firstlineno == mutant.first_line for f in old):
        return 3
    for function in old:
        function.__code__ = new[_name(function.__code__)]
    return _fails(items)


def _name(code):
    return code.co_qualname, code.co_firstlineno


def _codes(code):
    for each in code.co_consts:
        if isinstance(each, type(code)):
            yield each
            yield from _codes(each)


def _fails(items):
    """1 where one of these tests fails, else 0."""
    failed = []

    class Ear:
        def pytest_runtest_logreport(self, report):
            if report.failed:
                failed.append(report.nodeid)

    if not items:
        return 0
    config = items[0].config
    config.pluginmanager.register(Ear())
    for item, after in zip(items, [*items[1:], None], strict=True):
        config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        if failed:
            return 1
    return 0


def _forked(work):
    """What came of `work` in a process of its own: killed, survived, timeout, or lost."""
    child = os.fork()
    if child == 0:
        _be_quiet()
        try:
            os._exit(work())
        except BaseException:  # what breaks the very running of tests is found too
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return "timeout"
    return {0: "survived", 1: "killed"}.get(os.WEXITSTATUS(status), "lost")


def _be_quiet():
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _run_alone(mutant, notes):
    def work():
        sys.meta_path.insert(0, Planting(mutant))
        tests = {FORMAT}.union(*notes["reached"][mutant.file].values())
        files = sorted({test.split("::")[0] for test in tests})
        return pytest.main([*OPTIONS, *files], plugins=[Alone(mutant, notes)]) and 1

    return _forked(work)


def note_the_tests():
    """Runs every test once and writes down what it reaches; refuses a suite that fails."""
    noting = Noting()
    noting.measure.start()
    failed = pytest.main([*OPTIONS, *TESTS], plugins=[noting])
    noting.measure.stop()
    if failed:
        sys.exit("The tests fail without any mistake planted.")
    notes = {"seconds": noting.seconds, "reached": noting.reached()}
    BUILD.mkdir(parents=True, exist_ok=True)
    (BUILD / "tests.json").write_text(json.dumps(notes), encoding="utf-8")


def all_mutants():
    """Every mutant of the folder, in the seeded order in which they are drawn."""
    found = [
        mutant for path in sorted(FOLDER.glob("*.py"))
        for mutant in mutants_of(path.read_text("utf-8"), path.name)
    ]
    random.Random(SEED).shuffle(found)
    return found


def results():
    """{key: outcome} of what was judged before; the last word counts."""
    path = BUILD / "results.jsonl"
    rows = path.read_text("utf-8").splitlines() if path.exists() else []
    return {row["mutant"]: row["outcome"] for row in map(json.loads, rows)}


def judge(mutants):
    """Judges these mutants, those outside functions last, and appends what came out."""
    notes = json.loads((BUILD / "tests.json").read_text("utf-8"))
    with open(BUILD / "results.jsonl", "a", encoding="utf-8") as file:

        def judged(mutant, outcome):
            row = {"mutant": mutant.key, "function": mutant.function, "outcome": outcome}
            print(json.dumps(row), file=file, flush=True)

        inside = [mutant for mutant in mutants if mutant.function]
        if inside:
            child = os.fork()
            if child == 0:
                pytest.main([*OPTIONS, *TESTS], plugins=[Judging(inside, notes, judged)])
                os._exit(0)
            os.waitpid(child, 0)
        for mutant in mutants:
            if not mutant.function:
                judged(mutant, _run_alone(mutant, notes))


def report(drawn):
    """Prints how many were found, and each that was not."""
    known = results()
    outcomes = {mutant: known[mutant.key] for mutant in drawn if mutant.key in known}
    counts = Counter(outcomes.values())
    found = counts["killed"] + counts["timeout"]
    percent = 100 * found / max(len(outcomes), 1)
    print(f"{len(outcomes)} mutants, {found} found ({percent:.1f} %): {dict(counts)}")
    for mutant, outcome in sorted(outcomes.items(), key=lambda pair: pair[0].key):
        if outcome not in ("killed", "timeout"):
            print(f"{outcome}: {mutant.key} in {mutant.function or 'the file'}")


def main():
    """Runs, goes on, or only reports."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--most", type=int, default=500, help="how many of the seeded draw")
    parser.add_argument("--again", action="store_true", help="those not found before, by today's tests")
    parser.add_argument("--report", action="store_true", help="run nothing")
    options = parser.parse_args()
    os.environ.setdefault("CONTEST_CONTESTS", "20")
    os.chdir(ROOT)
    hypothesis.settings.register_profile(
        "mutation", phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate], deadline=None,
        derandomize=True, database=None,
    )
    hypothesis.settings.load_profile("mutation")
    drawn = all_mutants()[: options.most]
    if not options.report:
        known = results()
        left = [m for m in drawn if m.key not in known]
        if options.again:
            left = [m for m in drawn if known.get(m.key) in ("survived", "lost")]
        if not (BUILD / "tests.json").exists() or options.again:
            child = os.fork()  # so that this process knows nothing of contest.scoring yet
            if child == 0:
                note_the_tests()
                os._exit(0)
            if os.waitpid(child, 0)[1]:
                sys.exit(1)
        judge(left)
    report(drawn)


if __name__ == "__main__":
    main()
