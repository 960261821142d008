"""Printed papers hold every word in our own letters, on any machine."""

import gc
import multiprocessing
import shutil
import threading
from pathlib import Path

import pytest
import typst

from contest.documents import (
    Annex,
    CertificatePaper,
    Column,
    Document,
    Facts,
    Paragraph,
    Signatures,
    Table,
    as_pdf,
    as_pngs,
    certificates_pdf,
    print_file,
)
from contest.documents.document import LOOKS
from contest.documents.fonts import FOLDER
from contest.documents.print_file import TEMPLATES, typeset
from tests.documents.paper_text import letters_of, pages_of
from tests.documents.papers import make_list, make_names, make_report, make_table

OURS = {"NotoSerifCJKsc-Regular", "NotoSerifCJKsc-Bold"}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("look", LOOKS)
def test_every_look_is_printed_in_our_letters_only(look, language):
    pdf = as_pdf(make_list(look=look, language=language))

    assert pdf.startswith(b"%PDF-1.7")
    assert letters_of(pdf) == OURS
    assert "关于公布班组长综合管理技能竞赛获奖名单的通知" in "".join(pages_of(pdf))


def test_a_notice_has_its_number_its_bodies_and_each_annex_on_a_page_of_its_own():
    first, second, third = pages_of(as_pdf(make_list(footer="第3版")))

    said = ("云建材赛〔2026〕7号", "竞赛组织委员会", "各参赛单位", "2026年11月23日", "盖章处")
    assert [words for words in said if words not in first] == []
    assert "附件1：职工组获奖名单附件2：优秀组织奖" in first
    assert second.startswith("附件1职工组获奖名单一等奖序号姓名工作单位总成绩日期备注1张1三")
    assert third.startswith("附件2优秀组织奖经组委会表决产生。")
    assert all("第3版" in page for page in (first, second, third))


def test_pages_are_counted_within_each_document_of_a_file():
    long = make_report("王一", parts=(make_table(count=60),))

    pages = pages_of(as_pdf([long, make_report("王二"), long]))

    assert [page.rpartition("第")[2] for page in pages] == [
        "1页共2页", "2页共2页", "1页共1页", "1页共2页", "2页共2页",
    ]


def test_english_papers_say_page_and_annex_in_english():
    pages = pages_of(as_pdf(make_list(language="en")))

    assert "Annex1:职工组获奖名单" in pages[0]
    assert [page.rpartition("Page")[2] for page in pages] == ["1of3", "2of3", "3of3"]


def test_the_header_of_a_table_is_repeated_on_every_page():
    pages = pages_of(as_pdf(make_table(count=120)))

    assert len(pages) > 2
    assert all("序号姓名工作单位总成绩日期备注" in page for page in pages)


@pytest.mark.parametrize("count", range(20, 34))
def test_the_lines_to_sign_never_stand_on_a_page_without_rows(count):
    parts = (make_table("成绩", count), Signatures(("统分人", "裁判长"), seal="组委会"))
    last = pages_of(as_pdf(Document("成绩汇总表", parts, look="summary")))[-1]

    assert "统分人" in last and "裁判长" in last and "盖章处" in last
    assert f"{count}张{count}三" in last
    assert f"{count - 2}张{count - 2}三" in last


def test_a_table_without_rows_says_so_and_can_be_signed():
    for parts in ((make_table(count=0),), (make_table(count=0), Signatures(("统分人",)))):
        assert "（无）" in pages_of(as_pdf(Document("名单", parts)))[0]


def test_notes_stand_under_the_table_signed_or_not():
    table = make_table(count=1, notes=("成绩保留两位小数。",))

    for parts in ((table,), (table, Signatures(("统分人",)))):
        assert "成绩保留两位小数。" in pages_of(as_pdf(Document("名单", parts)))[0]


@pytest.mark.parametrize("name", [
    '#panic("x")', '#read("/etc/passwd")', "$x^2$", "*bold*", "= heading", "@label", "<label>",
    "\\", '"}', "`raw`", "//comment", "/*", "#import", "[x]", "%(page)s",
])
def test_a_name_is_printed_and_never_run(name):
    document = Document(
        name, (make_names(name), Facts(((name, name),)), Paragraph(name), Signatures((name,))),
        look="list", footer=name, number=name, issuers=(name,),
    )

    text = "".join(pages_of(as_pdf(document)))

    assert text.count(name.replace(" ", "")) >= 8


@pytest.mark.parametrize("name", ["张䶮", "李㛃", "赵喆", "钱赟", "孙𠮷", "买买提·艾力", "陈囍曌"])
def test_rare_characters_of_names_are_printed_upright_and_bold(name):
    text = pages_of(as_pdf(Document(name, (make_names(name),))))[0]

    assert text.count(name) == 2
    assert "〓" not in text


def test_a_character_we_cannot_print_is_shown_and_named_on_that_paper_only():
    spoiled, whole = pages_of(as_pdf([make_report("张𬮠"), make_report("张三")]))

    assert "张〓" in spoiled and "U+2CBA0" in spoiled
    assert "〓" not in whole and "U+" not in whole


def test_a_long_code_goes_on_to_the_next_line_and_stays_whole():
    code = "0123456789abcdef" * 8

    assert code in pages_of(as_pdf(make_names(code)))[0]


def test_a_wide_table_turns_the_page():
    wide = Table("t", tuple(Column(f"m{place}", "模块", width=12) for place in range(12)))

    assert b"MediaBox[0 0 841.8898 595.2756]" in as_pdf(wide)
    assert b"MediaBox[0 0 595.2756 841.8898]" in as_pdf(make_table())


def test_a_paper_is_an_archive_file():
    assert b"<pdfaid:part>2</pdfaid:part>" in as_pdf(make_report())


@pytest.mark.parametrize("look", LOOKS)
def test_the_templates_are_set_without_a_warning(look):
    import json

    from contest.documents.print_file import _facts

    document = make_list(look=look)
    compiler = typst.Compiler(
        str(TEMPLATES / f"{look}.typ"), root=str(TEMPLATES), font_paths=[str(FOLDER)],
        ignore_system_fonts=True,
    )

    _pdf, warnings = compiler.compile_with_warnings(
        format="pdf", sys_inputs={"data": json.dumps(_facts([document]))}
    )

    assert warnings == []


def test_pictures_are_made_of_every_page():
    pictures = as_pngs(make_list())

    assert len(pictures) == 3
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    assert len(as_pngs(make_table(count=1))) == 1


def test_documents_of_two_looks_or_languages_do_not_share_a_file():
    with pytest.raises(ValueError, match="one look and one language"):
        as_pdf([make_list(), make_report()])
    with pytest.raises(ValueError, match="one look and one language"):
        as_pdf([make_report(), make_report(language="en")])


def test_neither_nothing_nor_a_pile_without_end_is_printed():
    with pytest.raises(ValueError, match="no document"):
        as_pdf([])
    with pytest.raises(ValueError, match="at most 250 documents"):
        as_pdf([make_report()] * 251)


def test_a_published_paper_can_be_read_aloud_and_a_pile_stays_small():
    assert b"/StructTreeRoot" in as_pdf(make_report())
    assert b"/StructTreeRoot" not in as_pdf([make_report(), make_report()])


def test_several_threads_print_at_once_each_its_own_paper():
    made = {}

    def print_one(name):
        made[name] = pages_of(as_pdf(make_report(name)))[0]

    threads = [threading.Thread(target=print_one, args=(f"王{place}",)) for place in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(made) == [f"王{place}" for place in range(6)]
    assert all(name in text for name, text in made.items())


def make_certificate(name, picture):
    return CertificatePaper(
        name=name, prize="一等奖", event="竞赛", issuer="工会", issued_on="2026-11-27", number="A-1-K",
        address="https://example.org/c#" + "A" * 200, seal=picture,
    )


@pytest.mark.parametrize("at", [1, 2])
def test_a_full_disk_stops_no_certificate_after_it(monkeypatch, at):
    seals = as_pngs(make_table(count=1)) + as_pngs(make_table(count=2))
    certificates_pdf([make_certificate("张三", seals[0])])
    write, written = Path.write_bytes, []

    def write_a_piece(path, data):
        written.append(path)
        write(path, data[:9] if len(written) == at else data)
        if len(written) == at:
            raise OSError(28, "no space left on the device")

    with monkeypatch.context() as full:
        full.setattr(Path, "write_bytes", write_a_piece)
        with pytest.raises(OSError, match="no space left"):
            certificates_pdf([make_certificate("李四", seals[1])])

    for name, seal in (("李四", seals[1]), ("张三", seals[0])):
        assert name in pages_of(certificates_pdf([make_certificate(name, seal)]))[0]


def test_a_folder_that_was_tidied_away_is_made_anew():
    certificates_pdf([make_certificate("张三", as_pngs(make_table(count=1))[0])])
    for press in print_file._threads.presses.values():
        if press._root != TEMPLATES:
            shutil.rmtree(press._root)
    paper = make_certificate("李四", as_pngs(make_table(count=1))[0])
    assert "李四" in pages_of(certificates_pdf([paper]))[0]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # a process with threads is forked on purpose
def test_a_process_that_is_forked_takes_no_folder_of_a_thread_away():
    """What multiprocessing forks lets go of all that other threads had."""
    printed, over, roots = threading.Event(), threading.Event(), []

    def keep_printing():
        certificates_pdf([make_certificate("张三", as_pngs(make_table(count=1))[0])])
        roots.extend(press._root for press in print_file._threads.presses.values())
        printed.set()
        over.wait(60)

    thread = threading.Thread(target=keep_printing)
    thread.start()
    assert printed.wait(60)
    child = multiprocessing.get_context("fork").Process(target=gc.collect)
    child.start()
    child.join(60)

    assert child.exitcode == 0 and roots and all((root / "paper.typ").is_file() for root in roots)
    over.set()
    thread.join(60)


def test_facts_that_could_not_be_set_are_given_anew():
    with pytest.raises(RuntimeError):
        typeset("picture", {"kind": "png", "bytes": [1, 2, 3]}, "png", ppi=72)
    good = {"kind": "png", "bytes": list(as_pngs(make_table(count=1))[0])}
    for _ in range(2):
        assert typeset("picture", good, "png", ppi=72)
        with pytest.raises(RuntimeError):
            typeset("picture", {"kind": "png", "bytes": [1, 2, 3]}, "png", ppi=72)


def test_an_annex_may_hold_signed_tables():
    annex = Annex("汇总", (make_table(count=2), Signatures(("统分人",))))

    assert "统分人" in pages_of(as_pdf(Document("名单", (annex,), look="summary")))[-1]
