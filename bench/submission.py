"""What one handed-in sheet costs the office: within one process, and through the server to 16 tablets;
and what it costs to show a judge the page of one.

`python -m bench.submission`; with a number, so many sheets each way in each of the rounds; with a second
one, in a contest of so many entrants instead of 1,000.
"""

import asyncio
import json
import sys
import time

from sqlalchemy import Engine, event

from bench import submit
from bench.board_bench import TABLETS, median, ms
from bench.client import HOST, answer, latencies, percentile, request
from bench.installation import Installation, processor_seconds

ROUNDS = 3
PAGE_SECONDS = 5


def messages_of(place):
    """Every sheet's submission: the bytes of its request."""
    return [submit._submission(place, *key)[1] for key in sorted(place.sheets)]


def ask(client, message):
    """The same request through the test client of Flask."""
    head, body = message.split(b"\r\n\r\n", 1)
    path = head.split(b" ", 2)[1].decode()
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    told = client.post(path, data=body, headers=headers)
    if told.status_code != 200:
        raise RuntimeError(f"{told.status_code}: {told.data[:300]}")


def statements(client, message):
    """What the database is asked for one submission, in order."""
    found = []

    def note(_connection, _cursor, statement, *_more):
        found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    ask(client, message)
    event.remove(Engine, "before_cursor_execute", note)
    return found


def inside(client, messages):
    """Milliseconds of processor for one, within this process."""
    began = time.process_time()
    for message in messages:
        ask(client, message)
    return ms((time.process_time() - began) / len(messages))


async def through(place, messages):
    """(submissions/s, seconds each took, milliseconds of processor for one) with 16 tablets at once."""
    used, began, times = processor_seconds(place.office), time.monotonic(), []

    async def tablet(own):
        reader, writer = await asyncio.open_connection(HOST, place.office_port)
        for message in own:
            asked = time.perf_counter()
            writer.write(message)
            status, body = await answer(reader)
            if status != 200:
                raise RuntimeError(f"{status}: {body[:300]}")
            times.append(time.perf_counter() - asked)
        writer.close()

    await asyncio.gather(*(tablet(messages[n::TABLETS]) for n in range(TABLETS)))
    rate = len(times) / (time.monotonic() - began)
    return rate, times, ms((processor_seconds(place.office) - used) / len(times))


def page_of(place):
    """The request of a judge for the page of one of the sheets."""
    sheet_id, judge = place.sheets[min(place.sheets)]
    headers = [("Cookie", f"session={place.cookies[judge]}"), ("Accept-Encoding", "gzip")]
    return request("GET", f"/judging/sheets/{sheet_id}", headers)


def measure(count, entrants=1000):
    """{figure's name: value}."""
    with Installation(entrants) as place:
        place.start()
        messages, client = messages_of(place), place.app.test_client(use_cookies=False)
        ways = {name: [] for name in ("inside", "rate", "tail", "served")}
        ask(client, messages[0])  # begins the contest's chain, which takes in what stands there
        asyncio.run(through(place, messages[1:64]))
        asked = statements(client, messages[64])
        messages = messages[65:]
        for _ in range(ROUNDS):
            ways["inside"].append(inside(client, messages[:count]))
            rate, times, served = asyncio.run(through(place, messages[count:2 * count]))
            messages = messages[2 * count:]
            ways["rate"].append(rate)
            ways["tail"].append(ms(percentile(times, 0.99)))
            ways["served"].append(served)
        used = processor_seconds(place.office)
        shown = asyncio.run(latencies(place.office_port, page_of(place), PAGE_SECONDS))
        used = processor_seconds(place.office) - used
    return {
        "statements": len(asked),
        "in one process: processor ms": median(ways["inside"]),
        "16 tablets: processor ms of the office": median(ways["served"]),
        "16 tablets: submissions/s": round(median(ways["rate"])),
        "16 tablets: p99 ms": median(ways["tail"]),
        "a sheet's page: processor ms of the office": ms(used / len(shown)),
        "a sheet's page, 16 tablets: pages/s": round(len(shown) / PAGE_SECONDS),
        "a sheet's page, 16 tablets: p99 ms": ms(percentile(shown, 0.99)),
    }


if __name__ == "__main__":
    print(json.dumps(measure(*map(int, sys.argv[1:] or ["300"])), indent=2))
