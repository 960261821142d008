"""A throw-away installation with real servers: the cement contest with any number of contestants."""

import json
import os
import secrets
import shutil
import socket
import tempfile
import time
import tomllib
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from flask.sessions import SecureCookieSessionInterface
from flask_migrate import upgrade
from sqlalchemy import insert

from contest import clock, create_app, serving
from contest.accounts.models import AuthSession, Grant, User
from contest.accounts.queries import hash_token
from contest.db import about_to_write, db
from contest.judging.models import Sheet, SheetRevision
from contest.people.models import Entrant, Human, Judge, Organisation, Team
from contest.scoring.scheme_reading import canonical, plan_from, plan_hash
from contest.setup.models import Contest, PlanVersion
from contest.theory.models import TheoryEntry

PRESET = Path(__file__).parent.parent / "contest" / "setup" / "presets" / "c1_cement.toml"
SLUG = "bench"
STAGE = "final"
COMPANIES = 11
TEAM_SIZE = 5


class Installation:
    """A database of its own and, once started, an office and a board node on free ports."""

    def __init__(self, entrants, judges=60):
        self.folder = Path(tempfile.mkdtemp(prefix="contest-bench-"))
        self.entrants, self.judges = entrants, judges
        self.secret = secrets.token_urlsafe(40)
        self.url = f"sqlite:///{self.folder / 'contest.sqlite'}"
        self.children = []
        self.cookies = []
        self.sheets = {}  # (entrant's number, module key, seat): (sheet id, number of the judge)

    def __enter__(self):
        self.app = create_app(
            SQLALCHEMY_DATABASE_URI=self.url, SECRET_KEY=self.secret, DATA_FOLDER=self.folder
        )
        with self.app.app_context():
            about_to_write(True)
            upgrade()
            self._fill()
            db.session.remove()
            db.engine.dispose()
            about_to_write(False)
        return self

    def __exit__(self, *_error):
        serving.stop(self.children)
        shutil.rmtree(self.folder)

    def _fill(self):
        document = json.loads(canonical(
            tomllib.loads(PRESET.read_text("utf-8"), parse_float=Decimal)
        ))
        self.plan = plan_from(document)
        now = clock.now()
        contest = Contest(
            slug=SLUG, name="水泥行业班组长竞赛", name_en="Cement contest", state="scoring",
            stage=STAGE, is_public=True, created_at=now,
        )
        db.session.add(contest)
        db.session.flush()
        self.contest_id = contest.id
        version = PlanVersion(
            contest_id=contest.id, number=1, document=document,
            document_hash=plan_hash(self.plan), proposed_at=now, in_force_at=now,
        )
        db.session.add(version)
        db.session.flush()
        self.version_id = version.id
        self._fill_people(now)
        self._fill_judges(now)
        self._fill_sheets()
        db.session.commit()

    def _fill_people(self, now):
        units = [Organisation(name=f"水泥有限公司{n}") for n in range(COMPANIES)]
        db.session.add_all(units)
        db.session.flush()
        teams = [
            Team(contest_id=self.contest_id, organisation_id=units[n % COMPANIES].id, name=f"{n}队")
            for n in range(-(-self.entrants // TEAM_SIZE))
        ]
        humans = [Human(name=f"选手{n}") for n in range(self.entrants)]
        db.session.add_all([*teams, *humans])
        db.session.flush()
        rows = [
            Entrant(
                contest_id=self.contest_id, human_id=humans[n].id, number=f"A{n + 1:04d}",
                organisation_id=teams[n // TEAM_SIZE].organisation_id,
                team_id=teams[n // TEAM_SIZE].id, check_in_token=f"bench-{n}",
            )
            for n in range(self.entrants)
        ]
        db.session.add_all(rows)
        db.session.flush()
        self.entrant_ids = [row.id for row in rows]
        paper = next(m for m in self.plan.modules_of_stage(STAGE) if m.entry == "scores")
        db.session.execute(insert(TheoryEntry), [
            {"contest_id": self.contest_id, "module_key": paper.key, "entrant_id": one,
             "units": (6_000 + n * 7 % 3_900) * 100, "state": "scored", "source": "bench",
             "at": now - timedelta(hours=1)}
            for n, one in enumerate(self.entrant_ids)
        ])

    def _fill_judges(self, now):
        signer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        self.judge_ids = []
        for n in range(self.judges):
            user = User(login=f"bench-{n}", name=f"裁判{n}", created_at=now)
            db.session.add(user)
            db.session.flush()
            judge = Judge(contest_id=self.contest_id, user_id=user.id, name=user.name)
            token = secrets.token_urlsafe(24)
            db.session.add_all([
                judge, Grant(user_id=user.id, role="judge", contest_id=self.contest_id),
                AuthSession(
                    token_hash=hash_token(token), user_id=user.id, device="bench",
                    entered_by="card", started_at=now, last_seen_at=now,
                    expires_at=now + timedelta(days=1),
                ),
            ])
            db.session.flush()
            self.judge_ids.append(judge.id)
            self.cookies.append(signer.dumps({"entry": token}))

    def _fill_sheets(self):
        rows = []
        for m, module in enumerate(self.judged_modules()):
            for n, entrant_id in enumerate(self.entrant_ids):
                for seat in range(1, module.panel.judges + 1):
                    judge = (n * module.panel.judges + seat + m * 11) % self.judges
                    self.sheets[n, module.key, seat] = (len(rows) + 1, judge)
                    rows.append({
                        "id": len(rows) + 1, "contest_id": self.contest_id,
                        "module_key": module.key, "entrant_id": entrant_id, "seat": seat,
                        "judge_id": self.judge_ids[judge], "rev": 0, "state": "empty",
                        "marks": {},
                    })
        db.session.execute(insert(Sheet), rows)

    def judged_modules(self):
        """The final's modules that are marked on sheets."""
        return [m for m in self.plan.modules_of_stage(STAGE) if m.entry == "sheets"]

    def hand_in_everything(self):
        """Every sheet as handed in, written straight into the ledger: the board's bench reads only."""
        modules = {module.key: module for module in self.judged_modules()}
        now = clock.now() - timedelta(minutes=30)
        with self.app.app_context():
            about_to_write(True)
            rows = [
                {"contest_id": self.contest_id, "sheet_id": sheet_id, "op_id": f"bench-{sheet_id}",
                 "fingerprint": "f" * 64, "rev": 1, "base_rev": 0, "kind": "submit",
                 "marks": marks_of(modules[key], n * 31 + seat),
                 "plan_version_id": self.version_id, "reason": "", "device": "", "at": now}
                for (n, key, seat), (sheet_id, _) in self.sheets.items()
            ]
            db.session.execute(insert(SheetRevision), rows)
            db.session.get(Contest, self.contest_id).marks_version += len(rows)
            db.session.commit()
            db.session.remove()
            db.engine.dispose()
            about_to_write(False)

    def start(self):
        """Start both servers and wait until they answer."""
        self.office_port, self.board_port = free_port(), free_port()
        environment = {
            **os.environ, "CONTEST_DATABASE": self.url, "CONTEST_SECRET_KEY": self.secret,
            "CONTEST_DATA": str(self.folder),
            "CONTEST_NUDGE_PORT": str(serving.free_datagram_port()), "CONTEST_REDIS": "",
        }
        self.office = serving.start_office(
            "127.0.0.1", self.office_port, environment=environment
        )
        self.board = serving.start_board("127.0.0.1", self.board_port, environment)
        self.children = [self.office, self.board]
        for port in (self.office_port, self.board_port):
            wait_for_port(port)


def marks_of(module, number):
    """A full sheet, a little different for each number."""
    marks = {}
    for aspect in module.aspects:
        if aspect.kind == "points":
            steps = aspect.max // aspect.step
            text = Decimal((steps - number % max(1, steps // 2)) * aspect.step) / 10_000
            marks[aspect.key] = f"{text.normalize():f}"
        elif aspect.kind == "deductions":
            marks[aspect.key] = {"0": 1} if number % 3 == 0 else {}
        elif aspect.kind == "checklist":
            marks[aspect.key] = [(number + i) % 4 != 0 for i in range(len(aspect.items))]
        elif aspect.kind == "judgement":
            marks[aspect.key] = number % 4
        else:
            whole = aspect.lowest // 10_000 + number % max(1, (aspect.highest - aspect.lowest) // 20_000)
            marks[aspect.key] = str(whole)
    return marks


def free_port():
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, seconds=60):
    """Wait until somebody listens there."""
    until = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def memory(process):
    """Megabytes that a server and the processes it started hold (shared pages counted once)."""
    total = 0
    for pid in _family(process.pid):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return round(total / 1024, 1)


def processor_seconds(process):
    """Seconds of processor time that a server and the processes it started have used."""
    ticks = os.sysconf("SC_CLK_TCK")
    total = 0
    for pid in _family(process.pid):
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / ticks


def _family(pid):
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += _family(int(child))
    return found
