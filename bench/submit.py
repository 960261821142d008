"""How fast 60 judges can hand in while 200 boards listen, and how soon the last board knows."""

import asyncio
import json
import re
import time
from contextlib import suppress

from bench.client import Listener, answer, latencies, percentile, request
from bench.installation import SLUG, Installation, marks_of, memory, processor_seconds
from bench.reporting import main
from contest.board.queries import key_of

LISTENERS = 200
PROBES = 15
MOST_SUBMISSIONS = 3_000
SECONDS = 20
TARGETS = {
    "submit to last board, quiet: median ms": "≤ 300",
    "submit to last board, quiet: worst ms": "≤ 1,000",
    f"submissions/s, 60 judges, {LISTENERS} boards": "≥ 630",
    "submission: p99 ms": "≤ 60",
}


def measure(entrants=140, listeners=LISTENERS, most=MOST_SUBMISSIONS, probes=PROBES):
    """{figure's name: value}."""
    with Installation(entrants) as place:
        place.start()
        return asyncio.run(_measure(place, listeners, most, probes))


async def _measure(place, count, most, probes):
    quiet = memory(place.board)
    page = await _page(place)
    listeners, tasks = await _open_boards(place, page, count)
    found = {f"board node with {count} boards: memory, MB": memory(place.board),
             "board node before: memory, MB": quiet}
    alone = await _probe_all(place, listeners, range(probes))
    used = [processor_seconds(each) for each in (place.office, place.board)]
    rate, times, stored, busy = await _rush(place, listeners, range(probes, 2 * probes), most)
    used = [
        processor_seconds(each) - before
        for each, before in zip((place.office, place.board), used, strict=True)
    ]
    found |= {
        "submit to last board, quiet: median ms": _ms(percentile(alone, 0.5)),
        "submit to last board, quiet: worst ms": _ms(max(alone)),
        f"submissions/s, 60 judges, {count} boards": round(rate),
        "submission: p50 ms": _ms(percentile(times, 0.5)),
        "submission: p99 ms": _ms(percentile(times, 0.99)),
        "submissions stored": stored,
        "processor time of the office for one submission, ms": _ms(used[0] / stored),
        "processor time of the board node meanwhile, share of one core":
            round(used[1] / (stored / rate), 2),
        "submit to last board, rush: median ms": _ms(percentile(busy, 0.5)),
        "submit to last board, rush: worst ms": _ms(max(busy)),
        "board reads right after the rush: p99 ms": _ms(percentile(
            await latencies(place.board_port, request("GET", f"/board/{SLUG}"), 2), 0.99)),
        "office: memory, MB": memory(place.office),
        "board node at the end: memory, MB": memory(place.board),
    }
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task
    return found


def _ms(seconds):
    return round(seconds * 1000, 1)


async def _page(place):
    reader, writer = await asyncio.open_connection("127.0.0.1", place.board_port)
    writer.write(request("GET", f"/board/{SLUG}?lang=zh"))
    _, body = await answer(reader)
    writer.close()
    return body.decode()


async def _open_boards(place, page, count):
    at = page.split('data-event="')[1].split('"')[0]
    path = f"/board/{SLUG}/events?lang=zh&view=all&after={at}"
    listeners, tasks, ready = [], [], []
    for n in range(count):
        listener, begun = Listener(), asyncio.Event()
        listener.keeps = n == 0
        listeners.append(listener)
        ready.append(begun)
        tasks.append(asyncio.create_task(listener.listen(place.board_port, path, begun)))
    for begun in ready:
        await asyncio.wait_for(begun.wait(), 60)
    return listeners, tasks


def _submission(place, n, key, seat):
    module = place.plan.module(key)
    sheet_id, judge = place.sheets[n, key, seat]
    body = json.dumps({
        "op_id": f"00000000-0000-4000-8000-{sheet_id:012d}", "base_rev": 0, "kind": "submit",
        "marks": marks_of(module, n * 31 + seat), "device": "bench", "entered_at": None,
    }).encode()
    return judge, request("POST", f"/api/v1/sheets/{sheet_id}/operations", [
        ("Content-Type", "application/json"), ("X-Contest", "1"),
        ("Cookie", f"session={place.cookies[judge]}"),
    ], body)


async def _probe_all(place, listeners, numbers):
    """Seconds from the last sheet of a panel to the last board, once for each contestant."""
    reader, writer = await asyncio.open_connection("127.0.0.1", place.office_port)
    key = place.judged_modules()[0].key
    taken = [await _probe(place, listeners, reader, writer, n, key) for n in numbers]
    writer.close()
    return taken


async def _probe(place, listeners, reader, writer, n, key):
    seats = place.plan.module(key).panel.judges
    for seat in range(1, seats + 1):
        began = time.perf_counter()
        writer.write(_submission(place, n, key, seat)[1])
        status, body = await answer(reader)
        if status != 200:
            raise RuntimeError(f"{status}: {body[:300]}")
    line = f'"{key_of("entrant", f"A{n + 1:04d}")}"'.encode()
    until = time.monotonic() + 30
    while time.monotonic() < until:
        for number, block in listeners[0].told.items():
            rows = re.split(b'"places"|"order"|"moves"', block)[0]
            if line in rows and listeners[0].arrived[number] > began:
                if all(number in each.arrived for each in listeners):
                    return max(each.arrived[number] for each in listeners) - began
        await asyncio.sleep(0.005)
    raise RuntimeError("a board never heard of the mark")


async def _rush(place, listeners, numbers, most):
    """60 judges hand in as fast as they are answered, while single marks are followed."""
    queues = [[] for _ in range(place.judges)]
    followed = set(numbers) | set(range(min(numbers)))
    first = place.judged_modules()[0].key
    taken = 0
    for n, key, seat in sorted(place.sheets):
        if (n in followed and key == first) or taken >= most:
            continue
        judge, message = _submission(place, n, key, seat)
        queues[judge].append(message)
        taken += 1
    times, until = [], time.monotonic() + SECONDS

    async def judge(messages):
        reader, writer = await asyncio.open_connection("127.0.0.1", place.office_port)
        for message in messages:
            if time.monotonic() > until:
                break
            began = time.perf_counter()
            writer.write(message)
            status, body = await answer(reader)
            if status != 200:
                raise RuntimeError(f"{status}: {body[:300]}")
            times.append(time.perf_counter() - began)
        writer.close()

    began = time.monotonic()
    judges = asyncio.gather(*(judge(messages) for messages in queues))
    busy = []
    reader, writer = await asyncio.open_connection("127.0.0.1", place.office_port)
    for n in numbers:
        if judges.done():
            break
        busy.append(await _probe(place, listeners, reader, writer, n, first))
    await judges
    writer.close()
    return len(times) / (time.monotonic() - began), times, len(times), busy


if __name__ == "__main__":
    main(measure, __doc__)
