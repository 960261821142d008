"""The command that shows the program at work."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import click
from flask_migrate import upgrade

from contest.commands.terminal import ports_to_use

ROLE_WORDS = {
    "organiser": "组委会 organiser", "chief_judge": "裁判长 chief judge",
    "coding_judge": "加密裁判 coding judge", "supervisor": "监督 supervisor",
    "clerk": "统分员 clerk", "host": "主持人 host", "contact": "领队 unit contact",
    "curator": "工匠库管理员 curator", "service_officer": "服务专员 service officer",
}


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port of the office.")
@click.option("--board-port", type=int, help="Port of the public board; the next one if not given.")
@click.option("--judges/--no-judges", default=True, show_default=True,
              help="Let simulated judges keep marking.")
@click.option("--serve/--only-build", default=True, help="Only build the data and stop.")
def demo(host, port, board_port, judges, serve):
    """Build the cement contest in the middle of its final, and serve it.

    The demonstration has a data folder of its own and is built anew each time.
    """
    from contest import config, create_app
    from contest.audit.key_actions import make_key
    from contest.demo.build import ACTOR, SLUG, build
    from contest.demo.last_year import build_last_year
    from contest.judging.tablet_actions import note_start

    if serve:  # before the folder is emptied: it may be that of a demonstration that is running
        port, board_port = ports_to_use(host, port, board_port)
    folder = config.data_folder() / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    os.environ["CONTEST_DATA"] = str(folder)
    os.environ.pop("CONTEST_DATABASE", None)
    app = create_app()
    with app.app_context():
        from contest.db import about_to_write

        about_to_write()
        click.echo("正在准备演示数据 Preparing the demonstration …")
        upgrade()
        signer = make_key(ACTOR, app.config["SIGNING_KEY"])
        contest_id, passwords, cards = build(_progress)
        code = build_last_year(_progress, signer)
        note_start()
        _write_cards(folder, cards)
    base, board = f"http://{host}:{port}", f"http://{host}:{board_port or port + 1}"
    _print_entrances(base, board, SLUG, contest_id, passwords, cards, folder, code)
    if serve:
        _serve(host, port, board_port, cards if judges else [], base)


def _progress(items, label):
    """Wrap a list so that it is shown how far it has been worked through."""
    items = list(items)
    with click.progressbar(items, label=f"{label:>9}", width=40) as bar:
        yield from bar


def _write_cards(folder, cards):
    """Keep the judges' cards in the data folder: the simulated judges and curious people use them."""
    lines = "".join(json.dumps(asdict(card), ensure_ascii=False) + "\n" for card in cards)
    path = folder / "judge-cards.jsonl"
    path.touch(mode=0o600)
    path.write_text(lines, encoding="utf-8")


def _print_entrances(base, board, slug, contest_id, passwords, cards, folder, code):
    click.echo()
    click.secho("水泥行业班组长综合管理技能竞赛 · 演示", bold=True)
    click.secho("Cement shift-leaders' contest, demonstration", bold=True)
    for words, address in (
        ("首页 front page", f"{base}/"),
        ("实时榜 live board", f"{board}/board/{slug}"),
        ("大屏 wall", f"{board}/board/{slug}/wall"),
        ("竞赛工作台 contest desk", f"{base}/contests/{contest_id}"),
        ("工匠库 register", f"{base}/register"),
        ("一张证书 a certificate", f"{base}/c#{code}"),
    ):
        click.echo(f"  {_padded(words, 26)}{address}")
    click.echo()
    click.echo(f"  登录 sign in: {base}/sign-in")
    for role, login, password in passwords:
        click.echo(f"  {_padded(ROLE_WORDS[role], 30)}{login:<12}{password}")
    card = cards[0]
    click.echo(f"  {_padded('评分裁判 judge', 30)}{base}/enter/{card.token}  PIN {card.pin}")
    yours = f"前 {card.spared} 份评分表留给您试用 the first {card.spared} sheets are yours to try"
    click.echo(f"  {_padded('', 30)}{yours}")
    click.echo(f"  {_padded('其他裁判 the other judges', 30)}{folder / 'judge-cards.jsonl'}")
    click.echo()
    click.echo("  命令要用演示数据时 for commands on these data:")
    click.echo(f"    CONTEST_DATA={_short(folder)} {_short(_program())} contests list")
    click.echo()


def _program():
    """The `contest` program beside the Python that runs now."""
    return Path(sys.executable).parent / "contest"


def _short(path):
    """A path as it is typed here, where it lies beneath this folder."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _padded(words, width):
    """`words` filled up to `width` places of a terminal, where a Chinese character takes two."""
    taken = sum(2 if ord(sign) > 0x2E7F else 1 for sign in words)
    return words + " " * max(1, width - taken)


def _serve(host, port, board_port, cards, base):
    from contest.serving import serve

    judges = _start_judges(base, cards) if cards else None
    try:
        serve(host=host, port=port, board_port=board_port)
    finally:
        if judges is not None:
            judges.terminate()


def _start_judges(base, cards):
    """Start the simulated judges as a program of their own; they come in by HTTP like people."""
    process = subprocess.Popen(
        [sys.executable, "-m", "contest.demo.simulate", base],
        stdin=subprocess.PIPE, text=True, cwd=Path(__file__).resolve().parents[2],
    )
    process.stdin.write("".join(json.dumps(asdict(card)) + "\n" for card in cards))
    process.stdin.close()
    return process


commands = [demo]
