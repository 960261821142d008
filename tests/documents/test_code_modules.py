"""Our own drawing of a QR code is segno's, module for module, in every size."""

import io
import random
import string

import pytest
import segno

from contest.documents import code_modules

SIGNS = string.ascii_letters + string.digits + "-_#/:."
# The longest text of each size of level M in bytes: ISO/IEC 18004:2015, table 7.
ROOM = {1: 14, 2: 26, 6: 106, 7: 122, 9: 180, 10: 213, 13: 331, 14: 362, 21: 711, 27: 1125, 40: 2331}


def segnos(text):
    code = segno.make(text, error="m", mode="byte", micro=False, boost_error=False, mask=0)
    file = io.BytesIO()
    code.save(file, kind="svg", xmldecl=False, border=0, light="#fff", omitsize=True)
    return [list(row) for row in code.matrix], file.getvalue().decode()


@pytest.mark.parametrize("version", ROOM)
def test_a_code_is_the_same_as_segnos_up_to_the_last_character_of_its_size(version):
    chance = random.Random(version)
    for length in {1, ROOM[version] - 2, ROOM[version] - 1, ROOM[version]}:
        text = "".join(chance.choices(SIGNS, k=length))
        modules = code_modules.modules_of(text)
        matrix, drawing = segnos(text)
        assert modules.tolist() == matrix
        assert code_modules.svg_of(modules) == drawing
    assert len(modules) == 17 + 4 * version or length != ROOM[version]


def test_every_size_has_codes_that_are_segnos():
    chance, sides = random.Random(18004), set()
    for length in (*range(1, 2331, 29), 2331):
        text = "".join(chance.choices(SIGNS, k=length))
        modules = code_modules.modules_of(text)
        sides.add(len(modules))
        assert modules.tolist() == segnos(text)[0]
    assert len(sides) >= 38


@pytest.mark.parametrize("text", ["", "证书", "a" * 2332])
def test_what_no_code_can_say_is_refused(text):
    with pytest.raises(ValueError):
        code_modules.modules_of(text)
