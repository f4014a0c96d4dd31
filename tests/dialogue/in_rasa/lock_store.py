"""Run inside the Rasa environment: tries ``QueueLockStore`` and writes what it saw as JSON."""

import asyncio
import json

from rasa.core.lock_store import LockError

from dialogue.lock_store import QueueLockStore

AN_HOUR = 3600.0
"""Whoever polls with this wait would never be done."""


async def until(holds):
    while not holds():  # noqa: ASYNC110
        await asyncio.sleep(0)


async def order():
    """Five messages come while the first is being handled."""
    store, entered, may_go = QueueLockStore(), [], asyncio.Event()

    async def message(number):
        async with store.lock("conversation", wait_time_in_seconds=AN_HOUR):
            entered.append(number)
            await may_go.wait()

    tasks = []
    for number in range(6):
        tasks.append(asyncio.create_task(message(number)))
        await until(lambda waiting=number + 1: store._users.get("conversation") == waiting)
    await until(lambda: entered)
    alone = list(entered)
    may_go.set()
    await asyncio.wait_for(asyncio.gather(*tasks), 60)
    return {"alone": alone, "entered": entered, "left": left(store)}


async def one_at_a_time():
    store, inside, most = QueueLockStore(), 0, 0

    async def message():
        nonlocal inside, most
        async with store.lock("conversation", wait_time_in_seconds=AN_HOUR):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.wait_for(asyncio.gather(*(message() for _ in range(20))), 60)
    return {"most": most, "left": left(store)}


async def conversations_do_not_wait_for_each_other():
    store = QueueLockStore()
    async with store.lock("one"), store.lock("other", lock_lifetime=60, wait_time_in_seconds=AN_HOUR) as lock:
        held = [lock.conversation_id, *sorted(store._queues)]
    return {"held": held, "left": left(store)}


async def too_late():
    """One gives up waiting; the next still gets in."""
    store, told = QueueLockStore(), None
    async with store.lock("conversation"):
        try:
            async with store.lock("conversation", lock_lifetime=0.01, wait_time_in_seconds=AN_HOUR):
                pass
        except LockError as error:
            told = str(error)
    async with store.lock("conversation", lock_lifetime=60):
        pass
    return {"told": told, "left": left(store)}


async def broken():
    """One fails, one is cancelled while it waits; the next still gets in."""
    store = QueueLockStore()

    async def message():
        async with store.lock("conversation"):
            pass

    try:
        async with store.lock("conversation"):
            waiting = asyncio.create_task(message())
            await until(lambda: store._users["conversation"] == 2)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            raise ValueError
    except ValueError:
        pass
    async with store.lock("conversation", lock_lifetime=60):
        pass
    return {"cancelled": waiting.cancelled(), "left": left(store)}


def left(store):
    return len(store._queues) + len(store._users) + len(store.conversation_locks)


async def main():
    tried = (order, one_at_a_time, conversations_do_not_wait_for_each_other, too_late, broken)
    print(json.dumps({each.__name__: await each() for each in tried}))


asyncio.run(main())
