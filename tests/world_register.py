"""The register with ladders, levels at every turn, and whatever else the curator keeps."""

from pathlib import Path

from contest.db import db
from contest.registry import (
    archive_actions,
    contact_actions,
    honour_actions,
    import_actions,
    ladder_actions,
    ladder_rules,
    level_actions,
    level_queries,
    life_actions,
    life_queries,
    person_actions,
    record_actions,
    record_queries,
    whole_actions,
)
from contest.registry.level_models import CareerFact
from tests import factories
from tests.world_parts import BUILDER

# One dot of a colour.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63d8a02000"
    "00026400e179d2894d0000000049454e44ae426082"
)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"


def keep_honours(world, craftsman):
    """One by hand that waits to be listed, with its document; one of a team that is on the list."""
    curator = world.actor("curator")
    said = {"authority": "市人民政府", "granted_on": "2026-05-01"}
    granted = honour_actions.grant_honour(curator, {
        **said, "holder": f"person-{craftsman.human_id}", "name": "市劳动模范",
        "document_number": "市政〔2026〕9号",
    }, [("决定.pdf", PDF)])
    listed = honour_actions.grant_honour(curator, {
        **said, "holder": "organisation-new", "unit_name": "云溪水泥", "team_name": "甲班",
        "name": "工人先锋号", "document_number": "市工〔2026〕3号",
    })
    honour_actions.list_honour(curator, listed.id, is_checked=True)
    world.examples["organisation_id"] = listed.organisation_id
    for endpoint in ("show_honour", "list_honour", "add_document", "revoke_by_hand", "download_document"):
        world.special[f"registry.{endpoint}"] = {"honour_id": granted.id}


def keep_people(world):
    """Somebody who stands here twice, two who were made one, a unit that was renamed."""
    curator = world.actor("curator")
    unit = factories.make_organisation("石桥建材")
    rows = [factories.make_person("白工", unit, "1980-02-03") for _ in range(4)]
    merge = person_actions.merge_people(curator, rows[0].id, rows[1].id, "同一身份证")
    person_actions.rename_organisation(curator, unit.id, "石桥新材料", "", "2026-09-01", "石政〔2026〕2号")
    world.examples |= {"other_id": rows[2].id, "merge_id": merge.id}
    for endpoint in ("compare_people", "merge_people", "tell_apart"):
        world.special[f"registry.{endpoint}"] = {"human_id": rows[0].id}
    for endpoint in ("show_names", "rename_organisation"):
        world.special[f"registry.{endpoint}"] = {"organisation_id": unit.id}


def keep_asking(world, craftsman):
    """A request that waits, one that was answered, a picture, a register that was sent in."""
    curator = world.actor("curator")
    asked = {"employer": "某机械厂", "asker": "人事 王", "contact": "0571 1234 5678", "purpose": "请来带徒"}
    first = contact_actions.ask_contact(craftsman.token, asked)
    second = contact_actions.ask_contact(craftsman.token, {**asked, "purpose": "技术指导"})
    contact_actions.answer_for(curator, second.id, True, "周三下午可致电车间", "11月20日电话")
    contact_actions.set_picture(curator, craftsman.token, [("照片.png", PNG)], "本人书面同意")
    # Somebody of that name and unit without a date of birth: the preview asks whether it is the same person.
    factories.make_person("侯师傅", factories.make_organisation("龙门玻璃"))
    import_id = import_actions.upload_register(curator, (
        "姓名,单位,荣誉,授予单位,文号,授予日期\n侯工,云溪水泥,劳模,市总工会,1号,2024-05-01\n"
        "侯工,云溪水泥,劳模,,1号,2024-05-01\n侯师傅,龙门玻璃,劳模,市总工会,2号,2024-05-01\n"
    ).encode(), "工匠库.csv")
    world.examples |= {"request_id": first.id, "import_id": import_id}
    world.special["registry.show_contact"] = {"receipt": second.receipt}
    for endpoint in ("new_contact", "ask_contact", "show_picture", "set_picture", "remove_picture"):
        world.special[f"registry.{endpoint}"] = {"token": craftsman.token}


def keep_archive(world):
    """An earlier contest on the register, and the list of another one that waits for a yes."""
    curator = world.actor("curator")
    about = {
        "archive_name": "2019年水泥行业技能竞赛", "held_on": "2019-10-12", "authority": "省总工会",
        "document_number": "苏工发〔2019〕77号", "source": "省总工会档案室 2019-竞-4，成绩册第12页",
        "contest_level": "province",
    }
    head = "姓名,单位,代表队,名次,总分,奖项\n"
    rows = "苗工,云溪水泥,,1,92.5,一等奖\n,云溪水泥,云溪一队,1,271.5,团体一等奖\n"
    sent = archive_actions.upload_archive(curator, about, (head + rows).encode(), "2019.csv")
    archive = archive_actions.confirm_archive(curator, sent, False)
    faulty = head + "岳工,云溪水泥,,,,\n项工,云溪水泥,,2,88,\n"
    waiting = archive_actions.upload_archive(
        curator, {**about, "archive_name": "2018年水泥行业技能竞赛"}, faulty.encode(), "2018.csv"
    )
    world.examples["archive_id"] = archive.id
    away = Path(__file__).parent.joinpath("registry", "away.zip").read_bytes()
    world.examples["whole_id"] = whole_actions.bring_in(curator, away, "ledger.zip").id
    for endpoint in ("preview_archive", "confirm_archive"):
        world.special[f"registry.{endpoint}"] = {"import_id": waiting}


def keep_life(world, craftsman):
    """A patent, a master, a studio in an alliance."""
    curator, token = world.actor("curator"), craftsman.token
    life_actions.add_work(curator, token, {
        "work_kind": "patent", "work_title": "窑尾密封装置", "work_number": "ZL2024 1 0001",
        "work_on": "2024-03-01",
    })
    master = factories.make_person("鲁师傅")
    life_actions.add_tie(curator, token, "master", master.id, "2009-09-01", "师徒协议 3 号")
    studio = life_actions.save_studio(curator, token, {
        "studio_name": "钟一创新工作室", "founded_on": "2020-05-01", "inventions": "3", "trained": "150",
    })
    life_actions.join_alliance(curator, studio.id, "水泥工匠联盟", "2025-06-01")
    tie = life_queries.find_tie(master.id, craftsman.human_id)
    world.examples |= {
        "work_id": life_queries.works_of(craftsman.id)[0].id, "tie_id": tie.id, "studio_id": studio.id,
    }
    world.more["craftsman"] = token
    for endpoint in ("show_life", "add_work", "remove_work", "add_tie", "remove_tie", "save_studio"):
        world.special[f"registry.{endpoint}"] = {"token": token}


def keep_records(world):
    """A record that stands; one with a result that waits, one that was refused, and the running contest."""
    curator = world.actor("curator")
    said = {
        "record_event": "水泥", "record_better": "high", "record_unit": "分", "contest_level": "province",
        "record_top": "100", "record_places": "2",
    }
    total = record_actions.define_line(BUILDER, {
        **said, "record_name": "总成绩省纪录", "name_en": "Total, province", "record_what": "total",
        "earlier_name": "鲁师傅", "earlier_unit": "云溪水泥", "earlier_value": "91.5",
        "earlier_on": "2019-10-12", "earlier_source": "省总工会档案室 2019-竞-4，第12页",
    })
    record_actions.let_in(BUILDER, total.id, world.finished)
    [mark] = record_queries.marks_of(total.id)
    record_actions.confirm_mark(curator, mark.id)
    paper = record_actions.define_line(BUILDER, {
        **said, "record_name": "理论考试省纪录", "record_what": "module", "record_key": "paper",
    })
    for contest_id in (world.finished, world.running):
        record_actions.let_in(curator, paper.id, contest_id)
    [refused] = record_queries.marks_of(paper.id)
    record_actions.refuse_mark(curator, refused.id, "试卷泄题，成绩不作纪录")
    waits = next(one for one in record_queries.marks_of(paper.id) if one.state == "proposed")
    world.examples |= {"line_id": total.id, "mark_id": waits.id}
    world.special["registry.propose_record_again"] = {"mark_id": refused.id}
    world.special["registry.keep_record"] = {"line_id": paper.id}
    fresh = record_actions.define_line(curator, {**said, "record_name": "新设省纪录", "record_what": "total"})
    for endpoint in ("edit_record", "change_record"):
        world.special[f"registry.{endpoint}"] = {"line_id": fresh.id}
    world.more["fresh_record"] = fresh.id
    world.more["record"] = total.id


def keep_register(world, craftsman):
    """Two ladders in force; a first yes that waits, a refusal, facts entered and struck."""
    curator, human = world.actor("curator"), craftsman.human
    for key in ("three_step", "eight_step"):
        ladder_actions.take_up_ladder(curator, ladder_rules.shipped_text(key))
    ladder_actions.set_contest_level(curator, world.finished, "province")
    ladder_actions.add_fact(curator, human.id, "trade_since", "", "2009-07-01", "劳动合同")
    ladder_actions.add_fact(curator, human.id, "training", "48", "2026-05-20", "培训记录")
    ladder_actions.add_fact(curator, human.id, "grade", "3", "2020-06-01", "高级工证书")
    facts = db.session.query(CareerFact).order_by(CareerFact.id).all()
    ladder_actions.strike_fact(curator, facts[1].id, "录错了人")
    first = level_actions.confirm_level(BUILDER, "eight_step", human.id, "technician")
    level_actions.second_level(curator, first.id)
    level_actions.confirm_level(curator, "three_step", human.id, "expert")
    decision = level_queries.find_open(human.id, "three_step")
    world.examples |= {"human_id": human.id, "fact_id": facts[0].id, "decision_id": decision.id}
    keep_honours(world, craftsman)
    keep_people(world)
    keep_life(world, craftsman)
    keep_asking(world, craftsman)
    keep_archive(world)
    keep_records(world)
    there = {"key": "three_step"}
    for endpoint in ("show_standing", "confirm_level", "refuse_level", "lower_level", "add_fact",
                     "strike_fact", "lay_down_ladder"):
        world.special[f"registry.{endpoint}"] = there
