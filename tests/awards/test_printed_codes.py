"""Figure 52: a printed code is read after blur, dirt and damage, and says what is printed beside it."""

import io
import math
import random
import secrets

import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image, ImageDraw, ImageFilter

from contest.audit import signing
from contest.awards import certificate_rules as rules
from contest.documents.certificates import DESIGNS, CertificatePaper, certificates_pngs
from tests.proof.sizes import report, size

DOTS = 300  # an inch, as offices scan
BASE = "https://match.example.org/c"
SIGNER = signing.Signer(Ed25519PrivateKey.generate())
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周", "伟芳娜敏静丽强磊军洋勇艳杰涛明超"
QUIET = 12  # dots left white around the code when it is cut out of the page
DAMAGE = 0.05  # of the code's area
MARK = 8 / 69  # of its width: a corner mark and the white beside it


def certificate(chance, number):
    """A CertificatePaper with a signed code, and what it says (Said)."""
    name = chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2))
    said = rules.Said(
        f"ZGH-2026-SN26-FIRST-{number:04d}-K", name, "个人一等奖", "班组长综合管理技能竞赛", "省总工会",
        "2026-11-27",
    )
    data = rules.payload(b"keyk", secrets.token_hex(rules.TOKEN_BYTES), said)
    code = rules.code_text(data, SIGNER.sign(data, rules.DOMAIN))
    return said, CertificatePaper(
        name=name, prize=said.prize, event=said.event, issuer=said.issuer, issued_on=said.issued_on,
        number=said.number, address=f"{BASE}#{code}", unit="望湖水泥有限公司",
        check_at=BASE.partition("//")[2],
    )


def scanned(paper, design):
    """The certificate's code cut out of its page as a scanner sees it, blurred by one dot."""
    page = Image.open(io.BytesIO(certificates_pngs([paper], design, "zh", DOTS)[0])).convert("L")
    corners = zxingcpp.read_barcodes(page)[0].position
    box = (corners.top_left.x, corners.top_left.y, corners.bottom_right.x, corners.bottom_right.y)
    code = page.crop((box[0] - QUIET, box[1] - QUIET, box[2] + QUIET, box[3] + QUIET))
    return code.filter(ImageFilter.GaussianBlur(1))


def stained(code, chance, spares_marks):
    """The code under one stain over five in a hundred of it: ink, correction fluid, or coffee.

    spares_marks: it may lie anywhere but on the three corner marks, without which no reader finds a code.
    """
    width = code.size[0] - 2 * QUIET
    radius, mark = math.sqrt(DAMAGE * width * width / math.pi), MARK * width
    far = QUIET + width - mark
    while True:
        at = [QUIET + radius + chance.random() * (width - 2 * radius) for _ in range(2)]
        marks = ((QUIET, QUIET), (far, QUIET), (QUIET, far))
        if not spares_marks or not any(touches(at, radius, corner, mark) for corner in marks):
            break
    found = code.copy()
    box = (at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius)
    ImageDraw.Draw(found).ellipse(box, fill=chance.choice((0, 128, 255)))
    return found


def touches(at, radius, corner, side):
    """True when a circle touches a square."""
    gaps = [max(low - x, 0, x - low - side) for x, low in zip(at, corner, strict=True)]
    return math.hypot(*gaps) < radius


def test_a_printed_code_is_read_after_blur_and_damage_and_says_what_is_printed():
    chance, tried, read, anywhere, wrong = random.Random(52), size(20, 1000), 0, 0, 0
    for number in range(tried):
        said, paper = certificate(chance, number)
        code = scanned(paper, DESIGNS[number % len(DESIGNS)])
        for spares_marks in (True, False):
            found = zxingcpp.read_barcodes(stained(code, chance, spares_marks))
            read += bool(found) and spares_marks
            anywhere += bool(found) and not spares_marks
            wrong += bool(found) and not says(found[0].text, said, paper)
    report("52", printed_codes=tried, read=read, read_with_a_stain_on_a_corner_mark_too=anywhere, wrong=wrong)
    assert wrong == 0
    assert read >= 0.995 * tried


def says(text, said, paper):
    """True when what was read is signed by us and equal to what is printed."""
    shown = rules.read_code(text)
    return (
        shown is not None and shown.said == said and text == paper.address
        and signing.is_signed(SIGNER.public, shown.data, shown.signature, rules.DOMAIN)
    )
