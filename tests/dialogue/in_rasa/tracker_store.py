"""Run inside the Rasa environment with a database's address: tries ``SparingTrackerStore`` and writes what it saw as JSON."""

import asyncio
import json
import sys

import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from dialogue.tracker_store import SparingTrackerStore

SECRET = "c2VjcmV0LXZlY3Rvcg=="
DOMAIN = Domain.load("domain.yml")


def tracker_of(sender):
    said = UserUttered(
        "how do I get a library card",
        intent={"name": "ask"},
        parse_data={"intent": {"name": "ask"}, "entities": [], "metadata": {"vector": SECRET}},
        metadata={"vector": SECRET, "question": "how do I get a library card"},
    )
    events = [ActionExecuted("action_listen"), said, ActionExecuted("action_answer"), SlotSet("outcome", "answered")]
    return DialogueStateTracker.from_events(sender, events, slots=DOMAIN.slots), said


async def main(address):
    store = SparingTrackerStore(host=address, domain=DOMAIN)

    def rows(sender=None):
        with store.engine.connect() as connection:
            found = connection.execute(sa.text("SELECT sender_id, data FROM events")).fetchall()
        return [data for owner, data in found if sender in (None, owner)]

    seen = {}
    single, _ = tracker_of("ask-0123456789abcdef")
    await store.save(single)
    seen["rows_of_single_question"] = len(rows())
    seen["single_question_is_known"] = await store.retrieve(single.sender_id) is not None

    kept, said = tracker_of("conversation-1")
    other, _ = tracker_of("conversation-2")
    await store.save(kept)
    await store.save(other)
    seen["rows"] = len(rows(kept.sender_id))
    seen["vector_stored"] = any(SECRET in data or "vector" in data for data in rows())
    seen["intent_stored"] = any('"ask"' in data for data in rows())
    seen["vector_left_to_the_turn"] = said.metadata["vector"] == SECRET and said.parse_data["metadata"]["vector"] == SECRET
    read = await store.retrieve(kept.sender_id)
    seen["outcome_read_back"] = read.get_slot("outcome")

    seen["erased"] = store.erase(kept.sender_id)
    seen["rows_after_erasing"] = len(rows(kept.sender_id))
    seen["known_after_erasing"] = await store.retrieve(kept.sender_id) is not None
    seen["rows_of_the_other"] = len(rows(other.sender_id))
    seen["erased_again"] = store.erase(kept.sender_id)
    print(json.dumps(seen))


asyncio.run(main(sys.argv[1]))
