"""What is told about tasks after a commit."""

from dataclasses import dataclass


@dataclass(frozen=True)
class InboxChanged:
    """Tasks of a case came, went or changed hands."""

    consultation_id: int


@dataclass(frozen=True)
class TaskCompleted:
    """A task was completed by a person."""

    task_id: int
    consultation_id: int
    element_id: str
