"""What the service knows of the conversation, given to Rasa as entities so that slots fill by the usual mapping."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

KNOWN = ("reply_language", "offered")
"""The keys of the metadata that become entities of the same names."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ConversationContext(GraphComponent):
    """Adds an entity for each thing that the service knows and the dialogue needs, such as the language of replies."""

    @classmethod
    def create(
        cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> ConversationContext:
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            metadata = message.get("metadata") or {}
            known = [
                {
                    "entity": key,
                    "value": metadata[key],
                    "start": 0,
                    "end": len(message.get(TEXT) or ""),
                    "extractor": "ConversationContext",
                }
                for key in KNOWN
                if metadata.get(key) is not None
            ]
            if known:
                message.set(ENTITIES, message.get(ENTITIES, []) + known, add_to_output=True)
        return messages
