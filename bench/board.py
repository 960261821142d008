"""How many can look at the board at once: reads of the board node at 140 and at 1,000 contestants."""

import asyncio
import time

from bench.client import answer, latencies, percentile, request, throughput
from bench.installation import SLUG, Installation, memory
from bench.reporting import main

SECONDS = 4


def measure(sizes=(140, 1000), seconds=SECONDS):
    """{figure's name: value} for every size."""
    found = {}
    for entrants in sizes:
        with Installation(entrants) as place:
            place.hand_in_everything()
            place.start()
            found.update(asyncio.run(_measure(place, entrants, seconds)))
    return found


async def _measure(place, entrants, seconds):
    page = f"/board/{SLUG}?lang=zh"
    packed = request("GET", page, [("Accept-Encoding", "gzip")])
    reader, writer = await asyncio.open_connection("127.0.0.1", place.board_port)
    began = time.perf_counter()
    writer.write(packed)
    head = await reader.readuntil(b"\r\n\r\n")
    first = time.perf_counter() - began
    etag = next(line[6:] for line in head.decode().split("\r\n") if line.startswith("etag: "))
    writer.close()
    known = request("GET", page, [("Accept-Encoding", "gzip"), ("If-None-Match", etag)])
    rate, size = await throughput(place.board_port, packed, seconds)
    times = await latencies(place.board_port, packed, seconds)
    unchanged = await latencies(place.board_port, known, seconds)
    office = await _office(place, page)
    return {
        f"board page, {entrants} contestants: bytes sent (gzip)": size,
        f"board page, {entrants}: first ever request, ms": round(first * 1000, 1),
        f"board page, {entrants}: requests/s, 8 connections x 16 at a time": round(rate),
        f"board page, {entrants}: p99 ms, 16 connections": round(percentile(times, 0.99) * 1000, 2),
        f"board page, {entrants}: p99 ms, not modified (304)":
            round(percentile(unchanged, 0.99) * 1000, 2),
        f"board page, {entrants}: without the node, ms a page in the office": office,
        f"board node, {entrants}: memory, MB": memory(place.board),
    }


async def _office(place, page, times=10):
    reader, writer = await asyncio.open_connection("127.0.0.1", place.office_port)
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        writer.write(request("GET", page))
        await answer(reader)
        taken.append(time.perf_counter() - began)
    writer.close()
    return round(percentile(taken, 0.5) * 1000, 1)


if __name__ == "__main__":
    main(measure, __doc__)
