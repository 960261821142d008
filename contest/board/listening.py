"""Hearing the nudges of the office: a datagram on this machine, or Redis between several."""

import asyncio
import logging

log = logging.getLogger(__name__)

RETRY_SECONDS = 5


async def listen(config, hear):
    """Call hear(contest id) for every nudge; returns the tasks that listen."""
    if config["NUDGE_PORT"]:
        await _listen_here(config["NUDGE_PORT"], hear)
    if config["REDIS_URL"]:
        return [asyncio.create_task(_listen_to_redis(config, hear))]
    return []


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, hear):
        self._hear = hear

    def datagram_received(self, data, _address):
        text = data[:20].decode("ascii", "replace")
        self._hear(int(text) if text.isdecimal() else 0)


async def _listen_here(port, hear):
    loop = asyncio.get_running_loop()
    try:
        await loop.create_datagram_endpoint(
            lambda: _Datagrams(hear), local_addr=("127.0.0.1", port)
        )
    except OSError as error:
        # Another node has the port: this one still looks at the database every two seconds.
        log.warning("nudges cannot be heard on port %s: %s", port, error)


async def _listen_to_redis(config, hear):
    from redis import asyncio as redis
    from redis.exceptions import RedisError

    while True:
        try:
            async with redis.Redis.from_url(config["REDIS_URL"]) as client:
                async with client.pubsub() as subscription:
                    await subscription.subscribe(config["REDIS_CHANNEL"])
                    hear(0)  # What was missed while nobody listened.
                    async for message in subscription.listen():
                        if message["type"] == "message":
                            text = message["data"].decode("ascii", "replace")
                            hear(int(text) if text.isdecimal() else 0)
        except (RedisError, OSError) as error:
            log.warning("Redis does not answer; the board looks at the database instead: %s", error)
            await asyncio.sleep(RETRY_SECONDS)
