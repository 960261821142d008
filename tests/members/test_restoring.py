"""Figure 48 through the commands, each a process of its own: a copy put back is erased again."""

import os
import subprocess
import sys

import pytest

ENVIRONMENT = ("CONTEST_DATA", "CONTEST_DATABASE", "CONTEST_PERSONAL_KEYS", "CONTEST_RETENTION")
# Done by a process of its own, as the desk would: somebody with something to hide, or the erasure.
MAKE = """
from contest import clock
from contest.audit.work import Actor
from contest.members import personal_actions
from contest.people.models import Human
KEEPER = Actor(None, "管理员")
def make(name, number):
    human = Human(name=name)
    db.session.add(human)
    db.session.commit()
    personal_actions.enter_number(KEEPER, human.id, number, "核对职业资格")
    personal_actions.set_address(KEEPER, human.id, f"n{human.id}@example.org", "核对职业资格")
    return human.id
"""
ERASE = """
from contest.audit.work import Actor
from contest.members import erasing
def erase(human_id, name):
    erasing.erase(Actor(None, "管理员"), human_id, name, "本人书面申请")
"""
READ = """
from sqlalchemy import select
from contest.members.models import CodeAddress, Erasure
from contest.people.models import Human
from contest.people.personal_models import IdNumber
def read():
    return (sorted(db.session.execute(select(Human.id, Human.name)).all()),
            db.session.scalars(select(IdNumber.human_id)).all(),
            db.session.scalars(select(CodeAddress.human_id)).all(),
            sorted(db.session.scalars(select(Erasure.human_id))))
"""


class House:
    """An installation in a folder, reached through processes alone."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = {
            **{key: value for key, value in os.environ.items() if key not in ENVIRONMENT},
            "CONTEST_DATA": str(folder), "LC_ALL": "C.UTF-8", "LANGUAGE": "en",
        }

    def contest(self, *words):
        """`contest` with these words; what it said, once it ended well."""
        return self._run(sys.executable, "-m", "contest", *words)

    def python(self, preface, call):
        """A call within the application; what it came to."""
        code = (
            "from contest import create_app\nfrom contest.db import about_to_write, db\napp = create_app()\n"
            "with app.app_context():\n    about_to_write(True)\n"
            + "".join(f"    {line}\n" for line in [*preface.splitlines(), f"print(repr({call}))"])
        )
        return eval(self._run(sys.executable, "-c", code).splitlines()[-1], {})  # of our own making

    def _run(self, *words):
        done = subprocess.run(
            words, env=self.environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def house(tmp_path, empty_database):
    found = House(tmp_path / "house")
    found.folder.mkdir()
    found.contest("init", "--no-code")
    return found


def test_what_was_erased_since_the_copy_is_erased_again_by_the_restore(house, tmp_path):
    """Somebody of the copy, and somebody whom the copy does not know: the restore ends well for both."""
    known = house.python(MAKE, "make('钟一', '11010519491231002X')")
    stays = house.python(MAKE, "make('华二', '440524188001010014')")
    house.contest("backup", "--to", str(tmp_path / "stick"))
    later = house.python(MAKE, "make('后来', '110105199001010010')")
    house.python(ERASE, f"erase({known}, '钟一')")
    house.python(ERASE, f"erase({later}, '后来')")

    said = house.contest("restore", str(tmp_path / "stick"), "--replace")

    assert "Erased again, because it was erased after this copy: 1 people." in said
    humans, numbers, addresses, erasures = house.python(READ, "read()")
    assert humans == [(known, "–"), (stays, "华二")]
    assert (numbers, addresses) == ([stays], [stays])
    assert erasures == [0, known]  # the one whom the copy does not know is noted, without a number

    # Whoever gets the number of somebody whom the copy did not know is not taken for him.
    newcomer = house.python(MAKE, "make('新来', '110105199001010010')")
    assert newcomer == later
    house.contest("personal", "erase-again")
    assert (newcomer, "新来") in house.python(READ, "read()")[0]
