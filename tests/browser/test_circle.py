"""The circle closes: a contest's winner, a certificate, the register, a service used, a last word; and what
becomes of all of it when the honour is taken back. After the published results everything goes through pages,
in Chinese, as the people in it would do it.

               theory 30 %   practical 70 %               total
    李四       90            (8 + 10) of 20 = 90           90.00
    张三       80            (9.5 + 10) of 20 = 97.5       92.25   first prize
    王五       60            (5 + 10) of 20 = 75           70.50

The eight-step ladder makes a technician (技师) of who has a first prize of a province's contest; the entry of
the skill allowance pays a technician 500 yuan a month, from the month after.
"""

import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from contest.audit import key_actions
from contest.awards import certificate_papers, certificate_queries
from contest.awards.certificate_routes import LOOKUPS
from contest.db import about_to_write, db
from contest.documents import certificates_pngs
from contest.results import actions as results
from tests import factories
from tests.awards.certified import PETRA, POINTS
from tests.browser.test_main_job import WORDS, press, says
from tests.ports import free_port
from tests.webhooks.scenes import LOOPBACK

ROOT = Path(__file__).parents[2]
PEOPLE = {  # login: name, roles
    "zhou": ("周组委", ["organiser"]),
    "gu": ("顾馆长", ["curator"]),
    "gu2": ("顾副馆长", ["curator"]),
    "fu": ("傅专员", ["service_officer"]),
}
PRIZE = {
    "key": "first", "name": "一等奖", "name_en": "First prize", "to": "entrant", "rule": "count", "count": 1,
}
TITLE = PRIZE | {"key": "expert", "name": "技术能手", "name_en": "Expert", "title": True, "level": "技术能手"}
WINNER = "张三"


@dataclass
class Town:
    """The contest with its published results, and a device for everybody."""

    live: object
    contest_id: int
    prize: str
    pages: dict = field(default_factory=dict)

    @property
    def at(self):
        return f"/contests/{self.contest_id}"

    def device(self, width=1440, height=900):
        """A page on a new device in Chinese, nobody signed in."""
        context = self.live.browser.new_context(
            viewport={"width": width, "height": height}, base_url=self.live.url, locale="zh-CN",
            service_workers="block",
        )
        context.set_default_timeout(15_000)
        self.live.contexts.append(context)
        return context.new_page()

    def person(self, login, **window):
        """The page of somebody of the office, signed in by the sign-in page."""
        if login not in self.pages:
            page = self.pages[login] = self.device(**window)
            page.goto("/sign-in")
            page.get_by_label("账号").fill(login)
            page.get_by_label("密码").fill(factories.WORD)
            press(page, "登录")
            expect(page.locator(".menu-name")).to_have_text(PEOPLE[login][0])
            WORDS[page] = factories.WORD
        return self.pages[login]


@pytest.fixture
def town(app, live):
    """`town(awards)`: a contest with final results; the people of the office have accounts."""
    LOOKUPS.forget()

    def built(*awards):
        contest, _ = factories.make_marked_contest(
            POINTS, document=factories.plan_document(awards=list(awards)), slug="circle", host="省总工会",
        )
        for level, name in (("provisional", "甲"), ("final", "乙")):
            results.publish_results(factories.make_official(name, "organiser"), contest.id, level)
        for login, (name, roles) in PEOPLE.items():
            user = factories.make_user(name, login=login, password_hash=factories._word_hash())
            for role in roles:
                factories.make_grant(user, role)
        key_actions.make_key(PETRA, app.config["SIGNING_KEY"])  # on the server: contest key make
        contest_id = contest.id
        let_go()
        return Town(live, contest_id, awards[0]["name"])

    return built


def let_go():
    """The test holds no transaction while the server writes."""
    db.session.rollback()
    db.session.remove()
    about_to_write(False)


def picture(page, name):
    """Kept where CONTEST_PICTURES says, for whoever looks at the pages."""
    if folder := os.environ.get("CONTEST_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def grant_and_certify(town, check_page):
    """The organiser grants the awards and makes the certificates; the address in the winner's code."""
    page = town.person("zhou")
    page.goto(f"{town.at}/awards")
    picture(page, "01_awards")
    press(page, "授予奖项")
    says(page, town.prize)
    says(page, WINNER)
    page.get_by_role("link", name="证书").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("证书")
    expect(page.locator(".contest-menu [aria-current]")).to_have_text("奖项")
    picture(page, "02_certificates_first")
    page.get_by_label("颁发单位代码").fill("ZGH")
    page.get_by_label("竞赛代码").fill("SN26")
    press(page, "保存样式")
    picture(page, "03_certificates_look")
    check_page(page)
    issue = page.locator("main summary", has_text="签发")
    issue.first.click()
    picture(page, "04_certificates_issue")
    with page.expect_navigation():
        page.locator("details[open] .confirm-panel button[type=submit]").click()
    says(page, "已签发证书：1 份")
    page.locator("#certificate-progress button").click()
    with page.expect_download() as loaded:
        page.locator("#certificate-progress a[href$='all.zip']").click()
    assert loaded.value.suggested_filename == "circle-certificates.zip"
    picture(page, "05_certificates_drawn")
    return printed_code(town)


def printed_code(town):
    """What a camera reads from the winner's certificate, drawn at 200 dots an inch as it is printed."""
    about_to_write(False)
    [row] = certificate_queries.standing_numbers(town.contest_id)
    found = certificate_queries.get_certificate(town.contest_id, row.id)
    style = certificate_queries.find_style(town.contest_id)
    paper = certificate_papers.paper_of(found, style, f"{town.live.url}/c")
    png = certificates_pngs([paper], style.design, "zh", 200)[0]
    let_go()
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)).convert("L"))
    assert code.text.startswith(f"{town.live.url}/c#")
    return code.text


def check_by_phone(town, address, check_page):
    """A stranger's phone opens the address of the code."""
    phone = town.device(390, 844)
    phone.goto(address)
    expect(phone.locator("#certificate-said[data-state=listed]")).to_be_visible()
    said = phone.locator("#certificate-said")
    for words in ("有效", WINNER, town.prize, "省总工会"):
        expect(said).to_contain_text(words)
    check_page(phone)
    picture(phone, "06_phone_valid")
    return phone


def confirm_honour(town, check_page):
    """The curator puts the award on the register; a stranger finds the winner there."""
    page = town.person("gu")
    page.goto("/curation")
    page.get_by_label("文号").fill("总工〔2026〕7号")
    page.get_by_label("授予日期").fill("2026-11-24")
    page.get_by_label("我已").check()
    picture(page, "07_curation")
    press(page, "确认所选荣誉")
    says(page, "总工〔2026〕7号")
    picture(page, "08_curation_done")

    stranger = town.device(390, 844)
    stranger.goto(f"/register?text={WINNER}")
    check_page(stranger)
    stranger.get_by_role("link", name=WINNER).first.click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text(WINNER)
    for words in (town.prize, "92.25", "总工〔2026〕7号", "省总工会"):
        expect(stranger.locator(".honours")).to_contain_text(words)
    check_page(stranger)
    picture(stranger, "09_register_phone")
    return stranger


def raise_by_ladder(town, check_page):
    """The curator puts the ladder in force; the rule proposes, two people confirm."""
    page = town.person("gu")
    page.goto("/curation/ladders")
    page.get_by_role("link", name="八级阶梯").click()
    press(page, "生效")
    picture(page, "10_ladders")
    page.get_by_role("link", name="确定竞赛级别").click()
    level = page.locator("#contests li", has_text="小比武").first
    level.locator("select").select_option("province")
    with page.expect_navigation():
        level.get_by_role("button").click()
    page.goto("/curation/levels")
    proposal = page.locator(".proposal", has_text=WINNER)
    expect(proposal).to_contain_text("技师")
    check_page(page)
    picture(page, "11_levels")
    with page.expect_navigation():
        proposal.get_by_role("button", name="确认", exact=True).click()
    picture(page, "12_levels_first")

    second = town.person("gu2")
    second.goto("/curation/levels")
    second.get_by_role("link", name="查看并决定").click()
    picture(second, "13_levels_second")
    press(second, "作为第二人确认")
    says(second, "技师")


def invite(town):
    """The curator makes an invitation; the link as it is handed over."""
    page = town.person("gu")
    page.goto(f"/people?text={WINNER}")
    page.locator("tbody").get_by_role("link", name=WINNER).click()
    press(page, "生成邀请")
    picture(page, "14_invitation")
    return page.locator(".token-word").inner_text()


def join(town, link, check_page):
    """The winner takes the invitation up on a phone; the own page."""
    phone = town.device(390, 844)
    phone.goto(link)
    says(phone, WINNER)
    check_page(phone)
    picture(phone, "15_join")
    phone.get_by_label("账号").fill("zhangsan")
    phone.get_by_label("密码", exact=True).fill("four calm words there")
    phone.get_by_label("再次输入密码").fill("four calm words there")
    press(phone, "开通我的页面")
    expect(phone.get_by_role("heading", level=1)).to_have_text(WINNER)
    return phone


def test_a_winner_uses_what_the_honour_opens_and_the_case_is_closed(town, check_page):
    town = town(PRIZE)
    address = grant_and_certify(town, check_page)
    check_by_phone(town, address, check_page)
    confirm_honour(town, check_page)
    raise_by_ladder(town, check_page)
    own = join(town, invite(town), check_page)
    sees_all_of_it(own, check_page)
    receipt = apply_for_allowance(own, check_page)
    carry_through(town, check_page)
    close(own, receipt, check_page)


def sees_all_of_it(own, check_page):
    """Result, honour, certificate, level and entitlement stand on the winner's page."""
    picture(own, "16_my_page")
    check_page(own)
    expect(own.locator("#level")).to_contain_text("技师")
    expect(own.locator("#results")).to_contain_text("92.25")
    expect(own.locator("#honours")).to_contain_text("一等奖")
    expect(own.locator("#certificates")).to_contain_text("一等奖")
    right = own.locator("#rights li", has_text="技能津贴")
    for words in ("可享受", "技师", "500"):
        expect(right).to_contain_text(words)


def apply_for_allowance(own, check_page):
    own.locator("#rights").get_by_role("link", name="技能津贴").click()
    says(own, "您享有此项服务")
    says(own, "每月 500.00 元 · 自 2026-12-01 起")
    expect(own.get_by_label("您的姓名")).to_have_value(WINNER)
    own.get_by_label("联系电话").fill("0571 8765 4321")
    own.get_by_label("现工作单位").fill("苍岭水泥")
    own.get_by_label("在本岗位起始年月").fill("2019-03")
    check_page(own)
    picture(own, "17_apply")
    press(own, "提交申请")
    expect(own.locator(".receipt-code")).to_be_visible()
    picture(own, "18_receipt")
    return own.locator(".receipt-code").inner_text().replace(" ", "")


def carry_through(town, check_page):
    """The officer sees what the right rests on, and takes the case through its three steps."""
    page = town.person("fu")
    page.goto("/service-desk")
    picture(page, "19_desk")
    page.locator("tbody").get_by_role("link", name=WINNER).click()
    picture(page, "20_case")
    check_page(page)
    whose = page.locator("section", has=page.get_by_role("heading", name="事项本人"))
    for words in ("依据：技师 · 每月 500.00 元", "2026-12-01", "一等奖", "总工〔2026〕7号"):
        expect(whose).to_contain_text(words)
    page.get_by_label("给申请人的答复").fill("荣誉已核对")
    press(page, "受理")
    expect(page.locator(".case-acts h2")).to_have_text("单位确认在岗")
    page.get_by_label("给申请人的答复").fill("单位已确认在岗")
    picture(page, "21_case_step")
    press(page, "本环节办结")
    expect(page.locator(".case-acts h2")).to_have_text("审批并通知发放")
    says(page, "按等级：每月 500.00 元")
    picture(page, "22_case_decide")
    press(page, "批准")
    picture(page, "23_case_done")
    says(page, "已完成")


def close(own, receipt, check_page):
    """The winner sees the amount, gives a score, and the case is closed."""
    own.goto("/my")
    own.locator("#cases a").first.click()
    assert own.url.endswith(receipt)
    says(own, "已完成")
    expect(own.locator(".service-worth")).to_have_text("每月 500.00 元")
    check_page(own)
    picture(own, "24_receipt_done")
    own.get_by_label("很好").check()
    press(own, "提交评价")
    says(own, "已结束")
    picture(own, "25_closed")


REASON = "复查发现成绩录入有误，经组委会研究撤销"
TOLD = ("honour", "entitlement")


def test_a_revoked_honour_is_seen_at_once_on_paper_on_the_page_and_outside(town, app, tmp_path, check_page):
    app.config |= {"WEBHOOK_NETWORKS": LOOPBACK, "CODES_KEY": "the-key-of-the-codes-of-this-test-only"}
    town = town(TITLE)
    address = grant_and_certify(town, check_page)
    port = free_port()
    secret = tell_outside(town, f"http://127.0.0.1:{port}/", check_page)
    receiver = Listener(port, tmp_path / "taken.jsonl", secret)
    try:
        confirm_honour(town, check_page)
        own = join(town, invite(town), check_page)
        expect(right_of(own)).to_contain_text("技术能手")
        expect(right_of(own)).to_contain_text("500.00")
        deliver(app, tmp_path)
        assert set(receiver.kinds()) == {"webhook.test", "honour.listed", "entitlement.opened"}

        revoke(town, check_page)

        sees_it_revoked(town, own, address, check_page)
        before = len(receiver.taken())
        deliver(app, tmp_path)
        is_told(receiver.taken()[before:])
        sees_the_log(town, before, check_page)
    finally:
        receiver.stop()


class Listener:
    """The receiver of the handbook as a process: it takes nothing that was not signed with the secret."""

    def __init__(self, port, log, secret):
        self.log = log
        self.child = subprocess.Popen(
            [sys.executable, str(ROOT / "docs/receive_webhooks.py"), str(port), str(log)],
            env={"WEBHOOK_SECRET": secret, "PATH": "/bin"}, stdout=subprocess.PIPE, text=True,
        )
        assert int(self.child.stdout.readline()) == port

    def taken(self):
        lines = self.log.read_text("utf-8").splitlines() if self.log.exists() else []
        return [json.loads(line) for line in lines]

    def kinds(self):
        return [one["type"] for one in self.taken()]

    def stop(self):
        self.child.kill()
        self.child.wait()
        self.child.stdout.close()


def tell_outside(town, address, check_page):
    """The organiser has another system told; the secret as the page shows it once."""
    page = town.person("zhou")
    page.goto("/webhooks")
    page.get_by_label("名称").fill("市职工服务平台")
    page.get_by_label("地址").fill(address)
    for topic in TOLD:
        page.locator(f"input[name=topics][value={topic}]").check()
    page.locator("input[name=services][value=skill_allowance]").check()
    check_page(page)
    picture(page, "30_webhook_new")
    with page.expect_navigation():
        page.locator("main form.sheet button[type=submit]").click()
    picture(page, "31_webhook_secret")
    return page.locator(".token-word").inner_text()


def deliver(app, tmp_path):
    """`contest deliver`, as a timer calls it."""
    let_go()
    said = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "contest", "deliver"], cwd=ROOT, text=True,
        capture_output=True, check=True, env={
            **os.environ, "CONTEST_DATABASE": app.config["SQLALCHEMY_DATABASE_URI"],
            "CONTEST_DATA": str(tmp_path), "CONTEST_SECRET_KEY": app.config["SECRET_KEY"],
            "CONTEST_CODES_KEY": app.config["CODES_KEY"], "CONTEST_WEBHOOK_NETWORKS": "127.0.0.1/32",
        },
    )
    return said.stdout


def right_of(own):
    return own.locator("#rights li", has_text="技能津贴")


def revoke(town, check_page):
    """The curator takes the honour back, with the reason."""
    page = town.person("gu")
    page.goto("/curation")
    row = page.locator("tr", has_text="技术能手")
    row.locator("summary", has_text="撤销").click()
    row.get_by_label("理由").fill(REASON)
    picture(page, "32_revoke")
    with page.expect_navigation():
        row.locator(".confirm-panel button[type=submit]").click()
    expect(page.locator("tr", has_text="技术能手")).to_contain_text("已撤销")
    check_page(page)
    picture(page, "33_revoked")


def sees_it_revoked(town, own, address, check_page):
    """The paper's code, the public register and the winner's own page say it, with day and reason."""
    phone = town.device(390, 844)
    phone.goto(address)
    said = phone.locator("#certificate-said[data-state=revoked]")
    expect(said).to_contain_text("2026-11-23")
    expect(said).to_contain_text(REASON)
    check_page(phone)
    picture(phone, "34_phone_revoked")

    stranger = town.device(390, 844)
    stranger.goto("/register")
    expect(stranger.locator("main")).not_to_contain_text(WINNER)

    own.goto("/my")
    expect(own.locator("#honours")).to_contain_text("已撤销")
    expect(own.locator("#honours")).to_contain_text(REASON)
    expect(own.locator("#certificates")).to_contain_text("已撤销")
    expect(own.locator("#certificates a")).to_have_count(0)
    expect(right_of(own)).to_contain_text("已终止")
    expect(right_of(own)).to_contain_text("于 2026-11-23 终止")
    expect(own.locator(".own-jumps a[href='#rights'] strong")).to_have_text("0")
    check_page(own)
    picture(own, "35_my_page_revoked")


def is_told(messages):
    """The receiver took both, of the same person; the reason is told to nobody."""
    assert sorted(one["type"] for one in messages) == ["entitlement.ended", "honour.revoked"]
    assert len({one["data"]["about"]["person"] for one in messages}) == 1
    assert REASON not in json.dumps(messages, ensure_ascii=False)


def sees_the_log(town, before, check_page):
    """The office sees each message with its answer."""
    page = town.person("zhou")
    page.goto("/webhooks")
    page.get_by_role("link", name="市职工服务平台").click()
    rows = page.locator("#messages tbody tr")
    expect(rows).to_have_count(before + 2)
    for row in rows.all():
        expect(row).to_contain_text("204")
    check_page(page)
    picture(page, "36_webhook_log")
