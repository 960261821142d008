"""The board beside what the machine could do at best, in one run and in turns, as medians and ratios.

`make bench-board`; `--json` prints every figure for other programs, `--write` renews docs/board-bench.md.
"""

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from bench import submit
from bench.bare_office import BareOffice
from bench.client import HOST, Listener, answer, latencies, percentile, request, throughput
from bench.crowd import Crowd
from bench.installation import SLUG, Installation, memory, processor_seconds
from bench.limits import BareSockets, Nginx, program
from bench.reporting import machine
from contest.board.channel import chunk

PAGE = Path(__file__).parent.parent / "docs" / "board-bench.md"
ROOT = Path(__file__).parent.parent
TABLETS, READERS = 16, 1000
CTFD_READS = 330  # its cached scoreboard on the reference machine (performance.md)


class Figures:
    """What was measured: groups of {name: (value, target or None, met or None)}."""

    def __init__(self):
        self.groups = {}

    def put(self, group, name, value, most=None, least=None):
        """Note a figure and the target that it should not pass, or should reach."""
        met = None if most is None and least is None else (
            value <= most if most is not None else value >= least
        )
        target = f"≤ {most:,}" if most is not None else f"≥ {least:,}" if least is not None else ""
        self.groups.setdefault(group, {})[name] = (value, target, met)
        print(f"  {value:>12,}  {name}  {target} {'' if met is None else 'met' if met else 'NOT MET'}",
              file=sys.stderr, flush=True)


def ms(seconds):
    """Milliseconds, to a tenth."""
    return round(seconds * 1000, 1)


def median(values):
    """The middle, to a hundredth."""
    return round(statistics.median(values), 2)


async def reads(figures, place, rounds, seconds):
    """The page at 1,000 contestants, by turns from the node and from nginx."""
    group, message = "Reading the page, 1,000 contestants", request(
        "GET", f"/board/{SLUG}?lang=zh", [("Accept-Encoding", "gzip")])
    reader, writer = await asyncio.open_connection(HOST, place.board_port)
    writer.write(message)
    _, body = await answer(reader)
    writer.close()
    figures.put(group, "bytes of the page (gzip)", len(body))
    rivals = {"node": (place.board_port, message)}
    nginx = Nginx(body) if program() else None
    if nginx:
        rivals["nginx"] = (nginx.port, request("GET", "/page"))
    rates, tails = {name: [] for name in rivals}, {name: [] for name in rivals}
    for _ in range(rounds):
        for name, (port, asked) in rivals.items():
            rates[name].append((await throughput(port, asked, seconds))[0])
            tails[name].append(percentile(await latencies(port, asked, seconds), 0.99))
    if nginx:
        nginx.stop()
        figures.put(group, "nginx, the same bytes as a file: reads/s", round(median(rates["nginx"])))
        figures.put(group, "nginx: p99 ms, 16 connections", ms(statistics.median(tails["nginx"])))
        ratio = [a / b for a, b in zip(rates["node"], rates["nginx"], strict=True)]
        figures.put(group, "node ÷ nginx, median of rounds", median(ratio), least=0.35)
    node = round(median(rates["node"]))
    figures.put(group, "node: reads/s", node)
    figures.put(group, "node ÷ CTFd's cached scoreboard (330/s, other run)", round(node / CTFD_READS, 1),
                least=100)
    figures.put(group, "node: p99 ms, 16 connections", round(statistics.median(tails["node"]) * 1000, 1),
                most=10)


class Marks:
    """Sheets handed in one after the other, each followed to the boards by one that keeps all."""

    def __init__(self, place):
        self.place, self.next = place, 0
        self.key = place.judged_modules()[0].key

    async def begin(self, at):
        """Open the board that keeps."""
        self.keeper, begun = Listener(), asyncio.Event()
        self.keeper.keeps = True
        path = f"/board/{SLUG}/events?lang=zh&after={at}"
        self.task = asyncio.create_task(self.keeper.listen(self.place.board_port, path, begun))
        await asyncio.wait_for(begun.wait(), 60)

    async def hand_in(self):
        """The last sheet of a panel; the moment of sending."""
        n, self.next = self.next, self.next + 1
        # Anew each time: between two sheets the office may have closed what stood idle.
        reader, writer = await asyncio.open_connection(HOST, self.place.office_port)
        for seat in range(1, self.place.plan.module(self.key).panel.judges + 1):
            began = time.monotonic()
            writer.write(submit._submission(self.place, n, self.key, seat)[1])
            status, body = await answer(reader)
            if status != 200:
                raise RuntimeError(f"{status}: {body[:300]}")
        writer.close()
        return began

    async def event_of(self, since):
        """The number of the event that tells of the last sheet.

        A short page is told what changes on it, not whose mark it was: nothing else changes meanwhile.
        """
        until = time.monotonic() + 60
        while time.monotonic() < until:
            for number, arrived in list(self.keeper.arrived.items()):
                if arrived > since and number in self.keeper.told:
                    return number
            await asyncio.sleep(0.005)
        raise RuntimeError("a board never heard of the mark")

    def end(self):
        """Close it."""
        self.task.cancel()


async def follow(figures, place, marks, count, probes, name, targets):
    """Open so many boards; from a sheet's sending to the last of them, memory, spread."""
    group, quiet = f"{name}: {count:,} open boards", memory(place.board)
    crowd = Crowd(place.board_port, f"/board/{SLUG}/events?lang=zh&after={place.at}", count)
    state = await asyncio.to_thread(crowd.wait_ready)
    figures.put(group, "boards that are open", state["ready"], least=count)
    if count >= 1000:  # among fewer the caches of the pages weigh more than the boards
        figures.put(group, "memory for each, KB", round((memory(place.board) - quiet) * 1024 / count, 1),
                    most=20)
    taken, spread, size = [], [], []
    for _ in range(probes):
        began = await marks.hand_in()
        number = await marks.event_of(began)
        first, last = await asyncio.to_thread(crowd.wait_for, number)
        taken.append(last - began)
        spread.append(last - first)
        size.append(len(chunk(marks.keeper.told[number].decode() + "\n\n").deflated))
        await asyncio.sleep(0.5)
    crowd.end()
    await asyncio.sleep(2)
    middle, worst, tail = targets
    figures.put(group, "submit to last board: median ms", ms(percentile(taken, 0.5)), most=middle)
    figures.put(group, "submit to last board: worst ms", ms(max(taken)), most=worst)
    if tail:
        figures.put(group, "submit to last board: p99 ms", ms(percentile(taken, 0.99)), most=tail)
    figures.put(group, "first to last board: median ms", ms(percentile(spread, 0.5)))
    figures.put(group, "bytes of the event (packed), median", round(statistics.median(size)))
    return group, percentile(spread, 0.5), round(statistics.median(size))


async def bare(figures, group, count, size, probes, spread):
    """As many bare sockets told of as many bytes."""
    sockets = BareSockets(size)
    crowd = Crowd(sockets.port, "/", count)
    await asyncio.to_thread(crowd.wait_ready)
    taken, spreads = [], []
    for _ in range(probes):
        number, began = sockets.tell()
        first, last = await asyncio.to_thread(crowd.wait_for, number)
        taken.append(last - began)
        spreads.append(last - first)
        await asyncio.sleep(0.3)
    crowd.end()
    sockets.stop()
    figures.put(group, f"bare sockets, {size:,} bytes: all told, median ms", ms(percentile(taken, 0.5)))
    figures.put(group, "bare sockets: first to last, median ms", ms(percentile(spreads, 0.5)))
    figures.put(group, "node ÷ bare sockets, first to last",
                round(spread / max(percentile(spreads, 0.5), 1e-6), 2))


async def first_reads(figures, place, marks, times):
    """The first page that is asked for after a change, and how soon it is the new one."""
    group, taken, fresh = "The first read after a change", [], []
    reader, writer = await asyncio.open_connection(HOST, place.board_port)
    message = request("GET", f"/board/{SLUG}?lang=zh", [("Accept-Encoding", "gzip")])

    async def read():
        began = time.monotonic()
        writer.write(message)
        _, body = await answer(reader)
        return time.monotonic() - began, body

    for _ in range(times):
        _, old = await read()
        began = await marks.hand_in()
        waits = []
        while True:
            wait, body = await read()
            waits.append(wait)
            if body != old:
                break
            await asyncio.sleep(0.002)
        taken.append(max(waits))
        fresh.append(time.monotonic() - began)
        await asyncio.sleep(0.3)
    writer.close()
    figures.put(group, "slowest read until the new page is out: median ms", ms(percentile(taken, 0.5)),
                most=10)
    figures.put(group, "until the page is the new one: median ms", ms(percentile(fresh, 0.5)))


async def tablets(place, seconds, start, port=None):
    """Sixteen tablets hand in as fast as they are answered; seconds each took, and the rate.

    port: of another office than the place's, which gets the same bytes.
    """
    queues = [[] for _ in range(TABLETS)]
    first = place.judged_modules()[0].key
    wanted = [key for key in sorted(place.sheets) if key[1] != first][start:]
    for number, (n, key, seat) in enumerate(wanted):
        queues[number % TABLETS].append(submit._submission(place, n, key, seat)[1])
    times, until, began = [], time.monotonic() + seconds, time.monotonic()

    async def tablet(messages):
        reader, writer = await asyncio.open_connection(HOST, port or place.office_port)
        for message in messages:
            if time.monotonic() > until:
                break
            asked = time.perf_counter()
            writer.write(message)
            status, body = await answer(reader)
            if status != 200:
                raise RuntimeError(f"{status}: {body[:300]}")
            times.append(time.perf_counter() - asked)
        writer.close()

    await asyncio.gather(*(tablet(queue) for queue in queues))
    return times, len(times) / (time.monotonic() - began)


async def bare_tablets(place, seconds):
    """(submissions/s, p99 in seconds) of the same bytes with the least office there can be."""
    office = BareOffice()
    times, rate = await tablets(place, seconds, 0, office.port)
    office.stop()
    return rate, percentile(times, 0.99)


async def judges(figures, place, listeners, seconds, rounds):
    """What the judges feel: alone, and while the hall listens and reads, by turns."""
    group = f"Judges beside {listeners:,} listeners and {READERS:,} readers"
    quiet, loud, rates, busy, start = [], [], [], [], 0
    limits = []
    used = processor_seconds(place.office)
    stored = 0
    for _ in range(rounds):
        limits.append(await bare_tablets(place, seconds))
        times, rate = await tablets(place, seconds, start)
        start += len(times) + TABLETS
        quiet.append(percentile(times, 0.99))
        rates.append(rate)
        stored += len(times)
        crowd = Crowd(place.board_port, f"/board/{SLUG}/events?lang=zh", listeners)
        await asyncio.to_thread(crowd.wait_ready)
        readers = subprocess.Popen(
            [sys.executable, "-m", "bench.board_bench", "--read", str(place.board_port)], cwd=ROOT)
        await asyncio.sleep(3)
        times, rate = await tablets(place, seconds, start)
        start += len(times) + TABLETS
        loud.append(percentile(times, 0.99))
        busy.append(rate)
        stored += len(times)
        readers.kill()
        readers.wait()
        crowd.end()
        await asyncio.sleep(3)
    used = processor_seconds(place.office) - used
    figures.put(group, "16 tablets alone: submissions/s", round(median(rates)), least=630)
    figures.put(group, "16 tablets alone: p99 ms", ms(statistics.median(quiet)), most=60)
    bare_rates, bare_tails = zip(*limits, strict=True)
    figures.put(group, "Flask and one row a commit, nothing else: submissions/s", round(median(bare_rates)))
    figures.put(group, "Flask and one row a commit: p99 ms", ms(statistics.median(bare_tails)))
    figures.put(group, "office ÷ Flask and one row, median of rounds",
                median([ours / best for ours, best in zip(rates, bare_rates, strict=True)]))
    figures.put(group, "with the hall: submissions/s", round(median(busy)))
    figures.put(group, "with the hall: p99 ms", ms(statistics.median(loud)))
    ratio = [a / b for a, b in zip(loud, quiet, strict=True)]
    figures.put(group, "p99 with the hall ÷ alone, median of rounds", median(ratio), most=2)
    figures.put(group, "processor time of the office for one submission, ms", ms(used / stored))


async def read_for_ever(port):
    """A thousand connections that ask for the page again as soon as they have it."""
    os.nice(10)
    message = request("GET", f"/board/{SLUG}?lang=zh", [("Accept-Encoding", "gzip")])

    async def one():
        reader, writer = await asyncio.open_connection(HOST, port)
        while True:
            writer.write(message)
            await answer(reader)

    await asyncio.gather(*(one() for _ in range(READERS)))


async def measure(asked):
    """Every group of figures."""
    figures = Figures()
    with Installation(1000) as place:
        place.start()
        page = await submit._page(place)
        place.at = re.search(r'data-event="([^"]+)"', page).group(1)
        marks = Marks(place)
        await marks.begin(place.at)
        await reads(figures, place, asked.rounds, asked.seconds)
        await first_reads(figures, place, marks, asked.probes)
        await follow(figures, place, marks, 200, asked.probes, "Figure 41", (500, 2000, 2000))
        group, spread, size = await follow(
            figures, place, marks, asked.boards, asked.probes, "Fan-out", (300, 1000, None))
        await bare(figures, group, asked.boards, size, asked.probes, spread)
        marks.end()
        await judges(figures, place, asked.boards // 2, asked.seconds, asked.rounds)
    return figures


def page_of(groups, before):
    """docs/board-bench.md."""
    lines = [
        "# The board beside its limits", "",
        f"`make bench-board` on {date.today().isoformat()}: {before}. Client, limits and program share the "
        "cores, on the loopback without TLS, SQLite with `synchronous = FULL`; what plays the audience runs "
        "at a low priority, as if on other machines. Repeats vary up to twofold: the ratios of one "
        "run count. `python -m bench.board_bench --write` renews this page, `--json` prints it for programs.",
        "",
    ]
    for title, figures in groups.items():
        lines += [f"## {title}", "", "| what | measured | target | met |", "|---|---:|---:|---|"]
        lines += [
            f"| {name} | {value:,} | {target} | {'' if met is None else 'yes' if met else '**no**'} |"
            for name, (value, target, met) in figures.items()
        ]
        lines.append("")
    return "\n".join(lines)


def main():
    """Measure, print, write when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--boards", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--probes", type=int, default=15)
    parser.add_argument("--read", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.read:
        return asyncio.run(read_for_ever(asked.read))
    before = machine()
    os.environ["CONTEST_MOST_PER_ADDRESS"] = "0"  # the whole crowd has one address
    groups = asyncio.run(measure(asked)).groups
    if asked.write:
        PAGE.write_text(page_of(groups, before), "utf-8")
    if asked.json:
        told = {title: {name: {"value": v, "target": t, "met": m} for name, (v, t, m) in each.items()}
                for title, each in groups.items()}
        print(json.dumps({"machine": before, **told}, ensure_ascii=False, indent=1))
    else:
        print(page_of(groups, before))
    return None


if __name__ == "__main__":
    main()
