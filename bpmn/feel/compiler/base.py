"""What the pages of the compiler share: each adds the nodes it knows to `compiled`."""

from collections.abc import Callable
from functools import singledispatch
from typing import TypeAlias

from bpmn.feel.run import Run
from bpmn.feel.tree import Node
from bpmn.feel.values import Value

Scope: TypeAlias = dict[str, Value]
Code: TypeAlias = Callable[[Scope, Run], Value]


@singledispatch
def compiled(node: Node) -> Code:
    """The closure for a tree."""
    raise NotImplementedError(type(node).__name__)
