"""SpiffWorkflow's specifications with this product's manners.

Each class is a stock one with a hook or two. Where a hook mends a fault of the library, its
comment says which.
"""

from bpmn.specs.activities import (
    Condition,
    DecisionTask,
    ScriptTask,
    ServiceTask,
    Step,
    SubProcess,
    UserTask,
)
from bpmn.specs.events import (
    BoundaryEvent,
    CatchEvent,
    Error,
    EventGateway,
    FirstOf,
    Message,
    Timer,
    throw_error,
    uncaught,
)
from bpmn.specs.gateways import ParallelGateway
from bpmn.specs.instances import (
    Collection,
    Instances,
    Item,
    ParallelInstances,
    Result,
    Results,
    SequentialInstances,
)

__all__ = [
    "BoundaryEvent",
    "CatchEvent",
    "Collection",
    "Condition",
    "DecisionTask",
    "Error",
    "EventGateway",
    "FirstOf",
    "Instances",
    "Item",
    "Message",
    "ParallelGateway",
    "ParallelInstances",
    "Result",
    "Results",
    "ScriptTask",
    "SequentialInstances",
    "ServiceTask",
    "Step",
    "SubProcess",
    "Timer",
    "UserTask",
    "throw_error",
    "uncaught",
]
