"""Figure 42: everything is stopped, and the last public board is still given out, frozen as it was."""

import http.client
import re
import shutil
import subprocess
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.limits import program
from contest import clock, serving
from contest.audit.work import Actor
from contest.board import actions
from contest.db import about_to_write, db
from tests.board.test_public_servers import lose, until
from tests.ports import free_port
from tests.proof.office import PATIENCE, environment_of
from tests.proof.sizes import report
from tests.results.scenes import make_scene
from tests.test_serving import wait_for

GUIDE = Path(__file__).parent.parent.parent / "docs" / "operating.md"
LABEL = re.compile(r"This is the board as it stood at (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\.")
ZONE = ZoneInfo("Asia/Shanghai")


class FrontDoor:
    """nginx with the configuration that docs/operating.md gives, on this test's folders and ports."""

    def __init__(self, folder, data, board_port):
        self.port, self.folder = free_port(), folder
        lines = GUIDE.read_text("utf-8").split("    limit_conn_zone", 1)[1].splitlines()
        block = ["limit_conn_zone" + lines[0]]
        for line in lines[1:]:
            if line and not line.startswith("    "):
                break
            block.append(line)
        text = "\n".join(block).replace("listen 80;", f"listen 127.0.0.1:{self.port};")
        text = text.replace("127.0.0.1:8001", f"127.0.0.1:{board_port}")
        text = text.replace("/opt/contest/instance", str(data)).replace(
            "/opt/contest/static", str(serving.STATIC))
        paths = "".join(
            f"{name}_temp_path {folder}/{name};"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        own = folder / "nginx.conf"
        own.write_text(
            f"user root; daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
            f"http {{ types {{ text/html html; application/json json; }} access_log off; {paths}\n"
            f"{text}\n}}\n"
        )
        self.child = subprocess.Popen([program(), "-c", str(own), "-p", str(folder)])

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", path, headers={"Accept-Language": "en"})
        answer = connection.getresponse()
        found = answer.status, answer.getheader("Content-Type"), answer.read().decode()
        connection.close()
        return found

    def end(self):
        self.child.terminate()
        self.child.wait()


def test_the_last_board_outlives_everything(app, own_time, tmp_path):
    scene = make_scene(3).finish()
    slug = scene.contest.slug
    scene.theory(0, 71)
    actions.freeze_board(Actor(None, "test"), scene.contest.id, clock.now() + timedelta(seconds=1))
    db.session.commit()
    time.sleep(1.5)
    scene.theory(1, 97)  # behind the freeze
    about_to_write(False)
    db.session.rollback()
    environment, port = environment_of(app, tmp_path), free_port()
    child = serving.start_board("127.0.0.1", port, environment)
    copy = tmp_path / "public" / slug / "index.en.html"
    door = None
    try:
        wait_for(port, f"/board/{slug}?lang=en")
        until(copy.exists)
        if program():
            (tmp_path / "nginx").mkdir()
            door = FrontDoor(tmp_path / "nginx", tmp_path, port)
            until(lambda: door.get(f"/board/{slug}")[0] == 200)
            # The living page, its label hidden.
            assert "as it stood at {at}." in door.get(f"/board/{slug}")[2]
        first = LABEL.search(copy.read_text("utf-8")).group(1)
        until(lambda: LABEL.search(copy.read_text("utf-8")).group(1) > first)  # it is kept true
        stopped = clock.now()
        lose(child)

        text = copy.read_text("utf-8")
        moment = datetime.strptime(LABEL.search(text).group(1), "%Y-%m-%d %H:%M:%S").replace(tzinfo=ZONE)
        assert "71.00" in text and "97.00" not in text and "Frozen at" in text
        assert "97.00" not in (copy.parent / "data.json").read_text("utf-8")
        if door is not None:
            for path in (f"/board/{slug}", f"/board/{slug}?lang=en"):
                assert door.get(path) == (200, "text/html", text)
            assert door.get(f"/board/{slug}/data.json")[:2] == (200, "application/json")
            assert door.get(f"/board/{slug}/events")[0] == 502  # so the page polls
            assert door.get("/board/nothing")[0] == 503
        report(42, age_at_stop_s=round((stopped - moment).total_seconds(), 1), nginx=bool(door))
    finally:
        if door is not None:
            door.end()
        serving.stop([child])
        shutil.rmtree(tmp_path / "nginx", ignore_errors=True)
