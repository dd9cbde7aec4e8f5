"""From a tree to nested Python closures, which evaluate it many times faster than a walk would.

A closure takes the scope (name to value) and the run, and gives a value. An operation without a
value for its operands notes a problem and gives null.
"""

from bpmn.feel.compiler import access, calls, control, literals, operators
from bpmn.feel.compiler.base import Code, Scope, compiled

__all__ = ["Code", "Scope", "access", "calls", "compiled", "control", "literals", "operators"]
