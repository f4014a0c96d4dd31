"""The content as the service reads it: what whoever shows answers needs, and nothing of how they are found."""

from __future__ import annotations

from pydantic import BaseModel

from knowledge.load import Content
from knowledge.model import Answer, Boundary, Contact, Figure, Municipality, Topic, Twin


class Compiled(BaseModel):
    """The parts of the content, without where they were read."""

    answers: dict[str, Answer]
    figures: dict[str, Figure]
    contacts: dict[str, Contact]
    municipalities: dict[str, Municipality]
    topics: dict[str, Topic]
    boundaries: dict[str, Boundary]
    twins: dict[str, Twin]

    @classmethod
    def of(cls, content: Content) -> Compiled:
        """The parts of ``content`` that were read, without their places."""
        return cls.model_construct(**{name: getattr(content, name) for name in cls.model_fields})
