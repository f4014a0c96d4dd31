"""Run inside the Rasa environment: compares ``validate_action_result`` with Rasa's own check and writes what it saw as JSON."""

import json

from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from dialogue.action_results import use_ready_schema, validate_action_result

RESULTS = {
    "empty": {},
    "a slot and a response": {
        "events": [{"event": "slot", "name": "outcome", "value": "answered"}],
        "responses": [{"text": "x"}],
    },
    "no list of events": {"events": "none", "responses": []},
    "an unknown event": {"events": [{"event": "no_such_event"}], "responses": []},
    "an event without its kind": {"events": [{"name": "outcome"}], "responses": []},
    "a response that is no object": {"events": [], "responses": ["x"]},
    "not an object": [],
}


def taken(check):
    names = []
    for name, result in RESULTS.items():
        try:
            if check(ACTION, result):
                names.append(name)
        except ValidationError:
            pass
    return names


ACTION = RemoteAction("action_answer", None)
own = taken(RemoteAction._validate_action_result)
ready = taken(validate_action_result)
use_ready_schema()
print(json.dumps({"own": own, "ready": ready, "used": RemoteAction._validate_action_result is validate_action_result}))
