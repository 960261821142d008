"""Figures 45, 50 and 51: no forged certificate is listed, no number is found by guessing, no name is lost."""

import base64
import csv
import io
import random
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from python_calamine import CalamineWorkbook

from contest.audit.signing import BULLETIN_DOMAIN, Signer
from contest.awards import certificate_actions, certificate_queries
from contest.awards import certificate_rules as rules
from contest.awards.certificate_routes import LOOKUPS
from contest.db import db
from contest.documents import Column, Table, as_csv, as_xlsx, certificates_pdf, missing_glyphs
from contest.documents.certificates import CertificatePaper
from contest.people.models import Human
from tests.awards.certified import PETRA, kept_issued_contest
from tests.proof.sizes import report, size

ENDINGS = ("listed", "replaced")
# Ideographs of the extensions A to H, the middle dot of long names, and the private use area.
BLOCKS = ((0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B738), (0x2B740, 0x2B81D), (0x2B820, 0x2CEA1),
          (0x2CEB0, 0x2EBE0), (0x30000, 0x3134A), (0x31350, 0x323AF), (0xE000, 0xF8FF), (0x4E00, 0x9FFF))


@pytest.fixture
def issued(app):
    LOOKUPS.forget()
    return kept_issued_contest(app)


def raw_of(code):
    return bytearray(base64.urlsafe_b64decode(code + "=" * (-len(code) % 4)))


def text_of(raw):
    return base64.urlsafe_b64encode(bytes(raw)).rstrip(b"=").decode()


def mutated(code, other, chance):
    """One code changed in one of many ways; never the code itself."""
    raw, at = raw_of(code), chance.randrange(len(raw_of(code)))
    kind = chance.randrange(7)
    if kind == 0:
        raw[at] ^= 1 << chance.randrange(8)
    elif kind == 1:
        del raw[at]
    elif kind == 2:
        raw.insert(at, chance.randrange(256))
    elif kind == 3:
        raw = raw[:-64] + raw_of(other)[-64:]  # another certificate's signature
    elif kind == 4:
        raw = raw[:5] + chance.randbytes(16) + raw[21:]  # another token
    elif kind == 5:
        return code[:at] + chance.choice("+/=% \u00e9") + code[at:]  # another spelling
    else:
        return text_of(chance.randbytes(chance.randrange(300)))
    return text_of(raw)


def test_no_changed_code_is_listed(issued):
    _, _, made, _ = issued
    chance, tried, accepted = random.Random(50), size(500, 10_000), 0
    for _ in range(tried):
        text = mutated(made[0].code, made[2].code, chance)
        # A blank before the code is the same code, as it may come from a clipboard.
        accepted += text.strip() != made[0].code and certificate_queries.judge_code(text).state in ENDINGS
    report("50", changed_codes=tried, accepted_as_listed=accepted)
    assert accepted == 0


def test_another_key_another_kind_and_one_that_nobody_issued_are_not_listed(issued):
    _, _, made, signer = issued
    code = rules.read_code(made[0].code)
    stranger = Signer(Ed25519PrivateKey.generate())
    forged = rules.payload(certificate_queries.hint_of(stranger.public), code.token, code.said)
    of_kind = rules.code_text(code.data, signer.sign(code.data, BULLETIN_DOMAIN))
    stolen_hint = rules.code_text(code.data, stranger.sign(code.data, rules.DOMAIN))
    said = replace(code.said, name="冒名者")
    unlisted = rules.payload(code.key_hint, "ab" * 16, said)
    same_token = rules.payload(code.key_hint, code.token, said)
    found = [certificate_queries.judge_code(text).state for text in (
        rules.code_text(forged, stranger.sign(forged, rules.DOMAIN)), of_kind, stolen_hint,
        rules.code_text(unlisted, signer.sign(unlisted, rules.DOMAIN)),
        rules.code_text(same_token, signer.sign(same_token, rules.DOMAIN)),
    )]
    assert found == ["foreign", "broken", "broken", "unlisted", "unlisted"]


def test_a_token_has_128_bits_and_no_bit_is_always_the_same(issued):
    contest, _, made, signer = issued
    assert {len(bytes.fromhex(one.token)) for one in made} == {16}
    codes = certificate_queries.codes_of(certificate_queries.list_lines(contest.id))
    # Two thousand more of the same making: every bit is set about half of the time.
    style, lines = certificate_queries.find_style(contest.id), certificate_queries.list_lines(contest.id)
    with db.session.no_autoflush:
        many = [certificate_actions._make(PETRA, style, lines[0], signer, codes, "2026-11-27").token
                for _ in range(2000)]
    db.session.rollback()
    assert len(set(many)) == 2000
    for bit in range(128):
        assert 800 < sum(int(token, 16) >> bit & 1 for token in many) < 1200


def test_guesses_hit_nothing_and_answer_in_one_shape(issued):
    _, _, made, signer = issued
    chance, tried, hits = random.Random(51), size(300, 100_000), 0
    code = rules.read_code(made[0].code)
    for _ in range(tried):
        data = rules.payload(code.key_hint, chance.randbytes(16).hex(), code.said)
        hits += certificate_queries.judge_code(rules.code_text(data, chance.randbytes(64))).state != "broken"
    report("51", guesses=tried, hits=hits)
    assert hits == 0


def test_numbers_that_exist_nowhere_all_get_the_same_page(client, issued):
    pages = set()
    for number in ("ZGH-2026-SN26-FIRST-0009-A", rules.number_of("ZGH-2026-{serial:04d}", serial=99), "x"):
        text = client.post("/c", data={"number": number}, headers={"HX-Request": "true"}).text
        pages.add(text)
    assert len(pages) == 1


def rare_names(count):
    chance, names = random.Random(45), []
    while len(names) < count:
        first, last = BLOCKS[len(names) % len(BLOCKS)]
        signs = "".join(chr(chance.randint(first, last)) for _ in range(chance.randint(1, 2)))
        names.append(f"王{signs}" if len(names) % 7 else f"买买提{signs}·阿卜杜热合曼·艾力")
    return names


def test_no_rare_name_is_drawn_as_a_box_or_lost_on_the_way():
    names = rare_names(size(500, 3000))
    held = [name for name in names if missing_glyphs(name)]
    printable = [name for name in names if not missing_glyphs(name)]
    assert held
    assert printable
    for name in held[:size(60, 3000)]:
        with pytest.raises(ValueError, match="our letters lack"):
            certificates_pdf([paper(name)])
    for name in names:
        said = rules.Said("A-1", name, "奖", "赛", "会", "2026-11-27")
        code = rules.read_code(rules.code_text(rules.payload(b"keyk", "0f" * 16, said), b"s" * 64))
        assert code.said.name == name
    table = Table("t", (Column("name", "name"),), tuple({"name": name} for name in names))
    rows = list(csv.reader(io.StringIO(as_csv(table).decode("utf-8-sig"), newline="")))
    assert [row[0] for row in rows[1:]] == names
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(table))).get_sheet_by_index(0).to_python()
    assert set(names) <= {cell for row in book for cell in row}
    report("45", rare_names=len(names), printed=len(printable), held_back=len(held))


def test_the_database_and_the_code_keep_every_rare_name(issued):
    _, entrants, _, _ = issued
    human_id = entrants["张三"].human_id
    for name in rare_names(size(30, 500)):
        db.session.get(Human, human_id).name = name
        db.session.commit()
        db.session.expire_all()
        assert db.session.get(Human, human_id).name == name


def paper(name):
    return CertificatePaper(
        name=name, prize="一等奖", event="竞赛", issuer="工会", issued_on="2026-11-27", number="A-1-K",
        address="https://example.org/c#" + "A" * 200,
    )
