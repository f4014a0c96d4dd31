"""Run inside the Rasa environment with a database's address: tries ``SparingTrackerStore`` and writes what it saw as JSON."""

import asyncio
import json
import sys

import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Restarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from dialogue.tracker_store import TURNS_READ, SparingTrackerStore

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


async def long_conversation(store, rows):
    """Thirty turns, each as Rasa does it: read, go on, save. The first sets a slot and opens a form; near the end it restarts."""
    seen = {"turns_read": TURNS_READ, "turns": [], "texts": []}
    sender = "conversation-long"
    for number in range(30):
        tracker = await store.retrieve(sender) or DialogueStateTracker.from_events(sender, [], slots=DOMAIN.slots)
        seen["turns"].append(len([each for each in tracker.events if isinstance(each, UserUttered)]))
        if number == 20:
            seen["slot"], seen["form"] = tracker.get_slot("municipality_name"), tracker.active_loop_name
            seen["last_outcome"] = tracker.get_slot("outcome")
        new = [ActionExecuted("action_listen"), UserUttered(f"question {number}", intent={"name": "ask"})]
        if number == 0:
            new += [SlotSet("municipality_name", "kitee"), ActiveLoop("hand_off_form")]
        if number == 25:
            new += [Restarted()]
        for event in [*new, ActionExecuted("action_answer"), SlotSet("outcome", "clarify" if number == 19 else "answered")]:
            tracker.update(event)
        await store.save(tracker)
    after = await store.retrieve(sender)
    seen["slot_after_restart"], seen["form_after_restart"] = after.get_slot("municipality_name"), after.active_loop_name
    seen["texts_after_restart"] = [each.text for each in after.events if isinstance(each, UserUttered)]
    seen["rows"] = len(rows(sender))
    return seen


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
    seen["long"] = await long_conversation(store, rows)
    print(json.dumps(seen))


asyncio.run(main(sys.argv[1]))
